"""The workbook's paper: formats, and a sheet that is written from top to bottom, a row at a time."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.workbook.places import FIRST, HEAD, MEANS
from surveys.inert import inert

A4 = 9
FACE = "Times New Roman"
GROUND, LINE = "#EEF1F3", "#B7C0C8"


class Plain(Worksheet):
    """A sheet of formulas that need no rewriting: half of the time would go into looking for newer functions."""

    def _prepare_formula(self, formula: str, *_: bool) -> str:
        return formula.lstrip("=")


class Formula(str):
    """A formula; beside it a cell keeps the figure that the calculator found, for whoever only looks."""


class Paper:
    """A workbook under way; what is written leaves memory at once."""

    def __init__(self, properties: Mapping[str, Any], places: int) -> None:
        self._out = BytesIO()
        self.book = Workbook(self._out, {"constant_memory": True})
        self.book.set_properties(dict(properties))
        digits = "0" if places == 0 else f"0.{'0' * places}"
        self.title = self._format(bold=True, font_size=14)
        self.words = self._format(text_wrap=True, valign="top")
        self.plain = self._format()
        self.lines = self._format(border=1, text_wrap=True, valign="top")
        self.quiet = self._format(font_color="#4B5866")
        self.head = self._format(bold=True, text_wrap=True, valign="top", bg_color=GROUND, border=1)
        self.text = self._format(border=1, valign="top")
        self.number = self._format(border=1, num_format="General")
        self.given = self._format(border=1, bg_color="#FFF7DC")
        self.figure = self._format(border=1, num_format=digits)
        self.strong = self._format(border=1, num_format=digits, bold=True)
        self.exact = self._format(border=1, num_format="0.000000", font_color="#4B5866")

    def _format(self, **how: Any) -> Format:
        lines = {"border_color": LINE} if how.get("border") else {}
        return self.book.add_format({"font_name": FACE, "font_size": 11, **lines, **how})

    def sheet(self, name: str, widths: Sequence[float]) -> "Sheet":
        """A new sheet with columns of these widths."""
        return Sheet(self, self.book.add_worksheet(name, Plain), widths)

    def done(self) -> bytes:
        """The file."""
        self.book.close()
        return self._out.getvalue()


class Sheet:
    """One sheet; rows are written downwards only."""

    def __init__(self, paper: Paper, sheet: Worksheet, widths: Sequence[float]) -> None:
        self.paper, self.own = paper, sheet
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")

    def entitle(
        self, title: str, about: str, groups: Mapping[int, str], heads: Sequence[str], fixed: int
    ) -> None:
        """The first four rows, which stay in sight while the others are leafed through."""
        self.put(0, 0, title, self.paper.title)
        self.put(1, 0, about, self.paper.quiet)
        for column, text in sorted(groups.items()):
            self.put(HEAD - 1, column, text, self.paper.quiet)
        self.own.set_row(HEAD, 62)
        self.row(HEAD, heads, self.paper.head)
        self.own.freeze_panes(FIRST if fixed else MEANS, fixed)
        self.own.repeat_rows(HEAD)

    def put(self, row: int, column: int, value: object, look: Format | None = None, found: Any = "") -> None:
        """One cell: a formula with what was `found`, a number, or a text that no spreadsheet computes."""
        look = look or self.paper.plain
        if isinstance(value, Formula):
            self.own.write_formula(row, column, value, look, found)
        elif value is None or value == "":
            self.own.write_blank(row, column, None, look)
        elif isinstance(value, int | float):
            self.own.write_number(row, column, value, look)
        else:
            self.own.write_string(row, column, inert(str(value)), look)

    def row(self, row: int, values: Sequence[object], look: Format, start: int = 0) -> None:
        """Several cells of one look."""
        for at, value in enumerate(values):
            self.put(row, start + at, value, look)
