"""The house's Word paper: styles, words, tables, charts and feet that every DOCX of ours is made of.

Tables are written as XML at once: a cell by the library's own way costs the more the longer its table is.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Cm, Pt
from flask_babel import gettext as _

from documents.bars import picture
from documents.blocks import drawn_chart
from documents.drawing import made
from documents.markup import passages
from surveys.display import unbroken

FACE = "Times New Roman"
TWIPS = 567  # in a centimetre
UPRIGHT, SIDE = 16.5, 26.2  # widths of the text in centimetres
SIZES: Mapping[str, float] = {
    "Normal": 14,
    "Title": 20,
    "Heading 1": 16,
    "Heading 2": 14,
    "List Bullet": 14,
}
MANY = 4  # columns: such a row stays on one page
RULE = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'


def dressed(sizes: Mapping[str, float] = SIZES) -> Paper:
    """A new paper: A4, the margins of the field's documents, Times, Russian; `sizes` of its styles in points."""
    paper = Document()
    for name, size in sizes.items():
        style = paper.styles[name]
        style.font.name, style.font.size = FACE, Pt(size)
        style.font.color.rgb = None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for slot in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(slot), FACE)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
        if name not in ("Normal", "List Bullet"):
            style.font.bold = True
        style.paragraph_format.space_after = Pt(6)
    paper.styles["Title"].element.get_or_add_pPr().remove_all("w:pBdr")
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ru-RU")
    paper.styles["Normal"].element.get_or_add_rPr().append(language)
    turned(paper.sections[0], side=False)
    return paper


def turned(section: Section, *, side: bool) -> None:
    """A4 with three centimetres for the file: on the left, or at the top of a sheet that lies on its side."""
    section.orientation = WD_ORIENT.LANDSCAPE if side else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if side else (Cm(21), Cm(29.7))
    section.left_margin, section.right_margin = Cm(2 if side else 3), Cm(1.5)
    section.top_margin, section.bottom_margin = Cm(3 if side else 2), Cm(1.8 if side else 2)


def entitled(paper: Paper, title: str, author: str, state: str, day: date, comments: str = "") -> None:
    """What a program shows of the file beside its text."""
    about = paper.core_properties
    about.title, about.author, about.category, about.comments = title[:250], author[:250], state, comments
    about.subject = _("Независимая оценка качества условий оказания услуг")
    about.language = "ru-RU"
    about.created = about.modified = datetime.combine(day, made().time())
    about.last_modified_by = about.author


def saved(paper: Paper) -> bytes:
    """The file."""
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def words(paper: Paper, text: str) -> None:
    """Typed words: paragraphs and lists."""
    for passage in passages(text):
        if passage.text:
            paper.add_paragraph(unbroken(passage.text))
        for item in passage.items:
            paper.add_paragraph(unbroken(item), style="List Bullet")


def put(paper: Paper, block: Mapping[str, Any], width: float) -> None:
    """A block of documents.blocks."""
    if block["kind"] == "heading":
        paper.add_heading(block["text"], 2)
    elif block["kind"] == "said":
        words(paper, block["text"])
    elif block["kind"] == "chart":
        _chart(paper, block, width)
    else:
        caption = paper.add_paragraph()
        caption.add_run(block["caption"]).bold = True
        caption.paragraph_format.keep_with_next = True
        append(paper, table(block["caption"], block["head"], block["rows"], width))


def _chart(paper: Paper, block: Mapping[str, Any], width: float) -> None:
    drawn = drawn_chart(block)
    caption = paper.add_paragraph()
    caption.add_run(block["title"]).bold = True
    caption.paragraph_format.keep_with_next = True
    shape = paper.add_picture(BytesIO(picture(drawn)), width=Cm(min(width, UPRIGHT)))
    shape._inline.docPr.set("descr", drawn.spoken)
    shape._inline.docPr.set("title", block["title"])


def table(caption: str, head: Sequence[Sequence[Any]], rows: Sequence[Sequence[str]], width: float) -> str:
    """A table as XML for `append`; columns as in documents.blocks."""
    whole = sum(share for _title, _align, share in head)
    columns = [int(width * TWIPS * share / whole) for _title, _align, share in head]
    borders = "".join(RULE.format(side) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
    size = 20 if len(head) < 8 else 16  # half points
    return "".join(
        [
            f"<w:tbl {nsdecls('w')}><w:tblPr>",
            f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>',
            '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>',
            '<w:right w:w="60" w:type="dxa"/></w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1"/>',
            f"<w:tblCaption w:val={quoteattr(caption)}/></w:tblPr>",
            f"<w:tblGrid>{grid}</w:tblGrid>",
            _row([title for title, _align, _share in head], head, columns, size, first=True),
            *(_row(row, head, columns, size) for row in rows),
            "</w:tbl>",
        ]
    )


def _row(
    cells: Sequence[str],
    head: Sequence[Sequence[Any]],
    columns: Sequence[int],
    size: int,
    *,
    first: bool = False,
) -> str:
    whole = "<w:cantSplit/>" if len(head) >= MANY else ""  # a row of few columns may be longer than a page
    header = f"<w:trPr>{whole}{'<w:tblHeader/>' if first else ''}</w:trPr>" if whole or first else ""
    told = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f"{''.join(_lines(text, column[1], size, first))}</w:tc>"
        for text, column, width in zip(cells, head, columns, strict=True)
    )
    return f"<w:tr>{header}{told}</w:tr>"


def _lines(text: str, align: str, size: int, bold: bool) -> Iterator[str]:
    side = '<w:jc w:val="right"/>' if align else ""
    for line in text.split("\n"):
        yield f'<w:p><w:pPr><w:spacing w:after="0"/>{side}</w:pPr>{run(line, size, bold)}</w:p>'


def run(text: str, size: int = 0, bold: bool = False) -> str:
    """A run of text as XML; the size in half points."""
    weight = "<w:b/>" if bold else ""
    told = f'<w:rPr>{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>' if size else ""
    return f'<w:r>{told}<w:t xml:space="preserve">{escape(unbroken(text))}</w:t></w:r>'


def append(paper: Paper, xml: str) -> None:
    """A paragraph or a table of XML at the end."""
    if not xml.startswith("<w:p ") and not xml.startswith("<w:tbl "):
        raise ValueError(xml[:20])
    paper.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
    if xml.startswith("<w:tbl "):
        paper.add_paragraph().paragraph_format.space_after = Pt(0)


def field(instruction: str, *, dirty: bool = False) -> str:
    """The beginning of a field that the reader's program fills in."""
    again = ' w:dirty="true"' if dirty else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"{again}/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{escape(instruction)}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def feet(paper: Paper, foot_text: str) -> None:
    """Every later section takes its foot from the first."""
    foot = paper.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for told in (f"{foot_text} · ", "PAGE", _(" из "), "NUMPAGES"):
        if told in ("PAGE", "NUMPAGES"):
            ends = '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
            for run in parse_xml(f"<w:p {nsdecls('w')}>{field(f' {told} ')}{ends}</w:p>"):
                foot._p.append(run)
        else:
            foot.add_run(told).font.size = Pt(9)
