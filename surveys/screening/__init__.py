"""Screening of people's own words: what could tell who somebody is, and what is rude. No network, no model.

Rules over the text and the forms of Russian words (docs/decisions/0038): `screen` finds, `shown` puts masks in.
"""

from collections.abc import Sequence

from surveys.screening import contacts, papers, people, rude
from surveys.screening.marks import MASKS, Kind, Mark, Shown, shown

__all__ = ["MASKS", "Kind", "Mark", "Shown", "screen", "shown"]

FINDERS = (contacts.found, papers.found, rude.found, people.found)


def screen(text: str) -> list[Mark]:
    """What is to be masked or marked, in order, no two over one another: of two the earlier finder's stands."""
    taken: list[Mark] = []
    for finder in FINDERS:
        for mark in finder(text):
            if not any(mark.start < other.end and other.start < mark.end for other in taken):
                taken.append(mark)
    return _joined(text, sorted(taken))


def _joined(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Neighbours of one kind with nothing but a space between them are one."""
    joined: list[Mark] = []
    for mark in marks:
        last = joined[-1] if joined else None
        if last and last.kind is mark.kind is not Kind.RUDE and not text[last.end : mark.start].strip():
            joined[-1] = Mark(last.start, mark.end, mark.kind)
        else:
            joined.append(mark)
    return joined
