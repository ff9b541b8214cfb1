"""Codes as they are handed out: slips of paper to be cut, ten a sheet, and a table with links."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import islice

from flask import Response
from flask_babel import gettext as _

from documents.drawing import lang
from operator_app.export import csv_file
from surveys import admitting, hosts
from surveys.display import day
from surveys.entry import tickets
from surveys.models import Organization
from surveys.press import faces
from surveys.press.book import Book
from surveys.press.canvas import Canvas, Drawn

WIDTH, HEIGHT = 210.0, 297.0
ACROSS, DOWN = 2, 5
MARGIN = 8.5
CODE_SIDE = 40.0
INK, QUIET = "0 g", "0.3 g"
DASHES = "1.2 1"


def slips_pdf(organization: Organization, base_url: str, made: Sequence[str], ends_on: date) -> bytes:
    """Slips on A4, ten a sheet, dashed lines between them."""
    file = BytesIO()
    book, rest = Book(file), iter(made)
    slip = _Slip(organization, f"{base_url}/q/{organization.code}", ends_on)
    title = str(_("Одноразовые коды: %(name)s", name=organization.display_name))
    while codes := list(islice(rest, ACROSS * DOWN)):
        book.add(_sheet(slip, codes, title))
    book.close(title)
    return file.getvalue()


def _sheet(slip: "_Slip", codes: Sequence[str], title: str) -> Drawn:
    canvas = Canvas(WIDTH, HEIGHT)
    wide, high = (WIDTH - 2 * MARGIN) / ACROSS, (HEIGHT - 2 * MARGIN) / DOWN
    with canvas.untold():
        for number in range(DOWN + 1):
            y = MARGIN + number * high
            canvas.rule(MARGIN, y, WIDTH - MARGIN, y, 0.2, QUIET, DASHES)
        for number in range(ACROSS + 1):
            x = MARGIN + number * wide
            canvas.rule(x, MARGIN, x, HEIGHT - MARGIN, 0.2, QUIET, DASHES)
    for number, code in enumerate(codes):
        slip.draw(canvas, code, MARGIN + number % ACROSS * wide, MARGIN + number // ACROSS * high, wide, high)
    return canvas.drawn(title, lang())


class _Slip:
    """What stands on every slip of a batch."""

    def __init__(self, organization: Organization, address: str, ends_on: date) -> None:
        self.address = address
        self.name = faces.plain(organization.display_name)
        typed = hosts.shown(address).partition("://")[2]
        self.how = str(_("Наведите камеру или откройте %(address)s", address=typed))
        self.ask = str(_("Как вас здесь приняли?"))
        self.note = str(_("Один листок — одна анкета, до %(day)s. Анонимно.", day=day(ends_on)))
        self.alt = str(_("Код для камеры телефона"))

    def draw(self, canvas: Canvas, code: str, x: float, y: float, wide: float, high: float) -> None:
        """One slip in its place."""
        left, room = x + CODE_SIDE + 3, wide - CODE_SIDE - 6
        words = [
            faces.fitted(self.name, (3.2, 2.9, 2.6, 2.3, 2.0), faces.BOLD, room, 12.5),
            faces.fitted(self.ask, (3.9, 3.6, 3.3), faces.BOLD, room, 6),
            faces.fitted(self.how, (2.9, 2.6, 2.3), faces.REGULAR, room, 11),
            faces.fitted(admitting.spaced(code), (6.2, 5.6), faces.BOLD, room, 8),
            faces.fitted(self.note, (2.6, 2.3), faces.REGULAR, room, 7),
        ]
        gap = (high - 6 - sum(one.height for one in words)) / (len(words) - 1)
        with canvas.group("Sect"):
            canvas.code(f"{self.address}/one/{code}", self.alt, x + 1, y + (high - CODE_SIDE) / 2, CODE_SIDE)
            at = y + 3
            for one in words:
                at += canvas.paragraph("P", one, left, at, INK) + gap


def codes_table(
    organization: Organization, base_url: str, secret: str, made: Sequence[str], ends_on: date
) -> Response:
    """Codes and links to be sent by whoever knows the people, one to each."""
    address = f"{base_url}/q/{organization.code}/one/"
    rows = [(admitting.spaced(code), address + tickets.link(secret, code), day(ends_on)) for code in made]
    return csv_file(
        file_name(organization, "csv"), [_("Код"), _("Ссылка на один раз"), _("Действует до")], rows
    )


def file_name(organization: Organization, ending: str) -> str:
    """What the file is called."""
    return f"codes-{organization.code}.{ending}"
