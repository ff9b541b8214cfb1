"""What the telephone has brought: outcomes in AAPOR's terms, rates by formula, pace; no numbers and no answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from accounts.models import User
from operator_app.phone.dispositions import COMPLETE, RELEASES, TITLES, Disposition, dispositions
from operator_app.phone.tables import CallAttempt, Contact
from surveys import clock, queries
from surveys.models import Assessment, Organization

LETTERS = {
    "interview": "I",
    "partial": "P",
    "refusal": "R",
    "contact": "O",
    "noncontact": "NC",
    "unknown": "U",
}
IN_ALL = ("I", "P", "R", "NC", "O", "U")
#: name → (title, numerator, denominator), by AAPOR's Standard Definitions; U is UH + UO.
FORMULAS = {
    "RR1": (_l("Доля ответивших"), ("I",), IN_ALL),
    "RR2": (_l("Доля ответивших с прерванными"), ("I", "P"), IN_ALL),
    "COOP1": (_l("Согласие тех, с кем поговорили"), ("I",), ("I", "P", "R", "O")),
    "REF1": (_l("Доля отказов"), ("R",), IN_ALL),
    "CON1": (_l("Доля тех, с кем поговорили"), ("I", "P", "R", "O"), IN_ALL),
}


class Rate(NamedTuple):
    """One rate: its formula and both counts; nobody in the denominator: no share."""

    name: str
    title: str
    formula: str
    numerator: int
    denominator: int

    @property
    def share(self) -> Fraction | None:
        """Exact; None where there was nobody to ask."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


class Ended(NamedTuple):
    """One outcome: how many contacts stand at it, and how many calls ended so."""

    disposition: Disposition
    category: str
    contacts: int
    calls: int


class Pace(NamedTuple):
    """How one interviewer works; time on the line runs from a contact's opening to its outcome, `released` has none."""

    name: str
    calls: int
    interviews: int
    seconds: int
    interview_seconds: int
    released: int

    @property
    def an_hour(self) -> Fraction | None:
        """Interviews per hour on the line."""
        return Fraction(self.interviews * 3600, self.seconds) if self.seconds else None

    @property
    def mean_minutes(self) -> Fraction | None:
        """How long a call with a whole interview takes."""
        return Fraction(self.interview_seconds, 60 * self.interviews) if self.interviews else None


class Left(NamedTuple):
    """One organisation: contacts in all and still to be called, telephone interviews, all responses, target."""

    name: str
    contacts: int
    left: int
    interviews: int
    responses: int
    target: int | None


@dataclass(frozen=True)
class Summary:
    """A campaign's telephone. Rates are over contacts called at least once; those not called yet stand apart."""

    contacts: int
    called: int
    left: int
    calls: int
    interviews: int
    ended: Sequence[Ended]
    categories: Mapping[str, int]
    rates: Sequence[Rate]
    paces: Sequence[Pace]
    total: Pace


def summary(session: Session, campaign_id: int) -> Summary:
    """Everything a supervisor and the report want to know, in O(contacts) SQL and no row of a person."""
    counted = session.execute(
        select(Contact.outcome, Contact.finished, func.count())
        .where(Contact.campaign_id == campaign_id)
        .group_by(Contact.outcome, Contact.finished)
    ).all()
    stand: Counter[str] = Counter()
    for outcome, _finished, number in counted:
        if outcome is not None:
            stand[outcome] += number
    paces = _paces(session, campaign_id)
    total = Pace(
        "", *(sum(column) for column in list(zip(*paces, strict=True))[1:]) if paces else (0, 0, 0, 0, 0)
    )
    categories = _categories(stand)
    return Summary(
        contacts=sum(number for _outcome, _finished, number in counted),
        called=sum(stand.values()),
        left=sum(number for _outcome, finished, number in counted if not finished),
        calls=total.calls,
        interviews=total.interviews,
        ended=_ended(session, campaign_id, stand),
        categories=categories,
        rates=rates(categories),
        paces=paces,
        total=total,
    )


def rates(categories: Mapping[str, int]) -> list[Rate]:
    """Each rate out of how many contacts stand in each category."""
    counts = {letter: categories.get(name, 0) for name, letter in LETTERS.items()}
    return [
        Rate(
            name,
            str(title),
            f"{_sum(above)} / {_sum(below)}",
            sum(counts[letter] for letter in above),
            sum(counts[letter] for letter in below),
        )
        for name, (title, above, below) in FORMULAS.items()
    ]


def left(session: Session, campaign_id: int) -> list[Left]:
    """Organisations that have contacts, those with the most calls ahead first."""
    responses = queries.counted_about(Assessment.id)
    number = queries.DISPLAY_NAME
    unfinished = func.sum(case((Contact.finished.is_(False), 1), else_=0))
    heard = func.sum(case((Contact.outcome == COMPLETE, 1), else_=0))
    rows = session.execute(
        select(number, func.count(Contact.key), unfinished, heard, responses, Assessment.target)
        .select_from(Contact)
        .join(Assessment, Assessment.id == Contact.assessment_id)
        .join(Organization, Organization.id == Assessment.organization_id)
        .where(Contact.campaign_id == campaign_id)
        .group_by(Assessment.id, Assessment.target, Organization.id)
        .order_by(unfinished.desc(), Organization.id)
    )
    return [Left(*row) for row in rows]


def calling(session: Session, campaign_id: int) -> list[tuple[str, int]]:
    """(who, for how many minutes) holds a contact at this moment."""
    moment = clock.now()
    rows = session.execute(
        select(User.name, User.login, Contact.held_at)
        .join(User, User.id == Contact.held_by)
        .where(Contact.campaign_id == campaign_id, Contact.held_until >= moment)
        .order_by(Contact.held_at)
    )
    return [
        (name or login, int((moment - began).total_seconds()) // 60)
        for name, login, began in rows
        if began is not None
    ]


def _categories(stand: Mapping[str, int]) -> dict[str, int]:
    found = dict.fromkeys(TITLES, 0)
    for code, number in stand.items():
        found[dispositions()[code].category] += number
    return found


def _ended(session: Session, campaign_id: int, stand: Mapping[str, int]) -> list[Ended]:
    rows = session.execute(
        select(CallAttempt.outcome, func.count())
        .where(CallAttempt.campaign_id == campaign_id)
        .group_by(CallAttempt.outcome)
    )
    calls = {outcome: number for outcome, number in rows}
    return [
        Ended(one, str(TITLES[one.category]), stand.get(code, 0), calls.get(code, 0))
        for code, one in dispositions().items()
        if code in stand or code in calls
    ]


def _paces(session: Session, campaign_id: int) -> list[Pace]:
    whole, put_back = CallAttempt.outcome == COMPLETE, CallAttempt.outcome.in_(RELEASES)
    rows = session.execute(
        select(
            func.coalesce(func.nullif(User.name, ""), User.login),
            func.sum(case((put_back, 0), else_=1)),
            func.sum(case((whole, 1), else_=0)),
            func.sum(CallAttempt.seconds),
            func.sum(case((whole, CallAttempt.seconds), else_=0)),
            func.sum(case((put_back, 1), else_=0)),
        )
        .join(User, User.id == CallAttempt.user_id)
        .where(CallAttempt.campaign_id == campaign_id)
        .group_by(User.id)
        .order_by(User.login)
    )
    return [Pace(name, *map(int, numbers)) for name, *numbers in rows]


def _sum(letters: Sequence[str]) -> str:
    return letters[0] if len(letters) == 1 else f"({' + '.join(letters)})"
