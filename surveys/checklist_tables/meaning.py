"""Which item a column of a check-list means: told by likeness, for operators word an item in their own way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import nok
from surveys import checklists
from surveys.answers.likeness import stems
from surveys.answers.shapes import Column
from surveys.checklist_tables.headings import item_of
from surveys.checklists import EDITION_BLOCKS, INSPECTION, MATERIALS

ALIKE = 0.5
SURELY = 0.85  # materials of stand and site are alike in their words; one taken for another would hide it
_NUMBER = re.compile(r"^\s*\d+(\.\d+)*[.)]?\s+")
_VOWELS = "аеёиоуыэюя"


@dataclass(frozen=True)
class Meant:
    """The item of a column; `code` is empty for a material of the stand or the site: those are counted, not kept."""

    code: str
    title: str


def meanings(columns: Sequence[Column], edition: nok.Edition, sector: str) -> Mapping[int, Meant]:
    """Column → the item that its heading means; each item once, the most alike first, none where two are equal."""
    found: dict[int, Meant] = {}
    made = checklists.checklist(INSPECTION, sector, edition)
    for block in (*MATERIALS, *EDITION_BLOCKS):
        own = [column for column in columns if column.target == block]
        if block in MATERIALS:
            titles = {item.title: Meant("", item.title) for item in made.block(block).items}
            found |= _matched(own, titles, SURELY)
        else:
            titles = {item.title: Meant(item.code, item.title) for item in edition.items(block, sector)}
            found |= _matched(own, titles, ALIKE)
    return found


def _matched(columns: Sequence[Column], titles: Mapping[str, Meant], least: float) -> dict[int, Meant]:
    theirs = {title: _words(title) for title in titles}
    pairs = []
    for column in columns:
        own = _words(item_of(column.heading))
        alike = sorted(((_alike(own, words), title) for title, words in theirs.items()), reverse=True)
        if len(alike) > 1 and alike[0][0] == alike[1][0]:
            continue
        pairs += [(how, column.index, title) for how, title in alike if how >= least]
    found: dict[int, Meant] = {}
    taken: set[str] = set()
    for _how, index, title in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if index not in found and title not in taken:
            found[index] = titles[title]
            taken.add(title)
    return found


def _alike(own: frozenset[str], theirs: frozenset[str]) -> float:
    """Between Dice's and how much of the shorter wording stands in the longer: «телефон» is «номер телефона»."""
    common = len(own & theirs)
    if not common:
        return 0.0
    return common / (len(own) + len(theirs)) + common / (2 * min(len(own), len(theirs)))


def _words(title: str) -> frozenset[str]:
    cut = (stem.rstrip(_VOWELS) if len(stem) == 4 else stem for stem in stems(_NUMBER.sub("", title)))
    return frozenset(cut)
