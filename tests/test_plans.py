"""Plans of measures: proposed, filled, sent, approved, carried out, changed; nothing lost on the way."""

import pytest
from planning import APPROVER, PERSON, Desk, a_photo, a_published_campaign, acts, lines, people

from surveys.db import db
from surveys.models import Campaign

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def published(session) -> tuple[int, str]:
    campaign_id, codes = a_published_campaign()
    db.session.rollback()
    return campaign_id, codes[0]


@pytest.fixture
def both(app, published) -> tuple[Desk, Desk]:
    """The organisation and the authority, each at a desk."""
    return people(app, *published)


def public(own: Desk, published: tuple[int, str], ending: str = "") -> str:
    """Where anybody reads the plan."""
    return f"/o/{published[1]}/plan/{db.session.get_one(Campaign, published[0]).year}{ending}"


def test_a_plan_goes_from_proposals_to_what_was_done(both, published) -> None:
    own, authority = both
    assert "Составить план" in own.opened(own.own)
    assert own.page.get(public(own, published)).status_code == 404
    assert own.sent(f"{own.own}/begin").status_code == 302
    assert own.sent(f"{own.own}/begin").status_code == 302, "pressed twice, begun once"
    sources = [row.source for row in lines()]
    assert "share:overall" in sources
    assert len(sources) == len(set(sources))
    for row in lines():
        assert own.filled(row).status_code == 302
    assert own.submitted().status_code == 302
    assert "Пока уполномоченный орган решает" in own.opened(own.own)
    assert "Утвердить план" in authority.opened(authority.council)
    assert authority.approved().status_code == 302
    shown = own.opened(public(own, published))
    assert APPROVER in shown
    assert PERSON in shown
    assert "ещё не начато" in shown
    row = lines()[0]
    assert own.done(row, photos=a_photo(), link="https://example.ru/news", note="Стенд").status_code == 302
    shown = own.opened(public(own, published))
    assert "выполнено" in shown
    assert "подтверждено снимком" in shown
    assert 'href="https://example.ru/news"' in shown
    assert acts() == [
        "plan-begun",
        *["measure-changed"] * len(lines()),
        "plan-sent",
        "plan-approved",
        "measure-done",
        "proof-added",
        "proof-added",
    ]


def test_a_plan_waits_for_publication(app, session) -> None:
    from handing import a_ready_campaign

    campaign_id, codes = a_ready_campaign(1)
    own, authority = people(app, campaign_id, codes[0])
    assert own.page.get(own.own).status_code == 404
    assert own.sent(f"{own.own}/begin").status_code == 404
    assert authority.page.get(authority.council).status_code == 404
    assert "Планов пока нет" in authority.opened("/council/plans")
