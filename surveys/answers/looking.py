"""A file looked at: how its columns are understood, what its first rows say; nothing is written, little is read."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from surveys import library
from surveys.answers import notes
from surveys.answers.columns import SURE, likeness
from surveys.answers.mapping import COUNTERS, applied, choices, proposals, remembered
from surveys.answers.rows import Fault, Reader
from surveys.answers.settings import Setting, setting
from surveys.answers.shapes import ORGANIZATION, SKIP, UNKNOWN, Column, Fit, Look, Options, Target, Understood
from surveys.answers.sheets import HEAD, Opened, opened
from surveys.answers.values import shown
from surveys.batches import KnownColumns
from surveys.models import Campaign

SHOWN = 20
LONGEST = 200


def look(
    session: Session,
    path: Path,
    campaign: Campaign,
    channel: str,
    *,
    questionnaire: str | None,
    sheet: str,
    columns: Mapping[int, Target] | None,
) -> Look:
    """See `surveys.answers.look`."""
    options = Options(channel=channel, questionnaire=questionnaire or "", sheet=sheet)
    here = setting(session, campaign.id, options)
    file = opened(path, here.questionnaire, sheet=sheet, head=HEAD)
    proposal = proposals(file, here)
    known = {} if columns else remembered(session, file, here)
    if columns or known:
        proposal = applied(proposal, columns or known)
    return _told(file, here, proposal, options, bool(known))


def _told(file: Opened, here: Setting, columns: list[Column], options: Options, known: bool) -> Look:
    answers = file.kind == "answers"
    fits = _fits(file, here) if answers else ()
    at = {column.target for column in columns}
    asked = [question for question in here.questionnaire.closed if question.profile is None]
    missing = tuple(question.id for question in asked if question.id not in at) if answers else ()
    about = notes.about_columns([one for one in columns if one.sure], here) if answers else []
    return Look(
        kind=file.kind,
        sheet=file.table.name,
        sheets=file.sheets,
        header_rows=file.headed.rows,
        headings=file.headings,
        headings_sha256=file.headed.sha256,
        columns=tuple(columns),
        questionnaire=here.questionnaire.id if answers else "",
        fits=fits,
        choices=tuple(choices(here, file.kind)),
        missing=missing,
        preview=tuple(_preview(file, here, columns, options)),
        rows=file.filled,
        remembered=known,
        notes=tuple([*file.notes, *about, *_better(fits, here), *_doubts(columns)]),
    )


def _fits(file: Opened, here: Setting) -> tuple[Fit, ...]:
    """Questionnaires of the sphere, best first: by columns that they give a meaning to, then by how few they lack."""
    found = []
    for one in library.questionnaires():
        if here.sector in one.spheres and one.feeds_344n:
            ids = {question.id for question in one.closed}
            met = {best[0][0] for heading in file.headings if heading and (best := likeness(one).to(heading))
                   and best[0][1] >= SURE} & ids  # fmt: skip
            found.append(Fit(one.id, one.title, len(met), len(ids)))
    own = here.questionnaire.id
    return tuple(sorted(found, key=lambda fit: (-fit.found, fit.asked - fit.found, fit.questionnaire != own)))


def _better(fits: tuple[Fit, ...], here: Setting) -> list[str]:
    own = next((fit for fit in fits if fit.questionnaire == here.questionnaire.id), None)
    if (
        not fits
        or own is None
        or fits[0] == own
        or (fits[0].found, -fits[0].asked) == (own.found, -own.asked)
    ):
        return []
    return [f"Вопросы таблицы больше похожи на анкету «{fits[0].title}» ({fits[0].questionnaire})."]


def _doubts(columns: list[Column]) -> list[str]:
    doubtful = [column.letter for column in columns if not column.sure]
    return [f"Подтвердите столбцы: {', '.join(doubtful)}."] if doubtful else []


def _preview(file: Opened, here: Setting, columns: list[Column], options: Options) -> list[Understood]:
    """The first filled rows, each column that is proposed taken at its word."""
    settled = [replace(one, target=SKIP) if one.target == UNKNOWN else one for one in columns]
    filled = ((number, cells) for number, cells in file.first if any(cell != "" for cell in cells))
    if file.kind == "counters":
        return [
            Understood(number, *_declared(here, settled, cells)) for number, cells in islice(filled, SHOWN)
        ]
    reader = Reader(here.questionnaire, settled, here.places, options, file.table, here.fixed)
    told = []
    for number, cells in islice(filled, SHOWN):
        read = reader.read(number, cells)
        if isinstance(read, Fault):
            place = " ".join(
                shown(cells[c.index], LONGEST)
                for c in settled
                if c.target == ORGANIZATION and c.index < len(cells)
            )
            told.append(
                Understood(
                    number, place, {}, (f"{read.reason}: «{read.value}»" if read.value else read.reason,)
                )
            )
        else:
            given = {
                id: _in_words(here, id, value)
                for id, value in {**read.answered.given, **read.answered.profile}.items()
            }
            given |= {"proposals": read.words} if read.words else {}
            problems = tuple(warning.reason for warning in read.answered.warnings)
            told.append(Understood(number, read.assessed.name, given, problems))
    return told


def _in_words(here: Setting, id: str, value: str) -> str:
    choices = here.questionnaire.question(id).choices
    return next((choice.text for choice in choices if choice.value == value), value)


def _declared(
    here: Setting, columns: list[Column], cells: tuple[object, ...]
) -> tuple[str, dict[Target, str], tuple[str, ...]]:
    """An organisation and its counts, as they stand in the row."""
    places = tuple(
        shown(cells[one.index], LONGEST)
        for one in columns
        if one.target == ORGANIZATION and one.index < len(cells)
    )
    found = here.fixed or here.places.find(places)
    counts = {
        one.target: shown(cells[one.index], LONGEST)
        for one in columns
        if one.target not in (ORGANIZATION, SKIP) and one.index < len(cells) and cells[one.index] != ""
    }
    if hasattr(found, "reason"):
        return " ".join(places), counts, (found.reason,)
    return found.name, counts, ()


def remember(session: Session, seen: Look, columns: Mapping[int, Target]) -> None:
    """See `surveys.answers.remember`."""
    name = COUNTERS if seen.kind == "counters" else seen.questionnaire
    mapping = {str(index): target for index, target in columns.items()}
    session.merge(KnownColumns(headings_sha256=seen.headings_sha256, questionnaire=name, mapping=mapping))
