"""One way of drawing a PDF in the house: our own templates, fonts and styles; tagged PDF/UA-1; no network."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from xml.etree import ElementTree

from flask import current_app
from flask_babel import get_locale
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from documents import presentation
from documents.markup import UNWRITABLE

STATIC = Path(__file__).resolve().parent.parent / "static"

_drawing = Lock()  # a font configuration may be used by one thread at a time


class OwnFiles(URLFetcher):
    """Reads fonts and styles beside the service; everything else, the network first of all, is refused."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """ValueError for an address outside `static/` that is not a data: one."""
        if not url.startswith(("data:", STATIC.as_uri() + "/")) or "/.." in url:
            raise ValueError(f"чужой адрес в документе: {url}")
        return super().fetch(url, headers)


class WellFormed(HTML):
    """Markup of ours that is XML as well: read in C, which takes a tenth off a document of tables."""

    def __init__(self, string: str, base_url: str, url_fetcher: URLFetcher) -> None:
        """As HTML's own, but for the parser."""
        super().__init__(string="<html></html>", base_url=base_url, url_fetcher=url_fetcher)
        root = ElementTree.fromstring(UNWRITABLE.sub("", string))  # noqa: S314  # our own template
        empty: Any = self.wrapper_element
        self.wrapper_element: Any = type(empty).from_html_root(root, content_language=None)
        self.etree_element = root


def drawn(
    template: str, url: str = "", sheet: str = "print.css", *, well_formed: bool = False, **context: Any
) -> bytes:
    """A template laid out by a style sheet of `static/css/`; `url` is printed at the foot.

    `well_formed`: the template is XML too, and so is read sooner.
    """
    presentation.furnish(current_app.jinja_env)
    # A command has no request, and a document shows nothing of one.
    paper = current_app.jinja_env.get_template(template)
    html = paper.render(lang=lang(), url=url, made=made(), **context)
    with _drawing:
        fonts, styles, fetcher = _workshop(sheet)
        kind = WellFormed if well_formed else HTML
        page = kind(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
        pdf: bytes = page.write_pdf(stylesheets=[styles], font_config=fonts, pdf_variant="pdf/ua-1")
    return pdf


@cache
def _workshop(sheet: str) -> tuple[FontConfiguration, CSS, OwnFiles]:
    """Fonts and styles are read once a process: half of a small document's time otherwise."""
    fonts, fetcher = FontConfiguration(), OwnFiles()
    return fonts, CSS(filename=STATIC / "css" / sheet, font_config=fonts, url_fetcher=fetcher), fetcher


def made() -> datetime:
    """When the document is drawn up; fixed by SOURCE_DATE_EPOCH, the same input gives the same bytes."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def lang() -> str:
    """The document's language tag."""
    locale = get_locale()
    return locale.language if locale else "ru"
