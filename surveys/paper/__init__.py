"""Posters and what else shows the code: every sheet, screen and design, read back before it is handed over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from flask_babel import force_locale, gettext
from PIL import Image

from surveys import qr
from surveys.paper import card, landscape, leaflet, portrait, sticker
from surveys.paper.checking import glanced, read_back, read_whole
from surveys.paper.formats import FORMATS, SIZES, SKINS, Choice, Format, Skin
from surveys.paper.poster import LONGEST_NAME, Asked, Poster, UnsuitablePoster
from surveys.paper.sheet import Sheet, arranged
from surveys.paper.words import words
from surveys.press import raster
from surveys.press.book import Book
from surveys.press.canvas import Canvas, Drawn
from surveys.press.faces import plain

__all__ = [
    "FORMATS", "LONGEST_NAME", "SIZES", "SKINS", "Asked", "Choice", "Format", "Poster", "Skin",
    "UnsuitablePoster",
    "Proof", "bound", "drawn", "drawn_pdf", "made", "poster_pdf", "poster_png", "poster_svg", "posters_pdf", "preview",
    "proved",
]  # fmt: skip

_ARRANGEMENTS = {
    "portrait": portrait.draw,
    "landscape": landscape.draw,
    "square": sticker.draw,
    "leaflet": leaflet.draw,
    "tent": card.draw,
}
PREVIEW_PIXELS = 620

Proof = Drawn | UnsuitablePoster | qr.UnreadableCode
"""A page whose codes were read, or why it is not to be handed over."""


def drawn(poster: Poster, choice: Choice) -> Drawn:
    """One page with everything in its place; not to be handed over before it was read back. Raises UnsuitablePoster."""
    form = choice.format
    empty = Canvas(*form.size, scale=form.unit)
    sheet = arranged(Sheet(poster, choice, empty), _ARRANGEMENTS[form.family])
    return sheet.canvas.drawn(plain(poster.name), poster.languages[0])


def made(poster: Poster, choice: Choice, kind: str) -> bytes:
    """A file to be handed over, every code of it read back from the file itself. Raises qr.UnreadableCode."""
    form = choice.format
    if form.family == "code":
        return poster_svg(poster) if kind == "svg" else poster_png(poster)
    pdf = drawn_pdf(poster, choice)
    if kind == "pdf":
        read_whole(pdf, poster, form)
        return pdf
    if form.pixels:  # the rasterer may add a row
        picture = raster.picture(pdf, width=form.pixels[0]).crop((0, 0, *form.pixels))
    else:
        picture = raster.picture(pdf, dpi=200)
    read_back(picture, poster, form)
    file = BytesIO()
    picture.save(file, "PNG", optimize=form.pixels is not None)
    return file.getvalue()


def proved(posters: Sequence[Poster], choice: Choice) -> list[Proof]:
    """Pages to be put into files, or why one may not be; their codes were read from a file of all these pages."""
    found: list[Proof] = []
    for poster in posters:
        try:
            found.append(drawn(poster, choice))
        except UnsuitablePoster as error:
            found.append(error)
    places = [place for place, page in enumerate(found) if isinstance(page, Drawn)]
    pages = [page for page in found if isinstance(page, Drawn)]
    if not pages:
        return found
    shown = [posters[place] for place in places]
    seen = glanced(_book(pages, "", pressed=False), shown, pages, choice.format)
    for place, page, poster, read in zip(places, pages, shown, seen, strict=True):
        if not read:
            try:
                read_whole(bound(page, poster), poster, choice.format)
            except qr.UnreadableCode as error:
                found[place] = error
    return found


def bound(page: Drawn, poster: Poster) -> bytes:
    """A tagged file of one page that was drawn."""
    return _book([page], _title(poster))


def drawn_pdf(poster: Poster, choice: Choice) -> bytes:
    """One tagged page (pdf/ua-1), of a screen too; not to be handed over before it was read back."""
    return bound(drawn(poster, choice), poster)


def preview(poster: Poster, choice: Choice) -> bytes:
    """A small picture of what would be made."""
    if choice.format.family == "code":
        return poster_png(poster, module_pixels=10)
    width = PREVIEW_PIXELS if choice.format.width <= choice.format.height else PREVIEW_PIXELS * 3 // 2
    file = BytesIO()
    raster.picture(drawn_pdf(poster, choice), width=width).save(file, "PNG")
    return file.getvalue()


def poster_pdf(poster: Poster, size: str = "A4") -> bytes:
    """One tagged PDF page (pdf/ua-1)."""
    return made(poster, Choice.of(size.lower()), "pdf")


def posters_pdf(posters: Iterable[Poster], size: str = "A4") -> bytes:
    """A page for each poster, in order."""
    return _book((drawn(one, Choice.of(size.lower())) for one in posters), gettext("Плакаты"))


def poster_png(poster: Poster, *, module_pixels: int = 20) -> bytes:
    """The code alone, for a screen or a printing house; 20 pixels a module are 2.5 mm at 200 dpi."""
    file = qr.png(poster.link, module_pixels=module_pixels)
    with Image.open(BytesIO(file)) as picture:
        read_back(picture, poster, FORMATS["code"])
    return file


def poster_svg(poster: Poster) -> bytes:
    """The code alone as a drawing that may be scaled to any size."""
    title = words(poster.languages[0], poster.asked).code % {"address": poster.typed}
    file = qr.svg(poster.link, title=title).encode()
    read_back(raster.drawing(file, 8 * qr.side(poster.link)), poster, FORMATS["code"])
    return file


def _title(poster: Poster) -> str:
    with force_locale(poster.languages[0]):
        return str(gettext("Плакат: %(name)s", name=plain(poster.name)))


def _book(pages: Iterable[Drawn], title: str, *, pressed: bool = True) -> bytes:
    file = BytesIO()
    book = Book(file, pressed=pressed)
    for page in pages:
        book.add(page)
    book.close(title)
    return file.getvalue()
