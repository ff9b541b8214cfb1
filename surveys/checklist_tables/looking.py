"""A table of check-lists looked at: columns, the first rows as they are understood; nothing is written."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from surveys.answers.mapping import applied
from surveys.answers.places import Places, of_campaign
from surveys.answers.shapes import Column, FileUntakable, Found, Look, Target, Understood
from surveys.batches import Kind, KnownColumns
from surveys.campaigns import rules
from surveys.checklist_tables.headings import Opened, choices, opened, proposed
from surveys.checklist_tables.reading import Reader
from surveys.checklist_tables.waiting import TITLES as WAITING
from surveys.checklists import EDITION_BLOCKS, MATERIALS
from surveys.models import Campaign

SHOWN = 20
NAME = "checklists"


def look(
    session: Session, path: Path, campaign: Campaign, *, sheet: str, columns: Mapping[int, Target] | None
) -> Look:
    """See `surveys.checklist_tables.look`."""
    file, places = opened(path, sheet), of_campaign(session, campaign.id)
    known = {} if columns else remembered(session, file)
    edition, _practice = rules(campaign)
    waits = edition.applies("2.2", campaign.sector)
    found = proposed(file, places, waits)
    if columns or known:
        found = applied(found, columns or known)
    preview, notes = _preview(file, places, found, campaign)
    return Look(
        kind=Kind.CHECKLISTS.value,
        sheet=file.sheet,
        sheets=file.sheets,
        header_rows=file.headed.rows,
        headings=file.headings,
        headings_sha256=file.headed.sha256,
        columns=tuple(found),
        questionnaire="",
        fits=(),
        choices=tuple(choices(waits)),
        missing=(),
        preview=preview,
        rows=len(file.rows),
        remembered=bool(known),
        notes=notes,
    )


def remember(session: Session, seen: Look, columns: Mapping[int, Target]) -> None:
    """See `surveys.checklist_tables.remember`."""
    mapping = {str(index): target for index, target in columns.items()}
    session.merge(KnownColumns(headings_sha256=seen.headings_sha256, questionnaire=NAME, mapping=mapping))


def remembered(session: Session, file: Opened) -> dict[int, Target]:
    """What somebody confirmed for the same headings; empty when nobody did."""
    known = session.get(KnownColumns, (file.headed.sha256, NAME))
    return {int(index): target for index, target in known.mapping.items()} if known else {}


def _preview(
    file: Opened, places: Places, columns: list[Column], campaign: Campaign
) -> tuple[tuple[Understood, ...], tuple[str, ...]]:
    edition, _practice = rules(campaign)
    try:
        reader = Reader.of(columns, places, edition, campaign.sector)
    except FileUntakable as untakable:
        return (), (str(untakable),)
    shown = []
    for number, cells in file.rows[:SHOWN]:
        read = reader.read(number, cells)
        if isinstance(read, Found):
            shown.append(Understood(number, "", {}, (f"{read.column}: {read.reason}. {read.advice}",)))
            continue
        assessment_id, facts = read
        told = {
            place: f"{facts[f'{place}_present']} из {facts[f'{place}_required']}"
            if facts[f"{place}_required"]
            else "нет"
            for place in MATERIALS
        }
        told |= {block: str(len(facts[block])) for block in EDITION_BLOCKS}
        told |= {column.target: reader.cell(cells, column) for column in columns if column.target in WAITING}
        shown.append(Understood(number, places.all[assessment_id].shown, told))
    return tuple(shown), ()
