"""The plan in the official form as DOCX: A4 on its side, the head of the table on every page."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from flask_babel import gettext as _

from council.plans.official import Paper
from documents import word
from documents.drawing import made
from surveys.display import unbroken

COLUMNS = (5.3, 5.3, 2.6, 4.4, 5.6, 3.0)  # centimetres
SIZE = 20  # half points
ALONE = 4  # columns that stand alone in the head; the last two share a title
RULE = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="404040"/>'


def plan_docx(plan: Paper) -> bytes:
    """The whole document."""
    paper = word.dressed({"Normal": 12, "Title": 14})
    word.turned(paper.sections[0], side=True)
    about = paper.core_properties
    about.title = f"{plan.title}: {plan.organization}"[:250]
    about.language, about.author, about.comments = "ru-RU", plan.organization[:250], ""
    about.created = about.modified = made().replace(tzinfo=None)
    if plan.demo:
        paper.add_paragraph(_("Демонстрационные данные. Организация настоящая, план придуман для показа."))
    for text in (_("УТВЕРЖДАЮ"), plan.approver or "________________________", _signed(plan.approved_on)):
        line = paper.add_paragraph(text)
        line.alignment, line.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.RIGHT, Pt(2)
    title = paper.add_paragraph(style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run(plan.title)
    for text in filter(None, (unbroken(plan.organization), plan.term)):
        paper.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if plan.state:
        paper.add_paragraph(plan.state).alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.element.body.insert_element_before(parse_xml("".join(_table(plan))), "w:sectPr")
    for text in (_("Руководитель организации ____________________ / ____________________"), *_said(plan)):
        paper.add_paragraph(text).paragraph_format.space_before = Pt(12)
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _signed(day: str) -> str:
    return f"________________ {day or '«____» ______________ 20__'}"


def _said(plan: Paper) -> list[str]:
    heard = (
        [_("Отзывы граждан о мероприятиях, в форму плана не входят:"), *plan.reviews] if plan.reviews else []
    )
    return [*heard, *(f"{_('Не сверено с актом:')} {note}." for note in plan.unverified)]


def _table(plan: Paper) -> Iterator[str]:
    borders = "".join(RULE.format(side) for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    yield f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_twips(COLUMNS)}" w:type="dxa"/>'
    yield f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    yield '<w:tblLook w:val="0020" w:firstRow="1"/>'
    yield "</w:tblPr><w:tblGrid>"
    yield "".join(f'<w:gridCol w:w="{_twips([one])}"/>' for one in COLUMNS)
    yield "</w:tblGrid>"
    yield from _head(plan.columns)
    for part in plan.parts:
        yield _row([_cell(part.title, COLUMNS, span=len(COLUMNS), bold=True)], keep=True)
        for row in part.rows:
            yield _row(_cell(text, [width]) for text, width in zip(row, COLUMNS, strict=True))
        if not part.rows:
            yield _row([_cell(part.empty, COLUMNS, span=len(COLUMNS))])
    yield "</w:tbl>"


def _head(columns: Sequence[str]) -> Iterator[str]:
    above = [_cell(columns[n], [COLUMNS[n]], bold=True, merge="restart") for n in range(ALONE)]
    shared = _cell(columns[ALONE], COLUMNS[ALONE:], span=2, bold=True)
    yield _row([*above, shared], head=True)
    below = [_cell("", [COLUMNS[n]], merge="continue") for n in range(ALONE)]
    under = [_cell(columns[n + 1], [COLUMNS[n]], bold=True) for n in (ALONE, ALONE + 1)]
    yield _row([*below, *under], head=True)


def _row(cells: Iterator[str] | Sequence[str], *, head: bool = False, keep: bool = False) -> str:
    about = "<w:cantSplit/>" if head or keep else ""
    return f"<w:tr><w:trPr>{about}{'<w:tblHeader/>' if head else ''}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(text: str, widths: Sequence[float], *, span: int = 1, bold: bool = False, merge: str = "") -> str:
    about = f'<w:tcW w:w="{_twips(widths)}" w:type="dxa"/>'
    about += f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    about += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    told = "".join(
        f'<w:p><w:pPr><w:spacing w:after="0"/></w:pPr><w:r><w:rPr>{"<w:b/>" if bold else ""}'
        f'<w:sz w:val="{SIZE}"/></w:rPr><w:t xml:space="preserve">{escape(unbroken(line))}</w:t></w:r></w:p>'
        for line in text.split("\n")
    )
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{told}</w:tc>"


def _twips(widths: Sequence[float]) -> int:
    return int(sum(widths) * word.TWIPS)
