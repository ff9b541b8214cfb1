"""Tallies and declared counts → what was counted about each organisation, over channels and questionnaires."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import add

from sqlalchemy.orm import Session

import nok
from surveys import queries
from surveys.channels import BY_NUMBER
from surveys.measures import FEEDS, PROFILE, TALLY_COLUMNS

PROFILE_COLUMNS = tuple(f"{name}_{value}" for name, values in PROFILE.items() for value in values)

NOTHING: Sequence[int] = (0,) * len(TALLY_COLUMNS)

_AT = {name: place for place, name in enumerate(TALLY_COLUMNS)}
_SHARES = tuple((name, _AT[f"{name}_yes"], _AT[f"{name}_no"]) for name in FEEDS)
_PROFILE = tuple((name, _AT[name]) for name in PROFILE_COLUMNS)


@dataclass
class Heard:
    """What was counted about one organisation over all channels."""

    responses: int = 0
    channels: dict[str, int] = field(default_factory=dict)
    columns: Sequence[int] = NOTHING
    groups: dict[str, Sequence[int]] = field(default_factory=dict)

    def add(self, channel: int, responses: int, columns: Sequence[int]) -> None:
        """Add one row of the tallies."""
        name, group = BY_NUMBER[channel].id, BY_NUMBER[channel].group
        self.responses += responses
        self.channels[name] = self.channels.get(name, 0) + responses
        self.columns = columns if self.columns is NOTHING else list(map(add, self.columns, columns))
        self.groups[group] = list(map(add, self.groups[group], columns)) if group in self.groups else columns

    def answers(self) -> dict[str, tuple[int, int] | None]:
        """The Order's numerators and denominators: [satisfied, answered that question]."""
        columns = self.columns
        return {
            name: (columns[yes], asked) if (asked := columns[yes] + columns[no]) else None
            for name, yes, no in _SHARES
        }

    def by_channel(self, smallest: int) -> dict[str, dict[str, nok.Share | None]]:
        """Each question's answers by the way people were asked; None is hidden, for there were too few (nok.groups)."""
        found = {}
        for name, yes, no in _SHARES:
            asked = {group: nok.Share(c[yes], c[yes] + c[no]) for group, c in self.groups.items()}
            if parts := nok.groups.shown(asked, smallest):
                found[name] = parts
        return found

    def profile(self) -> dict[str, int]:
        """Who answered, as far as they chose to say."""
        return {name: self.columns[place] for name, place in _PROFILE}


def heard(session: Session, campaign_id: int) -> dict[int, Heard]:
    """Assessment → what was counted, over channels and questionnaires; what was undone leaves no channel behind."""
    found: defaultdict[int, Heard] = defaultdict(Heard)
    for row in queries.tallies(session, campaign_id):
        if row[3]:
            found[row[0]].add(row[1], row[3], row[4:])
    for row in queries.declared(session, campaign_id):
        found[row[0]].add(row[1], row[2], row[3:])
    return found
