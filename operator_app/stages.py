"""What may be written while a campaign collects, and no longer."""

from flask_babel import gettext as _

from accounts import access
from surveys.db import db
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal


def collecting(campaign_id: int) -> Campaign:
    """This campaign, if it still collects. Raises NotFound, and Refusal when it does not."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    if campaign.stage != Stage.COLLECTING:
        raise Refusal(_("Кампания больше не собирает ответы: здесь уже ничего не меняют."))
    return campaign
