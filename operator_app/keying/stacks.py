"""Stacks of paper: opened, numbered, closed, undone. Whoever writes about a stack locks its row first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import audit
from accounts.models import User
from operator_app.keying.tables import Sheet, Stack
from surveys import clock, library
from surveys.batches import Batch, Kind, State
from surveys.models import Assessment, Campaign, Pinned, Stage
from surveys.questionnaire import Questionnaire
from surveys.refusals import NotFound, Refusal

USUAL_SHARE = 10
HIGHEST = 9_999
AHEAD = 5  # numbers a keyer has in hand: so many sheets can be keyed while the network is away
KEPT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Pile:
    """A stack with all that its pages and its writers ask of it."""

    stack: Stack
    batch: Batch
    campaign: Campaign
    assessment: Assessment
    questionnaire: Questionnaire

    @property
    def number(self) -> int:
        """By which the stack is known."""
        return self.batch.id

    @property
    def title(self) -> str:
        """What it was called, or what it is."""
        return self.stack.title or str(_("Пачка № %(number)s", number=self.number))

    @property
    def undone(self) -> bool:
        """Nothing of it counts any more."""
        return self.batch.state == State.UNDONE

    @property
    def collects(self) -> bool:
        """May anything about it still be written?"""
        return self.campaign.stage == Stage.COLLECTING and not self.undone


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new stack is made of."""

    assessment: Assessment
    channel: int
    filled_on: date
    title: str = ""
    sheets: int | None = None


def share_of(campaign: Campaign) -> int:
    """How many sheets of a hundred are keyed twice."""
    told = (campaign.desk or {}).get("keying", {}).get("second_share", USUAL_SHARE)
    return int(told)


def set_share(session: Session, campaign: Campaign, share: int, login: str) -> None:
    """Another share for stacks opened from now on."""
    check_collects(campaign)
    desk = campaign.desk or {}
    campaign.desk = {**desk, "keying": {**desk.get("keying", {}), "second_share": share}}
    audit.record(session, login, "keying share", str(campaign.id), share=share)


def _next_title(session: Session, campaign: Campaign) -> str:
    """«Пачка № 1» for the first of the campaign: whoever opens another meanwhile waits for his number."""
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    own = select(func.count()).select_from(Batch).where(Batch.campaign_id == campaign.id)
    opened = session.scalar(own.where(Batch.kind == Kind.KEYING)) or 0
    return str(_("Пачка № %(number)s", number=opened + 1))


def open_stack(session: Session, campaign: Campaign, plan: Plan, user: User) -> Pile:
    """A new stack, ready to be keyed. Raises Refusal when the campaign does not collect."""
    check_collects(campaign)
    pinned = campaign.questionnaire_of(plan.channel)
    title = plan.title or _next_title(session, campaign)
    batch = Batch(
        campaign_id=campaign.id,
        kind=Kind.KEYING,
        state=State.COUNTED,
        channel=plan.channel,
        questionnaire_id=pinned.id,
        file_name=title,
        made_by=user.login,
        made_at=clock.to_the_second(),
    )
    session.add(batch)
    session.flush()
    stack = Stack(
        batch_id=batch.id,
        assessment_id=plan.assessment.id,
        questionnaire_id=pinned.id,
        channel=plan.channel,
        title=title,
        sheets=plan.sheets,
        filled_on=plan.filled_on,
        second_share=share_of(campaign),
    )
    session.add(stack)
    session.flush()
    audit.record(
        session, user.login, "stack opened", f"{campaign.id}/{plan.assessment.organization.code}/{batch.id}"
    )
    return Pile(stack, batch, campaign, plan.assessment, library.pinned(pinned.name, pinned.sha256))


def pile(session: Session, campaign: Campaign, batch_id: int, *, locked: bool = False) -> Pile:
    """A stack of this campaign; `locked` inside writing(). Raises NotFound."""
    stack = session.get(Stack, batch_id, with_for_update=True if locked else None, populate_existing=locked)
    batch = session.get(Batch, batch_id)
    if stack is None or batch is None or batch.campaign_id != campaign.id:
        raise NotFound(str(batch_id))
    pinned = session.get_one(Pinned, stack.questionnaire_id)
    return Pile(
        stack,
        batch,
        campaign,
        session.get_one(Assessment, stack.assessment_id),
        library.pinned(pinned.name, pinned.sha256),
    )


def working(session: Session, campaign: Campaign, batch_id: int) -> Pile:
    """The stack locked for one writer, if anything may still be written about it. Raises Refusal."""
    found = pile(session, campaign, batch_id, locked=True)
    check_collects(campaign)
    if found.undone:
        raise Refusal(_("Эта пачка отменена: её листы больше не учитываются. Откройте новую пачку."))
    return found


def check_collects(campaign: Campaign) -> None:
    """Raises Refusal once the campaign takes no more answers."""
    if campaign.stage != Stage.COLLECTING:
        raise Refusal(_("Сбор ответов закончен: анкеты больше не принимаются и не меняются."))


def numbers_for(session: Session, found: Pile, user: User) -> list[int]:
    """The next numbers of this keyer, nobody else's for half an hour; inside writing(), the stack locked."""
    handed, now = found.stack.handed or {}, datetime.now(UTC)
    keyed = set(session.scalars(select(Sheet.number).where(Sheet.batch_id == found.number)))
    others = {
        number
        for name, kept in handed.items()
        if name != str(user.id) and datetime.fromisoformat(kept["until"]) > now
        for number in kept["numbers"]
    }
    mine = [
        number
        for number in handed.get(str(user.id), {"numbers": []})["numbers"]
        if number not in keyed | others
    ]
    free = (number for number in count(max(mine, default=0) + 1) if number not in keyed | others)
    mine += [next(free) for _number in range(AHEAD - len(mine))]
    until = (now + KEPT).isoformat()
    found.stack.handed = {**handed, str(user.id): {"numbers": mine, "until": until}}
    return mine


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a stack is. `second`: wait for a second keying; `mine`: of these, whom this user may key."""

    keyed: int = 0
    counted: int = 0
    spoiled: int = 0
    second: int = 0
    third: int = 0
    mine: int = 0
    off_path: int = 0

    @property
    def waiting(self) -> int:
        """Sheets that are keyed and do not count yet."""
        return self.second + self.third


def counts_of(session: Session, batches: Sequence[int], user: User) -> dict[int, Counts]:
    """How far each of these stacks is."""
    rows = session.execute(
        select(Sheet.batch_id, Sheet.state, Sheet.first_by, func.count(), func.sum(Sheet.off_path))
        .where(Sheet.batch_id.in_(batches))
        .group_by(Sheet.batch_id, Sheet.state, Sheet.first_by)
    )
    found: dict[int, dict[str, int]] = {batch_id: {} for batch_id in batches}
    for batch_id, state, keyer, number, off_path in rows:
        told = found[batch_id]
        also = ("mine",) if state == "second" and keyer != user.id else ()
        for name in (state, "keyed", *also):
            told[name] = told.get(name, 0) + number
        told["off_path"] = told.get("off_path", 0) + int(off_path or 0)
    return {batch_id: Counts(**told) for batch_id, told in found.items()}


def piles(session: Session, campaign: Campaign) -> list[Pile]:
    """Every stack of the campaign, newest first."""
    rows = session.execute(
        select(Stack, Batch, Assessment, Pinned)
        .join(Batch, Batch.id == Stack.batch_id)
        .join(Assessment, Assessment.id == Stack.assessment_id)
        .join(Pinned, Pinned.id == Stack.questionnaire_id)
        .where(Batch.campaign_id == campaign.id)
        .order_by(Batch.id.desc())
    )
    return [
        Pile(stack, batch, campaign, assessment, library.pinned(pinned.name, pinned.sha256))
        for stack, batch, assessment, pinned in rows
    ]


def waiting(session: Session, campaign_id: int) -> int:
    """Sheets of a campaign that are keyed and wait for another pair of eyes: they count nowhere yet."""
    found = session.scalar(
        select(func.count())
        .select_from(Sheet)
        .join(Batch, Batch.id == Sheet.batch_id)
        .where(
            Batch.campaign_id == campaign_id,
            Batch.state == State.COUNTED,
            Sheet.state.in_(("second", "third")),
        )
    )
    return int(found or 0)


def close(session: Session, found: Pile, user: User, *, knowing: bool) -> None:
    """No new sheets; those that wait go on waiting, and that must be known. Raises Refusal."""
    left = counts_of(session, [found.number], user)[found.number].waiting
    if left and not knowing:
        raise Refusal(
            _(
                "В пачке ждут другого человека листов: %(count)s. Пока их не введут второй раз или не разберут, они не "
                "учтены. Отметьте, что знаете об этом, и закройте пачку ещё раз.",
                count=left,
            )
        )
    found.stack.closed = True
    audit.record(session, user.login, "stack closed", f"{found.campaign.id}/{found.number}", waiting=left)


def reopen(session: Session, found: Pile, user: User) -> None:
    """More sheets of it turned up."""
    found.stack.closed = False
    audit.record(session, user.login, "stack reopened", f"{found.campaign.id}/{found.number}")
