"""Rows of a table as lines of a report: who, its figures, its counts; a row that cannot be read says why."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from flask_babel import gettext as _

from nok.rules import CRITERIA
from surveys.old_reports.numbers import Number, number
from surveys.old_reports.reading import UNCOUNTED, Cell, Sheet
from surveys.old_reports.targets import (
    CODE,
    COUNTS,
    FIGURES,
    INDICATORS,
    INN,
    NAME,
    OGRN,
    SKIP,
    TOTAL,
    UNKNOWN,
    WHO,
    Target,
)
from surveys.refusals import Refusal
from surveys.tabular import column_letter, said

MOST_POINTS = 100
TELLING = 10  # so many numbers, all whole, are rounded to whole ones
MOST_TOTAL = 500  # five criteria that nobody divided
MOST_COUNT = 10**7
_MEAN = re.compile(
    r"^\s*(?:итого|всего|средн|среднее|минимальн|максимальн|мин\b|макс\b|сумма|примечан|\*)", re.IGNORECASE
)


class Refused(NamedTuple):
    """A row that was not taken: where, what stands there, why, what to do."""

    row: int
    column: str
    value: str
    reason: str
    advice: str


@dataclass(frozen=True)
class Line:
    """What a report says of one organisation. A figure that is None stands empty; one that is absent has no column."""

    row: int
    name: str = ""
    inn: str = ""
    ogrn: str = ""
    code: str = ""
    municipality: str = ""
    figures: Mapping[str, Fraction | None] = field(default_factory=dict)
    counts: Mapping[Target, Fraction] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """As a page names it."""
        return self.name or self.inn or self.ogrn or self.code


@dataclass
class Parsed:
    """A whole sheet: good lines, refused rows, how many are of no organisation, places after the comma by column."""

    lines: list[Line] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    skipped: int = 0
    places: dict[Target, int] = field(default_factory=dict)
    shares: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """What is said of the rows, for a machine."""
        return {
            "accepted": len(self.lines),
            "refused": [one._asdict() for one in self.refused],
            "skipped": self.skipped,
        }


def parsed(sheet: Sheet, below: int, columns: Mapping[int, Target], headings: Sequence[str]) -> Parsed:
    """Every row below the headings."""
    by_target = {target: place for place, target in columns.items() if target not in (SKIP, UNKNOWN)}
    found, raw = Parsed(), []
    for row_number, cells in enumerate(sheet.rows[below:], start=below + 1):
        if not any(said(cell) for cell in cells) or _numbering(cells):
            continue
        if _of_nobody(cells, by_target):
            found.skipped += 1
            continue
        try:
            raw.append(_read(row_number, cells, by_target))
        except _Cell as refusal:
            found.refused.append(_refused(row_number, cells, refusal, headings))
    _scale(found, raw)
    seen: dict[tuple[str, ...], int] = {}
    for one in raw:
        _take(found, one, by_target, headings, seen)
    found.refused.sort(key=lambda one: one.row)
    return found


def again(
    sheet: Sheet, wanted: Iterable[int], columns: Mapping[int, Target], shares: Collection[Target]
) -> list[Line]:
    """Lines that were read once already, read anew."""
    by_target = {target: place for place, target in columns.items() if target not in (SKIP, UNKNOWN)}
    return [_line(_read(row, sheet.rows[row - 1], by_target), shares) for row in wanted]


class _Cell(Exception):
    """What is wrong with one cell of a row."""

    def __init__(self, place: int, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.place, self.reason, self.advice = place, reason, advice


class _Raw(NamedTuple):
    row: int
    who: Mapping[Target, str]
    figures: dict[Target, Number | None]
    counts: Mapping[Target, Fraction]
    cells: Sequence[Cell]


def _numbering(cells: Sequence[Cell]) -> bool:
    """1, 2, 3 … under the headings: columns are numbered so, and it is no organisation."""
    told = [said(cell) for cell in cells if said(cell)]
    return len(told) > 2 and all(text == str(n) for n, text in enumerate(told, start=1))


def _of_nobody(cells: Sequence[Cell], by_target: Mapping[Target, int]) -> bool:
    """A mean, a sum, a municipality's name over its organisations, a note below the table."""
    filled = [said(cell) for cell in cells if said(cell)]
    if any(_at(cells, by_target.get(target)) for target in (INN, OGRN, CODE)):
        return False
    if len(filled) == 1:
        return True
    name = _at(cells, by_target.get(NAME))
    return bool(_MEAN.match(name or filled[0]))


def _at(cells: Sequence[Cell], place: int | None) -> str:
    return said(cells[place]) if place is not None and place < len(cells) else ""


def _read(row: int, cells: Sequence[Cell], by_target: Mapping[Target, int]) -> _Raw:
    who = {target: _at(cells, by_target.get(target)) for target in WHO}
    who[INN], who[OGRN] = _digits(who[INN], (10, 12)), _digits(who[OGRN], (13, 15))
    if not any(who[target] for target in (NAME, INN, OGRN, CODE)):
        raise _Cell(
            by_target.get(NAME, 0),
            _("не сказано, о какой организации эта строка"),
            _("Впишите ИНН или название организации."),
        )
    figures, counts = {}, {}
    for target, place in by_target.items():
        if target in FIGURES:
            figures[target] = _number(cells, place)
        elif target in COUNTS and (told := _number(cells, place)) is not None:
            counts[target] = _count(place, target, told)
    if all(value is None for value in figures.values()) and not counts:
        raise _Cell(
            by_target.get(NAME, 0),
            _("в строке нет ни одного числа"),
            _("Проверьте, те ли столбцы выбраны, или удалите строку."),
        )
    return _Raw(row, who, figures, counts, cells)


def _digits(text: str, lengths: tuple[int, int]) -> str:
    """An INN or OGRN, with the nought that Excel takes off the front of a number; empty when it is neither."""
    digits = re.sub(r"\D", "", text.removesuffix(".0"))
    if len(digits) + 1 in lengths:
        digits = f"0{digits}"
    return digits if len(digits) in lengths else ""


def _number(cells: Sequence[Cell], place: int) -> Number | None:
    cell = cells[place] if place < len(cells) else ""
    if cell == UNCOUNTED:
        raise _Cell(
            place,
            _("формула, которую ни одна программа ещё не посчитала"),
            _("Откройте файл в Excel, сохраните его и загрузите снова."),
        )
    try:
        return number(cell)
    except Refusal as refusal:
        raise _Cell(place, str(refusal), _("Впишите число или оставьте ячейку пустой.")) from refusal


def _count(place: int, target: Target, told: Number) -> Fraction:
    whole = told.value.denominator == 1 or target == "waiting_points"
    if not whole or told.value > MOST_COUNT:
        raise _Cell(place, _("людей и материалов бывает целое число"), _("Проверьте, тот ли столбец выбран."))
    if target == "waiting_points" and told.value > MOST_POINTS:
        raise _Cell(place, _("баллы бывают от 0 до 100"), _("Проверьте, тот ли столбец выбран."))
    return told.value


def _scale(found: Parsed, raw: Sequence[_Raw]) -> None:
    """Places of each column; columns of shares, where all is from 0 to 1, become points."""
    columns: defaultdict[Target, list[Number]] = defaultdict(list)
    for one in raw:
        for target, told in one.figures.items():
            if told is not None:
                columns[target].append(told)
    rest = [told.value for target, own in columns.items() if target != TOTAL for told in own]
    as_shares = bool(rest) and max(rest) <= 1 and any(0 < value < 1 for value in rest)
    shares = []
    for target, own in columns.items():
        found.places[target] = max(told.places for told in own)
        values = [told.value for told in own]
        alone = max(values) <= 1 and any(0 < value < 1 for value in values)
        if alone if target == TOTAL else as_shares:
            shares.append(target)
            found.places[target] = max(0, found.places[target] - 2)
    found.shares = tuple(sorted(shares))
    for group in (INDICATORS, CRITERIA):
        _together(found.places, {at: columns[at] for at in group if at in columns})


def _together(places: dict[Target, int], columns: Mapping[Target, Sequence[Number]]) -> None:
    """A few numbers do not tell to which place a column is rounded: its neighbours do."""
    most = max((places[at] for at in columns), default=0)
    for at, own in columns.items():
        if len(own) < TELLING:
            places[at] = most


def _take(
    found: Parsed,
    one: _Raw,
    by_target: Mapping[Target, int],
    headings: Sequence[str],
    seen: dict[tuple[str, ...], int],
) -> None:
    line = _line(one, found.shares)
    for target, value in line.figures.items():
        if value is not None and value > (MOST_TOTAL if target == TOTAL else MOST_POINTS):
            wrong = _Cell(
                by_target[target], _("баллы бывают от 0 до 100"), _("Проверьте число и выбранный столбец.")
            )
            found.refused.append(_refused(one.row, one.cells, wrong, headings))
            return
    who = (line.code, line.ogrn, line.inn, line.name.casefold(), line.municipality.casefold())
    before = seen.setdefault(who, one.row)
    if before != one.row:
        wrong = _Cell(
            by_target.get(NAME, by_target.get(INN, 0)),
            _("эта организация уже есть в строке %(row)s", row=before),
            _("Оставьте одну из двух строк."),
        )
        found.refused.append(_refused(one.row, one.cells, wrong, headings))
        return
    found.lines.append(line)


def _line(one: _Raw, shares: Collection[Target]) -> Line:
    """A row's figures in points: shares of one become points."""
    figures = {
        target: None if told is None else told.value * (100 if target in shares else 1)
        for target, told in one.figures.items()
    }
    return Line(one.row, figures=figures, counts=one.counts, **one.who)


def _refused(row: int, cells: Sequence[Cell], wrong: _Cell, headings: Sequence[str]) -> Refused:
    heading = headings[wrong.place] if wrong.place < len(headings) else ""
    value = _at(cells, wrong.place)
    return Refused(
        row,
        f"{column_letter(wrong.place)} {heading}".strip(),
        "" if value == UNCOUNTED else value,
        wrong.reason,
        wrong.advice,
    )
