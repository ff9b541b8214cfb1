"""A table of ready counters taken in: a row an organisation, declared beside responses, never mixed into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from surveys import gate
from surveys.answers import countings
from surveys.answers.batch import begun, beside, finished, must_be_new
from surveys.answers.places import Assessed, Nowhere
from surveys.answers.rows import Fault, faulty
from surveys.answers.settings import must_collect
from surveys.answers.shapes import ORGANIZATION, SKIP, Column, Report, Target
from surveys.answers.values import shown
from surveys.answers.work import Work
from surveys.batches import Batch, Declared, State
from surveys.db import db, writing
from surveys.measures import FEEDS, FILTER_OF, MEASURE, TALLY_COLUMNS
from surveys.tabular import Cells, Table, Value, said

LARGEST = 10_000_000
BEFORE = "declared_before"
"""In a batch's report: the counts that it replaced, assessment → [their batch, responses, *TALLY_COLUMNS]."""
COUNTED = ("responses", *TALLY_COLUMNS)
Counts = tuple[int, ...]


@dataclass
class _Outcome:
    fresh: dict[int, Counts]
    changed: dict[int, tuple[Counts, Declared]]
    repeated: int


def take(work: Work, *, dry_run: bool) -> Report:
    """Counts that are not there are declared, other counts replace, the same are a repeat."""
    report = Report(kind="counters", dry_run=dry_run, channel=work.here.channel)
    declared = _read(work, report)
    report.notes = _notes(work.columns)
    report.stopped = work.options.only_if_clean and bool(report.refused)
    if dry_run or report.stopped:
        reading = db.session()
        must_be_new(reading, work.here, work.sha256, work.options, unnumbered=False)
        report.notes += beside(reading, work.here, declared, counters=True)
        _tell(report, _sorted(reading, work.here.number, declared))
        reading.rollback()
        if work.batch_id is not None:
            with writing() as session:
                _close(session, work, report, State.CHECKED)
        return report
    with writing() as session:
        must_collect(session, work.here.campaign_id)
        gate.one_by_one(session.connection(), work.here.campaign_id)
        must_be_new(session, work.here, work.sha256, work.options, unnumbered=False)
        report.notes += beside(session, work.here, declared, counters=True)
        outcome = _sorted(session, work.here.number, declared, lock=True)
        _tell(report, outcome)
        batch = _close(session, work, report, State.COUNTED)
        _write(session, work.here.number, batch, outcome)
    return report


def _close(session: Session, work: Work, report: Report, state: State) -> Batch:
    batch = begun(
        session,
        work.here,
        work.batch_id,
        kind="counters",
        by=work.by,
        file_name=work.file_name,
        sha256=work.sha256,
    )
    report.batch = batch.id
    finished(session, batch, state, work.options, report, work.by)
    return batch


def _tell(report: Report, outcome: _Outcome) -> None:
    report.accepted, report.updated = len(outcome.fresh), len(outcome.changed)
    report.repeated = outcome.repeated


def _notes(columns: Sequence[Column]) -> list[str]:
    unread = [column for column in columns if column.target == SKIP and column.heading]
    shown = "; ".join(
        f"{one.letter} «{one.heading[:60]}»" + (f" — {one.why}" if one.why else "") for one in unread
    )
    return [f"Не прочитаны столбцы: {shown}."] if shown else []


# Rows


def _read(work: Work, report: Report) -> dict[int, Counts]:
    columns = {column.index: column for column in work.columns}
    places = [column.index for column in work.columns if column.target == ORGANIZATION]
    counts = [
        (column.index, column.target)
        for column in work.columns
        if column.target not in (ORGANIZATION, SKIP, "")
    ]
    seen: dict[int, int] = {}
    found: dict[int, Counts] = {}
    for number, cells in work.file.rows:
        report.rows += 1
        padded = cells + ("",) * (max(columns, default=0) + 1 - len(cells))
        place = work.here.fixed or work.here.places.find(tuple(padded[index] for index in places))
        read = _counts(padded, place, counts, places, work.file.table, number)
        if not isinstance(read, Fault) and isinstance(place, Assessed):
            first = seen.setdefault(place.assessment_id, number)
            if first == number:
                found[place.assessment_id] = read
                continue
            reason = f"эта организация уже есть в строке {first}"
            read = Fault(places[0] if places else 0, said(padded[places[0]] if places else "")[:100], reason,
                         "Оставьте одну строку на организацию.")  # fmt: skip
        if isinstance(read, Fault):
            report.refused.append(faulty(number, read, columns))
    return found


def _counts(
    cells: Cells,
    place: Assessed | Nowhere,
    counts: Sequence[tuple[int, Target]],
    places: Sequence[int],
    table: Table,
    number: int,
) -> Counts | Fault:
    if isinstance(place, Nowhere):
        index = places[0] if places else 0
        return Fault(index, shown(cells[index], 100), place.reason, place.advice)
    told: dict[Target, int] = {}
    for index, target in counts:
        if Table.at(number, index) in table.errors:
            return Fault(index, "ошибка", "в ячейке ошибка формулы", "Впишите число.")
        value = _number(cells[index])
        if value is None:
            return Fault(
                index, shown(cells[index], 100), "не целое число от 0", "Впишите число анкет цифрами."
            )
        if cells[index] != "":
            told[target] = value
    if not told:
        return Fault(
            counts[0][0] if counts else 0,
            "",
            "в строке нет ни одного числа",
            "Впишите числа или удалите строку.",
        )
    where = {target: index for index, target in counts}
    return _consistent(told, where) or _columns(told)


def _number(value: Value) -> int | None:
    text = said(value).replace(" ", "").replace("\u00a0", "")
    if text == "":
        return 0
    return int(text) if text.isascii() and text.isdigit() and int(text) <= LARGEST else None


def _consistent(told: Mapping[Target, int], where: Mapping[Target, int]) -> Fault | None:
    """Nobody can be satisfied who was not asked, and no question have more answers than there are forms."""
    everybody = told.get(countings.RESPONSES)
    for id in FEEDS:
        yes, of = told.get(f"{id}_yes"), _asked(id, told)
        if yes is None:
            continue
        name = MEASURE[id]
        at = where[f"{id}_yes"]
        if of is None:
            return Fault(
                at, str(yes), f"нет столбца «{name.of}»: неизвестно, сколько ответили", "Добавьте столбец."
            )
        if yes > of:
            return Fault(at, str(yes), f"{name.yes} больше, чем {name.of} ({of})", "Проверьте оба числа.")
        if everybody is not None and of > everybody:
            index = where.get(f"{id}_of", at)
            return Fault(
                index, str(of), f"{name.of} больше, чем всего анкет ({everybody})", "Проверьте оба числа."
            )
    return None


def _asked(id: str, told: Mapping[Target, int]) -> int | None:
    """How many answered: its own count, its own «нет», else everybody where everybody is asked."""
    if f"{id}_of" in told:
        return told[f"{id}_of"]
    if f"{id}_no" in told:
        return told.get(f"{id}_yes", 0) + told[f"{id}_no"]
    return told.get(countings.RESPONSES) if id not in FILTER_OF else None


def _columns(told: Mapping[Target, int]) -> Counts:
    """As the tallies name them; filters follow from the denominators behind them."""
    counted = {name: told[name] for name in TALLY_COLUMNS if name in told}
    asked = [told.get(countings.RESPONSES, 0)]
    for id in FEEDS:
        of = _asked(id, told)
        if f"{id}_yes" not in told or of is None:
            continue
        counted[f"{id}_no"] = of - told[f"{id}_yes"]
        asked.append(of)
        if id in FILTER_OF:
            counted.setdefault(f"{FILTER_OF[id]}_yes", of)
    return (max(asked), *(counted.get(name, 0) for name in TALLY_COLUMNS))


# The table


def _sorted(
    session: Session, channel: int, declared: Mapping[int, Counts], *, lock: bool = False
) -> _Outcome:
    statement = select(Declared).where(
        Declared.channel == channel, Declared.assessment_id.in_(list(declared))
    )
    if lock:
        statement = statement.order_by(Declared.assessment_id).with_for_update()
    old = {row.assessment_id: row for row in session.scalars(statement)}
    fresh = {one: counts for one, counts in declared.items() if one not in old}
    changed = {
        one: (counts, old[one]) for one, counts in declared.items() if one in old and of(old[one]) != counts
    }
    return _Outcome(fresh, changed, len(declared) - len(fresh) - len(changed))


def of(row: Declared) -> Counts:
    """The counts of a row, in the order of COUNTED."""
    return tuple(getattr(row, name) for name in COUNTED)


def _write(session: Session, channel: int, batch: Batch, outcome: _Outcome) -> None:
    before: dict[str, Any] = {}
    for assessment, (counts, row) in outcome.changed.items():
        before[str(assessment)] = [row.batch_id, *of(row)]
        _set(row, batch.id, counts)
    batch.report = {**batch.report, BEFORE: before}
    session.add_all(
        Declared(
            assessment_id=assessment,
            channel=channel,
            batch_id=batch.id,
            **dict(zip(COUNTED, counts, strict=True)),
        )
        for assessment, counts in sorted(outcome.fresh.items())
    )
    session.flush()


def _set(row: Declared, batch_id: int, counts: Sequence[int]) -> None:
    row.batch_id = batch_id
    for name, value in zip(COUNTED, counts, strict=True):
        setattr(row, name, value)


def undone(session: Session, batch: Batch) -> int:
    """Take declared counts back; those that the batch had replaced return, unless they were undone themselves."""
    rows = list(session.scalars(select(Declared).where(Declared.batch_id == batch.id)))
    for row in rows:
        earlier = _before(session, batch, row.assessment_id)
        if earlier is None:
            session.execute(
                delete(Declared).where(
                    Declared.assessment_id == row.assessment_id, Declared.channel == row.channel
                )
            )
        else:
            _set(row, *earlier)
    session.flush()
    return len(rows)


def _before(session: Session, batch: Batch, assessment_id: int) -> tuple[int, Sequence[int]] | None:
    """The latest counts under this batch whose own batch still counts."""
    told = batch.report.get(BEFORE, {}).get(str(assessment_id))
    if told is None:
        return None
    earlier = session.get_one(Batch, told[0])
    return (told[0], told[1:]) if earlier.state == State.COUNTED else _before(session, earlier, assessment_id)
