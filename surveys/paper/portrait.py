"""Upright sheets and screens: three arrangements, one a design."""

from __future__ import annotations

from surveys.paper import blocks, codes, sections
from surveys.paper.blocks import over, pieces, said, spoken
from surveys.paper.sheet import Block, Sheet, TooTall, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, STRONG

MARGIN = 17.0
_STRIP = 8.0
_GAP = 7.0
"""Between the codes, their quiet zones aside."""
STEPS, NAMELESS, LEAD, ORDER = 0.84, 0.78, 0.72, 0.66
"""Scales of type from which on a sheet with both codes side by side says less: shorter what to do, then not that it is
nameless (the word of our code says so), how long it takes, by which Order."""


def draw(sheet: Sheet) -> None:
    """The sheet in its design, its type at this scale. Raises TooTall."""
    {"calm": _calm, "bold": _bold, "copy": _copy}[sheet.skin.id](sheet)


def _calm(sheet: Sheet) -> None:
    """A band with the question; below it the name, the code with what to do beside it, the address, the changes."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    margin = codes.margin(sheet, MARGIN, 1.4 * skin.line, _GAP, 8)
    room = canvas.width - 2 * margin
    strip = _STRIP if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    title = spoken(
        sheet, "H1", said(sheet, "headline"), skin.head_ink, skin.head_soft, margin, room,
        14.4 * max(scale, 0.8), BOLD, 1.1, second=0.5,
    )  # fmt: skip
    lead = _lead(sheet, margin, room, 6.6 * scale, skin.head_ink, skin.head_soft)
    band = title.height + (lead.height + 3 if lead else 0) + 15 * scale
    canvas.box(0, strip, canvas.width, band, skin.head)
    title.draw(strip + 7.5 * scale)
    if lead:
        lead.draw(strip + 7.5 * scale + title.height + 3)

    wanted = max(sheet.least_side(), 103.0 if scale > 0.75 else 96.0)
    name = blocks.named(sheet, margin, room, 36 * max(scale, 0.7), skin.ink, skin.soft, 7.2)
    told, below = False, None
    if sheet.paired:
        way, _width, told = codes.both(sheet, margin, room, wanted, 4.8 * scale, _GAP)
        below = _what_to_do(sheet, margin, room)
    else:
        way = _code_and_steps(sheet, wanted, margin, room)
    typed = blocks.address(sheet, margin, room, 9.0, 5.3 * scale, skin.ink, skin.soft)
    foot = _foot(sheet, margin, room, 3.9 * max(scale, 0.8), told)
    bottom = canvas.height - (
        6 if sheet.paired or not sheet.poster.agency_url else 3
    )  # a quiet zone is white
    taken = sum(one.height for one in pieces(name, way, below, typed))
    free = bottom - foot.height - band - strip - 8 - taken - (15 if not below else 19) * scale
    done = sections.changes(sheet, margin, room, 5.2 * scale, min(free, 60), scale)
    if done is None and not sheet.paired and scale > (0.7 if len(sheet.words) == 1 else 0.85):
        raise TooTall
    stack(
        list(pieces(name, way, below, typed, done)), band + strip + 5, bottom - foot.height - 3, 4 * scale,
        canvas.height * 0.055,
    )  # fmt: skip
    foot.draw(bottom - foot.height)


def _lead(sheet: Sheet, x: float, room: float, size: float, ink: str, soft: str) -> Block | None:
    """How many questions and how long."""
    if sheet.paired and sheet.scale <= LEAD:
        return None
    return spoken(sheet, "P", said(sheet, "lead"), ink, soft, x, room, size)


def _what_to_do(sheet: Sheet, x: float, room: float) -> Block:
    """Below two codes: what to do with ours; that it asks for no name its own word says as well."""
    scale = sheet.scale
    skin = sheet.skin
    short = blocks.in_short(sheet, x, room, 6.2 * scale, skin.ink, skin.soft, STRONG)
    if scale <= NAMELESS:
        return short
    nameless = spoken(sheet, "P", said(sheet, "nameless"), skin.soft, skin.soft, x, room, 5.3 * scale)
    return over(short, nameless, 1.6)


def _foot(sheet: Sheet, x: float, room: float, size: float, told: bool) -> Block:
    brief = sheet.paired and sheet.scale <= ORDER
    return sections.foot(sheet, x, room, size, told=told or brief, brief=brief)


def _code_and_steps(sheet: Sheet, side: float, x: float, room: float) -> Block:
    scale = sheet.scale
    code = blocks.code(sheet, x, side, caption=4.8 * scale)
    whole = side + 2.8 * sheet.skin.line
    beside = x + whole + 9
    wide = x + room - beside
    if wide < 45:  # a long address makes a large code: what to do goes below it
        code = blocks.code(sheet, x + (room - whole) / 2, side, caption=4.8 * scale)
        ink, soft = sheet.skin.ink, sheet.skin.soft
        below = blocks.in_short(sheet, x, room, 5.6 * scale, ink, soft, centred=True)
        return over(code, below, 3)
    for size in blocks.sizes(6.3, 3.2):
        steps = sections.steps(sheet, beside, wide, size)
        if steps.height <= code.height:
            break

    def draw(y: float) -> None:
        code.draw(y)
        steps.draw(y + (code.height - steps.height) / 2)

    return Block(max(code.height, steps.height), draw)


def _bold(sheet: Sheet) -> None:
    """A dark ground, a huge question, one white card with the name, the code and the address; what to do below."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    canvas.box(0, 0, canvas.width, canvas.height, skin.ground)
    strip = _STRIP if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    margin = codes.margin(sheet, 13.0, 0, _GAP, 7)
    room = canvas.width - 2 * margin
    title = spoken(
        sheet, "H1", said(sheet, "headline"), skin.ink, skin.soft, margin, room, 21 * scale, BOLD, 1.02,
        second=0.36,
    )  # fmt: skip
    lead = _lead(sheet, margin, room, 6.4 * scale, skin.accent, skin.soft)
    if sheet.paired and scale <= STEPS:
        below = [_what_to_do(sheet, margin, room)]
    else:
        below = [
            sections.steps_across(sheet, margin, room, 5.4 * scale),
            spoken(
                sheet, "P", said(sheet, "nameless"), skin.ink, skin.soft, margin, room, 5.6 * scale, STRONG
            ),
        ]
    wanted = max(sheet.least_side(), 108.0 if scale > 0.7 else 96.0)
    card, told = _card(sheet, margin, room, wanted)
    foot = _foot(sheet, margin, room, 3.7 * max(scale, 0.8), told)
    bottom = canvas.height - 6
    taken = sum(one.height for one in pieces(title, lead, card, *below, foot))
    done = None
    if sheet.poster.changes:
        most = bottom - strip - taken - 34 * scale
        done = sections.changes(sheet, margin, room, 4.9 * scale, most, scale)
    stack(
        list(pieces(title, lead, card, *below, done)), strip + 8, bottom - foot.height - 2, 3.2 * scale,
        canvas.height * 0.035,
    )  # fmt: skip
    foot.draw(bottom - foot.height)


def _card(sheet: Sheet, x: float, room: float, wanted: float) -> tuple[Block, bool]:
    """The white card, and whether it says what the official code asks for."""
    scale = sheet.scale
    inner, soft, told = room - 16, "0.26 g", False
    name = blocks.named(sheet, x + 8, inner, 34 * max(scale, 0.7), BLACK, soft, 6.4)
    if sheet.paired:
        pair = codes.both(sheet, x, room, wanted, 4.6 * scale, 0, frame=False)
        code, told = over(Block(2.5 * scale, lambda y: None), pair.block, 0), pair.told
    else:
        code = blocks.code(sheet, x + (room - wanted) / 2, wanted, frame=False, caption=4.6 * scale)
    typed = blocks.address(sheet, x + 8, inner, 9.0, 4.8 * scale, BLACK, soft)
    high = name.height + code.height + typed.height + 11

    def draw(y: float) -> None:
        sheet.canvas.box(x, y, room, high, WHITE, 6)
        name.draw(y + 6)
        code.draw(y + 6 + name.height)
        typed.draw(y + 6 + name.height + code.height - 1)

    return Block(high, draw), told


def _copy(sheet: Sheet) -> None:
    """Black lines on white and no filled areas: a frame, everything on one axis, the largest code."""
    scale = sheet.scale
    canvas, skin = sheet.canvas, sheet.skin
    strip = _STRIP if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    outer = 5 if sheet.paired else 7
    margin = codes.margin(sheet, 18.0, 1.4 * skin.line, 3, 9)
    # Two codes fill a small sheet: the inner line would touch them.
    for edge, line in ((outer, 1.6), (outer + 3, 0.5)) if margin > outer + 6 else ((outer, 1.6),):
        canvas.frame(
            edge, edge + strip, canvas.width - 2 * edge, canvas.height - 2 * edge - strip, line, BLACK
        )
    wide = canvas.width - 2 * margin
    codes_at, margin = margin, max(margin, 14.0)
    room = canvas.width - 2 * margin
    name = blocks.named(sheet, margin, room, 28 * max(scale, 0.7), skin.ink, skin.soft, 7.0)
    title = spoken(
        sheet, "H1", said(sheet, "headline"), skin.ink, skin.soft, margin, room, 15 * scale, BOLD, 1.1,
        second=0.5,
    )  # fmt: skip
    wanted = max(sheet.least_side(), 116.0 if scale > 0.75 else 98.0)
    told = False
    if sheet.paired:
        code, _width, told = codes.both(sheet, codes_at, wide, wanted, 4.8 * scale, 3)
        below = [_what_to_do(sheet, margin, room)]
    else:
        code = blocks.code(sheet, margin + (room - wanted - 2.8 * skin.line) / 2, wanted, caption=4.8 * scale)
        below = [
            blocks.in_short(sheet, margin, room, 6.4 * scale, skin.ink, skin.soft, STRONG),
            spoken(sheet, "P", said(sheet, "nameless"), skin.ink, skin.soft, margin, room, 5.4 * scale),
        ]
    typed = _boxed(
        sheet,
        blocks.address(sheet, margin + 5, room - 10, 8.6, 4.8 * scale, skin.ink, skin.soft),
        margin,
        room,
    )
    foot = _foot(sheet, margin, room, 3.7 * max(scale, 0.8), told)
    bottom = canvas.height - outer - 7
    top = strip + outer + 8
    taken = sum(one.height for one in (title, name, code, *below, typed, foot))
    done = None
    if sheet.poster.changes:
        most = bottom - top + 1 - taken - 30 * scale
        done = sections.changes(sheet, margin, room, 4.8 * scale, most, scale)
    stack(
        list(pieces(title, name, code, *below, typed, done)), top, bottom - foot.height - 3, 3 * scale,
        canvas.height * 0.035,
    )  # fmt: skip
    foot.draw(bottom - foot.height)


def _boxed(sheet: Sheet, block: Block, x: float, room: float) -> Block:
    def draw(y: float) -> None:
        sheet.canvas.frame(x, y, room, block.height + 6, 0.9, BLACK)
        block.draw(y + 3)

    return Block(block.height + 6, draw)
