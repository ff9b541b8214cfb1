"""The operator's report as PDF/UA-1: laid out in parts, joined, with contents and page numbers over the whole.

What is drawn comes from the report's own structure alone, so a submitted package is drawn without any live figure.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from documents import sealing
from documents.blocks import drawn_chart
from documents.drawing import drawn, made
from documents.markup import passages
from documents.presentation import with_year
from surveys.pdf_join import contents, joined

Report = Mapping[str, Any]
Piece = dict[str, Any]

#: Rows laid out at once: memory is that of one part.
PART = 300
PAGE_OF_SIDE = 2  # a table on its side costs about as much as two upright ones


def report_pdf(
    report: Report, stamp: Mapping[str, Any], progress: Callable[[int, int], None] | None = None
) -> bytes:
    """The whole document; `stamp` says what it is: a draft or a package, of which day, with which hash."""
    groups = list(_parts(report["sections"]))
    parts = []
    for number, pieces in enumerate(groups):
        parts.append(_drawn("body", report, stamp, pieces=pieces))
        if progress:
            progress(number + 1, len(groups) + 1)
    whole = joined([_opening(report, stamp, parts), *parts], title=_title(report))
    return sealing.sealed(whole, _enclosed(report), made(), _feet)


def _drawn(part: str, report: Report, stamp: Mapping[str, Any], **context: Any) -> bytes:
    return drawn(
        "print/report.html",
        sheet="report.css",
        part=part,
        report=report,
        stamp={**stamp, "day": date.fromisoformat(stamp["day"])},
        title=_title(report),
        campaign=with_year(report["cover"]["campaign"], report["cover"]["year"]),
        passages=passages,
        drawn_chart=drawn_chart,
        **context,
    )


def _title(report: Report) -> str:
    return f"{report['cover']['title']}: {report['cover']['campaign']}"


def _opening(report: Report, stamp: Mapping[str, Any], parts: Sequence[bytes]) -> bytes:
    """The title page and the contents; drawn twice when the contents are longer than was thought."""
    own = 2
    while True:
        pages, before = [], own
        for part in parts:
            listed, count = contents(part)
            pages += [(title, before + number + 1) for title, number in listed]
            before += count
        opening = _drawn("opening", report, stamp, pages=pages)
        if contents(opening)[1] == own:
            return opening
        own = contents(opening)[1]


def _parts(sections: Sequence[Mapping[str, Any]]) -> Iterator[list[Piece]]:
    """Sections in groups of about PART rows; a longer table goes on in the next group."""
    group: list[Piece] = []
    weight = 0
    for section in sections:
        for piece in _pieces(section):
            if group and weight + piece["weight"] > PART:
                yield group
                group, weight = [], 0
            group.append(piece)
            weight += piece["weight"]
    yield group


def _pieces(section: Mapping[str, Any]) -> Iterator[Piece]:
    piece: Piece = {
        "title": section["title"],
        "text": section["text"],
        "blocks": [],
        "weight": 1,
        "side": False,
    }
    for block in section["blocks"]:
        piece["side"] = piece["side"] or bool(block.get("side"))
        for cut in _cuts(block):
            weight = len(cut.get("rows", ())) * (PAGE_OF_SIDE if cut.get("side") else 1) + 1
            if piece["weight"] + weight > PART and piece["blocks"]:
                yield piece
                piece = {**piece, "title": "", "text": "", "blocks": [], "weight": 0}
            piece["blocks"].append(cut)
            piece["weight"] += weight
    yield piece


def _cuts(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if block["kind"] != "table" or len(block["rows"]) <= PART:
        yield block
        return
    for at in range(0, len(block["rows"]), PART):
        more = _("%(caption)s, продолжение", caption=block["caption"])
        yield {
            **block,
            "rows": block["rows"][at : at + PART],
            "caption": more if at else block["caption"],
        }


def _feet(sides: Sequence[bool]) -> bytes:
    return drawn("print/result_pages.html", pages=sides)


def _enclosed(report: Report) -> dict[str, tuple[str, bytes]]:
    data = report["data"]
    inputs = [one["input"] for one in data["organizations"]]
    return {
        "input.json": (_("Что вошло в расчёт: вход команды nok indicators"), _json(inputs)),
        "result.json": (_("Что получилось: показатели, критерии, итоги"), _json(data)),
    }


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
