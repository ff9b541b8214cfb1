"""A made-up region in an empty database, as large as a benchmark asks."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app import create_app
from config import Config
from surveys import campaigns, codes, keys
from surveys.clock import today
from surveys.db import migrate, writing
from surveys.models import Organization, Region, searchable

SECRET = "benchmarks-only-" + "0" * 32
REGION = "Область измерений"
ANSWERS = (
    "stand=yes&site=not_used&on_time=yes&comfort=no&disability=no&first_contact=yes&service_staff=yes"
    "&remote_used=yes&remote_staff=yes&recommend=yes&schedule=unsure&overall=yes"
)


def made(data_dir: Path, organizations: int) -> tuple[Flask, int, Sequence[str]]:
    """A service with one open campaign; returns it, the campaign's number and the organisations' codes."""
    config = Config(
        SECRET_KEY=SECRET, SQLALCHEMY_DATABASE_URI=f"sqlite:///{data_dir / 'nok.sqlite3'}", DATA_DIR=data_dir
    )
    app = create_app(config)
    migrate(app)
    with app.app_context():
        with writing() as session:
            region = Region(name=REGION)
            session.add(region)
            session.flush()
            session.add_all(_organization(number, region.id) for number in range(organizations))
            session.flush()
            campaign = campaigns.create(session, _plan())
            number = campaign.id
        with writing() as session:
            return app, number, list(session.scalars(select(Organization.code).order_by(Organization.id)))


def _organization(number: int, region_id: int) -> Organization:
    name = f"Городская поликлиника № {number}"
    return Organization(
        code=codes.fresh(),
        key=f"bench {number}",
        name=name,
        sector="health",
        region_id=region_id,
        recipients_per_year=5_000,
        search=searchable(name),
    )


def _plan() -> campaigns.Plan:
    year = today().year
    return campaigns.Plan("Измерение", year, "health", REGION, date(year, 1, 1), date(year, 12, 31))


def bodies(organization_codes: Sequence[str], count: int) -> list[str]:
    """«address<tab>body» of so many different questionnaires, spread evenly over the organisations."""
    secret = SECRET.encode()
    lines = []
    for number in range(count):
        code = organization_codes[number % len(organization_codes)]
        lines.append(f"/q/{code}\tkey={keys.minted(secret, code).decode()}&{ANSWERS}")
    return lines
