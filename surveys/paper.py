"""Posters: one sheet an organisation or a place in it, drawn in millimetres of A4, scaled to A3, A5, A6."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from flask import current_app
from flask_babel import get_locale, gettext
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from surveys import qr
from surveys.lettering import Words, fitted
from surveys.pdf_join import joined

STATIC = Path(__file__).resolve().parent.parent / "static"
SIZES = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148)}
"""Sheets in millimetres, upright."""
CHUNK = 50
"""Posters laid out at once: memory stays that of one chunk, and larger chunks are no faster."""
MODULE = 2.5
"""Least edge of a module on A4, in millimetres."""

_WIDTH = 176.0  # between the margins, as every length below in millimetres of A4
_CODE = 102.5
_GAP = 4.0
_LARGEST = 49  # modules, quiet zone included: a larger code leaves no room for words
_NAME_SIZES = (7.2, 6.6, 6.0, 5.5, 5.0, 4.6, 4.2, 3.9)
_PLACE_SIZES = (5.2, 4.6, 4.0, 3.5)
_CHANGES_SIZES = (5.8, 5.5, 5.2, 4.9, 4.6, 4.3, 4.0)
_OFFICIAL = re.compile(r"https://bus\.gov\.ru/qrcode/rate/\d+(\?agencyId=\d+)?")
_drawing = Lock()  # a font configuration may be used by one thread at a time


class UnsuitablePoster(ValueError):
    """The poster cannot be printed so that it works; the message says in Russian what to change."""


@dataclass(frozen=True)
class Poster:
    """What one poster says; `address_url` is where its code leads, without the place."""

    name: str
    code: str
    address_url: str
    place: str = ""
    place_number: int | None = None
    agency_url: str | None = None
    changes: Sequence[str] = ()
    demo: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.address_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UnsuitablePoster(f"Адрес опроса должен быть полным и без параметров: {self.address_url}")
        try:
            parts.netloc.encode("idna")
        except UnicodeError as error:
            raise UnsuitablePoster(f"В адресе опроса ошибка в имени узла: {self.address_url}") from error
        if self.agency_url is not None and not _OFFICIAL.fullmatch(self.agency_url):
            raise UnsuitablePoster(f"Официальный код ведёт не на bus.gov.ru: {self.agency_url}")
        if qr.side(self.link) > _LARGEST:
            raise UnsuitablePoster(f"Адрес опроса слишком длинен для печати крупным кодом: {self.link}")

    @property
    def link(self) -> str:
        """What the code holds: a Cyrillic host in its ASCII form, a place as a number."""
        parts = urlsplit(self.address_url)
        host = parts.netloc.encode("idna").decode("ascii")
        query = "" if self.place_number is None else f"p={self.place_number}"
        return urlunsplit((parts.scheme, host, parts.path, query, ""))

    @property
    def typed(self) -> str:
        """The address as a person types it: no scheme, no place, a Cyrillic host in Cyrillic."""
        parts = urlsplit(self.address_url)
        host = parts.netloc.encode("idna").decode("idna")
        return host + unquote(parts.path)


def poster_pdf(poster: Poster, size: str = "A4") -> bytes:
    """One tagged PDF page (pdf/ua-1); its codes were read back before the page was laid out."""
    return _document([poster], size)


def posters_pdf(posters: Iterable[Poster], size: str = "A4") -> bytes:
    """A page for each poster, in order; laid out in chunks so that memory does not grow with their number."""
    return joined((_document(chunk, size) for chunk in _chunks(posters)), title=gettext("Плакаты"))


def poster_png(poster: Poster, *, module_pixels: int = 20) -> bytes:
    """The code alone, for a screen or a printing house; 20 pixels a module are 2.5 mm at 200 dpi."""
    return qr.png(qr.checked(poster.link), module_pixels=module_pixels)


def poster_svg(poster: Poster) -> str:
    """The code alone as a drawing that may be scaled to any size."""
    return qr.svg(qr.checked(poster.link), title=gettext("Код опроса: %(address)s", address=poster.typed))


@dataclass(frozen=True)
class _Sheet:
    """A poster with everything measured; lengths in millimetres of A4, whatever the sheet."""

    poster: Poster
    compact: bool  # no steps: what the answers change stands beside the code
    tight: bool  # smaller type

    @cached_property
    def name(self) -> Words:
        text = re.sub(r"№\s*(?=\w)", "№\u00a0", " ".join(self.poster.name.split()))
        return fitted(text, _NAME_SIZES, _WIDTH, height=27 if self.tight else 42 if self.compact else 32)

    @cached_property
    def place(self) -> Words:
        return fitted(" ".join(self.poster.place.split()), _PLACE_SIZES, _WIDTH, height=9)

    @cached_property
    def changes(self) -> Words:
        text = "\n".join(self.poster.changes) or self.promise
        if self.compact:
            return fitted(text, _CHANGES_SIZES, self.column - 13, height=self.side - 30)
        return fitted(text, _CHANGES_SIZES, _WIDTH - 17, height=18 if self.tight else 21)

    @property
    def promise(self) -> str:
        text: str = gettext(
            "Оценки получит общественный совет. По ним организация обязана составить план, "
            "что исправить и к какому сроку. Итоги и план публикуют для всех."
        )
        return text

    @property
    def side(self) -> float:
        return max(112.0 if self.compact and not self.tight else _CODE, MODULE * qr.side(self.poster.link))

    @property
    def column(self) -> float:
        return _WIDTH - self.side - 4 - (6 if self.compact else 11)

    @property
    def address_parts(self) -> list[str]:
        return re.findall(r"[^/]+/?|/", self.poster.typed)

    @property
    def address_size(self) -> float:
        return max(5.0, min(9.0, round(_WIDTH / (0.64 * len(self.poster.typed)), 1)))

    @property
    def body_height(self) -> float:
        """What the head and the foot of poster.css leave; the half is for rounding."""
        return 297 - (40 if self.compact else 44) - (36 if self.poster.agency_url else 18) - 0.5

    @property
    def way_height(self) -> float:
        """The code in its frame, or the words beside it where they are taller."""
        return max(self.side + 4, self.changes.height + 30 if self.compact else 0)

    @property
    def spare(self) -> float:
        """What the words and the code leave of the body for the gaps between them."""
        above = 7 + self.name.height + self.place.height + 1.4
        below = 7 + 1.25 * self.address_size + (0 if self.compact else self.changes.height + 16.5)
        return self.body_height - above - self.way_height - below

    @property
    def gap(self) -> float:
        """Air between the blocks, so that a poster with few words is as full as one with many."""
        return round(max(_GAP, min(11.0, self.spare / (3 if self.compact else 4))), 1)

    @property
    def code(self) -> Markup:
        title = gettext("Код опроса: %(address)s", address=self.poster.typed)
        return _drawn(self.poster.link, title, self.side)

    @property
    def official(self) -> Markup | None:
        if self.poster.agency_url is None:
            return None
        return _drawn(self.poster.agency_url, gettext("Код официального сайта bus.gov.ru"), 31)

    @property
    def mark(self) -> str:
        """Tells whoever hangs the sheet which one it is."""
        if self.poster.place_number is None:
            return ""
        return str(gettext("Место №\u00a0%(number)s.", number=self.poster.place_number))


def _drawn(text: str, title: str, side: float) -> Markup:
    drawing = qr.svg(qr.checked(text), title=title)
    return Markup(drawing.replace("<svg ", f'<svg style="width:{side}rem;height:{side}rem" ', 1))  # noqa: S704 - own markup


def _document(posters: Sequence[Poster], size: str) -> bytes:
    sheets = [_measured(poster, size) for poster in posters]
    one = len(sheets) == 1
    title = gettext("Плакат: %(name)s", name=sheets[0].name.text) if one else gettext("Плакаты")
    template = current_app.jinja_env.get_template("print/poster.html")  # a command has no request to speak of
    html = template.render(sheets=sheets, title=title, lang=_lang())
    with _drawing:
        fonts, styles = _styles(size)
        laid = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=_OwnFiles()).render(
            font_config=fonts, stylesheets=styles
        )
        if len(laid.pages) != len(sheets):
            raise UnsuitablePoster("Текст не помещается на лист: сократите название или место.")
        pdf: bytes = laid.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def _measured(poster: Poster, size: str) -> _Sheet:
    """The roomiest arrangement that fits; of the changes, as many of the first as leave the rest readable."""
    small = size == "A6" or MODULE * qr.side(poster.link) > _CODE
    ways = [
        _Sheet(replace(poster, changes=poster.changes[:kept]), small or compact, tight)
        for kept in range(len(poster.changes), -1, -1)
        for compact in (False, True)
        for tight in (False, True)
    ]
    return next((way for way in ways if way.spare >= (13 if way.tight else 20)), ways[-1])


@cache
def _styles(size: str) -> tuple[FontConfiguration, list[CSS]]:
    width, height = SIZES[size]
    fonts = FontConfiguration()
    sheet = f"@page {{ size: {width}mm {height}mm; margin: 0 }} html {{ font-size: {width / 210:.5f}mm }}"
    own = CSS(STATIC / "css" / "poster.css", font_config=fonts, url_fetcher=_OwnFiles())
    return fonts, [own, CSS(string=sheet, font_config=fonts)]


def _chunks(posters: Iterable[Poster]) -> Iterator[list[Poster]]:
    rest = iter(posters)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _lang() -> str:
    locale = get_locale()
    return str(locale.language) if locale else "ru"


class _OwnFiles(URLFetcher):
    """Reads the project's own static files and nothing else: no network, no other folder."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)

    def fetch(self, url: str, headers: Any = None) -> Any:
        path = Path(unquote(urlsplit(url).path)).resolve()
        if not path.is_relative_to(STATIC):
            raise ValueError(f"not a file of the project: {url}")
        return super().fetch(url, headers)
