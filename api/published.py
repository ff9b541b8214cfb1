"""What is published, for anybody: figures of the release in force alone, as on the pages."""

from flask import Response, current_app
from flask_babel import gettext as _
from sqlalchemy import func, select

from api import answers, asked, cursors, lists, told
from api.contract.document import VERSION, document
from api.door import reading
from api.problems import nothing
from council.shelf import shelf
from documents.exports import row_json
from surveys import frozen, library, queries
from surveys.db import db
from surveys.models import searchable
from surveys.queries import LARGEST_NUMBER
from surveys.releases import SHORT, Release
from surveys.results import CampaignResults

CAMPAIGN = "/campaigns/<int(min=1, max=2147483647):campaign_id>"


@reading.get("/")
def start() -> Response:
    """What is here."""
    asked.given()
    session = db.session()
    published = select(func.count(Release.campaign_id.distinct())).where(Release.published_at.is_not(None))
    sections = ("organizations", "campaigns", "questionnaires")
    ways = {name: told.address(f"api.{name}") for name in sections}
    return answers.data(
        {
            "name": _("НОК: независимая оценка качества"),
            "version": VERSION,
            "organizations": queries.organizations_known(session),
            "campaigns": session.scalar(published) or 0,
            "links": {
                **ways,
                "openapi": told.address("api.document"),
                "documentation": told.address("api_pages.index"),
            },
        }
    )


@reading.get("/openapi.json", endpoint="document")
def openapi() -> Response:
    """The whole of it for programs."""
    asked.given()
    return answers.data(document(current_app.config["BASE_URL"]))


@reading.get("/organizations")
def organizations() -> Response:
    """Everybody whom the service knows."""
    wanted = asked.given()
    after = cursors.read(wanted["cursor"], 1)
    found, following = lists.organizations(db.session(), wanted, cursors.number(after[0]) if after else 0)
    return answers.data(cursors.page([told.organization(one) for one in found], following))


@reading.get("/organizations/<code>")
def organization(code: str) -> Response:
    """One organisation and its published results."""
    asked.given()
    session = db.session()
    found = queries.organization(session, code)
    if found is None:
        raise nothing(_("Организации с таким кодом нет."))
    releases = (
        frozen.in_force(session, one.campaign_id) for one in queries.assessments_of(session, found.id)
    )
    results = [shelf().released(one) for one in releases if one is not None]
    return answers.data(told.card(found, [one for one in results if code in one.by_code]))


@reading.get("/campaigns")
def campaigns() -> Response:
    """What is published."""
    wanted = asked.given()
    before = cursors.read(wanted["cursor"], 1)
    last = cursors.number(before[0]) if before else LARGEST_NUMBER
    found, following = lists.campaigns(db.session(), wanted, last)
    items = [told.campaign(*_published(one.id)) for one in found]
    return answers.data(cursors.page(items, following))


@reading.get(CAMPAIGN)
def campaign(campaign_id: int) -> Response:
    """One published campaign."""
    asked.given()
    return answers.data(told.campaign(*_published(campaign_id)))


@reading.get(f"{CAMPAIGN}/results")
def results(campaign_id: int) -> Response:
    """A campaign's rows by place; whoever has begun with a release reads it to the end."""
    wanted = asked.given()
    place = cursors.read(wanted["cursor"], 2)
    versions = _published(campaign_id)[1]
    release = versions[0] if place is None else _begun(versions, place[0])
    first = 0 if place is None else cursors.number(place[1])
    found = shelf().released(release)
    rows = found.standings
    if wanted["municipality"]:
        name = searchable(wanted["municipality"])
        rows = [one for one in rows if searchable(one.municipality) == name]
    end = first + wanted["limit"]
    following = cursors.written(release.short, end) if end < len(rows) else None
    items = [row_json(one) for one in rows[first:end]]
    about = told.provenance(found, release)
    return answers.data(cursors.page(items, following, total=len(rows), **about))


@reading.get(f"{CAMPAIGN}/organizations/<code>")
def result(campaign_id: int, code: str) -> Response:
    """One organisation in a campaign."""
    wanted = asked.given()
    found, versions = _published(campaign_id)
    if code not in found.by_code:
        raise nothing(_("В этой кампании нет организации с таким кодом."))
    standing = found.by_code[code]
    return answers.data(told.result(found, versions[0], standing, trace=bool(wanted["trace"])))


@reading.get("/releases/<typed>")
def release(typed: str) -> Response:
    """The very bytes that were approved: they never change."""
    asked.given()
    if len(typed) not in (SHORT, 64) or set(typed) - set("0123456789abcdef"):
        raise nothing(_("Хэш — это 64 знака 0–9 и a–f или первые 12 из них."))
    found = db.session.scalar(select(Release).where(Release.short == typed[:SHORT]))
    if found is None or found.published_at is None or not found.sha256.startswith(typed):
        raise nothing(_("Выпуска с таким хэшем нет, или он не опубликован."))
    return answers.kept(found.content.encode(), fingerprint=found.sha256)


@reading.get("/questionnaires")
def questionnaires() -> Response:
    """The library."""
    asked.given()
    return answers.data(cursors.page([told.questionnaire(one) for one in library.questionnaires()], None))


@reading.get("/questionnaires/<questionnaire>")
def questionnaire(questionnaire: str) -> Response:
    """One questionnaire with its questions."""
    asked.given()
    try:
        return answers.data(told.questionnaire_text(library.questionnaire(questionnaire)))
    except LookupError:
        raise nothing(_("Такой анкеты в библиотеке нет.")) from None


def _published(campaign_id: int) -> tuple[CampaignResults, list[Release]]:
    """A campaign as the release in force has it, and every published one, the newest first. Raises Problem."""
    versions = [one for one in frozen.releases(db.session(), campaign_id) if one.published_at is not None]
    if not versions:
        raise nothing(_("Такой кампании нет, или её результаты не опубликованы."))
    return shelf().released(versions[0]), versions


def _begun(versions: list[Release], short: str) -> Release:
    """The release that a cursor names. Raises Problem."""
    found = next((one for one in versions if one.short == short), None)
    return found or cursors.refuse()
