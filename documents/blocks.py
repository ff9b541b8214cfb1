"""What a report's section shows beside its words: tables, charts and fixed sentences, as plain JSON.

A report is frozen with its package, so a block holds what is printed, not what it was made of.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import nok
from documents import charts
from documents.markup import clean

Block = dict[str, Any]
Section = dict[str, Any]

#: Alignments of columns: text, a figure, a narrow figure of a table of many.
TEXT, FIGURE = "", "num"


def table(
    caption: str,
    head: Sequence[tuple[str, str, float]],
    rows: Iterable[Sequence[object]],
    *,
    side: bool = False,
    code: bool = False,
) -> Block:
    """A table: columns as (title, alignment, share of the width); `side` asks for a page on its side.

    A column without a word in it is left out. A line feed in a cell begins a new line of it. `code`: the last column
    is machine text.
    """
    told = [[clean(str(cell)) for cell in row] for row in rows]
    filled = [at for at in range(len(head)) if not told or any(row[at] for row in told)]
    return {
        "kind": "table",
        "caption": caption,
        "head": [list(head[at]) for at in filled],
        "rows": [[row[at] for at in filled] for row in told],
        "side": side,
        "code": code,
    }


def chart(title: str, lines: Sequence[tuple[str, nok.Figure | None]]) -> Block:
    """Bars of 0…100 points under their captions."""
    told = [[label, None if figure is None else _exact(figure.exact)] for label, figure in lines]
    places = next((figure.places for _label, figure in lines if figure), 2)
    return {"kind": "chart", "title": title, "lines": told, "places": places}


def said(text: str) -> Block:
    """Fixed words, which the operator does not write over: what rules were used, what is not verified."""
    return {"kind": "said", "text": text}


def section(key: str, title: str, text: str, made: Iterable[Block] = ()) -> Section:
    """A section: its words, then what it shows beside them."""
    return {"key": key, "title": str(title), "text": str(text), "blocks": list(made)}


def heading(text: str) -> Block:
    """A heading inside a section."""
    return {"kind": "heading", "text": text}


def drawn_chart(block: Mapping[str, Any], layout: charts.Layout = charts.WIDE) -> charts.Chart:
    """A chart's block with its geometry."""
    lines = [
        (label, None if exact is None else nok.Figure(Fraction(exact), block["places"]))
        for label, exact in block["lines"]
    ]
    return charts.chart(block["title"], lines, layout)


def chart_on_screen(block: Mapping[str, Any]) -> charts.Chart:
    """The same for a phone first; a desk takes its wide twin."""
    return drawn_chart(block, charts.NARROW)


def _exact(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
