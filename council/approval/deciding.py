"""Approval: what is still missing, in words; then the package becomes a release in one transaction."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from accounts import people
from council.approval import meetings, objections, votes
from council.approval.votes import Tally
from documents import exports
from surveys import frozen, handover, results
from surveys.clock import to_the_second
from surveys.display import day
from surveys.happenings import tell
from surveys.models import Campaign, Stage
from surveys.refusals import Refusal
from surveys.releases import Meeting, Objection, Release, Vote
from surveys.submissions import Package, PackageState, Remark


class Desk(NamedTuple):
    """Everything that a decision upon one package looks at."""

    package: Package
    votes: Sequence[Vote]
    meeting: Meeting | None
    objections: Sequence[Objection]
    versions: Sequence[Release]
    members: frozenset[str]
    remarks: Sequence[tuple[Remark, int]]

    @property
    def tally(self) -> Tally:
        """How the votes that count lie."""
        made = next((one for one in self.versions if one.package_id == self.package.id), None)
        return votes.counted(self.package, self.votes, self.members, made)

    @property
    def voted(self) -> int:
        """How many of those who may vote now have voted."""
        return sum(vote.login in self.members for vote in self.votes)

    @property
    def version(self) -> int:
        """The number of the release that approval would make."""
        return self.versions[0].version + 1 if self.versions else 1


def desk(session: Session, found: Package) -> Desk:
    """What lies on the table now."""
    campaign = session.get_one(Campaign, found.campaign_id)
    return Desk(
        found,
        votes.of(session, found.id),
        meetings.of(session, found.id),
        objections.of(session, found.campaign_id),
        frozen.releases(session, found.campaign_id),
        frozenset(one.login for one in votes.members(session, campaign)),
        handover.open_remarks(session, found.campaign_id),
    )


def missing(on: Desk, today: date) -> list[str]:
    """What stands in the way of approval, a sentence each; empty: nothing does."""
    return [
        *_of_the_meeting(on.meeting, today),
        *_of_the_votes(on),
        *_of_the_remarks(on),
        *_of_the_objections(on, today),
    ]


def warned(on: Desk) -> list[str]:
    """What does not stand in the way of approval, but the council should know."""
    if on.package.objections_until is not None:
        return []
    return [
        str(
            _(
                "Организации не видели своих результатов и возразить не могли. Показать их можно ниже,"
                " в разделе «Возражения организаций»."
            )
        )
    ]


def _of_the_meeting(meeting: Meeting | None, today: date) -> Iterator[str]:
    if meeting is None or not meeting.number:
        yield str(_("Не указан номер протокола заседания."))
    if meeting is None or meeting.held_on is None:
        yield str(_("Не указан день заседания."))
    elif meeting.held_on > today:
        yield str(_("День заседания ещё не наступил: %(day)s.", day=day(meeting.held_on)))


def _of_the_votes(on: Desk) -> Iterator[str]:
    tally = on.tally
    if not tally.cast:
        yield str(_("Никто ещё не проголосовал."))
        return
    if 2 * on.voted <= len(on.members):
        yield str(
            ngettext(
                "Проголосовал %(num)s из %(all)s: нужно больше половины членов совета.",
                "Проголосовали %(num)s из %(all)s: нужно больше половины членов совета.",
                on.voted,
                all=len(on.members),
            )
        )
    if not tally.carried:
        yield str(
            _(
                "За утверждение не больше половины голосов: за — %(f)s, против — %(a)s, воздержались — %(n)s.",
                f=tally.favour,
                a=tally.against,
                n=tally.abstain,
            )
        )


def _of_the_remarks(on: Desk) -> Iterator[str]:
    if on.remarks:
        yield str(_("Не закрыто замечаний: %(n)s.", n=len(on.remarks)))


def _of_the_objections(on: Desk, today: date) -> Iterator[str]:
    until = on.package.objections_until
    if until is not None and today <= until:
        yield str(_("Организации могут возражать до %(day)s включительно.", day=day(until)))
    waiting = sum(one.answered_at is None for one in on.objections)
    if waiting:
        yield str(_("Возражений организаций без ответа совета: %(n)s.", n=waiting))
    upheld = sum(bool(one.upheld) for one in on.objections if one.package_id == on.package.id)
    if upheld:
        yield str(
            _(
                "Совет согласился с возражениями к этому пакету: %(n)s. Верните пакет, чтобы оператор исправил.",
                n=upheld,
            )
        )


def approve(session: Session, found: Package, login: str, note: str, today: date) -> Release:
    """Accept the package and freeze it as the next release, inside writing(). Raises Refusal, Stale."""
    campaign = handover.locked(session, found.campaign_id)
    handover.decided(session, found, login, PackageState.ACCEPTED)
    on = desk(session, found)
    lacking = missing(on, today)
    if lacking:
        raise Refusal(_("Утвердить пока нельзя.") + " " + " ".join(lacking))
    if campaign.stage != Stage.REVIEW:
        raise Refusal(_("Кампания сейчас не на рассмотрении совета: утверждать нечего."))
    if handover.fingerprint(found) != found.sha256:
        raise Refusal(_("Содержание пакета изменено после отправки: его контрольная сумма не сходится."))
    if on.version > 1 and not note:
        raise Refusal(_("Напишите, что изменилось по сравнению с прежним выпуском: эти слова увидят все."))
    _unchanged(session, campaign, found)
    told = frozen.content(
        found.report["data"],
        campaign,
        version=on.version,
        note=note,
        package={"number": found.number, "sha256": found.sha256},
        meeting=_held(session, on),
    )
    made = frozen.made(session, campaign.id, told, login, to_the_second(), found.id)
    subject = f"{campaign.id}/{found.number}"
    tell(session, login, "release-approved", subject, version=made.version, sha256=made.sha256)
    return made


def _unchanged(session: Session, campaign: Campaign, found: Package) -> None:
    """The campaign no longer collects, so what is counted now is what the council read. Raises Refusal."""
    live = exports.campaign_json(results.of_campaign(session, campaign))
    frozen.agreed(found.report["data"], json.loads(handover.canonical(live)))


def _held(session: Session, on: Desk) -> dict[str, Any]:
    meeting, tally = on.meeting, on.tally
    assert meeting is not None and meeting.held_on is not None  # noqa: S101  missing() has said so
    opinions = [vote for vote in on.votes if vote.opinion]
    called = people.names(session, [vote.login for vote in opinions])
    return {
        "number": meeting.number,
        "held_on": meeting.held_on.isoformat(),
        "for": tally.favour,
        "against": tally.against,
        "abstain": tally.abstain,
        "opinions": [{"name": called[vote.login], "text": vote.opinion} for vote in opinions],
    }
