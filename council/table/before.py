"""What the same organisations had an earlier year: an approved release of ours, else another operator's report."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from threading import Lock
from typing import Any, NamedTuple

from cachetools import LRUCache
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from surveys import old_reports
from surveys.models import Assessment, Campaign, Organization
from surveys.old_reports.keeping import Figures
from surveys.releases import Release

TOTAL = "total"
MOST_KEPT = 16
FEW = 500  # organisations: of more it is asked about all that an earlier campaign had


class Past(NamedTuple):
    """One organisation's figures of an earlier year; `reported`: another operator's words, not counted by us."""

    year: int
    figures: Mapping[str, nok.Figure | None]
    reported: bool = False


class Earlier(NamedTuple):
    """As much of a release as is compared with: an organisation's code → figure → its exact value as it is written.

    Of whom it has no figure at all it knows nothing.
    """

    year: int
    places: int
    exact: Mapping[str, Mapping[str, str | None]]

    def past(self, code: str, keys: Iterable[str]) -> Past:
        """One organisation's figures of these names."""
        told = self.exact[code]
        return Past(self.year, {key: _figure(told.get(key), self.places) for key in keys})


class _Released(NamedTuple):
    """A release in force of an earlier campaign, its content not read."""

    id: int
    sha256: str
    campaign_id: int
    year: int


#: By the release's SHA-256. To read the whole of a release as results takes seconds, and this needs a part of it.
_kept: LRUCache[str, Earlier] = LRUCache(MOST_KEPT)
_reading = Lock()


class Before:
    """Where a campaign's earlier figures come from; an organisation has those of the newest year that knows it."""

    def __init__(self, session: Session, campaign: Campaign) -> None:
        self._session, self._places = session, nok.Practice.of(campaign.practice).places
        self._released = _released(session, campaign)
        self._years = [year for year in old_reports.years(session, campaign.id) if year < campaign.year]

    @property
    def newest(self) -> int | None:
        """The newest year that any is compared with; None: there is nothing to compare with."""
        return max([*self._years, *(one.year for one in self._released)], default=None)

    def of(self, codes: Collection[str], keys: Collection[str]) -> dict[str, Past]:
        """Earlier figures of these names and organisations; of the same year ours go before what somebody reported."""
        found: dict[str, Past] = {}
        for year in sorted(self._years):
            found |= {
                code: Past(year, self._reported(told), reported=True)
                for code, told in old_reports.reported(self._session, codes, year).items()
            }
        for earlier, known in self._ours(codes):
            for code in known:
                if code not in found or found[code].year <= earlier.year:
                    found[code] = earlier.past(code, keys)
        return found

    def _ours(self, codes: Collection[str]) -> Iterator[tuple[Earlier, set[str]]]:
        """Our releases, the newest first, each with those of the codes that no newer one holds."""
        left, assessed = set(codes), self._assessed(codes)
        for each in self._released:
            if left & assessed[each.campaign_id]:
                earlier = _once(self._session, each)
                yield earlier, left & earlier.exact.keys()
                left -= earlier.exact.keys()

    def _assessed(self, codes: Collection[str]) -> Mapping[int, set[str]]:
        """Earlier campaign → whom it assessed: only releases that hold somebody asked for are worth their reading."""
        asked = select(Assessment.campaign_id, Organization.code).join(Organization)
        asked = asked.where(Assessment.campaign_id.in_([each.campaign_id for each in self._released]))
        if len(codes) <= FEW:
            asked = asked.where(Organization.code.in_(codes))
        found: defaultdict[int, set[str]] = defaultdict(set)
        for campaign_id, code in self._session.execute(asked) if self._released else ():
            found[campaign_id].add(code)
        return found

    def _reported(self, told: Figures) -> dict[str, nok.Figure | None]:
        return {
            key: None if points is None else nok.Figure(points, self._places) for key, points in told.items()
        }


def _figure(exact: str | None, places: int) -> nok.Figure | None:
    return None if exact is None else nok.Figure(Fraction(exact), places)


def _released(session: Session, campaign: Campaign) -> list[_Released]:
    """Releases in force of earlier campaigns of this sphere and region, the newest year first."""
    asked = (
        select(Release.id, Release.sha256, Release.campaign_id, Campaign.year)
        .join(Campaign, Campaign.id == Release.campaign_id)
        .where(
            Campaign.sector == campaign.sector,
            Campaign.region_id == campaign.region_id,
            Campaign.year < campaign.year,
            Release.published_at.is_not(None),
        )
        .order_by(Campaign.year.desc(), Campaign.id.desc(), Release.version.desc())
    )
    in_force: dict[int, _Released] = {}
    for row in session.execute(asked):
        in_force.setdefault(row.campaign_id, _Released(*row))
    return [*in_force.values()]


def _once(session: Session, release: _Released) -> Earlier:
    with _reading:
        if release.sha256 not in _kept:
            content = session.scalar(select(Release.content).where(Release.id == release.id))
            _kept[release.sha256] = _read(json.loads(content or ""))
        return _kept[release.sha256]


def _read(told: Mapping[str, Any]) -> Earlier:
    return Earlier(
        told["campaign"]["year"],
        nok.Practice.of(told["campaign"]["practice"]).places,
        {
            one["code"]: exact
            for one in told["organizations"]
            if any((exact := _exact(one["result"])).values())
        },
    )


def _exact(result: Mapping[str, Any]) -> dict[str, str | None]:
    figures = {**result["indicators"], **result["criteria"], TOTAL: result["total"]}
    return {key: figure["exact"] if figure else None for key, figure in figures.items()}
