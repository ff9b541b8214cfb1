"""Upright sheets and screens: three arrangements, one a design."""

from __future__ import annotations

from surveys.paper import blocks, sections
from surveys.paper.blocks import Sheet, TooTall, pieces, said, spoken, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD

MARGIN = 17.0
_STRIP = 8.0


def draw(sheet: Sheet, scale: float) -> None:
    """The sheet in its design, its type at this scale. Raises TooTall."""
    {"calm": _calm, "bold": _bold, "copy": _copy}[sheet.skin.id](sheet, scale)


def _calm(sheet: Sheet, scale: float) -> None:
    """A band with the question; below it the name, the code with what to do beside it, the address, the changes."""
    canvas, skin, room = sheet.canvas, sheet.skin, sheet.canvas.width - 2 * MARGIN
    strip = _STRIP if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    title = spoken(
        sheet, "H1", said(sheet, "headline"), skin.head_ink, skin.head_soft, MARGIN, room,
        14.4 * max(scale, 0.8), BOLD, 1.1, second=0.5,
    )  # fmt: skip
    lead = spoken(sheet, "P", said(sheet, "lead"), skin.head_ink, skin.head_soft, MARGIN, room, 6.6 * scale)
    band = title.height + lead.height + 3 + 15 * scale
    canvas.box(0, strip, canvas.width, band, skin.head)
    title.draw(strip + 7.5 * scale)
    lead.draw(strip + 7.5 * scale + title.height + 3)

    side = max(sheet.least_side(), 103.0 if scale > 0.75 else 96.0)
    name = blocks.named(sheet, MARGIN, room, 36 * max(scale, 0.7), scale, skin.ink, skin.soft, 7.2)
    way = _code_and_steps(sheet, side, room, scale)
    typed = blocks.address(sheet, MARGIN, room, 9.0, 5.3 * scale, skin.ink, skin.soft)
    foot = sections.foot(sheet, MARGIN, room, 3.9 * max(scale, 0.8))
    bottom = canvas.height - 6
    free = bottom - foot.height - band - strip - 8 - name.height - way.height - typed.height - 15 * scale
    done = sections.changes(sheet, MARGIN, room, 5.2 * scale, min(free, 60), scale)
    if done is None and scale > (0.7 if sheet.poster.changes or len(sheet.words) == 1 else 0.85):
        raise TooTall
    stack(
        list(pieces(name, way, typed, done)), band + strip + 5, bottom - foot.height - 3, 4 * scale,
        canvas.height * 0.055,
    )  # fmt: skip
    foot.draw(bottom - foot.height)


def _code_and_steps(sheet: Sheet, side: float, room: float, scale: float) -> blocks.Block:
    code = blocks.code(sheet, MARGIN, side, caption=4.8 * scale)
    whole = side + 2.8 * sheet.skin.line
    beside = MARGIN + whole + 9
    wide = MARGIN + room - beside
    if wide < 45:  # a long address makes a large code: what to do goes below it
        code = blocks.code(sheet, MARGIN + (room - whole) / 2, side, caption=4.8 * scale)
        below = spoken(
            sheet,
            "P",
            said(sheet, "in_short"),
            sheet.skin.ink,
            sheet.skin.soft,
            MARGIN,
            room,
            5.6 * scale,
            centred=True,
        )
        return blocks.over(code, below, 3)
    for size in blocks.sizes(6.3, 3.2):
        steps = sections.steps(sheet, beside, wide, size)
        if steps.height <= code.height:
            break

    def draw(y: float) -> None:
        code.draw(y)
        steps.draw(y + (code.height - steps.height) / 2)

    return blocks.Block(max(code.height, steps.height), draw)


def _bold(sheet: Sheet, scale: float) -> None:
    """A dark ground, a huge question, one white card with the name, the code and the address; what to do below."""
    canvas, skin = sheet.canvas, sheet.skin
    canvas.box(0, 0, canvas.width, canvas.height, skin.ground)
    strip = _STRIP if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    margin = 13.0
    room = canvas.width - 2 * margin
    title = spoken(
        sheet,
        "H1",
        said(sheet, "headline"),
        skin.ink,
        skin.soft,
        margin,
        room,
        21 * scale,
        BOLD,
        1.02,
        second=0.36,
    )
    lead = spoken(sheet, "P", said(sheet, "lead"), skin.accent, skin.soft, margin, room, 6.4 * scale)
    steps = sections.steps_across(sheet, margin, room, 5.4 * scale)
    nameless = spoken(
        sheet, "P", said(sheet, "nameless"), skin.ink, skin.soft, margin, room, 5.6 * scale, 600
    )
    foot = sections.foot(sheet, margin, room, 3.7 * max(scale, 0.8))
    card = _card(sheet, margin, room, max(sheet.least_side(), 108.0 if scale > 0.7 else 96.0), scale)
    bottom = canvas.height - 6
    taken = sum(one.height for one in (title, lead, card, steps, nameless, foot))
    done = (
        sections.changes(sheet, margin, room, 4.9 * scale, bottom - strip - taken - 34 * scale, scale)
        if sheet.poster.changes
        else None
    )
    if sheet.poster.changes and done is None and scale > 0.7:
        raise TooTall
    stack(
        list(pieces(title, lead, card, steps, nameless, done)), strip + 8, bottom - foot.height - 2, 3.2 * scale,
        canvas.height * 0.035,
    )  # fmt: skip
    foot.draw(bottom - foot.height)


def _card(sheet: Sheet, x: float, room: float, side: float, scale: float) -> blocks.Block:
    inner, soft = room - 16, "0.26 g"
    name = blocks.named(sheet, x + 8, inner, 34 * max(scale, 0.7), scale, BLACK, soft, 6.4)
    code = blocks.code(sheet, x + (room - side) / 2, side, frame=False, caption=4.6 * scale)
    typed = blocks.address(sheet, x + 8, inner, 9.0, 4.8 * scale, BLACK, soft)
    high = name.height + code.height + typed.height + 11

    def draw(y: float) -> None:
        sheet.canvas.box(x, y, room, high, WHITE, 6)
        name.draw(y + 6)
        code.draw(y + 6 + name.height)
        typed.draw(y + 6 + name.height + code.height - 1)

    return blocks.Block(high, draw)


def _copy(sheet: Sheet, scale: float) -> None:
    """Black lines on white and no filled areas: a double frame, everything on one axis, the largest code."""
    canvas, skin = sheet.canvas, sheet.skin
    strip = _STRIP if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    canvas.frame(7, 7 + strip, canvas.width - 14, canvas.height - 14 - strip, 1.6, BLACK)
    canvas.frame(10, 10 + strip, canvas.width - 20, canvas.height - 20 - strip, 0.5, BLACK)
    margin = 18.0
    room = canvas.width - 2 * margin
    name = blocks.named(sheet, margin, room, 28 * max(scale, 0.7), scale, skin.ink, skin.soft, 7.0)
    title = spoken(
        sheet,
        "H1",
        said(sheet, "headline"),
        skin.ink,
        skin.soft,
        margin,
        room,
        15 * scale,
        BOLD,
        1.1,
        second=0.5,
    )
    side = max(sheet.least_side(), 116.0 if scale > 0.75 else 98.0)
    code = blocks.code(sheet, margin + (room - side - 2 * 2.8) / 2, side, caption=4.8 * scale)
    short = spoken(sheet, "P", said(sheet, "in_short"), skin.ink, skin.soft, margin, room, 6.4 * scale, 600)
    nameless = spoken(sheet, "P", said(sheet, "nameless"), skin.ink, skin.soft, margin, room, 5.4 * scale)
    typed = _boxed(
        sheet,
        blocks.address(sheet, margin + 5, room - 10, 8.6, 4.8 * scale, skin.ink, skin.soft),
        margin,
        room,
    )
    foot = sections.foot(sheet, margin, room, 3.7 * max(scale, 0.8))
    bottom = canvas.height - 14
    taken = sum(one.height for one in (title, name, code, short, nameless, typed, foot))
    done = (
        sections.changes(sheet, margin, room, 4.8 * scale, bottom - strip - 14 - taken - 30 * scale, scale)
        if sheet.poster.changes
        else None
    )
    if sheet.poster.changes and done is None and scale > 0.7:
        raise TooTall
    stack(
        list(pieces(title, name, code, short, nameless, typed, done)),
        strip + 15, bottom - foot.height - 3, 3 * scale,
        canvas.height * 0.035,
    )  # fmt: skip
    foot.draw(bottom - foot.height)


def _boxed(sheet: Sheet, block: blocks.Block, x: float, room: float) -> blocks.Block:
    def draw(y: float) -> None:
        sheet.canvas.frame(x, y, room, block.height + 6, 0.9, BLACK)
        block.draw(y + 3)

    return blocks.Block(block.height + 6, draw)
