"""Reports of earlier years: read, matched with organisations, recomputed, explained, kept beside our own figures."""

import json
import re
from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from build import REGION, a_campaign, an_organization
from old_table import HEADINGS, POINTS, a_book, reckoned, row
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys import old_reports
from surveys.clock import now
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.old_reports import bringing, tables
from surveys.refusals import Refusal
from surveys.releases import OldReport


def an_old_report(campaign_id: int, year: int, **content: Any) -> int:
    """A table of an earlier year, as it lies in the database."""
    with writing() as session:
        report = OldReport(
            campaign_id=campaign_id,
            year=year,
            file_name="отчёт.xlsx",
            file_sha256="0" * 64,
            content=content,
            made_by="operator",
            made_at=now(),
        )
        session.add(report)
        session.flush()
        return report.id


def test_the_figures_of_a_year_are_given_by_code(session: Session) -> None:
    code, other = an_organization(), an_organization("Другая")
    campaign_id = a_campaign()
    an_old_report(campaign_id, 2023, taken=True, figures={code: {"1.1": "167/2", "3.3": None}})
    an_old_report(campaign_id, 2023, rows=[["ещё не разобран"]])
    an_old_report(campaign_id, 2022, taken=True, figures={code: {"1.1": "50"}, other: {"total": "90"}})
    found = old_reports.reported(db.session(), [code, other], 2023)
    assert found == {code: {"1.1": Fraction(167, 2), "3.3": None}}
    assert old_reports.years(db.session(), campaign_id) == [2023, 2022]


def test_of_two_reports_the_newer_is_given(session: Session) -> None:
    code = an_organization()
    campaign_id = a_campaign()
    an_old_report(campaign_id, 2023, taken=True, figures={code: {"total": "80"}})
    an_old_report(campaign_id, 2023, taken=True, figures={code: {"total": "81"}})
    assert old_reports.reported(db.session(), [code], 2023) == {code: {"total": Fraction(81)}}


ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
INNS = ("7718084659", "7707083893", "7736050003")


@pytest.fixture
def clinics(session: Session) -> dict[str, str]:
    """Three organisations of a campaign: name → code."""
    return {
        f"Поликлиника № {n}": an_organization(f"Поликлиника № {n}", inn=inn) for n, inn in enumerate(INNS, 1)
    }


@pytest.fixture
def campaign_id(clinics: dict[str, str]) -> int:
    return a_campaign(year=2026)


def right_rows() -> list[list[Any]]:
    """A table of the three, counted by the norm."""
    return [
        ["Показатели независимой оценки за 2025 год"],
        [],
        HEADINGS,
        list(range(1, len(HEADINGS) + 1)),
        *(
            row(n, f"Поликлиника № {n}", inn, reckoned({**POINTS, "5.1": 80 + n}))
            for n, inn in enumerate(INNS, 1)
        ),
        [None, "Среднее значение", None, *([80] * 21)],
    ]


def brought(campaign_id: int, path: Path, year: int = 2025) -> int:
    with writing() as session:
        campaign = session.get_one(Campaign, campaign_id)
        return bringing.bring(session, campaign, year, path, path.name, "operator").id


def seen(report_id: int) -> bringing.Understood:
    session = db.session()
    report = session.get_one(OldReport, report_id)
    return bringing.understood(session, report, session.get_one(Campaign, report.campaign_id))


def taken(report_id: int) -> bringing.Understood:
    with writing() as session:
        report = session.get_one(OldReport, report_id)
        found, told = bringing.prepared(session, report, session.get_one(Campaign, report.campaign_id))
        bringing.take(report, found, told)
        return found


def test_a_right_table_is_taken_whole(campaign_id, clinics, tmp_path) -> None:
    report_id = brought(campaign_id, a_book(tmp_path / "отчёт.xlsx", right_rows()))
    assert old_reports.reported(db.session(), list(clinics.values()), 2025) == {}
    found = taken(report_id)
    assert (len(found.parsed.lines), found.parsed.refused, found.parsed.skipped) == (3, [], 1)
    assert {match.code for match in found.matches.values()} == set(clinics.values())
    told = old_reports.reported(db.session(), list(clinics.values()), 2025)
    assert told[clinics["Поликлиника № 2"]]["5.1"] == 82
    assert told[clinics["Поликлиника № 2"]]["1.1"] == Fraction("88.54")
    states = db.session().get_one(OldReport, report_id).content["states"]
    assert not states.keys() & {"explained", "unexplained", "empty", "odd"}


def test_the_same_file_twice_is_one_report(campaign_id, tmp_path) -> None:
    file = a_book(tmp_path / "отчёт.xlsx", right_rows())
    first = brought(campaign_id, file)
    taken(first)
    assert brought(campaign_id, file) == first
    assert db.session.scalar(select(func.count()).select_from(OldReport)) == 1
    with pytest.raises(Refusal):
        taken(first)


def test_undone_nothing_is_left(campaign_id, clinics, tmp_path) -> None:
    report_id = brought(campaign_id, a_book(tmp_path / "отчёт.xlsx", right_rows()))
    taken(report_id)
    with writing() as session:
        bringing.undo(session, session.get_one(OldReport, report_id))
    assert old_reports.reported(db.session(), list(clinics.values()), 2025) == {}
    assert db.session.get(OldReport, report_id) is None


@ON_SQLITE
def test_headings_of_two_storeys_and_shares_of_one(campaign_id, tmp_path) -> None:
    upper = ["№", "Учреждение", "Критерий 1. Открытость", None, None, None, "Итог"]
    lower = [None, None, "1.1", "1.2", "1.3", "К1", None]
    rows = [["Отчёт"], upper, lower, [1, "Поликлиника № 1", 0.8854, 0.9, 0.9303, 0.9078, 0.855]]
    found = seen(brought(campaign_id, a_book(tmp_path / "a.xlsx", rows)))
    assert list(found.layout.columns.values())[1:] == ["name", "1.1", "1.2", "1.3", "K1", "total"]
    (line,) = found.parsed.lines
    assert (line.figures["1.1"], line.figures["total"]) == (Fraction("88.54"), Fraction("85.5"))
    assert found.parsed.places["1.1"] == 2


@ON_SQLITE
def test_the_sheet_with_figures_is_found(campaign_id, tmp_path) -> None:
    book = Workbook()
    book.active.append(["Пояснительная записка", "Оператор: ООО «Опрос»", "Всего страниц: 3"])
    sheet = book.create_sheet("Показатели")
    for cells in right_rows():
        sheet.append(cells)
    book.save(tmp_path / "a.xlsx")
    found = seen(brought(campaign_id, tmp_path / "a.xlsx"))
    assert (found.layout.sheet, len(found.sheets)) == ("Показатели", 2)
    assert found.layout.headed.first == 3


@ON_SQLITE
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1251"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_of_text(campaign_id, tmp_path, encoding, separator) -> None:
    rows = [HEADINGS, row(1, "Поликлиника № 1", INNS[0], reckoned(POINTS))]
    lines = [separator.join("" if c is None else str(c).replace(".", ",") for c in cells) for cells in rows]
    file = tmp_path / "a.csv"
    file.write_bytes("\r\n".join(lines).encode(encoding))
    (line,) = seen(brought(campaign_id, file)).parsed.lines
    assert (line.inn, line.figures["1.1"], line.figures["total"]) == (
        INNS[0],
        Fraction("88.54"),
        Fraction(str(reckoned(POINTS)["total"])),
    )


BAD_CELLS = [
    ("сто", "это не число"),
    (-5, "это не число"),
    (101, "баллы бывают от 0 до 100"),
    (date(2025, 5, 12), "здесь дата: Excel принял число за день и месяц"),
    (True, "здесь «да» или «нет», а нужно число"),
    ("=1+1", "формула, которую ни одна программа ещё не посчитала"),
]


@ON_SQLITE
@pytest.mark.parametrize(("cell", "reason"), BAD_CELLS)
def test_a_bad_row_is_refused_in_its_place_and_the_good_ones_stay(
    campaign_id, tmp_path, cell, reason
) -> None:
    rows = right_rows()
    rows[5][4] = cell
    parsed = seen(brought(campaign_id, a_book(tmp_path / "a.xlsx", rows))).parsed
    assert [line.row for line in parsed.lines] == [5, 7]
    (one,) = parsed.refused
    assert (one.row, one.column, one.reason) == (6, "E 1.2", reason)
    assert one.advice


@ON_SQLITE
def test_a_row_of_nobody_and_one_said_twice_are_refused(campaign_id, tmp_path) -> None:
    rows = right_rows()
    rows[5][1:3] = [None, None]
    rows.insert(7, rows[6])
    parsed = seen(brought(campaign_id, a_book(tmp_path / "a.xlsx", rows))).parsed
    assert [(one.row, one.reason) for one in parsed.refused] == [
        (6, "не сказано, о какой организации эта строка"),
        (8, "эта организация уже есть в строке 7"),
    ]


def test_an_organisation_is_known_by_inn_then_by_name_and_never_guessed(
    campaign_id, clinics, tmp_path
) -> None:
    told = reckoned(POINTS)
    rows = [
        HEADINGS,
        row(1, "Совсем другое название", INNS[0], told),
        row(2, "ПОЛИКЛИНИКА №2", "", told),
        row(3, "Поликлиника № 3", "5008006211", told),
        row(4, "Поликлинника №3 города", "", told),
        row(5, "Дом культуры посёлка Северный", "", told),
    ]
    found = seen(brought(campaign_id, a_book(tmp_path / "a.xlsx", rows)))
    assert found.matches[2].code == clinics["Поликлиника № 1"]
    assert found.matches[3].code == clinics["Поликлиника № 2"]
    assert found.asked == [4, 5], "the same name with another INN, a name alike"
    assert found.matches[5].candidates[0].code == clinics["Поликлиника № 3"]
    assert not found.matches[6].code and not found.matches[6].candidates


def test_two_rows_about_one_organisation_are_asked_about(campaign_id, clinics, tmp_path) -> None:
    told = reckoned(POINTS)
    rows = [
        HEADINGS,
        row(1, "Поликлиника № 1", INNS[0], told),
        row(2, "Филиал", INNS[0], {**told, "5.1": 1}),
    ]
    report_id = brought(campaign_id, a_book(tmp_path / "a.xlsx", rows))
    found = seen(report_id)
    assert (found.matches[2].code, found.asked) == (clinics["Поликлиника № 1"], [3])
    with writing() as session:
        bringing.answer(session.get_one(OldReport, report_id), {3: clinics["Поликлиника № 3"]})
    assert seen(report_id).asked == []
    taken(report_id)
    assert old_reports.reported(db.session(), [clinics["Поликлиника № 3"]], 2025)


def test_columns_are_corrected_by_hand(campaign_id, tmp_path) -> None:
    rows = [["Кто", "Что-то", "Ещё"], ["Поликлиника № 1", 80, 85.5], ["Поликлиника № 2", 81, 86.5]]
    report_id = brought(campaign_id, a_book(tmp_path / "a.xlsx", rows))
    assert seen(report_id).missing
    with pytest.raises(Refusal):
        taken(report_id)
    with writing() as session:
        bringing.map_columns(session.get_one(OldReport, report_id), {0: "name", 1: "K1", 2: "total"})
    assert [line.figures for line in taken(report_id).parsed.lines][0] == {
        "K1": 80,
        "total": Fraction("85.5"),
    }
    with pytest.raises(Refusal), writing() as session:
        bringing.map_columns(session.get_one(OldReport, report_id), {0: "name", 1: "K1", 2: "K2"})


@ON_SQLITE
@pytest.mark.parametrize("columns", [{0: "name", 1: "K1", 2: "K1"}, {0: "name", 1: "<script>"}])
def test_columns_that_no_page_offers_are_refused(campaign_id, tmp_path, columns) -> None:
    rows = [["Кто", "Что-то", "Ещё"], ["Поликлиника № 1", 80, 85.5]]
    report_id = brought(campaign_id, a_book(tmp_path / "a.xlsx", rows))
    with pytest.raises(Refusal), writing() as session:
        bringing.map_columns(session.get_one(OldReport, report_id), columns)


@ON_SQLITE
@pytest.mark.parametrize("year", [2026, 1999])
def test_a_year_that_is_not_before_is_refused(campaign_id, tmp_path, year) -> None:
    with pytest.raises(Refusal):
        brought(campaign_id, a_book(tmp_path / "a.xlsx", right_rows()), year)


def _far(path: Path) -> None:
    book = Workbook()
    book.active.cell(1_000_000, 16_000, "x")
    book.save(path)


HOSTILE = {
    "empty": lambda path: path.write_bytes(b""),
    "a picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "an old workbook": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "a page": lambda path: path.write_bytes(b"<html><table><tr><td>1</td></tr></table>"),
    "half an archive": lambda path: path.write_bytes(a_book(path, right_rows()).read_bytes()[:3000]),
    "blank sheets": lambda path: a_book(path, []),
    "numbers alone": lambda path: a_book(path, [[1, 2, 3], [4, 5, 6]]),
    "a stray cell": _far,
    "too wide": lambda path: path.write_text("ИНН;1.1\n" + f"{'1;' * 290}\n" * 1500, "utf-8"),
    "too many rows": lambda path: path.write_text("ИНН;1.1\n" + "1;2\n" * 20_100, "utf-8"),
    "an open quote": lambda path: path.write_text('ИНН;1.1\n"1;2\n', "utf-8"),
}


@ON_SQLITE
@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_cannot_be_taken_is_refused_in_words(campaign_id, tmp_path, what) -> None:
    file = tmp_path / "a.xlsx"
    HOSTILE[what](file)
    with pytest.raises(Refusal) as refused:
        brought(campaign_id, file)
    assert re.search("[а-я]", str(refused.value))
    assert db.session.scalar(select(func.count()).select_from(OldReport)) == 0


def test_odd_signs_reach_no_database(campaign_id, tmp_path) -> None:
    file = tmp_path / "a.csv"
    rows = f"Наименование;ИНН;1.1\n=cmd|' /C calc'!A0\u202e\x07;{INNS[0]};80\n"
    file.write_bytes(rows.encode("utf-8"))
    found = taken(brought(campaign_id, file))
    assert found.parsed.lines[0].name == "=cmd|' /C calc'!A0"
    report = db.session.scalars(select(OldReport)).one()
    out = BytesIO()
    tables.write(out, report, found.rules, "csv")
    assert b"'=cmd" in out.getvalue()


@ON_SQLITE
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_comparison_is_taken_away_as_a_table(campaign_id, tmp_path, kind) -> None:
    rows = right_rows()
    rows[4][18] = 12.34
    report_id = brought(campaign_id, a_book(tmp_path / "a.xlsx", rows))
    found = taken(report_id)
    out = tmp_path / f"out.{kind}"
    with out.open("wb") as file:
        tables.write(file, db.session().get_one(OldReport, report_id), found.rules, kind)
    if kind == "csv":
        told = out.read_text("utf-8-sig").splitlines()
        assert "по отчёту прошлого оператора" in told[0]
        assert any(
            line.startswith("5;") and "К1;12,34;" in line and "не объясняется" in line for line in told
        )
        return
    sheet = load_workbook(out)["Сравнение"]
    assert [cell.value for cell in sheet[17]][5:9] == [
        "К1",
        12.34,
        pytest.approx(90.77),
        pytest.approx(-78.43),
    ]


def test_the_command_brings_a_report_and_takes_it_back(runner, campaign_id, clinics, tmp_path) -> None:
    rows = right_rows()
    rows[4][19] = 80
    rows[5][4] = "сто"
    file = str(a_book(tmp_path / "a.xlsx", rows))
    asked = ["reports", "import", file, "--year", "2025", "--region", REGION]
    tried = runner.invoke(args=[*asked, "--dry-run"])
    assert tried.exit_code == 1, tried.output
    assert "Пробный прогон" in tried.output and "строка 6, E 1.2: «сто» — это не число" in tried.output
    assert db.session.scalar(select(func.count()).select_from(OldReport)) == 0
    done = json.loads(runner.invoke(args=[*asked, "--json"]).output)
    assert (done["accepted"], done["repeated"], done["matched"], done["dry_run"]) == (2, 0, 2, False)
    assert done["refused"][0]["sheet"] == "Лист1"
    assert [one["figure"] for one in done["mistakes"]][:1] == ["K2"]
    again = json.loads(runner.invoke(args=[*asked, "--json"]).output)
    assert (again["accepted"], again["repeated"], again["batch"]) == (0, 2, done["batch"])
    listed = json.loads(
        runner.invoke(args=["reports", "list", "--campaign", str(campaign_id), "--json"]).output
    )
    assert [(one["id"], one["organizations"]) for one in listed] == [(done["batch"], 2)]
    made = runner.invoke(args=["reports", "compare", str(done["batch"]), str(tmp_path / "o.csv")])
    assert made.exit_code == 0 and (tmp_path / "o.csv").exists()
    assert runner.invoke(args=["reports", "undo", str(done["batch"])]).exit_code == 0
    assert runner.invoke(args=["reports", "undo", str(done["batch"])]).exit_code == 2
    assert (
        runner.invoke(args=["reports", "import", file, "--year", "2030", "--region", REGION]).exit_code == 2
    )
    assert runner.invoke(args=["reports", "import", file, "--year", "2025"]).exit_code == 2


def test_a_draft_nobody_came_back_for_is_swept(campaign_id, tmp_path) -> None:
    old = brought(campaign_id, a_book(tmp_path / "a.xlsx", right_rows()), 2024)
    kept = brought(campaign_id, tmp_path / "a.xlsx", 2025)
    taken(kept)
    with writing() as session:
        for report in session.scalars(select(OldReport)):
            report.made_at = report.made_at - timedelta(days=15)
    bringing.sweep()
    db.session.rollback()
    assert db.session.scalars(select(OldReport.id)).all() == [kept]
    assert old < kept
