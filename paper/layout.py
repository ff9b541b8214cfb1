"""A questionnaire laid out as a form on A4, and where every box came to stand: taken from the rendered page tree.

Nothing is typed in by hand: the page is rendered once to measure the questions, once more with each at its place, and
the places of marks, boxes and fields are read off that rendering. `paper.frame` holds what never moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from weasyprint import Document

from paper import drawing, frame, printed
from paper.geometry import Box, Geometry, Side, Spot
from paper.packing import HEAD, SPANS, UNDER_CODE, DoesNotFit, Measured, Width, packed
from surveys.questionnaire import Question, Questionnaire

__all__ = ["PRINTS", "DoesNotFit", "Form", "laid"]

PRINTS = ("usual", "large")
LINE = 0.4
HOW_TOP = UNDER_CODE + 0.6
LINES = 3
MOST_KEPT = 16

_MM = 25.4 / 96
_laid: dict[tuple[str, str, str], Form] = {}


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
    spot: Spot
    lines: int = LINES


@dataclass(frozen=True)
class _Page:
    number: int
    blocks: tuple[_Block, ...]
    over: bool = False

    @property
    def marks(self) -> list[tuple[int, Spot, Markup]]:
        """The marks of this side with their drawings."""
        return [(n, spot, Markup(frame.drawing(n))) for n, spot in frame.marks(self.number).items()]  # noqa: S704

    @property
    def reminded(self) -> bool:
        """No question stands left of the code."""
        return all(block.spot.y >= UNDER_CODE for block in self.blocks)


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
    how, measured = _measured(questionnaire, print)
    placed = packed(measured, how.y + how.height + 3)
    blocks = {one.id: one for one in placed}
    last = placed[-1].page
    pages = [
        _Page(
            number,
            tuple(
                _Block(question, blocks[question.id].spot)
                for question in questionnaire.questions
                if blocks[question.id].page == number
            ),
            over=bool(number % 2) and number < last,
        )
        for number in range(1, last + 1)
    ]
    document = _drawn(questionnaire, print, pages, how)
    blank = drawing.written(document)
    sides = [_side(page._page_box) for page in document.pages]
    geometry = Geometry(frame.WIDTH, frame.HEIGHT, LINE, tuple(_with_print(blank, sides)))
    return Form(questionnaire, print, geometry, blank)


def _measured(questionnaire: Questionnaire, print: str) -> tuple[Spot, list[Measured]]:
    """How high the instruction is, and each question at each width."""
    heights: dict[str, dict[Width, float]] = {question.id: {} for question in questionnaire.questions}
    left, right = SPANS["wide"]
    how = Spot(left, HOW_TOP, right - left, 0)
    for width, (start, end) in SPANS.items():
        blocks = tuple(_Block(one, Spot(start, 0, end - start, 0)) for one in questionnaire.questions)
        (page,) = _drawn(questionnaire, print, [_Page(1, blocks)], how).pages
        for name, spot in _named(page._page_box, "data-ask"):
            heights[name][width] = spot.height
        how = dict(_named(page._page_box, "data-how"))["1"]
    return how, [Measured(name, told) for name, told in heights.items()]


def _drawn(questionnaire: Questionnaire, print: str, pages: list[_Page], how: Spot) -> Document:
    return drawing.rendered(
        "form.html",
        title=questionnaire.title,
        print=print,
        pages=pages,
        count=len(pages),
        frame=frame,
        head=HEAD,
        how=how,
    )


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


def _with_print(blank: bytes, sides: list[Side]) -> Iterator[Side]:
    """Each with how dark its print is; the head of the first comes with the sheet."""
    black = [
        [side.code.grown(frame.CODE_QUIET), side.digits.grown(1), *side.words.values()]
        + [spot.grown(frame.QUIET) for spot in side.markers.values()]
        for side in sides
    ]
    black[0].append(HEAD)
    for side, told in zip(sides, printed.drawn(blank, black), strict=True):
        yield replace(side, printed=told)


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
