"""The table as it is narrowed, sorted and unfolded, for a spreadsheet: the same rows, the same columns."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_babel import gettext as _

import nok
from council.table.rows import FLAGS, Known, Row, figure_of, titled
from documents.drawing import made
from documents.workbook.places import FIRST
from documents.workbook.sheets import Paper
from surveys import inert
from surveys.display import sector

WIDTHS = (8, 12, 14, 44, 22, 18, 9, 9, 30, 10)


def csv(rows: Sequence[Row], keys: Sequence[str], past: Known) -> bytes:
    """Decimal commas, semicolons, no cell that would be computed."""
    return inert.table(
        [list(_heads(keys)), *([_text(cell) for cell in _cells(row, keys, past)] for row in rows)]
    )


def xlsx(rows: Sequence[Row], keys: Sequence[str], past: Known, title: str, about: str, places: int) -> bytes:
    """Figures as numbers, an undefined one as an empty cell."""
    paper = Paper({"title": title, "created": made().replace(tzinfo=None)}, places)
    heads = list(_heads(keys))
    sheet = paper.sheet(_("Таблица"), (*WIDTHS, *[10] * (len(heads) - len(WIDTHS))))
    sheet.entitle(title, about, {}, heads, 4)
    for at, row in enumerate(rows):
        for column, cell in enumerate(_cells(row, keys, past)):
            look = paper.figure if isinstance(cell, nok.Figure) else paper.text
            sheet.put(FIRST + at, column, float(cell.printed) if isinstance(cell, nok.Figure) else cell, look)
    return paper.done()


def _heads(keys: Sequence[str]) -> Iterator[str]:
    yield from (_("Место"), _("Код"), _("ИНН"), _("Организация"), _("Муниципалитет"), _("Сфера"))
    yield from (_("Анкет"), _("Норма анкет"), _("Пометки"), _("Прежний год"))
    for key in keys:
        yield titled(key)
        yield _("%(key)s: прежде", key=_short(key))
        yield _("%(key)s: среднее по кампании", key=_short(key))


def _short(key: str) -> str:
    return titled(key) if key == "total" else key


def _cells(row: Row, keys: Sequence[str], past: Known) -> Iterator[Any]:
    one, told = row.standing, past.get(row.key)
    yield from (one.place, one.code, one.inn, one.name, one.municipality, sector(one.sector))
    yield from (one.responses, one.target, "; ".join(str(FLAGS[flag]) for flag in row.flags(past)))
    yield (
        None if told is None else _("%(year)s, другой отчёт", year=told.year) if told.reported else told.year
    )
    for key in keys:
        yield figure_of(one.result, key)
        yield told.figures.get(key) if told else None
        yield row.listed.found.means.get(key)


def _text(cell: Any) -> str:
    if isinstance(cell, nok.Figure):
        return nok.comma(cell.printed)
    return "" if cell is None else str(cell)
