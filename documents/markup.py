"""Words of a report as people type them: paragraphs, lists of lines that begin with a dash, and nothing else.

There is no markup to escape from: what is not a dash at the beginning of a line is text and is shown as typed.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

DASHES = ("- ", "– ", "— ", "• ", "* ")
#: What neither XML nor PostgreSQL takes: control characters, halves of surrogate pairs, the two non-characters.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Passage(NamedTuple):
    """A paragraph (`items` empty) or a list."""

    text: str
    items: Sequence[str] = ()


def clean(text: str) -> str:
    """Typed words as they are kept: one kind of line end, nothing that a document cannot hold."""
    lines = UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def passages(text: str) -> list[Passage]:
    """Paragraphs and lists in order; lines of a paragraph are joined, an empty line ends it."""
    found: list[Passage] = []
    lines: list[str] = []
    items: list[str] = []
    for line in [*clean(text).split("\n"), ""]:
        bare = line.strip()
        dash = bare.startswith(DASHES)
        if lines and (dash or not bare):
            found.append(Passage(" ".join(lines)))
            lines = []
        if items and not dash:
            if bare:  # a line that goes on
                items[-1] += f" {bare}"
                continue
            found.append(Passage("", tuple(items)))
            items = []
        if dash:
            items.append(bare[2:].strip())
        elif bare:
            lines.append(bare)
    return found
