"""The operator's report on paper: every organisation, every figure, the same in PDF, in DOCX and in the calculator."""

import io
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, cast

import pikepdf
import pytest
from docx import Document
from docx.document import Document as Paper
from flask import Flask, request
from flask_babel import Babel
from jinja2 import StrictUndefined
from pypdf import PdfReader
from standings import EDITION, FACTS, campaign, enclosed, figures, lying, reading, standing

import nok
from documents import blocks, keeping, markup, report_pdf
from documents.bars import picture
from documents.bound import apart, parts
from documents.charts import WIDE
from documents.presentation import with_year
from documents.report_docx import report_docx
from operator_app.handover import quality, report
from operator_app.handover.checks import findings
from operator_app.handover.desk import Desk
from operator_app.handover.material import Draft, Material
from operator_app.handover.wording import wording
from operator_app.sample.accessible import Accessible
from surveys import display
from surveys.batches import Batch, Kind, State
from surveys.measures import FEEDS
from surveys.models import Campaign, Inspection, Stage
from surveys.results import CampaignResults, Standing
from surveys.submissions import ReportSection

ROOT = Path(__file__).resolve().parent.parent
STAMP = {"state": "Пакет № 2", "foot": "Пакет № 2 · SHA-256 abcd…", "day": "2026-11-20", "sha256": "ab" * 32}
CRUEL = "<script>«О'Нил & K»</script>\x00=SUM(A1) " + "Оченьдлинноеслово" * 9


@pytest.fixture(autouse=True, scope="module")
def workshop() -> Iterator[Flask]:
    """Templates, styles and words of the service without its database; the 20th of November 2026."""
    app = Flask("desk", root_path=str(ROOT))
    app.config.update(BABEL_DEFAULT_LOCALE="ru", SECRET_KEY="desk", SERVER_NAME="nok.example.ru")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    display.init_app(app)
    app.context_processor(lambda: {"viewer": None, "asked": request.path})
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setenv("SOURCE_DATE_EPOCH", "1795168800")
        yield app


def material(results: CampaignResults, **given: Any) -> Material:
    """A report's material without a database."""
    heard = {one.code: Accessible(12, 10) for one in results.standings}
    closed = cast(Campaign, SimpleNamespace(stage=Stage.REVIEW))
    desk = Desk(campaign=closed, results=results, accessible=heard, **given)
    return Material(results, desk, findings(desk), {"thin": "Закрыта на ремонт."}, [], "Файлов не было.")


def made(results: CampaignResults | None = None, **given: Any) -> dict[str, Any]:
    """The whole report."""
    return report.report(material(results or campaign(4), **given), {})


@pytest.fixture(scope="module")
def content(workshop: Flask) -> dict[str, Any]:
    return made()


def drawn(content: dict[str, Any]) -> bytes:
    """The report as PDF, in a folder of its own."""
    with TemporaryDirectory() as folder:
        return report_pdf.report_pdf(content, STAMP, Path(folder))


@pytest.fixture(scope="module")
def pdf(content: dict[str, Any]) -> bytes:
    return drawn(content)


@pytest.fixture(scope="module")
def docx(content: dict[str, Any]) -> Paper:
    return Document(io.BytesIO(report_docx(content, STAMP)))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def read(paper: Paper) -> str:
    """Everything in a DOCX, in order of paragraphs, then of tables."""
    cells = ["\n".join(p.text for p in cell.paragraphs) for table in paper.tables for cell in table._cells]
    return flat("\n".join([*(p.text for p in paper.paragraphs), *cells]))


def test_both_documents_hold_every_organisation_and_every_figure(content, pdf, docx) -> None:
    for text in (flat(reading(pdf)), read(docx)):
        numbers = set(re.findall(r"\d+,\d\d", text))
        for one in campaign(4).standings:
            assert one.short_name in text
            assert figures(one.result) - numbers == set()
            for yes, asked in (pair for pair in one.observations.as_dict()["answers"].values() if pair):
                assert f"{yes}/{asked}" in text


def test_both_documents_hold_the_same_sections_and_tables(content, pdf, docx) -> None:
    titles = [section["title"] for section in content["sections"]]
    assert [p.text for p in docx.paragraphs if p.style and p.style.name == "Heading 1"] == titles
    with pikepdf.open(io.BytesIO(pdf)) as whole, whole.open_outline() as outline:
        assert [item.title for item in outline.root] == titles
    tables = [b for s in content["sections"] for b in s["blocks"] if b["kind"] == "table"]
    assert [len(table.rows) - 1 for table in docx.tables][1:] == [len(b["rows"]) for b in tables]


def test_the_report_answers_every_letter_of_the_rules(content) -> None:
    said = {section["key"]: section for section in content["sections"]}
    assert len(said["organizations"]["blocks"][0]["rows"]) == 4
    assert said["openness"]["blocks"][0]["rows"][0][1:3] == ["14 из 17", "18 из 19"]
    assert "Опрошено: 6\u202f006" in said["satisfaction"]["text"]
    assert {f"K{n}" for n in range(1, 6)} <= said.keys()
    assert "Питьевая вода" in str(said["deficiencies"]["blocks"])
    assert "Средняя итоговая оценка" in said["conclusions"]["text"]
    assert "Обеспечить: питьевая вода. Касается всех организаций." in said["proposals"]["text"]


def test_the_contents_name_the_page_on_which_a_section_begins(content, pdf) -> None:
    pages = [flat(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
    [listed] = [text for text in pages if text.count("Приложение") > 5 and "Содержание" in text]
    for section in content["sections"]:
        found = re.search(re.escape(section["title"]) + r"[ .]*(\d+)", listed)
        assert found is not None, section["title"]
        assert section["title"] in pages[int(found[1]) - 1]
    assert [text.split()[-1] for text in pages][1:] == [str(number) for number in range(2, len(pages) + 1)]


def test_the_pdf_is_tagged_speaks_russian_and_carries_its_input(pdf) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        assert str(whole.Root.Lang) == "ru" and whole.Root.MarkInfo.Marked
        assert b"pdfuaid" in whole.Root.Metadata.read_bytes()
        assert b"<pdfaid:part>3<" in whole.Root.Metadata.read_bytes()
        assert "Отчёт о сборе" in str(whole.docinfo["/Title"])
        fonts = {
            str(o.BaseFont) for o in whole.objects if isinstance(o, pikepdf.Dictionary) and "/BaseFont" in o
        }
    assert {re.sub(r"^/\w+\+|-.*", "", font) for font in fonts} <= {
        "GolosPrint", "GolosPrintCyrillic", "SerifPrint", "SerifPrintCyrillic", "SignsPrint",
    }  # fmt: skip
    assert b'"K7M4PX2D"' not in enclosed(pdf, "input.json")
    assert enclosed(pdf, "input.json").count(b'"respondents"') == 4


def test_the_docx_is_times_new_roman_on_a4_with_alternatives_and_repeated_headings(docx) -> None:
    first, body = docx.sections[0], docx.element.body
    assert [round(side.cm, 1) for side in (first.left_margin, first.right_margin, first.top_margin)] == [
        3,
        1.5,
        2,
    ]
    assert docx.styles["Normal"].font.name == "Times New Roman"
    assert {part.orientation for part in docx.sections} == {0, 1}
    assert docx.core_properties.language == "ru-RU"
    assert docx.core_properties.title.startswith("Отчёт о сборе")
    assert docx.core_properties.author == FACTS.operator
    pictures = body.xpath(".//wp:docPr")
    assert len(pictures) == 6 and all(
        "баллы" in p.get("descr") or "критериям" in p.get("descr") for p in pictures
    )
    assert len(body.xpath(".//w:tblHeader")) == len(docx.tables)
    assert len(body.xpath(".//w:instrText[contains(., 'PAGEREF')]")) == len(report.PARTS)


def test_the_same_report_gives_the_same_pdf(content, pdf) -> None:
    assert drawn(content) == pdf


def test_a_report_in_parts_is_one_document(content, monkeypatch) -> None:
    monkeypatch.setattr(parts, "PART", 3)
    monkeypatch.setattr(apart, "FEW", 99)  # no process of its own for so little
    few = [one for one in content["sections"] if one["key"] in ("organizations", "K1", "annex-counts")]
    parted = drawn({**content, "sections": few})
    assert "продолжение" in reading(parted)
    rows = [row for one in few for it in one["blocks"] if it["kind"] == "table" for row in it["rows"]]
    text = flat(reading(parted))
    assert [cell for row in rows for cell in row if flat(cell) not in text] == []
    structure(parted)


def test_every_page_of_the_pdf_finds_its_elements(pdf) -> None:
    structure(pdf)


def structure(content: bytes) -> None:
    """Parent tree, header names, alternatives: what pdf/ua asks of the joined whole."""
    with pikepdf.open(io.BytesIO(content)) as whole:
        assert whole.check_pdf_syntax() == []
        root = whole.Root.StructTreeRoot
        keys: dict[int, Any] = {}
        for branch in root.ParentTree.Kids:
            numbers = list(branch.Nums)
            keys |= {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
        assert int(root.ParentTreeNextKey) == len(keys)
        for page in whole.pages:
            found = keys[int(page.obj.StructParents)]
            assert {one.Pg.objgen for one in found} == {page.obj.objgen}
        elements = [one for one in whole.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        named = {str(one.ID) for one in elements if one.S == "/TH" and "/ID" in one}
        headers = [str(h) for one in elements if one.S == "/TD" for h in one.A.get("/Headers", [])]
        assert headers and set(headers) <= named
        assert all(one.get("/Alt") for one in elements if one.S == "/Figure")


def test_a_sheet_on_its_side_is_filed_by_its_top(pdf, docx) -> None:
    """Three centimetres over the text of a landscape page, the running title in them, in both documents."""
    heights = lying(pdf)
    assert heights and min(heights) > 20
    sides = [one for one in docx.sections if one.orientation]
    assert sides and {round(one.top_margin.cm, 1) for one in sides} == {3}
    assert {round(one.top_margin.cm, 1) for one in docx.sections if not one.orientation} == {2}


def test_cruel_names_are_printed_as_text(workshop) -> None:
    cruel = [replace(one, name=CRUEL, short_name="", inn="=1+1") for one in campaign(2).standings]
    content = made(replace(campaign(2), standings=cruel))
    for text in (
        flat(reading(drawn(content))),
        read(Document(io.BytesIO(report_docx(content, STAMP)))),
    ):
        assert "<script>«О'Нил & K»</script>" in text
        assert "\x00" not in text and "Оченьдлинноеслово" in text


def test_a_campaign_of_silence_is_a_report_that_says_so(workshop) -> None:
    bare = nok.Observations.read({"sector": "health", "inspection": None, "answers": {}})
    nobody = standing(
        observations=bare, result=nok.assess(bare, EDITION, FACTS.practice), responses=0, channels={},
        profile={}, place=None, deficiencies={}, inspected=False,
    )  # fmt: skip
    keys = [*EDITION.indicators, *EDITION.criteria, "total"]
    content = made(CampaignResults(FACTS, [nobody], dict.fromkeys(keys), 0, None))
    text = flat(reading(drawn(content)))
    assert "Критерий не рассчитан ни для одной организации" in text
    assert "Анкет нет об организациях: Поликлиника № 12" in text
    assert "0,00" not in text


def test_what_the_stand_lacks_is_named(workshop) -> None:
    found = Inspection(missing={"stand": ["Копия лицензии"], "site": []})
    content = made(inspections={"C0": found})
    [told] = [s for s in content["sections"] if s["key"] == "deficiencies"]
    assert "Информация на стендах: Копия лицензии." in str(told["blocks"])
    assert str(told["blocks"]).count("Копия лицензии") == 1


@pytest.mark.parametrize(
    ("yes", "asked", "low"), [(89, 100, True), (90, 100, False), (0, 9, False), (8, 10, True)]
)
def test_a_share_is_low_below_the_threshold_and_not_of_a_few(workshop, yes, asked, low) -> None:
    one = standing(answers={"recommend": [yes, asked]})
    assert ("recommend" in {s.measure for s in material(campaign(2)).low(one)}) is low


def test_every_question_and_every_list_has_its_words() -> None:
    assert wording().shares.keys() == set(FEEDS)
    assert wording().absent.keys() == {"stand", "site", *nok.BLOCKS}
    for many, proposal in wording().absent.values():
        assert "{item}" in many and proposal.format(item="вода").endswith(".")
    for low, proposal in wording().shares.values():
        assert low.format(threshold=90) and proposal.endswith(".")


def test_words_written_over_stand_in_place_of_the_drafted_ones(workshop) -> None:
    m = material(campaign(3))
    drafted = report.section(report.BY_KEY["proposals"], m, None)
    held = ReportSection(
        key="proposals", text="Своё.", basis=drafted["basis"], version=3, edited_by="petrov",
        edited_at=datetime(2026, 11, 20),  # noqa: DTZ001
    )  # fmt: skip
    shown = report.section(report.BY_KEY["proposals"], m, held)
    assert (shown["text"], shown["drafted"], shown["changed"]) == ("Своё.", drafted["text"], False)
    other = report.section(report.BY_KEY["proposals"], material(campaign(4)), held)
    assert other["changed"]


def test_the_unverified_is_said(workshop) -> None:
    def of(sector: str) -> Standing:
        seen = replace(standing().observations, sector=sector)
        return replace(standing(), result=nok.assess(seen, EDITION, FACTS.practice), observations=seen)

    content = made(replace(campaign(2), standings=[of("social"), of("social")]))
    [method] = [s for s in content["sections"] if s["key"] == "method"]
    assert "не сверенные с официальным текстом" in str(method["blocks"])
    assert "Объем выборки: 40 % получателей" in str(method["blocks"])
    assert "ПП РФ № 638" in str(method["blocks"])


def test_the_method_names_the_questionnaires_that_were_answered(workshop) -> None:
    pinned = {"poster": "bus-gov-13", "paper": "675n-full", "phone": "675n-full", "site": "epgu-5"}
    rows = [replace(one, channels={"paper": 7, "phone": 2, "poster": 0}) for one in campaign(2).standings]
    results = replace(campaign(2), standings=rows, facts=replace(FACTS, questionnaires=pinned))
    [method] = [s for s in made(results)["sections"] if s["key"] == "method"]
    assert "анкеты «Анкета получателя услуг по методике № 675н»." in flat(method["text"])
    assert "bus-gov" not in method["text"] and "реконструкция" not in method["text"]


def test_rows_of_files_are_counted_each_under_its_own_name(workshop) -> None:
    def file(kind: Kind, accepted: int, refused: int) -> Batch:
        return Batch(id=1, file_name="файл.xlsx", kind=kind, state=State.COUNTED,
                     report={"accepted": accepted, "refused_rows": refused})  # fmt: skip

    told, _tables = quality._files(
        Desk(
            campaign=cast(Campaign, None),
            results=None,
            batches=[file(Kind.ANSWERS, 300, 9), file(Kind.CHECKLISTS, 20, 1), file(Kind.ANSWERS, 50, 0)],
        )
    )
    assert told == (
        "Загружено файлов: 3. Анкет учтено: 350, строк отклонено: 9. Чек-листов учтено: 20, отклонено: 1."
    )


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Поликлиники Москвы", "Поликлиники Москвы, 2026"),
        ("Поликлиники Москвы, 2026", "Поликлиники Москвы, 2026"),
        ("Поликлиники, 2026 год", "Поликлиники, 2026 год"),
        ("Поликлиники, 2026 г.", "Поликлиники, 2026 г."),
        ("Поликлиники, 2025", "Поликлиники, 2025, 2026"),
        ("2026: поликлиники", "2026: поликлиники, 2026"),
    ],
)
def test_a_title_page_names_the_year_once(title, told) -> None:
    assert with_year(title, 2026) == told


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Один\nабзац\n\nВторой", [("Один абзац", ()), ("Второй", ())]),
        ("Вот:\n- раз\n  и ещё\n- два\n\nИтого", [("Вот:", ()), ("", ("раз и ещё", "два")), ("Итого", ())]),
        ("— тире\r\n• точка", [("", ("тире", "точка"))]),
        ("-без пробела", [("-без пробела", ())]),
        ("# не заголовок **и не жирно** <b>", [("# не заголовок **и не жирно** <b>", ())]),
        (" \x00\ud800\n\n\n", []),
    ],
)
def test_typed_words_are_paragraphs_and_lists_and_nothing_else(typed, read) -> None:
    assert [(p.text, tuple(p.items)) for p in markup.passages(typed)] == read


def test_a_column_without_a_word_is_left_out() -> None:
    made = blocks.table("Т", [("А", "", 1), ("Б", "", 1), ("В", "", 1)], [("1", "", "2"), ("3", "", "")])
    assert (made["head"], made["rows"]) == ([["А", "", 1], ["В", "", 1]], [["1", "2"], ["3", ""]])


def test_a_chart_is_drawn_from_exact_values_and_names_each() -> None:
    lines = [("K1 Открытость", nok.Figure(Fraction(200, 3))), ("K2", None)]
    block = blocks.chart("Средние", lines)
    assert block["lines"] == [["K1 Открытость", "200/3"], ["K2", None]]
    drawn = blocks.drawn_chart(block, WIDE)
    assert "66,67" in drawn.spoken and "нет данных" in drawn.spoken
    assert picture(drawn).startswith(b"\x89PNG")


def test_a_draft_is_known_by_its_words_and_figures() -> None:
    one = report.basis(Draft("Слова", [blocks.said("х")]))
    assert one == report.basis(Draft("Слова", [blocks.said("х")]))
    assert len({one, report.basis(Draft("Слова")), report.basis(Draft("Слово", [blocks.said("х")]))}) == 3


def test_what_was_begun_and_left_is_swept_with_its_folder(tmp_path) -> None:
    for name, age in (("left", 15), ("fresh", 1)):
        part = tmp_path / f"{name}.parts" / "00001.pdf"
        keeping.put(part, b"%PDF-")
        os.utime(part, (time.time() - age * 86_400,) * 2)
    keeping.sweep(tmp_path.glob("*"), 14 * 86_400)
    keeping.sweep_parts(tmp_path, 14 * 86_400)
    assert [one.name for one in tmp_path.iterdir()] == ["fresh.parts"]
