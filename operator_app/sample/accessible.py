"""How many answered on accessibility at one organisation, and how few are too few: one count for every page."""

from typing import NamedTuple

from operator_app.sample.settings import Settings
from surveys.counts import Heard


class Accessible(NamedTuple):
    """`answered` is Чинв as 3.3 divides by it; `floor` is the campaign's own, never above the target."""

    answered: int
    floor: int

    @property
    def low(self) -> bool:
        """Fewer than 3.3 should stand on."""
        return self.answered < self.floor


def accessible(heard: Heard, target: int | None, told: Settings) -> Accessible:
    """Of one organisation; where the target is not known the floor stands as it is."""
    asked = heard.answers()["accessibility"]
    floor = told.disability_floor
    return Accessible(asked[1] if asked else 0, floor if target is None else min(floor, target))
