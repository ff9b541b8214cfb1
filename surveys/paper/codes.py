"""The two codes side by side, each with its word: ours the larger, the official one as large as a copy needs it."""

from __future__ import annotations

from typing import NamedTuple

from surveys import qr
from surveys.paper import blocks
from surveys.paper.blocks import said, spoken
from surveys.paper.formats import TIGHT
from surveys.paper.sheet import OFFICIAL_LEVEL, Block, Sheet, TooTall
from surveys.press.canvas import BLACK


class Both(NamedTuple):
    """The block of the two codes, how wide it is, and whether it says what the official one asks for."""

    block: Block
    width: float
    told: bool


def shares(sheet: Sheet, room: float, wanted: float) -> tuple[float, float]:
    """How wide our code and the official one may be in so much room. Raises TooTall."""
    official = sheet.official_side()
    side = min(wanted, room - official)
    if (
        side < sheet.least_side()
    ):  # a long address makes a large code, which is then read from a little nearer
        tight = TIGHT / sheet.format.unit
        side = max(tight * qr.side(sheet.poster.link), side)
        official = min(official, room - side)
        if official < tight * qr.side(sheet.poster.agency_url or "", OFFICIAL_LEVEL):
            raise TooTall
    return side, official


def margin(sheet: Sheet, usual: float, edge: float, gap: float, least: float) -> float:
    """The sheet's margin at which both codes have their room, the usual one when it leaves enough."""
    if not sheet.paired:
        return usual
    needed = sheet.least_side() + 2 * edge + gap + sheet.official_side()
    return max(least, min(usual, (sheet.canvas.width - needed) / 2))


def both(
    sheet: Sheet, x: float, room: float, wanted: float, size: float, gap: float, frame: bool = True,
    centred: bool | None = None,
) -> Both:  # fmt: skip
    """Ours at the left, the official one at the right, their words above them. Raises TooTall."""
    skin = sheet.skin
    edge = skin.line * 1.4 if frame else 0.0
    gap = max(1.0, min(gap, room - 2 * edge - sheet.official_side() - sheet.least_side()))
    side, official = shares(sheet, room - gap - 2 * edge, wanted)
    whole = side + 2 * edge
    wide = whole + gap + official
    if skin.centred if centred is None else centred:
        x += (room - wide) / 2
    beside = x + whole + gap
    ink, soft = (BLACK, "0.26 g") if skin.card else (skin.ink, skin.soft)
    ours = blocks.ours(sheet, x, whole, size, ink, centred=True)
    theirs = blocks.theirs(sheet, beside, official, size, ink, centred=True)
    above = max(ours.height if ours else 0.0, theirs.height)
    under = spoken(
        sheet, "P", said(sheet, "official"), soft, soft, beside, official, size * 0.85, centred=True
    )
    told = official + under.height + size * 0.5 <= whole
    code = blocks.code(sheet, x, side, frame=frame)
    gap_below = size * 0.35

    def draw(y: float) -> None:
        if ours:
            ours.draw(y + above - ours.height)
        code.draw(y + above + gap_below)
        theirs.draw(y + above - theirs.height)
        draw_official(sheet, beside, y + above + gap_below, official)
        if told:
            under.draw(y + above + gap_below + official + size * 0.5)

    return Both(Block(above + gap_below + max(code.height, official), draw), wide, told)


def draw_official(sheet: Sheet, x: float, y: float, side: float) -> None:
    """The official code."""
    url = sheet.poster.agency_url or ""
    sheet.canvas.code(url, sheet.first.official_site, x, y, side, OFFICIAL_LEVEL)
