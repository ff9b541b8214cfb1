"""Deciding on visits: one is read and confirmed or given back, two are compared."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access
from accounts.models import Duty
from operator_app.inspections import comparing, confirming, evidence, listing, visiting
from operator_app.inspections.payload import VisitRefused
from operator_app.inspections.views import KIND_TITLES, bp, seen, visit_seen
from surveys import checklists
from surveys.campaigns import rules
from surveys.checklists import INSPECTION, TRIES
from surveys.db import db, writing
from surveys.models import Inspection, Stage
from surveys.visits import Visit

GROUP_TITLES = {
    "stand": "Стенд: как и по какому перечню считали",
    "site": "Сайт: как и по какому перечню считали",
    "information_required": "Одна норма на стенд и сайт",
    "waiting": "Время ожидания",
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


@bp.route("/<code>/compare", methods=["GET", "POST"])
@access.entrusted(Duty.VERIFIER)
def compare(campaign_id: int, code: str) -> ResponseReturnValue:
    """Two inspectors side by side, differences first; each is decided with a reason."""
    session, assessment = db.session(), seen(campaign_id, code)
    if request.method == "POST":
        visiting.collecting(assessment.campaign)
    visits = comparing.waiting(listing.visits_of(session, assessment.id))
    errors: dict[str, str] = {}
    if request.method == "POST" and visits:
        try:
            return _decided(campaign_id, code, [visit.id for visit in visits])
        except VisitRefused as refused:
            errors = refused.errors
    edition, _practice = rules(assessment.campaign)
    checklist = checklists.checklist(INSPECTION, assessment.organization.sector, edition)
    current = all(visit.checklist_sha256 == checklist.content_hash for visit in visits)
    inspection = session.get(Inspection, assessment.id)
    page = render_template(
        "operator/compare.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        visits=visits,
        found=comparing.compared(visits[0], visits[1], checklist) if visits else None,
        checklist=checklist,
        current=current,
        groups=GROUP_TITLES,
        counted=comparing.counted,
        names=listing.staff_names(session),
        seen_version=inspection.version if inspection else 0,
        errors=errors,
        form=request.form,
        collecting=assessment.campaign.stage == Stage.COLLECTING,
    )
    return page, 422 if errors else 200


def _decided(campaign_id: int, code: str, ids: list[int]) -> ResponseReturnValue:
    told = {
        "choices": {name[7:]: value for name, value in request.form.items() if name.startswith("choice:")},
        "reasons": {name[7:]: value for name, value in request.form.items() if name.startswith("reason:")},
        "seen": _version("seen"),
        "versions": request.form.getlist("versions"),
    }
    with writing() as session:
        one, other = (session.get_one(Visit, id, with_for_update=True) for id in ids)
        comparing.decide(session, access.the_user(), one, other, told)
    flash(_("Решение принято: проверка подтверждена, обе исходные сохранены."))
    return redirect(url_for(".organization", campaign_id=campaign_id, code=code))


def _version(name: str) -> int:
    return request.form.get(name, -1, type=int)
