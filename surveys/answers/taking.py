"""A file of answers taken in: read outside any transaction, counted in one, so others wait for the counting alone."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import current_app

from surveys import gate
from surveys.answers import counters, counting, notes, words
from surveys.answers.batch import begun, beside, finished, must_be_new
from surveys.answers.identity import By, Identity
from surveys.answers.mapping import in_force, proposals, remembered
from surveys.answers.refused import RefusedRows
from surveys.answers.rows import Fault, Reader, Row, day_of, faulty
from surveys.answers.settings import Setting, must_collect, setting
from surveys.answers.shapes import ROW_KEY, TIME, Column, Options, Report
from surveys.answers.sheets import opened
from surveys.answers.wordings import plain
from surveys.answers.work import Work
from surveys.batches import Batch, State
from surveys.clock import today
from surveys.db import db, writing

STEP = 2_000
Progress = Callable[[int, int], None]


@dataclass
class Prepared:
    """Everything of a file that is ready to be counted, before anybody has to wait."""

    lines: list[counting.Line] = field(default_factory=list)
    said: dict[int, words.Said] = field(default_factory=dict)
    repeated: int = 0
    outside: int = 0
    by: dict[By, int] = field(default_factory=lambda: dict.fromkeys(By, 0))
    numbers: dict[int, tuple[int, str]] = field(default_factory=dict)


def take(
    path: Path,
    options: Options,
    *,
    campaign_id: int,
    by: str,
    batch_id: int | None,
    dry_run: bool,
    file_name: str,
    refused_to: Path | None,
    progress: Progress,
) -> Report:
    """See `surveys.answers.take`."""
    session = db.session()
    here = setting(session, campaign_id, options)
    must_collect(session, campaign_id)
    file = opened(
        path, here.questionnaire, sheet=options.sheet, kind=options.kind, headings=options.known_headings
    )
    columns = in_force(proposals(file, here), options, remembered(session, file, here), here, file.kind)
    session.rollback()
    chosen = replace(
        options,
        columns={column.index: column.target for column in columns},
        questionnaire=here.questionnaire.id,
        kind=file.kind,
        sheet=file.table.name,
        organization=here.fixed.code if here.fixed else "",
    )
    work = Work(path, here, file, columns, chosen, by, batch_id, file_name or path.name)
    if file.kind == "counters":
        return counters.take(work, dry_run=dry_run)
    return _take(work, dry_run, refused_to, progress)


def _take(work: Work, dry_run: bool, refused_to: Path | None, progress: Progress) -> Report:
    digest = work.sha256
    report = Report(dry_run=dry_run, channel=work.here.channel, questionnaire=work.here.questionnaire.id)
    reader = Reader(
        work.here.questionnaire,
        work.columns,
        work.here.places,
        work.options,
        work.file.table,
        work.here.fixed,
    )
    targets = {column.target for column in work.columns}
    refused = RefusedRows(work.file.headed, digest, keyed=ROW_KEY in targets or _machine(work.columns))
    prepared = _prepared(work, reader, report, refused, digest, progress)
    report.notes = (
        work.file.notes
        + notes.about_columns(work.columns, work.here)
        + notes.unfiltered(reader.unfiltered, work.here)
    )
    if refused_to is not None and report.refused:
        refused.save(refused_to)
    report.stopped = work.options.only_if_clean and bool(report.refused)
    if dry_run or report.stopped:
        _tried(work, prepared, report, digest)
    else:
        _counted(work, prepared, report, digest)
    return report


def _prepared(
    work: Work, reader: Reader, report: Report, refused: RefusedRows, digest: str, progress: Progress
) -> Prepared:
    prepared = Prepared()
    identity = Identity(
        work.here.campaign_id,
        work.here.number,
        machine=_machine(work.columns),
        apart=digest if work.options.separate else "",
    )
    columns = {column.index: column for column in work.columns}
    for done, (number, cells) in enumerate(work.file.rows, 1):
        read = reader.read(number, cells)
        if isinstance(read, Row):
            read = _lined(work, read, identity, prepared, report, columns)
        if isinstance(read, Fault):
            found = faulty(number, read, columns)
            report.refused.append(found)
            refused.add(cells, found)
        report.rows = done
        if done % STEP == 0:
            progress(done, max(done, work.file.filled))
    progress(report.rows, report.rows)
    return prepared


def _machine(columns: list[Column]) -> bool:
    """«Отметка времени» of a form, not «Дата» that somebody typed."""
    heading = next((plain(column.heading) for column in columns if column.target == TIME), "")
    return any(word in heading for word in ("врем", "time", "created", "stamp"))


def _lined(
    work: Work,
    row: Row,
    identity: Identity,
    prepared: Prepared,
    report: Report,
    columns: dict[int, Column],
) -> Row | Fault:
    """The row as the response table wants it; a number that another row of the file has already is a fault."""
    key, by = identity.of(row)
    packed = row.answered.packed
    if by is By.NUMBER:
        before = prepared.numbers.setdefault(key, (row.number, packed))
        if before != (row.number, packed):
            if before[1] == packed:
                prepared.repeated += 1
                return row
            index = next(column.index for column in work.columns if column.target == ROW_KEY)
            reason = f"такой номер уже есть у этой организации в строке {before[0]}, а ответы другие"
            return Fault(index, row.key[:100], reason, "Исправьте номер или удалите лишнюю строку.")
    day = day_of(row, today())
    here = work.here
    prepared.lines.append(
        (
            key,
            row.assessed.assessment_id,
            here.questionnaire_id or 0,
            here.number,
            0,
            day.toordinal(),
            packed,
            None,
        )
    )
    prepared.by[by] += 1
    prepared.outside += row.stamp is not None and not here.starts_on <= day <= here.ends_on
    if row.words:
        prepared.said[key] = (row.assessed.assessment_id, day.replace(day=1), row.words)
    for warning in row.answered.warnings:
        report.warnings.append(faulty(row.number, warning, columns))
    return row


def _tried(work: Work, prepared: Prepared, report: Report, digest: str) -> None:
    """Say what would be done; only the batch's own row is written, if there is one."""
    reading = db.session()
    known = _check_new(work, prepared, digest)
    report.notes += _beside(work, prepared)
    lines = prepared.lines
    if work.here.questionnaire_id is None:  # not pinned yet: nothing can have been counted with it
        lines = [(*line[:2], -1, *line[3:]) for line in lines]
    outcome = counting.sorted_out(reading.connection(), lines)
    reading.rollback()
    _tell(report, prepared, outcome, work.here, known=known)
    if work.batch_id is not None:
        with writing() as session:
            batch = _begin(work, digest)
            report.batch = batch.id
            finished(session, batch, State.CHECKED, work.options, report, work.by)


def _counted(work: Work, prepared: Prepared, report: Report, digest: str) -> None:
    reading = db.session()
    _check_new(work, prepared, digest)
    told = words.already(reading, work.here.campaign_id, prepared.said.values()) if prepared.said else set()
    reading.rollback()
    with writing() as session:
        must_collect(session, work.here.campaign_id)
        gate.one_by_one(session.connection(), work.here.campaign_id)
        known = _check_new(work, prepared, digest)  # again: another may have counted it since
        report.notes += _beside(work, prepared)
        batch = _begin(work, digest)
        batch.questionnaire_id = work.here.pinned_id(session)
        session.flush()
        lines: list[counting.Line] = [
            (key, assessment, batch.questionnaire_id, channel, place, day, answers, batch.id)
            for key, assessment, _pinned, channel, place, day, answers, _batch in prepared.lines
        ]
        outcome = counting.count(session, lines, batch.id)
        new = [line[0] for line in outcome.fresh] + [line[0] for line, _old in outcome.changed]
        said = [prepared.said[key] for key in new if key in prepared.said]
        report.words = words.keep(
            session, str(current_app.secret_key), work.here.campaign_id, batch.id, said, told
        )
        report.batch = batch.id
        _tell(report, prepared, outcome, work.here, known=known)
        finished(session, batch, State.COUNTED, work.options, report, work.by)


def _begin(work: Work, digest: str) -> Batch:
    return begun(
        db.session(),
        work.here,
        work.batch_id,
        kind="answers",
        by=work.by,
        file_name=work.file_name,
        sha256=digest,
    )


def _check_new(work: Work, prepared: Prepared, digest: str) -> bool:
    """Was this very file counted before? Raises FileUntakable if it was, and otherwise than now."""
    unnumbered = bool(prepared.by[By.ANSWERS])
    return bool(must_be_new(db.session(), work.here, digest, work.options, unnumbered=unnumbered))


def _beside(work: Work, prepared: Prepared) -> list[str]:
    return beside(db.session(), work.here, {line[1] for line in prepared.lines}, counters=False)


def _tell(
    report: Report, prepared: Prepared, outcome: counting.Sorted, here: Setting, *, known: bool
) -> None:
    report.accepted, report.updated = len(outcome.fresh), len(outcome.changed)
    report.repeated = outcome.repeated + prepared.repeated
    report.notes = report.notes + notes.about_rows(report, prepared.by, prepared.outside, here, known=known)
