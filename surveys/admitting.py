"""Who may answer where a pass is asked for: one-time codes and marks of those who signed in (docs/decisions/0037).

A pass and an answer meet once, in the transaction that takes the answer in, and leave no trace of each other there.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, delete, func, select, text
from sqlalchemy.orm import Session

from surveys import codes, sealing
from surveys.db import writing
from surveys.happenings import closing
from surveys.intake import Finished, Outcome, accept_all
from surveys.models import Assessment, Campaign
from surveys.passes import Admission, Entry, Pass, PassBatch, SignedIn, SignInSecret
from surveys.refusals import Refusal

LENGTH = 8
CHECKED = 2
MARK = 16
SLOTS = 16
DECOYS = 32
FEWEST, MOST = 10, 500  # of a batch: a small one would tell who answered
CODE, PERSON = "code", "person"
_FIRST = text(
    "INSERT INTO sign_in_secret (campaign_id, sealed) VALUES (:campaign_id, :sealed) "
    "ON CONFLICT (campaign_id) DO NOTHING"
)


class Used(Refusal):
    """The pass has admitted an answer already, or was withdrawn."""


class Ticket(NamedTuple):
    """A pass that was shown: a code's mark, or the mark of somebody who signed in."""

    kind: str
    mark: str


class Batch(NamedTuple):
    """A batch as the operator sees it."""

    batch: PassBatch
    organization_name: str
    organization_code: str
    left: int


def ask(session: Session, assessments: Sequence[int], entry: Entry) -> None:
    """From now on ask for this before answering about these."""
    session.execute(delete(Admission).where(Admission.assessment_id.in_(assessments)))
    if entry is not Entry.OPEN:
        session.add_all(Admission(assessment_id=number, entry=entry) for number in assessments)
    session.flush()


def issue(
    session: Session, secret: str, assessment_id: int, count: int, ends_on: date, made_on: date, made_by: str
) -> list[str]:
    """So many fresh codes for one organisation: seen now and never again, for only their hashes are kept."""
    batch = PassBatch(
        assessment_id=assessment_id, issued=count, ends_on=ends_on, made_on=made_on, made_by=made_by
    )
    session.add(batch)
    session.flush()
    made: dict[str, str] = {}
    while len(made) < count:
        code = _fresh(secret)
        made[mark_of(secret, assessment_id, code)] = code
    session.add_all(Pass(mark=mark, batch_id=batch.id) for mark in sorted(made))
    session.flush()
    return list(made.values())


def withdraw(session: Session, batch: PassBatch) -> int:
    """Unused codes of a batch open nothing any more; how many there were."""
    gone = session.scalar(select(func.count()).where(Pass.batch_id == batch.id)) or 0
    session.execute(delete(Pass).where(Pass.batch_id == batch.id))
    batch.withdrawn = True
    return gone


def batches(session: Session, campaign_id: int) -> list[Batch]:
    """Every batch of a campaign, newest first."""
    left = select(func.count()).where(Pass.batch_id == PassBatch.id).scalar_subquery()
    rows = session.execute(
        select(PassBatch, Assessment, left)
        .join(Assessment, Assessment.id == PassBatch.assessment_id)
        .where(Assessment.campaign_id == campaign_id)
        .order_by(PassBatch.id.desc())
    )
    return [Batch(one, of.organization.display_name, of.organization.code, count) for one, of, count in rows]


def _fresh(secret: str) -> str:
    random = "".join(secrets.choice(codes.ALPHABET) for _ in range(LENGTH))
    return random + _check(secret, random)


def _check(secret: str, random: str) -> str:
    """Two letters that tell a slip of the finger from a code that was used."""
    number = int.from_bytes(hmac.digest(_key(secret), random.encode(), "sha256")[:4])
    letters = len(codes.ALPHABET)
    return codes.ALPHABET[number % letters] + codes.ALPHABET[number // letters % letters]


def genuine(secret: str, code: str) -> bool:
    """Could this service have made this code? Asked before the database is."""
    whole = len(code) == LENGTH + CHECKED and set(code) <= set(codes.ALPHABET)
    return whole and hmac.compare_digest(code[LENGTH:], _check(secret, code[:LENGTH]))


def spaced(code: str) -> str:
    """As it is printed: two groups of five."""
    return f"{code[:5]}-{code[5:]}"


def mark_of(secret: str, assessment_id: int, code: str) -> str:
    """What is kept of a code: nothing without the service's secret, and of no use at another organisation."""
    return hmac.digest(_key(secret), f"{assessment_id}/{code}".encode(), "sha256")[:MARK].hex()


def _key(secret: str) -> bytes:
    return sealing.drawn(secret.encode(), b"one-time codes")


def person_mark(session: Session, secret: str, campaign_id: int, issuer: str, subject: str) -> str:
    """What is kept of a person who signed in; the campaign's own secret is made with the first of them."""
    place = f"sign-in/{campaign_id}"
    kept, lock = session.get(SignInSecret, campaign_id), sealing.drawn(secret.encode(), b"sign-in")
    if kept is None:  # two who come first at once share the one that stands
        made = {"campaign_id": campaign_id, "sealed": sealing.sealed(lock, sealing.fresh_key(), place)}
        session.execute(_FIRST, made)
        kept = session.get_one(SignInSecret, campaign_id)
    own = sealing.opened(lock, kept.sealed, place)
    return hmac.digest(own, f"{issuer}\x1f{subject}".encode(), "sha256")[:MARK].hex()


def good(session: Session, ticket: Ticket, campaign_id: int, day: date) -> bool:
    """Would this pass admit an answer now?"""
    if ticket.kind == CODE:
        return session.scalar(_unspent(ticket.mark, day)) is not None
    bag = session.get(SignedIn, (campaign_id, _slot(ticket.mark)))
    return bag is None or bytes.fromhex(ticket.mark) not in _each(bag.marks)


def accept(finished: Finished, ticket: Ticket) -> Outcome:
    """Take an answer in and its pass away, or neither. Raises Used."""
    with writing() as session:
        outcome = accept_all(session, [finished])[0]
        if outcome is Outcome.COUNTED:
            _spend(session, ticket, finished.campaign_id, finished.day)
        return outcome


def _spend(session: Session, ticket: Ticket, campaign_id: int, day: date) -> None:
    if ticket.kind == CODE:
        mark = session.scalar(_unspent(ticket.mark, day).with_for_update(of=Pass))
        if mark is None:
            raise Used(ticket.kind)
        session.execute(delete(Pass).where(Pass.mark == mark))
        return
    session.execute(select(Campaign.id).where(Campaign.id == campaign_id).with_for_update(key_share=True))
    bag = session.get(SignedIn, (campaign_id, _slot(ticket.mark)))
    kept, mark_ = _each(bag.marks) if bag else _decoys(), bytes.fromhex(ticket.mark)
    if mark_ in kept:
        raise Used(ticket.kind)
    marks = b"".join(sorted([*kept, mark_]))
    if bag is None:
        session.add(SignedIn(campaign_id=campaign_id, slot=_slot(ticket.mark), marks=marks))
    else:
        bag.marks = marks
    session.flush()


def _unspent(mark: str, day: date) -> Select[str]:
    return select(Pass.mark).join(PassBatch).where(Pass.mark == mark, PassBatch.ends_on >= day)


def _decoys() -> list[bytes]:
    """Marks of nobody: even the first person of a row is one among many."""
    return [secrets.token_bytes(MARK) for _ in range(DECOYS)]


def _slot(mark: str) -> int:
    return int(mark[:2], 16) % SLOTS


def _each(marks: bytes) -> list[bytes]:
    return [marks[start : start + MARK] for start in range(0, len(marks), MARK)]


@closing.connect
def forget(session: Session, *, campaign: Campaign) -> None:
    """Collecting ends: whoever answered leaves no mark, and no code opens anything."""
    session.execute(delete(SignedIn).where(SignedIn.campaign_id == campaign.id))
    session.execute(delete(SignInSecret).where(SignInSecret.campaign_id == campaign.id))
    of = select(PassBatch.id).join(Assessment).where(Assessment.campaign_id == campaign.id)
    session.execute(delete(Pass).where(Pass.batch_id.in_(of)))
