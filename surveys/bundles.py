"""Many posters at once, in one archive or one file for the printing house, with a list of what is where.

A bundle grows in a folder of its own and says now and then how far it is: after a kill it goes on from there. However
many posters it has, only numbers of them stay in memory.
"""

from __future__ import annotations

import codecs
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from flask_babel import gettext as _

from surveys import inert, paper, qr
from surveys.paper import Choice, Poster, UnsuitablePoster
from surveys.press.book import Book
from surveys.press.canvas import Drawn

KINDS = ("pdf", "zip")
MARKED_EVERY = 250
"""Posters between two marks: what a kill costs."""
TOGETHER = 48
"""Posters that are read back from one file."""
LIST = "spisok.csv"
_MARK, _DONE, _TAIL, _LIST, _WHOLE = "mark.json", "done.json", "tail.bin", "list.part", "whole.part"

Row = tuple[str, ...]
_Ready = paper.Proof | bytes


@dataclass(frozen=True)
class Bundle:
    """A bundle that is there: its file, the list beside it, how many posters, how many of them could not be made."""

    file: Path
    list: Path
    count: int
    refused: int


@dataclass(frozen=True)
class Order:
    """What a bundle is of. In an archive, `files` is the kind of each file, `listed`: is the list in it too."""

    kind: str
    choice: Choice
    files: str = "pdf"
    listed: bool = False

    @property
    def name(self) -> str:
        """What the bundle's file is called."""
        return f"plakaty-{self.choice.format.id}-{self.choice.skin.id}.{self.kind}"


class _Growing(Protocol):
    """A file that posters are put into."""

    def add(self, poster: Poster, made: Drawn | bytes) -> str: ...
    def mark(self) -> dict[str, Any]: ...
    def close(self) -> None: ...


def make(
    folder: Path,
    order: Order,
    posters: Callable[[int], Iterator[tuple[int, Poster]]],
    told: Callable[[int], None],
) -> Bundle:
    """The bundle, made or gone on with; ValueError when there is not one poster to make.

    `posters(after)` gives what follows the organisation with this number, each organisation's posters together;
    `told` hears how many there are.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / order.name).exists():
        with _Press(folder, order) as press:
            feed = posters(press.after)
            while group := list(islice(feed, TOGETHER)):
                for (organization_id, poster), proof in zip(group, _proved(group, order), strict=True):
                    press.add(organization_id, poster, proof)
                    told(press.count)
            press.close()
        facts = {"count": press.count, "refused": press.refused}
        _written(folder / _DONE, json.dumps(facts).encode())
        os.replace(folder / _WHOLE, folder / order.name)  # from here on nothing is drawn any more
    with suppress(FileNotFoundError):  # moved before a kill
        os.replace(folder / _LIST, folder / LIST)
    for left in [folder / _MARK, *folder.glob(f"{_TAIL}.*")]:
        left.unlink(missing_ok=True)
    found = there(folder, order)
    assert found is not None  # noqa: S101  # just put there
    return found


def there(folder: Path, order: Order) -> Bundle | None:
    """The finished bundle of a folder, if it is finished."""
    file = folder / order.name
    if not (file.exists() and (folder / LIST).exists()):
        return None
    facts = _read(folder / _DONE)
    return Bundle(file, folder / LIST, facts["count"], facts["refused"])


def file_name(poster: Poster, kind: str) -> str:
    """A file of its own for each code: «K7M4PX2D.pdf», «K7M4PX2D-2.pdf» for the second place."""
    place = "" if poster.place_number is None else f"-{poster.place_number}"
    return f"{poster.code}{place}.{kind}"


class _Press:
    """A bundle being made: the file, its list, and the mark that both agree on."""

    def __init__(self, folder: Path, order: Order) -> None:
        self._folder = folder
        mark = _read(folder / _MARK)
        self.after: int = mark.get("after", 0)
        self.count: int = mark.get("count", 0)
        self.refused: int = mark.get("refused", 0)
        self._marked = self.count
        self._last = self.after
        self._list = (folder / _LIST).open("r+b" if mark else "w+b")
        self._list.truncate(mark.get("list", 0))
        self._list.seek(0, os.SEEK_END)
        self._file = _OneFile(folder, mark) if order.kind == "pdf" else _Archive(folder, order, mark)
        if not mark:
            self._write(headings())

    def __enter__(self) -> _Press:
        return self

    def __exit__(self, *_error: object) -> None:
        self._list.close()
        self._file.leave()

    def add(self, organization_id: int, poster: Poster, proof: _Ready) -> None:
        """Put a poster in, or say why not; a mark is made between organisations only."""
        if organization_id != self._last:
            if self.count - self._marked >= max(MARKED_EVERY, self.count // 20):
                self._mark()
            self._last = organization_id
        if isinstance(proof, Exception):
            where = refusal(proof)
            self.refused += 1
        else:
            where = self._file.add(poster, proof)
        self._write(row(poster, where))
        self.count += 1

    def close(self) -> None:
        """Nothing more is coming. Raises ValueError when nothing came."""
        self._list.flush()
        os.fsync(self._list.fileno())
        self._list.seek(0)
        self._file.close(self._list)

    def _mark(self) -> None:
        self._list.flush()
        os.fsync(self._list.fileno())
        facts = {"after": self._last, "count": self.count, "refused": self.refused}
        mark = {**facts, "list": self._list.tell(), **self._file.mark()}
        beside = self._folder / (_MARK + ".new")
        _written(beside, json.dumps(mark).encode())
        os.replace(beside, self._folder / _MARK)
        self._marked = self.count

    def _write(self, told: Row) -> None:
        line = inert.table([told])
        self._list.write(line if not self._list.tell() else line.removeprefix(codecs.BOM_UTF8))


class _OneFile:
    """One PDF, a page for each poster."""

    def __init__(self, folder: Path, mark: dict[str, Any]) -> None:
        self._file: BinaryIO = (folder / _WHOLE).open("r+b" if mark else "w+b")
        self._book = Book.resumed(self._file, mark["book"]) if mark else Book(self._file)

    def add(self, _poster: Poster, made: Drawn | bytes) -> str:
        assert isinstance(made, Drawn)  # noqa: S101  # only paper is bound
        self._book.add(made)
        return str(_("страница %(number)s", number=self._book.pages))

    def mark(self) -> dict[str, Any]:
        self._file.flush()
        os.fsync(self._file.fileno())
        return {"book": self._book.mark()}

    def close(self, _list: BinaryIO) -> None:
        self._book.close(_("Плакаты"))
        self._file.flush()
        os.fsync(self._file.fileno())

    def leave(self) -> None:
        self._file.close()


class _Archive:
    """A ZIP with a file for each poster, whole at every mark: its end is kept aside, as going on writes over it."""

    def __init__(self, folder: Path, order: Order, mark: dict[str, Any]) -> None:
        self._path, self._tail, self._order = folder / _WHOLE, folder / _TAIL, order
        if mark:
            with self._path.open("r+b") as file:
                file.truncate(mark["files_end"])
                file.seek(mark["files_end"])
                file.write((folder / f"{_TAIL}.{mark['count']}").read_bytes())
        self._zip = zipfile.ZipFile(self._path, "a" if mark else "w")
        self._count = self._marked = mark.get("count", 0)
        self._folder = folder

    def add(self, poster: Poster, made: Drawn | bytes) -> str:
        name = file_name(poster, self._order.files)
        self._zip.writestr(name, made if isinstance(made, bytes) else paper.bound(made, poster))
        self._count += 1
        return name

    def mark(self) -> dict[str, Any]:
        end = self._zip.start_dir
        self._zip.close()
        with self._path.open("rb") as file:
            os.fsync(file.fileno())
            file.seek(end)
            _written(self._folder / f"{_TAIL}.{self._count}", file.read())
        for left in self._folder.glob(f"{_TAIL}.*"):
            if left.name not in (f"{_TAIL}.{self._count}", f"{_TAIL}.{self._marked}"):
                left.unlink()
        self._marked = self._count
        self._zip = zipfile.ZipFile(self._path, "a")
        return {"files_end": end}

    def close(self, list_: BinaryIO) -> None:
        if self._order.listed:
            self._zip.writestr(LIST, list_.read(), zipfile.ZIP_DEFLATED)
        self._zip.close()
        with self._path.open("rb") as file:
            os.fsync(file.fileno())

    def leave(self) -> None:
        with suppress(ValueError):
            self._zip.close()


def _proved(group: Sequence[tuple[int, Poster]], order: Order) -> Sequence[_Ready]:
    """What may be put in, codes read back: pages together, as that takes half the time; pictures one by one."""
    posters = [poster for _id, poster in group]
    if order.kind == "pdf" or order.files == "pdf":
        return paper.proved(posters, order.choice)
    return [_picture(poster, order) for poster in posters]


def _picture(poster: Poster, order: Order) -> _Ready:
    try:
        return paper.made(poster, order.choice, order.files)
    except (UnsuitablePoster, qr.UnreadableCode) as error:
        return error


def headings() -> Row:
    """The list's first row."""
    first, *rest = _("Организация"), _("Место"), _("Где лежит"), _("Адрес в коде"), _("Код организации")
    return (first, *rest)


def row(poster: Poster, where: str) -> Row:
    """A poster's row in the list; `where` it lies."""
    return poster.name, poster.place, where, poster.link, poster.code


def refusal(error: Exception) -> str:
    """What the list says of a poster that was not made."""
    unread = _("код не прочитался после печати, плакат выбросили")
    return str(_("не сделан: %(reason)s", reason=error if isinstance(error, UnsuitablePoster) else unread))


def _written(file: Path, content: bytes) -> None:
    """On the disk, not on its way there: what a mark names must outlive a power cut."""
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _read(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found
