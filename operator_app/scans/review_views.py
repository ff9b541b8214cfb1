"""Pages of review: what waits for people, how sure the reader turned out to be, the share of the blind sample."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms.validators import InputRequired, NumberRange

from accounts import access
from accounts.models import Duty
from operator_app.fields import WholeField
from operator_app.scans import batches, review_log, review_marks, review_second, review_words
from operator_app.scans.blueprint import bp
from paper import quality, reviewing, sampling
from surveys.db import db, writing
from surveys.models import Stage
from surveys.refusals import Refusal

__all__ = ["review_log", "review_marks", "review_second", "review_words"]
BETWEEN = _l("Введите число от 0 до %(most)s.", most=sampling.HIGHEST_SHARE)


class ShareForm(FlaskForm):
    """How many sure answers of a thousand a person reads as well."""

    share = WholeField(
        _l("Сколько уверенных ответов из тысячи проверять вслепую"),
        [InputRequired(BETWEEN), NumberRange(0, sampling.HIGHEST_SHARE, BETWEEN)],
        description=_l("Для новых пакетов. Ноль — не проверять: тогда и доля ошибок чтения не измеряется."),
    )


@bp.get("/review/")
def review(campaign_id: int) -> ResponseReturnValue:
    """What waits for people; to heads and verifiers also what they found of the reader."""
    session: Session = db.session()
    campaign, user = access.campaign_seen(session, campaign_id), access.the_user()
    checks = user.duty in (Duty.HEAD, Duty.VERIFIER)
    share = sampling.share_of(campaign)
    disputes = len(reviewing.disputes(session, campaign, user))
    found = quality.together(quality.of_batches(session, campaign_id).values()) if checks else None
    return render_template(
        "operator/scans/review.html",
        campaign=campaign,
        collects=campaign.stage == Stage.COLLECTING,
        marks=reviewing.left(session, campaign_id),
        words=reviewing.left(session, campaign_id, words=True),
        scanned=batches.of_campaign(session, campaign_id, 1, 1)[0] > 0,
        disputes=disputes,
        others=found.disputed - disputes if found else 0,
        quality=found,
        reviewers=quality.reviewers(session, campaign_id) if checks else [],
        share=share,
        share_form=ShareForm(share=share) if user.duty == Duty.HEAD else None,
    )


@bp.post("/review/share")
@access.entrusted()
def review_share(campaign_id: int) -> ResponseReturnValue:
    """How many sure answers of a thousand are read by a person as well, from now on."""
    form = ShareForm()
    with writing() as session:
        campaign = access.campaign_seen(session, campaign_id)
        if not form.validate_on_submit() or form.share.data is None:
            raise Refusal(next(iter(form.share.errors), BETWEEN))
        sampling.set_share(session, campaign, form.share.data, access.the_user().login)
    flash(_("Новые пакеты: вслепую проверяют %(share)s уверенных ответов из 1000.", share=form.share.data))
    return redirect(url_for(".review", campaign_id=campaign_id))
