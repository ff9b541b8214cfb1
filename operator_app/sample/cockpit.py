"""The cockpit: how far each organisation is, how far it will be, and what needs a hand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from sqlalchemy.orm import Session

from operator_app.sample import days, pace, settings
from operator_app.sample.accessible import accessible
from operator_app.sample.pace import Calendar, Counted
from surveys import counts
from surveys.clock import today
from surveys.counts import Heard
from surveys.models import Campaign, Stage

SILENT_DAYS = 7


class State(StrEnum):
    """Where an organisation stands."""

    ENOUGH = "enough"
    ON_TIME = "ontime"
    SHORT = "short"
    EARLY = "early"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation. `disabled` is Чинв of 3.3: who answered on accessibility; `reason`: why another target."""

    assessment_id: int
    code: str
    name: str
    inn: str
    municipality: str
    search: str
    recipients: int | None
    target: int | None
    reason: str
    done: int
    channels: Mapping[str, int]
    pace: Fraction | None
    forecast: Fraction | None
    disabled: int
    floor: int
    below_floor: bool
    last_day: date | None
    state: State
    silent: bool

    @property
    def missing(self) -> int:
        """Answers still lacking today; 0 where the target is not known."""
        return max(0, (self.target or 0) - self.done)

    @property
    def shortfall(self) -> int | None:
        """Answers that will be lacking on the last day; None while nobody can say."""
        if self.target is None or self.forecast is None:
            return None
        return pace.shortfall(self.target, self.forecast)

    @property
    def out_of_reach(self) -> bool:
        """Fewer people used it in a year than are to be asked."""
        return self.target is not None and self.recipients is not None and self.recipients < self.target


@dataclass(frozen=True, slots=True)
class Cockpit:
    """A campaign's sample as it stands today."""

    campaign: Campaign
    calendar: Calendar
    rows: list[Row]
    channels: Mapping[str, int]
    profile: Mapping[str, int]
    daily: Mapping[str, Mapping[date, int]]
    collects: bool

    @property
    def over(self) -> bool:
        """It still collects, but its last day has passed."""
        return self.collects and self.campaign.ends_on < self.calendar.today


def cockpit(session: Session, campaign: Campaign) -> Cockpit:
    """Everything that the pages of the sample show, in five statements."""
    told = settings.of(campaign)
    heard, collects = counts.heard(session, campaign.id), campaign.stage == Stage.COLLECTING
    edges = days.edges(session, campaign.id)
    first = min((first for first, _last in edges.values()), default=None)
    now = pace.calendar(campaign.starts_on, campaign.ends_on, today(), first, collects=collects)
    lately, daily = _lately(days.by_day(session, campaign.id, now.first), now)
    maker = _Maker(campaign, told, now, edges, collects)
    rows = [
        maker.row(one, heard.get(one.assessment_id, Heard()), lately.get(one.assessment_id, {}))
        for one in days.listed(session, campaign.id)
    ]
    return Cockpit(campaign, now, rows, _sum(rows), _profile(heard.values()), daily, collects)


Lately = dict[int, dict[str, tuple[int, int]]]


def _lately(found: Iterable[days.ByDay], now: Calendar) -> tuple[Lately, dict[str, dict[date, int]]]:
    """Answers of the days looked at and of today: by organisation and channel, and by channel and day."""
    by_organization: Lately = defaultdict(dict)
    daily: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for one in found:
        whole, fresh = by_organization[one.assessment_id].get(one.channel, (0, 0))
        daily[one.channel][one.day] += one.answers
        if one.day < now.today:
            whole += one.answers
        else:
            fresh += one.answers
        by_organization[one.assessment_id][one.channel] = (whole, fresh)
    return by_organization, daily


@dataclass(frozen=True, slots=True)
class _Maker:
    """What all rows of one campaign share."""

    campaign: Campaign
    told: settings.Settings
    now: Calendar
    edges: Mapping[int, tuple[date, date]]
    collects: bool
    quiet_since: date = field(default_factory=lambda: today() - timedelta(days=SILENT_DAYS))

    def row(self, one: days.Listed, heard: Heard, lately: Mapping[str, tuple[int, int]]) -> Row:
        counted = {
            channel: Counted(done, *lately.get(channel, (0, 0))) for channel, done in heard.channels.items()
        }
        foretold = pace.forecast(counted, self.now)
        disabled = accessible(heard, one.target, self.told)
        last_day = self.edges[one.assessment_id][1] if one.assessment_id in self.edges else None
        state = self._state(one.target, heard.responses, foretold)
        return Row(
            **one._asdict(),
            reason=self.told.contract.get(str(one.assessment_id), ""),
            done=heard.responses,
            channels=heard.channels,
            pace=pace.pace(counted, self.now),
            forecast=foretold,
            disabled=disabled.answered,
            floor=disabled.floor,
            below_floor=disabled.low,
            last_day=last_day,
            state=state,
            silent=self._silent(state, last_day),
        )

    def _state(self, target: int | None, done: int, foretold: Fraction | None) -> State:
        if target is None:
            return State.UNKNOWN
        if done >= target:
            return State.ENOUGH
        if not self.now.left:
            return State.OVER
        if foretold is None:
            return State.EARLY
        return State.SHORT if pace.shortfall(target, foretold) else State.ON_TIME

    def _silent(self, state: State, last_day: date | None) -> bool:
        """It still needs answers, the campaign has run for a week, and none came in that week."""
        needs = state in (State.SHORT, State.EARLY, State.ON_TIME, State.UNKNOWN)
        ran = self.collects and self.campaign.starts_on <= self.quiet_since and self.now.left > 0
        return needs and ran and (last_day is None or last_day < self.quiet_since)


def _sum(rows: Iterable[Row]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        for channel, count in row.channels.items():
            found[channel] += count
    return dict(found)


def _profile(heard: Iterable[Heard]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in heard:
        for name, count in one.profile().items():
            found[name] += count
    return dict(found)
