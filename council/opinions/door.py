"""What pages of others show of opinions: the ways to speak out beside the survey."""

from typing import NamedTuple

from flask_babel import gettext as _

from council.opinions import subjects
from surveys.clock import today
from surveys.db import db
from surveys.models import Organization


class Way(NamedTuple):
    """A quiet link: the address under /q/<code>/, and what it says."""

    path: str
    title: str


def other_ways(organization: Organization, but: str = "") -> list[Way]:
    """Which forms beside the survey are open about this organisation now; `but`: the one the reader is at."""
    session, found = db.session(), []
    if subjects.newest_plan(session, organization.id, today()):
        found.append(Way("measures", _("Проверить, что исправили по плану")))
    return [one for one in found if one.path != but]
