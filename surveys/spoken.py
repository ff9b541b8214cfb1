"""People's words that a reviewer let through, for those who may read them; how many wait and how many are withheld.

Who may read them a campaign says: the chain of norms A6 and the organisation, or everybody (docs/decisions/0038).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveys.comments import SURVEY, Comment, CommentState
from surveys.hidden import LATE
from surveys.models import Assessment, Campaign
from surveys.opinions import Form
from surveys.plans import Measure

WORDS = "words"
"""Of a campaign's desk: who may read words that were let through."""


class Audience(StrEnum):
    """Who reads what was let through."""

    CHAIN = "chain"
    EVERYBODY = "everybody"


AUDIENCES = {
    Audience.CHAIN: _l("Только совет, уполномоченный орган, куратор, оператор и сама организация"),
    Audience.EVERYBODY: _l("Все: слова видны и на открытой странице организации, когда итоги опубликованы"),
}

#: Why words are withheld; the last one nobody chooses.
REASONS = {
    "person": _l("говорят о частном человеке, и скрыть это нельзя"),
    "abuse": _l("только брань, угрозы или оскорбления"),
    "elsewhere": _l("не об этой организации"),
    "nothing": _l("реклама или бессмыслица"),
    LATE: _l("не просмотрены до уничтожения подлинников"),
}
#: What words of each form are, where they are read.
HEADINGS = {
    SURVEY: _l("Предложения и пожелания из анкет"),
    Form.AGREEMENT: _l("Почему не согласны с оценкой"),
    Form.SCORES: _l("Слова к оценкам по критериям"),
    Form.REVIEW: _l("Отзывы о мерах плана"),
}


class Piece(NamedTuple):
    """A part of words; a rude one stands behind a tap."""

    text: str
    rude: bool = False


@dataclass(frozen=True)
class Said:
    """Somebody's words as they may be read; `measure`: what of the plan they are about."""

    text: str
    rude: Sequence[Sequence[int]]
    measure: str = ""

    def pieces(self) -> Iterator[Piece]:
        """The words with the rude ones apart."""
        at = 0
        for start, end in self.rude:
            if self.text[at:start]:
                yield Piece(self.text[at:start])
            yield Piece(self.text[start:end], rude=True)
            at = end
        if self.text[at:]:
            yield Piece(self.text[at:])


@dataclass(frozen=True)
class Spoken:
    """Of one organisation in one campaign: words by form; reason → how many are withheld; how many wait."""

    forms: Mapping[int, Sequence[Said]]
    withheld: Mapping[str, int]
    waiting: int

    @property
    def count(self) -> int:
        """How many may be read."""
        return sum(map(len, self.forms.values()))

    def __bool__(self) -> bool:
        return bool(self.count or self.withheld or self.waiting)


def audience(campaign: Campaign) -> Audience:
    """Who reads this campaign's words."""
    return Audience((campaign.desk or {}).get(WORDS, Audience.CHAIN))


def of(session: Session, assessment_id: int) -> Spoken:
    """What people said of an organisation, in the order of random keys."""
    asked = (
        select(Comment.form, Comment.text, Comment.rude, Measure.agreed, Measure.text)
        .outerjoin(Measure, Measure.id == Comment.measure_id)
        .where(Comment.assessment_id == assessment_id, Comment.state == CommentState.THROUGH)
        .order_by(Comment.key)
    )
    forms: dict[int, list[Said]] = {form: [] for form in HEADINGS}
    for form, text, rude, agreed, measure in session.execute(asked):
        forms[form].append(Said(text, rude, (agreed or {}).get("text") or measure or ""))
    states = Counter[str]()
    withheld = Counter[str]()
    counted = (
        select(Comment.state, Comment.reason, func.count())
        .where(Comment.assessment_id == assessment_id)
        .group_by(Comment.state, Comment.reason)
    )
    for state, reason, count in session.execute(counted):
        states[state] += count
        if reason is not None:
            withheld[reason] += count
    return Spoken(
        {form: said for form, said in forms.items() if said}, withheld, states[CommentState.WAITING]
    )


def counts(session: Session, campaign_id: int) -> Mapping[str, int]:
    """State → how many comments of a campaign are in it."""
    asked = (
        select(Comment.state, func.count())
        .join(Assessment, Assessment.id == Comment.assessment_id)
        .where(Assessment.campaign_id == campaign_id)
        .group_by(Comment.state)
    )
    return {state: count for state, count in session.execute(asked)}
