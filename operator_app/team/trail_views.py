"""Who did what, as a page and as a file."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from accounts import access, acts
from accounts.models import Duty, User
from operator_app import export
from operator_app.team import trail
from operator_app.team.door import bp
from operator_app.team.trail import Asked
from surveys import paging
from surveys.clock import local
from surveys.db import db

PAGE_SIZE = 100
MOST_ROWS = 100_000


@bp.get("/trail")
@access.entrusted(Duty.VERIFIER)
def trail_page(campaign_id: int) -> ResponseReturnValue:
    """The campaign's part of the trail, the latest first."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    asked, wrong = _asked()
    told = _told(asked)
    total = trail.total(db.session(), campaign_id, asked)
    page = paging.asked(request.args)
    pages = paging.pages(
        page, total, PAGE_SIZE, lambda n: url_for(".trail_page", campaign_id=campaign_id, page=n, **told)
    )
    events = trail.events(db.session(), campaign_id, asked, PAGE_SIZE, (pages.page - 1) * PAGE_SIZE)
    actors, known = trail.known(db.session(), campaign_id)
    names = trail.names(db.session(), campaign_id, events)
    return render_template(
        "operator/team/trail.html",
        campaign=campaign,
        events=events,
        pages=pages,
        asked=asked,
        wrong_day=wrong,
        actors=actors,
        people=_people(),
        known=sorted(((name, acts.act(name)) for name in known), key=lambda pair: pair[1]),
        local=local,
        about=lambda event: trail.about(event, names),
        csv_url=url_for(".trail_file", campaign_id=campaign_id, **told),
    )


@bp.get("/trail.csv")
@access.entrusted(Duty.VERIFIER)
def trail_file(campaign_id: int) -> ResponseReturnValue:
    """The same, whole, for a spreadsheet."""
    access.campaign_seen(db.session(), campaign_id)
    events = trail.events(db.session(), campaign_id, _asked()[0], MOST_ROWS)
    names, people = trail.names(db.session(), campaign_id, events), _people()
    headings = [_("№"), _("Когда"), _("Логин"), _("Кто"), _("Что"), _("С чем"), _("Подробности")]
    rows = (
        [
            event.id,
            local(event.at).strftime("%d.%m.%Y %H:%M"),
            event.actor,
            people.get(event.actor, ""),
            acts.act(event.action),
            trail.about(event, names),
            acts.details(event.detail),
        ]
        for event in events
    )
    return export.csv_file(f"zhurnal-{campaign_id}.csv", headings, rows)


def _asked() -> tuple[Asked, bool]:
    """What the address asks, and whether its day is no day."""
    who, act, day = (request.args.get(name, "").replace("\0", "")[:60] for name in ("who", "act", "day"))
    try:
        return Asked(who, act, date.fromisoformat(day) if day else None), False
    except ValueError:
        return Asked(who, act), True


def _told(asked: Asked) -> dict[str, Any]:
    told = {"who": asked.who, "act": asked.act, "day": asked.day.isoformat() if asked.day else ""}
    return {name: value for name, value in told.items() if value}


def _people() -> dict[str, str]:
    """Login → name of everybody who has or had an account, and of what acts without one."""
    rows = db.session.execute(select(User.login, User.name))
    return {"cli": _("команда nok"), "demo": _("демонстрация"), **{login: name for login, name in rows}}
