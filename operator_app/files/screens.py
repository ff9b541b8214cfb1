"""What the screens of a file show: its state in a word, what became of its rows, whether a promise was kept."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from operator_app.files import batches
from operator_app.files.forms import KIND_TITLES
from operator_app.files.work import PROMISED
from surveys.batches import Batch, Kind, State
from surveys.channels import BY_NUMBER
from surveys.clock import local

EXAMPLES = 3
STATES = {
    State.UPLOADED: (_l("? проверьте столбцы"), "warn"),
    State.CHECKED: (_l("? проверен, не учтён"), "warn"),
    State.COUNTED: (_l("✓ учтён"), "ok"),
    State.UNDONE: (_l("↩ отменён"), "plain"),
    State.DROPPED: (_l("– не загружен"), "plain"),
    State.REFUSED: (_l("✕ не принят"), "bad"),
}


class Line(NamedTuple):
    """One file of the list."""

    id: int
    name: str
    what: str
    who: str
    when: str
    state: str
    look: str
    counted: int
    refused: int
    warnings: int
    unseen: bool
    url: str


class Reason(NamedTuple):
    """Why rows were refused, how many, some of them; `advice` when it is the same for all that are shown."""

    text: str
    rows: int
    examples: Sequence[Mapping[str, Any]] = ()
    advice: str = ""


class Promise(NamedTuple):
    """One figure that the check promised and the counting gave."""

    title: str
    promised: int
    came: int


PROMISE_TITLES = dict(
    zip(PROMISED, (_l("Учтено"), _l("Заменено"), _l("Повторы"), _l("Не принято строк")), strict=True)
)


def lines(session: Session, found: Sequence[Batch]) -> list[Line]:
    """The files of a list, with the names of who brought them."""
    known = batches.names(session, {batch.made_by for batch in found})
    return [line(session, batch, known) for batch in found]


def line(session: Session, batch: Batch, known: Mapping[str, str]) -> Line:
    """One file; while somebody works on it its state says so."""
    busy = batches.under_way(batches.job_of(session, batch))
    state, look = (_("… идёт работа"), "plain") if busy else STATES[State(batch.state)]
    report = batch.report
    counted = batch.state == State.COUNTED
    return Line(
        id=batch.id,
        name=batch.file_name,
        what=what(batch),
        who=known.get(batch.made_by, batch.made_by),
        when=moment(batch),
        state=str(state),
        look=look,
        counted=report.get("accepted", 0) + report.get("updated", 0) if counted else 0,
        refused=report.get("refused_rows", 0),
        warnings=report.get("warned_rows", 0),
        unseen=counted and needs_eyes(report) and batch.reviewed_by is None,
        url=url_for("files.batch", campaign_id=batch.campaign_id, batch_id=batch.id),
    )


def what(batch: Batch) -> str:
    """«Анкеты · Бумажная анкета»."""
    title = str(KIND_TITLES[Kind(batch.kind)])
    if batch.channel is None or batch.kind == Kind.CHECKLISTS:
        return title
    return f"{title} · {_(BY_NUMBER[batch.channel].title)}"


def moment(batch: Batch) -> str:
    """When it was brought, by the clock of the service's own place."""
    return str(format_datetime(local(batch.made_at), "d MMMM y, HH:mm", rebase=False))


def needs_eyes(report: Mapping[str, Any]) -> bool:
    """Is there something in this report that a person must have read before the hand-over?"""
    return bool(report.get("refused_rows") or report.get("warnings"))


def reasons(report: Mapping[str, Any], kind: str = "refused") -> list[Reason]:
    """Refused rows (or warnings) by reason, most frequent first, each with some examples."""
    found: Sequence[Mapping[str, Any]] = report.get(kind, ())
    by_reason: dict[str, list[Mapping[str, Any]]] = {}
    for one in found:
        by_reason.setdefault(one["reason"], []).append(one)
    counts = report.get("by_reason", {}) if kind == "refused" else {}
    made = [_reason(text, counts.get(text, len(some)), some[:EXAMPLES]) for text, some in by_reason.items()]
    rest = [_reason(text, count, ()) for text, count in counts.items() if text not in by_reason]
    return sorted([*made, *rest], key=lambda reason: -reason.rows)


def _reason(text: str, rows: int, examples: Sequence[Mapping[str, Any]]) -> Reason:
    said = {one.get("advice", "") for one in examples}
    return Reason(text[:1].upper() + text[1:], rows, examples, said.pop() if len(said) == 1 else "")


def broken_promises(report: Mapping[str, Any]) -> list[Promise]:
    """Where the counting gave other figures than the check promised; empty when it kept its word."""
    promised = report.get("promised")
    if promised is None:
        return []
    pairs = [Promise(str(PROMISE_TITLES[name]), promised[name], report.get(name, 0)) for name in PROMISED]
    return pairs if any(pair.promised != pair.came for pair in pairs) else []
