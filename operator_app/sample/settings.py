"""What the head settles about the sample: kept in the campaign's `desk["sample"]`."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from surveys.models import Campaign

#: The norm has no floor for people with disabilities; below ten one answer turns 3.3 by ten points (ADR 0017).
DISABILITY_FLOOR = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """`contract`: assessment → why its target is not the one of the norm."""

    disability_floor: int = DISABILITY_FLOOR
    contract: dict[str, str] = field(default_factory=dict)


def of(campaign: Campaign) -> Settings:
    """What is in force."""
    kept = (campaign.desk or {}).get("sample", {})
    return Settings(int(kept.get("disability_floor", DISABILITY_FLOOR)), dict(kept.get("contract", {})))


def change(session: Session, campaign_id: int, **changed: Any) -> None:
    """Write some of the settings, inside writing(); the campaign's row is locked, so nobody's change is lost."""
    campaign = session.get_one(
        Campaign, campaign_id, with_for_update={"of": Campaign}, populate_existing=True
    )
    desk = dict(campaign.desk or {})
    campaign.desk = {**desk, "sample": {**desk.get("sample", {}), **changed}}
