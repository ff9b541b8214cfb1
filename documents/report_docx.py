"""The operator's report as DOCX: the same structure as the PDF, in styles that Word and LibreOffice know."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from docx.document import Document as Paper
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from flask_babel import gettext as _

from documents import word
from documents.presentation import with_year
from documents.word import SIDE, TWIPS, UPRIGHT


def report_docx(report: Mapping[str, Any], stamp: Mapping[str, Any]) -> bytes:
    """The whole document; `stamp` as for the PDF."""
    paper = word.dressed()
    _entitle(paper, report, stamp)
    _cover(paper, report, stamp)
    _contents(paper, report["sections"])
    side = False
    for number, section in enumerate(report["sections"]):
        wants = any(block.get("side") for block in section["blocks"])
        if wants != side or not number:
            _turn(paper, wants)
            side = wants
        _section(paper, section, number, SIDE if side else UPRIGHT)
    word.feet(paper, stamp["foot"])
    return word.saved(paper)


def _entitle(paper: Paper, report: Mapping[str, Any], stamp: Mapping[str, Any]) -> None:
    cover = report["cover"]
    author = next((value for name, value in cover["lines"] if name == _("Оператор")), "")
    comments = f"SHA-256: {stamp['sha256']}" if stamp["sha256"] else ""
    title, day = f"{cover['title']}: {cover['campaign']}", date.fromisoformat(stamp["day"])
    word.entitled(paper, title, author, stamp["state"], day, comments)


def _cover(paper: Paper, report: Mapping[str, Any], stamp: Mapping[str, Any]) -> None:
    cover = report["cover"]
    if cover["demo"]:
        paper.add_paragraph(_("Демонстрационные данные. Ответы созданы для показа."))
    paper.add_paragraph(stamp["state"]).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = paper.add_paragraph(cover["title"], style="Title")
    title.alignment, title.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.CENTER, Pt(90)
    paper.add_paragraph(with_year(cover["campaign"], cover["year"])).alignment = WD_ALIGN_PARAGRAPH.CENTER
    head = [(_("Сведения"), "", 30), (_("Значение"), "", 70)]
    word.append(paper, word.table(_("Сведения об оценке"), head, cover["lines"], UPRIGHT))
    if stamp["sha256"]:
        line = paper.add_paragraph(f"{_('Контрольная сумма пакета (SHA-256):')} {stamp['sha256']}")
        line.runs[0].font.size = Pt(9)


def _contents(paper: Paper, sections: Sequence[Mapping[str, Any]]) -> None:
    """Each title with a reference to its page, filled by the reader's program when it opens the file."""
    heading = paper.add_paragraph()
    heading.paragraph_format.page_break_before = True
    heading.add_run(_("Содержание")).bold = True
    for number, section in enumerate(sections):
        reference = word.field(f" PAGEREF {_mark(number)} \\h ", dirty=True)
        word.append(
            paper,
            f'<w:p {nsdecls("w")}><w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{int(UPRIGHT * TWIPS)}"/>'
            f'</w:tabs><w:spacing w:after="60"/></w:pPr><w:hyperlink w:anchor="{_mark(number)}">'
            f"{word.run(section['title'])}<w:r><w:tab/></w:r>{reference}<w:r><w:t>…</w:t></w:r>"
            f'<w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink></w:p>',
        )
    settings = paper.settings.element
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    settings.append(update)


def _mark(number: int) -> str:
    return f"_Toc{100000 + number}"


def _turn(paper: Paper, side: bool) -> None:
    word.turned(paper.add_section(WD_SECTION.NEW_PAGE), side=side)


def _section(paper: Paper, section: Mapping[str, Any], number: int, width: float) -> None:
    heading = paper.add_heading(section["title"], 1)._p
    for tag, before in (("w:bookmarkStart", True), ("w:bookmarkEnd", False)):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if before:
            mark.set(qn("w:name"), _mark(number))
            heading.insert(1, mark)
        else:
            heading.append(mark)
    word.words(paper, section["text"])
    for block in section["blocks"]:
        word.put(paper, block, width)
