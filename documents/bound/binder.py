"""Sections of a document, each a tagged PDF of its own, written one after another into one file.

Objects are copied as text with their numbers moved on, so memory is that of one section however long the whole is.
Pages, structure, parent tree, identifiers, bookmarks and named places are those of the whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pikepdf
from pikepdf import Pdf

from documents.bound import writing
from documents.bound.writing import Writer, name_tree, text

#: Strings first, so that nothing in them is taken for a reference.
TOKEN = re.compile(
    rb"\((?P<own>\d+-\d+-\d+)\)|\((?:\\.|[^\\()])*\)|<[0-9a-fA-F]*>"
    rb"|(?P<ref>\d+) 0 R|(?P<key>/StructParents? )(?P<at>\d+)",
    re.DOTALL,
)
LEADS = re.compile(rb"/Contents \((s\d+)\)")
HEADER = re.compile(rb"/ID \((\d+-\d+-\d+)\)")


class Bookmark(NamedTuple):
    """A heading: its depth from 0, its words, the object of its page, where on it, the page's number from 1."""

    depth: int
    title: str
    page: int
    x: float
    y: float
    number: int


class Outline(NamedTuple):
    """What one section adds: headings as (depth, words, page from 0), and how many pages it has."""

    headings: Sequence[tuple[int, str, int]]
    pages: int


def outline(part: Path) -> Outline:
    """A section's bookmarks in their order."""
    with Pdf.open(part) as pdf:
        numbers = {page.obj.objgen[0]: at for at, page in enumerate(pdf.pages)}
        found = [(depth, title, numbers[page]) for depth, title, page, _x, _y in _marks(pdf)]
        return Outline(found, len(pdf.pages))


class Binder:
    """Takes sections in order, then writes what belongs to the whole; the same sections give the same bytes."""

    def __init__(self, out: BinaryIO) -> None:
        self._to = Writer(out)
        self._catalog, self._pages, self._tree, self._document = (self._to.number() for _ in range(4))
        self._kids: list[int] = []
        self._elements: list[int] = []
        self._parents: list[tuple[int, int, int]] = []
        self._identifiers: list[tuple[bytes, bytes, int]] = []
        self._marks: list[Bookmark] = []
        self._keys = 0
        self._parts = 0

    def add(
        self, part: Path, depths: Sequence[int] | None = None, said: Mapping[bytes, str] | None = None
    ) -> None:
        """Every page of a section; `depths` of its bookmarks, where the section itself does not know them.

        `said`: what a link that leads to «s…» tells whoever does not see it.
        """
        with Pdf.open(part) as pdf:
            numbers = self._numbered(pdf)
            before = len(self._kids)
            pages = {page.obj.objgen[0]: before + at for at, page in enumerate(pdf.pages)}
            self._kids += [numbers[page] for page in pages]
            for at, (depth, title, page, x, y) in enumerate(_marks(pdf)):
                told = depths[at] if depths else depth
                self._marks.append(Bookmark(told, title, numbers[page], x, y, pages[page] + 1))
            self._copy(pdf, numbers, said or {})
            self._parts += 1

    def _numbered(self, pdf: Pdf) -> dict[int, int]:
        """A section's own numbers → those of the whole; what belongs to the whole alone is left behind."""
        root, tree = pdf.Root, pdf.Root.StructTreeRoot
        left = {one.objgen[0] for one in (root, tree, tree.ParentTree, root.Metadata, pdf.docinfo)}
        if "/Outlines" in root:
            left |= {root.Outlines.objgen[0], *_items(root.Outlines)}
        known = {root.Pages.objgen[0]: self._pages, tree.K[0].objgen[0]: self._document}
        for one in pdf.objects:
            number = one.objgen[0]
            packing = isinstance(one, pikepdf.Stream) and one.get("/Type") in ("/ObjStm", "/XRef")
            if number not in left and number not in known and not packing:
                known[number] = self._to.number()
        return known

    def _copy(self, pdf: Pdf, numbers: Mapping[int, int], said: Mapping[bytes, str]) -> None:
        shift, prefix = self._keys, b"%05d-" % self._parts

        def moved(found: re.Match[bytes]) -> bytes:
            if found["ref"]:
                return b"%d 0 R" % numbers[int(found["ref"])]
            if found["key"]:
                return found["key"] + b"%d" % (int(found["at"]) + shift)
            return b"(" + prefix + found["own"] + b")" if found["own"] else found[0]

        named: list[tuple[bytes, int]] = []
        whole = {self._pages, self._document}
        for one in pdf.objects:
            number = numbers.get(one.objgen[0])
            if number is None or number in whole:
                continue
            if isinstance(one, pikepdf.Stream):
                about = TOKEN.sub(moved, one.stream_dict.unparse(resolved=True))
                self._to.stream(number, about, one.read_raw_bytes())
                continue
            told = TOKEN.sub(moved, one.unparse(resolved=True))
            if b"/Type /Annot" in told:
                told = told.removesuffix(b">>") + b"/F 4 >>"  # an archive prints what it shows
                told = LEADS.sub(lambda found: b"/Contents " + text(said.get(found[1], "")), told)
            elif (header := HEADER.search(one.unparse(resolved=True))) and b"/StructElem" in told:
                named.append((prefix + header[1], number))
            self._to.put(number, told)
        self._elements += [numbers[kid.objgen[0]] for kid in pdf.Root.StructTreeRoot.K[0].K]
        self._branch(TOKEN.sub(moved, pdf.Root.StructTreeRoot.ParentTree.Nums.unparse()), pdf)
        if named:
            low, high, node = name_tree(self._to, [(key, b"%d 0 R" % at) for key, at in sorted(named)])
            self._identifiers.append((low, high, node))

    def _branch(self, pairs: bytes, pdf: Pdf) -> None:
        """A section's part of the parent tree: its keys go on where the last section's ended."""
        keys = [int(key) for key in list(pdf.Root.StructTreeRoot.ParentTree.Nums)[::2]]
        shift, low, high = self._keys, self._keys + keys[0], self._keys + keys[-1]
        plain = writing.shifted(pairs, shift)
        node = self._to.add(b"<< /Limits [ %d %d ] /Nums %s >>" % (low, high, plain))
        self._parents.append((low, high, node))
        self._keys = high + 1

    def forked(self, out: BinaryIO) -> "Binder":
        """One with the same sections that ends otherwise, in another file, into which this one's was copied."""
        other = copy(self)
        other._to = self._to.forked(out)
        return other

    def finish(self, about: "About") -> None:
        """Write what belongs to the whole, and the end of the file."""
        to = self._to
        to.put(self._pages, b"<< /Type /Pages /Count %d /Kids %s >>" % (len(self._kids), _refs(self._kids)))
        for_all = b"<< /Type /StructElem /S /Document /P %d 0 R /K %s >>"
        to.put(self._document, for_all % (self._tree, _refs(self._elements)))
        parents = to.add(b"<< /Kids %s >>" % _refs(node for _low, _high, node in self._parents))
        ids = b""
        if self._identifiers:
            ids = b"/IDTree << /Kids %s >> " % _refs(node for _low, _high, node in self._identifiers)
        tree = b"<< /Type /StructTreeRoot /K [ %d 0 R ] /ParentTree %d 0 R /ParentTreeNextKey %d %s>>"
        to.put(self._tree, tree % (self._document, parents, self._keys, ids))
        parts = [b"/Type /Catalog", b"/Pages %d 0 R" % self._pages, b"/Lang %s" % text(about.lang)]
        parts += [b"/StructTreeRoot %d 0 R" % self._tree, b"/MarkInfo << /Marked true >>"]
        parts += [b"/ViewerPreferences << /DisplayDocTitle true >>", *self._outlines(), *about.written(to)]
        parts += self._names(about.embedded(to))
        to.put(self._catalog, b"<< %s >>" % b" ".join(parts))
        to.end(self._catalog, about.info(to))

    def _names(self, embedded: Sequence[tuple[bytes, bytes]]) -> Iterator[bytes]:
        """Where links of the contents lead, by the place of a heading among all: «s1», «s2»…; enclosed files."""
        names = []
        if self._marks:
            places = {
                b"s%06d" % at: b"[ %d 0 R /XYZ %.2f %.2f 0 ]" % (mark.page, mark.x, mark.y)
                for at, mark in enumerate(self._marks, 1)
            }
            names.append(b"/Dests %d 0 R" % name_tree(self._to, list(places.items()), root=True)[2])
        if embedded:
            names.append(b"/EmbeddedFiles %d 0 R" % name_tree(self._to, embedded, root=True)[2])
        if names:
            yield b"/Names << %s >>" % b" ".join(names)

    def _outlines(self) -> Iterator[bytes]:
        if self._marks:
            yield b"/Outlines %d 0 R" % writing.outlines(self._to, self._marks)
            yield b"/PageMode /UseOutlines"


class About:
    """What the whole says of itself; a subclass adds metadata and enclosed files."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def written(self, to: Writer) -> Sequence[bytes]:
        """Entries of the catalog."""
        return ()

    def embedded(self, to: Writer) -> Sequence[tuple[bytes, bytes]]:
        """Enclosed files: name → reference, in the order of names."""
        return ()

    def info(self, to: Writer) -> int | None:
        """The number of the information dictionary."""
        return None


def _marks(pdf: Pdf) -> Iterator[tuple[int, str, int, float, float]]:
    """Bookmarks depth first: depth, words, page's own number, x, y."""

    def told(first: pikepdf.Object | None, depth: int) -> Iterator[tuple[int, str, int, float, float]]:
        while first is not None:
            page, _kind, x, y, _zoom = first.Dest
            yield depth, str(first.Title), page.objgen[0], float(x), float(y)
            yield from told(first.get("/First"), depth + 1)
            first = first.get("/Next")

    if "/Outlines" in pdf.Root:
        yield from told(pdf.Root.Outlines.get("/First"), 0)


def _items(item: pikepdf.Object) -> Iterator[int]:
    first = item.get("/First")
    while first is not None:
        yield first.objgen[0]
        yield from _items(first)
        first = first.get("/Next")


def _refs(numbers: Iterable[int]) -> bytes:
    return b"[ %s ]" % b" ".join(b"%d 0 R" % number for number in numbers)
