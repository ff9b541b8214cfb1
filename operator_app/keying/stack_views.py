"""Pages of stacks: the queue, a new stack, one stack with what may be done about it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts import access
from accounts.models import Duty
from operator_app import choosing
from operator_app.keying import checking, quality, stacks, undoing
from operator_app.keying.blueprint import STACK, bp
from operator_app.keying.forms import PAPER, ReasonForm, ShareForm, StackForm, SureForm
from operator_app.keying.sheets import SPOILED
from operator_app.keying.tables import Sheet
from surveys import queries
from surveys.channels import BY_NUMBER, CHANNELS
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal

MOST_NAMES = 1_000


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """Stacks to key, sheets that wait for a second keying, disagreements, what is known of errors."""
    session: Session = db.session()
    campaign, user = access.campaign_seen(session, campaign_id), access.the_user()
    found = stacks.piles(session, campaign)
    counts = stacks.counts_of(session, [one.number for one in found], user)
    checks = user.duty in (Duty.HEAD, Duty.VERIFIER)
    return render_template(
        "operator/keying/index.html",
        campaign=campaign,
        collects=campaign.stage == Stage.COLLECTING,
        piles=[(one, counts[one.number]) for one in found],
        disputed=checking.disputed(session, campaign, user) if checks else [],
        quality=quality.error_rate(session, campaign_id) if checks else None,
        share=stacks.share_of(campaign),
        share_form=ShareForm(share=stacks.share_of(campaign)) if user.duty == Duty.HEAD else None,
        channels=BY_NUMBER,
    )


@bp.post("/share")
@access.entrusted()
def share(campaign_id: int) -> ResponseReturnValue:
    """How many sheets of a hundred are keyed twice, from now on."""
    campaign, form = access.campaign_seen(db.session(), campaign_id), ShareForm()
    stacks.check_collects(campaign)
    if not form.validate_on_submit() or form.share.data is None:
        raise Refusal(next(iter(form.share.errors), _("Введите число от 0 до 100.")))
    with writing() as session:
        stacks.set_share(
            session, access.campaign_seen(session, campaign_id), form.share.data, access.the_user().login
        )
    flash(_("Новые пачки: второй раз вводят %(share)s из 100 листов.", share=form.share.data))
    return redirect(url_for(".index", campaign_id=campaign_id))


@bp.route("/new", methods=["GET", "POST"])
def new(campaign_id: int) -> ResponseReturnValue:
    """A new stack of sheets about one organisation."""
    session: Session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    form = StackForm(campaign, data=_usual(campaign) if request.method == "GET" else None)
    if form.is_submitted():
        stacks.check_collects(campaign)
    if form.validate_on_submit():
        assessment = choosing.meant(session, campaign, form.organization)
        if assessment is not None:
            plan = stacks.Plan(
                assessment,
                CHANNELS[form.channel.data].number,
                form.filled_on.data,
                (form.title.data or "").strip(),
                form.sheets.data,
            )
            with writing() as session:
                made = stacks.open_stack(
                    session, access.campaign_seen(session, campaign_id), plan, access.the_user()
                ).number
            return redirect(url_for(".key", campaign_id=campaign_id, stack_id=made))
    return render_template(
        "operator/keying/new.html",
        campaign=campaign,
        form=form,
        collects=campaign.stage == Stage.COLLECTING,
        names=queries.progress(session, campaign_id, "", 1, MOST_NAMES)[1],
    ), 422 if form.is_submitted() else 200


@bp.get(STACK)
def stack(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """One stack: how far it is and what may be done about it."""
    session: Session = db.session()
    found = stacks.pile(session, access.campaign_seen(session, campaign_id), stack_id)
    user = access.the_user()
    sheets = session.query(Sheet).filter(Sheet.batch_id == stack_id)
    checks = user.duty in (Duty.HEAD, Duty.VERIFIER)
    return render_template(
        "operator/keying/stack.html",
        campaign=found.campaign,
        pile=found,
        counts=stacks.counts_of(session, [stack_id], user)[stack_id],
        channels=BY_NUMBER,
        spoiled=[
            (one.number, SPOILED.get(one.reason, one.reason)) for one in sheets if one.state == "spoiled"
        ],
        disputed=[one.number for one in sheets if one.state == "third"] if checks else [],
        may_close=checks or found.batch.made_by == user.login,
        checks=checks,
        sure=SureForm(),
        reason=ReasonForm() if user.duty == Duty.HEAD else None,
    )


@bp.post(f"{STACK}/close")
def close(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """No new sheets, or again some: by a verifier, the head, or whoever opened the stack."""
    user, form = access.the_user(), SureForm()
    with writing() as session:
        found = stacks.working(session, access.campaign_seen(session, campaign_id), stack_id)
        if user.duty not in (Duty.HEAD, Duty.VERIFIER) and found.batch.made_by != user.login:
            raise Refusal(_("Закрыть пачку может тот, кто её открыл, верификатор или руководитель."))
        if request.form.get("act") == "reopen":
            stacks.reopen(session, found, user)
        else:
            stacks.close(session, found, user, knowing=form.sure.data)
    return redirect(url_for(".stack", campaign_id=campaign_id, stack_id=stack_id))


@bp.post(f"{STACK}/undo")
@access.entrusted(Duty.VERIFIER)
def undo(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """Take the whole stack back."""
    form = SureForm()
    with writing() as session:
        found = stacks.working(session, access.campaign_seen(session, campaign_id), stack_id)
        if not form.sure.data:
            raise Refusal(_("Отметьте, что знаете: все листы пачки перестанут учитываться."))
        taken = undoing.undo(session, found, access.the_user())
    flash(_("Пачка отменена. Снято с учёта анкет: %(count)s.", count=taken))
    return redirect(url_for(".stack", campaign_id=campaign_id, stack_id=stack_id))


@bp.post(f"{STACK}/accept")
@access.entrusted()
def accept(campaign_id: int, stack_id: int) -> ResponseReturnValue:
    """Count what waits for a second keying without it, and say why."""
    form = ReasonForm()
    with writing() as session:
        found = stacks.working(session, access.campaign_seen(session, campaign_id), stack_id)
        if not form.validate_on_submit():
            raise Refusal(next(iter(form.reason.errors), _("Напишите причину.")))
        taken = checking.accept_unchecked(session, found, access.the_user(), form.reason.data or "")
    flash(_("Учтено без второго ввода листов: %(count)s.", count=taken))
    return redirect(url_for(".stack", campaign_id=campaign_id, stack_id=stack_id))


def _usual(campaign: Campaign) -> dict[str, object]:
    """What a new stack most often is; the organisation may come in the address."""
    day = min(max(today(), campaign.starts_on), campaign.ends_on)
    return {"organization": request.args.get("organization", "")[:400], "channel": PAPER[0], "filled_on": day}
