"""The comparison as a table to take away: each organisation × figure, and what differs in a sentence."""

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import IO, NamedTuple

import xlsxwriter
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import nok
from surveys import inert
from surveys.old_reports import bringing, comparing, words
from surveys.old_reports.comparing import Compared, Rules
from surveys.old_reports.numbers import NOISE
from surveys.old_reports.rows import Line
from surveys.old_reports.targets import figure_title, short_title
from surveys.releases import OldReport

STATES = {
    comparing.AGREES: _l("сходится"),
    comparing.ROUNDED: _l("сходится с точностью до округления"),
    comparing.EXPLAINED: _l("ошибка объяснена"),
    comparing.UNEXPLAINED: _l("не объясняется"),
    comparing.EMPTY: _l("в отчёте пусто"),
    comparing.ODD: _l("сомнительно"),
    comparing.UNCHECKED: _l("проверить не по чему"),
}
KINDS = ("xlsx", "csv")
WIDTHS = (8, 44, 12, 14, 26, 10, 12, 12, 12, 24, 64, 64)
PLACES = 4


class Told(NamedTuple):
    """One figure for a person: its numbers as text, what became of it, why."""

    at: str
    figure: str
    title: str
    reported: str
    recomputed: str
    difference: str
    state: str
    look: str
    why: str
    others: tuple[str, ...]
    unchecked: bool


LOOKS = {comparing.AGREES: "ok", comparing.ROUNDED: "ok", comparing.UNCHECKED: "plain"}


def told(one: Compared, report: OldReport, rules: Rules) -> Told:
    """A figure in words, as many places after the comma as the report's column has."""
    places = rules.places.get(one.at, 2)
    key = comparing.likeliest(one, report.content.get("ranks", {}))
    explained = one.state in (*comparing.DIFFERS, comparing.ROUNDED)
    return Told(
        one.at,
        short_title(one.at),
        figure_title(one.at, rules.edition),
        printed(one.reported, places),
        printed(one.recomputed, max(2, places)),
        printed(one.difference if one.state in comparing.DIFFERS else None, max(2, places), signed=True),
        str(STATES[one.state]),
        LOOKS.get(one.state, "bad" if one.state == comparing.UNEXPLAINED else "warn"),
        words.said(key, one.at) if explained else "",
        tuple(words.said(other, one.at) for other in one.keys if other != key),
        one.state == comparing.UNCHECKED,
    )


def printed(value: Fraction | None, places: int, *, signed: bool = False) -> str:
    """Points as a person reads them; a dash where there are none."""
    if value is None:
        return "—"
    text = nok.comma(nok.printed(value, min(places, PLACES)))
    return f"+{text}" if signed and value > 0 else text.replace("-", "−")


def as_written(value: Fraction | None) -> str:
    """A number out of a table with the places it was written with."""
    if value is None:
        return "—"
    places = next((n for n in range(NOISE) if (value * 10**n).denominator == 1), NOISE)
    return nok.comma(nok.printed(value, places))


def figures(line: Line, report: OldReport, rules: Rules) -> list[Told]:
    """Every figure of a line in words."""
    return [told(one, report, rules) for one in comparing.compared(line, rules)]


def headings() -> list[str]:
    """Of the table to take away."""
    return [
        _("Строка отчёта"),
        _("Организация (по отчёту прошлого оператора)"),
        _("Код"),
        _("ИНН"),
        _("Муниципалитет"),
        _("Показатель"),
        _("В отчёте"),
        _("Посчитано заново"),
        _("Разница"),
        _("Что вышло"),
        _("Объяснение"),
        _("Подходит и другое"),
    ]


def cells(report: OldReport, rules: Rules) -> Iterator[list[str]]:
    """A row for each organisation and figure."""
    codes = {row: code for row, _called, code in report.content["lines"]}
    for line in bringing.lines(report, codes):
        who = [str(line.row), line.called, codes[line.row], line.inn, line.municipality]
        for one in figures(line, report, rules):
            yield [
                *who, one.figure, one.reported, one.recomputed, one.difference, one.state, one.why,
                "; ".join(one.others[:3]),
            ]  # fmt: skip


def write(out: IO[bytes], report: OldReport, rules: Rules, kind: str) -> None:
    """The whole comparison, as CSV or XLSX."""
    if kind == "csv":
        out.write(inert.table([headings(), *cells(report, rules)]))
        return
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False})
    bold, wrap = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    sheet = book.add_worksheet(_("Сравнение"))
    _columns(sheet, WIDTHS)
    sheet.freeze_panes(1, 2)
    _put(sheet, 0, headings(), bold)
    for number, row in enumerate(cells(report, rules), start=1):
        _put(sheet, number, row, wrap)
    sheet = book.add_worksheet(_("Виды ошибок"))
    _columns(sheet, (12, 90, 14))
    _put(sheet, 0, [_("Показатель"), _("Что сделано не так"), _("Организаций")], bold)
    for number, (at, key, times) in enumerate(report.content["kinds"], start=1):
        _put(sheet, number, [short_title(at), words.said(key, at), str(times)], wrap)
    sheet = book.add_worksheet(_("Не принято"))
    _columns(sheet, (10, 30, 24, 50, 50))
    _put(sheet, 0, [_("Строка"), _("Столбец"), _("Значение"), _("Почему"), _("Что сделать")], bold)
    for number, one in enumerate(report.content["refused"], start=1):
        _put(sheet, number, [str(cell) for cell in one.values()], wrap)
    book.close()
    out.write(made.getvalue())


def _columns(sheet: xlsxwriter.worksheet.Worksheet, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)


def _put(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, texts: Sequence[str], look: xlsxwriter.format.Format
) -> None:
    """Points as numbers, the rest as text: a code of digits keeps its noughts, nothing is a formula."""
    for place, text in enumerate(texts):
        number = text.replace(",", ".").replace("−", "-")
        if row and place in (6, 7, 8) and len(texts) == len(WIDTHS) and number not in ("", "—"):
            sheet.write_number(row, place, float(number), look)
        else:
            sheet.write_string(row, place, text, look)
