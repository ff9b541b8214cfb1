"""What a check before submission finds: what is wrong, where, how grave, what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from operator_app.handover.desk import Desk
from surveys.results import CampaignResults, Standing

BLOCKS, EXPLAIN, NOTE = "blocks", "explain", "note"
GRAVITY = {BLOCKS: _l("Мешает отправке"), EXPLAIN: _l("Нужно объяснить"), NOTE: _l("К сведению")}
SHORTEST = 10  # letters of an explanation: «нет» explains nothing


class Place(NamedTuple):
    """Where: an organisation, a file, a rule; `code` is an organisation's own, else empty."""

    code: str
    name: str
    told: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing found; `door` is the endpoint at the desk where it can be put right."""

    key: str
    gravity: str
    title: str
    advice: str
    places: Sequence[Place] = ()
    door: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the package keeps it."""
        return {**asdict(self), "places": [list(place) for place in self.places]}


def counted(desk: Desk) -> Iterator[CampaignResults]:
    """The results, if there are any."""
    if desk.results is not None:
        yield desk.results


def place_of(one: Standing, told: str = "") -> Place:
    return Place(one.code, one.short_name or one.name, told)
