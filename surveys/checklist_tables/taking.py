"""A table of check-lists taken in: read outside any transaction, written in one, undone whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import queries
from surveys.answers.mapping import applied
from surveys.answers.places import of_campaign
from surveys.answers.refused import RefusedRows
from surveys.answers.settings import must_collect
from surveys.answers.shapes import Column, FileUntakable, Found, Options, Report, Target, Undone
from surveys.batches import Batch, Kind, State
from surveys.campaigns import rules
from surveys.checklist_tables.headings import Opened, opened, proposed
from surveys.checklist_tables.looking import remembered
from surveys.checklist_tables.reading import Reader
from surveys.clock import now
from surveys.db import db, writing
from surveys.happenings import tell
from surveys.models import Assessment, Inspection
from surveys.refusals import NotFound, Refusal

GONE = (State.UNDONE, State.DROPPED)
BEFORE = "inspections_before"
"""In a batch's report: what it replaced, assessment → columns of the inspection, or null where there was none."""
KEPT = (
    "inspected_on",
    "stand_present",
    "stand_required",
    "site_present",
    "site_required",
    "remote_ways",
    "comfort",
    "equipment",
    "accessibility",
    "missing",
    "not_applicable",
    "information_required",
    "waiting_points",
    "waiting_mean",
    "waiting_term",
    "waiting_unit",
    "visit_id",
    "batch_id",
)
Facts = dict[str, Any]


@dataclass(frozen=True)
class _Arrival:
    """A file on its way in: where, by whom, which one, how understood."""

    campaign_id: int
    batch_id: int | None
    by: str
    file_name: str
    digest: str
    options: Options


@dataclass
class _Read:
    """What a file says, by organisation, and where."""

    facts: dict[int, Facts] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)


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
    progress: Callable[[int, int], None],
) -> Report:
    """See `surveys.checklist_tables.take`."""
    session = db.session()
    must_collect(session, campaign_id)
    campaign = queries.campaign(session, campaign_id)
    if campaign is None:
        raise NotFound(str(campaign_id))
    edition, _practice = rules(campaign)
    file, places = opened(path, options.sheet), of_campaign(session, campaign_id)
    columns = _columns(
        proposed(file, places, edition.applies("2.2", campaign.sector)),
        options.columns or remembered(session, file),
    )
    reader = Reader.of(columns, places, edition, campaign.sector)
    session.rollback()
    digest = sha256(path.read_bytes()).hexdigest()
    report = Report(kind=Kind.CHECKLISTS.value, rows=len(file.rows), dry_run=dry_run)
    read = _read(file, reader, report, RefusedRows(file.headed, digest, keyed=True), refused_to, progress)
    report.stopped = options.only_if_clean and bool(report.refused)
    chosen = replace(
        options,
        columns={one.index: one.target for one in columns},
        kind=Kind.CHECKLISTS.value,
        sheet=file.sheet,
    )
    arrival = _Arrival(campaign_id, batch_id, by, file_name, digest, chosen)
    if dry_run or report.stopped:
        _sorted(session, read, report, write_to=None)
        session.rollback()
        if batch_id is not None:
            with writing() as write:
                _close(write, arrival, State.CHECKED, report)
        return report
    with writing() as write:
        must_collect(write, campaign_id)
        batch = _close(write, arrival, State.COUNTED, report)
        before = _sorted(write, read, report, write_to=batch.id)
        batch.report = {**batch.report, **report.as_dict(), BEFORE: before}
        counts = {"accepted": report.accepted, "updated": report.updated, "repeated": report.repeated}
        tell(write, by, "checklists-imported", f"{campaign_id}/{batch.id}", **counts)
    return report


def undo(session: Session, batch_id: int, by: str) -> Undone:
    """See `surveys.checklist_tables.undo`."""
    batch = session.get(Batch, batch_id, with_for_update=True)
    if batch is None:
        raise NotFound(f"Нет пакета № {batch_id}.")
    if batch.kind != Kind.CHECKLISTS:
        raise Refusal(f"Пакет № {batch_id} — не таблица чек-листов: здесь его не отменяют.")
    if batch.state != State.COUNTED:
        raise Refusal(f"Пакет № {batch_id} не учтён или уже отменён.")
    must_collect(session, batch.campaign_id)
    batch.state = State.UNDONE
    session.flush()
    removed = restored = 0
    mine = session.scalars(select(Inspection).where(Inspection.batch_id == batch.id).with_for_update()).all()
    for inspection in mine:
        before = _before(session, batch, inspection.assessment_id)
        if before is None:
            session.delete(inspection)
            removed += 1
        else:
            _set(inspection, before)
            restored += 1
    tell(
        session,
        by,
        "checklists-undone",
        f"{batch.campaign_id}/{batch.id}",
        removed=removed,
        restored=restored,
    )
    return Undone(removed, restored, 0, 0)


def _columns(columns: list[Column], confirmed: Mapping[int, Target]) -> list[Column]:
    if confirmed:
        return applied(columns, confirmed)
    unsure = [column.name[:80] for column in columns if not column.sure]
    if unsure:
        raise FileUntakable(
            f"Не понято, что в столбцах: {'; '.join(unsure[:5])}. "
            "Укажите это на странице файла в разделе «Файлы»: служба запомнит."
        )
    return columns


def _read(
    file: Opened,
    reader: Reader,
    report: Report,
    spoiled: RefusedRows,
    refused_to: Path | None,
    progress: Callable[[int, int], None],
) -> _Read:
    read = _Read()
    for done, (number, cells) in enumerate(file.rows, 1):
        found = reader.read(number, cells)
        if not isinstance(found, Found) and found[0] in read.rows:
            reason = f"эта организация уже есть в строке {read.rows[found[0]]}"
            name = reader.places.all[found[0]].name
            found = Found(number, "", name[:100], reason, "Оставьте одну строку на организацию.")
        if isinstance(found, Found):
            report.refused.append(found)
            spoiled.add(cells, found)
        else:
            read.facts[found[0]], read.rows[found[0]] = found[1], number
        if done % 500 == 0 or done == len(file.rows):
            progress(done, len(file.rows))
    if refused_to is not None and report.refused:
        spoiled.save(refused_to)
    return read


def _sorted(
    session: Session, read: _Read, report: Report, *, write_to: int | None
) -> dict[str, Facts | None]:
    """Count new, changed and repeated organisations, and write them for this batch; what stood there before."""
    before: dict[str, Facts | None] = {}
    if write_to is not None:  # whoever confirms a visit meanwhile waits for his turn at the organisation
        turns = select(Assessment.id).where(Assessment.id.in_(read.facts)).order_by(Assessment.id)
        session.execute(turns.with_for_update())
    statement = select(Inspection).where(Inspection.assessment_id.in_(read.facts))
    stored = {one.assessment_id: one for one in session.scalars(statement.with_for_update())}
    for assessment_id, facts in read.facts.items():
        old = stored.get(assessment_id)
        if old is not None and all(
            getattr(old, name) == told for name, told in facts.items() if name != "inspected_on"
        ):
            report.repeated += 1
            continue
        if old is None:
            report.accepted += 1
        else:
            report.updated += 1
            if old.visit_id is not None:
                reason = "заменяет проверку, подтверждённую по визиту"
                report.warnings.append(
                    Found(read.rows[assessment_id], "", "", reason, "Отмена файла её вернёт.")
                )
        if write_to is not None:
            before[str(assessment_id)] = _told(old) if old is not None else None
            inspection = old or Inspection(assessment_id=assessment_id, version=0)
            session.add(inspection)
            _set(inspection, {**facts, "visit_id": None, "batch_id": write_to})
    return before


def _set(inspection: Inspection, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        setattr(inspection, name, value)
    inspection.version = (inspection.version or 0) + 1


def _told(inspection: Inspection) -> Facts:
    told = {name: getattr(inspection, name) for name in KEPT}
    return {**told, "inspected_on": inspection.inspected_on.isoformat()}


def _before(session: Session, batch: Batch, assessment_id: int) -> Facts | None:
    """What stood there before the batch; where that came by a batch undone since, what stood before it."""
    told: Facts | None = batch.report.get(BEFORE, {}).get(str(assessment_id))
    while told is not None and told["batch_id"] is not None:
        earlier = session.get_one(Batch, told["batch_id"])
        if earlier.state not in GONE:
            break
        told = earlier.report.get(BEFORE, {}).get(str(assessment_id))
    return {**told, "inspected_on": date.fromisoformat(told["inspected_on"])} if told else None


def _close(session: Session, arrival: _Arrival, state: State, report: Report) -> Batch:
    """The batch with what became of it; one that was counted is not counted again. Raises Refusal."""
    if arrival.batch_id is None:
        batch = Batch(campaign_id=arrival.campaign_id, made_by=arrival.by, file_name=arrival.file_name[:255])
        batch.made_at = now()
        session.add(batch)
    else:
        found = session.get(Batch, arrival.batch_id, with_for_update=True)
        if found is None or found.campaign_id != arrival.campaign_id:
            raise NotFound("Такого пакета в этой кампании нет.")
        if found.state not in (State.UPLOADED, State.CHECKED):
            raise Refusal(f"Пакет № {found.id} уже учтён или отменён: второй раз он не учитывается.")
        batch = found
    batch.kind, batch.state = Kind.CHECKLISTS, state
    batch.file_sha256, batch.mapping = arrival.digest, arrival.options.as_dict()
    session.flush()
    report.batch = batch.id
    batch.report = {**(batch.report or {}), **report.as_dict()}
    return batch
