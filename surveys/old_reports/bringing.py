"""Bringing an old report in: a draft with every cell, corrected by a person, then taken whole; undone by one act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from surveys import queue
from surveys.answers import places
from surveys.campaigns import rules as pinned_rules
from surveys.clock import now, to_the_second
from surveys.db import writing
from surveys.models import Campaign
from surveys.old_reports import comparing, keeping, matching, reading, rows
from surveys.old_reports.comparing import Progress, Rules
from surveys.old_reports.matching import Match
from surveys.old_reports.reading import Layout, Sheet
from surveys.old_reports.rows import Line, Parsed
from surveys.old_reports.targets import CODE, FIGURES, INN, NAME, OGRN, SKIP, TARGETS, UNKNOWN, Target
from surveys.refusals import Refusal
from surveys.releases import OldReport

EARLIEST = 2014
DRAFTS_KEPT = timedelta(days=14)


@dataclass(frozen=True)
class Understood:
    """A draft as it is understood now: its layout, its rows, where each line leads, by what it is recomputed."""

    layout: Layout
    sheets: tuple[str, ...]
    parsed: Parsed
    matches: Mapping[int, Match]
    rules: Rules

    @property
    def asked(self) -> list[int]:
        """Rows about which a person must say which organisation it is."""
        return [line.row for line in self.parsed.lines if self.matches[line.row].asked]

    @property
    def missing(self) -> str:
        """What stands in the way of taking it; empty when nothing does."""
        targets = set(self.layout.columns.values())
        if not targets & {NAME, INN, OGRN, CODE}:
            return str(_("Выберите столбец с ИНН или с названием организации."))
        if not targets & set(FIGURES):
            return str(_("Выберите хотя бы один столбец с показателем, критерием или итогом."))
        if not self.parsed.lines:
            return str(_("Под заголовками нет ни одной годной строки."))
        return ""


def bring(session: Session, campaign: Campaign, year: int, path: Path, file_name: str, by: str) -> OldReport:
    """A draft of this file, or what the very same file made before. Raises Refusal, FileRefused."""
    if not EARLIEST <= year < campaign.year:
        raise Refusal(
            _("Год отчёта — от %(first)s до %(last)s.", first=str(EARLIEST), last=str(campaign.year - 1))
        )
    found = reading.sheets(path)
    layout = reading.layout(found)
    digest = sha256(path.read_bytes()).hexdigest()
    same = keeping.twin(session, campaign.id, year, digest)
    if same is not None:
        return same
    report = OldReport(
        campaign_id=campaign.id,
        year=year,
        file_name=file_name,
        file_sha256=digest,
        content={"sheets": reading.kept(found), **_chosen(layout, {})},
        made_by=by,
        made_at=to_the_second(),
    )
    session.add(report)
    session.flush()
    return report


def _chosen(layout: Layout, organizations: Mapping[str, str]) -> dict[str, Any]:
    return {
        "sheet": layout.sheet,
        "first": layout.headed.first,
        "columns": {str(place): target for place, target in layout.columns.items()},
        "organizations": dict(organizations),
    }


def understood(session: Session, report: OldReport, campaign: Campaign) -> Understood:
    """The report as its draft, or what was taken, is read."""
    told = report.content
    sheets = reading.read(told["sheets"])
    layout = _layout(sheets, told)
    sheet = next(one for one in sheets if one.name == layout.sheet)
    parsed = rows.parsed(sheet, layout.headed.last, layout.columns, layout.headed.headings)
    chosen = {int(row): code for row, code in told["organizations"].items()}
    found = places.of_campaign(session, campaign.id)
    edition, practice = pinned_rules(campaign)
    return Understood(
        layout,
        tuple(one.name for one in sheets),
        parsed,
        matching.matched(parsed.lines, found, chosen),
        Rules(edition, practice, campaign.sector, parsed.places),
    )


def _layout(sheets: list[Sheet], told: Mapping[str, Any]) -> Layout:
    found = reading.layout(sheets, told["sheet"], told["first"])
    columns = {int(place): target for place, target in told["columns"].items()}
    return Layout(found.sheet, found.headed, columns)


def choose(report: OldReport, sheet: str, first: int) -> None:
    """Another sheet, or another row of headings: columns are proposed anew. Raises Refusal."""
    _check_draft(report)
    sheets = reading.read(report.content["sheets"])
    if sheet not in {one.name for one in sheets}:
        raise Refusal(_("Такого листа в файле нет."))
    report.content = {**report.content, **_chosen(reading.layout(sheets, sheet, first), {})}


def map_columns(report: OldReport, columns: Mapping[int, Target]) -> None:
    """What each column holds, as a person says. Raises Refusal."""
    _check_draft(report)
    given = {target for target in columns.values() if target not in (SKIP, UNKNOWN)}
    if not given <= TARGETS:
        raise Refusal(_("Эта страница устарела: откройте отчёт из списка и выберите ещё раз."))
    told = list(columns.values())
    twice = sorted({target for target in given if told.count(target) > 1})
    if twice:
        raise Refusal(_("Одно и то же выбрано у двух столбцов: проверьте выбор."))
    known = dict.fromkeys(report.content["columns"], SKIP)
    report.content = {
        **report.content,
        "columns": known | {str(place): t for place, t in columns.items() if str(place) in known},
    }


def answer(report: OldReport, organizations: Mapping[int, str]) -> None:
    """Which organisation a doubtful row is about, as a person says."""
    _check_draft(report)
    told = {str(row): code for row, code in organizations.items() if code}
    kept = {**report.content["organizations"], **told}
    report.content = {**report.content, "organizations": kept}


def _check_draft(report: OldReport) -> None:
    if keeping.about(report.content):
        raise Refusal(_("Отчёт уже загружен. Чтобы разобрать его иначе, отмените загрузку."))


def prepared(
    session: Session,
    report: OldReport,
    campaign: Campaign,
    progress: Progress = lambda done, total: None,
) -> tuple[Understood, dict[str, Any]]:
    """What taking the draft would keep: good lines, what became of every figure. Raises Refusal. Writes nothing."""
    _check_draft(report)
    found = understood(session, report, campaign)
    if found.missing:
        raise Refusal(found.missing)
    parsed, told = found.parsed, found.parsed.lines
    codes = {line.row: found.matches[line.row].code for line in told}
    summary = comparing.summary(told, found.rules, progress)
    return found, {
        "taken": True,
        "figures": {
            codes[line.row]: {at: _written(value) for at, value in line.figures.items()}
            for line in told
            if codes[line.row]
        },
        "lines": [[line.row, line.called, codes[line.row]] for line in told],
        "refused": [one._asdict() for one in parsed.refused],
        "skipped": parsed.skipped,
        "places": parsed.places,
        "shares": list(parsed.shares),
        "states": dict(summary.states),
        "kinds": [[at, key, times] for (at, key), times in summary.kinds.most_common()],
        "ranks": {at: dict(keys) for at, keys in summary.ranks.items()},
        "differs": {str(row): keys for row, keys in summary.by_row.items() if keys},
    }


def take(report: OldReport, found: Understood, told: Mapping[str, Any]) -> None:
    """Keep what was prepared; of the file the one sheet stays. Raises Refusal when the draft has changed since."""
    _check_draft(report)
    if report.content["sheet"] != found.layout.sheet or _columns(report) != found.layout.columns:
        raise Refusal(_("Пока отчёт сверялся, столбцы изменили. Проверьте их и нажмите ещё раз."))
    sheet = next(one for one in report.content["sheets"] if one["name"] == found.layout.sheet)
    report.content = {**report.content, "sheets": [sheet], **told}


def _columns(report: OldReport) -> dict[int, Target]:
    return {int(place): target for place, target in report.content["columns"].items()}


def _written(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def rules_of(report: OldReport, campaign: Campaign) -> Rules:
    """By what a report that was taken is recomputed."""
    edition, practice = pinned_rules(campaign)
    return Rules(edition, practice, campaign.sector, report.content["places"])


def lines(report: OldReport, wanted: Iterable[int]) -> list[Line]:
    """Lines of a report that was taken, by their rows."""
    (sheet,) = reading.read(report.content["sheets"])
    return rows.again(sheet, wanted, _columns(report), report.content["shares"])


def undo(session: Session, report: OldReport) -> None:
    """Let a report go: of its figures nothing is left."""
    session.delete(report)


@queue.every_night
def sweep() -> None:
    """Let go of drafts that nobody came back for."""
    old = now() - DRAFTS_KEPT
    with writing() as session:
        draft = OldReport.content["taken"].as_boolean().is_not(True)
        session.execute(delete(OldReport).where(draft, OldReport.made_at < old))
