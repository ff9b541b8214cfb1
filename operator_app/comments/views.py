"""The reviewer's room: the list, one comment, who may read what is let through, and the end of originals."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts import access
from accounts.models import Duty, Role
from operator_app.comments import deciding, sight, wiping
from surveys import paging, spoken
from surveys.comments import CommentState
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal

bp = Blueprint(
    "comments", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/comments"
)
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))
bp.context_processor(lambda: {"may_open": access.may_open})
ONE = "/<int(max=9223372036854775807):comment_key>"
PAGE_SIZE = 20


@bp.get("")
def index(campaign_id: int) -> ResponseReturnValue:
    """Comments in one state, masked; those that wait unless another is asked for."""
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    asked = request.args.get("state", "")
    state = CommentState(asked) if asked in list(CommentState) else CommentState.WAITING
    total, counts = sight.counted(session, campaign_id, state), spoken.counts(session, campaign_id)

    def address(page: int) -> str:
        return url_for(".index", campaign_id=campaign_id, state=state.value, page=page)

    found = paging.pages(paging.asked(request.args), total, PAGE_SIZE, address)
    return render_template(
        "operator/comments/index.html",
        campaign=campaign,
        state=state,
        counts=counts,
        pages=found,
        seen=sight.listed(session, campaign_id, state, found.page, PAGE_SIZE),
        reasons=spoken.REASONS,
        audience=spoken.audience(campaign),
        audiences=spoken.AUDIENCES,
        goes=_goes(campaign),
    )


def _goes(campaign: Campaign) -> Any:
    """The day on which the oldest originals go, None while that is not known or nothing is left."""
    months = wiping.months(db.session(), campaign.id)
    return wiping.due(months[0]) if months and campaign.stage == Stage.PUBLISHED else None


@bp.post("/through")
def through(campaign_id: int) -> ResponseReturnValue:
    """Let through those of a page in which nothing was found, once somebody says that they are read."""
    back = url_for(".index", campaign_id=campaign_id, page=paging.asked(request.form))
    campaign = access.campaign_seen(db.session(), campaign_id)
    if "seen" not in request.form:
        raise Refusal(_("Сначала прочитайте слова на странице и отметьте, что прочитали."))
    versions = {}
    for told in request.form.getlist("clean")[:PAGE_SIZE]:
        key, _dot, version = told.partition(".")
        if told.isascii() and key.isdigit() and version.isdigit() and len(told) < 40:
            versions[int(key)] = int(version)
    with writing() as session:
        count = deciding.let_clean_through(session, campaign, access.the_user(), versions)
    flash(ngettext("Пропущено %(count)s обращение.", "Пропущено %(count)s обращений.", count, count=count))
    return redirect(back, 303)


@bp.get(ONE)
def one(campaign_id: int, comment_key: int) -> ResponseReturnValue:
    """One comment: masks to be put and taken away, the original a tap away."""
    return _one(campaign_id, comment_key)


@bp.post(f"{ONE}/open")
def open_original(campaign_id: int, comment_key: int) -> ResponseReturnValue:
    """Open the original; the trail keeps who did."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    with writing() as session:
        deciding.open_original(session, campaign, access.the_user(), comment_key)
    return redirect(url_for(".one", campaign_id=campaign_id, comment_key=comment_key), 303)


@bp.post(ONE)
def decide(campaign_id: int, comment_key: int) -> ResponseReturnValue:
    """Let through with these masks, or withhold with a reason; then the next one that waits."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    version = request.form.get("version", 0, type=int)
    try:
        with writing() as session:
            user = access.the_user()
            if request.form.get("act") == "withhold":
                reason = request.form.get("reason", "")
                deciding.withhold(session, campaign, user, comment_key, version, reason)
                flash(_("Не показывать: записано."))
            else:
                hide = request.form.getlist("hide")
                deciding.let_through(session, campaign, user, comment_key, version, hide)
                flash(_("Пропущено: слова увидят те, кому они предназначены."))
    except Refusal as refusal:
        db.session.rollback()
        return _one(campaign_id, comment_key, str(refusal)), 422
    following = sight.after(db.session(), campaign_id, comment_key)
    if following is None:
        return redirect(url_for(".index", campaign_id=campaign_id), 303)
    return redirect(url_for(".one", campaign_id=campaign_id, comment_key=following), 303)


def _one(campaign_id: int, key: int, wrong: str = "") -> str:
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    return render_template(
        "operator/comments/one.html",
        campaign=campaign,
        it=sight.one(session, campaign, key, access.the_user()),
        following=sight.after(session, campaign_id, key),
        waiting=sight.counted(session, campaign_id, CommentState.WAITING),
        reasons=dict(list(spoken.REASONS.items())[:-1]),
        known=spoken.REASONS,
        wrong=wrong,
    )


@bp.post("/audience")
@access.entrusted()
def audience(campaign_id: int) -> ResponseReturnValue:
    """Who reads what is let through: the head's word."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    asked = request.form.get("audience", "")
    if asked not in list(spoken.Audience):
        raise Refusal(_("Выберите, кто читает слова."))
    with writing() as session:
        deciding.set_audience(session, campaign, access.the_user(), spoken.Audience(asked))
    flash(_("Сохранено."))
    return redirect(url_for(".index", campaign_id=campaign_id), 303)


@bp.get("/wipe")
@access.entrusted()
def wiping_page(campaign_id: int) -> ResponseReturnValue:
    """What is lost when originals are destroyed."""
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    return render_template(
        "operator/comments/wipe.html",
        campaign=campaign,
        months=wiping.months(session, campaign_id),
        waiting=sight.counted(session, campaign_id, CommentState.WAITING),
    )


@bp.post("/wipe")
@access.entrusted()
def wipe(campaign_id: int) -> ResponseReturnValue:
    """Destroy every original of this campaign now."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    if "sure" not in request.form:
        raise Refusal(_("Отметьте, что понимаете: вернуть подлинники будет нельзя."))
    with writing() as session:
        which = wiping.months(session, campaign.id)
        if which:
            wiping.wipe(session, campaign.id, access.the_user().login, which)
    wiping.emptied()
    flash(_("Подлинники уничтожены. Пропущенные слова остались."))
    return redirect(url_for(".index", campaign_id=campaign_id), 303)
