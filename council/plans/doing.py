"""What has been done about an approved measure: words, the actual day, proofs. The approved words are not touched."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from council.plans import working
from surveys.clock import today
from surveys.happenings import tell
from surveys.models import Assessment
from surveys.plans import Measure, MeasureProof, Plan
from surveys.proofs import proper
from surveys.refusals import NotFound, Refusal

MOST_PROOFS = 20
PHOTO, LINK = "photo", "link"


class Proof(NamedTuple):
    """A photograph that is in the store already, or the address of a page."""

    kind: str
    what: str
    note: str


def done(
    session: Session, assessment: Assessment, measure_id: int, version: int, words: str, on: date | None,
    proofs: Sequence[Proof], login: str,
) -> None:  # fmt: skip
    """Put down what was done, when, and what proves it; inside writing(). Raises Stale, Refusal."""
    row = working.held(session, assessment, measure_id, version)
    if (row.done, row.done_on) != (words, on):
        row.done, row.done_on = words, on
        working.touched(row, login)
        tell(session, login, "measure-done", working.subject(assessment), measure=row.id, on=_iso(on))
    for proof in proofs:
        _prove(session, assessment, row, proof, login)


def _prove(session: Session, assessment: Assessment, row: Measure, proof: Proof, login: str) -> None:
    known = session.scalars(select(MeasureProof).where(MeasureProof.measure_id == row.id)).all()
    if any(proof.what in (one.file, one.link) for one in known):
        return
    if len(known) >= MOST_PROOFS:
        raise Refusal(_("У одной строки не бывает больше 20 подтверждений. Уберите лишние и добавьте новые."))
    if proof.kind == LINK and not proper(proof.what):
        raise Refusal(_("Ссылка должна начинаться с https:// и вести на страницу."))
    where = {"file": proof.what} if proof.kind == PHOTO else {"link": proof.what}
    session.add(
        MeasureProof(
            measure_id=row.id, kind=proof.kind, note=proof.note, day=today(), added_by=login, **where
        )
    )
    session.flush()
    tell(session, login, "proof-added", working.subject(assessment), measure=row.id)


def take_away(session: Session, assessment: Assessment, proof_id: int, login: str) -> int:
    """Remove a proof of one's own plan; the measure it was of. Raises NotFound."""
    proof, row = of_plan(session, assessment, proof_id)
    working.remove(session, proof)
    tell(session, login, "proof-removed", working.subject(assessment), measure=row.id)
    return row.id


def of_plan(session: Session, assessment: Assessment, proof_id: int) -> tuple[MeasureProof, Measure]:
    """A proof of this plan and the line it belongs to. Raises NotFound."""
    proof = session.get(MeasureProof, proof_id)
    row = session.get(Measure, proof.measure_id) if proof else None
    if proof is None or row is None or row.assessment_id != assessment.id:
        raise NotFound(str(proof_id))
    return proof, row


def measure(session: Session, plan: Plan, measure_id: int) -> Measure:
    """A line of this plan. Raises NotFound."""
    row = session.get(Measure, measure_id)
    if row is None or row.assessment_id != plan.assessment_id:
        raise NotFound(str(measure_id))
    return row


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""
