"""A campaign on its way to the council, in the hands of an operator and of a council: what the tests of it share."""

from typing import Any

from build import CONTENT, TOKEN, a_campaign, a_user, an_inspection, an_organization, heard_about, signed_in
from flask import Flask
from manners import MannerlyClient

from accounts.models import Duty, Role
from council.approval import votes
from surveys import handover
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.releases import Choice
from surveys.submissions import Package

#: Somebody with a disability who called as well.
SAID = {**CONTENT, "disability": "yes", "remote_used": "yes", "remote_staff": "yes"}
WHY = "Закрыта на ремонт с марта, опросить некого."


class Hands:
    """Somebody's browser on one campaign."""

    def __init__(self, app: Flask, login: str, campaign_id: int) -> None:
        self.page = MannerlyClient(app, app.response_class)
        signed_in(self.page, login)
        self.campaign_id = campaign_id
        self.report = f"/operator/campaigns/{campaign_id}/report"
        self.packages = f"/council/campaigns/{campaign_id}/packages"
        self.approval = f"/council/campaigns/{campaign_id}/approval"

    def opened(self, address: str = "") -> str:
        """A page of the report."""
        answer = self.page.get(f"{self.report}{address}")
        assert answer.status_code == 200
        return answer.text

    def package(self, number: int = 1) -> str:
        """A package's page."""
        answer = self.page.get(f"{self.packages}/{number}")
        assert answer.status_code == 200
        return answer.text

    def sent(self, address: str, **data: Any) -> Any:
        """A form with its token."""
        found = TOKEN.search(self.page.get(self.packages).text)
        assert found is not None
        return self.page.post(address, data={"csrf_token": found[1], **data})

    def explained(self, finding: str, text: str = WHY, version: int = 0) -> Any:
        """An explanation, saved."""
        return self.sent(f"{self.report}/explanations/{finding}", text=text, version=version)

    def written(self, part: str, text: str, version: int = 0, **more: Any) -> Any:
        """A section, saved."""
        return self.sent(f"{self.report}/sections/{part}", text=text, version=version, **more)

    def submitted(self) -> Any:
        """The button of the head."""
        return self.sent(f"{self.report}/submit")

    def remarked(self, text: str = "Проверьте стенд ещё раз.", number: int = 1, **more: Any) -> Any:
        """A remark of the council."""
        return self.sent(f"{self.packages}/{number}/remarks", text=text, **more)

    def returned(self, number: int = 1, **more: Any) -> Any:
        """Back to the operator, words only unless told."""
        return self.sent(f"{self.packages}/{number}/return", **{"way": "words", "note": "", **more})

    def decision(self) -> str:
        """The approval page."""
        answer = self.page.get(self.approval)
        assert answer.status_code == 200
        return answer.text

    def voted(self, choice: str = "for", number: int = 1, opinion: str = "") -> Any:
        """A vote."""
        return self.sent(f"{self.approval}/{number}/vote", choice=choice, opinion=opinion)

    def carried(self, number: int = 1) -> None:
        """Everybody of the council in favour, each at a desk of one's own."""
        with writing() as session:
            campaign = session.get_one(Campaign, self.campaign_id)
            found = handover.package(session, campaign.id, number)
            assert found is not None
            for one in votes.members(session, campaign):
                votes.cast(session, found, one.login, Choice.FOR, "")

    def met(self, number: int = 1, version: int = 0, **told: Any) -> Any:
        """The meeting's data, of today unless told."""
        data = {
            "number": "7",
            "held_on": today().isoformat(),
            "present": "Иванова И. И.\nПетров П. П.",
            **told,
        }
        return self.sent(f"{self.approval}/{number}/meeting", version=version, **data)

    def approved(self, number: int = 1, note: str = "", unseen: str = "y") -> Any:
        """The button of the chair alone; organisations need not have seen their figures."""
        return self.sent(f"{self.approval}/{number}/approve", note=note, unseen=unseen)

    def decided(self, number: int = 1, note: str = "") -> Any:
        """Votes in favour, a meeting, approval."""
        self.carried(number)
        self.met(number)
        return self.approved(number, note)

    def published(self) -> Any:
        """The button of the authority."""
        return self.sent(f"{self.approval}/publish")


def a_ready_campaign(organizations: int = 2) -> tuple[int, list[str]]:
    """Organisations inspected, each heard by twelve; only the share of bus.gov.ru is left to be explained."""
    codes = [
        an_organization(
            f"Поликлиника № {n}", address=f"ул. Мира, {n}", recipients_per_year=20, inn="7718084659"
        )
        for n in range(1, organizations + 1)
    ]
    campaign_id = a_campaign(operator="ООО «Центр»", council="Совет", order="Контракт № 17")
    for code in codes:
        an_inspection(campaign_id, code)
        for number in range(12):
            said = {**SAID, "accessibility": "yes" if number % 3 else "no"}
            heard_about(
                code, campaign_id, {**said, "overall": "yes" if number % 4 else "no"}, key=(code, number)
            )
    return campaign_id, codes


def teams(app: Flask, campaign_id: int) -> tuple[Hands, Hands, Hands]:
    """The head, a verifier, the council."""
    people = [
        a_user(Role.OPERATOR, login="head"),
        a_user(Role.OPERATOR, login="verifier", duty=Duty.VERIFIER),
        a_user(Role.COUNCIL, login="council"),
    ]
    head, verifier, council = (Hands(app, login, campaign_id) for login in people)
    return head, verifier, council


def the_package(campaign_id: int, number: int = 1) -> Package:
    """As it is stored now."""
    db.session.rollback()
    found = handover.package(db.session(), campaign_id, number)
    assert found is not None
    return found


def stage(campaign_id: int) -> str:
    """Where the campaign stands now."""
    db.session.rollback()
    return db.session.get_one(Campaign, campaign_id).stage


def one_more_answer(campaign_id: int, code: str, key: object) -> None:
    """Somebody who is not content."""
    assert heard_about(code, campaign_id, {**CONTENT, "overall": "no"}, key=key).value == "counted"


def renamed(campaign_id: int, **changed: Any) -> None:
    """The campaign's own columns changed."""
    with writing() as session:
        campaign = session.get_one(Campaign, campaign_id)
        for name, value in changed.items():
            setattr(campaign, name, value)
