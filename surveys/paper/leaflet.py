"""Sheets for the hand: the leaflet that says what the assessment is, and the card that is folded to stand on a desk."""

from __future__ import annotations

from surveys.paper import blocks, landscape, sections
from surveys.paper.blocks import Block, Sheet, over, said, spoken, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, REGULAR, STRONG, balanced, fitted

MARGIN = 11.0


def draw(sheet: Sheet, scale: float) -> None:
    """The leaflet. Raises TooTall."""
    canvas, skin = sheet.canvas, sheet.skin
    wide, high, room = canvas.width, canvas.height, canvas.width - 2 * MARGIN
    canvas.box(0, 0, wide, high, skin.ground)
    strip = 5.0 if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    if skin.id == "copy":
        canvas.frame(4, 4 + strip, wide - 8, high - 8 - strip, 0.9, BLACK)
    title = spoken(
        sheet,
        "H1",
        said(sheet, "leaflet_title"),
        skin.head_ink,
        skin.head_soft,
        MARGIN,
        room,
        9.4 * max(scale, 0.75),
        BOLD,
        1.12,
        second=0.55,
    )
    band = title.height + 8
    at = strip + (3 if skin.id == "copy" else 0)
    if skin.head:
        canvas.box(0, at, wide, band, skin.head)
    title.draw(at + 4)
    at += band
    name = blocks.named(sheet, MARGIN, room, 17 * max(scale, 0.8), scale, skin.ink, skin.soft, 4.4)
    parts = [_part(sheet, number, room, 3.9 * scale) for number in range(len(sheet.first.leaflet))]
    foot = sections.foot(sheet, MARGIN, room, 2.7 * max(scale, 0.85))
    way = _way(sheet, room, scale)
    bottom = high - (7 if skin.id == "copy" else 5)
    stack([name, *parts, way], at + 3, bottom - foot.height - 2, 1.6 * scale, 6)
    foot.draw(bottom - foot.height)


def _part(sheet: Sheet, number: int, room: float, size: float) -> Block:
    skin = sheet.skin
    title = sheet.first.leaflet[number][0]
    if len(sheet.words) > 1:
        title += f" · {sheet.words[1].leaflet[number][0]}"
    head = fitted(title, blocks.sizes(size * 1.18, size * 0.7), BOLD, room, size * 2)
    texts = [
        (fitted(one.leaflet[number][1], (size * (1 if not n else 0.85),), REGULAR, room, 1e3), one.lang)
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


def _way(sheet: Sheet, room: float, scale: float) -> Block:
    """The code with what to do beside it."""
    skin, side = sheet.skin, max(sheet.least_side(), 40.0 if scale > 0.7 else 34.0)
    pad = 2.5
    x = MARGIN + pad + side + 4
    wide = room - side - 2 * pad - 4
    ink, soft = (BLACK, "0.26 g") if skin.card else (skin.ink, skin.soft)
    size = 4.6 * max(scale, 0.75)
    short = spoken(sheet, "P", said(sheet, "in_short"), ink, soft, x, wide, size, STRONG, centred=False)
    if label := blocks.ours(sheet, x, wide, size * 0.76, ink, centred=False):
        short = over(label, short, size * 0.4)
    ask = spoken(sheet, "P", said(sheet, "typed"), soft, soft, x, wide, 3.4 * max(scale, 0.75), centred=False)
    typed = balanced(fitted(sheet.poster.typed, blocks.sizes(5.4, 3.0), BOLD, wide, 8))
    high = max(side, short.height + ask.height + typed.height + 3) + 2 * pad

    def draw(y: float) -> None:
        if skin.card:
            sheet.canvas.box(MARGIN, y, room, high, WHITE, 3)
        elif skin.panel:
            sheet.canvas.box(MARGIN, y, room, high, skin.panel, 3)
        else:
            sheet.canvas.frame(MARGIN, y, room, high, 0.6, BLACK, 3)
        blocks.code(sheet, MARGIN + pad, side, frame=False).draw(y + (high - side) / 2)
        at = y + (high - short.height - ask.height - typed.height - 3) / 2
        short.draw(at)
        ask.draw(at + short.height + 3)
        sheet.canvas.paragraph("P", typed, x, at + short.height + 3 + ask.height, ink)

    return Block(high, draw)


def tent(sheet: Sheet, scale: float) -> None:
    """Two faces, the far one on its head, and the fold between them. Raises TooTall."""
    half = sheet.canvas.height / 2
    landscape.draw(sheet, scale, half, half)
    with sheet.canvas.turned(), sheet.canvas.untold():
        landscape.draw(sheet, scale, half, half)
    ink = "0.5 g"
    for left in (0.0, sheet.canvas.width - 8):
        sheet.canvas.rule(left, half, left + 8, half, 0.3, ink, "2 2")
