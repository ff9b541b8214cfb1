"""What pages of others show of opinions: the ways to speak out beside the survey, and what was counted."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from flask_babel import gettext as _

import nok
from council.opinions import subjects, words
from surveys import frozen, queries, voices
from surveys.clock import today
from surveys.db import db
from surveys.models import Organization
from surveys.opinions import CRITERIA, Form

#: Of rated forms: below it a mean says more of chance than of people, and is not shown.
FEWEST = 10
#: A month for the council, a month for the authority (norms B §7).
MONTHS_TO_RESULTS = 2


class Way(NamedTuple):
    """A quiet link: the address under /q/<code>/, and what it says."""

    path: str
    title: str


class Scored(NamedTuple):
    """Form 2 about one criterion: how many gave which step, how many rated it, their mean if they are enough."""

    name: str
    steps: str
    rated: int
    mean: nok.Figure | None


class Beside(NamedTuple):
    """What people said of one result; `agreement` is None where no score is published."""

    agreement: Mapping[str, int] | None
    doubted: str
    scored: list[Scored]
    forms: int


def other_ways(organization: Organization, but: str = "") -> list[Way]:
    """Which forms beside the survey are open about this organisation now; `but`: the one the reader is at."""
    session, found = db.session(), []
    if queries.open_assessment(session, organization.id, today()):
        found.append(Way("scores", _("Поставить оценки по пяти критериям")))
    score = subjects.published(session, organization)
    if score:
        found.append(
            Way("agree", _("Сказать, согласны ли вы с оценкой за %(year)s год", year=score.facts.year))
        )
    if subjects.newest_plan(session, organization.id, today()):
        found.append(Way("measures", _("Проверить, что исправили по плану")))
    return [one for one in found if one.path != but]


def last_result(organization: Organization) -> int | None:
    """The year of the newest published result."""
    result = next(subjects.released(db.session(), organization), None)
    return result.facts.year if result else None


def results_by(ends_on: date) -> date:
    """By when the results of a campaign that collects until this day are to be expected."""
    months = ends_on.month - 1 + MONTHS_TO_RESULTS
    year, month = ends_on.year + months // 12, months % 12 + 1
    return date(year, month, min(ends_on.day, monthrange(year, month)[1]))


def beside(code: str, campaign_id: int) -> Beside | None:
    """What people said of an organisation's result in a campaign; nothing is left out for being unpleasant."""
    session = db.session()
    organization = queries.organization(session, code)
    found = queries.assessment(session, campaign_id, organization.id) if organization else None
    if found is None:
        return None
    heard = voices.counts(session, [found.id])
    release = frozen.in_force(session, campaign_id)
    agreed = voices.summed(heard, Form.AGREEMENT).get(release.id, {}) if release else None
    scores = voices.summed(heard, Form.SCORES).get(0, {})
    doubted = {name: (agreed or {}).get(name, 0) for name in CRITERIA}
    return Beside(
        agreed,
        words.listed(words.CRITERIA_SHORT, doubted),
        [_scored(name, scores) for name in CRITERIA],
        scores.get("all", 0),
    )


def _scored(name: str, scores: Mapping[str, int]) -> Scored:
    steps = {step: scores.get(f"{name}:{step}", 0) for step in words.STEPS}
    rated = sum(count for step, count in steps.items() if step != "0")
    total = sum(int(step) * count for step, count in steps.items())
    mean = nok.Figure(Fraction(total, rated), 1) if rated >= FEWEST else None
    return Scored(str(words.CRITERIA_SHORT[name]), words.listed(words.STEPS_COUNTED, steps), rated, mean)
