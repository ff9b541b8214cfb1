"""Made-up answers, seeded by the assessment's number: the same every time, marked as such."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from surveys.channels import CHANNELS
from surveys.intake import Finished, response_key
from surveys.models import Assessment, Campaign
from surveys.questionnaire import Question, Questionnaire, packed, path

CHANNEL_WEIGHTS = {
    "poster": 30,
    "site": 8,
    "kiosk": 12,
    "phone": 14,
    "interview": 10,
    "paper": 18,
    "import": 3,
    "official": 26,
}
FEWEST, MOST = 30, 150
FILTERS = {"disability": 0.14, "stand_seen": 0.62, "site_seen": 0.48, "remote_used": 0.41}
ASIDE = 0.04


def recipients(seed: str) -> int:
    """A made-up number of recipients a year."""
    return random.Random(f"recipients {seed}").randrange(80, 330)


def finished(
    campaign: Campaign, assessment: Assessment, asked: dict[int, Questionnaire], last: date
) -> Iterator[Finished]:
    """Questionnaires about one organisation; `asked` is the engine's form by the pinned number."""
    chance = random.Random(f"answers {campaign.year} {assessment.id}")
    liked = chance.betavariate(14, 2.2)
    days = max(1, (last - campaign.starts_on).days)
    for number in range(chance.randrange(FEWEST, MOST)):
        channel = CHANNELS[chance.choices(list(CHANNEL_WEIGHTS), list(CHANNEL_WEIGHTS.values()))[0]]
        pinned = campaign.questionnaire_of(channel.number)
        questionnaire = asked[pinned.id]
        yield Finished(
            key=response_key("demo", campaign.id, assessment.id, number),
            campaign_id=campaign.id,
            assessment_id=assessment.id,
            questionnaire=questionnaire,
            questionnaire_id=pinned.id,
            channel=channel.number,
            day=campaign.starts_on + timedelta(days=chance.randrange(days)),
            answers=packed(questionnaire, _answered(questionnaire, liked, chance)),
        )


def _answered(questionnaire: Questionnaire, liked: float, chance: random.Random) -> dict[str, str]:
    """One person's answers; what is not on the path is not asked and not answered."""
    said = {question.id: _answer(question, liked, chance) for question in questionnaire.closed}
    return {question.id: said[question.id] for question in path(questionnaire, said) if question.closed}


def _answer(question: Question, liked: float, chance: random.Random) -> str:
    values = [choice.value for choice in question.choices]
    if "yes" not in values:
        return chance.choice(values)
    aside = [value for value in values if value not in ("yes", "no")]
    if aside and chance.random() < (0.35 if "not_used" in aside else ASIDE):
        return aside[0]
    return "yes" if chance.random() < FILTERS.get(question.measure or "", liked) else "no"
