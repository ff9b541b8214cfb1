"""Whose answers a figure counts and whose it does not, with the reason of each: people are neither lost nor added."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import nok
from paper.counting import GONE
from paper.tables import PrintRun, ScannedSheet, SheetState
from paper.words import said
from surveys.batches import Batch, Declared
from surveys.measures import FILTER_OF, MEASURE
from surveys.models import Assessment, Tally
from surveys.results import Standing


class Question(NamedTuple):
    """One question behind a figure: who said yes, who no, and why the others are not in the share."""

    title: str
    yes: int
    answered: int
    left: Sequence[tuple[str, int]]

    @property
    def out(self) -> int:
        """How many questionnaires this question does not count."""
        return sum(count for _why, count in self.left)


def questions(
    session: Session, assessment: Assessment, one: Standing, edition: nok.Edition, key: str
) -> list[Question]:
    """Every question behind an indicator."""
    indicator = edition.indicators.get(key)
    if indicator is None or not edition.applies(key, one.sector, one.kind):
        return []
    told = one.observations.as_dict().get("answers") or {}
    now = _sums(session, assessment.id, indicator.answers)
    return [_question(name, told.get(name) or (0, 0), one.responses, now) for name in indicator.answers]


def _question(name: str, pair: Sequence[int], responses: int, now: Mapping[str, int]) -> Question:
    yes, answered = pair
    rest = responses - answered
    aside = now.get(f"{name}_aside", 0)
    skipped = now.get(f"{FILTER_OF[name]}_no", 0) if name in FILTER_OF else 0
    same = (now.get(f"{name}_yes", 0), now.get(f"{name}_no", 0)) == (yes, answered - yes)
    if not same or aside + skipped > rest:  # approved figures do not follow what was counted later
        left = [(_("Не пользовались, затруднились или не ответили"), rest)]
    else:
        left = [
            (_("Ответили, что не пользовались, или затруднились"), aside),
            (_unasked(name), skipped),
            (_("Вопрос остался без ответа"), rest - aside - skipped),
        ]
    return Question(
        MEASURE[name].title, yes, answered, [(str(why), count) for why, count in left if count > 0]
    )


def _unasked(name: str) -> str:
    if name == "accessibility":
        return str(_("Не имеют инвалидности: вопрос не к ним"))
    return str(_("Не обращались и не пользовались: вопрос не к ним"))


def _sums(session: Session, assessment_id: int, names: Sequence[str]) -> dict[str, int]:
    """Columns of the counters of one organisation, over channels."""
    wanted = [f"{name}_{side}" for name in names for side in ("yes", "no", "aside")]
    wanted += [f"{FILTER_OF[name]}_no" for name in names if name in FILTER_OF]
    found = dict.fromkeys(wanted, 0)
    for table in (Tally, Declared):
        sums = [func.sum(getattr(table, column)) for column in wanted]
        row = session.execute(select(*sums).where(table.assessment_id == assessment_id)).one() if sums else ()
        for column, value in zip(wanted, row, strict=True):
            found[column] += int(value or 0)
    return found


def sheets(session: Session, assessment: Assessment) -> Iterator[tuple[str, int]]:
    """Scanned sheets of an organisation that are in no figure: why, and how many."""
    rows = session.execute(
        select(ScannedSheet.state, ScannedSheet.reason, func.count())
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .join(PrintRun, PrintRun.id == ScannedSheet.run_id)
        .where(
            PrintRun.assessment_id == assessment.id,
            ScannedSheet.state != SheetState.COUNTED,
            Batch.state.not_in(GONE),
        )
        .group_by(ScannedSheet.state, ScannedSheet.reason)
        .order_by(ScannedSheet.state, ScannedSheet.reason)
    )
    titles = {
        SheetState.WAITING: _("Лист ждёт человека"),
        SheetState.REPEATED: _("Такой лист уже учтён"),
        SheetState.SPOILED: _("Лист испорчен"),
    }
    for state, reason, count in rows:
        told = titles[SheetState(state)]
        yield (f"{told}: {said(reason)}" if reason else str(told)), int(count)
