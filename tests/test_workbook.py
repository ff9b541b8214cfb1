"""The workbook: every figure a formula on counts and rules, computed here by a spreadsheet's own arithmetic."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from itertools import product
from random import Random
from typing import Any

import pytest
from build import CONTENT, a_campaign, a_user, an_inspection, an_organization, heard_about, signed_in
from flask import Flask
from flask_babel import Babel
from openpyxl import load_workbook
from spreadsheet import Book
from standings import FACTS, standing

import nok
from accounts.models import Role
from council import bound, files
from documents.exports import figures_of
from documents.keeping import MIME
from documents.workbook.book import campaign_xlsx
from documents.workbook.places import COUNTS, FIRST, MEANS, NONE, Columns, letter
from nok.rules import BLOCKS, QUESTIONS
from surveys import display, queue, territories
from surveys.clock import now
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.results import CampaignResults, Standing

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NEAR = 1e-9


@pytest.fixture(scope="module")
def words() -> Iterator[None]:
    """The language of the service without its database."""
    app = Flask("desk")
    app.config.update(BABEL_DEFAULT_LOCALE="ru")
    Babel(app)
    display.init_app(app)
    with app.app_context():
        yield


def observed(rnd: Random, sector: str, kind: str | None) -> nok.Observations:
    """Counts at random, with every gap that there can be."""

    def norm() -> Any:
        required = rnd.choice((0, 16, 17, 19, 27, 40))
        return None if rnd.random() < 0.1 else {"present": rnd.randint(0, required), "required": required}

    def share(gap: float) -> Any:
        answered = rnd.choice((rnd.randint(1, 600), rnd.choice((8, 16, 40, 80, 160, 200, 320, 400))))
        return None if rnd.random() < gap else [rnd.randint(0, answered), answered]

    waiting = rnd.choice((0, 10, 20, 40, 60, 100, "125/3", None))
    seen = {
        "stand": norm(),
        "site": norm(),
        "information_required": rnd.choice((None, 40, 60)),
        "waiting_points": waiting,
        **{block: rnd.randint(0, 7) for block in BLOCKS},
    }
    gap = rnd.choice((0.02, 0.02, 0.4))
    return nok.Observations.read(
        {
            "id": "x",
            "sector": sector,
            "kind": kind,
            "respondents": rnd.choice((0, 650, 700)),
            "inspection": seen if rnd.random() < 0.9 else None,
            "answers": {question: share(gap) for question in QUESTIONS},
        }
    )


def at_random(
    size: int,
    sector: str = "health",
    practice: nok.Practice | None = None,
    edition: str = "344n-2024",
    kinds: tuple[str | None, ...] = (None,),
    seed: int = 1,
) -> CampaignResults:
    """A campaign of made-up organisations."""
    rnd = Random(seed)  # noqa: S311  the same organisations every time
    norm, chosen = nok.edition(edition), practice or nok.Practice()
    rows = []
    for number in range(size):
        seen = observed(rnd, sector, rnd.choice(kinds))
        about: dict[str, Any] = {
            "sector": sector,
            "kind": seen.kind,
            "short_name": f"№ {number}",
            "target": rnd.choice((None, 660)),
        }
        where, told = rnd.choice(("Перово", "Вешняки", "")), {"responses": seen.respondents or 0, **about}
        result = nok.assessed(seen, norm, chosen)
        inspected = bool(seen.checklist)
        rows.append(
            standing(
                f"C{number:07}",
                observations=seen,
                result=result,
                inspected=inspected,
                municipality=where,
                **told,
            )
        )
    return placed(rows, replace(FACTS, sector=sector, practice=chosen, edition=edition))


def placed(rows: list[Standing], facts: Any) -> CampaignResults:
    """Their places and means, as the service has them."""
    totals = {one.code: one.result.total if one.inspected else None for one in rows}
    places = nok.rating.places(totals, facts.practice.ties)
    rows = sorted((replace(one, place=places[one.code]) for one in rows), key=lambda one: one.place or 9**9)
    norm = facts.norm
    means = nok.aggregate.averages((one.result for one in rows if one.inspected), facts.practice.places)
    keys = dict.fromkeys((*norm.indicators, *norm.criteria, "total"))
    return CampaignResults(facts, rows, {**keys, **means}, sum(one.responses for one in rows), None)


def told(figure: nok.Figure | None) -> float | str:
    return float(figure.printed) if figure else NONE


def agrees(found: CampaignResults) -> Book:
    """Computed anew, every cell shows what was stored beside its formula, and that is what the calculator says."""
    book = Book(campaign_xlsx(found))
    for sheet, cell in book.cells():
        computed, stored = book.value(sheet, cell), book.stored[sheet][cell].value
        if isinstance(stored, int | float):
            assert isinstance(computed, int | float), (sheet, cell, computed, stored)
            assert abs(computed - stored) < NEAR, (sheet, cell, computed, stored)
        else:
            assert (computed or None) == stored, (sheet, cell, computed, stored)
    columns = Columns(found.facts.norm)
    for row, one in enumerate(found.standings, FIRST + 1):
        figures = figures_of(one.result)
        for sheet, at in (("Показатели", columns.printed), ("Критерии", columns.criteria_printed)):
            for key, column in at.items():
                assert book.value(sheet, f"{column}{row}") == told(figures[key]), (one.code, key)
        assert book.value("Рейтинг", f"A{row}") == (one.place or "—")
        assert book.value("Рейтинг", f"J{row}") == told(figures["total"])
    for key, column in columns.criteria_printed.items():
        assert book.value("Критерии", f"{column}{MEANS + 1}") == told(found.means[key])
    assert book.value("Как проверить", "C3") == 0
    return book


def test_every_figure_follows_from_the_counts(words) -> None:
    agrees(at_random(16))


@pytest.mark.parametrize(
    ("sector", "edition", "kinds"),
    [
        ("culture", "344n-2024", (None, "performing_arts")),
        ("education", "344n-2024", (None,)),
        ("social", "344n-2018", (None,)),
        ("education", "344n-2018", (None, "performing_arts")),  # a kind of another sphere: refused
    ],
)
def test_spheres_kinds_and_editions_have_formulas_of_their_own(words, sector, edition, kinds) -> None:
    agrees(at_random(10, sector, edition=edition, kinds=kinds, seed=4))


@pytest.mark.parametrize(
    ("number", "undefined", "rounding", "one_sided"),
    [
        (number, *choice)
        for number, choice in enumerate(
            product(
                ("renormalise", "mean_of_siblings", "refuse"),
                ("end", "indicators", "criteria"),
                ("use_the_other", "refuse"),
            )
        )
    ],
)
def test_every_choice_of_the_practice_is_in_the_formulas(
    words, number, undefined, rounding, one_sided
) -> None:
    practice = nok.Practice(
        undefined=undefined,
        rounding=rounding,
        one_sided_openness=one_sided,
        places=number % 3,
        performing_arts=("k1_k3_only", "all_five")[number % 2],
        ties=("dense", "competition")[number // 2 % 2],
    )
    edition = ("344n-2024", "344n-2018")[number // 3 % 2]
    agrees(at_random(6, "culture", practice, edition, (None, "performing_arts"), seed=number))


def test_a_half_is_rounded_up_though_a_computer_has_it_a_little_less(words) -> None:
    """5.3 of 2 000 answers, half of K5: 0,025 for each."""
    shares = {"recommend": [2000, 2000], "schedule": [2000, 2000]}
    rows = [standing(f"H{n:07}", {**shares, "overall": [n, 2000]}, place=None) for n in range(1001, 1042, 2)]
    found = placed(rows, FACTS)
    book, column = Book(campaign_xlsx(found)), Columns(FACTS.norm).criteria_printed["K5"]
    for row, one in enumerate(found.standings, FIRST + 1):
        exact = one.result.criteria["K5"]
        assert exact is not None and exact.exact * 1000 % 10 == 5
        assert book.value("Критерии", f"{column}{row}") == told(exact), one.code


def test_a_changed_count_or_weight_changes_every_figure_after_it(words) -> None:
    found = at_random(6, seed=9)
    book, columns = Book(campaign_xlsx(found)), Columns(found.facts.norm)
    total = f"{columns.criteria_printed['total']}{FIRST + 1}"
    before = book.value("Критерии", total)
    at = f"{letter(COUNTS.index('overall.answered'))}{FIRST + 1}"
    book.set("Исходные", at, 100_000)
    assert book.value("Показатели", f"{columns.printed['5.3']}{FIRST + 1}") < 1
    assert book.value("Критерии", total) < before
    assert book.value("Как проверить", "C3") >= 1
    changed = book.value("Критерии", f"{columns.criteria_printed['K5']}{FIRST + 1}")
    sheet, _, cell = book.names["Вес_5_1"].rpartition("!")
    book.set(sheet, cell.replace("$", ""), 0.9)
    assert book.value("Критерии", f"{columns.criteria_printed['K5']}{FIRST + 1}") != changed


def test_no_figure_is_a_value(words) -> None:
    found = at_random(5)
    book, word = Book(campaign_xlsx(found)), Columns(found.facts.norm).counted
    for sheet in ("Показатели", "Критерии"):
        for row in book.formulas[sheet].iter_rows(min_row=MEANS + 1, min_col=3):
            figures = [cell for cell in row if (sheet, cell.column_letter) != ("Показатели", word)]
            assert len(figures) > 10 and all(str(cell.value).startswith("=") for cell in figures), sheet


def test_the_rules_are_cells_and_the_scale_can_be_tried(words) -> None:
    found = at_random(2)
    book, norm = Book(campaign_xlsx(found)), found.facts.norm
    for number, weight in norm.weights("health").items():
        sheet, _, cell = book.names[f"Вес_{number.replace('.', '_')}"].rpartition("!")
        assert book.value(sheet, cell) == float(weight)
    rules = book.formulas["Правила"]
    [row] = [cell.row for cell in rules["B"] if cell.value == "Попробуйте: срок"]
    for wait, points in ((15, 0), (14, 10), (13.5, 10), (13, 20), (12, 40), (11, 60), (7, 100)):
        book.set("Правила", f"C{row}", 14)
        book.set("Правила", f"C{row + 1}", wait)
        assert book.value("Правила", f"C{row + 2}") == points
        assert nok.waiting_points(Fraction(wait), 14, "days", norm) == points


def test_means_of_municipalities_are_formulas_too(words) -> None:
    found = at_random(12, seed=3)
    book = Book(campaign_xlsx(found))
    rows = territories.municipalities(found)
    assert len(rows) == 3
    for at, one in enumerate(rows, MEANS + 1):
        assert book.value("Муниципалитеты", f"B{at}") == one.organizations
        assert book.value("Муниципалитеты", f"C{at}") == told(one.total)


def test_a_name_is_never_computed(words) -> None:
    cruel = '=HYPERLINK("http://x.example","нажмите")'
    one = standing("K7M4PX2D", name=cruel, short_name=cruel, municipality="@SUM(A1)", inn="+1+1")
    content = campaign_xlsx(placed([one], replace(FACTS, title="-1+2")))
    for sheet in load_workbook(BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                assert not (cell.data_type == "f" and "HYPERLINK" in cell.value)
                assert not str(cell.value).startswith(("@", "+", "-1"))


def test_an_empty_campaign_has_an_empty_workbook(words) -> None:
    book = Book(campaign_xlsx(placed([], FACTS)))
    assert book.value("Рейтинг", f"J{MEANS + 1}") == NONE


def test_the_same_figures_make_the_same_bytes(words, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795168800")
    assert campaign_xlsx(at_random(3)) == campaign_xlsx(at_random(3))


def test_a_program_is_asked_to_compute_it_when_it_opens(words) -> None:
    with zipfile.ZipFile(BytesIO(campaign_xlsx(at_random(2)))) as whole:
        assert re.search(rb"<calcPr[^>]*fullCalcOnLoad=\"1\"", whole.read("xl/workbook.xml"))


@pytest.fixture
def published(session) -> int:
    """A campaign of one that anybody may see while it grows."""
    code = an_organization()
    campaign_id = a_campaign(shows_interim=True)
    an_inspection(campaign_id, code)
    heard_about(code, campaign_id, CONTENT, key=1)
    return campaign_id


@ON_SQLITE
def test_anybody_takes_the_workbook_of_open_results(client, published) -> None:
    answer = client.get(f"/ratings/{published}.xlsx")
    assert answer.status_code == 200
    assert answer.content_type == MIME["xlsx"]
    assert load_workbook(BytesIO(answer.data)).sheetnames[:3] == ["Исходные", "Правила", "Показатели"]
    assert f"/ratings/{published}.xlsx" in client.get(f"/ratings/{published}").text


@ON_SQLITE
def test_the_council_takes_it_from_its_campaign(client, published) -> None:
    signed_in(client, a_user(Role.COUNCIL))
    assert f"/council/campaigns/{published}.xlsx" in client.get(f"/council/campaigns/{published}").text
    assert client.get(f"/council/campaigns/{published}.xlsx").status_code == 200


@ON_SQLITE
def test_a_large_one_is_left_to_the_worker_and_asked_for_once(client, published, monkeypatch) -> None:
    monkeypatch.setattr(files, "AT_ONCE", 0)
    rung: list[str] = []
    monkeypatch.setattr(queue, "bell", lambda: type("Silent", (), {"ring": rung.append})())
    for _ in range(2):
        answer = client.get(f"/ratings/{published}.xlsx")
        assert answer.status_code == 503
        assert "Документ готовится" in answer.text
    monkeypatch.undo()
    [asked] = db.session.query(Job).filter_by(name=files.NAME)
    assert rung == [asked.id]
    queue.perform(asked.id)
    monkeypatch.setattr(files, "AT_ONCE", 0)
    assert client.get(f"/ratings/{published}.xlsx").status_code == 200


@ON_SQLITE
def test_what_failed_is_told_and_not_asked_for_again_within_the_hour(client, published, monkeypatch) -> None:
    monkeypatch.setattr(files, "AT_ONCE", 0)
    monkeypatch.setattr(bound, "AT_ONCE", 0)
    rung: list[str] = []
    monkeypatch.setattr(queue, "bell", lambda: type("Silent", (), {"ring": rung.append})())
    for kind, name in (("xlsx", files.NAME), ("pdf", bound.NAME)):
        answer = client.get(f"/ratings/{published}.{kind}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        with writing() as session:
            [asked] = session.query(Job).filter_by(name=name)
            asked.state, asked.ended_at = JobState.FAILED, now()
        answer = client.get(f"/ratings/{published}.{kind}")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
        assert "Документ не получился" in answer.text
        with writing() as session:
            [asked] = session.query(Job).filter_by(name=name)
            asked.ended_at = now() - queue.AGAIN_AFTER
        assert "Документ готовится" in client.get(f"/ratings/{published}.{kind}").text
    assert len(rung) == 4


@ON_SQLITE
def test_the_command_writes_it(app, published, tmp_path) -> None:
    file = tmp_path / "itog.xlsx"
    asked = ["results", "--campaign", str(published), "--format", "xlsx"]
    assert app.test_cli_runner().invoke(args=[*asked, "--output", str(file)]).exit_code == 0
    assert Book(file.read_bytes()).value("Как проверить", "C3") == 0
    assert app.test_cli_runner().invoke(args=[*asked, "--organization", "K7M4PX2D"]).exit_code == 2
