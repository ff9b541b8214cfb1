"""Tagged PDF files one after another as one: pages, structure (pdf/ua-1), bookmarks, title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from pikepdf import Name, Object, ObjectStreamMode, OutlineItem, Pdf, String


def joined(parts: Iterable[bytes], *, title: str) -> bytes:
    """Every page of every part, in order, in the first part's language; ValueError when there is no part.

    Only the whole and one part are in memory at a time; the same parts always give the same bytes.
    """
    rest = iter(parts)
    if (first := next(rest, None)) is None:
        raise ValueError("nothing to join")
    with Pdf.open(BytesIO(first)) as whole:
        bookmarks = list(_bookmarks(whole, 0))
        for part in rest:
            with Pdf.open(BytesIO(part)) as more:
                bookmarks += _bookmarks(more, len(whole.pages))
                _append(whole, more)
        _entitle(whole, title, bookmarks)
        file = BytesIO()
        whole.save(file, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return file.getvalue()


def contents(part: bytes) -> tuple[list[tuple[str, int]], int]:
    """Its bookmarks of the first level as (title, page from 0), and how many pages it has."""
    with Pdf.open(BytesIO(part)) as pdf:
        return list(_bookmarks(pdf, 0)), len(pdf.pages)


def _append(whole: Pdf, more: Pdf) -> None:
    before = len(whole.pages)
    whole.pages.extend(more.pages)
    tree = whole.Root.StructTreeRoot
    added = whole.copy_foreign(more.Root.StructTreeRoot)
    document = tree.K[0]
    for element in added.K[0].K:
        element.P = document
        document.K.append(element)
    # A page finds its elements by number in the parent tree: numbers go on where the whole ended.
    numbers = tree.ParentTree.Nums
    shift = int(numbers[-2]) + 1
    for key, elements in _pairs(added.ParentTree.Nums):
        numbers.append(int(key) + shift)
        numbers.append(elements)
    for page in whole.pages[before:]:
        page.obj.StructParents = int(page.obj.StructParents) + shift


def _pairs(numbers: Object) -> Iterator[tuple[Object, Object]]:
    items = list(numbers)
    return zip(items[::2], items[1::2], strict=True)


def _bookmarks(pdf: Pdf, before: int) -> Iterator[tuple[str, int]]:
    pages = {page.obj.objgen: before + number for number, page in enumerate(pdf.pages)}
    with pdf.open_outline() as outline:
        for item in outline.root:
            yield item.title, pages[item.destination[0].objgen]  # type: ignore[index]


def _entitle(whole: Pdf, title: str, bookmarks: list[tuple[str, int]]) -> None:
    whole.docinfo[Name.Title] = String(title)
    with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
    with whole.open_outline() as outline:
        outline.root[:] = [OutlineItem(text, page) for text, page in bookmarks]
