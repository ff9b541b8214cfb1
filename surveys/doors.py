"""A door: all that a recipient's page and answer need about one organisation, looked up once and kept for seconds."""

from dataclasses import dataclass
from datetime import date

from flask import render_template
from flask_babel import get_locale
from sqlalchemy.orm import Session

from surveys import library, queries
from surveys.channels import CHANNELS, Channel
from surveys.models import Assessment
from surveys.page import KEY_MARK, KeyedPage, style_source
from surveys.questionnaire import Error, Questionnaire
from surveys.refusals import NothingOpen, PinnedChanged, UnknownCode

MOST_PLACES = 999


@dataclass(frozen=True, slots=True)
class Way:
    """How the visitor came: the address's own parameters, cut down to what is known."""

    code: str
    place: int = 0
    by_site: bool = False
    large: bool = False

    @property
    def channel(self) -> Channel:
        """The site's link or the poster's QR."""
        return CHANNELS["site" if self.by_site else "poster"]

    def query(self, *, large: bool | None = None) -> str:
        """The same way as a query string, "" or "?p=3&via=site&size=large"."""
        parts = [f"p={self.place}"] if self.place else []
        parts += ["via=site"] if self.by_site else []
        parts += ["size=large"] if (self.large if large is None else large) else []
        return "?" + "&".join(parts) if parts else ""


@dataclass(frozen=True, slots=True)
class Door:
    """An open door: where an answer goes, what is asked, and the page itself."""

    way: Way
    organization_name: str
    assessment_id: int
    campaign_id: int
    ends_on: date
    questionnaire: Questionnaire
    questionnaire_id: int
    page: KeyedPage
    policy: str


def open_door(session: Session, way: Way, today: date, core_css: str) -> Door:
    """Find the organisation's open campaign and draw its page. Raises UnknownCode, NothingOpen, PinnedChanged."""
    assessment = found(session, way.code, today)
    campaign = assessment.campaign
    pinned = campaign.questionnaire_of(way.channel.number)
    questionnaire = library.questionnaire(pinned.name)
    if questionnaire.content_hash != pinned.sha256:
        raise PinnedChanged(f"Анкета «{pinned.name}» изменилась после того, как её закрепила кампания.")
    html = drawn(session, way, assessment, questionnaire, core_css)
    return Door(
        way=way,
        organization_name=assessment.organization.display_name,
        assessment_id=assessment.id,
        campaign_id=campaign.id,
        ends_on=campaign.ends_on,
        questionnaire=questionnaire,
        questionnaire_id=pinned.id,
        page=KeyedPage(html),
        policy=f"default-src 'self'; style-src 'self' {style_source(core_css)}; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    )


def found(session: Session, code: str, today: date) -> Assessment:
    """The open assessment behind a code. Raises UnknownCode, NothingOpen."""
    organization = queries.organization(session, code)
    if organization is None:
        raise UnknownCode(code)
    assessment = queries.open_assessment(session, organization.id, today)
    if assessment is None:
        raise NothingOpen(organization.display_name)
    return assessment


def drawn(
    session: Session,
    way: Way,
    assessment: Assessment,
    questionnaire: Questionnaire,
    core_css: str,
    given: dict[str, str] | None = None,
    errors: list[Error] | None = None,
    key: str = KEY_MARK,
    *,
    stale: bool = False,
) -> str:
    """The survey page as HTML, with what was entered and what was wrong, if anything."""
    return render_template(
        "survey/form.html",
        organization=assessment.organization,
        place=queries.place_name(session, assessment.organization_id, way.place),
        questionnaire=questionnaire,
        total=len(questionnaire.numbered),
        given=given or {},
        errors={error.question.id: error.text_ru for error in errors or ()},
        action=f"/q/{way.code}{way.query()}",
        large=way.large,
        large_url=f"/q/{way.code}{way.query(large=not way.large)}",
        demo=assessment.campaign.demo,
        core_css=core_css,
        key=key,
        stale=stale,
        locale=str(get_locale()),
    )
