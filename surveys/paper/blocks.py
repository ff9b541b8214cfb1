"""Pieces of a poster: each knows its height before it is drawn, so that a sheet is arranged by measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from surveys.paper.sheet import BARE, Block, Sheet
from surveys.press import faces
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, REGULAR, STRONG, Lines, balanced, fitted, plain, wrapped

NAME, STEP, TYPED = 1.08, 1.12, 1.3
"""The smallest letters of the name, of what to do and of the typed address, to those of all else."""
SECOND = 0.8
"""The second language, beside the first."""


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

    return Block(sum(one.height for one, _lang in set_) + gap * max(0, len(set_) - 1), draw)


@lru_cache(maxsize=2048)
def _set(
    text: str, large: float, least: float, weight: int, room: float, height: float, leading: float
) -> Lines:
    return balanced(fitted(text, sizes(large, max(large * 0.45, least)), weight, room, height, leading))


def in_short(
    sheet: Sheet, x: float, room: float, size: float, ink: str, soft: str, weight: int = REGULAR,
    centred: bool | None = None,
) -> Block:  # fmt: skip
    """What to do, in a sentence."""
    large = max(size, STEP * sheet.least)
    return spoken(sheet, "P", said(sheet, "in_short"), ink, soft, x, room, large, weight, centred=centred)


def said(sheet: Sheet, name: str) -> list[tuple[str, str]]:
    """One of the poster's own sentences in every language of the poster."""
    return [(getattr(words, name), words.lang) for words in sheet.words]


def named(
    sheet: Sheet, x: float, room: float, height: float, ink: str, soft: str, largest: float,
    centred: bool | None = None, gap: float | None = None,
) -> Block:  # fmt: skip
    """The organisation's name, however long, and the place."""
    scale = sheet.scale
    least = NAME * sheet.least
    leading = 1.25 if sheet.scale > BARE else 1.12
    large = sizes(max(largest * scale, least), least)
    name = fitted(plain(sheet.poster.name), large, STRONG, room, height, leading)
    smaller = sizes(max(largest * 0.74 * scale, sheet.least), sheet.least)
    place = fitted(plain(sheet.poster.place), smaller, REGULAR, room, height / 3, leading)
    name = balanced(name)
    middle = x + room / 2 if (sheet.skin.centred if centred is None else centred) else None
    between = (largest / 5 if gap is None else gap) if sheet.poster.place else 0.0

    def draw(y: float) -> None:
        sheet.canvas.paragraph("H2", name, x, y, ink, middle)
        if sheet.poster.place:
            sheet.canvas.paragraph("P", place, x, y + name.height + between, soft, middle)

    return Block(name.height + between + (place.height if sheet.poster.place else 0), draw)


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


def framed(sheet: Sheet, x: float, y: float, side: float) -> None:
    """Our code in a thin frame outside its quiet zone, unless it stands on a card."""
    code(sheet, x, side, frame=False).draw(y)
    if not sheet.skin.card:
        line = side / 70
        sheet.canvas.frame(
            x - line,
            y - line,
            side + 2 * line,
            side + 2 * line,
            line,
            BLACK if sheet.skin.id == "copy" else sheet.skin.accent,
            side / 40,
        )


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


def theirs(sheet: Sheet, x: float, room: float, size: float, ink: str, *, centred: bool) -> Block:
    """The word of which code is the official one."""
    told = [(sheet.first.official_site, "")]
    return spoken(sheet, "P", told, ink, ink, x, room, size, STRONG, centred=centred)


def over(upper: Block, lower: Block, gap: float) -> Block:
    """Two blocks as one."""

    def draw(y: float) -> None:
        upper.draw(y)
        lower.draw(y + upper.height + gap)

    return Block(upper.height + gap + lower.height, draw)


def address(
    sheet: Sheet, x: float, room: float, size: float, prompt: float, ink: str, soft: str,
    centred: bool | None = None, gap: float = 0.6,
) -> Block:  # fmt: skip
    """What to do without a camera: the address, as large as fits on a line, else broken at its strokes.

    Without a `prompt`, the size of the words that lead to it, it stands alone.
    """
    told = said(sheet, "typed") if prompt and sheet.scale > BARE else []
    ask = spoken(sheet, "P", told, soft, soft, x, room, prompt, centred=centred)
    typed = sheet.poster.typed
    least = TYPED * sheet.least
    large = min(size, room / faces.width(typed, 1, BOLD))
    if large >= max(least, size * 0.55):
        lines = wrapped(typed, large, BOLD, room + 0.1)
    else:
        parts = " ".join(re.findall(r"[^/]+/?|/", typed))
        broken = fitted(parts, sizes(max(size * 0.7, least), least), BOLD, room, size * 2.4)
        lines = Lines(broken.lines, broken.size, BOLD, broken.leading, broken.width)
    middle = x + room / 2 if (sheet.skin.centred if centred is None else centred) else None

    def draw(y: float) -> None:
        ask.draw(y)
        sheet.canvas.paragraph("P", lines, x, y + ask.height + gap, ink, middle)

    return Block(ask.height + gap + lines.height, draw)


def pieces(*found: Block | None) -> Iterator[Block]:
    """Those that there are."""
    return (one for one in found if one is not None)
