"""Golos Text for drawing: which glyphs a text needs, how wide it is, where it breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from operator import itemgetter

from fontTools.ttLib import TTFont
from pyphen import Pyphen

from surveys.lettering import FONTS

REGULAR, STRONG, BOLD = 400, 600, 700
WEIGHTS = (REGULAR, STRONG, BOLD)
SCRIPTS = ("latin", "cyrillic", "cyrillic-ext", "latin-ext")
"""Files of one weight: a letter is drawn from the first that has it."""

ASCENT, DESCENT = 0.95, 0.25
"""How far letters reach above and below their line, in ems, marks over capitals included."""

_UNKNOWN = "?"
_SHORT = re.compile(
    r"(?<![\w-])(в|и|с|к|у|о|а|на|по|из|от|до|за|не|ни|об|со|для|их|ул\.|им\.) (?=\S)", re.IGNORECASE
)
_NUMBER = re.compile(r"№\s*(?=\w)")


@dataclass(frozen=True)
class Lines:
    """Text broken into lines of one size and weight; `width` is that of the longest."""

    lines: tuple[str, ...]
    size: float
    weight: int
    leading: float
    width: float
    text: str = ""

    @property
    def height(self) -> float:
        """From the top of the first line to the bottom of the last."""
        return len(self.lines) * self.size * self.leading


def plain(text: str) -> str:
    """One line with single spaces, short words kept with their neighbours, «№ 12» unbroken."""
    return _SHORT.sub(lambda found: found[1] + "\u00a0", _NUMBER.sub("№\u00a0", " ".join(text.split())))


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """How wide a text is."""
    return size * _ems(text, weight)


def wrapped(text: str, size: float, weight: int, room: float, leading: float = 1.25) -> Lines:
    """A text broken so that no line is wider than the room; a paragraph begins at each newline."""
    lines = [line for part in text.split("\n") for line in _broken(part, weight, room / size)]
    longest = max((_ems(one, weight) for one in lines), default=0)
    return Lines(tuple(lines), size, weight, leading, size * longest, text)


@lru_cache(maxsize=512)
def fitted(
    text: str, sizes: tuple[float, ...], weight: int, room: float, height: float, leading: float = 1.25
) -> Lines:
    """The text in the largest size at which it fits and no word must be cut; in the smallest when in none."""
    longest = max((_ems(word, weight) for word in _words(text.replace("\n", " "))), default=0)
    for size in sizes:
        if longest * size > room and size != sizes[-1]:
            continue
        if (found := wrapped(text, size, weight, room, leading)).height <= height:
            break
    return found


@lru_cache(maxsize=512)
def balanced(found: Lines) -> Lines:
    """The same lines, as even as can be without adding one."""
    if len(found.lines) < 2 or not found.text:
        return found
    best, room = found, found.width
    for _step in range(6):
        room *= 0.95
        tried = wrapped(found.text, found.size, found.weight, room, found.leading)
        if len(tried.lines) > len(found.lines) or tried.width > room + 0.01:
            break
        best = tried
    return best


@lru_cache(maxsize=512)
def glyphs(text: str, weight: int) -> list[tuple[str, str]]:
    """The text as runs of one script: (script, glyph numbers in hexadecimal)."""
    known = _glyphs(weight)
    drawn = [known.get(char) or _likeness(char, weight) for char in text]
    return [(script, "".join([one[1] for one in run])) for script, run in groupby(drawn, itemgetter(0))]


@lru_cache(maxsize=4096)
def home(char: str, weight: int) -> tuple[str, str]:
    """The file a letter is drawn from, and as what."""
    drawn = known(char, weight)
    return _glyphs(weight)[drawn][0], drawn


@cache
def file_of(weight: int, script: str) -> bytes:
    """The font unpacked, so that it is unpacked once."""
    font = TTFont(FONTS / f"golos-text-{script}-{weight}-normal.woff2", recalcTimestamp=False)
    font.flavor = None
    made = BytesIO()
    font.save(made)
    return made.getvalue()


@cache
def font_of(weight: int, script: str) -> TTFont:
    """The font of a weight that draws a script."""
    return TTFont(BytesIO(file_of(weight, script)), recalcTimestamp=False)


@cache
def _glyphs(weight: int) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for script in reversed(SCRIPTS):
        font = font_of(weight, script)
        for code, glyph in font.getBestCmap().items():
            found[chr(code)] = (script, f"{font.getGlyphID(glyph):04x}")
    return found


@cache
def _advances(weight: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for script in reversed(SCRIPTS):
        font = font_of(weight, script)
        em = font["head"].unitsPerEm
        found |= {chr(code): font["hmtx"][glyph][0] / em for code, glyph in font.getBestCmap().items()}
    return found


def known(char: str, weight: int) -> str:
    """The character itself, else its nearest likeness that the font can draw."""
    if char in (all_known := _glyphs(weight)):
        return char
    bare = unicodedata.normalize("NFKD", char)[0]
    return bare if bare in all_known else " " if char.isspace() else _UNKNOWN


def _likeness(char: str, weight: int) -> tuple[str, str]:
    return _glyphs(weight)[known(char, weight)]


@lru_cache(maxsize=2048)
def _ems(text: str, weight: int) -> float:
    advances = _advances(weight)
    try:
        return sum([advances[char] for char in text])
    except KeyError:
        return sum(advances[known(char, weight)] for char in text)


def _words(text: str) -> list[str]:
    return re.findall(r"[^ -]+-?|-", text)


def _broken(text: str, weight: int, ems: float) -> Iterator[str]:
    """Lines of at most so many ems: broken at spaces and hyphens, a longer word by syllables, else anywhere."""
    line, space = "", _ems(" ", weight)
    long = 0.0
    for piece, length, first in _pieces(text, weight):
        gap = space if line and first else 0.0
        if long + gap + length <= ems + 1e-6:
            line, long = line + (" " if gap else "") + piece, long + gap + length
            continue
        if line:
            yield line
        *whole, line = _cut(piece, weight, ems) if length > ems else (piece,)
        yield from whole
        long = _ems(line, weight)
    yield line


@lru_cache(maxsize=512)
def _pieces(text: str, weight: int) -> tuple[tuple[str, float, bool], ...]:
    """What a line may end with, how many ems each is, and does a word begin with it?"""
    return tuple(
        (piece, _ems(piece, weight), not number)
        for word in text.split(" ")
        for number, piece in enumerate(_words(word))
    )


def _cut(word: str, weight: int, ems: float) -> list[str]:
    made: list[str] = []
    while _ems(word, weight) > ems and len(word) > 1:
        ends = [end for end in _syllables(word) if _ems(word[:end] + "-", weight) <= ems]
        if ends:
            made.append(word[: ends[-1]] + "-")
            word = word[ends[-1] :]
            continue
        end = next((e for e in range(len(word) - 1, 1, -1) if _ems(word[:e], weight) <= ems), 1)
        made.append(word[:end])
        word = word[end:]
    return [*made, word]


@cache
def _hyphens() -> Pyphen:
    return Pyphen(lang="ru_RU", left=3, right=3)


def _syllables(word: str) -> list[int]:
    if not word.isalpha():
        return []
    return [int(place) for place in _hyphens().positions(word.lower())]
