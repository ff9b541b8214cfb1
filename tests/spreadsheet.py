"""A spreadsheet's arithmetic for tests: the few functions our workbooks use, as Excel and LibreOffice have them."""

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.utils import range_boundaries

Value = Any
STRENGTH = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4}
CONDITION = re.compile(r"(>=|<=|<>|>|<|=)?(.*)")


class Book:
    """A workbook whose formulas are computed here, whatever values were stored beside them."""

    def __init__(self, content: bytes) -> None:
        self.formulas: Workbook = load_workbook(BytesIO(content))
        self.stored: Workbook = load_workbook(BytesIO(content), data_only=True)
        self._known: dict[tuple[str, int, int], Value] = {}
        self._trees: dict[str, Any] = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of cells → what they stand for."""
        return {name: defined.attr_text for name, defined in self.formulas.defined_names.items()}

    def cells(self) -> Iterator[tuple[str, str]]:
        """Every cell with a formula: (sheet, address)."""
        for sheet in self.formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith("="):
                        yield sheet.title, cell.coordinate

    def set(self, sheet: str, address: str, value: Value) -> None:
        """Type something over a cell."""
        self.formulas[sheet][address] = value
        self._known.clear()

    def value(self, sheet: str, address: str) -> Value:
        """What a cell shows."""
        column, row, *_ = range_boundaries(address.replace("$", ""))
        return self._cell(sheet, column, row)

    def _cell(self, sheet: str, column: int, row: int) -> Value:
        at = (sheet, column, row)
        if at not in self._known:
            held = self.formulas[sheet].cell(row, column).value
            is_formula = isinstance(held, str) and held.startswith("=")
            self._known[at] = _Reading(self, sheet, held).value() if is_formula else held
        return self._known[at]

    def area(self, sheet: str, address: str) -> list[Value]:
        """The cells of a range, in order."""
        left, top, right, bottom = range_boundaries(address.replace("$", ""))
        return [self._cell(sheet, c, r) for r in range(top, bottom + 1) for c in range(left, right + 1)]

    def tokens(self, formula: str) -> list[Token]:
        """A formula in pieces."""
        if formula not in self._trees:
            self._trees[formula] = [t for t in Tokenizer(formula).items if t.type != Token.WSPACE]
        found: list[Token] = self._trees[formula]
        return found


class _Reading:
    """One formula on its way to a value; a branch of IF that is not taken is passed over."""

    def __init__(self, book: Book, sheet: str, formula: str) -> None:
        self.book, self.sheet = book, sheet
        self.pieces, self.at = book.tokens(formula), 0
        self.idle = 0

    def value(self) -> Value:
        found = _one(self._expression())
        assert self.at == len(self.pieces), "the formula ends"
        return found

    def _next(self) -> Token | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def _expression(self, strength: int = 0) -> Value:
        left = self._operand()
        while (sign := self._next()) and sign.type == Token.OP_IN and STRENGTH[sign.value] > strength:
            self.at += 1
            right = self._expression(STRENGTH[sign.value])
            left = None if self.idle else _combined(sign.value, _one(left), _one(right))
        return left

    def _operand(self) -> Value:
        piece = self.pieces[self.at]
        self.at += 1
        if piece.type == Token.OP_PRE:
            inner = _one(self._operand())
            return None if self.idle else (-_number(inner) if piece.value == "-" else inner)
        if piece.type == Token.PAREN:
            inner = self._expression()
            self.at += 1
            return inner
        if piece.type == Token.FUNC:
            return self._call(piece.value.rstrip("("))
        if piece.subtype == Token.RANGE:
            return None if self.idle else self._range(piece.value)
        return piece.value[1:-1] if piece.subtype == Token.TEXT else float(piece.value)

    def _range(self, name: str) -> Value:
        address = self.book.names.get(name, name)
        sheet, _, cells = address.rpartition("!")
        sheet = sheet.strip("'") or self.sheet
        found = self.book.area(sheet, cells)
        return found if ":" in cells else found[0]

    def _call(self, name: str) -> Value:
        given: list[Value] = []
        while not (self.pieces[self.at].type == Token.FUNC and self.pieces[self.at].subtype == Token.CLOSE):
            if self.pieces[self.at].type == Token.SEP:
                self.at += 1
                continue
            skipped = name == "IF" and bool(given) and len(given) == (2 if _true(given[0]) else 1)
            self.idle += skipped
            given.append(self._expression())
            self.idle -= skipped
        self.at += 1
        if self.idle:
            return None
        if name == "IF":
            return given[1] if _true(given[0]) else given[2]
        return FUNCTIONS[name](*given)


def _one(value: Value) -> Value:
    assert not isinstance(value, list), "one cell, not many"
    return value


def _number(value: Value) -> float:
    if value is None:
        return 0.0
    assert isinstance(value, int | float), f"#VALUE! {value!r}"
    return float(value)


def _true(value: Value) -> bool:
    return bool(_number(value))


def _combined(sign: str, left: Value, right: Value) -> Value:
    if sign == "&":
        return f"{_shown(left)}{_shown(right)}"
    if STRENGTH[sign] == 1:
        one, two = _rank(left, right), _rank(right, left)
        return {
            "=": one == two,
            "<>": one != two,
            "<": one < two,
            ">": one > two,
            "<=": one <= two,
            ">=": one >= two,
        }[sign]
    a, b = _number(left), _number(right)
    return {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else None}[sign]


def _rank(value: Value, other: Value) -> tuple[int, Any]:
    """Numbers before texts before truths; an empty cell is what it is compared with: 0 or an empty text."""
    if value is None:
        value = "" if isinstance(other, str) else 0
    if isinstance(value, bool):
        return (2, value)
    return (1, value.casefold()) if isinstance(value, str) else (0, float(value))


def _shown(value: Value) -> str:
    return "" if value is None else f"{value:.15g}" if isinstance(value, int | float) else value


def _round(value: Value, digits: Value) -> float:
    """Half away from zero, of the fifteen digits that a spreadsheet shows."""
    shown = Decimal(f"{_number(value):.15g}")
    return float(shown.quantize(Decimal(1).scaleb(-int(_number(digits))), ROUND_HALF_UP))


def _cells(*areas: Value) -> list[Value]:
    return [cell for area in areas for cell in (area if isinstance(area, list) else [area])]


def _numbers(*areas: Value) -> list[float]:
    """Of cells the numbers alone."""
    return [c for c in _cells(*areas) if isinstance(c, int | float) and not isinstance(c, bool)]


def _fits(condition: Value) -> Callable[[Value], bool]:
    if not isinstance(condition, str):
        return lambda cell: cell == condition
    found = CONDITION.fullmatch(condition)
    assert found is not None
    sign, text = found[1] or "=", found[2]
    if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text):
        number = float(text)
        return lambda cell: bool(_numbers(cell)) and _combined(sign, cell, number)
    return lambda cell: isinstance(cell, str) and _combined(sign, cell, text)


def _chosen(*pairs: Value) -> list[int]:
    areas, tests = pairs[::2], [_fits(condition) for condition in pairs[1::2]]
    return [n for n in range(len(areas[0])) if all(t(a[n]) for a, t in zip(areas, tests, strict=True))]


def _average(*areas: Value) -> float:
    found = _numbers(*areas)
    return sum(found) / len(found)


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "AND": lambda *a: all(map(_true, a)),
    "OR": lambda *a: any(map(_true, a)),
    "NOT": lambda a: not _true(a),
    "ISNUMBER": lambda a: bool(_numbers(a)),
    "N": lambda a: a if _numbers(a) else 0.0,
    "MIN": lambda *a: min(_numbers(*a)),
    "SUM": lambda *a: sum(_numbers(*a)),
    "COUNT": lambda *a: len(_numbers(*a)),
    "AVERAGE": _average,
    "ROUND": _round,
    "COUNTIF": lambda area, condition: len(_chosen(_cells(area), condition)),
    "COUNTIFS": lambda *pairs: len(_chosen(*pairs)),
    "SUMIF": lambda area, condition, of: sum(_numbers(*(of[n] for n in _chosen(area, condition)))),
    "AVERAGEIFS": lambda of, *pairs: _average(*(of[n] for n in _chosen(*pairs))),
}
