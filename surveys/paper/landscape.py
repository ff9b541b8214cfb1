"""Lying sheets and screens, the code beside the words; square ones, the words above and below it."""

from __future__ import annotations

from surveys.paper import blocks, sections
from surveys.paper.blocks import Block, Sheet, TooTall, pieces, said, spoken, stack
from surveys.press.canvas import BLACK, WHITE
from surveys.press.faces import BOLD, REGULAR, STRONG


def draw(sheet: Sheet, scale: float, top: float = 0.0, height: float = 0.0) -> None:
    """A lying page, or a face of a folded card that is as wide as the page. Raises TooTall."""
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
    _code(sheet, code_x, code_y, side)

    def line(told: list[tuple[str, str]], size: float, weight: int = REGULAR, ink: str = skin.soft) -> Block:
        return spoken(
            sheet, "P", told, ink, skin.soft, words_x, words_room, size * unit, weight, centred=False
        )

    height_of_name = 52 * unit * max(scale, 0.6)
    named = blocks.named(
        sheet, words_x, words_room, height_of_name, scale, skin.ink, skin.soft, 10.5 * unit, centred=False
    )
    stack(
        list(
            pieces(
                None if skin.head else _title(sheet, words_x, words_room, 23 * unit * scale),
                named,
                line(said(sheet, "in_short"), 8.6 * scale, STRONG, skin.ink),
                line(said(sheet, "nameless"), 7.6 * scale),
                _typed(
                    sheet,
                    words_x,
                    words_room,
                    12 * unit * (scale if full else max(scale, 0.7)),
                    7.2 * unit * scale,
                ),
                _official(sheet, words_x, words_room, 6 * unit * max(scale, 0.7), 1.2 if full else 1.6)
                if sheet.poster.agency_url
                else line([(sheet.first.order, "")], 5.6 * max(scale, 0.7)),
            )
        ),
        at + margin * 0.9,
        bottom - margin * 0.9,
        3.2 * unit * scale,
        9 * unit,
    )


def square(sheet: Sheet, scale: float) -> None:
    """A sticker: the question, the code, the name, the address. Raises TooTall."""
    canvas, skin = sheet.canvas, sheet.skin
    wide, high, margin = canvas.width, canvas.height, 6.0
    canvas.box(0, 0, wide, high, skin.ground)
    strip = 4.0 if sheet.poster.demo else 0.0
    sections.demo_strip(sheet, 0, strip)
    at = strip
    room = wide - 2 * margin
    if skin.id == "copy":
        canvas.frame(2.5, at + 2.5, wide - 5, high - at - 5, 0.9, BLACK)
    title = spoken(
        sheet,
        "H1",
        said(sheet, "headline"),
        skin.head_ink,
        skin.head_soft,
        margin,
        room,
        8.2 * max(scale, 0.7 if scale > 0.5 else 0.6),
        BOLD,
        1.1,
        second=0.6,
        centred=True,
    )
    band = title.height + 5
    if skin.head:
        canvas.box(0, at, wide, band, skin.head)
    title.draw(at + (2.5 if skin.head else 4.0))
    at += band
    bottom = high - (4.0 if skin.id == "copy" else 2.5)
    name = _small_name(sheet, margin, room, scale)
    short = spoken(
        sheet, "P", said(sheet, "in_short"), skin.ink, skin.soft, margin, room, 3.5 * scale, centred=True
    )
    typed = spoken(
        sheet, "P", [(sheet.poster.typed, "")], skin.ink, skin.soft, margin, room, 4.4, BOLD, centred=True
    )
    side = bottom - at - name.height - short.height - typed.height - 4.4
    side = min(side, 53.0)
    if side < max(sheet.least_side(), 42.0 if scale > 0.6 else 0):
        raise TooTall
    code = Block(side, lambda y: _code(sheet, (wide - side) / 2, y, side))
    stack([code, short, typed, name], at + 1.5, bottom, 1.0, 3)


def _small_name(sheet: Sheet, x: float, room: float, scale: float) -> Block:
    skin = sheet.skin
    name = blocks.named(sheet, x, room, 13 * max(scale, 0.8), scale, skin.ink, skin.soft, 3.4)
    if skin.centred:
        return name
    middle = spoken(
        sheet,
        "H2",
        [(" ".join(sheet.poster.name.split()), "")],
        skin.ink,
        skin.soft,
        x,
        room,
        3.4 * scale,
        STRONG,
        centred=True,
        height=13,
    )
    if not sheet.poster.place:
        return middle
    place = spoken(
        sheet,
        "P",
        [(sheet.poster.place, "")],
        skin.soft,
        skin.soft,
        x,
        room,
        2.8 * scale,
        centred=True,
        height=5,
    )
    return blocks.over(middle, place, 0.4)


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


def _code(sheet: Sheet, x: float, y: float, side: float) -> None:
    blocks.code(sheet, x, side, frame=False).draw(y)
    if not sheet.skin.card:
        line = side / 70
        sheet.canvas.frame(
            x - line,
            y - line,
            side + 2 * line,
            side + 2 * line,
            line,
            BLACK if sheet.skin.id == "copy" else sheet.skin.accent,
            side / 40,
        )


def _typed(sheet: Sheet, x: float, room: float, size: float, prompt: float) -> Block:
    skin = sheet.skin
    ask = spoken(sheet, "P", said(sheet, "typed"), skin.soft, skin.soft, x, room, prompt, centred=False)
    told = [(sheet.poster.typed, "")]
    typed = spoken(sheet, "P", told, skin.ink, skin.soft, x, room, size, BOLD, centred=False)
    return blocks.over(ask, typed, 0)


def _official(sheet: Sheet, x: float, room: float, size: float, large: float) -> Block:
    skin, url = sheet.skin, sheet.poster.agency_url or ""
    side, gap = max(sheet.official_side() * large, size * 2.5 * large), size
    wide = room - side - gap
    title = spoken(
        sheet, "P", [(sheet.first.official_site, "")], skin.ink, skin.soft, x + side + gap, wide, size, STRONG,
        centred=False,
    )  # fmt: skip
    text = spoken(
        sheet,
        "P",
        [(sheet.first.official, "")],
        skin.soft,
        skin.soft,
        x + side + gap,
        wide,
        size * 0.9,
        centred=False,
    )
    high = title.height + text.height

    def draw(y: float) -> None:
        sheet.canvas.code(url, sheet.first.official_site, x, y, side)
        at = y + max(0.0, (side - high) / 2)
        title.draw(at)
        text.draw(at + title.height)

    return Block(max(side, high), draw)
