"""Deciding on visits: one is read and confirmed or given back, two are compared."""

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts import access
from accounts.models import Duty
from operator_app.inspections import comparing, confirming, evidence, listing, visiting
from operator_app.inspections.payload import VisitRefused
from operator_app.inspections.views import KIND_TITLES, bp, seen, visit_seen
from operator_app.team import holds
from surveys import checklists
from surveys.campaigns import rules
from surveys.checklists import INSPECTION, TRIES
from surveys.db import db, writing
from surveys.models import Assessment, Inspection, Stage
from surveys.refusals import Stale
from surveys.visits import Visit

GROUP_TITLES = {
    "stand": _l("Стенд: как и по какому перечню считали"),
    "site": _l("Сайт: как и по какому перечню считали"),
    "information_required": _l("Одна норма на стенд и сайт"),
    "waiting": _l("Время ожидания"),
}


@bp.get("/visits/<int(max=2147483647):visit_id>")
def shown(campaign_id: int, visit_id: int) -> ResponseReturnValue:
    """A visit to read: answers, reasons, proofs; for those who decide, the buttons."""
    session = db.session()
    found, assessment = visit_seen(campaign_id, visit_id)
    edition, _practice = rules(assessment.campaign)
    checklist = checklists.checklist(found.kind, assessment.organization.sector, edition)
    proofs: dict[str, list[object]] = {}
    for proof in evidence.of_visit(session, visit_id):
        proofs.setdefault(proof.item, []).append(proof)
    inspection = session.get(Inspection, assessment.id)
    return render_template(
        "operator/visit_shown.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        visit=found,
        checklist=checklist,
        current=found.checklist_sha256 == checklist.content_hash,
        tally=Counter(comparing.value(found, item.code) for item in visiting.asked_items(found, checklist)),
        proofs=proofs,
        names=listing.staff_names(session),
        tries=TRIES,
        kind_title=KIND_TITLES[found.kind],
        seen_version=inspection.version if inspection else 0,
        collecting=assessment.campaign.stage == Stage.COLLECTING,
        may_confirm=found.kind == INSPECTION and confirming.may_confirm(session, access.the_user(), found),
        rivals=confirming.rivals(session, found),
        decides=access.the_user().duty in confirming.CONFIRMS,
    )


@bp.post("/visits/<int(max=2147483647):visit_id>/confirm")
@access.entrusted(Duty.VERIFIER)
def confirm(campaign_id: int, visit_id: int) -> ResponseReturnValue:
    """The visit becomes the inspection: the figures change with it."""
    _visit, assessment = visit_seen(campaign_id, visit_id)
    code = assessment.organization.code
    with writing() as session:
        visit = session.get_one(Visit, visit_id, with_for_update=True)
        confirming.confirm(session, access.the_user(), visit, _version("seen"), _version("version"))
    flash(_("Проверка подтверждена и вошла в показатели."))
    return redirect(url_for(".organization", campaign_id=campaign_id, code=code))


@bp.post("/visits/<int(max=2147483647):visit_id>/return")
@access.entrusted(Duty.VERIFIER)
def give_back(campaign_id: int, visit_id: int) -> ResponseReturnValue:
    """Back to the inspector, as a draft."""
    _visit, assessment = visit_seen(campaign_id, visit_id)
    code = assessment.organization.code
    with writing() as session:
        visit = session.get_one(Visit, visit_id, with_for_update=True)
        confirming.give_back(session, access.the_user(), visit, _version("version"))
    flash(_("Проверка возвращена инспектору на доработку."))
    return redirect(url_for(".organization", campaign_id=campaign_id, code=code))


@bp.get("/<code>/compare")
@access.entrusted(Duty.VERIFIER)
def compare(campaign_id: int, code: str) -> ResponseReturnValue:
    """Two inspectors side by side, differences first; held for whoever opened it."""
    assessment = seen(campaign_id, code)
    visits = comparing.waiting(listing.visits_of(db.session(), assessment.id))
    if visits and assessment.campaign.stage == Stage.COLLECTING:
        with writing() as session:
            holds.take(session, held_as(campaign_id, code), access.the_user())
    return _compared(assessment, visits, {})


@bp.post("/<code>/compare")
@access.entrusted(Duty.VERIFIER)
def decide(campaign_id: int, code: str) -> ResponseReturnValue:
    """Each difference decided with a reason: the two visits become one inspection."""
    assessment = seen(campaign_id, code)
    visiting.collecting(assessment.campaign)
    visits = comparing.waiting(listing.visits_of(db.session(), assessment.id))
    if not visits:
        raise Stale(_("Пока вы смотрели, по этим проверкам уже решили. Откройте организацию заново."))
    try:
        return _decided(campaign_id, code, [visit.id for visit in visits])
    except VisitRefused as refused:
        return _compared(seen(campaign_id, code), visits, refused.errors), 422


def _compared(assessment: Assessment, visits: Sequence[Visit], errors: Mapping[str, str]) -> str:
    session, code = db.session(), assessment.organization.code
    edition, _practice = rules(assessment.campaign)
    checklist = checklists.checklist(INSPECTION, assessment.organization.sector, edition)
    inspection = session.get(Inspection, assessment.id)
    collecting = assessment.campaign.stage == Stage.COLLECTING
    return render_template(
        "operator/compare.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        visits=visits,
        found=comparing.compared(visits[0], visits[1], checklist) if visits else None,
        checklist=checklist,
        current=all(visit.checklist_sha256 == checklist.content_hash for visit in visits),
        groups=GROUP_TITLES,
        counted=comparing.counted,
        names=listing.staff_names(session),
        seen_version=inspection.version if inspection else 0,
        errors=errors,
        form=request.form,
        collecting=collecting,
        may_decide=bool(visits) and confirming.may_confirm(session, access.the_user(), *visits),
        held_as=held_as(assessment.campaign_id, code) if visits and collecting else "",
    )


def held_as(campaign_id: int, code: str) -> str:
    """What is held while two visits are compared: of two who decide one waits for the other."""
    return f"{campaign_id}/compare/{code}"


def _decided(campaign_id: int, code: str, ids: list[int]) -> ResponseReturnValue:
    told = {
        "choices": {name[7:]: value for name, value in request.form.items() if name.startswith("choice:")},
        "reasons": {name[7:]: value for name, value in request.form.items() if name.startswith("reason:")},
        "seen": _version("seen"),
        "versions": request.form.getlist("versions"),
    }
    with writing() as session:
        holds.take(session, held_as(campaign_id, code), access.the_user())
        one, other = (session.get_one(Visit, id, with_for_update=True) for id in ids)
        comparing.decide(session, access.the_user(), one, other, told)
        holds.release(session, held_as(campaign_id, code), access.the_user())
    flash(_("Решение принято: проверка подтверждена, обе исходные сохранены."))
    return redirect(url_for(".organization", campaign_id=campaign_id, code=code))


def _version(name: str) -> int:
    return request.form.get(name, -1, type=int)
