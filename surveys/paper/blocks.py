"""Pieces of a poster: each knows its height before it is drawn, so that a sheet is arranged by measure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from surveys import qr
from surveys.paper import words as speech
from surveys.paper.formats import Choice, Format, Skin
from surveys.paper.poster import Poster, UnsuitablePoster
from surveys.paper.words import Words
from surveys.press import faces
from surveys.press.canvas import BLACK, WHITE, Canvas
from surveys.press.faces import BOLD, REGULAR, STRONG, Lines, balanced, fitted, plain, wrapped

NAME = 1.08
"""The smallest letters of the name, to those of all else."""
TYPED = 1.3
"""The smallest letters of the typed address, to those of all else."""
SECOND = 0.8
"""The second language, beside the first."""
OFFICIAL_LEVEL = "M"
"""Of the official code: a module is a tenth larger than at level Q, and that is what a dirty copy asks for."""


class Block(NamedTuple):
    """A piece of the sheet: how high it is, how it is drawn from its top."""

    height: float
    draw: Callable[[float], object]


@dataclass(frozen=True)
class Sheet:
    """One page to be drawn: what it says, how it looks, the ink it is drawn with."""

    poster: Poster
    choice: Choice
    canvas: Canvas

    @property
    def skin(self) -> Skin:
        """The design."""
        return self.choice.skin

    @property
    def format(self) -> Format:
        """The sheet's or the screen's size and use."""
        return self.choice.format

    @cached_property
    def words(self) -> list[Words]:
        """The poster's own words, first language first."""
        return [speech.words(lang, self.poster.asked) for lang in self.poster.languages]

    @property
    def first(self) -> Words:
        """The words of the first language."""
        return self.words[0]

    def least_side(self) -> float:
        """The narrowest code that is read from where people stand, quiet zone included."""
        return self.format.module * qr.side(self.poster.link)

    def official_side(self) -> float:
        """The same for the official code, which one steps up to."""
        return self.format.official_module * qr.side(self.poster.agency_url or "", OFFICIAL_LEVEL)

    @property
    def paired(self) -> bool:
        """Do the codes stand side by side? On a large sheet the official one stands in the foot, beside its words."""
        return self.poster.agency_url is not None and self.official_side() > self.canvas.width / 4

    @property
    def least(self) -> float:
        """The smallest letters of the format."""
        return self.format.least


def stack(blocks: Sequence[Block], top: float, bottom: float, least: float, most: float) -> None:
    """Blocks one below another; what they leave goes into the gaps, up to `most` each, else above and below."""
    left = bottom - top - sum(block.height for block in blocks)
    gap = min(most, left / max(1, len(blocks) - 1)) if len(blocks) > 1 else 0
    if left < least * (len(blocks) - 1) - 0.5:
        raise TooTall
    y = top + (left - gap * (len(blocks) - 1)) / 2
    for block in blocks:
        block.draw(y)
        y += block.height + gap


class TooTall(Exception):
    """The blocks do not fit: try them smaller."""


def arranged(sheet: Sheet, draw: Callable[[Sheet, float], None], scales: Sequence[float]) -> Sheet:
    """The sheet as drawn at the first type scale at which everything fits. Raises UnsuitablePoster.

    What was put right goes last, and only where it stands at no scale.
    """
    for scale in scales:
        empty = Canvas(sheet.canvas.width, sheet.canvas.height, sheet.canvas.scale)
        tried = Sheet(sheet.poster, sheet.choice, empty)
        try:
            draw(tried, scale)
        except TooTall:
            continue
        return tried
    if sheet.poster.changes:
        bare = replace(sheet.poster, changes=())
        return arranged(Sheet(bare, sheet.choice, sheet.canvas), draw, scales)
    raise UnsuitablePoster("Текст не помещается на лист: сократите название или место.")


SCALES = (1.0, 0.95, 0.9, 0.84, 0.78, 0.72, 0.66, 0.6, 0.55, 0.5, 0.45)


@cache
def sizes(largest: float, smallest: float) -> tuple[float, ...]:
    """Type sizes from large to small, each a little under the last."""
    found, size = [], largest
    while size > smallest:
        found.append(round(size, 2))
        size *= 0.93
    return (*found, smallest)


def spoken(
    sheet: Sheet, kind: str, told: Sequence[tuple[str, str]], ink: str, soft: str, x: float, room: float,
    size: float, weight: int = REGULAR, leading: float = 1.2, second: float = SECOND, centred: bool | None = None,
    height: float = 1e3,
) -> Block:  # fmt: skip
    """The same thing said in one language or two, `told` as (words, language): the second smaller and quieter."""
    set_: list[tuple[Lines, str]] = []
    for number, (text, lang) in enumerate(told):
        large = max(size * (second if number else 1), sheet.least)
        thick = weight if not number else REGULAR
        set_.append((_set(text, large, sheet.least, thick, room, height, leading), lang))
    gap = size * 0.28
    middle = x + room / 2 if (sheet.skin.centred if centred is None else centred) else None

    def draw(y: float) -> None:
        for number, (lines, lang) in enumerate(set_):
            sheet.canvas.paragraph(
                kind if not number else "P", lines, x, y, soft if number else ink, middle, lang
            )
            y += lines.height + gap

    return Block(sum(one.height for one, _lang in set_) + gap * (len(set_) - 1), draw)


@lru_cache(maxsize=2048)
def _set(
    text: str, large: float, least: float, weight: int, room: float, height: float, leading: float
) -> Lines:
    return balanced(fitted(text, sizes(large, max(large * 0.45, least)), weight, room, height, leading))


def said(sheet: Sheet, name: str) -> list[tuple[str, str]]:
    """One of the poster's own sentences in every language of the poster."""
    return [(getattr(words, name), words.lang) for words in sheet.words]


def named(
    sheet: Sheet, x: float, room: float, height: float, scale: float, ink: str, soft: str, largest: float,
    centred: bool | None = None,
) -> Block:  # fmt: skip
    """The organisation's name, however long, and the place."""
    least = NAME * sheet.least
    name = fitted(
        plain(sheet.poster.name), sizes(max(largest * scale, least), least), STRONG, room, height
    )
    smaller = sizes(max(largest * 0.74 * scale, sheet.least), sheet.least)
    place = fitted(plain(sheet.poster.place), smaller, REGULAR, room, height / 3)
    name = balanced(name)
    middle = x + room / 2 if (sheet.skin.centred if centred is None else centred) else None
    gap = 1.4 * largest / 7 if sheet.poster.place else 0.0

    def draw(y: float) -> None:
        sheet.canvas.paragraph("H2", name, x, y, ink, middle)
        if sheet.poster.place:
            sheet.canvas.paragraph("P", place, x, y + name.height + gap, soft, middle)

    return Block(name.height + gap + (place.height if sheet.poster.place else 0), draw)


def code(sheet: Sheet, x: float, side: float, frame: bool = True, caption: float = 0) -> Block:
    """Our code on white in its frame, `x` its left edge; above it a word of which code it is, when there are two."""
    skin, canvas = sheet.skin, sheet.canvas
    edge = skin.line * 1.4 if frame else 0.0
    alt = sheet.first.code % {"address": sheet.poster.typed}
    whole = side + 2 * edge
    label = ours(sheet, x, whole, caption, BLACK if skin.card else skin.ink) if caption else None
    above = label.height + caption * 0.35 if label else 0.0

    def draw(y: float) -> None:
        if label:
            label.draw(y)
        y += above
        if frame:
            canvas.box(x, y, whole, whole, WHITE, 3.4)
            canvas.frame(x, y, whole, whole, skin.line, BLACK if skin.id == "copy" else skin.accent, 3.4)
        canvas.code(sheet.poster.link, alt, x + edge, y + edge, side)

    return Block(whole + above, draw)


def ours(
    sheet: Sheet,
    x: float,
    room: float,
    size: float,
    ink: str,
    centred: bool | None = None,
    height: float = 1e3,
) -> Block | None:
    """The word of which code is ours, where the official one stands on the same sheet."""
    if not sheet.poster.agency_url:
        return None
    told = [(sheet.first.ours, "")]
    return spoken(sheet, "P", told, ink, ink, x, room, size, STRONG, centred=centred, height=height)


def over(upper: Block, lower: Block, gap: float) -> Block:
    """Two blocks as one."""

    def draw(y: float) -> None:
        upper.draw(y)
        lower.draw(y + upper.height + gap)

    return Block(upper.height + gap + lower.height, draw)


def address(sheet: Sheet, x: float, room: float, size: float, prompt: float, ink: str, soft: str) -> Block:
    """What to do without a camera: the address, as large as fits on a line, else broken at its strokes."""
    ask = spoken(sheet, "P", said(sheet, "typed"), soft, soft, x, room, prompt)
    typed = sheet.poster.typed
    wide = faces.width(typed, 1, BOLD)
    large = min(size, room / wide)
    if large >= size * 0.55:
        lines = wrapped(typed, large, BOLD, room + 0.1)
    else:
        parts = " ".join(re.findall(r"[^/]+/?|/", typed))
        broken = fitted(parts, sizes(size * 0.7, TYPED * sheet.least), BOLD, room, size * 2.4)
        lines = Lines(broken.lines, broken.size, BOLD, broken.leading, broken.width)
    middle = x + room / 2 if sheet.skin.centred else None

    def draw(y: float) -> None:
        ask.draw(y)
        sheet.canvas.paragraph("P", lines, x, y + ask.height + 0.6, ink, middle)

    return Block(ask.height + 0.6 + lines.height, draw)


def pieces(*found: Block | None) -> Iterator[Block]:
    """Those that there are."""
    return (one for one in found if one is not None)
