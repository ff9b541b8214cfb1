"""How much room words take in Golos Text, so that a name of 400 characters gets the size at which it fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
LEADING = 1.25
"""Height of a line in ems, the same in the style sheets."""


@dataclass(frozen=True)
class Words:
    """Words with the type size they are set in and the height they are expected to take."""

    text: str
    size: float
    height: float


def fitted(text: str, sizes: Sequence[float], width: float, height: float) -> Words:
    """Words in the largest of the sizes at which they fit; in the smallest when in none."""
    for size in sizes:
        lines = sum(_lines(line, width / size) for line in text.splitlines())
        tall = lines * size * LEADING
        if tall <= height and size * max(map(_ems, text.split()), default=0) <= width:
            break
    return Words(text, size, tall)


def _lines(text: str, ems: float) -> int:
    """How many lines of this many ems the words take; a word longer than a line is broken."""
    lines, room = 0, 0.0
    for word in re.findall(r"[^ -]+-?|-", text):
        length = _ems(word)
        if not lines or length > room:
            lines += max(1, ceil(length / ems))
            room = ems * ceil(length / ems)
        room -= length + _ems(" ")
    return lines


def _ems(text: str) -> float:
    """Width in Golos Text; a character that it lacks is taken as wide as the widest letters."""
    return sum(_advances().get(ord(char), 1.0) for char in text)


@cache
def _advances() -> dict[int, float]:
    fonts = [TTFont(FONTS / f"golos-text-{script}-600-normal.woff2") for script in ("latin", "cyrillic")]
    return {
        code: font["hmtx"][glyph][0] / font["head"].unitsPerEm
        for font in fonts
        for code, glyph in font.getBestCmap().items()
    }
