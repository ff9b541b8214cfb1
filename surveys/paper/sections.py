"""Larger pieces of a poster: what to do, what the answers change, the official code, the mark of a sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from surveys.paper import codes
from surveys.paper.blocks import SECOND, STEP, said, sizes, spoken, theirs
from surveys.paper.sheet import Block, Sheet, TooTall
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, REGULAR, STRONG, Lines, fitted, plain, wrapped

PART, SHORT = 0.72, 0.66
"""Scales of type from which on some of what was put right is left out, and the rest cut short."""


def steps(sheet: Sheet, x: float, room: float, size: float) -> Block:
    """What to do, one below another, with numbers and a check mark."""
    skin, canvas = sheet.skin, sheet.canvas
    size = max(size, STEP * sheet.least)
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
    size = max(size, STEP * sheet.least)
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

    While type is large, none of it is left out: the sheet is tried smaller first. Where room is scarce the first of it
    stands alone, in the end in one line. Raises TooTall when not even that fits; the law's promise may be left out.
    """
    size = max(size, sheet.least)
    pad = min(4.0, size * 0.8)
    inner = room - 2.75 * pad
    first = sheet.first
    done = ["– " + plain(one) for one in sheet.poster.changes]
    for kept in _fewer(done, scale, lambda text, lines: _cut(text, size, inner, lines)):
        told = [(one, "") for one in kept] if done else said(sheet, "promise")
        title = said(sheet, "changed" if done else "gives")[:1]
        ink = sheet.skin.ink
        head = spoken(sheet, "H2", title, ink, ink, x + 1.4 * pad, inner, size * 1.04, BOLD, centred=False)
        smaller = max(size * SECOND, sheet.least)
        lines = [
            (fitted(text, (size if done or not number else smaller,), REGULAR, inner, most), lang)
            for number, (text, lang) in enumerate(told)
        ]
        gap = 0.3 * pad
        high = head.height + sum(one.height + gap for one, _lang in lines) + 2 * pad
        if high <= most:
            break
    else:
        if done:
            raise TooTall
        return None

    def draw(y: float) -> None:
        skin = sheet.skin
        if skin.panel:
            sheet.canvas.box(x, y, room, high, skin.panel, 1.15 * pad)
        else:
            sheet.canvas.frame(
                x, y, room, high, 0.6, skin.ink if skin.id == "copy" else skin.soft, 1.15 * pad
            )
        head.draw(y + pad)
        at = y + pad + head.height + gap
        for one, lang in lines:
            sheet.canvas.paragraph(
                "P", one, x + 1.4 * pad, at, skin.ink, lang=lang if lang != first.lang else ""
            )
            at += one.height + gap

    return Block(high, draw)


def changes_beside(sheet: Sheet, x: float, room: float, size: float, most: float) -> Block:
    """The same in a narrow place beside other things, which need not be smaller for it. Raises TooTall."""
    for smaller, scale in ((1.0, 1.0), (0.88, 1.0), (0.76, 1.0), (0.88, PART), (0.8, SHORT)):
        try:
            found = changes(sheet, x, room, size * smaller, most, scale)
        except TooTall:
            continue
        if found:
            return found
    raise TooTall


def _fewer(done: list[str], scale: float, cut: Callable[[str, int], str]) -> Iterator[list[str]]:
    """All of it, then less and less of it, as the type of the sheet allows."""
    yield done
    if done and scale <= PART:
        for kept in range(len(done) - 1, 0, -1):
            yield done[:kept]
    if done and scale <= SHORT:
        for lines in (3, 2, 1):
            yield [cut(done[0], lines)]


def _cut(text: str, size: float, room: float, lines: int) -> str:
    """So much of a text as fits on so many lines, its last word followed by «…»."""
    words, kept = text, text
    while len(wrapped(kept, size, REGULAR, room).lines) > lines and " " in words:
        words = words.rpartition(" ")[0]
        kept = words.rstrip(" ,.:;–—") + "…"
    return kept


def foot(
    sheet: Sheet, x: float, room: float, size: float, *, told: bool = False, brief: bool = False
) -> Block:
    """The official code with its words, unless it stands beside ours; the Order; which place the sheet is for.

    `told`: what the official code asks for is said beside it, or not at all; `brief`: no word of the Order.
    """
    skin, canvas = sheet.skin, sheet.canvas
    size = max(size, sheet.least)
    place = sheet.poster.place_number
    mark = sheet.first.place % {"number": place} if place else ""
    side = sheet.official_side() if sheet.poster.agency_url and not sheet.paired else 0.0
    left = x + side + size * 1.3 if side else x
    wide = room - (left - x)
    asks = sheet.poster.agency_url and not told
    parts = [
        (
            one.official if asks else "",
            "" if brief else one.order,
            "" if number else mark,
        )
        for number, one in enumerate(sheet.words)
    ]
    lines = [
        (" ".join(filter(None, each)), one.lang)
        for each, one in zip(parts, sheet.words, strict=True)
        if any(each)
    ]
    title = theirs(sheet, left, wide, size * 1.1, skin.ink, centred=False)
    text = spoken(
        sheet,
        "P",
        lines,
        skin.soft,
        skin.soft,
        left,
        wide,
        size,
        leading=1.3,
        centred=False if side else None,
    )
    words_high = text.height + (title.height + size * 0.4 if side else 0)
    gap = size * (0.7 if skin.card or not side else 0.1)  # on white the code's quiet zone is the gap
    high = max(side, words_high) + gap if lines or side else 0.0

    def draw(y: float) -> None:
        if not high:
            return
        canvas.rule(x, y, x + room, y, 0.4, skin.soft)
        y += gap
        if side:
            codes.draw_official(sheet, x, y, side)
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
        large = max(height * 0.55, sheet.least)
        found = fitted(sheet.first.demo, sizes(large, sheet.least), STRONG, width * 0.9, height)
        sheet.canvas.paragraph("P", found, 0, y + (height - found.height) / 2, BLACK, width / 2)
