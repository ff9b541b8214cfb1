"""One figure of one organisation, to the bottom: formula, counts, what was left out, items, proofs, remarks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from accounts import access
from accounts.models import Role
from council.package_forms import RemarkForm
from council.table import counted, inspected
from council.table.rows import TOTAL, Row
from documents import beside
from documents.figures import counts, signs
from surveys.models import Assessment
from surveys.submissions import Package, PackageState, Remark


@dataclass(frozen=True)
class Said:
    """A remark on this cell or on the whole organisation, and what may be done about it now."""

    remark: Remark
    package: int
    may_close: bool
    may_withdraw: bool
    sent: bool  # back to the operator: until then nobody there reads it


@dataclass(frozen=True)
class Depth:
    """All that stands behind one figure."""

    steps: Sequence[nok.Step]
    signs: dict[str, str]
    counts: Sequence[str]
    parts: Sequence[str]
    warnings: Sequence[str]
    questions: Sequence[counted.Question]
    sheets: Sequence[tuple[str, int]]
    seen: inspected.Seen
    raising: beside.Raising
    effect: beside.Effect | None
    findings: Sequence[tuple[str, str]]


def depth(session: Session, assessment: Assessment, row: Row, key: str) -> Depth:
    """Read it once: the trace and the gains are computed on demand."""
    one, edition = row.standing, row.facts.norm
    numbers = below(edition, key)
    trace = one.result.trace
    asked = any(edition.indicators[number].answers for number in numbers if number in edition.indicators)
    return Depth(
        steps=[step for step in trace if step.at == key],
        signs=signs(one.result, trace),
        counts=list(counts(one, edition, edition.indicators[key])) if key in edition.indicators else (),
        parts=[] if key in edition.indicators else _members(edition, key),
        warnings=[told.text for told in one.result.warnings if told.at == key],
        questions=counted.questions(session, assessment, one, edition, key),
        sheets=list(counted.sheets(session, assessment)) if asked else (),
        seen=inspected.seen(session, assessment, one, inspected.blocks_of(edition, key)),
        raising=_raising(one, numbers),
        effect=_effect(row, numbers) if asked else None,
        findings=_findings(row),
    )


def below(edition: nok.Edition, key: str) -> list[str]:
    """Indicators that a figure follows from; of an indicator itself alone."""
    if key in edition.indicators:
        return [key]
    return [one.number for one in edition.indicators.values() if key in (TOTAL, one.criterion)]


def _members(edition: nok.Edition, key: str) -> list[str]:
    """What a criterion, or the total, is made of."""
    return list(edition.criteria) if key == TOTAL else below(edition, key)


def _raising(one: Any, numbers: Sequence[str]) -> beside.Raising:
    whole = beside.raising(one)
    return replace(whole, lines=[line for line in whole.lines if line.number in numbers])


def _effect(row: Row, numbers: Sequence[str]) -> beside.Effect:
    whole = beside.effect(row.standing, row.facts.norm)
    return replace(whole, lines=[line for line in whole.lines if line[0] in numbers])


def _findings(row: Row) -> list[tuple[str, str]]:
    """What the checks of the newest package say of this organisation, and how the operator explains it."""
    newest = row.listed.package
    return [
        (f"{check['title']}{f': {place[2]}' if place[2] else ''}", check.get("explanation") or "")
        for check in (newest.checks if newest else ())
        for place in check["places"]
        if place[0] == row.standing.code
    ]


def remarks(session: Session, campaign_id: int, code: str, key: str) -> list[Said]:
    """Every remark on this cell, to the earlier packages too, and those on the whole organisation; newest first."""
    rows = session.execute(
        select(Remark, Package.number, Package.state)
        .join(Package, Package.id == Remark.package_id)
        .where(Package.campaign_id == campaign_id, Remark.code == code, Remark.figure.in_((key, "")))
        .order_by(Remark.id.desc())
    )
    closes, withdraws = access.may_open("deciding.close"), access.may_open("deciding.withdraw")
    reads_all = access.the_user().role != Role.OPERATOR
    return [
        Said(
            remark,
            number,
            closes and remark.answer is not None and remark.closed_at is None,
            withdraws and state == PackageState.SUBMITTED,
            state != PackageState.SUBMITTED,
        )
        for remark, number, state in rows
        if reads_all or state != PackageState.SUBMITTED
    ]


def form(package: Package | None, code: str, key: str) -> RemarkForm | None:
    """The form of a remark on this cell, filled in but for the words; None for those who write none now."""
    if package is None or package.state != PackageState.SUBMITTED or not access.may_open("deciding.remark"):
        return None
    made = RemarkForm(formdata=None, organization=code, indicator=key)
    made.text.label.text = _("Что неверно или непонятно в этой цифре")
    return made
