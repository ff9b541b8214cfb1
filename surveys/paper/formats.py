"""What can be made: sheets and screens, and the designs they come in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

MODULES_IN_DISTANCE = 600
"""A module is never under this part of the distance it is read from.

A telephone looks for codes in a picture 1,920 pixels wide that takes in some 65°, so at 1.5 m it has a pixel to a
millimetre; a module of 2.5 mm is then two and a half pixels, and readers need two.
"""


SURVIVES, TIGHT = 1.15, 1.0
"""Millimetres of a module that is read from a dirty, grey, tilted copy at 200 dpi, nine of its dots; and of one that
is read from nearly all such, where a long address leaves no more.
"""
_POINT = 25.4 / 72


@dataclass(frozen=True)
class Format:
    """A sheet in millimetres or a screen in pixels; `unit`: millimetres of paper to one of the design.

    `points`: no letter is smaller. A screen is measured as a sheet of its design's size.
    """

    id: str
    title: Any
    use: Any
    family: str
    width: float
    height: float
    unit: float
    distance: float
    points: float
    pixels: tuple[int, int] | None = None

    @property
    def module(self) -> float:
        """Least edge of a module that is read from its distance, in units of the design."""
        return self.distance * 1000 / MODULES_IN_DISTANCE / self.unit

    @property
    def least(self) -> float:
        """The smallest letters, in units of the design."""
        return self.points * _POINT / self.unit

    @property
    def official(self) -> bool:
        """Does the official code stand beside ours?"""
        return self.family != "code"

    @property
    def faces(self) -> int:
        """How often each code stands on the page: a folded card has it on either side."""
        return 2 if self.family == "tent" else 1

    @property
    def kinds(self) -> tuple[str, ...]:
        """Files it comes as, the usual one first."""
        return ("png", "svg") if self.family == "code" else ("png",) if self.pixels else ("pdf", "png")

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in units of the design."""
        return self.width / self.unit, self.height / self.unit


def _sheet(id: str, use: Any, width: float, height: float, distance: float, points: float) -> Format:
    title = _l("Плакат %(size)s", size=id.upper())
    return Format(id, title, use, "portrait", width, height, width / 210, distance, points)


_ALL = (
    _sheet("a4", _l("у входа, у регистратуры, на стенде"), 210, 297, 1.5, 10),
    _sheet("a3", _l("в большом зале, видно издалека"), 297, 420, 2.1, 14),
    _sheet("a5", _l("на двери кабинета, в лифте"), 148, 210, 1.05, 8),
    _sheet("a6", _l("на стойке, в рамке"), 105, 148, 0.75, 6.5),
    Format("leaflet", _l("Памятка А5"), _l("в руки: что это и почему анонимно"), "leaflet", 148, 210, 1, 0.5, 8),
    Format("tent", _l("Настольная карточка А6"), _l("согнуть пополам и поставить на стойку"), "tent", 148, 210, 1, 0.6,
           6.5),
    Format("sticker", _l("Наклейка 10×10 см"), _l("на стекло, на терминал записи"), "square", 100, 100, 1, 0.6, 6),
    Format("wide", _l("Экран 1920×1080"), _l("табло и телевизор"), "landscape", 320, 180, 1, 0.9, 10.5, (1920, 1080)),
    Format("tall", _l("Экран 1080×1920"), _l("табло, стоящий"), "portrait", 210, 210 * 16 / 9, 1, 0.9, 12,
           (1080, 1920)),
    Format("code", _l("Только код"), _l("для сайта и своей полиграфии"), "code", 100, 100, 1, 0.5, 0),
)  # fmt: skip
FORMATS = {one.id: one for one in _ALL}
SIZES = {
    one.id.upper(): (int(one.width), int(one.height)) for one in _ALL if one.id in ("a3", "a4", "a5", "a6")
}
"""Posters in millimetres, upright."""


@dataclass(frozen=True)
class Skin:
    """A design: what the ground, the head and the code's place look like. Colours as PDF says them."""

    id: str
    title: Any
    use: Any
    ground: str  # of the whole page
    ink: str  # on the ground
    soft: str
    head: str  # behind the headline; empty: nothing, a rule below it
    head_ink: str
    head_soft: str
    accent: str  # of signs and frames
    panel: str  # behind what the answers change; empty: an outline
    card: bool  # the code and the name on a white card
    centred: bool
    line: float  # thickness of frames


_BRAND, _NIGHT, _PALE = "0.043 0.310 0.424 rg", "0.031 0.239 0.333 rg", "0.902 0.941 0.957 rg"
_GREY = "0.26 g"

SKINS = {
    one.id: one
    for one in (
        Skin(
            "calm", _l("Спокойный"), _l("белый лист с цветной полосой: для большинства мест"),
            "1 g", "0 g", _GREY, _BRAND, "1 g", "1 g", _BRAND, _PALE, False, False, 1.4,
        ),
        Skin(
            "bold", _l("Яркий"), _l("цветной лист, крупный заголовок и белая карточка с кодом: видно издалека"),
            _NIGHT, "1 g", "0.87 0.93 0.96 rg", "", "1 g", "0.87 0.93 0.96 rg", "1 0.824 0.247 rg", "", True, True, 1.6,
        ),
        Skin(
            "copy", _l("Для ксерокса"), _l("чёрным по белому, без заливок: тиражируют на любом принтере"),
            "1 g", "0 g", "0 g", "", "0 g", "0 g", "0 g", "", False, True, 2.0,
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """What is to be drawn: a format in a design."""

    format: Format
    skin: Skin

    @classmethod
    def of(cls, format_id: str = "a4", skin_id: str = "calm") -> Choice:
        """By names. Raises KeyError."""
        return cls(FORMATS[format_id], SKINS[skin_id])
