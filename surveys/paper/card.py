"""A card that is folded to stand on a desk: two faces, each with everything on it."""

from __future__ import annotations

from surveys.paper import blocks, codes, landscape, sections
from surveys.paper.blocks import pieces, said, spoken
from surveys.paper.sheet import Block, Sheet, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, STRONG

_WORDS = 36.0
"""Millimetres beside the codes for what to do."""


def draw(sheet: Sheet) -> None:
    """Two faces, the far one on its head, and the fold between them. Raises TooTall."""
    half = sheet.canvas.height / 2
    face = _face if sheet.paired else landscape.draw
    face(sheet, half, half)
    with sheet.canvas.turned(), sheet.canvas.untold():
        face(sheet, half, half)
    ink = "0.5 g"
    for left in (0.0, sheet.canvas.width - 8):
        sheet.canvas.rule(left, half, left + 8, half, 0.3, ink, "2 2")


def _face(sheet: Sheet, top: float, height: float) -> None:
    """The question and the name over the whole width, below them both codes with what to do beside them."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    wide, bottom, margin = canvas.width, top + height, 7.0 if skin.id == "copy" else 6.0
    room = wide - 2 * margin
    canvas.box(0, top, wide, height, skin.ground)
    at = top
    if sheet.poster.demo:
        sections.demo_strip(sheet, top, 5.0)
        at += 5.0
    if skin.id == "copy":
        canvas.frame(2.5, at + 2.5, wide - 5, bottom - at - 5, 1.0, BLACK)
        at += 2.5
        bottom -= 2.5
    title = spoken(
        sheet, "H1", said(sheet, "headline"), skin.head_ink, skin.head_soft, margin, room, 9.6 * max(scale, 0.6),
        BOLD, 1.1, second=0.5, centred=False,
    )  # fmt: skip
    pad = 3.0 * scale
    if skin.head:
        canvas.box(0, at, wide, title.height + 2 * pad, skin.head)
    title.draw(at + pad)
    at += title.height + (2 if skin.head else 1) * pad
    name = blocks.named(sheet, margin, room, 16 * max(scale, 0.8), skin.ink, skin.soft, 5.0, centred=False)
    typed = blocks.address(sheet, margin, room, 5.6, 3.0 * scale, skin.ink, skin.soft, centred=False, gap=0)
    gap = 2.2 * scale
    free = bottom - 3 - at - 1.5 - name.height - typed.height - 2 * gap
    stack([name, _row(sheet, margin, room, free), typed], at + 1.5, bottom - 3, gap, 6)


def _row(sheet: Sheet, x: float, room: float, most: float) -> Block:
    """Both codes, and beside them what to do and what changed."""
    scale = sheet.scale
    skin = sheet.skin
    pad = 2.0 if skin.card else 0.0
    size = 3.1 * max(scale, 0.7)
    gap = 3.0
    side, official = codes.shares(sheet, room - _WORDS * max(scale, 0.8) - 5 - gap - 2 * pad, 1e3)
    side = max(min(side, most - 2.8 * size - 2 * pad), min(side, sheet.least_side()))
    pair = codes.both(sheet, x + pad, side + official + gap, side, size, gap, frame=False, centred=False)
    high = pair.block.height + 2 * pad
    beside = x + pair.width + 2 * pad + 5
    wide = x + room - beside
    short = blocks.in_short(sheet, beside, wide, 4.2 * scale, skin.ink, skin.soft, STRONG, centred=False)
    if sheet.poster.changes:
        left = high - short.height - 3 * scale
        more: Block | None = sections.changes_beside(sheet, beside, wide, 3.3 * scale, left)
    else:
        more = spoken(
            sheet,
            "P",
            said(sheet, "nameless"),
            skin.soft,
            skin.soft,
            beside,
            wide,
            3.6 * scale,
            centred=False,
        )
        if short.height + more.height + 2 * scale > high:
            more = None

    def draw(y: float) -> None:
        if skin.card:
            sheet.canvas.box(x, y, pair.width + 2 * pad, high, WHITE, 3.5)
        pair.block.draw(y + pad)
        stack(list(pieces(short, more)), y, y + high, 0, 5)

    return Block(max(high, short.height), draw)
