"""What every page of the telephone stands on: its blueprint, its campaign, its secret."""

from fractions import Fraction

from flask import Blueprint, current_app
from flask_babel import gettext as _

import nok
from accounts import access
from accounts.models import Duty, Role
from operator_app.phone.forgetting import wipe_overdue
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal

bp = Blueprint("phone", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/phone")
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER, Duty.INTERVIEWER))


def campaign_of(campaign_id: int) -> Campaign:
    """This campaign, its contacts wiped if it has ended. Raises NotFound."""
    found = access.campaign_seen(db.session(), campaign_id)
    wipe_overdue(found)
    return access.campaign_seen(db.session(), campaign_id)


def collects(campaign: Campaign) -> bool:
    """May one call today?"""
    return campaign.stage == Stage.COLLECTING and campaign.starts_on <= today() <= campaign.ends_on


def calling_campaign(campaign_id: int) -> Campaign:
    """This campaign, if one may call today. Raises Refusal."""
    found = campaign_of(campaign_id)
    if not collects(found):
        raise Refusal(over(found))
    return found


def over(campaign: Campaign) -> str:
    """Why nobody calls today."""
    if campaign.stage == Stage.COLLECTING and today() < campaign.starts_on:
        return str(_("Сбор ответов ещё не начался: звонить рано."))
    return str(_("Сбор ответов закончен: звонить больше не нужно, номера стёрты."))


def secret() -> str:
    """The service's own secret."""
    return str(current_app.config["SECRET_KEY"])


@bp.context_processor
def _ways() -> dict[str, object]:
    return {
        "may_supervise": lambda: access.may_open("phone.supervision"),
        "may_let_on": lambda: access.may_open("phone.let_on"),
    }


@bp.app_template_filter()
def tenths(figure: Fraction | None) -> str:
    """5,4; a dash where there is nothing to divide by."""
    return "—" if figure is None else nok.comma(nok.printed(figure, 1))
