"""What lies on a campaign's desk at this moment: everything that the checks before submission look at."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from operator_app.inspections import comparing
from operator_app.keying.tables import Sheet, Stack
from operator_app.phone.tables import Contact
from operator_app.sample import settings
from operator_app.sample.accessible import Accessible, accessible
from paper import quality, reviewing, settling
from paper.tables import ScannedSheet, SheetState
from surveys import counts, handover, happenings, queries, results
from surveys.batches import Batch
from surveys.counts import Heard
from surveys.models import Assessment, Campaign, Inspection
from surveys.refusals import PinnedChanged
from surveys.results import CampaignResults
from surveys.submissions import Package, PackageState
from surveys.visits import Visit, VisitKind, VisitState

WAITING = ("second", "third")


class Visits(NamedTuple):
    """The inspectors' visits to one organisation, mystery visits left aside."""

    code: str
    name: str
    drafts: int
    unconfirmed: int
    confirmed: int
    differ: Sequence[str]


@dataclass(frozen=True)
class Scans:
    """Paper that was scanned and is not settled: batch → how many; `waiting` sheets count nowhere yet.

    `disputed`: an answer that counts is in doubt, and people have not decided; `samples`: sure
    answers drawn for a blind look that nobody has looked at; `words`: written by hand, not typed in.
    """

    unread: Sequence[str] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)
    disputed: Mapping[str, int] = field(default_factory=dict)
    samples: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Desk:
    """`results` is None when the pinned rules changed; `changed` then says which."""

    campaign: Campaign
    results: CampaignResults | None
    changed: str = ""
    batches: Sequence[Batch] = ()
    visits: Sequence[Visits] = ()
    waiting_sheets: Mapping[str, int] = field(default_factory=dict)
    scans: Scans = Scans()
    appointments: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    accessible: Mapping[str, Accessible] = field(default_factory=dict)
    unanswered: int = 0
    inspections: Mapping[str, Inspection] = field(default_factory=dict)


def of_campaign(session: Session, campaign: Campaign) -> Desk:
    """Read once for the checks, the report and the page."""
    counted, changed = None, ""
    try:
        counted = results.of_campaign(session, campaign)
    except PinnedChanged as refusal:
        changed = str(refusal)
    assessed = queries.assessed(session, campaign.id)
    named = {assessment.id: assessment for assessment, _inspection in assessed}
    last = handover.latest(session, campaign.id)
    return Desk(
        campaign=campaign,
        results=counted,
        changed=changed,
        batches=batches(session, campaign.id),
        visits=list(_visits(session, campaign.id, named)),
        waiting_sheets=waiting_sheets(session, campaign.id),
        scans=scans(session, campaign.id),
        appointments=appointments(session, campaign.id),
        held=held(session, campaign.id),
        accessible=on_accessibility(session, campaign, named),
        unanswered=_unanswered(last),
        inspections={named[found.assessment_id].organization.code: found for _a, found in assessed if found},
    )


def _unanswered(last: Package | None) -> int:
    if last is None or last.state != PackageState.RETURNED:
        return 0
    return sum(1 for remark in last.remarks if not remark.answer)


def batches(session: Session, campaign_id: int) -> Sequence[Batch]:
    """Every file and stack of a campaign, in the order in which they came."""
    return session.scalars(select(Batch).where(Batch.campaign_id == campaign_id).order_by(Batch.id)).all()


def waiting_sheets(session: Session, campaign_id: int) -> dict[str, int]:
    """Stack → how many of its sheets wait for a second keying or a third person."""
    rows = session.execute(
        select(Stack.title, Stack.batch_id, func.count())
        .join(Batch, Batch.id == Stack.batch_id)
        .join(Sheet, Sheet.batch_id == Stack.batch_id)
        .where(Batch.campaign_id == campaign_id, Sheet.state.in_(WAITING), Batch.state != "undone")
        .group_by(Stack.title, Stack.batch_id)
        .order_by(Stack.batch_id)
    )
    return {f"{title or 'пачка'} (№ {number})": int(count) for title, number, count in rows}


def scans(session: Session, campaign_id: int) -> Scans:
    """What is left to do about scanned paper."""
    known = quality.of_batches(session, campaign_id)
    rows = session.execute(
        select(ScannedSheet.batch_id, func.count())
        .join(Batch, Batch.id == ScannedSheet.batch_id)
        .where(
            Batch.campaign_id == campaign_id,
            Batch.state.not_in(reviewing.GONE),
            ScannedSheet.state == SheetState.WAITING,
        )
        .group_by(ScannedSheet.batch_id)
        .order_by(ScannedSheet.batch_id)
    )
    return Scans(
        unread=[_scanned(number) for number in settling.unfinished(session, campaign_id)],
        waiting={_scanned(number): int(count) for number, count in rows},
        **{
            name: {_scanned(number): count for number, one in sorted(known.items()) if (count := told(one))}
            for name, told in _LEFT.items()
        },
    )


_LEFT: Mapping[str, Callable[[quality.Quality], int]] = {
    "disputed": lambda one: one.disputed + one.reopened,
    "samples": lambda one: one.samples_open,
    "words": lambda one: one.words_open,
}


def _scanned(number: int) -> str:
    return str(_("Пакет № %(number)s", number=number))


def appointments(session: Session, campaign_id: int) -> int:
    """Contacts who were promised a call that nobody has made, its hour ahead or past."""
    counted = select(func.count()).where(
        Contact.campaign_id == campaign_id, Contact.finished.is_(False), Contact.due_at.is_not(None)
    )
    return int(session.scalar(counted) or 0)


def held(session: Session, campaign_id: int) -> dict[str, int]:
    """Organisation → how many answers its devices last said they have not sent."""
    told: Counter[str] = Counter()
    for _receiver, of_devices in happenings.held.send(session, campaign_id=campaign_id):
        told.update(of_devices)
    return dict(told)


def on_accessibility(
    session: Session, campaign: Campaign, named: Mapping[int, Assessment]
) -> dict[str, Accessible]:
    """Organisation → how many answered on accessibility and how many should, as the cockpit counts them."""
    heard, told = counts.heard(session, campaign.id), settings.of(campaign)
    return {
        one.organization.code: accessible(heard.get(number, Heard()), one.target, told)
        for number, one in named.items()
    }


def _visits(session: Session, campaign_id: int, named: Mapping[int, Assessment]) -> Iterable[Visits]:
    made = session.scalars(
        select(Visit)
        .join(Assessment, Assessment.id == Visit.assessment_id)
        .where(Assessment.campaign_id == campaign_id, Visit.kind == VisitKind.INSPECTION)
        .order_by(Visit.id)
    )
    of_one: defaultdict[int, list[Visit]] = defaultdict(list)
    for visit in made:
        of_one[visit.assessment_id].append(visit)
    for number, visits in of_one.items():
        states = Counter(visit.state for visit in visits)
        yield Visits(
            named[number].organization.code,
            named[number].organization.display_name,
            states[VisitState.DRAFT],
            states[VisitState.DONE],
            states[VisitState.CONFIRMED],
            differing(comparing.waiting(visits)),
        )


def differing(visits: Sequence[Visit]) -> list[str]:
    """Items about which two finished visits say different things; what only one of them looked at is no quarrel."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    for visit in visits:
        for item, found in visit.items.items():
            if isinstance(found, Mapping) and found.get("value"):
                said[item].add(str(found["value"]))
    return sorted(item for item, values in said.items() if len(values) > 1)
