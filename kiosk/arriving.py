"""Answers of devices through the one door: each counted once, whatever way and however often it comes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from kiosk import disputes, envelopes
from kiosk.envelopes import Letter, Unopened
from kiosk.settings import CHANNEL
from kiosk.tables import Kiosk
from surveys import display, library, queries
from surveys.clock import today
from surveys.db import db, writing
from surveys.intake import Finished, Outcome, accept_all, response_key
from surveys.models import Assessment, Campaign, Pinned, Response
from surveys.questionnaire import heard, packed
from surveys.refusals import Refusal

KEY_LENGTH = 32
MOST = 100  # envelopes of a batch
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an envelope: an outcome of the door or «refused», and why, in Russian."""

    outcome: str
    reason: str = ""


def taken(sent: Sequence[tuple[str, str]]) -> dict[str, Told]:
    """Count these (key, envelope) in one transaction; what became of each key."""
    told: dict[str, Told] = {}
    opened: dict[str, Finished] = {}
    for (
        key,
        sealed,
    ) in sent:  # all is opened before the pen is asked for: nobody waits for a lock to be undone
        try:
            opened[key] = _opened(db.session(), key, sealed)
        except Refusal as refusal:
            told[key] = Told(REFUSED, str(refusal))
    if opened:
        with writing() as session:
            told |= _counted(session, opened)
    return told


def batches(sent: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """In their order, `MOST` at a time, no name twice in a batch: each gets an answer of its own."""
    batch: dict[str, str] = {}
    for key, sealed in sent:
        if key in batch or len(batch) == MOST:
            yield list(batch.items())
            batch = {}
        batch[key] = sealed
    if batch:
        yield list(batch.items())


def _counted(session: Session, opened: Mapping[str, Finished]) -> dict[str, Told]:
    spoilt = disputes.spoilt(session, [one.key for one in opened.values()])
    told = {
        key: Told(
            Outcome.DIFFERS.value, str(_("Ответы под этим именем признаны испорченными и не считаются."))
        )
        for key, one in opened.items()
        if one.key in spoilt
    }
    rest = {key: one for key, one in opened.items() if key not in told}
    outcomes = accept_all(session, list(rest.values())) if rest else []
    for (key, one), outcome in zip(rest.items(), outcomes, strict=True):
        if outcome is Outcome.DIFFERS:
            disputes.keep(session, one)
        told[key] = Told(outcome.value, _why(outcome))
    return told


def _why(outcome: Outcome) -> str:
    if outcome is Outcome.DIFFERS:
        return str(
            _("Под этим именем уже учтён другой ответ. Учтённый остаётся, этот рассмотрит верификатор.")
        )
    return str(_("Сбор в этой кампании закончен.")) if outcome is Outcome.CLOSED else ""


def _opened(session: Session, key: str, sealed: str) -> Finished:
    """An answer out of its envelope. Raises Refusal."""
    if len(key) != KEY_LENGTH or not key.isascii() or not key.isalnum():
        raise Unopened(_("Имя ответа повреждено."))
    letter = envelopes.opened(current_app.config["SECRET_KEY"], key, sealed)
    kiosk = session.get(Kiosk, letter.kiosk_id)
    if kiosk is None:
        raise Unopened(_("Терминала, который это записал, больше нет."))
    assessment = _assessment(session, kiosk, letter.campaign_id)
    pinned = _pinned(assessment.campaign, letter.form)
    form = library.pinned(pinned.name, pinned.sha256)
    listened = heard(form, letter.answers, blanks=CHANNEL.blanks)
    if listened.errors:
        raise Unopened(_("В ответе не все вопросы или есть ответ, которого нет в анкете."))
    name, day = response_key("kiosk", kiosk.id, key), _day(kiosk, letter)
    _collected_then(session, assessment.campaign, day, name)
    return Finished(
        key=name,
        campaign_id=assessment.campaign_id,
        assessment_id=assessment.id,
        questionnaire=form,
        questionnaire_id=pinned.id,
        channel=CHANNEL.number,
        place=_place(session, kiosk, letter),
        day=day,
        answers=packed(form, listened.answers),
        kiosk_id=kiosk.id,
    )


def _assessment(session: Session, kiosk: Kiosk, campaign_id: int) -> Assessment:
    found = (
        session.query(Assessment)
        .filter_by(campaign_id=campaign_id, organization_id=kiosk.organization_id)
        .one_or_none()
    )
    if found is None:
        raise Unopened(_("В этой кампании организацию терминала не оценивают."))
    return found


def _collected_then(session: Session, campaign: Campaign, day: date, name: int) -> None:
    """One that was counted already is told so, whatever the campaign's days became."""
    if not campaign.starts_on <= day <= campaign.ends_on and session.get(Response, name) is None:
        raise Unopened(_("Ответ дан %(day)s, а кампания собирает ответы в другие дни.", day=display.day(day)))


def _pinned(campaign: Campaign, sha256: str) -> Pinned:
    for row in campaign.questionnaires:
        if row.questionnaire.sha256 == sha256:
            return row.questionnaire
    raise Unopened(_("Кампания не задаёт вопросов, на которые это ответ."))


def _place(session: Session, kiosk: Kiosk, letter: Letter) -> int:
    """Where the device stood when it was answered, which may be elsewhere by now."""
    stood = letter.place
    if stood is None or stood and not queries.place_name(session, kiosk.organization_id, stood):
        return kiosk.place
    return stood


def _day(kiosk: Kiosk, letter: Letter) -> date:
    """The device's day where it can be true: a clock without its battery says 1970, and such an answer came today."""
    try:
        day = date.fromisoformat(letter.day)
    except ValueError:
        return today()
    return day if kiosk.made_on <= day <= today() else today()


def counts(told: Mapping[str, Told]) -> dict[str, int]:
    """How many of each outcome."""
    found: dict[str, int] = {}
    for one in told.values():
        found[one.outcome] = found.get(one.outcome, 0) + 1
    return found
