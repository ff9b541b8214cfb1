"""The widget as a picture: one arrangement, as SVG and as PNG; letters are outlines, so no font is asked for.

A name of any length is set in the size at which it fits; the code stands on white, whatever the colours around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from typing import Any, NamedTuple

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from council.widget.saying import Said
from surveys import qr
from surveys.lettering import FONTS
from surveys.press import faces, raster

PAD = 12
DENSITY = 2  # dots of a PNG to a point of the page: telephones have as many
NAME_SIZES = (16, 15, 14, 13, 12, 11, 10, 9, 8)
LEADING = 1.25
EM = 1000  # units of the font


class Shape(NamedTuple):
    """How large, where the code stands and where the words begin."""

    width: int
    height: int
    code: int
    code_x: int
    words_x: int
    words_y: int


class Colours(NamedTuple):
    """Ground, edge, words, quieter words, what stands out, a warning."""

    ground: str
    edge: str
    ink: str
    quiet: str
    brand: str
    warn: str


SHAPES = {
    "wide": Shape(540, 220, code=196, code_x=PAD, words_x=PAD + 196 + PAD, words_y=PAD),
    "tall": Shape(280, 460, code=216, code_x=32, words_x=PAD, words_y=PAD + 216 + PAD),
}
COLOURS = {
    "light": Colours("#ffffff", "#d5dbe1", "#16202b", "#435060", "#0b4f6c", "#644100"),
    "dark": Colours("#18212a", "#33404c", "#eef2f5", "#b4c0ca", "#7cc0dd", "#ffd27a"),
}


class Text(NamedTuple):
    """A line of words: where it begins and stands, how large and heavy."""

    x: float
    y: float
    size: float
    weight: int
    colour: str
    words: str


@lru_cache(maxsize=512)
def svg(said: Said, shape: str, colour: str) -> bytes:
    """The picture as SVG: a few paths, nothing that a page's policy could forbid."""
    form, paint = SHAPES[shape], COLOURS[colour]
    code = qr.svg(said.survey, title=said.alt).replace(
        "<svg ", f'<svg x="{form.code_x}" y="{PAD}" width="{form.code}" height="{form.code}" ', 1
    )
    texts = _texts(said, form, paint)
    letters = sorted({(char, one.weight) for one in texts for char in one.words if char.strip()})
    drawn = "".join(f'<path id="{_name(*one)}" d="{_outline(*one)}"/>' for one in letters)
    words = "".join(
        f'<g fill="{one.colour}" transform="translate({one.x} {one.y:.2f}) scale({one.size / EM:.5f})">{_set(one)}</g>'
        for one in texts
    )
    file = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{form.width}" height="{form.height}"'
        f' viewBox="0 0 {form.width} {form.height}" role="img" aria-label="{escape(said.alt)}">'
        f"<title>{escape(said.alt)}</title><desc>{escape(said.survey)}</desc>"
        f'<rect x=".5" y=".5" width="{form.width - 1}" height="{form.height - 1}" rx="10"'
        f' fill="{paint.ground}" stroke="{paint.edge}"/><defs>{drawn}</defs>{code}{words}</svg>'
    ).encode()
    _read_back(raster.drawing(file, DENSITY * form.width), said)
    return file


@lru_cache(maxsize=256)
def png(said: Said, shape: str, colour: str) -> bytes:
    """The same as PNG, two dots to a point."""
    form, paint = SHAPES[shape], COLOURS[colour]
    picture = Image.new("RGBA", (form.width * DENSITY, form.height * DENSITY))
    draw = ImageDraw.Draw(picture)
    edge = (0, 0, picture.width - 1, picture.height - 1)
    draw.rounded_rectangle(edge, 10 * DENSITY, fill=paint.ground, outline=paint.edge, width=DENSITY)
    room = form.code * DENSITY
    code = qr.image(said.survey, module_pixels=room // qr.side(said.survey)).convert("RGBA")
    left, top = form.code_x * DENSITY, PAD * DENSITY
    draw.rectangle((left, top, left + room - 1, top + room - 1), fill="#ffffff")
    picture.paste(code, (left + (room - code.width) // 2, top + (room - code.height) // 2))
    for one in _texts(said, form, paint):
        for x, char in _spaced(one, one.size):
            place = ((one.x + x) * DENSITY, one.y * DENSITY)
            draw.text(place, char, one.colour, _font(char, one.weight, one.size), anchor="ls")
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    with Image.open(file) as written:
        _read_back(written, said)
    return file.getvalue()


def _read_back(picture: Image.Image, said: Said) -> None:
    """Nothing is handed over whose code does not read, and no other code is seen. Raises qr.UnreadableCode."""
    if (read := qr.decode(picture)) != [said.survey]:
        raise qr.UnreadableCode(f"drawn {said.survey!r}, read {read!r}")


def code_path(said: Said) -> str:
    """The modules of the code as one path, quiet zone included, one unit a module."""
    return qr.svg(said.survey, title="").rpartition(' d="')[2].partition('"')[0]


def _texts(said: Said, form: Shape, paint: Colours) -> Sequence[Text]:
    """What is read, from the top: the invitation, the name; at the foot the score."""
    room = form.width - PAD - form.words_x
    heading = faces.fitted(said.heading, (20, 19, 18, 17, 16), faces.STRONG, room, 26)
    foot = [(said.figure, 26, faces.BOLD, paint.brand), (said.label, 13, faces.REGULAR, paint.quiet)]
    if said.demo:
        foot.insert(0, (said.demo, 11, faces.STRONG, paint.warn))
    found, bottom = [], float(form.height - PAD)
    for words, size, weight, colour in foot:
        if words:
            lines = faces.fitted(words, (size, size - 1, size - 2), weight, room, size * LEADING)
            found.append(_line(form, bottom, lines.size, weight, colour, words))
            bottom -= lines.size * LEADING
    top = form.words_y + heading.height
    name = faces.fitted(faces.plain(said.name), NAME_SIZES, faces.REGULAR, room, bottom - top - PAD, LEADING)
    found += _lines(form, form.words_y, heading, paint.ink)
    return [*found, *_lines(form, top + PAD / 2, name, paint.ink)]


def _lines(form: Shape, top: float, lines: faces.Lines, colour: str) -> Iterator[Text]:
    tall = lines.size * lines.leading
    for number, words in enumerate(lines.lines, 1):
        yield _line(form, top + number * tall, lines.size, lines.weight, colour, words)


def _line(form: Shape, bottom: float, size: float, weight: int, colour: str, words: str) -> Text:
    """A line whose lower edge is here: letters stand a little above it."""
    drawn = "".join(faces.home(char, weight)[1] for char in words)
    return Text(form.words_x, bottom - size * (faces.DESCENT + 0.02), size, weight, colour, drawn)


def _spaced(line: Text, size: float) -> Iterator[tuple[float, str]]:
    """Where each letter of a line stands, at this size."""
    x = 0.0
    for char in line.words:
        if char.strip():
            yield x, char
        x += faces.width(char, size, line.weight)


def _set(line: Text) -> str:
    """A line's letters where they stand, in units of the font."""
    return "".join(
        f'<use href="#{_name(char, line.weight)}" x="{round(x)}"/>' for x, char in _spaced(line, EM)
    )


def _name(char: str, weight: int) -> str:
    return f"l{weight // 100}{ord(char):x}"


@lru_cache(maxsize=1024)
def _outline(char: str, weight: int) -> str:
    """A letter as a path, y down."""
    font, glyphs = _glyphs(faces.home(char, weight)[0], weight)
    pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
    glyphs[font.getBestCmap()[ord(char)]].draw(TransformPen(pen, (1, 0, 0, -1, 0, 0)))
    return str(pen.getCommands())


@cache
def _glyphs(script: str, weight: int) -> tuple[TTFont, Any]:
    font = TTFont(_file(script, weight))
    return font, font.getGlyphSet()


@lru_cache(maxsize=64)
def _font_of(script: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_file(script, weight), size * DENSITY, layout_engine=ImageFont.Layout.BASIC)


def _font(char: str, weight: int, size: float) -> ImageFont.FreeTypeFont:
    return _font_of(faces.home(char, weight)[0], weight, size)


def _file(script: str, weight: int) -> str:
    return str(FONTS / f"golos-text-{script}-{weight}-normal.woff2")
