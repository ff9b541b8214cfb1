"""Plans of a whole region: the authority approves or sends back; the council and the curator read."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access, people
from accounts.models import Role
from council.plans import overview, papers, reading, working
from council.plans.form import ROMAN, the_form
from council.plans.forms import ApproveForm, BackForm
from documents.keeping import MIME
from surveys import codes, inert, paging, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Stage
from surveys.plans import Plan, PlanState
from surveys.refusals import NotFound, Stale

CONFLICT = 409
ONE = "/campaigns/<int(max=2147483647):campaign_id>/plans/<code>"

bp = Blueprint("plans_desk", __name__, url_prefix="/council")
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR)
deciding = Blueprint("plans_deciding", __name__, url_prefix="/council")
access.only(deciding, Role.AUTHORITY)


@bp.get("/plans")
def index() -> ResponseReturnValue:
    """The plan of every organisation that was assessed, the overdue ones first."""
    session, wanted = db.session(), _wanted()
    seen = overview.campaigns(session, access.campaigns_seen(session))
    number = min(max(request.args.get("page", 1, type=int), 1), paging.MOST_PAGES)
    total, entries = overview.page(session, seen, wanted, today(), number)
    return render_template(
        "council/plans.html",
        campaigns=seen,
        wanted=wanted,
        states=overview.STATES,
        counts=overview.counts(session, seen, wanted, today()),
        entries=entries,
        pages=paging.pages(number, total, overview.PAGE_SIZE, lambda n: _address(wanted, page=n)),
        table_url=f"{url_for('.table')}?{urlencode(_asked(wanted))}",
    )


@bp.get("/plans.csv")
def table() -> ResponseReturnValue:
    """The same list as a table, whole."""
    session = db.session()
    seen = overview.campaigns(session, access.campaigns_seen(session))
    found = overview.everything(session, seen, _wanted(), today())
    headers = {"Content-Disposition": 'attachment; filename="plany.csv"', "Cache-Control": "no-store"}
    content = inert.table(overview.table(found))
    return Response(content, headers=headers, content_type=MIME["csv"])


@bp.get(ONE)
def show(campaign_id: int, code: str) -> ResponseReturnValue:
    """One organisation's plan: what is in force, what is proposed, what has been done."""
    return _shown(*_found(campaign_id, code))


@bp.get(f"{ONE}.<any(pdf, docx, csv):paper>")
def document(campaign_id: int, code: str, paper: str) -> ResponseReturnValue:
    """The plan on paper."""
    assessment, plan = _found(campaign_id, code)
    sheet = _sheet(plan) if plan else None
    if sheet is None:
        raise NotFound(code)
    return papers.file(assessment, sheet, paper)


@bp.get(f"{ONE}/proofs/<int(max=2147483647):proof_id>")
def photo(campaign_id: int, code: str, proof_id: int) -> ResponseReturnValue:
    """A photograph that proves a measure."""
    assessment, _plan = _found(campaign_id, code)
    return papers.photo(db.session(), assessment, proof_id)


@deciding.post(f"{ONE}/approve")
def approve(campaign_id: int, code: str) -> ResponseReturnValue:
    """Approve what was sent; from now on its words are frozen."""
    assessment, plan = _found(campaign_id, code)
    form = ApproveForm()
    if not form.validate_on_submit():
        return _shown(assessment, plan, approve=form), 422
    try:
        with writing() as session:
            own = session.get_one(Assessment, assessment.id)
            working.approve(session, own, form.version.data or 0, form.approver.data, _login())
    except Stale as refusal:
        return _stale(assessment, refusal, approve=form), CONFLICT
    flash(_("План утверждён и опубликован. Организация отмечает, что сделано."))
    return redirect(url_for("plans_desk.show", campaign_id=campaign_id, code=code))


@deciding.post(f"{ONE}/return")
def send_back(campaign_id: int, code: str) -> ResponseReturnValue:
    """Send the plan back with words."""
    assessment, plan = _found(campaign_id, code)
    form = BackForm()
    if not form.validate_on_submit():
        return _shown(assessment, plan, back=form), 422
    try:
        with writing() as session:
            own = session.get_one(Assessment, assessment.id)
            working.send_back(session, own, form.version.data or 0, form.note.data, _login())
    except Stale as refusal:
        return _stale(assessment, refusal, back=form), CONFLICT
    flash(_("План возвращён организации с вашими словами."))
    return redirect(url_for("plans_desk.show", campaign_id=campaign_id, code=code))


def _shown(assessment: Assessment, plan: Plan | None, refusal: Stale | None = None, **forms: Any) -> str:
    version = plan.version if plan else 0
    forms.setdefault(
        "approve", ApproveForm(formdata=None, version=version, approver=plan.approver if plan else "")
    )
    forms.setdefault("back", BackForm(formdata=None, version=version))
    return render_template(
        "council/plan.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        plan=plan,
        state=reading.state(plan),
        form=the_form(),
        sections=range(1, len(ROMAN) + 1),
        sheet=_sheet(plan) if plan else None,
        current=_in_force(plan) if plan and plan.state == PlanState.SENT else None,
        forms=forms,
        refusal=refusal,
        may_decide=bool(plan and plan.state == PlanState.SENT and access.may_open("plans_deciding.approve")),
        names=people.names(db.session(), [plan.sent_by, plan.approved_by] if plan else []),
    )


def _stale(assessment: Assessment, refusal: Stale, **forms: Any) -> str:
    """What was typed stays; the plan is shown as it is now."""
    number = assessment.id
    db.session.rollback()
    found = db.session.get_one(Assessment, number)
    plan = reading.of_assessment(db.session(), found)
    for form in forms.values():
        form.version.data, form.version.raw_data = plan.version if plan else 0, None
    return _shown(found, plan, refusal, **forms)


def _sheet(plan: Plan) -> reading.Sheet | None:
    """What the authority reads: what was sent, else what is in force; what is being written is nobody else's yet."""
    if plan.state == PlanState.SENT:
        return reading.working(db.session(), plan, today())
    return _in_force(plan)


def _in_force(plan: Plan) -> reading.Sheet | None:
    return reading.in_force(db.session(), plan, today()) if reading.approved_once(plan) else None


def _found(campaign_id: int, code: str) -> tuple[Assessment, Plan | None]:
    campaign = access.campaign_seen(db.session(), campaign_id)
    organization = queries.organization(db.session(), code) if codes.possible(code) else None
    found = queries.assessment(db.session(), campaign_id, organization.id) if organization else None
    if found is None:
        raise NotFound(code)
    plan = reading.of_assessment(db.session(), found)
    if plan is None and campaign.stage != Stage.PUBLISHED:
        raise NotFound(code)
    return found, plan


def _wanted() -> overview.Filter:
    """The filter in the address; what is not known is left out."""
    campaign, state = request.args.get("campaign", type=int), request.args.get("state", "")
    return overview.Filter(
        campaign if campaign and campaign <= queries.LARGEST_NUMBER else None,
        state if state in overview.STATES else "",
        request.args.get("q", "").strip()[:200],
    )


def _asked(wanted: overview.Filter) -> Mapping[str, str]:
    told = {"campaign": wanted.campaign_id, "state": wanted.state, "q": wanted.words}
    return {name: str(value) for name, value in told.items() if value}


def _address(wanted: overview.Filter, page: int) -> str:
    return f"{url_for('.index')}?{urlencode({**_asked(wanted), 'page': page})}"


def _login() -> str:
    return access.the_user().login
