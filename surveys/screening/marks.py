"""What screening finds, and the text with masks in place of it."""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Kind(StrEnum):
    """What was found. Everything but what is rude is masked; `hidden` is what a reviewer masked himself."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    ADDRESS = "address"
    PLATE = "plate"
    DOCUMENT = "document"
    BIRTH = "birth"
    NAME = "name"
    RUDE = "rude"
    HIDDEN = "hidden"


#: What stands in the text in place of it: part of the stored text, so Russian whatever the reader's language.
MASKS = MappingProxyType(
    {
        Kind.PHONE: "[телефон]",
        Kind.EMAIL: "[почта]",
        Kind.LINK: "[ссылка]",
        Kind.ADDRESS: "[адрес]",
        Kind.PLATE: "[номер машины]",
        Kind.DOCUMENT: "[номер документа]",
        Kind.BIRTH: "[дата рождения]",
        Kind.NAME: "[имя]",
        Kind.HIDDEN: "[скрыто]",
    }
)


class Mark(NamedTuple):
    """A piece of the text, `text[start:end]`."""

    start: int
    end: int
    kind: Kind


class Shown(NamedTuple):
    """A text that may be read: masks in it, and where in it rude words stand."""

    text: str
    rude: list[list[int]]


def shown(text: str, marks: Iterable[Mark]) -> Shown:
    """The text with masks in; `marks` in order and apart from one another."""
    pieces: list[str] = []
    rude: list[list[int]] = []
    at = length = 0
    for mark in marks:
        before = text[at : mark.start]
        length += len(before)
        put = MASKS.get(mark.kind) or text[mark.start : mark.end]
        if mark.kind is Kind.RUDE:
            rude.append([length, length + len(put)])
        pieces += [before, put]
        length += len(put)
        at = mark.end
    return Shown("".join([*pieces, text[at:]]), rude)
