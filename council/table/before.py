"""What the same organisations had an earlier year: an approved release of ours, else another operator's report."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

import nok
from council.shelf import kept
from documents.exports import figures_of
from surveys import old_reports
from surveys.models import Campaign
from surveys.old_reports.keeping import Figures
from surveys.releases import Release
from surveys.results import CampaignResults


class Past(NamedTuple):
    """One organisation's figures of an earlier year; `reported`: another operator's words, not counted by us."""

    year: int
    figures: Mapping[str, nok.Figure | None]
    reported: bool = False


class Before:
    """Where a campaign's earlier figures come from; an organisation has those of the newest year that knows it."""

    def __init__(self, session: Session, campaign: Campaign) -> None:
        self._session, self._places = session, int(campaign.practice.get("places", 2))
        earlier = _published(session, campaign)
        self.release: CampaignResults | None = kept(earlier) if earlier else None
        self.years = [year for year in old_reports.years(session, campaign.id) if year < campaign.year]

    @property
    def newest(self) -> int | None:
        """The year that most are compared with; None: there is nothing to compare with."""
        known = [*self.years, *([self.release.facts.year] if self.release else [])]
        return max(known, default=None)

    def of(self, codes: Collection[str]) -> dict[str, Past]:
        """Earlier figures of these organisations; of the same year ours go before what somebody reported."""
        found: dict[str, Past] = {}
        for year in sorted(self.years):
            found |= {
                code: Past(year, self._figures(told), reported=True)
                for code, told in old_reports.reported(self._session, codes, year).items()
            }
        if self.release is not None:
            year, known = self.release.facts.year, self.release.by_code
            for code in known.keys() & set(codes):
                if code not in found or found[code].year <= year:
                    found[code] = Past(year, figures_of(known[code].result))
        return found

    def _figures(self, told: Figures) -> dict[str, nok.Figure | None]:
        return {
            key: None if points is None else nok.Figure(points, self._places) for key, points in told.items()
        }


def _published(session: Session, campaign: Campaign) -> Campaign | None:
    """The newest earlier campaign of this sphere and region that was published as a release."""
    published = exists().where(Release.campaign_id == Campaign.id, Release.published_at.is_not(None))
    return session.scalar(
        select(Campaign)
        .where(
            Campaign.sector == campaign.sector,
            Campaign.region_id == campaign.region_id,
            Campaign.year < campaign.year,
            published,
        )
        .order_by(Campaign.year.desc(), Campaign.id.desc())
        .limit(1)
    )
