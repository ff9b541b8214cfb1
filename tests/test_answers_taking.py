"""Files of answers as operators have them: counted once, refused with a reason, corrected by their number."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from build import a_campaign, an_organization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spoken import original
from sqlalchemy import select, update
from tables import (
    FULL,
    NAME,
    OTHER,
    SAID,
    Rows,
    as_csv,
    figures,
    google,
    numbered,
    responses,
    stored,
    take,
    told,
    xlsx,
)

from surveys import answers, library, recount
from surveys.answers import FileUntakable, words
from surveys.batches import Batch, State
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.comments import Comment
from surveys.db import db, writing
from surveys.intake import Finished, accept, response_key, withdraw
from surveys.models import Assessment, Campaign, Organization, Response, Stage
from surveys.questionnaire import heard, packed
from surveys.refusals import Refusal

INN = "7718084659"


@pytest.fixture
def campaign(session) -> int:
    an_organization(NAME, inn=INN)
    an_organization(OTHER, address="Мира, 1")
    return a_campaign()


def code_of(name: str) -> str:
    return db.session.scalars(select(Organization.code).where(Organization.name == name)).one()


def agreed(campaign: int) -> bool:
    db.session.rollback()
    return list(recount.disagreements(db.session(), campaign)) == []


@pytest.mark.parametrize("write", [xlsx, as_csv])
def test_a_form_of_google_is_counted_as_it_is(campaign, tmp_path, write) -> None:
    rows = google({}, {"overall": "нет "}, {"disability": "ДА", "accessibility": "да"})
    report = take(write(tmp_path / "answers.bin", rows), campaign)
    assert (told(report), report.warnings) == ((3, 0, 0, 0), [])
    found = figures(campaign)
    assert (found["overall"], found["stand"], found["site"]) == ((2, 3), (3, 3), None)
    assert found["accessibility"] == (1, 1)
    assert agreed(campaign)


def test_the_order_of_columns_says_nothing(campaign, tmp_path) -> None:
    rows = google({"overall": "Нет"}, {"comfort": "Да"})
    order = list(range(len(rows[0])))
    random.Random(7).shuffle(order)  # noqa: S311
    report = take(xlsx(tmp_path / "a.xlsx", [[row[i] for i in order] for row in rows]), campaign)
    assert told(report) == (2, 0, 0, 0)
    assert (figures(campaign)["overall"], figures(campaign)["comfort"]) == ((1, 2), (1, 2))


def test_the_same_file_twice_adds_nothing(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}, {"overall": "Нет"}))
    assert told(take(file, campaign)) == (3, 0, 0, 0)
    assert told(take(file, campaign, dry_run=True)) == (0, 0, 3, 0)
    assert told(take(file, campaign)) == (0, 0, 3, 0)
    assert (stored(), responses(campaign)) == (3, 3)


def test_saved_anew_in_another_format_it_is_still_the_same(campaign, tmp_path) -> None:
    rows = google({}, {"overall": "Нет"}, {"proposals": "Поставьте скамейку"})
    take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    for row in rows[1:]:
        row[0] = row[0].strftime("%d.%m.%Y %H:%M:%S")
    assert told(take(as_csv(tmp_path / "a.csv", rows, "cp1251"), campaign)) == (0, 0, 3, 0)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(campaign, tmp_path) -> None:
    report = take(xlsx(tmp_path / "a.xlsx", google({}, {"overall": "может быть"})), campaign, dry_run=True)
    assert (told(report), report.batch, stored()) == ((1, 0, 0, 1), None, 0)
    [one] = report.refused
    assert (one.row, one.value, one.reason) == (3, "может быть", "такого ответа нет")
    assert one.column.startswith("Q: Удовлетворены ли Вы в целом")
    assert "«Да», «Нет»" in one.advice


def test_good_rows_are_counted_beside_bad_ones_or_none(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {"overall": "5-"}))
    report = take(file, campaign, only_if_clean=True)
    assert (report.stopped, report.batch, stored()) == (True, None, 0)
    assert told(take(file, campaign)) == (1, 0, 0, 1)


def test_an_answer_off_the_path_is_dropped_and_named(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({"stand_seen": "Нет", "stand": "Да"}, {"site": "-"}))
    report = take(file, campaign)
    assert told(report) == (2, 0, 0, 0)
    [warning] = report.warnings
    assert (warning.row, "мимо фильтра" in warning.reason) == (2, True)
    assert figures(campaign)["stand"] == (1, 1)


def test_an_answer_off_the_path_may_refuse_its_row(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({"stand_seen": "Нет", "stand": "Да"}))
    assert told(take(file, campaign, off_path="refuse")) == (0, 0, 0, 1)


def without(rows: list[list[object]], id: str) -> list[list[object]]:
    at = rows[0].index(FULL.question(id).wording)
    return [row[:at] + row[at + 1 :] for row in rows]


def test_without_the_column_of_a_filter_its_answers_are_not_counted_and_it_is_said(
    campaign, tmp_path
) -> None:
    file = xlsx(tmp_path / "a.xlsx", without(google({}, {"stand": "Нет"}), "stand_seen"))
    report = take(file, campaign, dry_run=True)
    assert (told(report), report.warnings) == ((2, 0, 0, 0), [])
    [note] = [note for note in report.notes if "не посчитаны (2)" in note]
    assert "неизвестно, кого о нём спрашивали" in note
    take(file, campaign, infer_filters=frozenset({"stand_seen"}))
    assert figures(campaign)["stand"] == (1, 2)


def test_blank_rows_are_skipped_and_a_row_without_answers_is_refused(campaign, tmp_path) -> None:
    nothing: dict[str, object] = dict.fromkeys(SAID, "")
    rows = google({}, nothing, {})
    rows.insert(2, [None] * len(rows[0]))
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert told(report) == (2, 0, 0, 1)
    assert (report.refused[0].row, report.refused[0].reason) == (4, "в строке нет ни одного ответа")


# Organisations


@pytest.mark.parametrize(
    "named", [INN, f"'{INN}", 7718084659, "ГОРОДСКАЯ  поликлиника №12", "«Городская поликлиника № 12»"]
)
def test_an_organisation_is_known_by_what_tables_call_it(campaign, tmp_path, named) -> None:
    assert told(take(xlsx(tmp_path / "a.xlsx", google({"organization": named})), campaign)) == (1, 0, 0, 0)


def test_an_organisation_is_known_by_its_code(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({"organization": f"{code_of(NAME).lower()} — поликлиника"}))
    assert told(take(file, campaign)) == (1, 0, 0, 0)


def test_an_unknown_name_is_refused_with_the_nearest(campaign, tmp_path) -> None:
    report = take(
        xlsx(tmp_path / "a.xlsx", google({"organization": "Городская поликлиника № 13"}, {})), campaign
    )
    assert told(report) == (1, 0, 0, 1)
    assert "нет организации" in report.refused[0].reason
    assert code_of(NAME) in report.refused[0].advice


def test_one_name_of_two_organisations_is_refused_with_both(session, tmp_path) -> None:
    codes = [an_organization("Школа № 1", inn=INN, address=f"Мира, {n}") for n in (1, 2)]
    campaign = a_campaign()
    rows = google({"organization": "Школа № 1"}, {"organization": INN}, {"organization": codes[1]})
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert told(report) == (1, 0, 0, 2)
    assert all(code in one.reason for code in codes for one in report.refused)


def test_two_columns_together_name_a_branch(session, tmp_path) -> None:
    an_organization("Школа № 1", inn=INN, address="Мира, 1")
    an_organization("Школа № 1, филиал", inn=INN, address="Мира, 2")
    campaign = a_campaign()
    rows = google({"organization": "Школа № 1, филиал"}, {"organization": "Школа № 2"})
    rows = [[*row, extra] for row, extra in zip(rows, ["ИНН", INN, INN], strict=True)]
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert told(report) == (1, 0, 0, 1)
    assert "подходит организациям (2)" in report.refused[0].reason


def test_a_file_about_one_organisation_needs_no_column(campaign, tmp_path) -> None:
    rows = [[row[0], *row[2:]] for row in google({}, {"overall": "Нет"})]
    file = xlsx(tmp_path / "a.xlsx", rows)
    with pytest.raises(FileUntakable, match="нет столбца с организацией"):
        take(file, campaign)
    assert told(take(file, campaign, organization=code_of(NAME))) == (2, 0, 0, 0)


# Numbers, corrections, doubles


def test_a_corrected_row_takes_the_place_of_the_first(campaign, tmp_path) -> None:
    take(xlsx(tmp_path / "a.xlsx", numbered({}, {})), campaign)
    report = take(xlsx(tmp_path / "b.xlsx", numbered({"overall": "Нет"}, {})), campaign)
    assert told(report) == (0, 1, 1, 0)
    assert (figures(campaign)["overall"], stored(), agreed(campaign)) == ((1, 2), 2, True)


def test_a_stamp_to_the_second_knows_a_row_again(campaign, tmp_path) -> None:
    take(xlsx(tmp_path / "a.xlsx", google({}, {})), campaign)
    assert told(take(xlsx(tmp_path / "b.xlsx", google({}, {"overall": "Нет"}, {})), campaign)) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("written", "again"),
    [("10:15", (1, 0, 1, 0)), ("10:15:07", (1, 0, 1, 0)), ("суббота, 21 ноября 2026 10:15:07", (0, 1, 1, 0))],
)
def test_a_time_without_a_day_knows_nobody(campaign, tmp_path, written, again) -> None:
    first, then = google({}, {}), google({"overall": "Нет"}, {})
    for rows in (first, then):
        rows[1][0], rows[2][0] = written, written.replace("15", "16")
    file = xlsx(tmp_path / "a.xlsx", first)
    seen = answers.look(db.session(), file, db.session.get_one(Campaign, campaign), "import")
    columns = {**seen.mapping, 0: answers.TIME}
    take(file, campaign, columns=columns)
    assert told(take(xlsx(tmp_path / "b.xlsx", then), campaign, columns=columns)) == again


def test_stacks_of_two_organisations_may_both_begin_with_one(campaign, tmp_path) -> None:
    take(xlsx(tmp_path / "a.xlsx", numbered({"overall": "Нет"})), campaign)
    report = take(xlsx(tmp_path / "b.xlsx", numbered({"organization": OTHER})), campaign)
    assert told(report) == (1, 0, 0, 0)


def test_a_corrected_organisation_is_warned_of(campaign, tmp_path) -> None:
    first = take(xlsx(tmp_path / "a.xlsx", numbered({}, {})), campaign)
    then = take(xlsx(tmp_path / "b.xlsx", numbered({"organization": OTHER}, {})), campaign)
    assert told(then) == (1, 0, 1, 0)
    assert [any("исправили в строке организацию" in note for note in one.notes) for one in (first, then)] == [
        False,
        True,
    ]


def test_one_number_twice_with_other_answers_is_refused(campaign, tmp_path) -> None:
    rows = numbered(
        {"number": 5}, {"number": 5}, {"number": 5, "overall": "Нет"}, {"number": 6}, {"number": 7}
    )
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert told(report) == (3, 0, 1, 1)
    assert "уже есть у этой организации в строке 2" in report.refused[0].reason


def test_equal_answers_without_a_number_are_as_many_people(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}, {}, stamped=False))
    assert told(take(file, campaign)) == (3, 0, 0, 0)
    more = xlsx(tmp_path / "b.xlsx", google({}, {}, {}, {}, stamped=False))
    report = take(more, campaign, dry_run=True)
    assert told(report) == (1, 0, 3, 0)
    assert any("другие анкеты" in note for note in report.notes)
    assert told(take(more, campaign, separate=True)) == (4, 0, 0, 0)
    assert told(take(more, campaign, separate=True)) == (0, 0, 4, 0)


def test_the_same_file_by_another_channel_is_refused(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}))
    batch = take(file, campaign, channel="paper").batch
    with pytest.raises(FileUntakable, match=f"пакетом № {batch}"):
        take(file, campaign, channel="phone")


OTHERWISE: list[tuple[dict[str, object], dict[str, object]]] = [
    ({}, {"infer_filters": frozenset({"stand_seen"})}),
    ({}, {"separate": True}),
    ({"separate": True}, {}),
    ({}, {"off_path": "refuse"}),
    ({"organization": NAME}, {"organization": OTHER}),
]


@pytest.mark.parametrize(("first", "then"), OTHERWISE)
def test_an_unnumbered_file_is_counted_in_one_way_alone(campaign, tmp_path, first, then) -> None:
    rows = without(google({}, {"stand": "Нет"}, stamped=False), "stand_seen")
    if "organization" in first:
        rows = [row[1:] for row in rows]
    file = xlsx(tmp_path / "a.xlsx", rows)
    before, now = ({**one} for one in (first, then))
    for one in (before, now):
        if "organization" in one:
            one["organization"] = code_of(str(one["organization"]))
    batch = take(file, campaign, **before).batch
    for dry_run in (True, False):
        with pytest.raises(FileUntakable, match=f"пакетом № {batch}"):
            take(file, campaign, dry_run=dry_run, **now)
    again = take(file, campaign, **before)
    assert (told(again), responses(campaign)) == ((0, 0, 2, 0), 2)
    assert not any("другие анкеты" in note for note in again.notes)


def test_a_file_of_one_organisation_is_not_anothers_even_with_numbers(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", [[row[0], *row[2:]] for row in numbered({}, {})])
    take(file, campaign, organization=code_of(NAME))
    with pytest.raises(FileUntakable, match=code_of(NAME)):
        take(file, campaign, organization=code_of(OTHER))


def test_a_numbered_file_may_be_understood_anew(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", without(numbered({}, {"stand": "Нет"}), "stand_seen"))
    take(file, campaign)
    assert told(take(file, campaign, infer_filters=frozenset({"stand_seen"}))) == (0, 2, 0, 0)


def test_refused_rows_mended_apart_are_nobodys_doubles(campaign, tmp_path) -> None:
    rows = google({}, {"overall": "Дa-"}, {}, stamped=False)
    mended = tmp_path / "refused.csv"
    assert told(take(xlsx(tmp_path / "a.xlsx", rows), campaign, refused_to=mended)) == (2, 0, 0, 1)
    text = mended.read_text("utf-8-sig")
    assert "Почему не принята" in text
    mended.write_text(text.replace("Дa-", "Да"), "utf-8-sig")
    assert told(take(mended, campaign)) == (1, 0, 0, 0)
    assert told(take(mended, campaign)) == (0, 0, 1, 0)


# Words


def test_words_are_kept_once_and_lead_to_no_row(campaign, tmp_path) -> None:
    rows = google(
        {"proposals": "Поставьте скамейку"}, {"proposals": "Поставьте скамейку"}, {"proposals": "-"}
    )
    file = xlsx(tmp_path / "a.xlsx", rows)
    assert take(file, campaign).words == 1
    assert take(file, campaign).words == 0
    [one] = db.session.scalars(select(Comment))
    assert (original(one), one.month.day) == ("Поставьте скамейку", 1)
    keys = set(db.session.scalars(select(Response.key)))
    assert one.key not in keys


# Classic errors


@pytest.mark.parametrize("write", [xlsx, as_csv])
def test_a_row_whose_last_cell_has_no_column_is_not_counted(campaign, tmp_path, write) -> None:
    names = ["Организация", "Вовремя ли Вас приняли?", "Готовность рекомендовать", "Удовлетворены в целом"]
    rows = [names, [NAME, "да", "да", "нет"], [NAME, "", "да", "да", "нет"]]
    report = take(write(tmp_path / "a.bin", rows), campaign)
    assert told(report) == (1, 0, 0, 1)
    [one] = report.refused
    assert (one.row, one.column, one.reason) == (3, "E", "в строке больше ячеек, чем столбцов")


def test_a_number_written_with_its_fraction_is_the_same_number(campaign, tmp_path) -> None:
    names = ["№ анкеты", "Организация", "Вовремя ли Вас приняли?", "Готовность рекомендовать", "В целом"]
    rows: Rows = [names, *([number, NAME, 1, 0, 1] for number in range(17, 30))]
    assert told(take(xlsx(tmp_path / "a.xlsx", rows), campaign)) == (13, 0, 0, 0)
    written = [names, *([f"{row[0]}.0", NAME, "1.0", "0.0", "1.0"] for row in rows[1:])]
    assert told(take(as_csv(tmp_path / "a.csv", written), campaign)) == (0, 0, 13, 0)


def test_a_row_shifted_by_one_is_called_so(campaign, tmp_path) -> None:
    rows = google(*[{} for _ in range(9)])
    rows[2] = [*rows[2][:10], "", *rows[2][10:]]
    rows[3] = [*rows[3][:1], *rows[3][2:]]
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert told(report) == (7, 0, 0, 2)
    assert ["сдвинуты" in one.reason for one in report.refused] == [True, True]


def test_formulas_dates_and_errors_are_no_answers(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}, {}, {}))
    book = openpyxl.load_workbook(file)
    sheet = book.active
    sheet["Q2"], sheet["Q3"], sheet["Q4"] = '=IF(1,"Да","Нет")', sheet["A2"].value, "#N/A"
    sheet["Q4"].data_type = "e"
    book.save(file)
    report = take(file, campaign)
    assert [one.reason for one in report.refused] == [
        "в ячейке формула", "дата вместо ответа", "в ячейке ошибка формулы",
    ]  # fmt: skip
    assert [one.row for one in report.refused] == [2, 3, 4]


def test_the_form_of_2018_is_filtered_by_its_own_filters(session, tmp_path) -> None:
    an_organization("Дом культуры", sector="culture")
    campaign = a_campaign(sector="culture")
    form = library.questionnaire("675n-culture-education")
    said = {
        **SAID,
        "disability": "нет",
        "accessibility": "удовлетворен(а)",
        "remote_staff": "не удовлетворен(а)",
    }
    heading = ["Организация", "Удовлетворены ли Вы открытостью информации на стендах и на сайте?"]
    ids = [q.id for q in form.closed if q.profile is None and not q.id.startswith(("stand", "site"))]
    rows: Rows = [
        [*heading, *(form.question(id).wording for id in ids)],
        ["дом культуры", "да", *(said[id] for id in ids)],
    ]
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert (told(report), len(report.warnings)) == ((1, 0, 0, 0), 2)
    assert any("две доли" in note for note in report.notes)
    found = figures(campaign)
    assert (found["stand"], found["accessibility"], found["remote_staff"]) == (None, None, None)


def test_a_campaign_that_does_not_collect_takes_nothing(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}))
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    with pytest.raises(Refusal, match="не собирает"):
        take(file, campaign)


def test_another_questionnaire_than_the_channels_is_pinned_and_recounted(campaign, tmp_path) -> None:
    form = library.questionnaire("bus-gov-13")
    rows: Rows = [
        ["Организация", *(q.wording for q in form.closed)],
        [NAME, "не пользовался", *["Да"] * 4, "", "Да", "Да"],
    ]
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign, questionnaire="bus-gov-13", channel="paper")
    assert told(report) == (1, 0, 0, 0)
    assert (figures(campaign)["stand"], agreed(campaign)) == (None, True)
    with writing() as session:
        session.execute(update(Response).values(answers="1" * len(form.closed)))
    assert not agreed(campaign)


def test_a_batch_of_the_web_is_counted_once(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}))
    first = take(file, campaign)
    with pytest.raises(Refusal, match="уже посчитан"):
        answers.take(file, answers.Options(), campaign_id=campaign, by="head", batch_id=first.batch)
    batch = db.session.get_one(Batch, first.batch)
    assert (batch.state, batch.report["accepted"], batch.made_by) == (State.COUNTED, 1, "head")


def test_one_file_uploaded_twice_at_once_is_counted_once(app, campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google(*[{} for _ in range(40)]))
    db.session.rollback()
    start = threading.Barrier(2)

    def send(_number: int) -> tuple[int, int, int, int]:
        with app.app_context():
            start.wait()
            return told(take(file, campaign))

    with ThreadPoolExecutor(2) as crowd:
        outcomes = sorted(crowd.map(send, range(2)))
    assert outcomes == [(0, 0, 40, 0), (40, 0, 0, 0)]
    assert (stored(), responses(campaign), agreed(campaign)) == (40, 40, True)


def test_one_file_by_two_channels_at_once_is_counted_once(app, campaign, tmp_path, monkeypatch) -> None:
    told_alike: list[dict[str, object]] = [{"proposals": "Скамейку"}] * 40
    file = xlsx(tmp_path / "a.xlsx", google(*told_alike))
    db.session.rollback()
    looked = threading.Barrier(2)
    already = words.already
    monkeypatch.setattr(words, "already", lambda *asked: (looked.wait(), already(*asked))[1])

    def send(channel: str) -> int:
        with app.app_context():
            try:
                return take(file, campaign, channel=channel).accepted
            except FileUntakable:
                return 0

    with ThreadPoolExecutor(2) as crowd:
        outcomes = sorted(crowd.map(send, ("paper", "phone")))
    assert (outcomes, stored(), responses(campaign), agreed(campaign)) == ([0, 40], 40, 40, True)


# The table of ours


def test_our_table_filled_in_is_taken_whole(campaign, tmp_path) -> None:
    file = tmp_path / "a.xlsx"
    organizations = list(db.session.scalars(select(Organization)))
    file.write_bytes(answers.template(FULL, organizations))
    book = openpyxl.load_workbook(file)
    sheet = book["Анкеты"]
    codes = [cell.value for cell in sheet[2]]
    assert [sheet.title for sheet in book] == ["Анкеты", "Организации", "Как заполнять"]
    for number, name in enumerate((NAME, OTHER), 3):
        filled = {**SAID, "organization": code_of(name), "row_key": number, "date": "02.03.2026"}
        for place, code in enumerate(codes, 1):
            sheet.cell(number, place, filled[code] or None)
    book.save(file)
    assert told(take(file, campaign)) == (2, 0, 0, 0)
    assert told(take(file, campaign)) == (0, 0, 2, 0)


# The same as one by one


CELLS = {"yes": ["Да", "да ", "1", "+"], "no": ["Нет", "НЕТ", "0", "−"], "": ["", " ", "", ""]}
MEASURED = [question.id for question in FULL.closed if question.profile is None]
PERSON = st.dictionaries(st.sampled_from(MEASURED), st.sampled_from(["yes", "no"]), min_size=1)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PERSON, min_size=1, max_size=12), st.integers(0, 3))
def test_a_table_counts_as_its_rows_one_by_one(campaign, tmp_path, people, spelling) -> None:
    blank: dict[str, object] = dict.fromkeys(SAID, "")
    rows = [blank | {id: CELLS[said][spelling] for id, said in person.items()} for person in people]
    report = take(xlsx(tmp_path / "a.xlsx", google(*rows, stamped=False)), campaign)
    by_file = figures(campaign)
    assert told(report) == (len(people), 0, 0, 0)
    with writing() as session:
        answers.undo(session, report.batch or 0, "head")
    assert (figures(campaign), responses(campaign)) == ({}, 0)
    keys = [response_key("one", number) for number in range(len(people))]
    _one_by_one(campaign, people, keys)
    assert figures(campaign) == by_file
    with writing() as session:
        withdraw(session, keys)


def _one_by_one(campaign_id: int, people: list[dict[str, str]], keys: list[int]) -> None:
    campaign = db.session.get_one(Campaign, campaign_id)
    number = CHANNELS["import"].number
    pinned = campaign.questionnaire_of(number).id
    assessment = db.session.scalars(select(Assessment.id).order_by(Assessment.id)).first() or 0
    db.session.rollback()
    for key, person in zip(keys, people, strict=True):
        said = packed(FULL, heard(FULL, person, blanks=True).answers)
        accept(Finished(key, campaign_id, assessment, FULL, pinned, number, today(), said))
