"""The team: who is in it and how far, everybody's own list, and the holds of open pages."""

from flask import current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from accounts import access
from accounts.models import Duty
from operator_app.team import (
    giving,  # noqa: F401  its pages hang on the same blueprint
    holds,
    trail_views,  # noqa: F401  and these too
    work,
)
from operator_app.team.door import bp
from operator_app.team.people import people
from operator_app.team.tasks import TITLES, Task
from operator_app.team.work import Item
from surveys import paging
from surveys.clock import local, today
from surveys.db import db, writing
from surveys.refusals import Held, NotFound

__all__ = ["bp"]

LONGEST_SUBJECT = 80
PAGE_SIZE = 50

#: Where a task is done, the best page first; what is not there or is shut is not offered.
PAGES = {
    Task.INSPECTION: ("inspections.organization", "operator.inspection"),
    Task.MYSTERY: ("inspections.organization",),
    Task.PHONE: ("phone.index",),
    Task.KEYING: ("keying.index",),
    Task.INTERVIEW: ("operator.campaign",),
}


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """For the head and the verifier the whole team; for everybody else his own list."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    if access.the_user().duty not in (Duty.HEAD, Duty.VERIFIER):
        return queue(campaign_id)
    return render_template(
        "operator/team/index.html",
        campaign=campaign,
        people=people(db.session(), campaign),
        local=local,
        may_give=access.may_open("team.give_out"),
    )


@bp.get("/mine")
def queue(campaign_id: int) -> ResponseReturnValue:
    """What one has to do: the undone first, by day, then by how much is lacking."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = work.items(db.session(), campaign_id, access.the_user().id)
    page = paging.asked(request.args)
    pages = paging.pages(
        page, len(found), PAGE_SIZE, lambda n: url_for("team.queue", campaign_id=campaign_id, page=n)
    )
    return render_template(
        "operator/team/queue.html",
        campaign=campaign,
        items=paging.cut(found, pages, PAGE_SIZE),
        pages=pages,
        undone=sum(not item.done for item in found),
        late=sum(item.late(today()) for item in found),
        today=today(),
        titles=TITLES,
        way=lambda item: _way(campaign_id, item),
        sees_all=access.may_open("team.trail_page"),
    )


def _way(campaign_id: int, item: Item) -> str | None:
    """The page where this task is done, if there is one that this reader may open."""
    for endpoint in PAGES[item.task]:
        if endpoint in current_app.view_functions and access.may_open(endpoint):
            takes_code = current_app.url_map.is_endpoint_expecting(endpoint, "code")
            told = {"code": item.code} if takes_code else {}
            told |= {"q": item.code} if endpoint == "operator.campaign" else {}
            return url_for(endpoint, campaign_id=campaign_id, **told)  # type: ignore[arg-type]
    return None


@bp.post("/hold")
def hold(campaign_id: int) -> ResponseReturnValue:
    """What an open page says of the thing it holds: still at work, or gone. It never takes a hold."""
    access.campaign_seen(db.session(), campaign_id)
    subject = request.form.get("subject", "")
    if not subject.startswith(f"{campaign_id}/") or len(subject) > LONGEST_SUBJECT or "\0" in subject:
        raise NotFound(subject[:LONGEST_SUBJECT])
    act = holds.leave if request.form.get("act") == "release" else holds.renew
    try:
        with writing() as session:
            act(session, subject, access.the_user())
    except Held as refused:
        return jsonify(held=False, text=str(refused), token=generate_csrf())
    return jsonify(held=True, token=generate_csrf())  # a page open for hours must still be able to save
