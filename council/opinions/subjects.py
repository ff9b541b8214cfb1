"""What a form is about: found by its address, open or not, with the mark that a device keeps after answering."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from council.plans import reading
from council.shelf import shelf
from surveys import frozen, queries
from surveys.models import Assessment, Campaign, Organization
from surveys.opinions import Form
from surveys.plans import Measure, Plan
from surveys.refusals import NotFound, NothingOpen, UnknownCode
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
    """The newest score in a release in force."""
    for assessment in queries.assessments_of(session, organization.id):
        release = frozen.in_force(session, assessment.campaign_id)
        if release is not None:
            found = shelf().released(release)
            if organization.code in found.by_code:
                return Published(assessment, release, found.facts, found.by_code[organization.code])
    return None


def agreement(session: Session, code: str, today: date) -> tuple[Subject, Published]:
    """The published score. Raises UnknownCode, NotFound."""
    found = organization(session, code)
    score = published(session, found)
    if score is None:
        raise NotFound(code)
    subject = Subject(
        Form.AGREEMENT,
        found,
        score.assessment,
        "agree",
        "nok_agreed",
        score.release.id,
        today + REMEMBERED,
    )
    return subject, score


def scores(session: Session, code: str, today: date) -> Subject:
    """The organisation in the campaign that collects. Raises UnknownCode, NothingOpen."""
    found = organization(session, code)
    assessment = queries.open_assessment(session, found.id, today)
    if assessment is None:
        raise NothingOpen(found.display_name)
    campaign = assessment.campaign
    return Subject(Form.SCORES, found, assessment, "scores", "nok_scored", 0, campaign.ends_on, campaign.id)


def review(session: Session, code: str, measure_id: int, today: date) -> tuple[Subject, reading.Line]:
    """A measure of a published plan. Raises UnknownCode, NotFound."""
    found, row = organization(session, code), session.get(Measure, measure_id)
    assessment = session.get(Assessment, row.assessment_id) if row else None
    plan = session.get(Plan, assessment.id) if assessment else None
    ours = assessment is not None and assessment.organization_id == found.id
    if row is None or assessment is None or plan is None or not ours:
        raise NotFound(str(measure_id))
    if not reading.approved_once(plan) or not reading.in_plan(row):
        raise NotFound(str(measure_id))
    line = next(one for one in reading.in_force(session, plan, today).lines if one.id == row.id)
    subject = Subject(
        Form.REVIEW,
        found,
        assessment,
        f"measures/{row.id}",
        "nok_reviewed",
        row.id,
        today + REMEMBERED,
    )
    return subject, line
