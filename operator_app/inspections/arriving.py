"""What comes from a phone, whether by itself or in a file: a visit or a photograph, each kept once under its own name.

Every answer names the entry's key and says what became of it; a phone believes nothing else (static/js/sender.js).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import User
from operator_app.inspections import evidence, luggage, visiting
from operator_app.inspections.payload import CLIENT_KEY, VisitRefused
from surveys import checklists, proofs
from surveys.campaigns import rules
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment
from surveys.refusals import NotFound, PinnedChanged, Refusal, Stale
from surveys.visits import Evidence

SENT, REPEATED, REFUSED, CONFLICT = "sent", "repeated", "refused", "conflict"
STATUS = {SENT: 200, REPEATED: 200, REFUSED: 422, CONFLICT: 409}
Told = dict[str, Any]


def visit(user: User, sent: Mapping[str, Any], by: User | None = None) -> Told:
    """Keep a user's visit, `by` being who else brings it: {outcome, key, version, state} or {…, reasons | theirs}."""
    key = str(sent.get("client_key") or "")
    try:
        with writing() as session:
            assessment = _assessment(session, sent.get("assessment"), user)
            known = luggage.of_client(session, user, key)
            before = known.version if known else None
            kept = visiting.save(session, user, assessment, sent, by)
            outcome = REPEATED if before == kept.version else SENT
            return {"outcome": outcome, "key": key, "version": kept.version, "state": kept.state}
    except Stale:
        return _differs(user, key)
    except VisitRefused as refused:
        return _refused(key, list(dict.fromkeys(refused.errors.values())))
    except NotFound:
        return _refused(key, [_("Этой организации в ваших кампаниях больше нет. Выгрузите визит в файл.")])
    except PinnedChanged:
        words = _("Перечень обновился. Нажмите «Взять с собой», откройте визит и отправьте ещё раз.")
        return _refused(key, [words])
    except Refusal as refused:
        return _refused(key, [str(refused)])


def photo(user: User, sent: Mapping[str, str], picture: bytes, by: User | None = None) -> Told:
    """Keep a photograph (key, visit, item, day) of a user's own visit, `by` being who else brings it."""
    key, item = sent["key"], sent["item"]
    if not CLIENT_KEY.fullmatch(key):
        return _refused(key, [_("Запрос не понят: обновите страницу.")])
    try:
        drawn = proofs.cleaned(picture)  # a third of a second: while others may write
        with writing() as session:
            found = luggage.of_client(session, user, sent["visit"])
            if found is None:
                raise Refusal(_("Визита, к которому сделан снимок, на сервере нет. Отправьте сначала визит."))
            if session.scalar(select(Evidence.id).where(Evidence.client_key == key)) is not None:
                return {"outcome": REPEATED, "key": key, "version": 1}
            assessment = _assessment(session, found.assessment_id, user)
            visiting.collecting(assessment.campaign)
            edition, _practice = rules(assessment.campaign)
            made = checklists.checklist(found.kind, assessment.organization.sector, edition)
            if item not in made.by_code:
                raise Refusal(_("В этом перечне нет такого пункта. Снимите его ещё раз."))
            file = proofs.kept(drawn)
            proof = evidence.add_kept(
                session, found, user.login, item, file, day=_day(sent["day"]), client_key=key
            )
            proof.added_by = (by or user).login
            return {"outcome": SENT, "key": key, "version": 1}
    except NotFound:
        return _refused(key, [_("Этой организации в ваших кампаниях больше нет. Выгрузите визит в файл.")])
    except Refusal as refused:
        return _refused(key, [str(refused)])


def _assessment(session: Session, told: object, whose: User) -> Assessment:
    """The organisation in its campaign, if the one signed in and `whose` may see it. Raises NotFound, Refusal."""
    found = session.get(Assessment, told) if type(told) is int and 0 < told < 2**31 else None
    if found is None:
        raise NotFound(str(told)[:20])
    campaign = access.campaign_seen(session, found.campaign_id)
    if not access.may_see(whose, campaign.region_id):
        raise Refusal(_("Этот сотрудник в регионе организации не работает: визит не может быть его."))
    return found


def _differs(user: User, key: str) -> Told:
    """What the server has under this name: the phone shows both, a person chooses."""
    held = luggage.of_client(db.session(), user, key)
    if held is None:
        return _refused(key, [_("Этот визит на сервере уже другой. Выгрузите его в файл.")])
    return {"outcome": CONFLICT, "key": key, "theirs": luggage.as_kept(held)}


def _refused(key: str, reasons: list[str]) -> Told:
    return {"outcome": REFUSED, "key": key, "reasons": reasons}


def _day(told: str) -> date:
    """The day of the photograph by the phone's clock, but never a day that has not come."""
    try:
        return min(date.fromisoformat(told), today())
    except ValueError:
        return today()
