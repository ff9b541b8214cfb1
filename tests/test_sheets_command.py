"""`nok sheets`: serials that are never given twice, the same run once more, refusals in plain words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import zxingcpp
from build import a_campaign, an_organization
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from accounts.models import AuditEvent
from paper import known, printing, serials
from paper.tables import FormEdition, PrintRun
from surveys import queries
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Stage
from surveys.refusals import Refusal

Nok = Callable[..., Result]
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def nok(runner: FlaskCliRunner) -> Nok:
    def called(*words: object) -> Result:
        return runner.invoke(args=[str(word) for word in words])

    return called


@pytest.fixture
def clinic(session: Any) -> tuple[int, str]:
    code = an_organization()
    return a_campaign(), code


def printed(nok: Nok, out: Path, campaign: int, code: str, count: int, *more: str) -> dict[str, Any]:
    words = ("sheets", out, "--campaign", campaign, "--organization", code, "--count", count, "--json", *more)
    result = nok(*words)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def codes(file: Path) -> list[str]:
    """What the code of every page holds."""
    pages = pdfium.PdfDocument(file.read_bytes())
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page.render(scale=2).to_pil())]


def test_serials_go_on_where_the_last_run_ended(nok: Nok, clinic: tuple[int, str], tmp_path: Path) -> None:
    campaign, code = clinic
    first = printed(nok, tmp_path / "a.pdf", campaign, code, 2)
    second = printed(nok, tmp_path / "b.pdf", campaign, code, 3, "--no-cover")
    assert (first["first"], first["last"], second["first"], second["last"]) == (1, 2, 3, 5)
    assert first["sides"] == 2
    pages = codes(tmp_path / "b.pdf")
    told = [found for page in pages if (found := serials.of_qr(page))]
    assert [(one.serial, one.side) for one in told] == [(n, side) for n in (3, 4, 5) for side in (1, 2)]
    run = db.session.get_one(PrintRun, second["run"])
    assert all(one.is_true(run.salt) and one.organization == code for one in told)
    assert db.session.get_one(PrintRun, first["run"]).salt != run.salt
    assert len(db.session.scalars(select(FormEdition)).all()) == 1
    assert (
        printing.edition_of(db.session(), run).sha256 == db.session.scalars(select(FormEdition.sha256)).one()
    )


def test_the_cover_comes_first_unless_it_is_not_wanted(
    nok: Nok, clinic: tuple[int, str], tmp_path: Path
) -> None:
    told = printed(nok, tmp_path / "a.pdf", *clinic, 1)
    pages = codes(tmp_path / "a.pdf")
    assert [serials.is_cover(page) for page in pages] == [True, True, False, False]
    assert pages[0] == serials.cover(clinic[0], told["run"])


def test_a_jammed_printer_gets_the_same_sheets(nok: Nok, clinic: tuple[int, str], tmp_path: Path) -> None:
    told = printed(nok, tmp_path / "a.pdf", *clinic, 2)
    again = nok("sheets", tmp_path / "b.pdf", "--run", told["run"])
    assert again.exit_code == 0, again.output
    assert "000001–000002" in again.output
    assert codes(tmp_path / "b.pdf") == codes(tmp_path / "a.pdf")
    assert len(db.session.scalars(select(PrintRun)).all()) == 1


def test_printing_is_on_the_trail(nok: Nok, clinic: tuple[int, str], tmp_path: Path) -> None:
    campaign, code = clinic
    printed(nok, tmp_path / "a.pdf", campaign, code, 2, "--print", "large")
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "sheets printed"))
    assert event.subject == f"{campaign}/{code}"
    assert event.detail == {"run": 1, "first": 1, "count": 2, "print": "large"}


def test_people_are_told_what_to_do_with_it(nok: Nok, clinic: tuple[int, str], tmp_path: Path) -> None:
    campaign, code = clinic
    result = nok("sheets", tmp_path / "a.pdf", "--campaign", campaign, "--organization", code, "--count", 2)
    for words in ("номера 000001–000002", "на обеих сторонах", "без масштабирования"):
        assert words in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--campaign", 999, "--organization", "{code}", "--count", 1), "Кампании № 999 нет"),
        (("--campaign", 10**12, "--organization", "{code}", "--count", 1), "нет"),
        (("--campaign", "{campaign}", "--organization", "AAAAAAAA", "--count", 1), "«AAAAAAAA» нет"),
        (("--campaign", "{campaign}", "--organization", "{school}", "--count", 1), "нет в кампании"),
        (("--campaign", "{campaign}", "--organization", "{code}", "--count", 0), "от 1 до 2000"),
        (("--campaign", "{campaign}", "--organization", "{code}", "--count", 2001), "от 1 до 2000"),
        (("--campaign", "{campaign}", "--organization", "{code}"), "Скажите, что печатать"),
        (("--run", 7), "Печати № 7 нет"),
        (("--run", 10**12), "нет"),
        (("--run", 7, "--count", 1), "без --campaign"),
    ],
)
@ON_SQLITE
def test_what_cannot_be_printed_is_said_and_takes_no_serial(
    nok: Nok, clinic: tuple[int, str], tmp_path: Path, words: tuple[Any, ...], said: str
) -> None:
    school = an_organization("Школа № 1", sector="education")
    names = {"campaign": clinic[0], "code": clinic[1], "school": school}
    result = nok("sheets", tmp_path / "a.pdf", *(str(word).format(**names) for word in words))
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "a.pdf").exists()
    assert db.session.scalars(select(PrintRun)).all() == []


@ON_SQLITE
def test_a_file_is_never_written_over(nok: Nok, clinic: tuple[int, str], tmp_path: Path) -> None:
    campaign, code = clinic
    (tmp_path / "a.pdf").write_text("mine")
    for out, said in ((tmp_path / "a.pdf", "уже есть"), (tmp_path / "no" / "a.pdf", "такой папки нет")):
        result = nok("sheets", out, "--campaign", campaign, "--organization", code, "--count", 1)
        assert (result.exit_code, said in result.output) == (2, True)
    assert (tmp_path / "a.pdf").read_text() == "mine"
    assert db.session.scalars(select(PrintRun)).all() == []


def test_a_campaign_that_ended_prints_no_more(nok: Nok, clinic: tuple[int, str], tmp_path: Path) -> None:
    campaign, code = clinic
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    result = nok("sheets", tmp_path / "a.pdf", "--campaign", campaign, "--organization", code, "--count", 1)
    assert result.exit_code == 2
    assert "больше не собирает" in result.output


def test_serials_end_at_a_million(clinic: tuple[int, str]) -> None:
    assessment = an_assessment(*clinic)
    with writing() as session:
        campaign = session.get_one(Campaign, clinic[0])
        run = printing.print_run(session, campaign, session.get_one(Assessment, assessment), 10, by="head")
        run.first = serials.HIGHEST - 10
        session.flush()
        last = printing.print_run(session, campaign, session.get_one(Assessment, assessment), 1, by="head")
        assert last.first == serials.HIGHEST
        with pytest.raises(Refusal, match="кончились"):
            printing.print_run(session, campaign, session.get_one(Assessment, assessment), 1, by="head")


def test_a_form_laid_out_anew_is_not_printed_under_old_serials(clinic: tuple[int, str]) -> None:
    assessment = an_assessment(*clinic)
    with writing() as session:
        campaign = session.get_one(Campaign, clinic[0])
        run = printing.print_run(session, campaign, session.get_one(Assessment, assessment), 1, by="head")
        session.get_one(FormEdition, run.edition_id).sha256 = "0" * 64
    with pytest.raises(Refusal, match="бланк изменился"):
        printing.pdf(db.session(), db.session.scalars(select(PrintRun)).one())


def test_a_print_that_was_not_kept_is_added_and_one_that_was_is_left(clinic: tuple[int, str]) -> None:
    """Sheets handed out before have the print of their day; the hash of the places does not tell which."""

    def again(printed_before: str | None) -> list[str]:
        """What is kept of the print after one more run, as the reader is given it."""
        with writing() as session:
            if printed_before is not None:
                edition = session.scalars(select(FormEdition)).one()
                sides = [side | {"printed": printed_before} for side in edition.geometry["sides"]]
                edition.geometry = edition.geometry | {"sides": sides}
                session.flush()
            campaign = session.get_one(Campaign, clinic[0])
            run = printing.print_run(session, campaign, session.get_one(Assessment, assessment), 1, by="head")
            return [side.printed for side in known.form_of(session, run.id).geometry.sides]

    assessment = an_assessment(*clinic)
    ours = again(None)
    assert all(ours)
    assert again("") == ours
    assert again("older") == ["older"] * len(ours)


def an_assessment(campaign: int, code: str) -> int:
    organization = queries.organization(db.session(), code)
    assert organization is not None
    found = queries.assessment(db.session(), campaign, organization.id)
    assert found is not None
    return found.id


@ON_SQLITE
def test_help_has_an_example(nok: Nok, session: Any) -> None:
    assert "nok sheets ankety.pdf --campaign 3" in nok("sheets", "--help").output
