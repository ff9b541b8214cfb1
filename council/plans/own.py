"""The organisation's own plan: begun from what was proposed, filled, sent; afterwards, what has been done."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import Role
from council.plans import papers, proposing, reading, working
from council.plans.form import ROMAN, the_form
from council.plans.forms import Act
from council.shelf import kept
from surveys import queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Stage
from surveys.plans import Plan, PlanState
from surveys.refusals import NotFound

SECTIONS = range(1, len(ROMAN) + 1)

bp = Blueprint("plans", __name__, url_prefix="/organization/plans/<int(max=2147483647):campaign_id>")
access.only(bp, Role.ORGANIZATION)


@bp.get("")
def index(campaign_id: int) -> ResponseReturnValue:
    """The plan as it stands, or what it would begin with."""
    return _index(assessed(campaign_id))


@bp.post("/begin")
def begin(campaign_id: int) -> ResponseReturnValue:
    """Begin the plan with everything proposed."""
    assessment = assessed(campaign_id)
    found = _gaps(assessment)
    with writing() as session:
        working.begin(session, session.get_one(Assessment, assessment.id), found, login())
    flash(_("План начат. Заполните строки и отправьте его на утверждение."))
    return back(campaign_id)


@bp.post("/propose")
def propose(campaign_id: int) -> ResponseReturnValue:
    """Add what the results show now and did not show before."""
    assessment = assessed(campaign_id)
    found = _gaps(assessment)
    with writing() as session:
        working.propose(session, session.get_one(Assessment, assessment.id), found, login())
    flash(_("Новые недостатки добавлены в план."))
    return back(campaign_id)


@bp.post("/send")
def send(campaign_id: int) -> ResponseReturnValue:
    """To the authority; what is not filled is named, with a way to each line."""
    assessment, plan = begun(campaign_id)
    lacking = working.unready(db.session(), plan)
    if lacking and plan.state == PlanState.DRAFT:
        return _index(assessment, lacking), 422
    with writing() as session:
        own = session.get_one(Assessment, assessment.id)
        working.send(session, own, Act().version.data or 0, login())
    flash(_("План отправлен на утверждение. Когда орган решит, ответ появится на этой странице."))
    return back(campaign_id)


@bp.post("/reopen")
def reopen(campaign_id: int) -> ResponseReturnValue:
    """Begin to change what was approved."""
    return _acted(
        campaign_id,
        working.reopen,
        _("Меняйте план и отправьте его снова. До нового утверждения действует прежний."),
    )


@bp.post("/leave")
def leave(campaign_id: int) -> ResponseReturnValue:
    """Give the changes up."""
    return _acted(campaign_id, working.leave, _("Изменения отменены. План такой, каким его утвердили."))


@bp.get("/proofs/<int(max=2147483647):proof_id>")
def photo(campaign_id: int, proof_id: int) -> ResponseReturnValue:
    """A photograph that proves a measure."""
    return papers.photo(db.session(), assessed(campaign_id), proof_id)


@bp.get("/plan.<any(pdf, docx, csv):paper>")
def document(campaign_id: int, paper: str) -> Response:
    """The plan on paper: approved, or as a draft."""
    assessment, plan = begun(campaign_id)
    agreed = plan.state == PlanState.APPROVED
    read = reading.in_force if agreed else reading.working
    return papers.file(assessment, read(db.session(), plan, today()), paper)


def _acted(
    campaign_id: int, act: Callable[[Session, Assessment, str], object], words: str
) -> ResponseReturnValue:
    assessment, _plan = begun(campaign_id)
    with writing() as session:
        act(session, session.get_one(Assessment, assessment.id), login())
    flash(words)
    return back(campaign_id)


def _index(assessment: Assessment, lacking: list[tuple[int, str]] | None = None) -> str:
    session = db.session()
    plan, form = reading.of_assessment(session, assessment), the_form()
    found = _gaps(assessment) if plan is None or plan.state == PlanState.DRAFT else []
    return render_template(
        "organization/plan.html",
        campaign=assessment.campaign,
        organization=assessment.organization,
        plan=plan,
        form=form,
        sections=SECTIONS,
        state=reading.state(plan),
        sheet=reading.working(session, plan, today()) if plan else None,
        current=reading.in_force(session, plan, today()) if plan and reading.approved_once(plan) else None,
        proposed=found if plan is None else working.new(session, plan, found),
        lacking=lacking or [],
    )


def assessed(campaign_id: int) -> Assessment:
    """This organisation in this campaign, once its results are published. Raises NotFound."""
    own, campaign = access.the_user().organization_id, queries.campaign(db.session(), campaign_id)
    found = queries.assessment(db.session(), campaign_id, own) if own and campaign else None
    if found is None or campaign is None:
        raise NotFound(str(campaign_id))
    if campaign.stage != Stage.PUBLISHED and reading.of_assessment(db.session(), found) is None:
        raise NotFound(str(campaign_id))
    return found


def begun(campaign_id: int) -> tuple[Assessment, Plan]:
    """A plan of this organisation that was begun. Raises NotFound."""
    assessment = assessed(campaign_id)
    plan = reading.of_assessment(db.session(), assessment)
    if plan is None:
        raise NotFound(str(campaign_id))
    return assessment, plan


def _gaps(assessment: Assessment) -> list[proposing.Gap]:
    standing = kept(assessment.campaign).by_code.get(assessment.organization.code)
    return proposing.gaps(standing, the_form()) if standing else []


def login() -> str:
    """Who is signed in."""
    return access.the_user().login


def back(campaign_id: int, measure_id: int | None = None) -> ResponseReturnValue:
    """To the plan, and to a line of it."""
    anchor = f"measure-{measure_id}" if measure_id else None
    return redirect(url_for(".index", campaign_id=campaign_id, _anchor=anchor))
