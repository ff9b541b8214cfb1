"""Our own tables to fill in: one a questionnaire that a campaign's files may be keyed by."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from flask import send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from documents.keeping import MIME
from operator_app.files.forms import CHANNEL_ORDER
from surveys import answers, library
from surveys.channels import CHANNELS
from surveys.models import Assessment, Campaign, Organization
from surveys.refusals import NotFound


class Blank(NamedTuple):
    """One template: the questionnaire's title and where its table is."""

    title: str
    url: str


def offered(campaign: Campaign) -> list[Blank]:
    """A template for each questionnaire that this campaign's files use."""
    return [
        Blank(
            library.questionnaire(name).title,
            url_for("files.blank", campaign_id=campaign.id, questionnaire=name),
        )
        for name in _names(campaign)
    ]


def answer(session: Session, campaign: Campaign, questionnaire: str) -> ResponseReturnValue:
    """The template as a file. Raises NotFound for a questionnaire that this campaign does not ask."""
    if questionnaire not in _names(campaign):
        raise NotFound(questionnaire)
    made = answers.template(library.questionnaire(questionnaire), organizations(session, campaign.id))
    name = f"анкеты-{questionnaire}.xlsx"
    return send_file(
        io.BytesIO(made), mimetype=MIME["xlsx"], as_attachment=True, download_name=name, max_age=0
    )


def organizations(session: Session, campaign_id: int, most: int | None = None) -> Sequence[Organization]:
    """Whom the campaign is about, by name; nobody when there are more than `most`."""
    found = select(Organization).join(Assessment, Assessment.organization_id == Organization.id)
    mine = found.where(Assessment.campaign_id == campaign_id).order_by(Organization.name)
    if most is None:
        return session.scalars(mine).all()
    some = session.scalars(mine.limit(most + 1)).all()
    return some if len(some) <= most else []


def _names(campaign: Campaign) -> list[str]:
    asked = (campaign.questionnaire_of(CHANNELS[channel].number).name for channel in CHANNEL_ORDER)
    return list(dict.fromkeys(asked))
