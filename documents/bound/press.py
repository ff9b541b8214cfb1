"""A document put down as sections in a folder, drawn one after another, bound at the end.

The folder is the whole of the work: whoever begins anew draws only what is missing. Contents come last, when every page
has its number; how many pages they take is known before, since only numbers change in them.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from documents import keeping
from documents.blocks import drawn_chart
from documents.bound.archive import Archived
from documents.bound.binder import Binder, Outline, outline
from documents.bound.parts import Piece, parts
from documents.drawing import drawn, lang
from documents.markup import passages

Told = Callable[[int, int], None]
HEAD, WHOLE, ARCHIVE = "head.json", "whole.pdf", "archive.pdf"
TEMPLATE, SHEET = "print/bound.html", "bound.css"
BODY = "body"


@dataclass(frozen=True)
class Book:
    """What a document is beside its sections; `cover` as documents.council_report has it, `at` in UTC.

    `stamp` says what state it is in, `foot` stands on every page, `verify` leads to the page of its hash.
    """

    title: str
    campaign: str
    cover: Mapping[str, Any]
    stamp: Mapping[str, str]
    at: datetime
    verify: Mapping[str, str] | None = None


def put_down(
    folder: Path, book: Book, sections: Iterable[Mapping[str, Any]], enclosed: Mapping[str, tuple[str, bytes]]
) -> int:
    """Write everything that will be drawn; the number of sections' parts. A head is written last, so it is all."""
    headings: list[Sequence[Any]] = []
    count = 0
    for count, pieces in enumerate(parts(sections), 1):
        own = list(_headings(pieces))
        keeping.put(_part(folder, count, "json"), _json({"pieces": pieces, "headings": own}))
        headings += own
    for name, (_about, content) in enclosed.items():
        keeping.put(folder / name, content)
    told = {
        "title": book.title,
        "campaign": book.campaign,
        "cover": book.cover,
        "stamp": book.stamp,
        "verify": book.verify,
        "at": book.at.isoformat(),
        "lang": lang(),
        "parts": count,
        "headings": headings,
        "enclosed": {name: about for name, (about, _content) in enclosed.items()},
    }
    keeping.put(folder / HEAD, _json(told))
    return count


def planned(folder: Path) -> int | None:
    """How many parts were put down there; None: nothing, or not all."""
    head = folder / HEAD
    return json.loads(head.read_bytes())["parts"] if head.exists() else None


def _here(work: Callable[[], None]) -> None:
    work()


def draw(
    folder: Path, progress: Told | None = None, each: Callable[[Callable[[], None]], None] = _here
) -> None:
    """Draw what is not drawn yet and bind both variants: with the data enclosed, and plain for archives.

    `each` is given the drawing of one part after another, and returns when it is done.
    """
    head = json.loads((folder / HEAD).read_bytes())
    steps = head["parts"] + 2
    first = _opening(folder, head, [0] * len(head["headings"]))
    pages: list[int] = []
    outlines: list[Outline] = []
    number = 1 + first
    for at in range(1, head["parts"] + 1):
        file = _part(folder, at, "pdf")
        if not file.exists():
            each(partial(_draw_part, folder, head, at, number))
        outlines.append(outline(file))
        pages += [number + page for _depth, _title, page in outlines[-1].headings]
        number += outlines[-1].pages
        if progress:
            progress(at, steps)
    if _opening(folder, head, pages) != first:
        raise ValueError("the contents took another number of pages than was kept for them")
    for done, _name in enumerate(_bound(folder, head, outlines), head["parts"] + 1):
        if progress:
            progress(done, steps)


def _draw_part(folder: Path, head: Mapping[str, Any], at: int, number: int) -> None:
    told = json.loads(_part(folder, at, "json").read_bytes())
    keeping.put(_part(folder, at, "pdf"), _drawn(head, BODY, number, pieces=told["pieces"]))


def _opening(folder: Path, head: Mapping[str, Any], pages: Sequence[int]) -> int:
    """Draw the title page and the contents; how many pages they take."""
    listed = [
        (f"s{at:06d}", depth, title, page)
        for at, ((depth, title), page) in enumerate(zip(head["headings"], pages, strict=True), 1)
    ]
    file = _part(folder, 0, "pdf")
    keeping.put(file, _drawn(head, "opening", 1, listed=listed))
    return outline(file).pages


def _bound(folder: Path, head: Mapping[str, Any], outlines: Sequence[Outline]) -> Iterator[str]:
    """Both variants: their pages are the same, so the second goes on from a copy of the first."""
    whole, archive = (folder / f"{name}.part" for name in (WHOLE, ARCHIVE))
    with whole.open("wb") as out, archive.open("wb") as second:
        binder = Binder(out)
        said = {f"s{n:06d}".encode(): title for n, (_depth, title) in enumerate(head["headings"], 1)}
        binder.add(_part(folder, 0, "pdf"), said=said)
        depths = iter([depth for depth, _title in head["headings"]])
        for number, told in enumerate(outlines, 1):
            binder.add(_part(folder, number, "pdf"), [next(depths) for _heading in told.headings])
        out.flush()
        with whole.open("rb") as first:
            shutil.copyfileobj(first, second)
        other = binder.forked(second)
        binder.finish(_archived(folder, head, head["enclosed"]))
        other.finish(_archived(folder, head, {}))
    for part, name in ((whole, WHOLE), (archive, ARCHIVE)):
        part.replace(folder / name)
        yield name


def _archived(folder: Path, head: Mapping[str, Any], enclosed: Mapping[str, str]) -> Archived:
    at = datetime.fromisoformat(head["at"]).astimezone(UTC)
    data = {file: (about, folder / file) for file, about in enclosed.items()}
    return Archived(head["lang"], head["title"], at, data)


def _drawn(head: Mapping[str, Any], part: str, number: int, **context: Any) -> bytes:
    return drawn(
        TEMPLATE,
        sheet=SHEET,
        well_formed=part == BODY,
        part=part,
        number=number,
        head=head,
        passages=passages,
        drawn_chart=drawn_chart,
        **context,
    )


def _headings(pieces: Sequence[Piece]) -> Iterator[tuple[int, str]]:
    for piece in pieces:
        if piece["title"]:
            yield 0, piece["title"]
        yield from ((1, block["text"]) for block in piece["blocks"] if block["kind"] == "heading")


def _part(folder: Path, number: int, kind: str) -> Path:
    return folder / f"{number:05d}.{kind}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
