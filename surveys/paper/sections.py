"""Larger pieces of a poster: what to do, what the answers change, the official code, the mark of a sample."""

from __future__ import annotations

from surveys.paper import words as speech
from surveys.paper.blocks import SECOND, Block, Sheet, said, sizes, spoken
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, REGULAR, STRONG, Lines, fitted, plain


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
