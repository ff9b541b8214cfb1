"""What the approval page shows of one campaign to one reader."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from council.approval import deciding, publishing, votes
from council.approval.deciding import Desk
from council.approval.forms import AnswerForm, ApproveForm, CorrectForm, MeetingForm, OpenForm, VoteForm
from surveys import frozen, handover
from surveys.models import Assessment, Campaign, Organization
from surveys.releases import Meeting
from surveys.submissions import Package, PackageState

USUAL_DAYS = 10  # the norms name no term; the page proposes this one


def context(
    session: Session,
    campaign: Campaign,
    found: Package | None,
    user: User,
    forms: Mapping[str, FlaskForm],
    today: date,
) -> dict[str, Any]:
    """The page's context; `forms` are those that were refused, as they were typed."""
    versions = frozen.releases(session, campaign.id)
    on = deciding.desk(session, found) if found else None
    open_ = found is not None and found.state == PackageState.SUBMITTED
    members = votes.members(session, campaign)
    cast = {vote.login: vote for vote in on.votes} if on else {}
    former = [vote for login, vote in cast.items() if login not in {one.login for one in members}]
    return {
        "on": on,
        "open": open_,
        "members": members,
        "cast": cast,
        "former": former,
        "mine": cast.get(user.login),
        "missing": deciding.missing(on, today) if on and open_ else [],
        "warned": deciding.warned(on) if on and open_ else [],
        "versions": versions,
        "in_force": frozen.in_force(session, campaign.id),
        "waiting": publishing.waiting(session, campaign.id),
        "may_publish": publishing.may_publish(session, user, campaign),
        "correcting": handover.open_to_submission(campaign, found) and bool(versions),
        "correction_reason": handover.correction_reason(campaign, found),
        "organizations": _organizations(session, on) if on else {},
        "forms": {**_fresh(on, cast.get(user.login), today), **forms},
        "today": today,
        "people": _people(on, versions),
    }


def _people(on: Desk | None, versions: Any) -> list[str | None]:
    told: list[str | None] = [
        one for release in versions for one in (release.approved_by, release.published_by)
    ]
    if on is None:
        return told
    told += [vote.login for vote in on.votes]
    told += [login for one in on.objections for login in (one.author, one.answered_by)]
    return [*told, on.package.decided_by, on.meeting.edited_by if on.meeting else None]


def _fresh(on: Desk | None, mine: Any, today: date) -> dict[str, FlaskForm]:
    """Every form of the page as it is before anything is typed."""
    made: dict[str, FlaskForm] = {
        "approve": ApproveForm(formdata=None),
        "correct": CorrectForm(formdata=None),
    }
    if on is None:
        return made
    chosen = {"choice": mine.choice, "opinion": mine.opinion} if mine else {}
    until = on.package.objections_until or today + timedelta(days=USUAL_DAYS)
    answers = {
        f"answer-{one.id}": AnswerForm(formdata=None, prefix=f"o{one.id}")
        for one in on.objections
        if one.answered_at is None
    }
    return {
        **made,
        **answers,
        "vote": VoteForm(formdata=None, **chosen),
        "meeting": MeetingForm(formdata=None, **_kept(on.meeting)),
        "open": OpenForm(formdata=None, until=until),
    }


def _kept(meeting: Meeting | None) -> dict[str, Any]:
    if meeting is None:
        return {"version": 0}
    named = ("number", "held_on", "place", "chair", "secretary", "text", "version")
    return {**{name: getattr(meeting, name) for name in named}, "present": "\n".join(meeting.present)}


def _organizations(session: Session, on: Desk) -> dict[int, tuple[str, str]]:
    """Assessment → (code, name) of those who objected."""
    ids = {one.assessment_id for one in on.objections}
    rows = session.execute(
        select(Assessment.id, Organization)
        .join(Organization, Organization.id == Assessment.organization_id)
        .where(Assessment.id.in_(ids))
    )
    return {number: (one.code, one.display_name) for number, one in rows}
