"""The page of a release's document: drawn once, in the background when it is long, then taken, signed, checked."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from accounts import access, people
from accounts.models import Role
from council import bound, signatures
from council.approval import signing_forms
from council.shelf import shelf
from surveys import frozen
from surveys.db import db, writing
from surveys.display import thousands
from surveys.jobs import Job, JobState, Shown
from surveys.models import Campaign
from surveys.refusals import NotFound
from surveys.releases import Release

AT = "/council/campaigns/<int(max=2147483647):campaign_id>/approval/versions/<int(max=32767):version>"
bp = Blueprint("report", __name__, url_prefix=AT)
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR)
drawing = Blueprint("report_drawing", __name__, url_prefix=AT)
access.only(drawing, Role.COUNCIL, Role.AUTHORITY)


@bp.get("")
def show(campaign_id: int, version: int) -> ResponseReturnValue:
    """The document: how far it is, what can be taken, who signed it."""
    return page(campaign_id, version)


def page(campaign_id: int, version: int, forms: Mapping[str, FlaskForm] | None = None) -> str:
    """The page; `forms` are those that were refused, as they were filled in."""
    db.session.rollback()  # a refused act left nothing behind
    campaign, release = found(campaign_id, version)
    state = bound.of(db.session(), shelf().released(release))
    kept = signatures.of(release)
    return render_template(
        "council/approval/report.html",
        campaign=campaign,
        release=release,
        ready=state.ready,
        job=None if state.job is None else told(state.job, campaign_id, version),
        may_draw=access.may_open("report_drawing.draw"),
        may_sign=access.may_open("signing.sign"),
        signatures=kept,
        names=people.names(db.session(), [one.by for one in kept]),
        forms=forms or signing_forms.forms(),
    )


@bp.get("/state")
def state(campaign_id: int, version: int) -> ResponseReturnValue:
    """The same for progress.js."""
    _campaign, release = found(campaign_id, version)
    far = bound.of(db.session(), shelf().released(release))
    if far.job is None:
        ended = {"text": str(_("Отчёт готов.")), "done": 1, "total": 1, "ended": True, "failed": False}
        return jsonify({**ended, "leads_to": ""})
    shown = told(far.job, campaign_id, version)
    return jsonify(
        {name: getattr(shown, name) for name in ("text", "done", "total", "ended", "failed", "leads_to")}
    )


@bp.get('/report.<any(pdf, "a2u.pdf"):variant>')
def document(campaign_id: int, version: int, variant: str) -> ResponseReturnValue:
    """The document, when it is drawn."""
    _campaign, release = found(campaign_id, version)
    results = shelf().released(release)
    if not bound.of(db.session(), results).ready:
        return redirect(url_for(".show", campaign_id=campaign_id, version=version))
    content = bound.pdf_of(results, variant, access.the_user().login, inside=True)
    return as_file(content, f"nok-otchet-{campaign_id}-{version}.{variant}")


@bp.get("/signatures/<int(max=32767):number>")
def signature(campaign_id: int, version: int, number: int) -> ResponseReturnValue:
    """A signed document, or a signature that lies beside it."""
    _campaign, release = found(campaign_id, version)
    return signature_file(release, number)


@drawing.post("/draw")
def draw(campaign_id: int, version: int) -> ResponseReturnValue:
    """Have the document drawn."""
    _campaign, release = found(campaign_id, version)
    back = url_for("report.show", campaign_id=campaign_id, version=version)
    results = shelf().released(release)
    if not bound.of(db.session(), results).ready:
        with writing() as session:
            bound.ask(session, results, access.the_user().login, inside=True, leads_to=back)
        flash(_("Отчёт рисуется: страницу можно закрыть, работа продолжится без вас."))
    return redirect(back)


def found(campaign_id: int, version: int) -> tuple[Campaign, Release]:
    """The campaign and its release, where the reader may see them. Raises NotFound."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    release = frozen.release(db.session(), campaign_id, version)
    if release is None:
        raise NotFound(f"{campaign_id}/{version}")
    return campaign, release


def told(job: Job, campaign_id: int, version: int) -> Shown:
    """A drawing in words."""
    state_url = url_for("report.state", campaign_id=campaign_id, version=version)
    return Shown.of(job, str(_("Отчёт совета")), words(job), state_url)


def words(job: Job) -> str:
    """«Отчёт рисуется: готово 40 из 120 разделов»."""
    if job.state == JobState.FAILED:
        return str(job.result.get("error", ""))
    if job.state == JobState.DONE:
        return str(_("Отчёт готов."))
    if job.state == JobState.WAITING or not job.total:
        return str(_("Отчёт ждёт своей очереди."))
    return str(
        ngettext(
            "Отчёт рисуется: готово %(done)s из %(num)s раздела.",
            "Отчёт рисуется: готово %(done)s из %(num)s разделов.",
            job.total,
            done=thousands(job.done),
        )
    )


def signature_file(release: Release, number: int) -> Response:
    """The file of a signature as it was kept. Raises NotFound."""
    kept, content = signatures.content(release, number)
    name = f"nok-otchet-{release.campaign_id}-{release.version}"
    if kept.kind == signatures.INSIDE:
        return as_file(content, f"{name}-podpisan-{number}.pdf")
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf.{number}.sig"',
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, content_type="application/pkcs7-signature")


def as_file(content: bytes, name: str) -> Response:
    """A document for one reader."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type="application/pdf")
