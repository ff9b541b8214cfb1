"""The form of bringing an old report, and what the page of its columns says back."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from operator_app.fields import YearField
from surveys.old_reports.bringing import Understood
from surveys.old_reports.reading import Layout, Sheet
from surveys.old_reports.targets import SKIP, UNKNOWN, Target, choices
from surveys.refusals import Refusal
from surveys.tabular import column_letter, said

SAMPLES = 3
LONGEST_SAMPLE = 40


class ReportForm(FlaskForm):
    """A report as the operator, or the council, has it."""

    file = FileField(_l("Таблица показателей, XLSX или CSV, до 10 МБ"), [FileRequired(_l("Выберите файл."))])
    year = YearField(_l("За какой год этот отчёт"), [InputRequired(_l("Укажите год отчёта."))])


class Column(NamedTuple):
    """One column of the file: what stands in it, and what it was taken for."""

    number: int
    letter: str
    heading: str
    samples: tuple[str, ...]
    target: Target
    mark: str
    look: str


def columns(layout: Layout, sheet: Sheet) -> list[Column]:
    """Every column in the file's order."""
    below = sheet.rows[layout.headed.last :]
    return [
        _column(layout, number, target, _samples(below, number))
        for number, target in sorted(layout.columns.items())
    ]


def _column(layout: Layout, number: int, target: Target, samples: tuple[str, ...]) -> Column:
    proposed = layout.headed.meanings[number]
    heading = layout.headed.headings[number]
    mark, look = _sureness(target, proposed.target == target and proposed.sure, proposed.target != target)
    return Column(number, column_letter(number), heading, samples, target, mark, look)


def _samples(rows: object, number: int) -> tuple[str, ...]:
    found: list[str] = []
    for row in rows if isinstance(rows, list) else ():
        text = said(row[number])[:LONGEST_SAMPLE] if number < len(row) else ""
        if text and text not in found:
            found.append(text)
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _sureness(target: Target, sure: bool, by_hand: bool) -> tuple[str, str]:
    if target == UNKNOWN:
        return _("! не понято, не читается"), "warn"
    if by_hand:
        return _("✓ выбрано вами"), "ok"
    if target == SKIP:
        return _("– не нужен"), "plain"
    return (_("✓ понято"), "ok") if sure else (_("? проверьте"), "warn")


def mapping(form: MultiDict[str, str], layout: Layout) -> dict[int, Target]:
    """What the page says of each column. Raises Refusal."""
    return {number: form.get(f"col-{number}", target) for number, target in layout.columns.items()}


def doubled(chosen: dict[int, Target], titles: dict[Target, str]) -> str:
    """A sentence about meanings given to two columns; empty when there are none."""
    told = [target for target in chosen.values() if target not in (SKIP, UNKNOWN)]
    twice = sorted({titles.get(target, target) for target in told if told.count(target) > 1})
    if not twice:
        return ""
    return str(_("Одно и то же выбрано у двух столбцов: %(names)s.", names="; ".join(twice)))


def organizations(form: MultiDict[str, str], found: Understood) -> dict[int, str]:
    """Which organisation each doubtful row is about: row → code. Raises Refusal for what no such page sends."""
    told = {}
    for row in found.asked:
        code = form.get(f"org-{row}", "")
        if code and code not in {"-", *(one.code for one in found.matches[row].candidates)}:
            raise Refusal(_("Эта страница устарела: откройте отчёт из списка и выберите ещё раз."))
        if code:
            told[row] = code
    return told


__all__ = ["Column", "ReportForm", "choices", "columns", "doubled", "mapping", "organizations"]
