"""What the checks before submission read of a campaign: the cockpit's own figures, and every promise not kept."""

from datetime import UTC, datetime, timedelta

import pytest
from build import CONTENT, a_campaign, an_organization, heard_about
from calling import a_desk, contacts

from operator_app.handover import checks, desk
from operator_app.handover.finding import Finding
from operator_app.phone.tables import Contact
from operator_app.sample import settings
from operator_app.sample.cockpit import Row, cockpit
from surveys.db import db, writing
from surveys.models import Campaign

pytestmark = pytest.mark.usefixtures("session")


def found(campaign_id: int, key: str) -> list[Finding]:
    db.session.rollback()
    lying = desk.of_campaign(db.session(), db.session.get_one(Campaign, campaign_id))
    return [finding for finding in checks.findings(lying) if finding.key == key]


def the_row(campaign_id: int) -> Row:
    db.session.rollback()
    [row] = cockpit(db.session(), db.session.get_one(Campaign, campaign_id)).rows
    return row


def answered(recipients: int, times: int, accessibility: str) -> int:
    """A campaign of one organisation, and so many with disabilities who said this of accessibility."""
    code = an_organization(recipients_per_year=recipients)
    campaign_id = a_campaign()
    said = {**CONTENT, "disability": "yes"} | ({"accessibility": accessibility} if accessibility else {})
    for number in range(times):
        heard_about(code, campaign_id, said, key=number, channel="poster")
    return campaign_id


def test_where_everybody_of_a_small_target_answered_both_pages_ask_for_no_more() -> None:
    campaign_id = answered(10, 4, "yes")
    row = the_row(campaign_id)
    assert (row.target, row.disabled, row.floor, row.below_floor) == (4, 4, 4, False)
    assert found(campaign_id, "disability_floor") == []


def test_whoever_said_nothing_of_accessibility_is_counted_on_neither_page() -> None:
    campaign_id = answered(1000, 12, "")
    row = the_row(campaign_id)
    assert (row.done, row.disabled, row.floor, row.below_floor) == (12, 0, 10, True)
    [finding] = found(campaign_id, "disability_floor")
    assert [place.told for place in finding.places] == ["0 из 10"]


def test_the_campaigns_own_floor_holds_on_both_pages() -> None:
    campaign_id = answered(1000, 3, "no")
    [finding] = found(campaign_id, "disability_floor")
    assert [place.told for place in finding.places] == ["3 из 10"]
    with writing() as session:
        settings.change(session, campaign_id, disability_floor=3)
    assert not the_row(campaign_id).below_floor
    assert found(campaign_id, "disability_floor") == []


@pytest.mark.parametrize("hours", [2, -2, -24 * 30])
def test_a_promised_call_is_a_finding_until_it_is_made(hours) -> None:
    campaign_id, _code = a_desk()
    assert found(campaign_id, "appointments") == []
    key = contacts()[0].key
    with writing() as session:
        one = session.get_one(Contact, key)
        one.due_at = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=hours)
    [finding] = found(campaign_id, "appointments")
    assert finding.title == "Обещали перезвонить и не перезвонили: 1"
    with writing() as session:
        session.get_one(Contact, key).finished = True
    assert found(campaign_id, "appointments") == []
