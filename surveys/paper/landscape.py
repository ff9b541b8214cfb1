"""Lying sheets and screens, the code beside the words."""

from __future__ import annotations

from surveys.paper import blocks, codes, sections
from surveys.paper.blocks import pieces, said, spoken
from surveys.paper.sheet import Block, Sheet, TooTall, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, REGULAR, STRONG

NAMELESS = 0.84
"""The scale of type from which on the word of our code alone says that it asks for no name."""


def draw(sheet: Sheet, top: float = 0.0, height: float = 0.0) -> None:
    """A lying page, or a face of a folded card that is as wide as the page. Raises TooTall."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    wide, high = canvas.width, height or canvas.height
    unit = high / 180  # lengths below are of a page 180 high
    canvas.box(0, top, wide, high, skin.ground)
    strip = 9 * unit if sheet.poster.demo else 0.0
    if strip:
        sections.demo_strip(sheet, top, strip)
    at, bottom, margin = top + strip, top + high, 11 * unit
    if skin.id == "copy":
        canvas.frame(4 * unit, at + 4 * unit, wide - 8 * unit, bottom - at - 8 * unit, 1.8 * unit, BLACK)
    title_room = wide - 2 * margin
    full = scale <= 0.5  # as much as one sheet can be asked to say: nothing keeps its usual size
    if skin.head:
        title = _title(sheet, margin, title_room, 19 * unit * max(scale, 0.55 if full else 0.75))
        band = title.height + 11 * unit
        canvas.box(0, at, wide, band, skin.head)
        title.draw(at + 5.5 * unit)
        at += band
    share = 0.42 if scale > 0.7 else 0.35 if scale > 0.55 else 0.28  # of the width; many words want it more
    side = min(bottom - at - 2 * margin, max(wide * share, sheet.least_side()))
    word = 7.2 * unit * max(scale, 0.7) if sheet.poster.agency_url else 0.0
    above = 1.7 * word  # a line that says which code it is, and a gap
    side = min(side, bottom - at - 1.4 * margin - above)
    if side < sheet.least_side():
        raise TooTall
    code_x = wide - margin - side if skin.card else margin
    words_x = margin if skin.card else margin + side + 10 * unit
    words_room = wide - side - 2 * margin - 10 * unit
    code_y = at + above + (bottom - at - above - side) / 2
    if skin.card:
        pad = 4 * unit
        canvas.box(
            code_x - pad, code_y - above - pad, side + 2 * pad, side + above + 2 * pad, WHITE, 6 * unit
        )
    if label := blocks.ours(
        sheet, code_x, side, word, BLACK if skin.card else skin.ink, centred=True, height=1.25 * word
    ):
        label.draw(code_y - 0.45 * word - label.height)
    blocks.framed(sheet, code_x, code_y, side)

    def line(told: list[tuple[str, str]], size: float, weight: int = REGULAR, ink: str = skin.soft) -> Block:
        return spoken(
            sheet, "P", told, ink, skin.soft, words_x, words_room, size * unit, weight, centred=False
        )

    height_of_name = 52 * unit * max(scale, 0.6)
    official = sheet.poster.agency_url is not None
    said_ = [
        None if skin.head else _title(sheet, words_x, words_room, 23 * unit * scale),
        blocks.named(
            sheet, words_x, words_room, height_of_name, skin.ink, skin.soft, 10.5 * unit, centred=False
        ),
        blocks.in_short(
            sheet, words_x, words_room, 8.6 * unit * scale, skin.ink, skin.soft, STRONG, centred=False
        ),
        line(said(sheet, "nameless"), 7.6 * scale) if not official or scale > NAMELESS else None,
        blocks.address(
            sheet, words_x, words_room, 12 * unit * (scale if full else max(scale, 0.7)), 7.2 * unit * scale,
            skin.ink, skin.soft, centred=False, gap=0,
        ),
    ]  # fmt: skip
    low, upper, gap = bottom - margin * 0.9, at + margin * 0.9, 3.2 * unit * scale
    size = 6.6 * unit * scale
    last: Block | None
    if official:
        last = _official(sheet, words_x, words_room, 6 * unit * max(scale, 0.7), size)
    elif sheet.poster.changes:
        free = low - upper - sum(one.height for one in pieces(*said_)) - gap * 5
        last = sections.changes(sheet, words_x, words_room, size, free, scale)
    else:
        last = line([(sheet.first.order, "")], 5.6 * max(scale, 0.7))
    stack(list(pieces(*said_, last)), upper, low, gap, 9 * unit)


def _title(sheet: Sheet, x: float, room: float, size: float) -> Block:
    skin = sheet.skin
    return spoken(
        sheet,
        "H1",
        said(sheet, "headline"),
        skin.head_ink,
        skin.head_soft,
        x,
        room,
        size,
        BOLD,
        1.06,
        second=0.5,
        centred=False,
    )


def _official(sheet: Sheet, x: float, room: float, size: float, changed: float) -> Block:
    """The official code with its words; beside them what changed."""
    skin, side, gap = sheet.skin, max(sheet.official_side(), size * 6), size
    left = x + side + gap
    done = None
    wide = room - side - gap
    if sheet.poster.changes:
        wide = wide * 0.45 - gap
        beside = left + wide + gap
        done = sections.changes_beside(sheet, beside, x + room - beside, changed, side)
    title = blocks.theirs(sheet, left, wide, size, skin.ink, centred=False)
    text = spoken(
        sheet, "P", [(sheet.first.official, "")], skin.soft, skin.soft, left, wide, size * 0.9, centred=False
    )
    high = title.height + text.height

    def draw(y: float) -> None:
        codes.draw_official(sheet, x, y, side)
        at = y + max(0.0, (side - high) / 2)
        title.draw(at)
        text.draw(at + title.height)
        if done:
            done.draw(y + (max(side, high) - done.height) / 2)

    return Block(max(side, high), draw)
