"""How surely the reader reads, as people found it: its error rate with the interval, and what went to people and why.

The rate is that of the answers that were counted without anybody's look: a sample of them was read again, blind.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import User
from paper import whys
from paper.reviewing import GONE, looked_at
from paper.settled import TYPED, counted, disputed
from paper.tables import Doubt, DoubtKind, ScannedSheet, SheetState
from surveys import rates
from surveys.batches import Batch, Kind
from surveys.display import thousands
from surveys.models import Response
from surveys.questionnaire import OFF_PATH

SHORTEST, LONGEST = 0.2, 60.0  # seconds between two decisions that tell how fast somebody works
LATEST = 20_000  # decisions from which the pace is told


@dataclass(frozen=True, slots=True)
class Rate(rates.Rate):
    """Sure answers that turned out wrong, among those that people read as well without knowing it."""

    @property
    def told(self) -> str:
        """The whole sentence, for a page or a report."""
        if not self.compared:
            return str(
                _("Доля ошибок чтения ещё не измерена: ни один уверенный ответ не проверен человеком.")
            )
        return str(
            _(
                "Проверено вслепую уверенно прочитанных ответов: %(compared)s, из них прочитано неверно: %(wrong)s. "
                "Доля ошибок чтения %(percent)s.",
                compared=thousands(self.compared),
                wrong=thousands(self.wrong),
                percent=self.percent,
            )
        )


class Why(NamedTuple):
    """How many answers went to people for one reason."""

    title: str
    answers: int


class Reviewer(NamedTuple):
    """One person's pace; `an_hour` is None until enough decisions followed one another."""

    name: str
    looked: int
    an_hour: int | None


@dataclass(frozen=True, slots=True)
class Quality:
    """What a batch or a campaign is known to be worth. `answers`: on the path of its counted sheets.

    `reopened`: undecided doubts of counted sheets, of questions that a filter put right has opened.

    `by_people`: how many of these answers a person had to give; `agreed`: doubts about which the person said what the
    reader had thought, among `thought`.
    """

    rate: Rate
    answers: int
    by_people: int
    doubts: int
    whys: Sequence[Why]
    open: int
    reopened: int
    samples_open: int
    disputed: int
    words: int
    words_open: int
    thought: int
    agreed: int

    @property
    def told(self) -> str:
        """The rate in a sentence; while disagreements wait it says so."""
        if not self.disputed:
            return self.rate.told
        waiting = _(
            "Ждут второго человека: %(count)s. Когда он решит, доля может измениться.",
            count=thousands(self.disputed),
        )
        return f"{self.rate.told} {waiting}"

    @property
    def to_people(self) -> str:
        """«37 из 5 200 (0,71 %)»; empty when nothing was read."""
        if not self.answers:
            return ""
        some = min(self.by_people, self.answers)
        share = rates.printed(Fraction(some, self.answers))
        return str(
            _(
                "%(some)s из %(all)s (%(share)s %%)",
                some=thousands(some),
                all=thousands(self.answers),
                share=share,
            )
        )

    @property
    def finished(self) -> bool:
        """Is there nothing left for people?"""
        return not (self.open or self.samples_open or self.disputed or self.words_open)


NOTHING = Quality(Rate(), 0, 0, 0, (), 0, 0, 0, 0, 0, 0, 0, 0)


def of_batch(session: Session, batch_id: int) -> Quality:
    """What is known of one batch."""
    return _of(session, Batch.id == batch_id)[batch_id]


def of_batches(session: Session, campaign_id: int) -> dict[int, Quality]:
    """Batch → what is known of it, for every batch of scans in the campaign that was not undone."""
    return _of(session, and_(Batch.campaign_id == campaign_id, Batch.state.not_in(GONE)))


def together(batches: Iterable[Quality]) -> Quality:
    """All batches of a campaign together."""
    found = list(batches)
    counts: defaultdict[str, int] = defaultdict(int)
    for one in found:
        for why in one.whys:
            counts[why.title] += why.answers
    return Quality(
        Rate(sum(one.rate.wrong for one in found), sum(one.rate.compared for one in found)),
        whys=_most_first(counts),
        **{name: sum(getattr(one, name) for one in found) for name in _SUMS},
    )


_SUMS = (
    "answers",
    "by_people",
    "doubts",
    "open",
    "reopened",
    "samples_open",
    "disputed",
    "words",
    "words_open",
    "thought",
    "agreed",
)


def _of(session: Session, which: ColumnElement[bool]) -> defaultdict[int, Quality]:
    answers = _answers(session, which)
    reasons = _reasons(session, which)
    found: defaultdict[int, Quality] = defaultdict(lambda: NOTHING)
    word = counted(func.coalesce(Doubt.final, Doubt.decided))
    on_counted = or_(
        ScannedSheet.state == SheetState.COUNTED, and_(Doubt.sheet_id.is_(None), ~Doubt.uncounted)
    )
    settled = and_(Doubt.decided.is_not(None), ~disputed())
    is_doubt, is_sample = Doubt.kind == DoubtKind.DOUBT, Doubt.kind == DoubtKind.SAMPLE
    is_words, nobody = Doubt.kind == DoubtKind.WORDS, Doubt.decided.is_(None)
    thought = and_(is_doubt, settled, Doubt.read.is_not(None))
    sums = (
        and_(is_sample, settled, word != Doubt.read),
        and_(is_sample, settled),
        and_(is_doubt, on_counted),
        is_doubt,
        and_(is_doubt, nobody),
        and_(is_doubt, nobody, ScannedSheet.state == SheetState.COUNTED),
        and_(is_sample, nobody),
        disputed(),
        and_(is_words, Doubt.decided == TYPED),
        and_(is_words, nobody, ScannedSheet.state == SheetState.COUNTED),
        thought,
        and_(thought, word == Doubt.read),
    )
    rows = session.execute(
        select(Batch.id, *(func.sum(case((one, 1), else_=0)) for one in sums))
        .select_from(Batch)
        .join(Doubt, Doubt.batch_id == Batch.id)
        .outerjoin(ScannedSheet, ScannedSheet.id == Doubt.sheet_id)
        .where(Batch.kind == Kind.SCANS, which, _lives())
        .group_by(Batch.id)
    )
    told = {batch_id: [int(number or 0) for number in numbers] for batch_id, *numbers in rows}
    for batch_id in {*told, *answers}:
        n = told.get(batch_id, [0] * len(sums))
        found[batch_id] = Quality(
            Rate(n[0], n[1]), answers.get(batch_id, 0), n[2], n[3], _most_first(reasons[batch_id]), *n[4:]
        )
    return found


def _lives() -> ColumnElement[bool]:
    """Of a sheet that counts or may; of those whose sheet is forgotten, all."""
    return or_(Doubt.sheet_id.is_(None), ScannedSheet.state.in_((SheetState.COUNTED, SheetState.WAITING)))


def _answers(session: Session, which: ColumnElement[bool]) -> dict[int, int]:
    """Batch → answers on the path of its counted sheets, blanks among them."""
    on_path = func.sum(func.length(func.replace(Response.answers, OFF_PATH, "")))
    answered = select(Batch.id, on_path).join(Response, Response.batch_id == Batch.id)
    rows = session.execute(answered.where(Batch.kind == Kind.SCANS, which).group_by(Batch.id))
    return {batch_id: int(number or 0) for batch_id, number in rows}


def _reasons(session: Session, which: ColumnElement[bool]) -> defaultdict[int, dict[str, int]]:
    rows = session.execute(
        select(Doubt.batch_id, Doubt.why, func.count())
        .join(Batch, Batch.id == Doubt.batch_id)
        .outerjoin(ScannedSheet, ScannedSheet.id == Doubt.sheet_id)
        .where(which, Doubt.kind == DoubtKind.DOUBT, _lives())
        .group_by(Doubt.batch_id, Doubt.why)
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for batch_id, why, count in rows:
        title = whys.title(why)
        found[batch_id][title] = found[batch_id].get(title, 0) + int(count)
    return found


def _most_first(counts: dict[str, int]) -> tuple[Why, ...]:
    return tuple(Why(*one) for one in sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def reviewers(session: Session, campaign_id: int) -> list[Reviewer]:
    """Who looked at how many places of a campaign, and how fast."""
    rows = session.execute(
        looked_at(campaign_id)
        .order_by(Doubt.decided_at.desc())
        .limit(LATEST)
        .with_only_columns(Doubt.decided_by, Doubt.decided_at)
    )
    moments: defaultdict[int, list[datetime]] = defaultdict(list)
    for user_id, moment in rows:
        if user_id and moment:
            moments[user_id].append(moment)
    names = {
        user.id: user.name or user.login for user in session.scalars(select(User).where(User.id.in_(moments)))
    }
    made = [Reviewer(names[user_id], len(own), pace(own)) for user_id, own in moments.items()]
    return sorted(made, key=lambda one: one.name)


def pace(moments: Sequence[datetime]) -> int | None:
    """Decisions an hour; long pauses, and decisions sent together after an outage, left aside."""
    ordered = sorted(moments)
    gaps = [(b - a).total_seconds() for a, b in zip(ordered, ordered[1:], strict=False)]
    timed = [gap for gap in gaps if SHORTEST <= gap <= LONGEST]
    return round(len(timed) * 3600 / sum(timed)) if len(timed) >= 5 else None
