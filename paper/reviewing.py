"""Doubts and samples handed to people, and what they decide; every function that writes stands inside writing().

A doubt holds its sheet until a person decides. A sample is a sure answer that a person reads as well: to the reviewer
it is the same thing in every respect, so that what is measured is the reader and not the reviewer's trust in it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from accounts import deciders
from accounts.models import Duty, User
from paper import crops, vault
from paper.geometry import Spot
from paper.known import Form, form_of
from paper.marks import PageSeen
from paper.settled import disputed
from paper.tables import (
    Doubt,
    DoubtKind,
    ScannedPage,
    ScannedSheet,
    SheetState,
)
from surveys.batches import Batch, State
from surveys.clock import now
from surveys.models import Campaign
from surveys.questionnaire import Question
from surveys.refusals import NotFound

AHEAD = 20
KEPT = timedelta(minutes=10)
FURTHER = 12.0
"""Millimetres above and below a question with boxes that are shown with it: a mark may stand a line off."""
SEEN = (DoubtKind.DOUBT, DoubtKind.SAMPLE)
GONE = (State.UNDONE, State.DROPPED, State.REFUSED)


def undecided(words: bool = False) -> ColumnElement[bool]:
    """Nobody has looked at it; words wait until their sheet counts, for a sheet set aside has none."""
    if words:
        return and_(
            Doubt.decided.is_(None),
            Doubt.kind == DoubtKind.WORDS,
            ScannedSheet.state == SheetState.COUNTED,
        )
    return and_(Doubt.decided.is_(None), Doubt.kind.in_(SEEN))


def of_campaign(campaign_id: int) -> Select[Doubt]:
    """Everything of a campaign that people look at, whatever is decided; undone batches left aside."""
    return (
        select(Doubt)
        .join(ScannedSheet, ScannedSheet.id == Doubt.sheet_id)
        .join(Batch, Batch.id == Doubt.batch_id)
        .where(
            Batch.campaign_id == campaign_id,
            Batch.state.not_in(GONE),
            ScannedSheet.state.in_((SheetState.WAITING, SheetState.COUNTED)),
        )
    )


def looked_at(campaign_id: int) -> Select[Doubt]:
    """What people have decided in a campaign, be it known of which sheet or not any more; words left aside."""
    return (
        select(Doubt)
        .outerjoin(ScannedSheet, ScannedSheet.id == Doubt.sheet_id)
        .join(Batch, Batch.id == Doubt.batch_id)
        .where(
            Batch.campaign_id == campaign_id,
            Batch.state.not_in(GONE),
            Doubt.decided_by.is_not(None),
            Doubt.kind != DoubtKind.WORDS,
            or_(Doubt.sheet_id.is_(None), ScannedSheet.state.in_((SheetState.WAITING, SheetState.COUNTED))),
        )
    )


def left(session: Session, campaign_id: int, *, words: bool = False) -> int:
    """How many wait for a first look, whoever holds them."""
    counted = of_campaign(campaign_id).where(undecided(words)).with_only_columns(func.count())
    return int(session.scalar(counted) or 0)


def hand_out(
    session: Session, campaign: Campaign, user: User, *, words: bool = False, number: int = AHEAD
) -> Sequence[Doubt]:
    """The next ones of this person, nobody else's for some minutes.

    Which they are is chance, so that a review broken off is still a fair sample of all questions; those in hand stand
    question by question, as the eye goes faster so.
    """
    moment = now()
    waiting = of_campaign(campaign.id).where(undecided(words)).order_by(Doubt.place)
    mine = list(session.scalars(waiting.where(Doubt.held_by == user.id, Doubt.held_until > moment)))[:number]
    if len(mine) < number:
        free = or_(Doubt.held_until.is_(None), Doubt.held_until <= moment, Doubt.held_by.is_(None))
        more = waiting.where(free).limit(number - len(mine))
        mine += session.scalars(more.with_for_update(of=Doubt, skip_locked=True)).all()
    for doubt in mine:
        doubt.held_by, doubt.held_until = user.id, moment + KEPT
    session.flush()
    return sorted(mine, key=lambda doubt: (doubt.question, doubt.place))


def let_go(session: Session, user: User) -> None:
    """The person leaves: others need not wait until the minutes are over."""
    for doubt in session.scalars(select(Doubt).where(Doubt.held_by == user.id, Doubt.decided.is_(None))):
        doubt.held_by = doubt.held_until = None


def find(session: Session, campaign: Campaign, token: str, *, locked: bool = False) -> Doubt:
    """By what the page knows of it. Raises NotFound."""
    if not (token.isascii() and token.isdigit() and len(token) <= 19):
        raise NotFound(token)
    asked = of_campaign(campaign.id).where(Doubt.place == int(token))
    if locked:
        asked = asked.with_for_update(of=Doubt).execution_options(populate_existing=True)
    found = session.scalar(asked)
    if found is None:
        raise NotFound(token)
    return found


def may_see(doubt: Doubt, user: User) -> bool:
    """Handed out to this person, or decided by him; heads and verifiers see every sheet anyway."""
    return user.id in (doubt.held_by, doubt.decided_by) or user.duty in (Duty.HEAD, Duty.VERIFIER)


class Shown(NamedTuple):
    """What is looked at: the question as it was printed, on which picture, and where on the sheet it stands.

    `asked`: the question itself; `spot`: what is shown, with what is around it: of every question with boxes,
    whatever is in them, or the size of a picture would tell a doubt from a sample.
    """

    doubt: Doubt
    form: Form
    question: Question
    page: ScannedPage
    asked: Spot
    spot: Spot
    boxes: Sequence[Spot]


def shown(session: Session, doubt: Doubt) -> Shown:
    """Everything that a page asks of a doubt. Raises NotFound when its sheet has no number any more."""
    if doubt.sheet_id is None or doubt.page_id is None:
        raise NotFound(str(doubt.place))
    sheet, page = session.get_one(ScannedSheet, doubt.sheet_id), session.get_one(ScannedPage, doubt.page_id)
    form = form_of(session, sheet.run_id) if sheet.run_id else None
    side = form.geometry.side(page.side or 1) if form else None
    spots = {**side.words, **side.asked} if side else {}
    if form is None or doubt.question not in spots:
        raise NotFound(str(doubt.place))
    question = form.questionnaire.question(doubt.question)
    boxes = [box.spot for box in side.boxes if box.question == doubt.question] if side else []
    asked = spot = spots[doubt.question]
    if boxes:
        spot = _higher(asked, form.geometry.height)
    return Shown(doubt, form, question, page, asked, spot, boxes)


def _higher(spot: Spot, height: float) -> Spot:
    top, low = max(0.0, spot.y - FURTHER), min(height, spot.y + spot.height + FURTHER)
    return spot._replace(y=top, height=low - top)


def picture(session: Session, found: Shown) -> bytes:
    """The whole of the question on the page, with air around it, as a JPEG. Raises NotFound, Locked."""
    seen = PageSeen.from_dict(found.page.seen)
    return crops.crop(vault.open_page(session, found.page), seen, found.spot, asked=found.asked)


def disputes(session: Session, campaign: Campaign, user: User) -> list[Doubt]:
    """What this person may decide as the second one."""
    waiting = of_campaign(campaign.id).where(disputed()).order_by(Doubt.question, Doubt.place)
    if user.duty not in (Duty.HEAD, Duty.VERIFIER):
        return []
    return [doubt for doubt in session.scalars(waiting) if may_decide(session, campaign, doubt, user)]


def may_decide(session: Session, campaign: Campaign, doubt: Doubt, user: User) -> bool:
    """Not the first person; the head may where the team has nobody else."""
    if doubt.decided_by != user.id:
        return user.duty in (Duty.HEAD, Duty.VERIFIER)
    return user.duty == Duty.HEAD and not deciders.others(session, campaign.region_id, [user.id])


def held_by_another(doubt: Doubt, user: User) -> bool:
    """In somebody else's hands at this moment."""
    return doubt.held_by not in (None, user.id) and doubt.held_until is not None and doubt.held_until > now()
