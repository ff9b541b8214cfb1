"""Draw «≈» and «→» for print, which the faces in static/fonts/ do not have: static/fonts/signs.woff2.

Run again only to redraw them: `.venv/bin/python scripts/signs.py`.
"""

from math import pi, sin
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FONT = Path(__file__).resolve().parent.parent / "static" / "fonts" / "signs.woff2"
BORN = 3_800_000_000  # seconds since 1904: the same drawing gives the same bytes
WIDTH, LEFT, RIGHT, STROKE, SPACE = 600, 50, 550, 62, 260  # of an em of 1000
ARROW = (
    (50, 299),
    (410, 299),
    (300, 189),
    (345, 145),
    (550, 330),
    (345, 515),
    (300, 471),
    (410, 361),
    (50, 361),
)


def wave(middle: int) -> list[tuple[int, int]]:
    """A stroke along one period of a sine, as a polygon."""
    steps = range(25)
    along = [(LEFT + (RIGHT - LEFT) * n // 24, middle + round(48 * sin(2 * pi * n / 24))) for n in steps]
    return [(x, y + STROKE // 2) for x, y in along] + [(x, y - STROKE // 2) for x, y in reversed(along)]


def drawn() -> TTFont:
    """The two signs, and the spaces that a line sets in the same face after them."""
    shapes = {".notdef": [], "approxequal": [wave(245), wave(420)], "arrowright": [list(reversed(ARROW))]}
    shapes["space"] = []
    build = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder(list(shapes))
    build.setupCharacterMap({0x2248: "approxequal", 0x2192: "arrowright", 0x20: "space", 0xA0: "space"})
    build.setupGlyf({name: glyph(contours) for name, contours in shapes.items()})
    build.setupHorizontalMetrics({name: (SPACE if name == "space" else WIDTH, LEFT) for name in shapes})
    build.setupHorizontalHeader(ascent=950, descent=-250)
    build.setupNameTable({"familyName": "SignsPrint", "styleName": "Regular", "psName": "SignsPrint-Regular"})
    build.setupOS2(sTypoAscender=950, sTypoDescender=-250, usWinAscent=950, usWinDescent=250)
    build.setupPost()
    build.font["head"].created = build.font["head"].modified = BORN
    return build.font


def glyph(contours: list[list[tuple[int, int]]]) -> object:
    """Polygons as one TrueType glyph."""
    pen = TTGlyphPen(None)
    for first, *rest in contours:
        pen.moveTo(first)
        for point in rest:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


if __name__ == "__main__":
    font = drawn()
    font.recalcTimestamp = False
    font.flavor = "woff2"
    font.save(FONT)
