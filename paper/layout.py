"""A questionnaire laid out as a form on A4, and where every box came to stand: taken from the rendered page tree.

Nothing is typed in by hand: the page is rendered once to measure the questions, once more with each at its place, and
the places of marks, boxes and fields are read off that rendering. `paper.frame` holds what never moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from documents.drawing import STATIC, OwnFiles
from paper import frame
from paper.geometry import Box, Geometry, Side, Spot
from paper.serials import MOST_SIDES
from surveys.questionnaire import Question, Questionnaire

PRINTS = ("usual", "large")
LINE = 0.4
LEFT, RIGHT, TOP, BOTTOM = 20.5, 189.5, 38.0, 277.5
GUTTER = 6.0
HOW_HEIGHT = {"usual": 24.0, "large": 52.0}
MOST_GAP = 5.0
LINES = 4
MOST_KEPT = 16

_MM = 25.4 / 96
_laid: dict[tuple[str, str, str], Form] = {}
_drawing = Lock()  # a font configuration may be used by one thread at a time


class DoesNotFit(Exception):
    """A question is longer than a page, or the form has more sides than a code can tell."""


@dataclass(frozen=True)
class Form:
    """A questionnaire as printed: the blank PDF (nothing of one sheet or one organisation on it) and its places."""

    questionnaire: Questionnaire
    print: str
    geometry: Geometry
    blank: bytes

    @property
    def sides(self) -> int:
        """How many printed pages one sheet of answers has."""
        return len(self.geometry.sides)


@dataclass(frozen=True)
class _Block:
    question: Question
    height: float
    gap: float = 0.0
    lines: int = LINES


@dataclass(frozen=True)
class _Column:
    spot: Spot
    blocks: tuple[_Block, ...]


@dataclass(frozen=True)
class _Page:
    number: int
    columns: tuple[_Column, ...]
    over: bool = False

    @property
    def marks(self) -> list[tuple[int, Spot, Markup]]:
        """The marks of this side with their drawings."""
        return [(n, spot, Markup(frame.drawing(n))) for n, spot in frame.marks(self.number).items()]  # noqa: S704


def laid(questionnaire: Questionnaire, print: str = "usual") -> Form:
    """The form of a questionnaire; `print` is one of `PRINTS`. DoesNotFit when it cannot be printed."""
    if print not in PRINTS:
        raise ValueError(f"no such print: {print}")
    key = (questionnaire.id, questionnaire.content_hash, print)
    if key not in _laid:
        if len(_laid) >= MOST_KEPT:
            _laid.clear()
        _laid[key] = _lay(questionnaire, print)
    return _laid[key]


def _lay(questionnaire: Questionnaire, print: str) -> Form:
    pages = _pages(questionnaire, print, _measured(questionnaire, print))
    document = _rendered(questionnaire, print, pages)
    if len(document.pages) != len(pages):
        raise DoesNotFit("a page runs over")
    geometry = Geometry(
        frame.WIDTH, frame.HEIGHT, LINE, tuple(_side(page._page_box) for page in document.pages)
    )
    with _drawing:
        blank: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return Form(questionnaire, print, geometry, blank)


def _slots(print: str) -> Iterator[tuple[int, Spot]]:
    """Columns in reading order: (page from 1, place)."""
    width = RIGHT - LEFT if print == "large" else (RIGHT - LEFT - GUTTER) / 2
    for page in range(1, MOST_SIDES + 1):
        top = TOP + (HOW_HEIGHT[print] if page == 1 else 0)
        x = LEFT
        while x < RIGHT - 1:
            yield page, Spot(x, top, width, BOTTOM - top)
            x += width + GUTTER


def _measured(questionnaire: Questionnaire, print: str) -> list[_Block]:
    """How high each question stands in a column of its edition."""
    _page, spot = next(_slots(print))
    blocks = tuple(_Block(question, 0) for question in questionnaire.questions)
    tall = _Page(1, (_Column(spot, blocks),))
    document = _rendered(
        questionnaire,
        print,
        [tall],
        css="@page, .page { height: 9000mm !important } @page { size: 210mm 9000mm }",
    )
    heights = {name: spot.height for name, spot in _named(document.pages[0]._page_box, "data-ask")}
    return [replace(block, height=heights[block.question.id]) for block in blocks]


def _pages(questionnaire: Questionnaire, print: str, blocks: list[_Block]) -> list[_Page]:
    """Questions into columns, in order, each whole."""
    filled: list[tuple[int, Spot, list[_Block]]] = []
    slots = _slots(print)
    room = 0.0
    for block in blocks:
        while block.height > room:
            if filled and not filled[-1][2]:
                raise DoesNotFit(f"{questionnaire.id}: {block.question.id}")
            try:
                page, spot = next(slots)
            except StopIteration:
                raise DoesNotFit(questionnaire.id) from None
            filled.append((page, spot, []))
            room = spot.height
        filled[-1][2].append(block)
        room -= block.height
    last = filled[-1][0]
    return [
        _Page(
            number,
            tuple(_spread(spot, held) for page, spot, held in filled if page == number),
            over=bool(number % 2) and number < last,
        )
        for number in range(1, last + 1)
    ]


def _spread(spot: Spot, blocks: list[_Block]) -> _Column:
    """Air that is left over goes between the questions."""
    spare = spot.height - sum(block.height for block in blocks) - 0.5
    gap = round(min(MOST_GAP, max(0.0, spare) / max(1, len(blocks) - 1)), 2)
    return _Column(
        spot, tuple(replace(block, gap=gap if place else 0.0) for place, block in enumerate(blocks))
    )


def _rendered(questionnaire: Questionnaire, print: str, pages: list[_Page], css: str = "") -> Document:
    html = (
        _templates()
        .get_template("print/form.html")
        .render(
            title=questionnaire.title,
            print=print,
            pages=pages,
            count=len(pages),
            frame=frame,
            how=Spot(LEFT, TOP, RIGHT - LEFT, HOW_HEIGHT[print]),
        )
    )
    with _drawing:
        fonts, styles = _workshop()
        sheets = [styles, CSS(string=css)] if css else [styles]
        page = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=OwnFiles())
        return page.render(stylesheets=sheets, font_config=fonts)


def _side(page: Any) -> Side:
    (code,), (digits,) = _named(page, "data-code"), _named(page, "data-digits")
    boxes = tuple(
        Box(box.element.get("data-box"), box.element.get("data-value"), _spot(box))
        for box in _with(page, "data-box")
    )
    return Side(
        markers={int(number): spot for number, spot in _named(page, "data-mark")},
        code=code[1],
        digits=digits[1],
        boxes=boxes,
        words=dict(_named(page, "data-words")),
        asked=dict(_named(page, "data-ask")),
    )


def _named(page: Any, attribute: str) -> list[tuple[str, Spot]]:
    return [(box.element.get(attribute), _spot(box)) for box in _with(page, attribute)]


def _with(page: Any, attribute: str) -> Iterator[Any]:
    """The outermost rendered box of each element that has the attribute."""
    seen = set()
    for box in page.descendants(placeholders=True):
        element = getattr(box, "element", None)
        if (
            element is None
            or not hasattr(element, "get")
            or element.get(attribute) is None
            or id(element) in seen
        ):
            continue
        seen.add(id(element))
        yield box


def _spot(box: Any) -> Spot:
    """A rendered box's outer edge in millimetres; a micrometre is enough, and the same on every machine."""
    edges = (box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height())
    return Spot(*(round(edge * _MM, 3) for edge in edges))


def _at(spot: Spot) -> str:
    return f"left:{spot.x:.3f}mm;top:{spot.y:.3f}mm;width:{spot.width:.3f}mm;height:{spot.height:.3f}mm"


@cache
def _templates() -> Environment:
    """Of its own, without the application's: a form is Russian, whatever language the desk is in."""
    folder = Path(__file__).resolve().parent.parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    environment.filters["at"] = _at
    return environment


@cache
def _workshop() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    sheet = CSS(filename=STATIC / "css" / "form.css", font_config=fonts, url_fetcher=OwnFiles())
    return fonts, sheet
