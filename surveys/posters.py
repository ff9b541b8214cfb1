"""Which poster an organisation gets: its code's address, its place, the official code beside it."""

from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys import queries
from surveys.clock import today
from surveys.models import Campaign, Organization, Place
from surveys.paper import Poster

OFFICIAL = "https://bus.gov.ru/qrcode/rate/"


def of(session: Session, organization: Organization, base_url: str, place: str = "") -> Poster:
    """The poster of one organisation, for one place of it when the place is named and known."""
    collecting = queries.open_assessment(session, organization.id, today())
    known = _place(session, organization.id, place) if place else None
    return Poster(
        name=organization.name,
        code=organization.code,
        address_url=f"{base_url}/q/{organization.code}",
        place=place,
        place_number=known.number if known else None,
        agency_url=OFFICIAL + organization.agency_id if organization.agency_id.isdigit() else None,
        demo=collecting.campaign.demo if collecting else False,
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


def wanted(
    session: Session, organization_codes: Iterable[str], campaign: Campaign | None
) -> Iterator[Organization]:
    """The organisations named, else those of the campaign, else all."""
    chosen = list(organization_codes)
    query = select(Organization).order_by(Organization.id)
    if chosen:
        query = query.where(Organization.code.in_(chosen))
    elif campaign is not None:
        query = query.where(
            Organization.sector == campaign.sector, Organization.region_id == campaign.region_id
        )
    yield from session.scalars(query)


def _place(session: Session, organization_id: int, name: str) -> Place | None:
    return session.scalar(select(Place).where(Place.organization_id == organization_id, Place.name == name))
