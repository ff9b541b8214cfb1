"""The page about /api/v1 for people: made of the same contract as the document."""

from typing import NamedTuple

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from api.contract.acts import Operation
from api.contract.document import ABOUT, OPERATIONS, PREFIX
from api.problems import DETAILS, TITLES
from surveys.clock import today
from surveys.db import db
from surveys.models import Organization
from surveys.releases import Release

bp = Blueprint("api_pages", __name__, url_prefix="/api")


class Told(NamedTuple):
    """An act and a line that tries it."""

    act: Operation
    example: str


@bp.get("/")
def index() -> ResponseReturnValue:
    """What there is, with lines to try it by."""
    base, examples = f"{current_app.config['BASE_URL']}{PREFIX}", _examples()
    parts: dict[str, list[Told]] = {}
    for one in OPERATIONS:
        parts.setdefault(one.part, []).append(Told(one, one.example.format(base=base, **examples)))
    return render_template(
        "api/index.html",
        about=ABOUT,
        base=base,
        parts=parts,
        problems=[(status, title, DETAILS.get(status, "")) for status, title in TITLES.items()],
        limits={name: current_app.config[name].split()[0] for name in ("API_LIMIT", "API_TOKEN_LIMIT")},
    )


def _examples() -> dict[str, object]:
    """Something real to ask about, where there is any."""
    session = db.session()
    release = session.scalars(
        select(Release).where(Release.published_at.is_not(None)).order_by(Release.id.desc()).limit(1)
    ).first()
    code = session.scalar(select(Organization.code).order_by(Organization.id).limit(1))
    return {
        "campaign": release.campaign_id if release else 1,
        "short": release.short if release else "f46c548f6e82",
        "code": code or "K7M4PX2D",
        "year": today().year - 1,
        "batch": 12,
    }
