"""Tables of a tagged PDF as a screen reader hears them: rows of cells, by the structure and not by the looks."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Page, Pdf

Row = Sequence[str]
#: Deeper and larger than any document of ours: a structure that leads in circles is left.
DEEPEST = 60
MOST_ELEMENTS = 3_000_000
PAIR = re.compile(rb"<([0-9a-fA-F]{2,8})>\s*<([0-9a-fA-F]{2,64})>")
SHOWING = {"Tj", "TJ", "'", '"'}


class Tables:
    """Reads a document's tables, each page once and only if a table stands on it."""

    def __init__(self, pdf: Pdf) -> None:
        self._texts: dict[tuple[int, int], dict[int, str]] = {}
        self._letters: dict[tuple[int, int], dict[bytes, str]] = {}
        self._root = pdf.Root.get("/StructTreeRoot")
        self._left = MOST_ELEMENTS

    def rows(self) -> Iterator[tuple[Row, list[Row]]]:
        """The headings of each table and its rows; nothing where the document has no structure."""
        if isinstance(self._root, Dictionary):
            for table in self._found(self._root.get("/K"), "/Table"):
                rows = [self._cells(row) for row in self._found(table.get("/K"), "/TR")]
                if rows:
                    yield rows[0], rows[1:]

    def _found(self, element: Any, kind: str, depth: int = 0) -> Iterator[Dictionary]:
        """Elements of a kind, the outermost; a table inside a table is part of its cell. Raises ValueError."""
        self._left -= 1
        if self._left < 0:
            raise ValueError("more elements than any document of ours has")
        if depth > DEEPEST:
            return
        if isinstance(element, Array):
            for inner in element:
                yield from self._found(inner, kind, depth + 1)
        elif isinstance(element, Dictionary):
            if element.get("/S") == kind:
                yield element
            else:
                yield from self._found(element.get("/K"), kind, depth + 1)

    def sheet(self, page: Page) -> str:
        """Everything said on one page, in the order in which it was drawn."""
        return " ".join(self._said(page.obj).values())

    def _cells(self, row: Dictionary) -> Row:
        return [" ".join(self._text(cell, None)).strip() for cell in _cells_of(row)]

    def _text(self, element: Any, page: Any, depth: int = 0) -> Iterator[str]:
        self._left -= 1
        if self._left < 0:
            raise ValueError("more elements than any document of ours has")
        if depth > DEEPEST or element is None:
            return
        if isinstance(element, Array):
            for inner in element:
                yield from self._text(inner, page, depth + 1)
        elif isinstance(element, Dictionary):
            page = element.get("/Pg", page)
            marked = element.get("/MCID")
            yield from self._text(element.get("/K") if marked is None else marked, page, depth + 1)
        elif isinstance(element, int) and isinstance(page, Dictionary):
            yield self._said(page).get(element, "")

    def _said(self, page: Dictionary) -> dict[int, str]:
        key = page.objgen
        if key not in self._texts:
            self._texts[key] = self._page(page)
        return self._texts[key]

    def _page(self, page: Dictionary) -> dict[int, str]:
        """What is written under each mark of one page."""
        said: defaultdict[int, list[str]] = defaultdict(list)
        fonts = page.get("/Resources", Dictionary()).get("/Font", Dictionary())
        marks: list[int | None] = []
        letters: dict[bytes, str] = {}
        for instruction in pikepdf.parse_content_stream(Page(page)):
            operands, name = instruction.operands, str(instruction.operator)
            if name in ("BDC", "BMC"):
                marks.append(_mark(operands) if name == "BDC" else None)
            elif name == "EMC" and marks:
                marks.pop()
            elif name == "Tf":
                letters = self._font(fonts.get(str(operands[0])))
            elif (
                name in SHOWING
                and (mark := next((m for m in reversed(marks) if m is not None), None)) is not None
            ):
                said[mark].append(_decoded(operands[-1], letters))
        return {mark: "".join(texts) for mark, texts in said.items()}

    def _font(self, font: Any) -> dict[bytes, str]:
        if not isinstance(font, Dictionary) or font.get("/ToUnicode") is None:
            return {}
        if font.objgen not in self._letters:
            pairs = PAIR.findall(font.ToUnicode.read_bytes())
            self._letters[font.objgen] = {
                bytes.fromhex(code.decode()): bytes.fromhex(to.decode()).decode("utf-16-be", "replace")
                for code, to in pairs
                if len(code) == 4
            }
        return self._letters[font.objgen]


def _cells_of(row: Dictionary) -> Iterator[Dictionary]:
    inside = row.get("/K")
    for cell in inside if isinstance(inside, Array) else [inside]:
        if isinstance(cell, Dictionary) and cell.get("/S") in ("/TD", "/TH"):
            yield cell


def _mark(operands: Any) -> int | None:
    about = operands[-1]
    mark = about.get("/MCID") if isinstance(about, Dictionary) else None
    return int(mark) if mark is not None else None


def _decoded(shown: Any, letters: dict[bytes, str]) -> str:
    parts = shown if isinstance(shown, Array) else [shown]
    text = ""
    for part in parts:
        if isinstance(part, pikepdf.String):
            codes = bytes(part)
            text += "".join(letters.get(codes[at : at + 2], "") for at in range(0, len(codes), 2))
    return text
