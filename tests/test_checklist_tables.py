"""Operators' tables of check-lists: understood by their headings, taken row by row, undone whole."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from build import a_campaign, a_user, an_inspection, an_organization, signed_in
from filing import Desk, batch
from openpyxl import Workbook
from sqlalchemy import select

import nok
from accounts.models import Role
from surveys import checklist_tables, checklists, inspected, results
from surveys.answers.shapes import ORGANIZATION, SKIP, TIME, FileUntakable, Options, Report
from surveys.batches import Batch, KnownColumns, State
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Inspection, Organization, Stage
from surveys.refusals import Refusal
from surveys.tabular import FileRefused

pytestmark = pytest.mark.usefixtures("session")
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ORDER = nok.edition("344n-2024")
REMOTE = "Наличие и функционирование на официальном сайте"
COMFORT = "Обеспечение в организации комфортных условий"
EQUIPMENT = "Оборудование территории"
ACCESS = "Обеспечение в организации условий доступности"


def titles(block: str) -> list[str]:
    return [item.title for item in ORDER.items(block, "culture")]


#: As an operator's form of culture is exported.
CULTURE = [
    "Отметка времени",
    "Наименование организации",
    *(f"На СТЕНДЕ [{name}]" for name in ("1. Наименование", "2. Адрес", "3. Режим работы")),
    *(f"На САЙТЕ [{name}]" for name in ("1. Наименование", "2. Адрес", "3. Режим работы", "4. Цены")),
    *(f"{REMOTE} [{title}]" for title in titles("remote_ways")),
    *(f"{COMFORT} [{title}]" for title in titles("comfort")),
    *(f"{EQUIPMENT} [{title}]" for title in titles("equipment")),
    *(f"{ACCESS} [{title}]" for title in titles("accessibility")),
    "Комментарий",
]
ONE = [
    1,
    0,
    1,
    1,
    1,
    "",
    0,
    *[1, 1, 0, 1, 1],
    *[1, 1, 1, 0, 1, 1, ""],
    *[1, 0, 0, 0, 1],
    *[0, 0, 0, 1, 1, 1],
    "дверь",
]


def row(name: str, *, day: object = date(2026, 3, 2), cells: Sequence[Any] = ONE) -> list[Any]:
    return [day, name, *cells]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A workbook of these rows under these headings."""

    def made(
        *rows: Sequence[Any], head: Sequence[Sequence[Any]] = (CULTURE,), name: str = "chek.xlsx"
    ) -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for line in (*head, *rows):
            sheet.append([None if cell == "" else cell for cell in line])
        book.save(tmp_path / name)
        return tmp_path / name

    return made


@pytest.fixture
def library(session) -> int:
    """A campaign over two libraries; its number."""
    an_organization("Библиотека № 5", sector="culture", inn="7718084659")
    an_organization("Музей", sector="culture")
    return a_campaign(sector="culture")


def taken(campaign_id: int, file: Path, **given: Any) -> Report:
    dry_run = given.pop("dry_run", False)
    db.session.rollback()
    return checklist_tables.take(
        file, Options(**given), campaign_id=campaign_id, by="operator", dry_run=dry_run
    )


def stored(name: str = "Библиотека № 5") -> Inspection | None:
    db.session.rollback()
    found = select(Inspection).join(Assessment, Assessment.id == Inspection.assessment_id)
    return db.session.scalars(found.join(Assessment.organization).where(Organization.name == name)).first()


def test_the_columns_are_told_by_their_headings(library, table) -> None:
    seen = checklist_tables.look(
        db.session(), table(row("Музей")), db.session.get_one(Campaign, library), "import"
    )
    targets = [column.target for column in seen.columns]
    assert targets[:2] == [TIME, ORGANIZATION]
    assert targets[2:9] == ["stand"] * 3 + ["site"] * 4
    assert [targets.count(block) for block in inspected.ITEM_BLOCKS] == [5, 7, 5, 6]
    assert targets[-1] == SKIP
    assert seen.unsure == ()
    assert (seen.kind, seen.rows) == ("checklists", 1)
    assert seen.preview[0].answers["stand"] == "2 из 3"
    assert seen.preview[0].organization.endswith("Музей")


def test_a_row_becomes_the_inspection(library, table) -> None:
    report = taken(library, table(row("Библиотека № 5"), row("Музей")))
    assert (report.accepted, report.updated, report.repeated, report.refused) == (2, 0, 0, [])
    found = stored()
    assert found is not None
    assert (found.stand_present, found.stand_required) == (2, 3)
    assert (found.site_present, found.site_required) == (2, 3), "an empty cell leaves the norm"
    assert found.missing == {"stand": ["2. Адрес"], "site": ["4. Цены"]}
    assert found.not_applicable["site"] == {"3. Режим работы": "в таблице пусто"}
    assert found.remote_ways == ["telephone", "email", "faq", "opinion_form"]
    assert found.comfort == ["waiting_area", "navigation", "drinking_water", "sanitary_state", "transport"]
    assert found.not_applicable["comfort"] == {"booking": "в таблице пусто"}
    assert (found.inspected_on, found.batch_id, found.version) == (date(2026, 3, 2), report.batch, 1)
    campaign = db.session.get_one(Campaign, library)
    standing = next(s for s in results.of_campaign(db.session(), campaign).standings if s.name == "Музей")
    assert standing.deficiencies["stand"] == ["2. Адрес"]
    assert standing.deficiencies["comfort"] == ["Наличие и доступность санитарно-гигиенических помещений"]


def test_the_same_file_twice_adds_nothing(library, table) -> None:
    file = table(row("Музей"))
    taken(library, file)
    again = taken(library, file)
    assert (again.accepted, again.updated, again.repeated) == (0, 0, 1)
    found = stored("Музей")
    assert found is not None
    assert found.version == 1


def test_undoing_puts_back_what_stood_there(library, table) -> None:
    with writing() as session:
        code = session.scalars(select(Organization.code).where(Organization.name == "Музей")).one()
    an_inspection(library, code, waiting_points=None)
    first = taken(library, table(row("Музей"), row("Библиотека № 5")))
    other = [0, *ONE[1:]]
    second = taken(library, table(row("Музей", cells=other), name="two.xlsx"))
    assert (first.updated, first.accepted, second.updated) == (1, 1, 1)
    with writing() as session:
        undone = checklist_tables.undo(session, first.batch or 0, "operator")
    assert (undone.removed, undone.restored) == (1, 0), "what a later file brought stays"
    assert stored() is None
    with writing() as session:
        checklist_tables.undo(session, second.batch or 0, "operator")
    museum = stored("Музей")
    assert museum is not None
    assert (museum.stand_present, museum.stand_required, museum.batch_id) == (14, 17, None)
    with pytest.raises(Refusal, match="уже отменён"), writing() as session:
        checklist_tables.undo(session, first.batch or 0, "operator")


def test_a_dry_run_writes_nothing(library, table) -> None:
    report = taken(library, table(row("Музей")), dry_run=True)
    assert (report.accepted, report.batch) == (1, None)
    assert stored("Музей") is None
    assert db.session.scalar(select(Batch)) is None


def test_what_is_wrong_is_told_by_row_and_the_others_are_taken(library, table, tmp_path) -> None:
    bad = [*ONE]
    bad[3] = "может быть"
    late = date(today().year + 1, 1, 1)
    rows = [
        row("Музей"),
        row("Нет такого"),
        row("Библиотека № 5", cells=bad),
        row("Музей"),
        row("Библиотека № 5", day=late),
    ]
    report = taken(library, table(*rows), dry_run=True)
    assert [(one.row, one.reason) for one in report.refused] == [
        (3, "в кампании нет организации с таким названием"),
        (4, "ожидались 1 или 0"),
        (5, "эта организация уже есть в строке 2"),
        (6, "этот день ещё не наступил"),
    ]
    assert (report.refused[1].column, report.refused[1].value) == (
        "F: На САЙТЕ [1. Наименование]",
        "может быть",
    )
    assert report.accepted == 1
    clean = taken(library, table(*rows), only_if_clean=True)
    assert clean.stopped
    assert stored("Музей") is None


def test_counts_without_names_are_counts(library, table) -> None:
    head = ["Наименование организации", "На СТЕНДЕ 1", "На СТЕНДЕ 2", "На САЙТЕ 1"]
    head += ["Отметьте функционирующие дистанционные способы взаимодействия (количество)"]
    head += ["Укажите количество комфортных условий", "Укажите количество условий оборудования среды"]
    head += ["Укажите количество условий доступности организации"]
    report = taken(library, table(["Музей", 1, 1, "", 3, 7, 2, 0], head=(head,)))
    assert report.refused == []
    found = stored("Музей")
    assert found is not None
    assert [len(getattr(found, block)) for block in inspected.ITEM_BLOCKS] == [3, 7, 2, 0]
    assert (found.site_present, found.site_required) == (None, None), "nothing applies: there is no site"
    campaign = db.session.get_one(Campaign, library)
    standing = next(s for s in results.of_campaign(db.session(), campaign).standings if s.name == "Музей")
    assert "comfort" not in standing.deficiencies
    assert standing.deficiencies["equipment"] == ["В таблице только количество: 2 из 5"]


def test_headings_in_two_merged_rows(library, table) -> None:
    upper = ["Наименование организации", "Основные сведения на СТЕНДЕ", "", "Основные сведения на САЙТЕ", ""]
    upper += [REMOTE, "", COMFORT, "", EQUIPMENT, "", ACCESS, ""]
    lower = ["", "Адрес", "Режим", "Адрес", "Режим", *titles("remote_ways")[:2], *titles("comfort")[:2]]
    lower += [*titles("equipment")[:2], *titles("accessibility")[:2]]
    report = taken(library, table(["Музей", 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1], head=(upper, lower)))
    assert report.refused == []
    found = stored("Музей")
    assert found is not None
    assert found.missing["stand"] == ["Режим"]
    assert (found.remote_ways, found.comfort) == (["telephone"], ["waiting_area", "navigation"])


def test_an_item_is_one_deficiency_however_the_operator_words_it(library, table) -> None:
    """One heading that means no item leaves the others what they are: a visit's deficiency and a table's are one."""
    words = {titles("remote_ways")[1]: "электронная почта", titles("remote_ways")[3]: "чат в мессенджере"}
    words |= {titles("comfort")[2]: "питьевая вода"}
    head = [
        name.replace(item, words[item]) if (item := name.rpartition("[")[2].rstrip("]")) in words else name
        for name in CULTURE
    ]
    cells = [*ONE]
    cells[7:12] = [1, 0, 1, 0, ""]
    cells[14] = 0
    report = taken(library, table(row("Музей", cells=cells), head=(head,)))
    assert report.refused == []
    found = stored("Музей")
    assert found is not None
    assert found.missing["remote_ways"] == [titles("remote_ways")[1], "чат в мессенджере"]
    assert found.remote_ways == ["telephone", "electronic_services"]
    assert found.not_applicable["remote_ways"] == {"opinion_form": "в таблице пусто"}
    assert "comfort" not in found.missing
    assert "drinking_water" not in found.comfort


def test_a_material_of_the_stand_is_named_as_the_list_of_the_sphere_names_it(library, table) -> None:
    own = checklists.checklist("inspection", "culture", ORDER).block("stand").items[0].title
    head = [name.replace("1. Наименование", own.upper()) if "СТЕНДЕ" in name else name for name in CULTURE]
    cells = [0, *ONE[1:]]
    taken(library, table(row("Музей", cells=cells), head=(head,)))
    found = stored("Музей")
    assert found is not None
    assert found.missing["stand"] == [own, "2. Адрес"]


@ON_SQLITE
def test_the_refused_rows_as_the_service_writes_them_are_read_again(library, table, tmp_path) -> None:
    bad = [*ONE]
    bad[3] = "может быть"
    rows = [row("Музей", cells=bad, day=datetime.fromisoformat("2026-03-02T10:00:05"))]
    refused = tmp_path / "refused.csv"
    checklist_tables.take(
        table(*rows), Options(), campaign_id=library, by="operator", dry_run=True, refused_to=refused
    )
    text = refused.read_text("utf-8-sig")
    assert "2026-03-02T10:00:05" in text
    refused.write_text(text.replace("может быть", "1"), "utf-8-sig")
    report = taken(library, refused)
    assert (report.refused, report.accepted) == ([], 1)
    found = stored("Музей")
    assert found is not None
    assert found.inspected_on == date(2026, 3, 2)


WAIT = ["Среднее время ожидания (дней)", "Установленный срок", "Баллы за ожидание (Сожид)"]
PLAIN = ["Наименование организации", "На СТЕНДЕ 1", "На САЙТЕ 1", "дистанционные способы (количество)"]
PLAIN += ["Укажите количество комфортных условий", "Укажите количество условий оборудования среды"]
PLAIN += ["Укажите количество условий доступности организации"]
COUNTS = [1, 1, 3, 5, 2, 1]


@pytest.fixture
def clinic(session) -> int:
    an_organization("Больница")
    return a_campaign()


@pytest.mark.parametrize(
    ("wait", "kept"),
    [
        ([11, 14, ""], ("60/1", "11/1", "14/1", "days")),
        (["", "", "62,5"], ("125/2", None, None, None)),
        (["", 14, ""], (None, None, None, None)),
    ],
)
def test_the_wait_comes_with_the_table(clinic, table, wait, kept) -> None:
    report = taken(clinic, table(["Больница", *COUNTS, *wait], head=([*PLAIN, *WAIT],)))
    assert report.refused == []
    found = stored("Больница")
    assert found is not None
    assert (found.waiting_points, found.waiting_mean, found.waiting_term, found.waiting_unit) == kept
    again = taken(clinic, table(["Больница", *COUNTS], head=(PLAIN,), name="no-wait.xlsx"))
    assert again.repeated == 1, "a table without the wait says nothing of it"


def test_the_wait_is_given_alone_beside_what_a_table_brought(page, clinic, table) -> None:
    taken(clinic, table(["Больница", *COUNTS], head=(PLAIN,)))
    code = db.session.scalars(select(Organization.code)).one()
    signed_in(page, a_user(Role.OPERATOR))
    here = f"/operator/campaigns/{clinic}/inspections/{code}"
    assert "Вписать время ожидания" in page.get(here).text

    def sent(**told: str) -> int:
        token = str(page.get(here).text.split('name="csrf_token" value="')[1].split('"')[0])
        data = {"csrf_token": token, "waiting_unit": "days", **told}
        return int(page.post(f"{here}/waiting", data=data).status_code)

    assert sent(seen="1", waiting_mean="11") == 400, "the term is wanted too"
    assert sent(seen="1", waiting_mean="11", waiting_term="14") in (302, 303)
    assert sent(seen="1", waiting_points="10") == 409, "somebody changed it meanwhile"
    found = stored("Больница")
    assert found is not None
    assert (found.waiting_points, found.waiting_mean, found.version) == ("60/1", "11/1", 2)
    assert (found.stand_present, len(found.comfort)) == (1, 5), "the rest is as it was"
    assert 'value="11"' in page.get(here).text


@ON_SQLITE
@pytest.mark.parametrize(
    ("wait", "reason"),
    [
        ([11, "", ""], "по одному ожиданию баллы не посчитать"),
        (["долго", 14, ""], "ожидалось число"),
        (["", "", 101], "баллов бывает от 0 до 100"),
    ],
)
def test_a_wait_that_cannot_be_is_told(clinic, table, wait, reason) -> None:
    report = taken(clinic, table(["Больница", *COUNTS, *wait], head=([*PLAIN, *WAIT],)))
    assert [one.reason for one in report.refused] == [reason]


@ON_SQLITE
def test_where_the_order_measures_no_wait_its_columns_are_left(library, table) -> None:
    report = taken(library, table(["Музей", *COUNTS, 11, 14, ""], head=([*PLAIN, *WAIT],)))
    assert report.refused == []
    found = stored("Музей")
    assert found is not None
    assert found.waiting_points is None


@ON_SQLITE
def test_an_organisation_is_found_by_its_number_and_marks_by_words(library, table) -> None:
    head = ["ИНН" if name == "Наименование организации" else name for name in CULTURE]
    words = ["да" if cell == 1 else "нет" if cell == 0 else cell for cell in ONE]
    report = taken(library, table(row("7718084659", cells=words, day=""), head=(head,)))
    assert (report.accepted, report.refused) == (1, [])
    found = stored()
    assert found is not None
    assert found.inspected_on == today()


@ON_SQLITE
def test_a_confirmed_mapping_is_asked_for_once(library, table) -> None:
    head = [*CULTURE[:-1], "Пандус у входа"]
    file = table(row("Музей", cells=[*ONE[:-1], 1]), head=(head,))
    campaign = db.session.get_one(Campaign, library)
    seen = checklist_tables.look(db.session(), file, campaign, "import")
    assert [column.heading for column in seen.unsure] == ["Пандус у входа"]
    with pytest.raises(FileUntakable, match="Пандус"):
        taken(library, file)
    chosen = {**seen.mapping, len(head) - 1: SKIP}
    with writing() as session:
        checklist_tables.remember(session, seen, chosen)
    assert db.session.scalar(select(KnownColumns.questionnaire)) == "checklists"
    campaign = db.session.get_one(Campaign, library)
    assert checklist_tables.look(db.session(), file, campaign, "import").remembered
    assert taken(library, file).accepted == 1


@ON_SQLITE
def test_a_table_that_leaves_a_block_out_is_refused_whole(library, table) -> None:
    head = [name for name in CULTURE if "САЙТЕ" not in name]
    with pytest.raises(FileUntakable, match="На сайте"):
        taken(library, table(["x"] * len(head), head=(head,)))


@ON_SQLITE
@pytest.mark.parametrize("head", [["Организация", "Вопрос"], ["a"], [""]])
def test_what_is_no_check_list_is_refused(library, table, head) -> None:
    with pytest.raises((FileUntakable, FileRefused)):
        taken(library, table(["Музей", 1], head=(head,)))


@ON_SQLITE
@pytest.mark.parametrize(
    "content", [b"", b"<html><table>", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0old", b"\0\0\0"]
)
def test_what_is_no_table_is_refused(library, tmp_path, content) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    with pytest.raises((FileUntakable, FileRefused)):
        taken(library, tmp_path / "x.xlsx")


@ON_SQLITE
def test_a_closed_campaign_takes_and_undoes_nothing(library, table) -> None:
    report = taken(library, table(row("Музей")))
    with writing() as session:
        session.get_one(Campaign, library).stage = Stage.REVIEW
    with pytest.raises(Refusal):
        taken(library, table(row("Музей")))
    with pytest.raises(Refusal), writing() as session:
        checklist_tables.undo(session, report.batch or 0, "operator")


@ON_SQLITE
def test_the_command_takes_a_table_and_undoes_it(runner, library, table) -> None:
    file = table(row("Музей"), row("Нет такого"))
    told = runner.invoke(args=["inspections", "import", str(file), "--campaign", str(library), "--json"])
    assert told.exit_code == 1
    said = json.loads(told.output)
    assert (said["accepted"], said["refused"][0]["row"], said["dry_run"]) == (1, 3, False)
    words = runner.invoke(args=["inspections", "import", str(file), "--campaign", str(library), "--dry-run"])
    assert "Пробный прогон" in words.output
    assert "строка 3" in words.output
    undone = runner.invoke(args=["inspections", "undo", str(said["batch"])])
    assert (undone.exit_code, stored("Музей")) == (0, None)
    assert runner.invoke(args=["inspections", "undo", "999"]).exit_code == 2
    nowhere = ["inspections", "import", str(file) + "x", "--campaign", str(library)]
    assert runner.invoke(args=nowhere).exit_code == 2


@ON_SQLITE
def test_the_desk_of_files_takes_a_table_of_check_lists_to_its_end(page, library, table) -> None:
    signed_in(page, a_user(Role.OPERATOR))
    files = Desk(page, library)
    brought = files.brought(
        table(row("Музей"), row("Нет такого")).read_bytes(), "chek.xlsx", kind="checklists"
    )
    assert brought.status_code == 303
    assert "На стенде: пункт" in files.shown()
    chosen = {f"col-{index}": target for index, target in batch().mapping["columns"].items()}
    files.sent("columns", check="1", **chosen)
    assert (batch().state, batch().report["accepted"]) == (State.CHECKED, 1)
    assert "В кампании нет организации с таким названием" in files.shown()
    files.sent("reviewed")
    files.sent("count")
    assert batch().state == State.COUNTED
    assert stored("Музей") is not None
    files.shown()
    files.sent("undo")
    assert (batch().state, stored("Музей")) == (State.UNDONE, None)
