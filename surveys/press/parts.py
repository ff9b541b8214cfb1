"""Parts of fonts as files need them: a few letters of Golos Text, their numbers, widths and meanings."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from surveys.press import faces
from surveys.press.faces import BOLD, home


@dataclass(frozen=True)
class Part:
    """A font with only some glyphs, their numbers kept; measures in thousandths of an em."""

    name: str
    file: bytes
    packed: bytes
    widths: str
    meanings: tuple[tuple[int, str], ...]
    box: tuple[int, int, int, int]


# What nearly every sheet needs: with these always there, thousands of files share the very same parts of fonts.
_USUAL = frozenset(
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁабвгдежзийклмнопрстуфхцчшщъыьэюяё№"
    '0123456789 .,:;!?()/%+-–—«»"\u00a0bus.gov.ru'
)
_ADDRESS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def of(weight: int, chars: Iterable[str]) -> list[tuple[str, Part]]:
    """(script, what of its font) these letters need, with the usual ones beside them."""
    wanted: dict[str, set[str]] = {}
    for char in chars:
        script, drawn = home(char, weight)
        wanted.setdefault(script, set()).add(drawn)
    return [
        (script, _part(weight, script, _usual(weight, script).union(used)))
        for script, used in sorted(wanted.items())
    ]


@cache
def _usual(weight: int, script: str) -> frozenset[str]:
    usual = _USUAL | _ADDRESS if weight == BOLD else _USUAL
    return frozenset(char for char in usual if home(char, weight)[0] == script)


@lru_cache(maxsize=64)
def _part(weight: int, script: str, chars: frozenset[str]) -> Part:
    font, cmap = faces.font_of(weight, script), faces.font_of(weight, script).getBestCmap()
    meant = {font.getGlyphID(cmap[ord(char)]): char for char in sorted(chars)}
    head, advances = font["head"], font["hmtx"]
    scale = 1000 / head.unitsPerEm
    names = font.getGlyphOrder()
    file = _subset(weight, script, frozenset(meant))
    return Part(
        name=f"{_label(chars)}+GolosText-{weight}-{script}",
        file=file,
        packed=zlib.compress(file, 9),
        widths=" ".join(f"{gid}[{round(advances[names[gid]][0] * scale)}]" for gid in sorted(meant)),
        meanings=tuple(sorted(meant.items())),
        box=(
            round(head.xMin * scale),
            round(head.yMin * scale),
            round(head.xMax * scale),
            round(head.yMax * scale),
        ),
    )


def _subset(weight: int, script: str, gids: frozenset[int]) -> bytes:
    font = TTFont(BytesIO(faces.file_of(weight, script)), recalcTimestamp=False)
    options = Options(
        retain_gids=True,
        layout_features=[],
        name_IDs=[],
        notdef_outline=True,
        glyph_names=False,
        hinting=False,
    )
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "STAT", "OS/2", "name", "post", "cmap", "gasp", "DSIG"]
    maker = Subsetter(options)
    maker.populate(gids=gids)
    maker.subset(font)
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def _label(chars: Iterable[str]) -> str:
    number = sum(ord(char) * (place + 1) for place, char in enumerate(sorted(chars)))
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))
