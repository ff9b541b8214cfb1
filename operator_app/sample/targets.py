"""One organisation's target: out of its recipients by the norm, or another by a contract, with the reason."""

import hashlib
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from operator_app.sample import settings
from surveys import queries
from surveys.models import Assessment, Campaign, Organization
from surveys.refusals import NotFound, Stale


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wrote: recipients a year, another target if any, and why."""

    recipients: int | None
    contract: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is in force. `by_norm` is what the norm makes of the recipients."""

    organization: Organization
    target: int | None
    by_norm: int | None
    wanted: Wanted

    @property
    def fingerprint(self) -> str:
        """What a form saw when it was opened: saved over nothing else."""
        told = repr((self.target, self.wanted.recipients, self.wanted.contract, self.wanted.reason))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def as_form(self) -> dict[str, Any]:
        """As the form's fields."""
        wanted = self.wanted
        return {"recipients": wanted.recipients, "contract": wanted.contract, "reason": wanted.reason}


def known(session: Session, campaign: Campaign, code: str) -> Known:
    """The target of the organisation with this code. Raises NotFound."""
    organization = queries.organization(session, code)
    found = queries.assessment(session, campaign.id, organization.id) if organization else None
    if organization is None or found is None:
        raise NotFound(f"{campaign.id}/{code}")
    reason = settings.of(campaign).contract.get(str(found.id), "")
    recipients = organization.recipients_per_year
    by_norm = _by_norm(campaign, recipients)
    wanted = Wanted(recipients, found.target if reason else None, reason)
    return Known(organization, found.target, by_norm, wanted)


def change(session: Session, campaign_id: int, code: str, wanted: Wanted, seen: str) -> int | None:
    """Write it, inside writing(); returns the new target. Raises Stale when another changed it since it was seen."""
    # The campaign's row is the lock of all its targets: what was seen is compared with what no one can change now.
    campaign = session.get_one(
        Campaign, campaign_id, with_for_update={"of": Campaign}, populate_existing=True
    )
    before = known(session, campaign, code)
    if before.fingerprint != seen:
        raise Stale(
            _(
                "Норму или число получателей этой организации уже изменили. Откройте страницу заново и сверьте."
            )
        )
    before.organization.recipients_per_year = wanted.recipients
    assessment = session.scalars(
        select(Assessment).where(
            Assessment.campaign_id == campaign_id, Assessment.organization_id == before.organization.id
        )
    ).one()
    assessment.target = _by_norm(campaign, wanted.recipients) if wanted.contract is None else wanted.contract
    reasons = {k: v for k, v in settings.of(campaign).contract.items() if k != str(assessment.id)}
    if wanted.contract is not None:
        reasons[str(assessment.id)] = wanted.reason
    settings.change(session, campaign_id, contract=reasons)
    return assessment.target


def _by_norm(campaign: Campaign, recipients: int | None) -> int | None:
    edition = nok.edition(campaign.edition.name)
    return None if recipients is None else nok.sample.target(recipients, edition)
