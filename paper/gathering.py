"""Pictures that bear one number → the physical sheets they are of. Pure.

One picture a side is one sheet, however the stack was shuffled. Where a side came twice, the sheet was scanned again or
photocopied and given to somebody else: then only neighbours in the file are taken for two sides of one sheet.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from paper.likeness import same_hand


class Picture(NamedTuple):
    """A picture of a side; `hand`: the fingerprint of its marks; `readable`: its boxes could be read."""

    page_id: int
    file: int
    number: int
    side: int
    hand: str
    readable: bool


@dataclass
class Sheet:
    """The pictures of one sheet. `certain`: they are surely of one and the same."""

    pictures: list[Picture] = field(default_factory=list)
    certain: bool = True

    @property
    def hands(self) -> dict[int, str]:
        """Side → the fingerprint of its marks, of sides that could be read."""
        return {one.side: one.hand for one in reversed(self.pictures) if one.readable}


def alike(one: Mapping[int, str], other: Mapping[int, str]) -> bool | None:
    """Do two sheets bear the same marks on the sides they have in common? None when they have none."""
    common = one.keys() & other.keys()
    if not common:
        return None
    return all(_alike(one[side], other[side]) for side in common)


def _alike(one: str, other: str) -> bool:
    """No marks on either are the same marks too."""
    return one == other or same_hand(one, other)


def gathered(pictures: Sequence[Picture], sides: int) -> list[Sheet]:
    """The sheets, in the order in which their first pages lie."""
    if len({one.side for one in pictures}) == len(pictures):
        return [Sheet(list(pictures))]
    whole, left = [], []
    for sheet in _neighbours(sorted(pictures, key=lambda one: (one.file, one.number))):
        if len(sheet.pictures) == sides:
            whole.append(sheet)
        else:
            left += sheet.pictures
    found = [*whole, *_the_rest(left)]
    return sorted(found, key=lambda sheet: min((one.file, one.number) for one in sheet.pictures))


def _neighbours(pictures: Sequence[Picture]) -> list[Sheet]:
    """Runs of neighbours in a file in which no side comes twice."""
    runs: list[Sheet] = []
    for one in pictures:
        last = runs[-1].pictures if runs else []
        follows = bool(last) and (last[-1].file, last[-1].number + 1) == (one.file, one.number)
        if follows and one.side not in {other.side for other in last}:
            last.append(one)
        else:
            runs.append(Sheet([one]))
    return runs


def _the_rest(pictures: Sequence[Picture]) -> list[Sheet]:
    """Sides that lie apart: one of each, or the very same ones again, belong together; of others nobody knows."""
    by_side: defaultdict[int, list[Picture]] = defaultdict(list)
    for one in pictures:
        by_side[one.side].append(one)
    clear = all(
        one.readable and _alike(one.hand, same[0].hand) for same in by_side.values() for one in same[1:]
    )
    if not clear:
        return [Sheet([one], certain=len(by_side) == 1 and one.readable) for one in pictures]
    most = max(map(len, by_side.values()), default=0)
    return [Sheet([same[at] for same in by_side.values() if at < len(same)]) for at in range(most)]
