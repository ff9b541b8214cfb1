"""A PDF file written as it comes: numbered objects packed by hundreds, streams as they are, the table at the end."""

import re
import zlib
from collections.abc import Sequence
from copy import copy
from hashlib import sha256
from typing import Any, BinaryIO

#: Objects that are no streams go so many to a packet; fifty pages of a table are about as many.
PACKET = 200
ROW = 11  # bytes of the table an object: its kind, where it is, where in its packet
FREE = b"\0" + bytes(8) + b"\xff\xff"
KEY = re.compile(rb"(\d+) (\[[^\]]*\]|\d+ 0 R)")


class Writer:
    """Numbers objects, writes each once, knows where each is."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._at, self._last = out, 0, 0
        self._where = bytearray(
            FREE
        )  # the table's rows, by number: of a million objects there is no room for more
        self._waiting: list[tuple[int, bytes]] = []
        self._digest = sha256()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def number(self) -> int:
        """A new object's number."""
        self._last += 1
        return self._last

    def add(self, body: bytes) -> int:
        """A new object; its number."""
        number = self.number()
        self.put(number, body)
        return number

    def put(self, number: int, body: bytes) -> None:
        """An object that is no stream."""
        self._waiting.append((number, body))
        if len(self._waiting) == PACKET:
            self._pack()

    def stream(self, number: int, about: bytes, content: bytes) -> None:
        """A stream; `about` is its dictionary, its length is set here."""
        about = re.sub(rb"/Length \d+ ?", b"", about, count=1).removesuffix(b">>")
        self._note(number, 1, self._at)
        self._write(b"%d 0 obj\n%s/Length %d >>\nstream\n" % (number, about, len(content)))
        self._write(content)
        self._write(b"\nendstream\nendobj\n")

    def _pack(self) -> None:
        if not self._waiting:
            return
        packet, head, body = self.number(), [], bytearray()
        for at, (number, told) in enumerate(self._waiting):
            head.append(b"%d %d" % (number, len(body)))
            body += told + b"\n"
            self._note(number, 2, packet, at)
        first = b" ".join(head) + b"\n"
        about = b"<< /Type /ObjStm /N %d /First %d /Filter /FlateDecode >>" % (len(head), len(first))
        self._waiting = []
        self.stream(packet, about, zlib.compress(first + bytes(body), 6))

    def end(self, root: int, info: int | None) -> None:
        """The table of all objects; nothing may be written after it."""
        self._pack()
        table, start = self.number(), self._at
        self._note(table, 1, start)
        own = self._digest.hexdigest()[:32].encode()
        told = (
            b"<< /Type /XRef /W [ 1 8 2 ] /Size %d /Root %d 0 R /ID [ <%s> <%s> ] /Filter /FlateDecode %s>>"
        )
        entries = told % (self._last + 1, root, own, own, b"/Info %d 0 R " % info if info else b"")
        self.stream(table, entries, zlib.compress(self._where, 6))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def forked(self, out: BinaryIO) -> "Writer":
        """One that goes on by itself in another file, into which all that was written so far was copied."""
        other = copy(self)
        other._out, other._digest = out, self._digest.copy()
        other._where, other._waiting = self._where[:], self._waiting[:]
        return other

    def _note(self, number: int, kind: int, where: int, at: int = 0) -> None:
        begin = ROW * number
        self._where.extend(bytes(max(begin + ROW - len(self._where), 0)))
        self._where[begin : begin + ROW] = kind.to_bytes() + where.to_bytes(8, "big") + at.to_bytes(2, "big")

    def _write(self, content: bytes) -> None:
        self._out.write(content)
        self._digest.update(content)
        self._at += len(content)


def text(words: str) -> bytes:
    """Words as a string of PDF."""
    if words.isascii() and not set(words) & set("()\\\r\n"):
        return b"(%s)" % words.encode()
    return b"<feff%s>" % words.encode("utf-16-be").hex().encode()


def shifted(pairs: bytes, shift: int) -> bytes:
    """An array of a parent tree with its keys moved on; references were moved already."""
    inner = pairs.strip().removeprefix(b"[").removesuffix(b"]")
    return b"[ %s ]" % KEY.sub(lambda found: b"%d %s" % (int(found[1]) + shift, found[2]), inner)


def name_tree(
    to: Writer, pairs: Sequence[tuple[bytes, bytes]], *, root: bool = False
) -> tuple[bytes, bytes, int]:
    """A node of names in their order: the least, the greatest, the node's number. A root tells no limits."""
    low, high = pairs[0][0], pairs[-1][0]
    limits = b"" if root else b"/Limits [ (%s) (%s) ] " % (low, high)
    told = b" ".join(b"(%s) %s" % pair for pair in pairs)
    return low, high, to.add(b"<< %s/Names [ %s ] >>" % (limits, told))


def outlines(to: Writer, marks: Sequence[Any]) -> int:
    """Bookmarks as a tree, the first level open; the number of its root. `marks` as binder.Bookmark."""
    root = to.number()
    numbers = [to.number() for _mark in marks]
    above: list[int] = []  # the chain of places that the next mark may hang under
    parents: list[int | None] = []
    kids: dict[int | None, list[int]] = {}
    for at, mark in enumerate(marks):
        while above and marks[above[-1]].depth >= mark.depth:
            above.pop()
        parents.append(above[-1] if above else None)
        kids.setdefault(parents[-1], []).append(at)
        above.append(at)
    for at, mark in enumerate(marks):
        beside, parent = kids[parents[at]], parents[at]
        place = beside.index(at)
        told = [b"/Title %s" % text(mark.title)]
        told.append(b"/Parent %d 0 R" % (root if parent is None else numbers[parent]))
        told.append(b"/Dest [ %d 0 R /XYZ %.2f %.2f 0 ]" % (mark.page, mark.x, mark.y))
        if place:
            told.append(b"/Prev %d 0 R" % numbers[beside[place - 1]])
        if place + 1 < len(beside):
            told.append(b"/Next %d 0 R" % numbers[beside[place + 1]])
        if own := kids.get(at):
            told.append(b"/First %d 0 R /Last %d 0 R" % (numbers[own[0]], numbers[own[-1]]))
            told.append(b"/Count -%d" % len(own))
        to.put(numbers[at], b"<< %s >>" % b" ".join(told))
    top = kids[None]
    ends = (numbers[top[0]], numbers[top[-1]], len(top))
    to.put(root, b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % ends)
    return root
