"""The administrator's door: who has an account, which campaigns there are, the last acts of the staff."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from accounts import access
from accounts.models import AuditEvent, Role, User
from surveys import overview, queries
from surveys.db import db

bp = Blueprint("admin", __name__, url_prefix="/admin")
access.only(bp, Role.ADMIN)

LAST_ACTS = 20


@bp.get("/")
def index() -> ResponseReturnValue:
    """Users, campaigns, the last acts."""
    session = db.session()
    return render_template(
        "admin/index.html",
        users=session.scalars(select(User).order_by(User.login)).all(),
        campaigns=overview.lines(session, queries.campaigns(session), lambda c: ""),
        events=session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(LAST_ACTS)).all(),
    )
