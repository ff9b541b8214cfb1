"""A long list shown a page at a time, and narrowed by words."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from werkzeug.datastructures import MultiDict

from surveys.models import searchable

T = TypeVar("T")
MOST_PAGES = 100_000


class Pages(NamedTuple):
    """Where one stands in a long list; addresses are None at its ends."""

    page: int
    pages: int
    total: int
    prev_url: str | None
    next_url: str | None


def asked(told: MultiDict[str, str]) -> int:
    """The page that an address or a form asks for, whatever stands there."""
    return min(max(1, told.get("page", 1, type=int)), MOST_PAGES)


def count(total: int, size: int) -> int:
    """How many pages a list fills; an empty one still has the first."""
    return max(1, -(-total // size))


def pages(page: int, total: int, size: int, address: Callable[[int], str]) -> Pages:
    """The place of this page, or of the last one when there are fewer."""
    last = count(total, size)
    page = min(max(page, 1), last)
    before = address(page - 1) if page > 1 else None
    return Pages(page, last, total, before, address(page + 1) if page < last else None)


def cut(items: Sequence[T], found: Pages, size: int) -> Sequence[T]:
    """What stands on that page."""
    return items[(found.page - 1) * size : found.page * size]


def words_of(text: str) -> list[str]:
    """What a search looks for: every word; «№» is how a name is written, not what it says."""
    return searchable(text).replace("№", " ").split()
