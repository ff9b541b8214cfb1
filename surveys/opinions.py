"""Tables of forms 1, 2 and 4 (norms A4): what people say beside the survey, counted apart and never in a figure.

Form 1 agrees or disagrees with a published score, form 2 gives five steps to five criteria, form 4 reviews a measure of
a plan. Anonymity is schema, as in `models`: a random key, a day, a channel, nothing of the person; words lie
apart, in `comments`.
"""

from collections.abc import Mapping
from datetime import date
from enum import IntEnum

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day, Key

CRITERIA = ("K1", "K2", "K3", "K4", "K5")
#: Form 2: the five steps, and 0 for «не могу оценить».
STEPS = ("5", "4", "3", "2", "1", "0")
#: Form 4: what a review says of a measure.
VERDICTS = ("done", "partly", "not", "unknown")


class Form(IntEnum):
    """The norm's number of a form; the third is the survey, which has tables of its own."""

    AGREEMENT = 1
    SCORES = 2
    REVIEW = 4


class Opinion(Base):
    """One form as it was sent. `answers`: «yes», «no135» (disagrees with K1, K3, K5), «54320», a verdict."""

    __tablename__ = "opinion"
    __table_args__ = (
        CheckConstraint("form in (1, 2, 4)", name="form"),
        CheckConstraint("(form = 1) = (release_id is not null)", name="release"),
        CheckConstraint("(form = 4) = (measure_id is not null)", name="measure"),
    )
    key: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    form: Mapped[int] = mapped_column(SmallInteger)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"))
    channel: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[date] = mapped_column(Day)
    answers: Mapped[str] = mapped_column(String(8))


class OpinionTally(Base):
    """How many said what, kept in the opinion's own transaction. `about`: the release, the measure, or 0 in form 2.

    `item` is what was said: see `items`.
    """

    __tablename__ = "opinion_tally"
    __table_args__ = {"sqlite_with_rowid": False}
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    form: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    about: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


def items(form: int, answers: str) -> tuple[str, ...]:
    """What one opinion adds one to: «yes», «no» and «K1»; «all» and «K1:5»; a verdict."""
    if form == Form.AGREEMENT:
        return (answers[:2], *(f"K{digit}" for digit in answers[2:])) if answers[:2] == "no" else (answers,)
    if form == Form.SCORES:
        return ("all", *(f"{name}:{step}" for name, step in zip(CRITERIA, answers, strict=True)))
    return (answers,)


def packed_scores(steps: Mapping[str, str]) -> str:
    """Form 2 as it is stored: one character a criterion."""
    return "".join(steps[name] for name in CRITERIA)
