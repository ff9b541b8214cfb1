"""Whose figures the table shows: the package's that the council decides upon, else what its other pages read."""

from threading import Lock

from cachetools import LRUCache
from sqlalchemy.orm import Session

from council.shelf import read_inside
from surveys import frozen
from surveys.models import Campaign, Stage
from surveys.results import CampaignResults
from surveys.submissions import Package, PackageState

MOST_KEPT = 8
#: By the package's SHA-256: what is kept here never changes, so it is read once and not every half a minute.
_kept: LRUCache[str, CampaignResults] = LRUCache(MOST_KEPT)
_reading = Lock()


def decided_upon(campaign: Campaign, newest: Package | None) -> bool:
    """Does the council decide upon a package now? Then the table is of that package and of nothing that came later."""
    return campaign.stage == Stage.REVIEW and newest is not None and newest.state == PackageState.SUBMITTED


def figures(session: Session, campaign: Campaign, newest: Package | None) -> CampaignResults:
    """The campaign's figures for the council. Raises PinnedChanged, Refusal."""
    if newest is None or not decided_upon(campaign, newest):
        return read_inside(campaign)
    with _reading:
        found = _kept.get(newest.sha256)
        if found is None:
            data = newest.report["data"]
            session.expire(newest, ["report"])  # it is large, and nobody here needs it twice
            found = _kept[newest.sha256] = frozen.of_data(data, frozen.edition_of(campaign))
    return found
