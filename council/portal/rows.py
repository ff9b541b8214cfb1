"""The table of a data set: one row an organisation, columns under names that a program can rely on."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from operator import attrgetter
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from xlsxwriter import Workbook

import nok
from documents.exports import figures_of, json_text
from surveys.channels import CHANNELS
from surveys.inert import inert
from surveys.results import CampaignResults, Standing

#: The day since which the columns are what they are: a column more is another structure.
STRUCTURE = date(2026, 11, 22)
Value = str | int | float | None


NAMED = {
    "code": ("public code of the organization", _l("Код организации")),
    "name": ("full name", _l("Полное наименование")),
    "short_name": ("short name", _l("Краткое наименование")),
    "inn": ("taxpayer number (INN)", _l("ИНН")),
    "ogrn": ("state registration number (OGRN)", _l("ОГРН")),
    "address": ("address", _l("Адрес")),
    "municipality": ("municipality", _l("Муниципалитет")),
    "region": ("region", _l("Регион")),
    "sector": ("sector: health, culture, education, social, mse", _l("Сфера")),
}
COUNTED = {
    "responses": ("questionnaires counted", _l("Учтено анкет")),
    "target": ("questionnaires required", _l("Норма анкет")),
    "place": ("place in the rating", _l("Место в рейтинге")),
    "rated": ("organizations that have a place", _l("Организаций с местом")),
}
PLACES = {
    "place_from": ("best place the data allow", _l("Место с учётом погрешности, от")),
    "place_to": ("worst place the data allow", _l("Место с учётом погрешности, до")),
}
BOUNDS = {
    "total_from": ("total, lower bound of the error", _l("Итог с учётом погрешности, от")),
    "total_to": ("total, upper bound of the error", _l("Итог с учётом погрешности, до")),
}


class Field(NamedTuple):
    """One column: its name, what it is in English and in Russian, its kind, and where the value comes from."""

    name: str
    english: str
    russian: object
    kind: str
    value: Callable[[Standing], Value]


def fields(edition: nok.Edition) -> list[Field]:
    """The columns; those of figures are the edition's own."""
    told = [
        *(Field(name, *said, "string", attrgetter(name)) for name, said in NAMED.items()),
        *(Field(name, *said, "integer", attrgetter(name)) for name, said in COUNTED.items()),
        *(Field(name, *said, "integer", _place(at)) for at, (name, said) in enumerate(PLACES.items())),
        Field(
            "total", "total score, 0 to 100", _("Итоговая оценка, от 0 до 100"), "decimal", _points("total")
        ),
        *(Field(name, *said, "decimal", _bound(at)) for at, (name, said) in enumerate(BOUNDS.items())),
    ]
    for id, criterion in edition.criteria.items():
        told.append(Field(id.lower(), f"criterion {id[1:]}, points", criterion.title, "decimal", _points(id)))
    for number, indicator in edition.indicators.items():
        name, russian = f"i{number.replace('.', '_')}", f"{number}. {indicator.title}"
        told.append(Field(name, f"indicator {number}, points", russian, "decimal", _points(number)))
    for name, channel in CHANNELS.items():
        russian = _("Анкет по каналу: %(channel)s", channel=channel.title)
        told.append(
            Field(f"by_{name}", f"questionnaires by channel: {name}", russian, "integer", _heard(name))
        )
    return told


def _place(at: int) -> Callable[[Standing], Value]:
    return lambda one: one.place_range[at] if one.place_range else None


def _points(at: str) -> Callable[[Standing], Value]:
    def value(one: Standing) -> Value:
        figure = figures_of(one.result).get(at)
        return float(figure.printed) if figure else None

    return value


def _bound(at: int) -> Callable[[Standing], Value]:
    def value(one: Standing) -> Value:
        total = one.intervals.get("total")
        return float(nok.printed(total[at])) if total else None

    return value


def _heard(channel: str) -> Callable[[Standing], Value]:
    return lambda one: one.channels.get(channel, 0)


def structure() -> bytes:
    """What the columns are, as the portal of open data asks for it."""
    rows = [
        [one.name, one.english, str(one.russian), one.kind]
        for one in fields(nok.edition(nok.loading.DEFAULT))
    ]
    return comma_separated([["field name", "english description", "russian description", "format"], *rows])


def as_csv(results: CampaignResults) -> bytes:
    """Commas, decimal points, UTF-8: for a program. The table for a spreadsheet is another file."""
    known = fields(results.facts.norm)
    return comma_separated([[one.name for one in known], *_rows(results, known)])


def as_json(results: CampaignResults, passport: dict[str, Any]) -> bytes:
    """The passport and the same rows."""
    known = fields(results.facts.norm)
    rows = [dict(zip((one.name for one in known), row, strict=True)) for row in _rows(results, known)]
    return json_text({"passport": passport, "rows": rows}).encode()


def as_xlsx(results: CampaignResults, title: str, made: datetime) -> bytes:
    """The same rows for a spreadsheet: names of columns above, what they are on the second sheet."""
    out, known = BytesIO(), fields(results.facts.norm)
    book = Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": made.replace(microsecond=0)})
    head = book.add_format({"bold": True})
    sheet = book.add_worksheet("data")
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, [one.name for one in known], head)
    for at, row in enumerate(_rows(results, known), 1):
        sheet.write_row(at, 0, row)
    told = book.add_worksheet("structure")
    told.set_column(0, 0, 14)
    told.set_column(1, 2, 60)
    for at, one in enumerate(known):
        told.write_row(at, 0, [one.name, str(one.russian), one.english, one.kind])
    book.close()
    return out.getvalue()


def comma_separated(rows: Sequence[Sequence[Value]]) -> bytes:
    """Rows of a machine-readable CSV; what is not known is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            ["" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in row]
        )
    return out.getvalue().encode()


def _rows(results: CampaignResults, known: Sequence[Field]) -> Iterator[list[Value]]:
    return ([one.value(standing) for one in known] for standing in results.standings)
