"""One way of drawing a PDF in the house: our own templates, fonts and styles; tagged PDF/UA-1; no network."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from flask import current_app
from flask_babel import get_locale
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from documents import presentation

STATIC = Path(__file__).resolve().parent.parent / "static"

_drawing = Lock()  # a font configuration may be used by one thread at a time


class OwnFiles(URLFetcher):
    """Reads fonts and styles beside the service; everything else, the network first of all, is refused."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """ValueError for an address outside `static/` that is not a data: one."""
        if not url.startswith(("data:", STATIC.as_uri() + "/")) or "/.." in url:
            raise ValueError(f"чужой адрес в документе: {url}")
        return super().fetch(url, headers)


def drawn(template: str, url: str = "", sheet: str = "print.css", **context: Any) -> bytes:
    """A template laid out by a style sheet of `static/css/`; `url` is printed at the foot."""
    presentation.furnish(current_app.jinja_env)
    # A command has no request, and a document shows nothing of one.
    paper = current_app.jinja_env.get_template(template)
    html = paper.render(lang=lang(), url=url, made=made(), **context)
    with _drawing:
        fonts, styles, fetcher = _workshop(sheet)
        page = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
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
