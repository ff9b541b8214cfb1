"""Forms 1, 2 and 4 taken in and counted: the way in for what people say beside the survey, and what they said.

Sent twice, a form counts once, as in `intake`: the primary key of `opinion` comes from the form's own key. The tally is
kept in the same transaction. Nothing here is read by results, packages or releases (docs/decisions/0034).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from surveys import gate, hidden
from surveys.channels import BY_NUMBER
from surveys.db import writing
from surveys.intake import Outcome
from surveys.models import Assessment, Campaign, Organization, Stage
from surveys.opinions import Form, Opinion, OpinionTally, items


@dataclass(frozen=True, slots=True)
class Said:
    """One form that was heard to the end. `about`: the release of form 1, the measure of form 4, else 0.

    `campaign_id`: the campaign that has to collect for it to be taken; None for a form that is open at any time.
    """

    form: Form
    key: int
    assessment_id: int
    channel: int
    place: int
    day: date
    answers: str
    about: int = 0
    words: str = ""
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many said one thing, as `opinions.items` names it."""

    assessment_id: int
    form: Form
    about: int
    channel: str
    item: str
    count: int


def accept(said: Said, *, another: bool = True) -> Outcome:
    """Take one form in, in a transaction of its own. `another`: false on a device that has answered already."""
    with writing() as session:
        return take(session, said, another=another)


def take(session: Session, said: Said, *, another: bool = True) -> Outcome:
    """The same inside the caller's transaction."""
    met = before(session, said)
    if met is not None:
        return met
    if said.campaign_id is not None and not _collects(session, said.campaign_id):
        return Outcome.CLOSED
    if not another:
        return Outcome.DIFFERS
    row = {
        "key": said.key,
        "form": said.form,
        "assessment_id": said.assessment_id,
        "release_id": said.about if said.form is Form.AGREEMENT else None,
        "measure_id": said.about if said.form is Form.REVIEW else None,
        "channel": said.channel,
        "place": said.place,
        "day": said.day,
        "answers": said.answers,
    }
    fresh = _insert(session, Opinion).values(row).on_conflict_do_nothing().returning(Opinion.key)
    if session.execute(fresh).first() is None:  # another connection was quicker
        return before(session, said) or Outcome.DIFFERS
    _count(session, said)
    if said.words:
        about = said.about if said.form is Form.REVIEW else None
        hidden.put(session, said.form, said.assessment_id, said.day, said.words, measure_id=about)
    return Outcome.COUNTED


def _insert(session: Session, table: type[Opinion | OpinionTally]) -> postgresql.Insert | sqlite.Insert:
    crowded = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if crowded else sqlite.insert(table)


def _count(session: Session, said: Said) -> None:
    """Add one to everything that was said, always in one order: two writers never wait for each other in a ring."""
    key = {
        "assessment_id": said.assessment_id,
        "form": said.form,
        "about": said.about,
        "channel": said.channel,
    }
    rows = [{**key, "item": item, "count": 1} for item in sorted(items(said.form, said.answers))]
    added = _insert(session, OpinionTally).values(rows)
    summed = {"count": OpinionTally.count + added.excluded.count}
    session.execute(added.on_conflict_do_update(index_elements=[*key, "item"], set_=summed))


def before(session: Session, said: Said) -> Outcome | None:
    """What became of this form if it was counted before; None if it was not."""
    asked = select(Opinion.form, Opinion.assessment_id, Opinion.answers).where(Opinion.key == said.key)
    stored = session.execute(asked).one_or_none()
    if stored is None:
        return None
    same = tuple(stored) == (said.form, said.assessment_id, said.answers)
    return Outcome.REPEATED if same else Outcome.DIFFERS


def _collects(session: Session, campaign_id: int) -> bool:
    gate.hold_open(session.connection(), [campaign_id])
    asked = select(Campaign.id).where(Campaign.id == campaign_id, Campaign.stage == Stage.COLLECTING)
    return session.scalar(asked) is not None


def counts(session: Session, assessments: Sequence[int]) -> list[Count]:
    """Everything counted about these assessments, form by form."""
    asked = select(OpinionTally).where(OpinionTally.assessment_id.in_(assessments))
    order = (
        OpinionTally.assessment_id,
        OpinionTally.form,
        OpinionTally.about,
        OpinionTally.channel,
        OpinionTally.item,
    )
    return [
        Count(row.assessment_id, Form(row.form), row.about, BY_NUMBER[row.channel].id, row.item, row.count)
        for row in session.scalars(asked.order_by(*order))
    ]


def counted(session: Session, organization: Organization) -> list[dict[str, object]]:
    """Counts about one organisation for open data: a row for a campaign, form, channel and thing said.

    `about` is the number of the release in form 1 and of the measure in form 4, and empty in form 2.
    """
    asked = select(Assessment.id, Campaign.id, Campaign.year).join(Assessment.campaign)
    of = {row[0]: row for row in session.execute(asked.where(Assessment.organization_id == organization.id))}
    return [
        {
            "code": organization.code,
            "campaign": of[one.assessment_id][1],
            "year": of[one.assessment_id][2],
            "form": int(one.form),
            "about": one.about or None,
            "channel": one.channel,
            "said": one.item,
            "count": one.count,
        }
        for one in counts(session, list(of))
    ]


def summed(found: Iterable[Count], form: Form) -> dict[int, dict[str, int]]:
    """Of one form: what it was about → thing said → how many, over all channels."""
    told: dict[int, dict[str, int]] = {}
    for one in found:
        if one.form is form:
            heard = told.setdefault(one.about, {})
            heard[one.item] = heard.get(one.item, 0) + one.count
    return told


def reviews(session: Session, assessment_id: int) -> Mapping[int, Mapping[str, int]]:
    """Form 4: measure → verdict → how many."""
    return summed(counts(session, [assessment_id]), Form.REVIEW)
