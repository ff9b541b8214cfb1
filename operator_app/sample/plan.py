"""The plan for one day: whoever will miss most is visited first, and a day is filled without running about (ADR 0017).

Pure and deterministic: the same needs and hands give the same lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Where(StrEnum):
    """How a pair of hands works that day."""

    FIELD = "field"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Need:
    """One organisation that lacks answers: `missing` now, `shortfall` on the last day if nothing changes.

    `contacts` are telephone numbers that may still be called; `assigned` are the users who have it as their task.
    """

    assessment_id: int
    name: str
    municipality: str
    missing: int
    shortfall: int
    contacts: int = 0
    assigned: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hand:
    """One of the team for a day: how many questionnaires he can bring. Without an account `user_id` is None."""

    number: int
    name: str
    where: Where
    capacity: int
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Who goes where (or calls whom) for how many questionnaires."""

    hand: Hand
    need: Need
    forms: int


@dataclass
class _Day:
    """What is still lacking, foretold, free and callable while the plan grows."""

    needs: Sequence[Need]
    hands: Sequence[Hand]
    missing: dict[int, int] = field(init=False)
    shortfall: dict[int, int] = field(init=False)
    contacts: dict[int, int] = field(init=False)
    capacity: dict[int, int] = field(init=False)
    been: dict[int, set[str]] = field(init=False)
    lines: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.missing = {one.assessment_id: max(0, one.missing) for one in self.needs}
        self.shortfall = {one.assessment_id: one.shortfall for one in self.needs}
        self.contacts = {one.assessment_id: one.contacts for one in self.needs}
        self.capacity = {one.number: max(0, one.capacity) for one in self.hands}
        self.been = {one.number: set() for one in self.hands}

    def room(self, need: Need, where: Where) -> int:
        """How many questionnaires may still be planned there."""
        lacking = self.missing[need.assessment_id]
        return min(lacking, self.contacts[need.assessment_id]) if where is Where.PHONE else lacking

    def urgency(self, need: Need) -> tuple[int, int, str, str, int]:
        """The largest shortfall first, then the most missing; names only make the order one."""
        number = need.assessment_id
        return (-self.shortfall[number], -self.missing[number], need.municipality, need.name, number)

    def fitness(self, hand: Hand, need: Need) -> tuple[bool, bool, bool, bool, int]:
        """First whoever has it as a task, then whoever has no tasks elsewhere, is near, is free all day."""
        near = self.been[hand.number]
        busy = any(hand.user_id in one.assigned for one in self.needs if self.missing[one.assessment_id])
        return (
            hand.user_id not in need.assigned,
            hand.user_id is not None and busy and hand.user_id not in need.assigned,
            need.municipality not in near,
            bool(near),
            hand.number,
        )

    def give(self, hand: Hand, need: Need) -> None:
        """Send this one there for as many as both allow."""
        forms = min(self.capacity[hand.number], self.room(need, hand.where))
        number = need.assessment_id
        self.capacity[hand.number] -= forms
        self.missing[number] -= forms
        self.shortfall[number] = max(0, self.shortfall[number] - forms)
        if hand.where is Where.PHONE:
            self.contacts[number] -= forms
        self.been[hand.number].add(need.municipality)
        self.lines[hand.number, number] = self.lines.get((hand.number, number), 0) + forms

    def fill(self, where: Where) -> None:
        """Until nobody of these is free or nothing is lacking."""
        while True:
            free = [one for one in self.hands if one.where is where and self.capacity[one.number]]
            open_ = [one for one in self.needs if self.room(one, where)]
            if not free or not open_:
                return
            need = min(open_, key=self.urgency)
            hand = min(free, key=lambda one, need=need: self.fitness(one, need))  # type: ignore[misc]
            self.give(hand, need)
            if where is Where.FIELD and need.municipality:
                self.stay(hand, need.municipality)

    def stay(self, hand: Hand, municipality: str) -> None:
        """Fill the rest of this one's day in the same municipality."""
        near = [one for one in self.needs if one.municipality == municipality]
        while self.capacity[hand.number]:
            open_ = [one for one in near if self.room(one, Where.FIELD)]
            if not open_:
                return
            self.give(hand, min(open_, key=self.urgency))


def plan(needs: Sequence[Need], hands: Sequence[Hand]) -> list[Line]:
    """Lines by hand, the telephone first: it costs no way, and what it brings nobody has to be sent for."""
    day = _Day(needs, hands)
    for where in (Where.PHONE, Where.FIELD):
        day.fill(where)
    by_hand = {one.number: one for one in hands}
    by_need = {one.assessment_id: one for one in needs}
    lines = [Line(by_hand[hand], by_need[need], forms) for (hand, need), forms in day.lines.items()]
    return sorted(
        lines, key=lambda line: (line.hand.where is Where.PHONE, line.hand.number, line.need.municipality)
    )
