"""Pieces of a poster: each knows its height before it is drawn, so that a sheet is arranged by measure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from surveys import qr
from surveys.paper import words as speech
from surveys.paper.formats import Choice, Format, Skin
from surveys.paper.poster import Poster, UnsuitablePoster
from surveys.paper.words import Words
from surveys.press import faces
from surveys.press.canvas import BLACK, WHITE, Canvas
from surveys.press.faces import BOLD, REGULAR, STRONG, Lines, balanced, fitted, plain, wrapped

SECOND = 0.8
"""The second language, beside the first."""
ADDRESS_TIGHT = 5.0


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

    @property
    def words(self) -> list[Words]:
        """The poster's own words, first language first."""
        return [speech.words(lang) for lang in self.poster.languages]

    @property
    def first(self) -> Words:
        """The words of the first language."""
        return speech.words(self.poster.languages[0])

    def least_side(self) -> float:
        """The narrowest code that is read from where people stand, quiet zone included."""
        return self.format.module * qr.side(self.poster.link)

    def official_side(self) -> float:
        """The same for the official code, which one steps up to."""
        return self.format.module * 0.36 * qr.side(self.poster.agency_url or "")


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


def arranged(sheet: Sheet, draw: Callable[[Sheet, float], None], scales: Iterable[float]) -> Sheet:
    """The sheet as drawn at the first type scale at which everything fits. Raises UnsuitablePoster."""
    for scale in scales:
        tried = Sheet(
            sheet.poster, sheet.choice, Canvas(sheet.canvas.width, sheet.canvas.height, sheet.canvas.scale)
        )
        try:
            draw(tried, scale)
        except TooTall:
            continue
        return tried
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
        large = size * (second if number else 1)
        lines = fitted(
            text, sizes(large, large * 0.45), weight if not number else REGULAR, room, height, leading
        )
        set_.append((balanced(lines), lang))
    gap = size * 0.28
    middle = x + room / 2 if (sheet.skin.centred if centred is None else centred) else None

    def draw(y: float) -> None:
        for number, (lines, lang) in enumerate(set_):
            sheet.canvas.paragraph(
                kind if not number else "P", lines, x, y, soft if number else ink, middle, lang
            )
            y += lines.height + gap

    return Block(sum(one.height for one, _lang in set_) + gap * (len(set_) - 1), draw)


def said(sheet: Sheet, name: str) -> list[tuple[str, str]]:
    """One of the poster's own sentences in every language of the poster."""
    return [(getattr(words, name), words.lang) for words in sheet.words]


def named(
    sheet: Sheet, x: float, room: float, height: float, scale: float, ink: str, soft: str, largest: float,
    centred: bool | None = None,
) -> Block:  # fmt: skip
    """The organisation's name, however long, and the place."""
    least = 0.36 if scale > 0.6 else 0.29
    name = fitted(plain(sheet.poster.name), sizes(largest * scale, largest * least), STRONG, room, height)
    place = fitted(
        plain(sheet.poster.place), sizes(largest * 0.74 * scale, largest * 0.4), REGULAR, room, height / 3
    )
    name = balanced(name)
    middle = x + room / 2 if (sheet.skin.centred if centred is None else centred) else None
    gap = 1.4 * largest / 7 if sheet.poster.place else 0.0
    if name.height > height * 1.9:
        raise TooTall

    def draw(y: float) -> None:
        sheet.canvas.paragraph("H2", name, x, y, ink, middle)
        if sheet.poster.place:
            sheet.canvas.paragraph("P", place, x, y + name.height + gap, soft, middle)

    return Block(name.height + gap + (place.height if sheet.poster.place else 0), draw)


def code(sheet: Sheet, x: float, side: float, frame: bool = True, caption: float = 0) -> Block:
    """Our code on white in its frame, `x` its left edge; above it a word of which code it is, when there are two."""
    skin, canvas = sheet.skin, sheet.canvas
    edge = skin.line * 1.4 if frame else 0.0
    alt = speech.code_alt(sheet.first.lang, sheet.poster.typed)
    whole = side + 2 * edge
    label = None
    if caption and sheet.poster.agency_url:
        ink = BLACK if skin.card else skin.ink
        label = spoken(sheet, "P", [(sheet.first.ours, "")], ink, ink, x, whole, caption, STRONG)
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
        broken = fitted(parts, sizes(size * 0.7, size * 0.35), BOLD, room, size * 2.4)
        lines = Lines(broken.lines, broken.size, BOLD, broken.leading, broken.width)
    middle = x + room / 2 if sheet.skin.centred else None

    def draw(y: float) -> None:
        ask.draw(y)
        sheet.canvas.paragraph("P", lines, x, y + ask.height + 0.6, ink, middle)

    return Block(ask.height + 0.6 + lines.height, draw)


def steps(sheet: Sheet, x: float, room: float, size: float) -> Block:
    """What to do, one below another, with numbers and a check mark."""
    skin, canvas = sheet.skin, sheet.canvas
    radius = size * 0.86
    rows: list[tuple[Block, int]] = []
    for number in range(len(sheet.first.steps) + 1):
        told = [
            (one.steps[number] if number < len(one.steps) else one.nameless, one.lang) for one in sheet.words
        ]
        rows.append(
            (
                spoken(
                    sheet,
                    "LBody",
                    told,
                    skin.ink,
                    skin.soft,
                    x + 2.5 * radius,
                    room - 2.5 * radius,
                    size,
                    centred=False,
                ),
                number,
            )
        )
    gap = size * 0.62
    heights = [max(row.height, 2 * radius) for row, _n in rows]

    def draw(y: float) -> None:
        with canvas.group("L"):
            for (row, number), high in zip(rows, heights, strict=True):
                with canvas.group("LI"):
                    sign(sheet, number, x + radius, y + high / 2, radius)
                    row.draw(y + (high - row.height) / 2)
                y += high + gap

    return Block(sum(heights) + gap * (len(rows) - 1), draw)


def steps_across(sheet: Sheet, x: float, room: float, size: float) -> Block:
    """The same side by side, three or four of them."""
    skin, canvas = sheet.skin, sheet.canvas
    count = len(sheet.first.steps)
    gap = room * 0.04
    wide = (room - gap * (count - 1)) / count
    radius = size * 1.15
    rows = []
    for number in range(count):
        told = [(one.steps[number], one.lang) for one in sheet.words]
        left = x + number * (wide + gap)
        rows.append((left, spoken(sheet, "LBody", told, skin.ink, skin.soft, left, wide, size, centred=True)))
    high = max(row.height for _left, row in rows)

    def draw(y: float) -> None:
        with canvas.group("L"):
            for number, (left, row) in enumerate(rows):
                with canvas.group("LI"):
                    sign(sheet, number, left + wide / 2, y + radius, radius)
                    row.draw(y + 2 * radius + size * 0.5)

    return Block(2 * radius + size * 0.5 + high, draw)


def sign(sheet: Sheet, number: int, x: float, y: float, radius: float) -> None:
    """A number in a circle; a check mark for the last."""
    skin, canvas = sheet.skin, sheet.canvas
    ink = {"calm": skin.accent, "bold": "0.031 0.239 0.333 rg"}.get(skin.id, BLACK)
    if skin.id == "copy":
        canvas.ring(x, y, radius, radius * 0.16, BLACK)
    else:
        canvas.disc(x, y, radius, skin.panel or skin.accent)
    if number == len(sheet.first.steps):
        canvas.tick(x, y, radius * 0.95, ink)
        return
    size = radius * 1.1
    found = Lines((str(number + 1),), size, BOLD, 1.2, 0)
    with canvas.said("Lbl"):
        canvas.lines(found, x, y - size * 0.61, ink, centre=x - 0.02 * radius)


def changes(sheet: Sheet, x: float, room: float, size: float, most: float, scale: float) -> Block | None:
    """What was put right because people answered, as much as fits; else what the answers give by law.

    While type is large, none of it is left out: the sheet is tried smaller first.
    """
    inner = room - 11
    first = sheet.first
    done = [plain(one) for one in sheet.poster.changes]
    least = len(done) if scale >= 0.84 else min(len(done), scale > 0.7)
    for kept in range(len(done), least - 1, -1):
        told = [("– " + one, "") for one in done[:kept]] if kept else said(sheet, "promise")
        title = said(sheet, "changed" if kept else "gives")
        head = spoken(
            sheet,
            "H2",
            title[:1],
            sheet.skin.ink,
            sheet.skin.soft,
            x + 5.5,
            inner,
            size * 1.04,
            BOLD,
            centred=False,
        )
        lines = [
            (
                fitted(
                    text, sizes(size * (1 if kept or not n else SECOND), size * 0.72), REGULAR, inner, most
                ),
                lang,
            )
            for n, (text, lang) in enumerate(told)
        ]
        high = head.height + sum(one.height for one, _lang in lines) + 1.2 * len(lines) + 8
        if high <= most:
            break
    else:
        return None

    def draw(y: float) -> None:
        skin = sheet.skin
        if skin.panel:
            sheet.canvas.box(x, y, room, high, skin.panel, 4.6)
        else:
            sheet.canvas.frame(x, y, room, high, 0.6, skin.ink if skin.id == "copy" else skin.soft, 4.6)
        head.draw(y + 4)
        at = y + 4 + head.height + 1.2
        for one, lang in lines:
            sheet.canvas.paragraph("P", one, x + 5.5, at, skin.ink, lang=lang if lang != first.lang else "")
            at += one.height + 1.2

    return Block(high, draw)


def foot(sheet: Sheet, x: float, room: float, size: float) -> Block:
    """The official code with its words, where there is one; the Order; which place the sheet is for."""
    skin, canvas = sheet.skin, sheet.canvas
    mark = speech.place_mark(sheet.first.lang, sheet.poster.place_number) if sheet.poster.place_number else ""
    side = max(sheet.official_side(), size * 6.6) if sheet.poster.agency_url else 0.0
    left = x + side + size * 1.3 if side else x
    wide = room - (left - x)
    told = [
        (" ".join(filter(None, (one.official if side else "", one.order, mark if not n else ""))), one.lang)
        for n, one in enumerate(sheet.words)
    ]
    title = spoken(
        sheet,
        "P",
        [(sheet.first.official_site, "")],
        skin.ink,
        skin.soft,
        left,
        wide,
        size * 1.1,
        STRONG,
        centred=False,
    )
    text = spoken(
        sheet, "P", told, skin.soft, skin.soft, left, wide, size, leading=1.3, centred=False if side else None
    )
    words_high = text.height + (title.height + size * 0.4 if side else 0)
    high = max(side, words_high) + size * 0.7

    def draw(y: float) -> None:
        canvas.rule(x, y, x + room, y, 0.4, skin.soft)
        y += size * 0.7
        if side and sheet.poster.agency_url:
            canvas.code(sheet.poster.agency_url, sheet.first.official_site, x, y, side)
            at = y + max(0.0, (side - words_high) / 2)
            title.draw(at)
            text.draw(at + title.height + size * 0.4)
        else:
            text.draw(y)

    return Block(high, draw)


def demo_strip(sheet: Sheet, y: float, height: float) -> None:
    """Says across the sheet that nobody is assessed by this code."""
    if sheet.poster.demo:
        width = sheet.canvas.width
        sheet.canvas.box(0, y, width, height, "1 0.824 0.247 rg" if sheet.skin.id != "copy" else WHITE)
        if sheet.skin.id == "copy":
            sheet.canvas.rule(0, y + height, width, y + height, 0.5, BLACK)
        found = fitted(sheet.first.demo, sizes(height * 0.55, height * 0.2), STRONG, width * 0.9, height)
        sheet.canvas.paragraph("P", found, 0, y + (height - found.height) / 2, BLACK, width / 2)


def pieces(*found: Block | None) -> Iterator[Block]:
    """Those that there are."""
    return (one for one in found if one is not None)
