"""What a printed hash is, and a file checked in front of the one who doubts it. Nothing of a file is kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from threading import Lock
from typing import Any, cast

from cachetools import LRUCache
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select

from accounts import access
from council.portal import caching
from documents.verify import apart, likeness
from documents.verify.program import NAME, program
from nok.difference import Difference as Unlike
from nok.difference import called
from nok.enclosed import RELEASE
from nok.refusal import Refused
from nok.verifying import SETTLED, SHORTEST_HASH, hash_of
from surveys import frozen
from surveys.db import db
from surveys.handover import Difference, differences
from surveys.releases import SHORT, Release

bp = Blueprint("verify", __name__, url_prefix="/verify")

MOST_BYTES = 24 * 1024 * 1024
FORM_BYTES = 64 * 1024
PER_MINUTE = "30 per minute"
PATIENCE_SECONDS = 20
SHOWN = 200

_checking = Lock()
_verdicts: LRUCache[tuple[str, str], "Verdict"] = LRUCache(64)
_counting = Lock()


@dataclass(frozen=True)
class Verdict:
    """A release as its page tells it; `newer` is the version in force when it is another, with what differs."""

    campaign: Mapping[str, Any]
    meeting: Mapping[str, Any]
    held_on: date | None
    organizations: int
    newer: int | None
    newer_short: str
    differ: Sequence[Difference]
    more: int


@bp.get("/")
def index() -> ResponseReturnValue:
    """Find a hash, check a file."""
    typed = request.args.get("hash", "").strip()
    if typed:
        try:
            return redirect(url_for(".release", typed=hash_of(typed)))
        except Refused as refused:
            return _page(typed=typed, hash_error=refused.reason), 400
    return _page()


@bp.post("/")
@access.takes(MOST_BYTES + FORM_BYTES, anybody=True)
def check() -> ResponseReturnValue:
    """Recompute a file; it is read, answered and forgotten."""
    given = request.files.get("file")
    content = given.read(MOST_BYTES + 1) if given else b""
    if not content:
        return _page(file_error=_("Выберите файл: PDF со страницы результатов или JSON.")), 400
    if len(content) > MOST_BYTES:
        words = _(
            "Файл больше %(most)s МиБ, такой здесь не проверить. Проверьте его у себя: ниже написано как.",
            most=MOST_BYTES // 1024 // 1024,
        )
        return _page(file_error=words), 413
    limiter = cast(FixedWindowRateLimiter, current_app.extensions["nok_attempts"])
    if not limiter.hit(parse(PER_MINUTE), "verify") or not _checking.acquire(timeout=PATIENCE_SECONDS):
        return _page(
            file_error=_("Сейчас проверяют много файлов. Подождите минуту и попробуйте ещё раз.")
        ), 429
    try:
        told = apart.checked(content)
    except Refused as refused:
        return _page(file_error=_("Файл проверить нельзя: %(why)s.", why=str(refused).rstrip("."))), 400
    finally:
        _checking.release()
    origin, unlike = _origin(told)
    answer = render_template(
        "verify/checked.html",
        told=told,
        origin=origin,
        unlike=[one.as_dict() for one in unlike],
        notes=[note for note in told["notes"] if not (origin and note in SETTLED)],
        shown=SHOWN,
        name=(given and given.filename) or "",
    )
    return Response(answer, headers={"Cache-Control": "no-store"})


@bp.get(f"/{NAME}")
def tool() -> ResponseReturnValue:
    """The calculator as one file, to recompute without this service."""
    headers = {
        "Content-Disposition": f'attachment; filename="{NAME}"',
        "Cache-Control": "public, max-age=86400",
    }
    answer = Response(program(), headers=headers, content_type="application/zip")
    answer.set_etag(sha256(program()).hexdigest()[:32])
    return answer.make_conditional(request)


@bp.get("/<typed>")
def release(typed: str) -> ResponseReturnValue:
    """What this hash is; a whole hash and one pasted with spaces lead to the short address."""
    try:
        wanted = hash_of(typed)
    except Refused:
        return _unknown(typed)
    found = db.session.scalar(select(Release).where(Release.short == wanted[:SHORT]))
    if found is None or found.published_at is None or not found.sha256.startswith(wanted):
        return _unknown(typed)
    if typed != found.short:
        return redirect(url_for(".release", typed=found.short))
    verdict = _verdict(found)
    page = render_template("verify/release.html", release=found, verdict=verdict, called=called)
    return caching.drawn(page)  # asked again each time: what was replaced must not say that it is in force


def _verdict(found: Release) -> Verdict:
    """Worked out once for a release and what replaced it: both never change."""
    newest = frozen.in_force(db.session(), found.campaign_id)
    newer = newest if newest is not None and newest.version > found.version else None
    key = (found.sha256, newer.sha256 if newer else "")
    with _counting:  # a crowd at one page waits for one reading
        verdict = _verdicts.get(key)
        if verdict is None:
            verdict = _verdicts[key] = _read(found, newer)
    return verdict


def _read(found: Release, newer: Release | None) -> Verdict:
    told = json.loads(found.content)
    differ = differences({"data": told}, {"data": json.loads(newer.content)}) if newer else []
    return Verdict(
        campaign=told["campaign"],
        meeting=told["meeting"],
        held_on=date.fromisoformat(held_on) if (held_on := told["meeting"]["held_on"]) else None,
        organizations=len(told["organizations"]),
        newer=newer.version if newer else None,
        newer_short=newer.short if newer else "",
        differ=differ[:SHOWN],
        more=max(0, len(differ) - SHOWN),
    )


def _origin(told: Mapping[str, Any]) -> tuple[Release | None, Sequence[Unlike]]:
    """The published release that a checked file is or names, and what in the file is not as in that release.

    The bytes of a release are known by their own hash; a result is not hashed, so all that it says is compared.
    """
    named = told.get("release")
    if told["format"] == RELEASE:
        hashes = [told["sha256"], told.get("respelt")]
    else:
        hashes = [named.get("sha256") if isinstance(named, dict) else None]
    known = [one for one in hashes if isinstance(one, str)]
    found = db.session.scalar(
        select(Release).where(Release.sha256.in_(known), Release.published_at.is_not(None))
    )
    if found is None or told["format"] == RELEASE:
        return found, ()
    parts, stored = told["parts"], json.loads(found.content)
    stored["release"] = {"version": found.version, "short": found.short, "sha256": found.sha256}
    if not parts["whole"]:
        rows = stored["organizations"]
        stored["organizations"] = [one for one in rows if one["code"] in parts["organizations"]]
    return found, likeness.unlike(parts, likeness.of(stored))


def _page(**context: Any) -> Response:
    made = render_template("verify/index.html", most=MOST_BYTES // 1024 // 1024, **context)
    return Response(made, headers={"Cache-Control": "no-store"})


def _unknown(typed: str) -> ResponseReturnValue:
    return render_template("verify/unknown.html", typed=typed[:80], shortest=SHORTEST_HASH), 404
