"""Giving work out by the list: by municipality, by words, evenly, from one to another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts import access, audit
from accounts.models import User
from operator_app.fields import row_number
from operator_app.sample import days
from operator_app.sample.days import Listed
from operator_app.stages import collecting
from operator_app.team import assignments, tasks, work
from operator_app.team.assignments import Given
from operator_app.team.door import bp
from operator_app.team.tasks import TITLES, Task
from operator_app.team.work import Item
from surveys import paging
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.paging import words_of
from surveys.refusals import Refusal

PAGE_SIZE = 100
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Asked:
    """How the list is narrowed; `whose` is a user's number or «nobody»."""

    task: Task
    q: str
    town: str
    whose: str

    def as_address(self) -> dict[str, Any]:
        """As the page's own address."""
        told = {"task": self.task.value, "q": self.q, "town": self.town, "whose": self.whose}
        return {name: value for name, value in told.items() if value}


def _asked(source: Any) -> Asked:
    told = {
        name: str(source.get(name, "")).replace("\0", "")[:200] for name in ("task", "q", "town", "whose")
    }
    told["task"] = told["task"] if told["task"] in TITLES else Task.INSPECTION.value
    return Asked(Task(told["task"]), told["q"], told["town"], told["whose"])


@bp.get("/give")
@access.entrusted()
def give_out(campaign_id: int) -> ResponseReturnValue:
    """Every organisation, who has it for this task, and what to do with those that are ticked."""
    return _shown(access.campaign_seen(db.session(), campaign_id), request.args)


def _shown(campaign: Campaign, told: Any, refusal: str = "") -> ResponseReturnValue:
    """The page; after a refusal with everything that was ticked and typed."""
    campaign_id, asked = campaign.id, _asked(told)
    having = _having(db.session(), campaign_id, asked.task)
    everything = days.listed(db.session(), campaign_id)
    found = _narrowed(everything, having, asked)
    page = paging.asked(told)
    here = asked.as_address()
    pages = paging.pages(
        page, len(found), PAGE_SIZE, lambda n: url_for(".give_out", campaign_id=campaign_id, page=n, **here)
    )
    team = tasks.members(db.session(), campaign)
    having_it = {item.user_id for items in having.values() for item in items}
    holders = tasks.with_former(db.session(), team, having_it)
    drawn = render_template(
        "operator/team/give.html",
        campaign=campaign,
        refusal=refusal,
        ticked={name: set(told.getlist(name)) for name in ("organization", "person")},
        due=told.get("due", ""),
        scope=told.get("scope", "ticked"),
        asked=asked,
        rows=paging.cut(found, pages, PAGE_SIZE),
        pages=pages,
        having=having,
        holders=holders,
        able=tasks.able(team, asked.task),
        names={user.id: user.name or user.login for user in holders},
        towns=sorted({one.municipality for one in everything if one.municipality}),
        titles=TITLES,
        nobody=sum(not having.get(one.assessment_id) for one in everything),
        total=len(everything),
        may_give=campaign.stage == Stage.COLLECTING,
        there=lambda **changed: url_for(".give_out", campaign_id=campaign_id, **{**here, **changed}),
    )
    return drawn, 422 if refusal else 200


def _having(session: Session, campaign_id: int, task: Task) -> dict[int, list[Item]]:
    """Assessment → what is given out of it for this task."""
    found: dict[int, list[Item]] = {}
    for item in work.items(session, campaign_id):
        if item.task is task:
            found.setdefault(item.assessment_id, []).append(item)
    return found


def _narrowed(everything: Sequence[Listed], having: dict[int, list[Item]], asked: Asked) -> list[Listed]:
    sought = words_of(asked.q)
    exact = asked.q.strip()

    def fits(one: Listed) -> bool:
        users = {str(item.user_id) for item in having.get(one.assessment_id, [])}
        named = all(word in one.search for word in sought) or exact.upper() == one.code or exact == one.inn
        whose = not asked.whose or (not users if asked.whose == NOBODY else asked.whose in users)
        return named and whose and (not asked.town or one.municipality == asked.town)

    return [one for one in everything if fits(one)]


@dataclass(frozen=True, slots=True)
class Order:
    """What the head asks to be done, with which organisations and people."""

    task: Task
    ids: list[int]
    users: list[int]
    whose: int | None
    due_on: date | None


@bp.post("/give")
@access.entrusted()
def give(campaign_id: int) -> ResponseReturnValue:
    """Do it, and say how many it was, or what it lacks."""
    campaign, asked = collecting(campaign_id), _asked(request.form)
    act = ACTS.get(request.form.get("act", ""))
    team = tasks.members(db.session(), campaign)
    try:
        if act is None:
            raise Refusal(_("Выберите, что сделать с отмеченными организациями."))
        with writing() as session:
            order = _order(session, campaign_id, asked, team)
            flash(act(session, campaign_id, order, access.the_user().login))
    except Refusal as refusal:
        return _shown(access.campaign_seen(db.session(), campaign_id), request.form, str(refusal))
    return redirect(url_for(".give_out", campaign_id=campaign_id, **asked.as_address()))


def _order(session: Session, campaign_id: int, asked: Asked, team: Sequence[User]) -> Order:
    if request.form.get("scope") == "all":
        having = _having(session, campaign_id, asked.task)
        wanted = [one.assessment_id for one in _narrowed(days.listed(session, campaign_id), having, asked)]
    else:
        wanted = request.form.getlist("organization", type=row_number)
    ids = assignments.of_campaign(session, campaign_id, wanted)
    if not ids:
        raise Refusal(_("Отметьте хотя бы одну организацию."))
    able = {user.id for user in tasks.able(list(team), asked.task)}
    users = [number for number in request.form.getlist("person", type=row_number) if number in able]
    return Order(asked.task, ids, users, _whose(), _due())


def _whose() -> int | None:
    """From whom to take; a number that is nobody's must not pass for «не выбрано», or others would lose theirs."""
    if not request.form.get("from"):
        return None
    number = request.form.get("from", type=row_number)
    if number is None:
        raise Refusal(_("Такого человека в команде нет. Выберите, у кого взять, из списка."))
    return number


def _due() -> date | None:
    typed = request.form.get("due", "").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise Refusal(_("Укажите срок цифрами, например 2026-11-21.")) from error


def _people(order: Order) -> list[int]:
    if not order.users:
        raise Refusal(_("Отметьте, кому: хотя бы одного человека."))
    return order.users


def _told(
    session: Session, act: str, campaign_id: int, order: Order, by: str, count: int, **more: Any
) -> None:
    if count:
        facts = {"task": str(TITLES[order.task]), "count": count, **more}
        audit.record(session, by, act, f"{campaign_id}/team", **facts)


def _share(session: Session, campaign_id: int, order: Order, by: str) -> str:
    users = _people(order)
    count = assignments.share(session, campaign_id, by, order.task, order.ids, users, order.due_on).total()
    kept = len(order.ids) - count
    _told(session, "tasks-shared", campaign_id, order, by, count, to=_logins(session, users))
    said = ngettext("Поделена %(n)s организация.", "Поделено организаций: %(n)s.", count, n=count)
    if kept:
        said = f"{said} {_('Уже были у кого-то и остались как есть: %(n)s.', n=kept)}"
    return str(said)


def _give(session: Session, campaign_id: int, order: Order, by: str) -> str:
    users = _people(order)
    given = [Given(number, user, order.due_on) for number in order.ids for user in users]
    count = assignments.give(session, by, order.task, given)
    _told(session, "tasks-given", campaign_id, order, by, count, to=_logins(session, users))
    return str(_("Назначено: %(n)s.", n=count))


def _move(session: Session, campaign_id: int, order: Order, by: str) -> str:
    users = _people(order)
    if order.whose is None or len(users) != 1:
        raise Refusal(_("Чтобы передать, выберите, у кого взять, и отметьте одного, кому отдать."))
    count = assignments.move(session, campaign_id, by, order.task, order.ids, order.whose, users[0])
    more = {"whose": _logins(session, [order.whose]), "to": _logins(session, users)}
    _told(session, "tasks-moved", campaign_id, order, by, count, **more)
    if not count:
        return str(_("Передавать нечего: этих организаций у него уже нет."))
    return str(_("Передано: %(n)s.", n=count))


def _take(session: Session, campaign_id: int, order: Order, by: str) -> str:
    whose = [order.whose] if order.whose is not None else _people(order)
    count = assignments.take_away(session, order.task, order.ids, whose)
    _told(session, "tasks-taken", campaign_id, order, by, count, whose=_logins(session, whose))
    return str(_("Снято: %(n)s.", n=count))


def _set_day(session: Session, campaign_id: int, order: Order, by: str) -> str:
    count = assignments.set_day(session, order.task, order.ids, order.due_on)
    due = order.due_on.isoformat() if order.due_on else None
    _told(session, "tasks-dated", campaign_id, order, by, count, due=due)
    return str(_("Срок записан у назначений: %(n)s.", n=count))


def _logins(session: Session, users: Sequence[int]) -> str:
    found = (session.get(User, number) for number in users)
    return ", ".join(user.login for user in found if user is not None)[:200]


ACTS: dict[str, Callable[[Session, int, Order, str], str]] = {
    "share": _share,
    "give": _give,
    "move": _move,
    "take": _take,
    "day": _set_day,
}
