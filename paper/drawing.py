"""How everything on paper is drawn here: own templates, own fonts, no network, and always in Russian."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock

from jinja2 import Environment, FileSystemLoader
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from documents.drawing import STATIC, OwnFiles
from paper.geometry import Spot
from surveys.display import thousands

_drawing = Lock()  # a font configuration may be used by one thread at a time


def rendered(template: str, **context: object) -> Document:
    """A template of `templates/print/` laid out on A4."""
    html = _templates().get_template(f"print/{template}").render(context)
    with _drawing:
        fonts, sheet = _workshop()
        page = HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=OwnFiles())
        return page.render(stylesheets=[sheet], font_config=fonts)


def written(document: Document) -> bytes:
    """As a tagged PDF."""
    with _drawing:
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def at(spot: Spot) -> str:
    """A style that puts something there; without a height it is as high as what it holds."""
    height = f";height:{spot.height:.3f}mm" if spot.height else ""
    return f"left:{spot.x:.3f}mm;top:{spot.y:.3f}mm;width:{spot.width:.3f}mm{height}"


@cache
def _templates() -> Environment:
    """Of its own, without the application's: a form is in Russian, whatever language the desk is in."""
    folder = Path(__file__).resolve().parent.parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    environment.filters.update(at=at, thousands=thousands)
    return environment


@cache
def _workshop() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    return fonts, CSS(filename=STATIC / "css" / "form.css", font_config=fonts, url_fetcher=OwnFiles())
