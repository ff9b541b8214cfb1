"""Which poster an organisation gets: its code's address, its place, the official code beside it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from surveys import library, mended, queries
from surveys.channels import CHANNELS
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Organization, Place, Stage
from surveys.paper import Asked, Poster
from surveys.refusals import PinnedChanged

OFFICIAL = "https://bus.gov.ru/qrcode/rate/"
RUSSIAN = ("ru",)
BATCH = 200


def of(
    session: Session,
    organization: Organization,
    base_url: str,
    place: str = "",
    languages: Sequence[str] = RUSSIAN,
) -> Poster:
    """The poster of one organisation, for one place of it when the place is named and known."""
    collecting = queries.open_assessment(session, organization.id, today())
    known = _place(session, organization.id, place) if place else None
    return _poster(
        organization, base_url, place, known.number if known else None, tuple(languages),
        mended.carried_out(session, organization.id), collecting.campaign.demo if collecting else False,
        _asked_about(session, [organization.id]).get(organization.id),
    )  # fmt: skip


def run(
    chosen: Select[int], base_url: str, places: Sequence[str] = (), languages: Sequence[str] = RUSSIAN
) -> Callable[[int], Iterator[tuple[int, Poster]]]:
    """Posters of chosen organisations after the one with a number, in order, for every place.

    New places are numbered as they come. Not to be called inside writing().
    """

    def after(last: int) -> Iterator[tuple[int, Poster]]:
        following = chosen.order_by(Organization.id).limit(BATCH)
        while batch := db.session.scalars(following.where(Organization.id > last)).all():
            numbers = _numbered(batch, places)
            session = db.session()
            done, demo = mended.carried_out_by(session, batch), _in_demonstrations(session, batch)
            asked = _asked_about(session, batch)
            found = select(Organization).where(Organization.id.in_(batch)).order_by(Organization.id)
            for one in session.scalars(found).all():
                for place in places or ("",):
                    number, changes = numbers.get((one.id, place)), done.get(one.id, [])
                    args = (one, base_url, place, number, tuple(languages), changes, one.id in demo)
                    yield one.id, _poster(*args, asked.get(one.id))
            last = batch[-1]
            session.expunge_all()

    return after


def chosen(organization_codes: Collection[str] = (), campaign_id: int | None = None) -> Select[int]:
    """The organisations named, else those of the campaign, else all: for `run`."""
    query = select(Organization.id)
    if organization_codes:
        return query.where(Organization.code.in_(organization_codes))
    if campaign_id is not None:
        return query.join(Assessment).where(Assessment.campaign_id == campaign_id)
    return query


def how_many(session: Session, chosen: Select[int]) -> int:
    """How many organisations are chosen."""
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def asked(campaign: Campaign) -> Asked | None:
    """What a campaign asks by its posters; None when its questionnaire is not the pinned one any more."""
    pinned = campaign.questionnaire_of(CHANNELS["poster"].number)
    try:
        form = library.pinned(pinned.name, pinned.sha256)
    except PinnedChanged:
        return None
    return Asked(len(form.numbered), all(question.kind == "yes_no" for question in form.numbered))


def _asked_about(session: Session, organization_ids: Collection[int]) -> dict[int, Asked | None]:
    """What is asked about each of the organisations now, else what will be: posters hang before the first day."""
    day = today()
    found = session.execute(
        select(Assessment.organization_id, Campaign)
        .join(Campaign)
        .where(
            Assessment.organization_id.in_(organization_ids),
            Campaign.stage == Stage.COLLECTING,
            Campaign.ends_on >= day,
        )
        .order_by(Campaign.starts_on <= day, Campaign.year, Campaign.id)  # the last one is the open door's
    ).all()
    told = {campaign.id: asked(campaign) for campaign in {campaign for _id, campaign in found}}
    return {organization_id: told[campaign.id] for organization_id, campaign in found}


def _in_demonstrations(session: Session, organization_ids: Collection[int]) -> set[int]:
    """Those of the organisations whose answers are collected today only to show how it is done."""
    day = today()
    found = (
        select(Assessment.organization_id)
        .join(Campaign)
        .where(
            Assessment.organization_id.in_(organization_ids),
            Campaign.demo,
            Campaign.stage == Stage.COLLECTING,
            Campaign.starts_on <= day,
            Campaign.ends_on >= day,
        )
    )
    return set(session.scalars(found))


def _numbered(organization_ids: Sequence[int], places: Sequence[str]) -> dict[tuple[int, str], int]:
    if not places:
        return {}
    there: dict[int, list[Place]] = {one: [] for one in organization_ids}
    query = select(Place).where(Place.organization_id.in_(organization_ids)).order_by(Place.number)
    for found in db.session.scalars(query):
        there[found.organization_id].append(found)
    known = {
        (one, place): same.number
        for one in organization_ids
        for place in places
        if (same := _alike(there[one], place)) is not None
    }
    missing = [(one, place) for one in organization_ids for place in places if (one, place) not in known]
    db.session.rollback()
    if missing:
        with writing() as session:
            for organization_id, place in missing:
                organization = session.get_one(Organization, organization_id)
                known[organization_id, place] = number_place(session, organization, place).number
    return known


def _poster(
    organization: Organization, base_url: str, place: str, number: int | None, languages: tuple[str, ...],
    done: Sequence[mended.Mended], demo: bool, asked: Asked | None,
) -> Poster:  # fmt: skip
    return Poster(
        name=organization.name,
        code=organization.code,
        address_url=f"{base_url}/q/{organization.code}",
        place=place,
        place_number=number,
        agency_url=OFFICIAL + organization.agency_id if organization.agency_id.isdigit() else None,
        changes=[one.done for one in done],
        demo=demo,
        languages=languages,
        asked=asked,
    )


def number_place(session: Session, organization: Organization, name: str) -> Place:
    """The numbered place with this name, a new one if it is new: the code holds the number."""
    found = _place(session, organization.id, name)
    if found is None:
        last = session.scalar(select(func.max(Place.number)).where(Place.organization_id == organization.id))
        found = Place(organization_id=organization.id, number=(last or 0) + 1, name=name)
        session.add(found)
        session.flush()
    return found


def _place(session: Session, organization_id: int, name: str) -> Place | None:
    query = select(Place).where(Place.organization_id == organization_id).order_by(Place.number)
    return _alike(session.scalars(query), name)


def _alike(places: Iterable[Place], name: str) -> Place | None:
    """The place with this name, else one whose name differs in capitals alone: «регистратура» is one place."""
    found = [one for one in places if one.name.casefold() == name.casefold()]
    return next((one for one in found if one.name == name), found[0] if found else None)
