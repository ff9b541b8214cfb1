"""The plan of a day as a page: composed by its address, printed, and turned into assignments as it was seen."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access, audit
from accounts.models import User
from operator_app.fields import row_number
from operator_app.sample.cockpit import cockpit
from operator_app.sample.door import bp
from operator_app.sample.forms import DayForm
from operator_app.sample.plan import Hand, Line, Where
from operator_app.sample.tomorrow import (
    CALLS,
    FORMS,
    TASK_OF,
    Ask,
    day_of,
    days_left,
    hands,
    planned,
    usual,
    why,
)
from operator_app.stages import collecting
from operator_app.team import assignments, tasks
from operator_app.team.assignments import Given
from surveys.db import db, writing
from surveys.refusals import Refusal


@bp.get("/tomorrow")
def tomorrow(campaign_id: int) -> ResponseReturnValue:
    """Who goes where for how many, and why."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = cockpit(db.session(), campaign)
    team = tasks.members(db.session(), campaign)
    asked = "made" in request.args
    form = DayForm(request.args if asked else None, data={"forms": FORMS, "calls": CALLS, "extra": 0})
    understood = not asked or form.validate()
    ask = _ask(form if understood else None, team, asked=asked)
    lines = planned(db.session(), found, team, ask) if understood else []
    return render_template(
        "operator/sample/tomorrow.html",
        campaign=campaign,
        day=day_of(found),
        left=found.calendar.left,
        days_left=days_left,
        form=form,
        team=team,
        where=ask.where,
        hands=_by_hand(lines),
        idle=_idle(hands(team, ask), lines),
        why=lambda line: why(line, found),
        total=sum(line.forms for line in lines),
        assignable=[_told(line) for line in lines if line.hand.user_id is not None],
        may_assign=found.collects and access.may_open("sample.assign"),
        asked=asked,
    ), 422 if form.errors else 200


def _ask(form: DayForm | None, team: Sequence[User], *, asked: bool) -> Ask:
    """What the address asks; of a form that was refused (None) the people alone, whose number the team bounds."""
    if not asked:
        return Ask(usual(team))
    where = {
        user.id: Where(told)
        for user in team
        if (told := request.args.get(f"work-{user.id}", "")) in (Where.FIELD, Where.PHONE)
    }
    if form is None:
        return Ask(where)
    return Ask(where, form.forms.data or 0, form.calls.data or 0, form.extra.data or 0)


def _by_hand(lines: Sequence[Line]) -> list[tuple[Hand, list[Line]]]:
    return [(hand, list(own)) for hand, own in groupby(lines, key=lambda line: line.hand)]


def _idle(everyone: Sequence[Hand], lines: Sequence[Line]) -> list[str]:
    busy = {line.hand.number for line in lines}
    return [hand.name for hand in everyone if hand.number not in busy]


def _told(line: Line) -> str:
    return f"{line.need.assessment_id}:{line.hand.user_id}:{TASK_OF[line.hand.where]}"


@bp.post("/tomorrow")
@access.entrusted()
def assign(campaign_id: int) -> ResponseReturnValue:
    """Write the plan down as it was seen: each line an assignment due that day."""
    campaign = collecting(campaign_id)
    due_on, wanted = _wanted()
    team = {user.id for user in tasks.members(db.session(), campaign)}
    given = 0
    with writing() as session:
        for task in sorted(set(TASK_OF.values())):
            own = [(number, user_id) for number, user_id, kind in wanted if kind == task]
            known = set(assignments.of_campaign(session, campaign_id, [number for number, _user in own]))
            lines = [Given(number, user_id, due_on) for number, user_id in own]
            lines = [line for line in lines if line.assessment_id in known and line.user_id in team]
            given += assignments.give(session, access.the_user().login, task, lines)
        facts: dict[str, Any] = {"count": given, "due": due_on.isoformat()}
        audit.record(session, access.the_user().login, "plan-assigned", f"{campaign_id}/sample", **facts)
    flash(_("Назначено: %(count)s. Каждый увидит это в своих делах.", count=given))
    return redirect(url_for("sample.index", campaign_id=campaign_id))


def _wanted() -> tuple[date, list[tuple[int, int, str]]]:
    """The day and the lines that the page sent. Raises Refusal."""
    try:
        due_on = date.fromisoformat(request.form.get("day", ""))
        parts = [line.split(":") for line in request.form.getlist("line")]
        lines = [(row_number(number), row_number(user_id), task) for number, user_id, task in parts]
    except ValueError as error:
        raise Refusal(_("План не понят. Составьте его ещё раз.")) from error
    if not lines:
        raise Refusal(_("В плане нет ни одной строки с человеком из команды."))
    return due_on, lines
