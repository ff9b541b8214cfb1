"""Campaigns published before there were releases: what everybody read is frozen once, as it stands."""

import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from documents import exports
from surveys import frozen, handover, results
from surveys.clock import to_the_second
from surveys.db import writing
from surveys.happenings import tell
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal
from surveys.releases import Release
from surveys.submissions import PackageState

ACTOR = "cli"


def without_release(session: Session) -> Sequence[int]:
    """Numbers of the published campaigns that have no release."""
    frozen_ones = select(Release.campaign_id)
    found = select(Campaign.id).where(Campaign.stage == Stage.PUBLISHED, Campaign.id.not_in(frozen_ones))
    return session.scalars(found.order_by(Campaign.id)).all()


def freeze_all(session: Session) -> list[str]:
    """A release for each that has none; what could not be frozen and why, a line each."""
    refused = []
    for number in without_release(session):
        try:
            freeze(number)
        except Refusal as error:
            refused.append(f"Кампания № {number}: {error}")
    return refused


def freeze(campaign_id: int) -> None:
    """Version 1 out of what is counted, in force at once; no package, no meeting are made up. Raises PinnedChanged.

    An accepted package is named when its figures are those that are counted.
    """
    with writing() as session:
        campaign = handover.locked(session, campaign_id)
        if frozen.in_force(session, campaign_id) is not None:
            return
        data = json.loads(handover.canonical(exports.campaign_json(results.of_campaign(session, campaign))))
        last = handover.latest(session, campaign_id)
        accepted = last if last is not None and last.state == PackageState.ACCEPTED else None
        if accepted is not None and handover.differences({"data": accepted.report["data"]}, {"data": data}):
            accepted = None
        named = {"number": accepted.number, "sha256": accepted.sha256} if accepted else None
        told = frozen.content(data, campaign, version=1, package=named)
        at = to_the_second()
        made = frozen.made(session, campaign_id, told, ACTOR, at, accepted.id if accepted else None)
        made.published_by, made.published_at = ACTOR, at
        session.flush()
        tell(session, ACTOR, "release-frozen", f"{campaign_id}/1", sha256=made.sha256)
