"""What a poster says, and whether it can be printed so that it works."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit, urlunsplit

from surveys import hosts, qr

LARGEST = 49
"""Modules of the largest code, quiet zone included: a larger one leaves no room for words."""
LONGEST_NAME = 400
_OFFICIAL = re.compile(r"https://bus\.gov\.ru/qrcode/rate/\d+(\?agencyId=\d+)?")


class UnsuitablePoster(ValueError):
    """The poster cannot be printed so that it works; the message says in Russian what to change."""


@dataclass(frozen=True)
class Asked:
    """What the survey behind the code asks: how many questions, and is each answered by yes or no?"""

    questions: int
    yes_no: bool


@dataclass(frozen=True)
class Poster:
    """What one poster says; `address_url` is where its code leads, without the place; one or two languages.

    Without `asked` nobody knows yet what will be asked, and the sheet names no number.
    """

    name: str
    code: str
    address_url: str
    place: str = ""
    place_number: int | None = None
    agency_url: str | None = None
    changes: Sequence[str] = ()
    demo: bool = False
    languages: tuple[str, ...] = ("ru",)
    asked: Asked | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.address_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UnsuitablePoster(f"Адрес опроса должен быть полным и без параметров: {self.address_url}")
        try:
            hosts.plain_address(self.address_url)
        except ValueError as error:
            raise UnsuitablePoster(f"В адресе опроса ошибка в имени узла: {self.address_url}") from error
        if self.agency_url is not None and not _OFFICIAL.fullmatch(self.agency_url):
            raise UnsuitablePoster(f"Официальный код ведёт не на bus.gov.ru: {self.agency_url}")
        if not 1 <= len(self.languages) <= 2:
            raise UnsuitablePoster("На плакате помещаются один или два языка.")
        if qr.side(self.link) > LARGEST:
            raise UnsuitablePoster(f"Адрес опроса слишком длинен для печати крупным кодом: {self.link}")

    @cached_property
    def link(self) -> str:
        """What the code holds: a Cyrillic host in its ASCII form, a place as a number."""
        parts = urlsplit(hosts.plain_address(self.address_url))
        query = "" if self.place_number is None else f"p={self.place_number}"
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))

    @cached_property
    def typed(self) -> str:
        """The address as a person types it: no scheme, no place, a Cyrillic host in Cyrillic."""
        parts = urlsplit(hosts.shown(hosts.plain_address(self.address_url)))
        return parts.netloc + unquote(parts.path)
