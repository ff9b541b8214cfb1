"""A tagged PDF (pdf/ua-1) written as it grows: pages go to the file one by one, and only numbers stay in memory.

`mark()` says where a book stands in a few numbers; `Book.resumed` goes on from there after the process was killed.
"""

from __future__ import annotations

import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any, BinaryIO

from surveys.press import parts
from surveys.press.canvas import Drawn, Element, font_name

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CHUNK = 100
"""Pages below one node of the trees of pages and meanings."""

_CATALOG, _PAGES, _TREE, _DOCUMENT, _METADATA, _OUTLINES, _PARENTS, _RESOURCES = range(1, 9)
_COMPRESSION = 5
_ROWS = 4096


class Book:
    """A PDF being written into `file`, open for bytes at its beginning; `pressed`: as it is to be handed over."""

    def __init__(self, file: BinaryIO, *, pressed: bool = True) -> None:
        self._file = file
        self._compression = _COMPRESSION if pressed else 0
        self._at = array("Q", [0] * (_RESOURCES + 1))
        self._length = 0
        self.pages = 0
        self._nodes: list[
            tuple[int, int, int, int]
        ] = []  # (pages node, its count, part of the document, parents)
        self._kids: list[int] = []  # of the chunk that is being filled
        self._sections: list[int] = []
        self._parents: list[list[int]] = []
        self._chars: dict[int, set[str]] = {}
        self._bookmark: tuple[int, int, str, int] | None = None  # waits for the number of the next
        self._first_bookmark = 0
        self._lang = ""
        self._node = self._part = 0
        self._put(HEADER)

    # Pages

    def add(self, page: Drawn) -> None:
        """Write a page."""
        if not self._kids:
            self._node, self._part = self._reserve(), self._reserve()
        self._lang = self._lang or page.lang
        for weight, chars in page.chars.items():
            self._chars.setdefault(weight, set()).update(chars)
        wide, high = page.width * 72 / 25.4, page.height * 72 / 25.4
        content = self._stream({}, zlib.compress(page.content, self._compression), packed=True)
        number = self._reserve()
        parents = [0] * page.marks
        section = self._element(page.meaning, self._part, number, parents, page.lang)
        self._kids.append(number)
        self._sections.append(section)
        self._parents.append(parents)
        self._write(
            number,
            f"<</Type/Page/Parent {self._node} 0 R/MediaBox[0 0 {wide:.4f} {high:.4f}]/Resources {_RESOURCES} 0 R"
            f"/Contents {content} 0 R/Tabs/S/StructParents {self.pages}>>",
        )
        self._entitle(page.title, number, high)
        self.pages += 1
        if len(self._kids) == CHUNK:
            self._close_chunk()

    def _element(self, one: Element, parent: int, page: int, parents: list[int], lang: str = "") -> int:
        number = self._reserve()
        kids = []
        for kid in one.kids:
            if isinstance(kid, int):
                parents[kid] = number
                kids.append(str(kid))
            else:
                kids.append(f"{self._element(kid, number, page, parents)} 0 R")
        more = f"/Lang({one.lang or lang})" if one.lang or lang else ""
        if one.alt:
            more += f"/Alt {_text(one.alt)}"
        if one.box:
            more += f"/A<</O/Layout/Placement/Block/BBox[{' '.join(f'{edge:.2f}' for edge in one.box)}]>>"
        self._write(
            number,
            f"<</Type/StructElem/S/{one.kind}/P {parent} 0 R/Pg {page} 0 R/K[{' '.join(kids)}]{more}>>",
        )
        return number

    def _close_chunk(self) -> None:
        parents = self._reserve()
        self._write(
            self._node,
            f"<</Type/Pages/Parent {_PAGES} 0 R/Count {len(self._kids)}/Kids[{_refs(self._kids)}]>>",
        )
        self._write(self._part, f"<</Type/StructElem/S/Part/P {_DOCUMENT} 0 R/K[{_refs(self._sections)}]>>")
        first = self.pages - len(self._kids)
        numbers = " ".join(f"{first + place}[{_refs(marks)}]" for place, marks in enumerate(self._parents))
        self._write(parents, f"<</Limits[{first} {self.pages - 1}]/Nums[{numbers}]>>")
        self._nodes.append((self._node, len(self._kids), self._part, parents))
        self._kids, self._sections, self._parents = [], [], []

    def _entitle(self, title: str, page: int, high: float) -> None:
        number = self._reserve()
        before = 0
        if self._bookmark:
            before = self._bookmark[0]
            self._put_bookmark(number)
        else:
            self._first_bookmark = number
        self._bookmark = (number, before, title, page)

    def _put_bookmark(self, following: int) -> None:
        if self._bookmark:
            number, before, title, page = self._bookmark
            ways = (f"/Prev {before} 0 R" if before else "") + (f"/Next {following} 0 R" if following else "")
            self._write(
                number, f"<</Title {_text(title)}/Parent {_OUTLINES} 0 R/Dest[{page} 0 R/Fit]{ways}>>"
            )

    # The end

    def close(self, title: str) -> None:
        """Write what stands at a PDF's end; the file itself stays open. ValueError for a book without pages."""
        if not self.pages:
            raise ValueError("a book without pages")
        if self._kids:
            self._close_chunk()
        self._put_bookmark(0)
        last = self._bookmark[0] if self._bookmark else 0
        nodes, counts, parts, parents = zip(*self._nodes, strict=True)
        self._write(_PAGES, f"<</Type/Pages/Count {sum(counts)}/Kids[{_refs(nodes)}]>>")
        self._write(
            _TREE,
            f"<</Type/StructTreeRoot/K[{_DOCUMENT} 0 R]/ParentTree {_PARENTS} 0 R/ParentTreeNextKey {self.pages}>>",
        )
        self._write(_DOCUMENT, f"<</Type/StructElem/S/Document/P {_TREE} 0 R/K[{_refs(parts)}]>>")
        self._write(_PARENTS, f"<</Kids[{_refs(parents)}]>>")
        self._write(
            _OUTLINES,
            f"<</Type/Outlines/First {self._first_bookmark} 0 R/Last {last} 0 R/Count {self.pages}>>",
        )
        self._write(_RESOURCES, f"<</Font<<{self._fonts()}>>>>")
        self._stream(
            {"Type": "/Metadata", "Subtype": "/XML"},
            _metadata(title, self._lang),
            number=_METADATA,
        )
        self._write(
            _CATALOG,
            f"<</Type/Catalog/Pages {_PAGES} 0 R/StructTreeRoot {_TREE} 0 R/MarkInfo<</Marked true>>"
            f"/Lang({self._lang})/ViewerPreferences<</DisplayDocTitle true>>/Metadata {_METADATA} 0 R"
            f"/Outlines {_OUTLINES} 0 R>>",
        )
        info = self._reserve()
        self._write(info, f"<</Title {_text(title)}>>")
        start, name = self._length, sha256(self._at.tobytes() + title.encode()).hexdigest()[:32]
        self._put(f"xref\n0 {len(self._at)}\n0000000000 65535 f \n".encode())
        for first in range(1, len(self._at), _ROWS):  # as one text it would outweigh all that is kept
            self._put(b"".join(b"%010d 00000 n \n" % place for place in self._at[first : first + _ROWS]))
        self._put(
            f"trailer\n<</Size {len(self._at)}/Root {_CATALOG} 0 R/Info {info} 0 R/ID[<{name}><{name}>]>>\n"
            f"startxref\n{start}\n%%EOF\n".encode()
        )

    def _fonts(self) -> str:
        named = []
        for weight, chars in sorted(self._chars.items()):
            for script, part in parts.of(weight, chars):
                named.append(f"/{font_name(weight, script)} {self._font(part)} 0 R")
        return "".join(named)

    def _font(self, part: parts.Part) -> int:
        file = self._stream({"Length1": str(len(part.file))}, part.packed, packed=True)
        left, bottom, right, top = part.box
        described = self._new(
            f"<</Type/FontDescriptor/FontName/{part.name}/Flags 32/FontBBox[{left} {bottom} {right} {top}]"
            f"/ItalicAngle 0/Ascent {top}/Descent {bottom}/CapHeight 700/StemV 90/FontFile2 {file} 0 R>>"
        )
        below = self._new(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{part.name}/CIDToGIDMap/Identity"
            f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {described} 0 R"
            f"/W[{part.widths}]>>"
        )
        meanings = self._stream({}, _to_unicode(part.meanings), packed=True)
        return self._new(
            f"<</Type/Font/Subtype/Type0/BaseFont/{part.name}/Encoding/Identity-H/DescendantFonts[{below} 0 R]"
            f"/ToUnicode {meanings} 0 R>>"
        )

    # Going on after a kill

    def mark(self) -> dict[str, Any]:
        """Where the book stands, to be kept as JSON; the file must have been flushed."""
        return {
            "length": self._length, "pages": self.pages, "at": b64encode(zlib.compress(self._at.tobytes())).decode(),
            "nodes": self._nodes, "open": [self._node, self._part, self._kids, self._sections, self._parents],
            "chars": {weight: "".join(sorted(chars)) for weight, chars in self._chars.items()},
            "bookmarks": [self._first_bookmark, self._bookmark], "lang": self._lang,
        }  # fmt: skip

    @classmethod
    def resumed(cls, file: BinaryIO, mark: dict[str, Any]) -> Book:
        """A book that goes on from a mark; what was written after it is cut off."""
        book = cls.__new__(cls)
        file.truncate(mark["length"])
        file.seek(mark["length"])
        book._file, book._length, book.pages = file, mark["length"], mark["pages"]
        book._compression = _COMPRESSION
        book._at = array("Q")
        book._at.frombytes(zlib.decompress(b64decode(mark["at"])))
        book._nodes = [(a, b, c, d) for a, b, c, d in mark["nodes"]]
        book._node, book._part, book._kids, book._sections, book._parents = mark["open"]
        book._chars = {int(weight): set(chars) for weight, chars in mark["chars"].items()}
        book._first_bookmark = mark["bookmarks"][0]
        book._bookmark = tuple(mark["bookmarks"][1]) if mark["bookmarks"][1] else None
        book._lang = mark["lang"]
        return book

    # Objects

    def _reserve(self) -> int:
        self._at.append(0)
        return len(self._at) - 1

    def _new(self, value: str) -> int:
        number = self._reserve()
        self._write(number, value)
        return number

    def _write(self, number: int, value: str) -> None:
        self._at[number] = self._length
        self._put(f"{number} 0 obj\n{value}\nendobj\n".encode("ascii"))

    def _stream(self, facts: dict[str, str], data: bytes, number: int = 0, packed: bool = False) -> int:
        """`packed`: the data are compressed already."""
        number = number or self._reserve()
        if packed:
            facts = {**facts, "Filter": "/FlateDecode"}
        told = "".join(f"/{name} {value}" for name, value in facts.items())
        self._at[number] = self._length
        head = b"%d 0 obj\n<<%s/Length %d>>\nstream\n" % (number, told.encode(), len(data))
        self._put(head + data + b"\nendstream\nendobj\n")
        return number

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._length += len(data)


def _refs(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _text(text: str) -> str:
    return f"<feff{text.encode('utf-16-be').hex()}>"


@lru_cache(maxsize=64)
def _to_unicode(meanings: tuple[tuple[int, str], ...]) -> bytes:
    """What a font's glyphs mean, compressed."""
    pairs = [f"<{gid:04x}><{char.encode('utf-16-be').hex()}>" for gid, char in meanings]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    told = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return zlib.compress(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n"
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
            "1 begincodespacerange <0000><ffff> endcodespacerange\n"
            f"{told}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
        ).encode("ascii")
    )


def _metadata(title: str, lang: str) -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{escape(lang)}</rdf:li></rdf:Bag></dc:language>"
        '<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
