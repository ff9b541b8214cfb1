"""What the same organisations had an earlier year: an approved release of ours, else another operator's report."""

import json
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from threading import Lock
from typing import Any, NamedTuple

from cachetools import LRUCache
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from surveys import old_reports
from surveys.models import Campaign
from surveys.old_reports.keeping import Figures
from surveys.releases import Release

TOTAL = "total"
MOST_KEPT = 16


class Past(NamedTuple):
    """One organisation's figures of an earlier year; `reported`: another operator's words, not counted by us."""

    year: int
    figures: Mapping[str, nok.Figure | None]
    reported: bool = False


class Earlier(NamedTuple):
    """As much of a release as is compared with: an organisation's code → figure → its exact value as it is written."""

    year: int
    places: int
    exact: Mapping[str, Mapping[str, str | None]]

    def past(self, code: str, keys: Iterable[str]) -> Past:
        """One organisation's figures of these names."""
        told = self.exact[code]
        return Past(self.year, {key: _figure(told.get(key), self.places) for key in keys})


#: By the release's SHA-256. To read the whole of a release as results takes seconds, and this needs a part of it.
_kept: LRUCache[str, Earlier] = LRUCache(MOST_KEPT)
_reading = Lock()


class Before:
    """Where a campaign's earlier figures come from; an organisation has those of the newest year that knows it."""

    def __init__(self, session: Session, campaign: Campaign) -> None:
        self._session, self._places = session, nok.Practice.of(campaign.practice).places
        self._earlier = _earlier(session, campaign)
        self._years = [year for year in old_reports.years(session, campaign.id) if year < campaign.year]

    @property
    def newest(self) -> int | None:
        """The year that most are compared with; None: there is nothing to compare with."""
        return max([*self._years, *([self._earlier.year] if self._earlier else [])], default=None)

    def of(self, codes: Collection[str], keys: Collection[str]) -> dict[str, Past]:
        """Earlier figures of these names and organisations; of the same year ours go before what somebody reported."""
        found: dict[str, Past] = {}
        for year in sorted(self._years):
            found |= {
                code: Past(year, self._reported(told), reported=True)
                for code, told in old_reports.reported(self._session, codes, year).items()
            }
        if self._earlier is not None:
            for code in self._earlier.exact.keys() & set(codes):
                if code not in found or found[code].year <= self._earlier.year:
                    found[code] = self._earlier.past(code, keys)
        return found

    def _reported(self, told: Figures) -> dict[str, nok.Figure | None]:
        return {
            key: None if points is None else nok.Figure(points, self._places) for key, points in told.items()
        }


def _figure(exact: str | None, places: int) -> nok.Figure | None:
    return None if exact is None else nok.Figure(Fraction(exact), places)


def _earlier(session: Session, campaign: Campaign) -> Earlier | None:
    """The newest earlier campaign of this sphere and region that was published as a release."""
    release = session.scalar(
        select(Release)
        .join(Campaign, Campaign.id == Release.campaign_id)
        .where(
            Campaign.sector == campaign.sector,
            Campaign.region_id == campaign.region_id,
            Campaign.year < campaign.year,
            Release.published_at.is_not(None),
        )
        .order_by(Campaign.year.desc(), Campaign.id.desc(), Release.version.desc())
        .limit(1)
    )
    if release is None:
        return None
    with _reading:
        if release.sha256 not in _kept:
            _kept[release.sha256] = _read(json.loads(release.content))
        return _kept[release.sha256]


def _read(told: Mapping[str, Any]) -> Earlier:
    return Earlier(
        told["campaign"]["year"],
        nok.Practice.of(told["campaign"]["practice"]).places,
        {one["code"]: _exact(one["result"]) for one in told["organizations"]},
    )


def _exact(result: Mapping[str, Any]) -> dict[str, str | None]:
    figures = {**result["indicators"], **result["criteria"], TOTAL: result["total"]}
    return {key: figure["exact"] if figure else None for key, figure in figures.items()}
