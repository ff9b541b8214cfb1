"""The approval page: what the council has decided, what is missing, and every act upon it; the trail keeps each."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from accounts import access, people
from accounts.models import SEAT_TITLES, Role, Seat
from council import bound
from council.approval import deciding, meetings, objections, publishing, votes
from council.approval.forms import (
    CHOICES,
    AnswerForm,
    ApproveForm,
    CorrectForm,
    MeetingForm,
    OpenForm,
    VoteForm,
)
from council.approval.page import context
from surveys import handover
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.refusals import NotFound, Refusal, Stale
from surveys.releases import Choice
from surveys.submissions import Package, PackageState

AT = "/council/campaigns/<int(max=2147483647):campaign_id>/approval"
bp = Blueprint("approval", __name__, url_prefix=AT)
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR)
acting = Blueprint("approving", __name__, url_prefix=AT)
access.only(acting, Role.COUNCIL)
releasing = Blueprint("releasing", __name__, url_prefix=AT)
access.only(releasing, Role.COUNCIL, Role.AUTHORITY)

PACKAGE = "/<int(max=2147483647):package>"


@bp.get("")
def show(campaign_id: int) -> ResponseReturnValue:
    """The newest package's way to a release, and the releases there are."""
    return _shown(access.campaign_seen(db.session(), campaign_id))


@acting.post(f"{PACKAGE}/vote")
def vote(campaign_id: int, package: int) -> ResponseReturnValue:
    """Vote, or change one's vote."""
    campaign, found = _found(campaign_id, package)
    form = VoteForm()
    if not form.validate_on_submit():
        return _shown(campaign, vote=form), 422
    choice = Choice(form.choice.data)
    with writing() as session:
        votes.cast(session, session.get_one(Package, found.id), _login(), choice, form.opinion.data or "")
    flash(_("Ваш голос записан: %(choice)s.", choice=str(CHOICES[choice]).lower()))
    return _back(campaign_id, "votes")


@acting.post(f"{PACKAGE}/meeting")
@access.seated(Seat.CHAIR, Seat.SECRETARY)
def meeting(campaign_id: int, package: int) -> ResponseReturnValue:
    """Keep the meeting's data."""
    campaign, found = _found(campaign_id, package)
    form = MeetingForm()
    if not form.validate_on_submit():
        return _shown(campaign, meeting=form), 422
    try:
        with writing() as session:
            held = session.get_one(Package, found.id)
            meetings.keep(session, held, _login(), form.told(), form.version.data or 0)
    except Refusal as refusal:
        return _refused(campaign, "meeting", form, refusal)
    flash(_("Данные заседания сохранены."))
    return _back(campaign_id, "meeting")


@acting.post(f"{PACKAGE}/objections")
@access.seated(Seat.CHAIR, Seat.SECRETARY)
def open_objections(campaign_id: int, package: int) -> ResponseReturnValue:
    """Show organisations their figures, and until when they may object."""
    campaign, found = _found(campaign_id, package)
    form = OpenForm()
    if not form.validate_on_submit():
        return _shown(campaign, open=form), 422
    try:
        with writing() as session:
            objections.opened(session, session.get_one(Package, found.id), _login(), form.until.data, today())
    except Refusal as refusal:
        return _refused(campaign, "open", form, refusal)
    flash(_("Организации видят свои результаты и могут возражать."))
    return _back(campaign_id, "objections")


@acting.post("/objections/<int(max=2147483647):objection_id>")
@access.seated(Seat.CHAIR, Seat.SECRETARY)
def answer(campaign_id: int, objection_id: int) -> ResponseReturnValue:
    """Answer an objection."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    form = AnswerForm(prefix=f"o{objection_id}")
    if not form.validate_on_submit():
        return _shown(campaign, **{f"answer-{objection_id}": form}), 422
    upheld, text = form.upheld.data == "yes", form.text.data
    with writing() as session:
        objections.answered(session, campaign_id, objection_id, _login(), upheld, text)
    flash(_("Ответ записан: организация его видит."))
    return _back(campaign_id, "objections")


@acting.post(f"{PACKAGE}/approve")
@access.seated(Seat.CHAIR)
def approve(campaign_id: int, package: int) -> ResponseReturnValue:
    """Close the vote: the package becomes a release."""
    campaign, found = _found(campaign_id, package)
    form = ApproveForm()
    if not (form.validate_on_submit() and form.confirmed(found.objections_until is not None)):
        return _shown(campaign, approve=form), 422
    try:
        with writing() as session:
            held = session.get_one(Package, found.id)
            made = deciding.approve(session, held, _login(), form.note.data or "", today())
            version = made.version
            leads_to = url_for("report.show", campaign_id=campaign_id, version=version)
            bound.approved(session, made, _login(), leads_to=leads_to)
    except Refusal as refusal:
        return _refused(campaign, "approve", form, refusal)
    flash(_("Результаты утверждены: выпуск № %(n)s. Осталось опубликовать.", n=version))
    return _back(campaign_id)


@releasing.post("/publish")
def publish(campaign_id: int) -> ResponseReturnValue:
    """Publish the approved release."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    if not publishing.may_publish(db.session(), access.the_user(), campaign):
        abort(403)
    with writing() as session:
        version = publishing.publish(session, campaign_id, _login()).version
    flash(_("Опубликован выпуск № %(n)s: результаты видны всем.", n=version))
    return _back(campaign_id)


@acting.post("/correct")
@access.seated(Seat.CHAIR)
def correct(campaign_id: int) -> ResponseReturnValue:
    """Begin a correction of what is approved."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    form = CorrectForm()
    if not form.validate_on_submit():
        return _shown(campaign, correct=form), 422
    try:
        with writing() as session:
            publishing.correct(session, campaign_id, _login(), form.reason.data, form.until.data, today())
    except Refusal as refusal:
        return _refused(campaign, "correct", form, refusal)
    flash(_("Исправление начато: оператор может отправить новый пакет. Опубликованное пока действует."))
    return _back(campaign_id)


def _shown(campaign: Campaign, **forms: FlaskForm) -> str:
    db.session.rollback()  # a refused act left nothing behind, and the page shows what is there now
    session, campaign_id = db.session(), campaign.id
    campaign = access.campaign_seen(session, campaign_id)
    found = handover.latest(session, campaign_id)
    told = context(session, campaign, found, access.the_user(), forms, today())
    known = [*told.pop("people"), *(one.login for one in told["members"])]
    return render_template(
        "council/approval/show.html",
        campaign=campaign,
        package=found,
        choices=CHOICES,
        seats=SEAT_TITLES,
        names=people.names(session, known),
        may_decide=access.may_open("approving.approve"),
        may_keep=access.may_open("approving.meeting"),
        may_vote=access.may_open("approving.vote"),
        **told,
    )


def _refused(campaign: Campaign, name: str, form: FlaskForm, refusal: Refusal) -> ResponseReturnValue:
    """The page again with what was typed and why it was not taken; where its form is shut by now, the reason alone."""
    stale = isinstance(refusal, Stale)
    if stale and not (name == "meeting" and _open(campaign.id)):
        raise refusal
    form.form_errors.append(str(refusal))
    return _shown(campaign, **{name: form}), 409 if stale else 422


def _open(campaign_id: int) -> bool:
    db.session.rollback()
    found = handover.latest(db.session(), campaign_id)
    return found is not None and found.state == PackageState.SUBMITTED


def _found(campaign_id: int, number: int) -> tuple[Campaign, Package]:
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = handover.package(db.session(), campaign_id, number)
    if found is None:
        raise NotFound(f"{campaign_id}/{number}")
    return campaign, found


def _back(campaign_id: int, anchor: str | None = None) -> Response:
    return redirect(url_for("approval.show", campaign_id=campaign_id, _anchor=anchor))


def _login() -> str:
    return access.the_user().login
