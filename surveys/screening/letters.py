"""Letters as they are meant: Latin look-alikes among Cyrillic, letters set apart by spaces; places stay."""

import re
from typing import NamedTuple

LOOKALIKES = str.maketrans("aAeEoOpPcCyYxXKkMHTBuënN", "аАеЕоОрРсСуУхХКкМНТВиёпП")

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_CYRILLIC = re.compile("[а-яё]", re.I)
_APART = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*]{1,2}[^\W\d_](?![^\W_])){3,}", re.U)


class Word(NamedTuple):
    """A word of the text. `form`: as it is meant; `text[start:end]`: as it stands."""

    start: int
    end: int
    form: str

    @property
    def low(self) -> str:
        """In small letters, ё as it is."""
        return self.form.lower()

    @property
    def capital(self) -> bool:
        """Does it begin with a capital letter?"""
        return self.form[:1].isupper()


def words(text: str) -> list[Word]:
    """The words of a text, with those that somebody wrote letter by letter."""
    apart = [
        Word(found.start(), found.end(), meant("".join(c for c in found[0] if c.isalpha())))
        for found in _APART.finditer(text)
    ]
    found_words = [
        Word(found.start(), found.end(), meant(found[0]))
        for found in _WORD.finditer(text)
        if not any(one.start <= found.start() < one.end for one in apart)
    ]
    return sorted([*found_words, *apart])


def meant(word: str) -> str:
    """A word with its Latin look-alikes as Cyrillic, if it has Cyrillic letters or consists of look-alikes only."""
    if word.isascii() and len(word) < 4:
        return word
    turned = word.translate(LOOKALIKES)
    if _CYRILLIC.search(word) or (
        not re.search("[a-z]", turned, re.I) and word != turned and not word.isascii()
    ):
        return turned
    return word
