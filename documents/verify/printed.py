"""The words printed in a document's tables held against the data enclosed in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nok.difference import ABSENT, Difference
from nok.enclosed import Enclosed, is_object
from nok.figure import comma

BY = "в данных документа"
FIGURE = re.compile(r"K[1-5]|[1-5]\.[1-9]|Итог")
LEADING = re.compile(r"\s*([KК][1-5]|[1-5]\.[1-9]|Итог)(?![0-9])")
NUMBER = re.compile(r"\s*(\d{1,3}(?:,\d+)?)")
#: Thousands are parted by another space than the words of a cell.
WHOLE = re.compile(r" *(\d+(?:[^\S ]\d{3})*)(?: |$)")


class Printed:
    """Compares tables as they come; `rows` of organisations found, `checked` cells, what differs."""

    def __init__(self, given: Enclosed) -> None:
        self.checked = 0
        self.differences: list[Difference] = []
        self._given = given
        self._named: dict[str, list[Mapping[str, Any]]] = {}
        for one in given.organizations:
            self._named.setdefault(_plain(_name(one)), []).append(one)
        self._seen: set[str] = set()
        places = given.campaign["practice"].get("places", 2)
        #: «145/200» are two counts, wherever the line breaks.
        whole = r"\s*\d{1,3}(?![\d,]|\s*/)"
        self._form = re.compile(rf"\s*\d{{1,3}},\d{{{places}}}(?!\d)" if places else whole)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """One table; of a kind that is not known nothing is compared."""
        heads = [heading.strip() for heading in headings]
        if "Организация" in heads and (columns := self._columns(heads, rows)):
            for row in rows:
                self._organization(dict(zip(heads, row, strict=False)), columns)
        elif "Баллы" in heads and not self._given.whole:
            one = self._given.organizations[0]
            for row in rows:
                self._line(row, heads.index("Баллы"), _figures(one), one, "")
        elif "Среднее" in heads and self._given.whole:
            for row in rows:
                self._line(row, heads.index("Среднее"), self._given.content.get("means"), None, "means.")
        elif "Средний итог" in heads and self._given.whole:
            self._municipalities(rows, heads.index("Средний итог"))

    def _columns(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        """Headings under which points stand: most cells have the form of a figure, and not of a count of items."""
        found = []
        for at, head in enumerate(heads):
            cells = [row[at] for row in rows if len(row) > at and NUMBER.match(row[at])]
            shaped = [cell for cell in cells if self._form.match(cell)]
            if FIGURE.fullmatch(head) and (2 * len(shaped) > len(cells) or not cells):
                found.append(head)
        return found

    def missing(self) -> Iterator[Difference]:
        """Organisations of the data without a row, when the document has a rating at all."""
        if self._seen and self._given.whole:
            for one in self._given.organizations:
                if one["code"] not in self._seen:
                    yield self._different(one, "строка в напечатанной таблице", "нет", "есть")

    def _organization(self, row: Mapping[str, str], columns: Sequence[str]) -> None:
        twins = self._of(row["Организация"])
        if not twins:
            if row["Организация"].strip():
                self.checked += 1
                told = Difference(
                    "",
                    "",
                    f"напечатано «{row['Организация'].strip()}»",
                    "строка есть",
                    "такой организации нет",
                    BY,
                )
                self.differences.append(told)
            return
        outcomes = [(one, list(self._row(one, row, columns))) for one in twins]
        one, differences = min(outcomes, key=lambda found: len(found[1]))
        self._seen.update(twin["code"] for twin, found in outcomes if found == [] or twin is one)
        self.differences += differences

    def _row(
        self, one: Mapping[str, Any], row: Mapping[str, str], columns: Sequence[str]
    ) -> Iterator[Difference]:
        figures = _figures(one)
        for head in (column for column in columns if column in row):
            self.checked += 1
            at = "total" if head == "Итог" else head
            yield from self._cell(at, row[head], figures.get(at), one)
        for head, key in (("Место", "place"), ("Анкет", "responses")):
            whole = WHOLE.match(row.get(head, ""))
            if whole:
                self.checked += 1
                cell = re.sub(r"\s", "", whole[1])
                if int(cell) != one.get(key):
                    yield self._different(one, key, cell, str(one.get(key)))

    def _line(
        self, row: Sequence[str], column: int, figures: object, one: Mapping[str, Any] | None, before: str
    ) -> None:
        """A row that says of which figure it is in its first cells and how many points in a column."""
        named = next((m[1] for cell in row[:2] if (m := LEADING.match(cell))), None)
        if named is None or not is_object(figures) or len(row) <= column:
            return
        at = "total" if named == "Итог" else named.replace("К", "K")
        self.checked += 1
        for found in self._cell(at, row[column], figures.get(at), one):
            self.differences.append(found._replace(figure=f"{before}{at}"))

    def _municipalities(self, rows: Sequence[Sequence[str]], column: int) -> None:
        told = self._given.content.get("municipalities")
        known = (
            {_plain(str(one.get("name"))): one for one in told if is_object(one)}
            if isinstance(told, list)
            else {}
        )
        for row in rows:
            one = known.get(_plain(row[0]))
            if one is not None and len(row) > column:
                self.checked += 1
                for found in self._cell("total", row[column], one.get("total"), None):
                    self.differences.append(found._replace(figure=f"municipalities.{one['name']}"))

    def _cell(
        self, at: str, cell: str, figure: object, one: Mapping[str, Any] | None
    ) -> Iterator[Difference]:
        number = NUMBER.match(cell)
        stated = number[1] if number else ABSENT
        printed = figure.get("printed") if is_object(figure) else None
        expected = comma(printed) if isinstance(printed, str) else ABSENT
        if stated != expected:
            yield self._different(one, at, stated, expected)

    def _different(self, one: Mapping[str, Any] | None, at: str, stated: str, expected: str) -> Difference:
        whose = ("", "") if one is None else (str(one["code"]), _name(one))
        return Difference(*whose, at, f"на листе {stated}", expected, BY)

    def _of(self, cell: str) -> Sequence[Mapping[str, Any]]:
        """Whose row it is: the longest name that the cell begins with; a note may stand behind the name."""
        said = _plain(cell)
        return next(
            (self._named[said[:end]] for end in range(len(said), 0, -1) if said[:end] in self._named), ()
        )


def _name(one: Mapping[str, Any]) -> str:
    short = one.get("short_name")
    return short if isinstance(short, str) and short else str(one["name"])


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _figures(one: Mapping[str, Any]) -> Mapping[str, Any]:
    result = one["result"]
    return {**result["indicators"], **result["criteria"], "total": result.get("total")}
