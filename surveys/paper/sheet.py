"""One page to be drawn, and how what stands on it is tried smaller until it fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from surveys import qr
from surveys.paper import words as speech
from surveys.paper.formats import SURVIVES, TIGHT, Choice, Format, Skin
from surveys.paper.poster import Poster, UnsuitablePoster
from surveys.paper.words import Words
from surveys.press.canvas import Canvas

SCALES = (1.0, 0.95, 0.9, 0.84, 0.78, 0.72, 0.66, 0.6, 0.55, 0.5, 0.45)
SIDE_BY_SIDE = 0.66
"""The scale of type from which on no official code stands in a foot of its own: beside ours it takes less room."""
BARE = 0.55
"""The scale of type from which on an address stands without a word of what it is for, and codes are smaller."""
OFFICIAL_LEVEL = "M"
"""Of the official code: a module is a tenth larger than at level Q, and that is what a dirty copy asks for."""


@dataclass(frozen=True)
class Sheet:
    """One page to be drawn: what it says, how it looks, the ink it is drawn with."""

    poster: Poster
    choice: Choice
    canvas: Canvas
    scale: float = 1.0

    @property
    def skin(self) -> Skin:
        """The design."""
        return self.choice.skin

    @property
    def format(self) -> Format:
        """The sheet's or the screen's size and use."""
        return self.choice.format

    @cached_property
    def words(self) -> list[Words]:
        """The poster's own words, first language first."""
        return [speech.words(lang, self.poster.asked) for lang in self.poster.languages]

    @property
    def first(self) -> Words:
        """The words of the first language."""
        return self.words[0]

    def least_side(self) -> float:
        """The narrowest code that is read from where people stand, and copied; quiet zone included."""
        return max(self.format.module, self._copied) * qr.side(self.poster.link)

    def official_side(self) -> float:
        """The same for the official code, which one steps up to."""
        modules = qr.side(self.poster.agency_url or "", OFFICIAL_LEVEL)
        return max(0.42 * self.format.module, self._copied) * modules

    @property
    def _copied(self) -> float:
        return (SURVIVES if self.scale > BARE else TIGHT) / self.format.unit

    @cached_property
    def paired(self) -> bool:
        """Do the codes stand side by side? On a large sheet the official one may stand below, beside its words."""
        scarce = self.scale <= SIDE_BY_SIDE or (self.skin.centred and self.format.pixels is None)
        return self.poster.agency_url is not None and (scarce or self.official_side() > self.canvas.width / 4)

    @cached_property
    def least(self) -> float:
        """The smallest letters of the format."""
        return self.format.least


class TooTall(Exception):
    """The blocks do not fit: try them smaller."""


class Block(NamedTuple):
    """A piece of the sheet: how high it is, how it is drawn from its top."""

    height: float
    draw: Callable[[float], object]


def stack(blocks: Sequence[Block], top: float, bottom: float, least: float, most: float) -> None:
    """Blocks one below another; what they leave goes into the gaps, up to `most` each, else above and below."""
    left = bottom - top - sum(block.height for block in blocks)
    gap = min(most, left / max(1, len(blocks) - 1)) if len(blocks) > 1 else 0
    if left < least * (len(blocks) - 1) - 0.5:
        raise TooTall
    y = top + (left - gap * (len(blocks) - 1)) / 2
    for block in blocks:
        block.draw(y)
        y += block.height + gap


def arranged(sheet: Sheet, draw: Callable[[Sheet], None]) -> Sheet:
    """The sheet as drawn at the first type scale at which everything fits. Raises UnsuitablePoster.

    What was put right goes last, and only where it stands at no scale.
    """
    for scale in SCALES:
        empty = Canvas(sheet.canvas.width, sheet.canvas.height, sheet.canvas.scale)
        tried = Sheet(sheet.poster, sheet.choice, empty, scale)
        try:
            draw(tried)
        except TooTall:
            continue
        return tried
    if sheet.poster.changes:
        bare = replace(sheet.poster, changes=())
        return arranged(Sheet(bare, sheet.choice, sheet.canvas), draw)
    raise UnsuitablePoster("Текст не помещается на лист: сократите название или место.")
