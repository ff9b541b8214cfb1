"""Inspections of one campaign: the list, an organisation's visits, and the visit itself by check-list."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from accounts import access
from accounts.models import Duty, Role
from operator_app.inspections import (
    comparing,
    confirming,
    evidence,
    listing,
    mystery,
    proving,
    sheet,
    visiting,
)
from operator_app.inspections.payload import Asked, VisitRefused
from surveys import checklists, paging, proofs, queries
from surveys.campaigns import rules
from surveys.checklists import INSPECTION, MYSTERY, Checklist
from surveys.db import db, writing
from surveys.models import Assessment, Inspection, Stage
from surveys.refusals import NotFound, Refusal
from surveys.visits import Evidence, Visit, VisitState

bp = Blueprint(
    "inspections", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/inspections"
)
access.only(
    bp,
    Role.OPERATOR,
    duties=(
        Duty.VERIFIER,
        Duty.INSPECTOR,
    ),
)

PAGE_SIZE = 50
MOST_AT_ONCE = 200 * 1024 * 1024
MOST_PARTS = 3000
KIND_TITLES = {INSPECTION: _l("Проверка"), MYSTERY: _l("Тайный клиент")}


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """Organisations and how far the inspection of each is; what is given to the reader stands first."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    asked = {name: request.args.get(name, "").replace("\0", "") for name in ("q", "state", "mine")}
    every = listing.lines(db.session(), campaign, access.the_user().login)
    found = _narrowed(every, **asked)
    number = paging.asked(request.args)

    def address(page: int) -> str:
        narrowed: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return url_for(".index", campaign_id=campaign_id, page=page, **narrowed)

    pages = paging.pages(number, len(found), PAGE_SIZE, address)
    return render_template(
        "operator/inspections.html",
        campaign=campaign,
        lines=paging.cut(found, pages, PAGE_SIZE),
        pages=pages,
        states=[
            (state, title, sum(line.state == state for line in every))
            for state, title in listing.STATE_TITLES.items()
        ],
        total=len(every),
        mine=sum(line.mine for line in every),
        asked=asked,
    )


def _narrowed(lines: Sequence[listing.Line], q: str, state: str, mine: str) -> list[listing.Line]:
    words = paging.words_of(q)
    return [
        line
        for line in lines
        if (not state or line.state == state)
        and (not mine or line.mine)
        and (all(word in line.search for word in words) or line.code == q.strip().upper())
    ]


@bp.get("/<code>")
def organization(campaign_id: int, code: str) -> ResponseReturnValue:
    """One organisation: the inspection in force, every visit, what is to be decided."""
    session, assessment = db.session(), seen(campaign_id, code)
    visits, inspection = listing.visits_of(session, assessment.id), session.get(Inspection, assessment.id)
    edition, _practice = rules(assessment.campaign)
    quiet = checklists.checklist(MYSTERY, assessment.organization.sector, edition)
    own = [one for one in visits if one.inspector == access.the_user().login]
    readable = [one for one in visits if not listing.hidden(access.the_user(), one)]
    return render_template(
        "operator/inspection_organization.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        inspection=inspection,
        waits=edition.applies("2.2", assessment.organization.sector, assessment.organization.kind),
        typed=confirming.typed,
        visits=readable,
        others=[one for one in visits if one not in readable],
        two=comparing.waiting(visits),
        met=[
            mystery.met(one, assessment, quiet)
            for one in readable
            if one.kind == MYSTERY and one.state != VisitState.DRAFT
        ],
        mine={one.kind: one for one in reversed(own) if one.state != VisitState.CONFIRMED},
        names=listing.staff_names(session),
        collecting=assessment.campaign.stage == Stage.COLLECTING,
        kinds=KIND_TITLES,
        decides=access.the_user().duty in confirming.CONFIRMS,
    )


@bp.route("/<code>/visit", methods=["GET", "POST"])
@access.takes(MOST_AT_ONCE, parts=MOST_PARTS)
def visit(campaign_id: int, code: str) -> ResponseReturnValue:
    """One's own inspection by the list of the sphere: begun, gone on with, finished."""
    return _filled(campaign_id, code, INSPECTION)


@bp.route("/<code>/mystery", methods=["GET", "POST"])
@access.takes(MOST_AT_ONCE, parts=MOST_PARTS)
def mystery_visit(campaign_id: int, code: str) -> ResponseReturnValue:
    """One's own visit as an ordinary recipient."""
    return _filled(campaign_id, code, MYSTERY)


def _filled(campaign_id: int, code: str, kind: str) -> ResponseReturnValue:
    assessment = seen(campaign_id, code)
    edition, _practice = rules(assessment.campaign)
    made = checklists.checklist(kind, assessment.organization.sector, edition)
    asked = Asked.of(edition, assessment.organization)
    if request.method == "POST":
        return _sent(assessment, made, asked)
    mine = open_visit(db.session(), assessment.id, kind)
    left = visiting.unfinished(mine, made) if mine is not None and "left" in request.args else {}
    return _page(assessment, made, asked, mine, sheet.written(mine), {}, left)


@bp.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Nothing was read, so nothing was kept: the answers are still on the page behind."""
    text = _(
        "Вернитесь назад: ответы на месте. Уберите часть снимков, сохраните и добавьте их следующим разом."
    )
    title = _("За один раз столько снимков не принять")
    return render_template("errors/staff.html", title=title, text=text, kept=False, request_id=None), 413


def _sent(assessment: Assessment, made: Checklist, asked: Asked) -> ResponseReturnValue:
    visiting.collecting(assessment.campaign)
    told = sheet.payload_of(request.form, made)
    pictures, spoiled = proving.pictures(made)
    here: dict[str, Any] = {"campaign_id": assessment.campaign_id, "code": assessment.organization.code}
    try:
        with writing() as session:
            kept = visiting.save(session, access.the_user(), assessment, told)
            spoiled |= proving.prove(session, kept, pictures, made)
            left = visiting.unfinished(kept, made)
    except VisitRefused as refused:
        mine = open_visit(db.session(), assessment.id, made.kind)
        return _page(assessment, made, asked, mine, told, refused.errors, {}), 422
    for text in spoiled:
        flash(text)
    own = ".visit" if made.kind == INSPECTION else ".mystery_visit"
    if told["done"] and left:
        flash(_("Сохранено как черновик. %(left)s", left=visiting.remaining(len(left))))
        return redirect(url_for(own, left=1, **here, _anchor="left"))
    flash(_("Проверка завершена.") if told["done"] else _("Сохранено."))
    return redirect(url_for(".organization", **here) if told["done"] else url_for(own, **here))


def _page(
    assessment: Assessment,
    made: Checklist,
    asked: Asked,
    mine: Visit | None,
    filled: dict[str, Any],
    errors: dict[str, str],
    left: dict[str, str],
) -> str:
    session = db.session()
    proofs = evidence.of_visit(session, mine.id) if mine else []
    answered = sum(bool(filled["items"].get(code, {}).get("value")) for code in made.by_code)
    return render_template(
        "operator/visit.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        sheet=sheet.drawn(made, asked, filled, errors, left, proofs),
        answered=answered,
        changed=mine is not None and mine.checklist_sha256 != made.content_hash,
        collecting=assessment.campaign.stage == Stage.COLLECTING,
        visit=mine,
    )


@bp.get("/evidence/<int(max=2147483647):evidence_id>")
def photo(campaign_id: int, evidence_id: int) -> Response:
    """A picture of the store, to those who may see the campaign."""
    proof, _visit = _proof(campaign_id, evidence_id)
    return Response(proofs.picture(proof.file), mimetype="image/jpeg")


@bp.post("/evidence/<int(max=2147483647):evidence_id>/remove")
def remove(campaign_id: int, evidence_id: int) -> ResponseReturnValue:
    """Take away a proof of one's own visit that is not confirmed yet."""
    _proof(campaign_id, evidence_id)
    with writing() as session:
        proof = session.get_one(Evidence, evidence_id)
        found = session.get_one(Visit, proof.visit_id)
        assessment = session.get_one(Assessment, found.assessment_id)
        visiting.collecting(assessment.campaign)
        if found.inspector != access.the_user().login or found.state == VisitState.CONFIRMED:
            raise Refusal(_("Доказательства убирает тот, кто проверяет, и до подтверждения."))
        evidence.remove(session, proof)
        code = assessment.organization.code
    flash(_("Доказательство убрано."))
    endpoint = ".visit" if found.kind == INSPECTION else ".mystery_visit"
    return redirect(url_for(endpoint, campaign_id=campaign_id, code=code))


def _proof(campaign_id: int, evidence_id: int) -> tuple[Evidence, Visit]:
    proof = db.session.get(Evidence, evidence_id)
    if proof is None:
        raise NotFound(str(evidence_id))
    return proof, visit_seen(campaign_id, proof.visit_id)[0]


def seen(campaign_id: int, code: str) -> Assessment:
    """This organisation in this campaign, if the one who is signed in may see it. Raises NotFound."""
    session = db.session()
    campaign, found = access.campaign_seen(session, campaign_id), queries.organization(session, code)
    assessment = queries.assessment(session, campaign.id, found.id) if found else None
    if assessment is None:
        raise NotFound(f"{campaign_id}/{code}")
    return assessment


def visit_seen(campaign_id: int, visit_id: int) -> tuple[Visit, Assessment]:
    """A visit of this campaign and where it was, if the one who is signed in may see it. Raises NotFound, Refusal."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = db.session.get(Visit, visit_id)
    assessment = db.session.get_one(Assessment, found.assessment_id) if found else None
    if found is None or assessment is None or assessment.campaign_id != campaign.id:
        raise NotFound(str(visit_id))
    if listing.hidden(access.the_user(), found):
        raise Refusal(
            _("Здесь проверял другой инспектор. Его ответы вам пока не видны: двое проверяют независимо.")
        )
    return found, assessment


def open_visit(session: Session, assessment_id: int, kind: str) -> Visit | None:
    """The visit that the one who is signed in may still change, the newest of several."""
    login = access.the_user().login
    for one in listing.visits_of(session, assessment_id):
        if (one.inspector, one.kind) == (login, kind) and one.state != VisitState.CONFIRMED:
            return one
    return None
