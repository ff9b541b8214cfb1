"""The ten digits as outlines: printed on every side of a form, and the pattern by which a reader compares them.

They are those of Golos Text, made narrower or wider by nobody: each stands in the middle of its cell.
"""

from __future__ import annotations

from functools import cache

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from documents.drawing import STATIC

Point = tuple[float, float]
Contour = tuple[Point, ...]
STEPS = 6


@cache
def outlines() -> dict[str, tuple[Contour, ...]]:
    """Digit → closed contours, to be filled by the non-zero rule.

    The height of a digit is 1, y goes up from the line it stands on, and x is counted from its middle.
    """
    with TTFont(STATIC / "fonts" / "golos-text-latin-700-normal.woff2") as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        return {digit: _scaled(_flat(glyphs, names[ord(digit)])) for digit in "0123456789"}


def _scaled(contours: list[list[Point]]) -> tuple[Contour, ...]:
    xs = [x for contour in contours for x, _y in contour]
    ys = [y for contour in contours for _x, y in contour]
    middle, low, height = (min(xs) + max(xs)) / 2, min(ys), max(ys) - min(ys)
    return tuple(
        tuple((round((x - middle) / height, 4), round((y - low) / height, 4)) for x, y in contour)
        for contour in contours
    )


def _flat(glyphs: object, name: str) -> list[list[Point]]:
    """Curves as short straight lines: a digit is four millimetres high."""
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)  # type: ignore[index]
    contours: list[list[Point]] = []
    for verb, points in pen.value:
        if verb == "moveTo":
            contours.append([points[0]])
        elif verb == "lineTo":
            contours[-1].append(points[0])
        elif verb == "qCurveTo":
            contours[-1].extend(_quadratics(contours[-1][-1], points))
        elif verb == "curveTo":
            contours[-1].extend(_curve((contours[-1][-1], *points)))
    return contours


def _quadratics(start: Point, points: tuple[Point, ...]) -> list[Point]:
    """TrueType leaves out the points between two of its off-curve ones: they are in the middle."""
    told: list[Point] = []
    for place, control in enumerate(points[:-1]):
        after = points[place + 1]
        last = place == len(points) - 2
        end = after if last else ((control[0] + after[0]) / 2, (control[1] + after[1]) / 2)
        told += _curve((start, control, end))
        start = end
    return told


def _curve(points: tuple[Point, ...]) -> list[Point]:
    told = []
    for step in range(1, STEPS + 1):
        t, level = step / STEPS, list(points)
        while len(level) > 1:
            level = [
                (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
                for a, b in zip(level, level[1:], strict=False)
            ]
        told.append(level[0])
    return told
