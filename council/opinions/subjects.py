"""What a form is about: found by its address, open or not, with the mark that a device keeps after answering."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from council.plans import reading
from council.shelf import shelf
from surveys import frozen, queries
from surveys.models import Assessment, Campaign, Organization
from surveys.opinions import Form
from surveys.plans import Measure, Plan
from surveys.refusals import NotAsked, NothingOpen, Refusal, UnknownCode
from surveys.releases import Release
from surveys.results import CampaignFacts, Standing

#: How long a device remembers that it answered a form that never closes.
REMEMBERED = timedelta(days=180)


@dataclass(frozen=True)
class Subject:
    """One form about one thing. `path`: its address under /q/<code>/; `ends_on`: the mark is forgotten after it."""

    form: Form
    organization: Organization
    assessment: Assessment
    path: str
    mark: str
    about: int
    ends_on: date
    campaign_id: int | None = None
    shut: Refusal | None = None  # why nothing new is taken; what was counted before stands

    @property
    def address(self) -> str:
        """Where the form is."""
        return f"/q/{self.organization.code}/{self.path}"

    @property
    def purpose(self) -> str:
        """What its key is sealed for: a key of another form, or of a thing that was replaced, does not fit."""
        return f"{self.organization.code}/{self.path}/{self.about}"

    @property
    def marked(self) -> str:
        """What the device keeps: the number of what was judged, nothing of the person."""
        return str(self.about or self.campaign_id)


def organization(session: Session, code: str) -> Organization:
    """Whoever is judged. Raises UnknownCode."""
    found = queries.organization(session, code)
    if found is None:
        raise UnknownCode(code)
    return found


def newest_plan(session: Session, organization_id: int, today: date) -> tuple[Campaign, reading.Sheet] | None:
    """The plan in force after the newest campaign that has one, with at least one measure."""
    for assessment in queries.assessments_of(session, organization_id):
        plan = reading.of_assessment(session, assessment)
        if plan is not None and reading.approved_once(plan):
            sheet = reading.in_force(session, plan, today)
            if sheet.kept:
                return assessment.campaign, sheet
    return None


class Published(NamedTuple):
    """An organisation's score that was published: the release in force and the figures in it."""

    assessment: Assessment
    release: Release
    facts: CampaignFacts
    standing: Standing


def published(session: Session, organization: Organization) -> Published | None:
    """The newest score in a release in force; a result without a total is no score."""
    return next(
        (one for one in released(session, organization) if one.standing.result.total is not None), None
    )


def released(session: Session, organization: Organization) -> Iterator[Published]:
    """The organisation in releases in force, newest first."""
    for assessment in queries.assessments_of(session, organization.id):
        release = frozen.in_force(session, assessment.campaign_id)
        if release is not None:
            found = shelf().released(release)
            if organization.code in found.by_code:
                yield Published(assessment, release, found.facts, found.by_code[organization.code])


def agreement(session: Session, code: str, today: date) -> tuple[Subject, Published]:
    """The published score. Raises UnknownCode, NotAsked."""
    found = organization(session, code)
    score = published(session, found)
    if score is None:
        raise NotAsked(code)
    return _agreement(found, score.assessment, score.release.id, today), score


def agreements(session: Session, code: str, today: date) -> list[Subject]:
    """Whatever of this organisation may have been agreed with before, newest first; shut. Raises UnknownCode."""
    found = organization(session, code)
    return [
        replace(_agreement(found, assessment, release.id, today), shut=NotAsked(code))
        for assessment in queries.assessments_of(session, found.id)
        for release in frozen.releases(session, assessment.campaign_id)
    ]


def _agreement(found: Organization, assessment: Assessment, release_id: int, today: date) -> Subject:
    told = ("agree", "nok_agreed", release_id, today + REMEMBERED)
    return Subject(Form.AGREEMENT, found, assessment, *told)


def scores(session: Session, code: str, today: date, *, shut: bool = False) -> Subject:
    """The organisation in the campaign that collects. Raises UnknownCode, NothingOpen.

    `shut`: when none does, in the last that did.
    """
    found, why = organization(session, code), None
    assessment = queries.open_assessment(session, found.id, today)
    if assessment is None:
        why = NothingOpen(found.display_name)
        assessment = queries.last_assessment(session, found.id, today) if shut else None
        if assessment is None:
            raise why
    campaign = assessment.campaign
    told = (Form.SCORES, found, assessment, "scores", "nok_scored", 0, campaign.ends_on, campaign.id)
    return Subject(*told, why)


def review(
    session: Session, code: str, measure_id: int, today: date, *, shut: bool = False
) -> tuple[Subject, reading.Line | None]:
    """A measure of a published plan. Raises UnknownCode, NotAsked. `shut`: or one that was in it, without its line."""
    found, row = organization(session, code), session.get(Measure, measure_id)
    assessment = session.get(Assessment, row.assessment_id) if row else None
    plan = session.get(Plan, assessment.id) if assessment else None
    ours = assessment is not None and assessment.organization_id == found.id
    if row is None or assessment is None or plan is None or not ours:
        raise NotAsked(str(measure_id))
    stands = reading.approved_once(plan) and reading.in_plan(row)
    if not stands and not shut:
        raise NotAsked(str(measure_id))
    lines = reading.in_force(session, plan, today).lines if stands else []
    subject = Subject(
        Form.REVIEW,
        found,
        assessment,
        f"measures/{row.id}",
        "nok_reviewed",
        row.id,
        today + REMEMBERED,
        shut=None if stands else NotAsked(str(measure_id)),
    )
    return subject, next((one for one in lines if one.id == row.id), None)
