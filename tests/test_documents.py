"""Result documents: what a council reads is what the calculator said, on paper, on screen and in files."""

import csv
import io
import json
import logging
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from drawing import campaign_pdf
from flask import Flask, request
from flask_babel import Babel
from jinja2 import StrictUndefined
from standings import (
    EDITION,
    FACTS,
    URL,
    VECTOR,
    campaign,
    campaign_page_of,
    enclosed,
    figures,
    page_of,
    reading,
    seen,
    standing,
)

import nok
from council import documents, pages
from documents import council_annexes, drawing, exports, presentation
from documents.bound import parts
from documents.figures import command
from documents.figures import signs as organization_signs
from surveys import display
from surveys.results import CampaignResults, Standing

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture(scope="module")
def desk() -> Iterator[Flask]:
    """Templates, styles and languages of the service without its database."""
    app = Flask("desk", root_path=str(ROOT))
    app.config.update(BABEL_DEFAULT_LOCALE="ru", SECRET_KEY="desk", SERVER_NAME="nok.example.ru")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    display.init_app(app)
    pages.init_app(app)
    app.jinja_env.globals["plan_url"] = lambda code, year: None  # a plan lies in the database
    app.context_processor(lambda: {"viewer": None, "asked": request.path})
    with app.test_request_context("/"):
        yield app


@pytest.fixture(autouse=True, scope="module")
def drawn_up() -> Iterator[None]:
    """The 20th of November 2026, for every document."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795168800")
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a reading; `--bless` rewrites it and then fails, so that somebody reads the difference."""

    def check(name: str, got: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--bless", default=False) and got != file.read_text("utf-8"):
            file.write_text(got, "utf-8")
            pytest.fail(f"{name} rewritten: read the difference, then run again")
        assert got == file.read_text("utf-8")

    return check


@pytest.fixture(scope="module")
def document(desk: Flask) -> bytes:
    """The document of the published vector."""
    return documents.organization_pdf(standing(), FACTS, url=URL)


def test_the_document_reads_as_agreed(
    desk: Flask, golden: Callable[[str, str], None], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "weasyprint"):
        content = documents.organization_pdf(standing(), FACTS, url=URL, means=campaign().means)
        golden("result_organization.txt", reading(content))
    assert not caplog.records


def test_the_document_holds_every_figure_and_every_count(document: bytes) -> None:
    text = reading(document)
    assert figures(standing().result) - set(re.findall(r"\d+,\d\d", text)) == set()
    for yes, asked in VECTOR["answers"].values():
        assert f"{yes} из {asked}" in text.replace("\n", " ")
    assert "14 из 17" in text and "18 из 19" in text
    assert "85,50" in text and "35901561/419900" in text


def test_page_and_paper_show_the_same_numbers(desk: Flask, document: bytes) -> None:
    decimals = re.compile(r"(?<![\d.])\d+,\d+")
    assert set(decimals.findall(seen(page_of(standing())))) == set(decimals.findall(reading(document)))


def test_anybody_recomputes_the_document_by_the_command_it_prints(document: bytes, tmp_path: Path) -> None:
    told = command(FACTS.practice, EDITION, "input.json")
    assert told.replace(" ", "") in re.sub(r"\s", "", reading(document))
    (tmp_path / "input.json").write_bytes(enclosed(document, "input.json"))
    arguments = [sys.executable, *shlex.split(told)[1:]]
    arguments[arguments.index("input.json")] = str(tmp_path / "input.json")
    again = json.loads(subprocess.run(arguments, cwd=ROOT, capture_output=True, check=True).stdout)
    again = again[0] if isinstance(again, list) else again
    assert again == json.loads(enclosed(document, "result.json"))["organization"]["result"]


def test_an_undefined_indicator_is_a_word_with_its_reason(desk: Flask) -> None:
    lonely = standing(answers={"accessibility": None})
    for text in (reading(documents.organization_pdf(lonely, FACTS, url=URL)), seen(page_of(lonely))):
        assert "нет данных" in text and "3.3" in text
        assert re.search(r"не\s+определен", text)
        assert "0,00" not in re.findall(r"\d+,\d\d", text)


@pytest.mark.parametrize(("stage", "demo"), [("collecting", True), ("review", False), ("published", False)])
def test_only_an_approved_result_comes_without_a_warning(desk: Flask, stage: str, demo: bool) -> None:
    facts = replace(FACTS, stage=stage, demo=demo)
    for text in (
        reading(documents.organization_pdf(standing(), facts, url=URL)),
        seen(page_of(standing(), facts)),
    ):
        flat = " ".join(text.split())
        assert ("Предварительные результаты: не утверждены общественным советом" in flat) == (
            stage != "published"
        )
        assert ("Демонстрационные данные" in flat) == demo


HOSTILE = '<script>alert("№ 1")</script> «О\'Нил & K» ' + "Оченьдлинноеслово" * 22


def test_a_hostile_name_is_printed_as_it_is_and_broken_into_lines(desk: Flask) -> None:
    cruel = standing(name=HOSTILE, short_name="")
    html = page_of(cruel)
    assert "<script" not in html and "alert" in html
    text = reading(documents.organization_pdf(cruel, FACTS, url=URL))
    assert HOSTILE.replace(" ", "") in re.sub(r"\s", "", text)
    assert max(len(line) for line in text.splitlines()) < 160


def test_the_document_is_tagged_and_speaks_with_its_own_fonts(document: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert str(pdf.Root.Lang) == "ru" and pdf.Root.MarkInfo.Marked
        assert (
            b"<pdfuaid:part>1" in pdf.Root.Metadata.read_bytes()
            or b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
        )
        assert "Поликлиника" in str(pdf.docinfo["/Title"])
        fonts = {
            str(o.BaseFont) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
        }
    assert {re.sub(r"^/\w+\+|-.*", "", font) for font in fonts} <= {
        "GolosPrint", "GolosPrintCyrillic", "SerifPrint", "SerifPrintCyrillic", "SignsPrint",
    }  # fmt: skip


@pytest.mark.parametrize("address", ["https://example.org/a.css", "file:///etc/passwd", "ftp://x/y"])
def test_a_document_reads_nothing_but_its_own_files(address: str) -> None:
    with pytest.raises(ValueError, match="чужой адрес"):
        drawing.OwnFiles().fetch(address)


def test_a_command_draws_documents_without_a_request(desk: Flask, document: bytes) -> None:
    def alone() -> bytes:
        with desk.app_context():
            return documents.organization_pdf(standing(), FACTS, url=URL)

    assert Context().run(alone) == document


def test_the_same_input_gives_the_same_bytes(desk: Flask, document: bytes) -> None:
    assert documents.organization_pdf(standing(), FACTS, url=URL) == document


@pytest.fixture
def parted(desk: Flask, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A campaign's document made of parts of a few rows each."""
    monkeypatch.setattr(parts, "PART", 30)
    monkeypatch.setattr(council_annexes, "TRACED", 0)
    return campaign_pdf(campaign(), url=URL)


def test_a_campaign_reads_as_agreed(parted: bytes, golden: Callable[[str, str], None]) -> None:
    golden("result_campaign.txt", reading(parted))


def test_a_campaign_in_parts_is_one_document(parted: bytes) -> None:
    texts = reading(parted).split("\f")
    assert [text.split()[-1] for text in texts][1:] == [str(n) for n in range(2, len(texts) + 1)]
    for row in campaign().standings:
        assert figures(row.result) - set(re.findall(r"\d+,\d\d", "".join(texts))) == set()
    with pikepdf.open(io.BytesIO(parted)) as pdf:
        branches = list(pdf.Root.StructTreeRoot.ParentTree.Kids)
        keys = [int(number) for branch in branches for number in list(branch.Nums)[::2]]
        assert len(branches) > 3 and keys == sorted(set(keys))
        assert {int(page.obj.StructParents) for page in pdf.pages} <= set(keys)
    assert len(json.loads(enclosed(parted, "input.json"))) == 8


def test_a_campaign_page_shows_what_its_document_shows(desk: Flask, parted: bytes) -> None:
    decimals = re.compile(r"(?<![\d.])\d+,\d\d(?!\d)")
    html = campaign_page_of(campaign())
    assert set(decimals.findall(seen(html))) == set(decimals.findall(reading(parted)))
    assert (
        html.count('href="/o/C') == 8
        and "н/д" in html
        and "12 028 анкет" in seen(html).replace("\u202f", " ")
    )


def test_a_campaign_without_organisations_says_so(desk: Flask) -> None:
    empty = CampaignResults(
        FACTS, [], {key: None for key in [*EDITION.indicators, *EDITION.criteria, "total"]}, 0, None
    )
    assert "пока нет организаций" in campaign_page_of(empty)
    assert "нет данных" in reading(campaign_pdf(empty, url=URL))


def test_pages_keep_styles_and_scripts_out_of_the_markup(desk: Flask) -> None:
    for html in (page_of(standing()), campaign_page_of(campaign())):
        assert " style=" not in html and "<script" not in html
        identifiers = re.findall(r'\sid="([^"]+)"', html)
        assert len(identifiers) == len(set(identifiers))


def test_a_spreadsheet_gets_commas_and_no_formulas(desk: Flask) -> None:
    results = campaign()
    cruel = [replace(row, name='=HYPERLINK("http://x")') for row in results.standings]
    raw = exports.campaign_csv(replace(results, standings=cruel))
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\r\n") == 9
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0]["Организация"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["1.1"] == "88,54" and rows[0]["K3"] == "72,50" and rows[-1]["3.3"] == ""
    assert rows[0]["Итог"] == nok.comma(results.standings[0].result.total.printed)  # type: ignore[union-attr]


def test_data_carry_their_input(desk: Flask) -> None:
    data = json.loads(json.dumps(exports.campaign_json(campaign())))
    for one in data["organizations"]:
        again = nok.assess(nok.Observations.read(one["input"]), EDITION, FACTS.practice).as_dict()
        assert {key: again[key] for key in one["result"]} == one["result"]
    assert data["digital_share"] == {"exact": "171/500", "value": 0.342}


@pytest.mark.parametrize(
    ("exact", "said"), [("90/1", "90"), ("159/2", "159/2 = 79,5"), ("3259/36", "3259/36 ≈ 90,5278")]
)
def test_an_exact_value_says_whether_its_decimals_are_cut(exact: str, said: str) -> None:
    assert presentation.whole(exact) == said


def test_a_sign_before_a_figure_says_whether_it_was_rounded() -> None:
    assert presentation.equals(nok.Figure(Fraction(159, 2))) == "="
    assert presentation.equals(nok.Figure(Fraction(3259, 36))) == "≈"


@pytest.mark.parametrize(
    ("overall", "sign"),
    [((184, 200), "="), ((1, 3), "≈"), ((4821, 5000), "="), ((2, 21), "≈")],
    ids=["whole", "six digits", "two digits", "cut behind zeros"],
)
def test_a_sum_of_figures_says_whether_one_of_them_was_cut(overall: tuple[int, int], sign: str) -> None:
    result = standing(answers={"overall": list(overall)}).result
    signs = organization_signs(result, result.trace)
    assert signs["K5"] == sign
    assert (signs["5.3"], signs["K1"], signs["total"]) == ("=", "≈", "≈")


def test_only_unverified_rules_that_were_used_are_named_and_each_once(desk: Flask) -> None:
    def of(sector: str) -> Standing:
        seen = replace(standing().observations, sector=sector)
        return replace(standing(), result=nok.assess(seen, EDITION, FACTS.practice), observations=seen)

    mixed = replace(campaign(), standings=[standing(), *(of("social"), of("education")) * 2])
    named = "не сверенные с официальным текстом"
    for text in (campaign_page_of(mixed), reading(campaign_pdf(mixed, url=URL))):
        flat = " ".join(seen(text).split())
        assert flat.count(named) == 2
        assert flat.count("социальное обслуживание: показатель 2.2") == 1
    assert named in page_of(of("social"))
    assert named not in page_of(standing())


def test_a_place_is_told_among_those_that_have_one(desk: Flask, document: bytes) -> None:
    assert "Место в рейтинге 3 из 8" in seen(page_of(standing()))
    assert "Место в рейтинге 3 из 8" in " ".join(reading(document).split())


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 анкета"), (3, "3 анкеты"), (12, "12 анкет"), (1021, "1 021 анкета")]
)
def test_nouns_agree_with_their_numbers(desk: Flask, n: int, said: str) -> None:
    macros: Any = desk.jinja_env.get_template("components/plurals.html").module
    assert re.sub(r"[\u00a0\u202f]", " ", macros.responses(n)) == said
