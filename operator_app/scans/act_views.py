"""What may be done about a whole batch of scans: read on, taken back, its pictures destroyed."""

from datetime import date

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access, audit
from accounts.models import Duty
from operator_app.files.batches import begin, job_of, under_way
from operator_app.scans import batches, pages
from operator_app.scans.blueprint import BATCH, bp
from operator_app.scans.forms import LATER, DestroyForm
from operator_app.stages import collecting
from paper import needed, settling, vault
from paper.tables import ScanBatch
from surveys.batches import State
from surveys.db import db, writing
from surveys.display import day, thousands
from surveys.refusals import Refusal, Stale


@bp.post(f"{BATCH}/resume")
def resume(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """Read on where the reading broke off."""
    collecting(campaign_id)
    found = batches.one(db.session(), campaign_id, scans_id)
    address, seen = _here("batch", campaign_id, scans_id), request.form.get("seen", "")
    try:
        begin(
            found.batch, seen, (State.UPLOADED, State.CHECKED), "scans.read", access.the_user().login, address
        )
    except Stale as refusal:
        flash(str(refusal))
    return redirect(address, 303)


@bp.get(f"{BATCH}/undo")
@access.entrusted(Duty.VERIFIER)
def undoing(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """What would disappear."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = batches.one(db.session(), campaign_id, scans_id)
    if found.batch.state == State.UNDONE:
        return redirect(_here("batch", campaign_id, scans_id))
    return pages.undoing(campaign, found)


@bp.post(f"{BATCH}/undo")
@access.entrusted(Duty.VERIFIER)
def undo(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """Take a batch out of every figure."""
    collecting(campaign_id)
    with writing() as session:
        found = batches.one(session, campaign_id, scans_id)
        if found.batch.state == State.UNDONE:
            raise Stale(_("Этот пакет уже отменён."))
        gone = settling.undo(session, scans_id, access.the_user().login)
    flash(_("Пакет отменён. Из показателей ушло анкет: %(n)s.", n=thousands(gone)))
    return redirect(_here("batch", campaign_id, scans_id), 303)


@bp.get(f"{BATCH}/destroy")
@access.entrusted()
def destroying(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """When the pictures are destroyed, and what is lost with them."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = batches.one(db.session(), campaign_id, scans_id)
    form = DestroyForm(may_at_once=_nothing_waits(found), data={"when": LATER, "day": found.scans.destroy_on})
    return pages.destroying(campaign, found, form)


@bp.post(f"{BATCH}/destroy")
@access.entrusted()
def destroy(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """Destroy the pictures of a batch now, or set the day; a batch that nothing waits in, for ever."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = batches.one(db.session(), campaign_id, scans_id)
    if under_way(job_of(db.session(), found.batch)):
        raise Stale(_("Пакет сейчас читается. Дождитесь конца чтения."))
    form = DestroyForm(may_at_once=_nothing_waits(found))
    if not form.validate():
        return pages.destroying(campaign, found, form)
    if form.when.data == LATER:
        _set_day(campaign_id, scans_id, form.day.data)
        flash(_("Снимки будут уничтожены %(day)s.", day=day(form.day.data)))
    else:
        _destroy(campaign_id, scans_id)
        flash(_("Снимки уничтожены. Учтённые анкеты остались."))
    return redirect(_here("batch", campaign_id, scans_id), 303)


@bp.post(f"{BATCH}/keep")
@access.entrusted()
def keep(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """Let no day be set."""
    access.campaign_seen(db.session(), campaign_id)
    _set_day(campaign_id, scans_id, None)
    flash(_("День снят: снимки хранятся, пока вы не уничтожите их."))
    return redirect(_here("batch", campaign_id, scans_id), 303)


def _set_day(campaign_id: int, scans_id: int, chosen: date | None) -> None:
    with writing() as session:
        scans = _kept(batches.one(session, campaign_id, scans_id))
        scans.destroy_on = chosen
        told = chosen.isoformat() if chosen else None
        audit.record(
            session, access.the_user().login, "scans-destroy-on", f"{campaign_id}/{scans_id}", due=told
        )


def _destroy(campaign_id: int, scans_id: int) -> None:
    with writing() as session:
        found = batches.one(session, campaign_id, scans_id)
        needed.locked(session, found.scans)
        if not _nothing_waits(found):
            raise Refusal(
                _("Снимки ещё нужны: по ним не решили о листах или местах. Откройте страницу заново.")
            )
        count = vault.destroy(session, _kept(found))
        login = access.the_user().login
        audit.record(session, login, "scans-destroyed", f"{campaign_id}/{scans_id}", pages=count)


def _kept(found: batches.Found) -> ScanBatch:
    if found.scans.destroyed_at is not None:
        raise Stale(_("Снимки этого пакета уже уничтожены."))
    return found.scans


def _nothing_waits(found: batches.Found) -> bool:
    """Does nobody need these pictures any more, of this batch or of another, and does nobody read them now?"""
    session = db.session()
    return not under_way(job_of(session, found.batch)) and not needed.of(session, found.batch).forbids


def _here(endpoint: str, campaign_id: int, scans_id: int) -> str:
    return url_for(f".{endpoint}", campaign_id=campaign_id, scans_id=scans_id)
