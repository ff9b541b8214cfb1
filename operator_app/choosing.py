"""The organisation somebody means by a few typed words: part of its name, its number, its code."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import Field

from surveys import queries
from surveys.models import Assessment, Campaign

MOST_CANDIDATES = 5


def meant(session: Session, campaign: Campaign, field: Field) -> Assessment | None:
    """The organisation of this campaign that was meant, or at the field what to do."""
    words = (field.data or "").replace("\0", "").strip()
    total, rows = queries.progress(session, campaign.id, words, 1, MOST_CANDIDATES)
    same = [row for row in rows if words in (row[0].organization.name, row[0].organization.display_name)]
    if total == 1 or len(same) == 1:
        found: Assessment = (same or rows)[0][0]
        return found
    if total:
        names = "; ".join(f"{row[0].organization.display_name} — {row[0].organization.code}" for row in rows)
        told = _("Таких организаций несколько: %(names)s. Напишите код нужной.", names=names)
    else:
        told = _("Такой организации в кампании нет. Напишите часть названия, ИНН или код с плаката.")
    field.errors = [*field.errors, told]
    return None
