"""A sticker: the question, the code or both codes, the address, the name."""

from __future__ import annotations

from surveys.paper import blocks, codes, sections
from surveys.paper.blocks import pieces, said, spoken
from surveys.paper.sheet import Block, Sheet, TooTall, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD

_ASKED = 0.6
"""The scale of type from which on it is not said what to do with a code: there is no more room."""

_EDGE = 1.8
"""Of the frame, from the edge of the sheet."""


def draw(sheet: Sheet) -> None:
    """The sheet, its type at this scale. Raises TooTall."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    wide, high, margin = canvas.width, canvas.height, 6.0
    canvas.box(0, 0, wide, high, skin.ground)
    at = 0.0
    if sheet.poster.demo:
        sections.demo_strip(sheet, 0, 4.4)
        at = 4.4
    room = wide - 2 * margin
    edge = _EDGE if skin.id == "copy" and scale > 0.5 else 0.0
    if edge:
        canvas.frame(edge, at + edge, wide - 2 * edge, high - at - 2 * edge, 0.9, BLACK)
    large = 7.0 if sheet.paired else 8.2
    title = spoken(
        sheet, "H1", said(sheet, "headline"), skin.head_ink, skin.head_soft, margin, room,
        large * max(scale, 0.6), BOLD, 1.1, second=0.6, centred=True,
    )  # fmt: skip
    pad = 2.5 * max(scale, 0.6)
    if skin.head:
        canvas.box(0, at, wide, title.height + 2 * pad, skin.head)
    else:
        at += edge
    title.draw(at + pad)
    at += title.height + 2 * pad - (0 if skin.head else pad)
    bottom = high - max(2.5, edge + 1.4)
    name = blocks.named(
        sheet, margin, room, 13 * max(scale, 0.8), skin.ink, skin.soft, 3.4, centred=True, gap=0.3
    )
    short = None
    if not sheet.paired or scale > _ASKED:
        short = blocks.in_short(sheet, margin, room, 3.5 * scale, skin.ink, skin.soft, centred=True)
    typed = blocks.address(sheet, margin, room, 4.4, 0, skin.ink, skin.soft, centred=True, gap=0)
    free = bottom - at - 1 - 3 * 0.8 - sum(one.height for one in pieces(name, short, typed))
    shown = _both(sheet, free) if sheet.paired else _one(sheet, free)
    stack(list(pieces(shown, short, typed, name)), at + 1, bottom, 0.8, 3)


def _one(sheet: Sheet, free: float) -> Block:
    side = min(free, 53.0)
    if side < max(sheet.least_side(), 42.0 if sheet.scale > 0.6 else 0):
        raise TooTall
    return Block(side, lambda y: blocks.framed(sheet, (sheet.canvas.width - side) / 2, y, side))


def _both(sheet: Sheet, free: float) -> Block:
    """Our code and the official one on one white ground, each below its word."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    margin = 4.0
    room = canvas.width - 2 * margin
    size = max(2.9 * scale, sheet.least)
    pad = 1.2 * scale if skin.card else 0.0
    wanted = max(sheet.least_side(), min(50.0, free - 2.8 * size - 2 * pad))
    pair = codes.both(sheet, margin, room, wanted, size, 1.0, frame=False, centred=True).block

    def draw(y: float) -> None:
        if skin.card:
            canvas.box(margin, y, room, pair.height + 2 * pad, WHITE, 2.4)
        pair.draw(y + pad)

    return Block(pair.height + 2 * pad, draw)
