"""Where things stand in the workbook: sheets, columns, names of cells. An organisation has one row in every sheet."""

from collections.abc import Mapping, Sequence
from functools import cache

import nok
from nok.rules import BLOCKS, QUESTIONS

SEEN, RULES, INDICATORS, CRITERIA, RATING, CHECK = (
    "Исходные",
    "Правила",
    "Показатели",
    "Критерии",
    "Рейтинг",
    "Как проверить",
)
NONE, YES, NO = "н/д", "да", "нет"
#: Rows from nothing: of headings, of means, of the first organisation.
HEAD, MEANS, FIRST = 3, 4, 5
DIGITS = 10  # a number of a spreadsheet is a little off in its sixteenth digit: cut here before it is rounded
PLACES = "Знаков"

SIDES = ("stand", "site")
_FACTS = ("code", "name", "inn", "municipality", "sector", "kind", "inspected", "respondents", "target")
_SEEN = ("stand.present", "stand.required", "site.present", "site.required", "information_required")
_ANSWERS = tuple(f"{question}.{what}" for question in QUESTIONS for what in ("satisfied", "answered"))
#: Columns of «Исходные», in order.
COUNTS: Sequence[str] = (*_FACTS, *_SEEN, *BLOCKS, "waiting_points", *_ANSWERS)
_LETTER: Mapping[str, int] = {key: at for at, key in enumerate(COUNTS)}


@cache
def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def count(key: str, row: int) -> str:
    """A count of the organisation in this row (from nothing), as a formula names it: «Исходные!J6»."""
    return f"{SEEN}!{letter(_LETTER[key])}{row + 1}"


def counts_column(key: str, rows: int) -> str:
    """A whole column of counts: «Исходные!G$6:G$25»."""
    return column(letter(_LETTER[key]), rows, SEEN)


def column(at: str, rows: int, sheet: str = "") -> str:
    """Cells of every organisation in a column."""
    return f"{sheet and sheet + '!'}{at}${FIRST + 1}:{at}${FIRST + max(rows, 1)}"


def weight(number: str, sector: str = "") -> str:
    """The name of the cell with an indicator's weight; of another sphere than the campaign's, with its name."""
    return "Вес_" + number.replace(".", "_") + (f"_{sector}" if sector else "")


def points(number: str) -> str:
    """The name of the cell with the points for one item of a check-list."""
    return "Баллы_" + number.replace(".", "_")


def cap(number: str) -> str:
    """The name of the cell with the most that items can give."""
    return "Предел_" + number.replace(".", "_")


class Columns:
    """Columns of the sheets with figures: printed ones first, the exact ones that formulas go on with after them."""

    def __init__(self, edition: nok.Edition) -> None:
        numbers, criteria = list(edition.indicators), list(edition.criteria)
        self.printed = {key: letter(2 + at) for at, key in enumerate(numbers)}
        self.counted = letter(2 + len(numbers))
        self.exact = {key: letter(3 + len(numbers) + at) for at, key in enumerate(numbers)}
        own = [*criteria, "total"]
        self.criteria_printed = {key: letter(2 + at) for at, key in enumerate(own)}
        self.criteria_exact = {key: letter(2 + len(own) + at) for at, key in enumerate(own)}
