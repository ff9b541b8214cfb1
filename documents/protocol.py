"""The protocol of a council's meeting on paper: one structure, drawn as PDF/UA-1 and as a DOCX to be edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from documents import word
from documents.blocks import Block
from documents.drawing import drawn
from documents.markup import passages
from documents.presentation import dated
from surveys import qr
from surveys.display import unbroken

CHECKED = _l("Проверить утверждённые результаты")
LINE = "______________________"


@dataclass(frozen=True)
class Part:
    """A heading of the protocol, words under it, tables after them."""

    title: str
    text: str = ""
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class Protocol:
    """What a protocol says; `draft` says why it may not be signed yet, `people` and `signatures`: post, name.

    `verify` leads to the page of the approved release: `url` for people, `address` for
    programs, the same as a `code`, the hash in `words`.
    """

    number: str
    body: str
    campaign: str
    held_on: date | None
    place: str
    people: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    signatures: Sequence[tuple[str, str]]
    draft: str
    day: date
    demo: bool = False
    verify: Mapping[str, str] | None = None

    @property
    def title(self) -> str:
        """«Протокол № 7»."""
        return str(_("Протокол № %(number)s", number=self.number or "____"))

    @property
    def meeting(self) -> str:
        """Whose meeting it was."""
        return str(_("заседания общественного совета"))

    @property
    def when(self) -> str:
        """The day, or a line to write it on."""
        return dated(self.held_on) if self.held_on else "«____» ______________ 20__ " + _("г.")

    @property
    def foot(self) -> str:
        """At the foot of every page."""
        return f"{self.title}. {self.draft}" if self.draft else self.title


def protocol_pdf(told: Protocol) -> bytes:
    """As PDF/UA-1, ready to be printed and signed."""
    context = {"told": told, "passages": passages, "line": LINE, "checked": CHECKED}
    return drawn("print/protocol.html", sheet="protocol.css", **context)


def protocol_docx(told: Protocol) -> bytes:
    """The same for the secretary's own words."""
    paper = word.dressed()
    word.entitled(paper, f"{told.title}. {told.campaign}", told.body, told.draft, told.day)
    if told.demo:
        paper.add_paragraph(_("Демонстрационные данные. Ответы созданы для показа."))
    if told.draft:
        paper.add_paragraph(told.draft).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = paper.add_paragraph(told.title, style="Title")
    for one in (
        title,
        *(paper.add_paragraph(unbroken(words)) for words in (told.meeting, told.body) if words),
    ):
        one.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _tabbed(paper, told.when, told.place, word.UPRIGHT, WD_TAB_ALIGNMENT.RIGHT)
    for post, name in told.people:
        paper.add_paragraph(f"{post}: {name or LINE}")
    for part in told.parts:
        paper.add_heading(part.title, 1)
        word.words(paper, part.text)
        for block in part.blocks:
            word.put(paper, block, word.UPRIGHT)
    if told.verify:
        _verified(paper, told.verify)
    for post, name in told.signatures:
        _tabbed(paper, post, f"{LINE}\t{name}", 6.5, WD_TAB_ALIGNMENT.LEFT, 12.5).space_before = Pt(24)
    word.feet(paper, told.foot)
    return word.saved(paper)


def _verified(paper: Any, told: Mapping[str, str]) -> None:
    """The code that leads to the release, as words and as a picture."""
    line = paper.add_paragraph()
    line.paragraph_format.space_before = Pt(12)
    line.paragraph_format.keep_with_next = True
    line.add_run(f"{CHECKED}: {told['url']}. {_('Хэш выпуска:')} {told['words']}")
    code = paper.add_picture(BytesIO(qr.png(told["address"], module_pixels=8)), width=Cm(2.6))
    code._inline.docPr.set("descr", str(_("Код со ссылкой на проверку: %(url)s", url=told["url"])))


def _tabbed(paper: Any, left: str, right: str, at: float, align: Any, then: float | None = None) -> Any:
    line = paper.add_paragraph(f"{left}\t{right}")
    line.paragraph_format.tab_stops.add_tab_stop(Cm(at), align)
    if then is not None:
        line.paragraph_format.tab_stops.add_tab_stop(Cm(then))
    line.paragraph_format.keep_together = True
    return line.paragraph_format
