"""The screen's own addresses. Nobody is signed in here: a device shows its token in a header, and no cookie is read."""

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access
from kiosk import arriving, caretaking, pairing, release, settings, watching, wording
from kiosk.tables import Kiosk
from surveys import qr
from surveys.clock import today
from surveys.db import db, writing
from surveys.refusals import Busy, NotFound

bp = Blueprint("kiosk", __name__, url_prefix="/kiosk")

MOST_BYTES = 2 * 1024 * 1024
SHORTEST_CLAIM, LONGEST_CLAIM = 32, 64
NOBODY = {"outcome": "unknown"}, 401


@bp.get("/")
def index() -> Response:
    """The page itself: the same for every device, it says nothing of any."""
    words = {**wording.words(), **wording.said(caretaking.SERVICE)}
    page = render_template("kiosk/screen.html", words=words, addresses=_addresses(), release=release.name())
    return Response(page, headers={"Cache-Control": "no-store"})


@bp.get("/worker.js")
def worker() -> Response:
    """The service worker; its scope is its folder."""
    text = release.worker(url_for(".index"), url_for("static", filename="").rstrip("/"))
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """What makes the page an application of the device."""
    told = {
        "id": url_for(".index"),
        "start_url": url_for(".index"),
        "scope": url_for(".index"),
        "name": _("Терминал НОК"),
        "short_name": _("Терминал"),
        "lang": "ru",
        "display": "fullscreen",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [_icon(192), _icon(512)],
    }
    answer = jsonify(told)
    answer.mimetype = "application/manifest+json"
    return answer


@bp.post("/code")
def code() -> ResponseReturnValue:
    """Six digits for a screen that belongs to nobody: {claim} → {code}, and a picture for the administrator's phone."""
    claim = _claim()
    if claim is None:
        return jsonify({"outcome": "refused"}), 400
    try:
        digits = pairing.asked(claim)
    except Busy:
        return jsonify({"outcome": "busy"}), 429
    address = f"{current_app.config['BASE_URL']}{url_for('kiosks.scanned', code=digits)}"
    return jsonify({"code": digits, "minutes": pairing.CODE_MINUTES, "qr": qr.svg(address, title=digits)})


@bp.post("/claim")
def claim() -> ResponseReturnValue:
    """Has somebody typed the digits? {claim} → {token}, empty while nobody has; 404 when they have ended."""
    told = _claim()
    if told is None:
        return jsonify({"outcome": "refused"}), 400
    try:
        return jsonify({"token": pairing.claimed(told)})
    except NotFound:
        return jsonify({"outcome": "ended"}), 404


@bp.post("/state")
def state() -> ResponseReturnValue:
    """What the device says of itself → what it is to be; a token that replaces the shown one, when that is old."""
    known = _bearer()
    if known is None:
        return NOBODY
    sent = _sent()
    with writing() as session:
        kiosk = session.get_one(Kiosk, known.id)
        fresh = pairing.used(session, kiosk, _shown())
        watching.said(session, kiosk, sent)
    told = settings.of(db.session(), db.session.get_one(Kiosk, known.id))
    same = sent.get("have") == told["fingerprint"]
    return jsonify(
        {
            "settings": None if same else told,
            "token": fresh,
            "today": today().isoformat(),
            "release": release.name(),
        }
    )


@bp.post("/answers")
@access.takes(MOST_BYTES, anybody=True)
def answers() -> ResponseReturnValue:
    """A batch of envelopes: {answers: [{key, sealed}]} → {told: {key: {outcome, reason}}}.

    409 when one of them differs from what was counted under its key; the others are counted all the same.
    """
    if _bearer() is None:
        return NOBODY
    sent = _sent().get("answers")
    batch = [
        (one["key"], one["sealed"])
        for one in (sent if isinstance(sent, list) else [])
        if isinstance(one, dict) and isinstance(one.get("key"), str) and isinstance(one.get("sealed"), str)
    ]
    if not batch or len(batch) > arriving.MOST:
        return jsonify({"outcome": "refused"}), 400
    told: dict[str, arriving.Told] = {}
    for once in arriving.batches(batch):
        told |= arriving.taken(once)
    answered = {key: {"outcome": one.outcome, "reason": one.reason} for key, one in told.items()}
    return jsonify({"told": answered}), 409 if "differs" in arriving.counts(told) else 200


def _sent() -> dict[str, Any]:
    try:
        told = request.get_json(silent=True)
    except RecursionError:  # a thousand brackets are no device's
        told = None
    return told if isinstance(told, dict) else {}


def _claim() -> str | None:
    told = _sent().get("claim")
    return told if isinstance(told, str) and SHORTEST_CLAIM <= len(told) <= LONGEST_CLAIM else None


def _shown() -> str:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind == "Bearer" else ""


def _bearer() -> Kiosk | None:
    return pairing.bearer(db.session(), _shown())


def _icon(side: int) -> dict[str, str]:
    address = url_for("static", filename=f"icons/field-{side}.png")
    return {"src": address, "sizes": f"{side}x{side}", "type": "image/png", "purpose": "any maskable"}


def _addresses() -> dict[str, str]:
    return {name: url_for(f".{name}") for name in ("index", "worker", "code", "claim", "state", "answers")}
