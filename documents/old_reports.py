"""An old report held against ours, arranged for reading: what does not agree, by mistakes and by organisations."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import format_datetime
from werkzeug.datastructures import MultiDict

from surveys import paging
from surveys.clock import local
from surveys.models import Campaign, searchable
from surveys.old_reports import bringing, comparing, keeping, tables, words
from surveys.old_reports.targets import TOTAL, short_title
from surveys.refusals import NotFound
from surveys.releases import OldReport

PAGE_SIZE = 30
ALL, DIFFERING = "all", "differing"


class Listed(NamedTuple):
    """One old report of a list."""

    year: int
    name: str
    who: str
    when: str
    taken: bool
    organizations: int
    differing: int
    url: str


class Kind(NamedTuple):
    """One mistake: at which figure, what was done, in how many organisations, the list of these."""

    figure: str
    text: str
    times: int
    url: str
    chosen: bool
    unexplained: bool


class Row(NamedTuple):
    """One organisation of a report: its total as reported and as counted anew, what differs."""

    called: str
    code: str
    reported: str
    anew: str
    told: tuple[tuple[str, str], ...]
    url: str


def listed(report: OldReport, names: Mapping[str, str], url: str) -> Listed:
    """A report in a list."""
    told = report.content
    taken = keeping.about(told)
    return Listed(
        report.year,
        report.file_name,
        names.get(report.made_by, report.made_by),
        str(format_datetime(local(report.made_at), "d MMMM y, HH:mm", rebase=False)),
        taken,
        len(told["lines"]) if taken else 0,
        len(told["differs"]) if taken else 0,
        url,
    )


def comparison(
    report: OldReport, campaign: Campaign, asked: MultiDict[str, str], door: str
) -> dict[str, Any]:
    """What the page of one report shows. `door`: the blueprint whose addresses it uses. Raises NotFound."""
    told = report.content
    if not keeping.about(told):
        raise NotFound(str(report.id))
    here = _addresses(report, door)
    kind, which, q = asked.get("kind", ""), asked.get("show", DIFFERING), asked.get("q", "")
    differs: Mapping[str, list[str]] = told["differs"]
    wanted = [
        (row, called, code)
        for row, called, code in told["lines"]
        if _fits(called, code, q)
        and (kind in differs.get(str(row), ()) if kind else which == ALL or str(row) in differs)
    ]
    pages = paging.pages(
        paging.asked(asked),
        len(wanted),
        PAGE_SIZE,
        lambda n: here("comparison", page=n, kind=kind or None, show=which, q=q or None),
    )
    shown = paging.cut(wanted, pages, PAGE_SIZE)
    states = told["states"]
    kinds = [_kind(at, key, times, kind, here) for at, key, times in told["kinds"]]
    return {
        "report": report,
        "kinds": kinds,
        "rows": _rows(report, campaign, shown, here),
        "pages": pages,
        "kind": _chosen(kinds, kind),
        "which": which,
        "q": q,
        "counts": {
            "organizations": len(told["lines"]),
            "known": len(told["figures"]),
            "agree": states.get(comparing.AGREES, 0) + states.get(comparing.ROUNDED, 0),
            "explained": sum(
                states.get(one, 0) for one in (comparing.EXPLAINED, comparing.EMPTY, comparing.ODD)
            ),
            "unexplained": states.get(comparing.UNEXPLAINED, 0),
            "unchecked": states.get(comparing.UNCHECKED, 0),
        },
        "refused": told["refused"],
        "links": {
            "up": url_for(f"{door}.index", campaign_id=campaign.id),
            "all": here("comparison", show=ALL),
            "differing": here("comparison"),
            **{one: here("table", ending=one) for one in tables.KINDS},
        },
    }


def _fits(called: str, code: str, q: str) -> bool:
    name = searchable(called)
    return q.strip().upper() == code or all(word in name for word in paging.words_of(q))


def _addresses(report: OldReport, door: str) -> Callable[..., str]:
    def address(endpoint: str, **given: Any) -> str:
        return url_for(f"{door}.{endpoint}", campaign_id=report.campaign_id, report_id=report.id, **given)

    return address


def _kind(at: str, key: str, times: int, chosen: str, here: Callable[..., str]) -> Kind:
    told = f"{at}|{key}"
    url = here("comparison", kind=told)
    return Kind(short_title(at), words.said(key, at), times, url, told == chosen, not key)


def _chosen(kinds: Sequence[Kind], asked: str) -> str:
    """The mistake that the list is narrowed to, in words. Raises NotFound when the report has no such mistake."""
    if not asked:
        return ""
    for one in kinds:
        if one.chosen:
            return f"{one.figure}: {one.text}"
    raise NotFound(asked[:40])


def _rows(report: OldReport, campaign: Campaign, shown: Any, here: Callable[..., str]) -> list[Row]:
    rules = bringing.rules_of(report, campaign)
    lines = {line.row: line for line in bringing.lines(report, [row for row, _called, _code in shown])}
    places = rules.places.get(TOTAL, 2)
    found = []
    for row, called, code in shown:
        keys = (told.partition("|") for told in report.content["differs"].get(str(row), ()))
        found.append(
            Row(
                called,
                code,
                tables.printed(lines[row].figures.get(TOTAL), places),
                tables.printed(comparing.anew(lines[row], rules), 2),
                tuple((short_title(at), words.said(key, at)) for at, _, key in keys),
                here("organization", row=row),
            )
        )
    return found


def organization(report: OldReport, campaign: Campaign, row: int, door: str) -> dict[str, Any]:
    """Every figure of one organisation of the report. Raises NotFound."""
    known = {one: (called, code) for one, called, code in report.content.get("lines", ())}
    if row not in known:
        raise NotFound(str(row))
    rules = bringing.rules_of(report, campaign)
    (line,) = bringing.lines(report, [row])
    return {
        "report": report,
        "line": line,
        "code": known[row][1],
        "figures": tables.figures(line, report, rules),
        "anew": tables.printed(comparing.anew(line, rules), 2),
        "edition": rules.edition,
        "back": _addresses(report, door)("comparison"),
    }


def file(report: OldReport, campaign: Campaign, kind: str) -> tuple[str, BytesIO]:
    """The comparison to take away: the file's name and the file. Raises NotFound."""
    if kind not in tables.KINDS or not keeping.about(report.content):
        raise NotFound(kind)
    made = BytesIO()
    tables.write(made, report, bringing.rules_of(report, campaign), kind)
    made.seek(0)
    return f"сравнение-{report.year}-{report.id}.{kind}", made
