"""Sheets for the hand: the leaflet that says what the assessment is."""

from __future__ import annotations

from surveys.paper import blocks, codes, sections
from surveys.paper.blocks import over, pieces, said, spoken
from surveys.paper.sheet import Block, Sheet, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, REGULAR, STRONG, fitted

MARGIN = 11.0
BRIEF = 0.84
"""The scale of type from which on the foot says nothing of the Order, where the codes stand side by side."""

SHOWN, BARE = 0.66, 0.6
"""Scales of type from which on it tells less."""


def draw(sheet: Sheet) -> None:
    """The leaflet. Raises TooTall."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    wide, high, room = canvas.width, canvas.height, canvas.width - 2 * MARGIN
    canvas.box(0, 0, wide, high, skin.ground)
    strip = 5.0 if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    if skin.id == "copy":
        canvas.frame(4, 4 + strip, wide - 8, high - 8 - strip, 0.9, BLACK)
    title = spoken(
        sheet, "H1", said(sheet, "leaflet_title"), skin.head_ink, skin.head_soft, MARGIN, room,
        9.4 * max(scale, 0.6), BOLD, 1.12, second=0.55,
    )  # fmt: skip
    band = title.height + 8 * max(scale, 0.6)
    at = strip + (3 if skin.id == "copy" else 0)
    if skin.head:
        canvas.box(0, at, wide, band, skin.head)
    title.draw(at + 4 * max(scale, 0.6))
    at += band
    name = blocks.named(sheet, MARGIN, room, 17 * max(scale, 0.8), skin.ink, skin.soft, 4.4)
    parts = [_part(sheet, number, room, 3.9 * scale) for number in _parts(sheet)]
    foot = sections.foot(sheet, MARGIN, room, 2.7 * max(scale, 0.85), brief=sheet.paired and scale <= BRIEF)
    way = _way(sheet, room) if sheet.paired else _way_of_one(sheet, room)
    bottom = high - (7 if skin.id == "copy" else 5)
    low = bottom - foot.height - 2
    done = None
    if sheet.poster.changes:
        taken = sum(one.height for one in (name, *parts, way)) + 1.6 * scale * (len(parts) + 2)
        done = sections.changes(sheet, MARGIN, room, 3.9 * scale, low - at - 3 - taken, scale)
    stack(list(pieces(name, *parts, done, way)), at + 3, low, 1.6 * scale, 6)
    foot.draw(bottom - foot.height)


def _parts(sheet: Sheet) -> list[int]:
    """What is told: all of it while there is room; then not what comes of it, where that is shown; nor what it is."""
    scale = sheet.scale
    every = list(range(len(sheet.first.leaflet)))
    if sheet.poster.changes and scale <= SHOWN:
        every.pop()
    return every[1:] if scale <= BARE else every


def _part(sheet: Sheet, number: int, room: float, size: float) -> Block:
    skin = sheet.skin
    size = max(size, sheet.least)
    title = sheet.first.leaflet[number][0]
    if len(sheet.words) > 1:
        title += f" · {sheet.words[1].leaflet[number][0]}"
    head = fitted(title, blocks.sizes(size * 1.18, sheet.least), BOLD, room, size * 2)
    texts = [
        (
            fitted(
                one.leaflet[number][1], (max(size * (1 if not n else 0.85), sheet.least),), REGULAR, room, 1e3
            ),
            one.lang,
        )
        for n, one in enumerate(sheet.words)
    ]
    head_ink = skin.accent if skin.id != "copy" else BLACK

    def draw(y: float) -> None:
        sheet.canvas.paragraph("H2", head, MARGIN, y, head_ink)
        y += head.height + 0.4
        for lines, lang in texts:
            sheet.canvas.paragraph(
                "P", lines, MARGIN, y, skin.ink, lang=lang if lang != sheet.first.lang else ""
            )
            y += lines.height + 0.8

    return Block(head.height + 0.4 + sum(one.height + 0.8 for one, _l in texts) - 0.8, draw)


def _way(sheet: Sheet, room: float) -> Block:
    """Both codes, what to do beside them and the address below."""
    scale = sheet.scale
    skin, pad = sheet.skin, 2.5
    ink, soft = (BLACK, "0.26 g") if skin.card else (skin.ink, skin.soft)
    size = max(3.2 * max(scale, 0.8), sheet.least)
    side, official = codes.shares(sheet, room - 2 * pad - 4 - 26, sheet.least_side())
    pair = codes.both(sheet, MARGIN + pad, side + official + 2, side, size, 2, frame=False, centred=False)
    x = MARGIN + pad + pair.width + 3.5
    wide = MARGIN + room - pad - x
    beside = blocks.in_short(sheet, x, wide, size * 1.2, ink, soft, STRONG, centred=False)
    prompt = 3.4 * max(scale, 0.75)
    typed = blocks.address(
        sheet, MARGIN + pad + 1, room - 2 * pad - 2, 5.4, prompt, ink, soft, centred=False, gap=0
    )
    row = max(pair.block.height, beside.height)
    high = row + typed.height + 2.4 * pad

    def draw(y: float) -> None:
        _ground(sheet, y, room, high)
        pair.block.draw(y + pad)
        beside.draw(y + pad + (row - beside.height) / 2)
        typed.draw(y + 1.6 * pad + row)

    return Block(high, draw)


def _way_of_one(sheet: Sheet, room: float) -> Block:
    """Our code alone with what to do beside it."""
    scale = sheet.scale
    skin, side = sheet.skin, max(sheet.least_side(), 40.0 if scale > 0.7 else 34.0)
    pad = 2.5
    x = MARGIN + pad + side + 4
    wide = room - side - 2 * pad - 4
    ink, soft = (BLACK, "0.26 g") if skin.card else (skin.ink, skin.soft)
    size = 4.6 * max(scale, 0.75)
    short = blocks.in_short(sheet, x, wide, size, ink, soft, STRONG, centred=False)
    prompt = 3.4 * max(scale, 0.75)
    words = over(short, blocks.address(sheet, x, wide, 5.4, prompt, ink, soft, centred=False, gap=0), 3)
    high = max(side, words.height) + 2 * pad

    def draw(y: float) -> None:
        _ground(sheet, y, room, high)
        blocks.code(sheet, MARGIN + pad, side, frame=False).draw(y + (high - side) / 2)
        words.draw(y + (high - words.height) / 2)

    return Block(high, draw)


def _ground(sheet: Sheet, y: float, room: float, high: float) -> None:
    skin = sheet.skin
    if skin.card:
        sheet.canvas.box(MARGIN, y, room, high, WHITE, 3)
    elif skin.panel:
        sheet.canvas.box(MARGIN, y, room, high, skin.panel, 3)
    else:
        sheet.canvas.frame(MARGIN, y, room, high, 0.6, BLACK, 3)
