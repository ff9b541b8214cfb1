"""How often keying is wrong, with its interval; how fast it goes. Not measured is never nought."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.keying.tables import Pace, Sheet, Stack
from surveys import library, rates
from surveys.batches import Batch, State
from surveys.display import thousands
from surveys.models import Pinned


@dataclass(frozen=True, slots=True)
class Rate(rates.Rate):
    """Answers wrong at first keying among those that two people read."""

    @property
    def told(self) -> str:
        """The whole sentence, for a page or a report."""
        if not self.compared:
            return str(_("Доля ошибок ввода ещё не измерена: ни один ответ не сверен вторым вводом."))
        return str(
            _(
                "Сверено вторым вводом ответов: %(compared)s, из них с ошибкой первого ввода: %(wrong)s. Доля ошибок "
                "%(percent)s.",
                compared=thousands(self.compared),
                wrong=thousands(self.wrong),
                percent=self.percent,
            )
        )


class Keyer(NamedTuple):
    """One keyer's error rate and pace; `an_hour` is None until enough sheets followed one another."""

    name: str
    rate: Rate
    sheets: int
    again: int
    an_hour: int | None


class Box(NamedTuple):
    """One question's error rate."""

    number: int | None
    caption: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Quality:
    """What double keying has shown of a campaign's paper: undone stacks left aside."""

    overall: Rate
    sheets: int
    doubled: int
    disputed: int
    spoiled: int
    off_path: int
    keyers: tuple[Keyer, ...]
    boxes: tuple[Box, ...]

    @property
    def told(self) -> str:
        """The rate in a sentence; while disagreements wait it says so, for each of them is somebody's error."""
        if not self.disputed:
            return self.overall.told
        left = _(
            "Листов с расхождением, которые ещё не разобраны: %(count)s. Когда их разберут, доля изменится.",
            count=thousands(self.disputed),
        )
        return f"{self.overall.told} {left}"


def error_rate(session: Session, campaign_id: int) -> Quality:
    """The campaign's error rate: overall, by keyer, by question; with what it rests on."""
    rows = session.execute(
        select(
            Sheet.first_by,
            func.sum(Sheet.first_wrong),
            func.sum(Sheet.compared),
            func.count(),
        )
        .join(Batch, Batch.id == Sheet.batch_id)
        .where(Batch.campaign_id == campaign_id, Batch.state == State.COUNTED)
        .group_by(Sheet.first_by)
    ).all()
    rates = {user_id: Rate(int(wrong), int(compared)) for user_id, wrong, compared, _sheets in rows}
    sheets, spoiled, off_path, doubled, disputed = _sums(session, campaign_id)
    return Quality(
        overall=Rate(sum(r.wrong for r in rates.values()), sum(r.compared for r in rates.values())),
        sheets=sheets,
        doubled=doubled,
        disputed=disputed,
        spoiled=spoiled,
        off_path=off_path,
        keyers=_keyers(session, campaign_id, rates),
        boxes=_boxes(session, campaign_id),
    )


def _sums(session: Session, campaign_id: int) -> tuple[int, int, int, int, int]:
    """(sheets, spoiled, answers off the path, sheets compared, sheets in dispute)."""
    row = session.execute(
        select(
            func.count(),
            func.count().filter(Sheet.state == "spoiled"),
            func.coalesce(func.sum(Sheet.off_path), 0),
            func.count().filter(Sheet.compared > 0),
            func.count().filter(Sheet.state == "third"),
        )
        .select_from(Sheet)
        .join(Batch, Batch.id == Sheet.batch_id)
        .where(Batch.campaign_id == campaign_id, Batch.state == State.COUNTED)
    ).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3]), int(row[4])


def _keyers(session: Session, campaign_id: int, rates: dict[int, Rate]) -> tuple[Keyer, ...]:
    rows = session.execute(
        select(
            User.id,
            User.name,
            User.login,
            func.sum(Pace.sheets),
            func.sum(Pace.again),
            func.sum(Pace.timed),
            func.sum(Pace.spent),
        )
        .select_from(Pace)
        .join(User, User.id == Pace.user_id)
        .join(Batch, Batch.id == Pace.batch_id)
        .where(Batch.campaign_id == campaign_id, Batch.state == State.COUNTED)
        .group_by(User.id, User.name, User.login)
        .order_by(User.name, User.login)
    )
    return tuple(
        Keyer(
            name or login,
            rates.get(user_id, Rate()),
            int(sheets),
            int(again),
            round(Fraction(int(timed) * 3600, int(spent))) if spent else None,
        )
        for user_id, name, login, sheets, again, timed, spent in rows
    )


def _boxes(session: Session, campaign_id: int) -> tuple[Box, ...]:
    """Questions in which errors were found, worst first; questionnaires of different channels apart."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    rows = session.execute(
        select(Pinned.name, Stack.boxes)
        .join(Stack, Stack.questionnaire_id == Pinned.id)
        .join(Batch, Batch.id == Stack.batch_id)
        .where(Batch.campaign_id == campaign_id, Batch.state == State.COUNTED)
    )
    for questionnaire, boxes in rows:
        for question, (compared, wrong) in (boxes or {}).items():
            total = found[questionnaire, question]
            total[0], total[1] = total[0] + compared, total[1] + wrong
    asked = {key: library.questionnaire(key[0]).question(key[1]) for key in found}
    made = [
        Box(asked[k].number, asked[k].caption, Rate(wrong, compared))
        for k, (compared, wrong) in found.items()
    ]
    return tuple(sorted(made, key=lambda box: (-(box.rate.share or 0), box.number or 99)))
