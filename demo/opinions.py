"""What people say beside the survey, in the demonstration: agreement, steps, reviews of measures; always the same."""

from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import frozen, voices
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.intake import response_key
from surveys.models import Assessment, Campaign
from surveys.opinions import CRITERIA, STEPS, VERDICTS, Form
from surveys.plans import Measure

FORMS = 24
CHANNEL = CHANNELS["poster"].number
AGREEMENTS = ("yes", "yes", "yes", "no", "no3", "no24")
#: Weights of steps and verdicts, in their order: content on the whole, and not about everything.
STEPS_WEIGH, VERDICTS_WEIGH = (9, 10, 4, 2, 1, 3), (5, 4, 2, 3)


def published(session: Session, campaign: Campaign) -> None:
    """Agreement with the published score of the campaign's first organisation, and reviews of its measures."""
    release, assessment = frozen.in_force(session, campaign.id), _first(session, campaign)
    if release is None:
        return
    dice = Random(campaign.id)
    for number in range(FORMS):
        _say(session, assessment, Form.AGREEMENT, number, dice.choice(AGREEMENTS), release.id)
    of_plan = (
        select(Measure.id)
        .where(Measure.assessment_id == assessment.id, Measure.agreed_due_on.is_not(None))
        .order_by(Measure.position)
    )
    for measure_id in session.scalars(of_plan).all():
        for number in range(dice.randrange(FORMS // 3)):
            [verdict] = dice.choices(VERDICTS, VERDICTS_WEIGH)
            _say(session, assessment, Form.REVIEW, number, verdict, measure_id)


def collecting(session: Session, campaign: Campaign) -> None:
    """Steps to the five criteria of the campaign's first organisation."""
    assessment, dice = _first(session, campaign), Random(campaign.id)
    for number in range(FORMS):
        steps = "".join(dice.choices(STEPS, STEPS_WEIGH, k=len(CRITERIA)))
        _say(session, assessment, Form.SCORES, number, steps)


def _say(
    session: Session, assessment: Assessment, form: Form, number: int, answers: str, about: int = 0
) -> None:
    key = response_key("demo", form, assessment.id, about, number)
    voices.take(session, voices.Said(form, key, assessment.id, CHANNEL, 0, today(), answers, about))


def _first(session: Session, campaign: Campaign) -> Assessment:
    asked = select(Assessment).where(Assessment.campaign_id == campaign.id)
    return session.scalars(asked.order_by(Assessment.organization_id).limit(1)).one()
