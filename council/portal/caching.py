"""Answers that anybody may keep: named by the releases they are drawn from, asked again before they are shown.

A page of a release never changes while the release is in force and the program is the same, so its name is known before
it is drawn: whoever has it already is told so at the price of one query.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

from cachetools import LRUCache
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT_BYTES = 12 * 1024 * 1024
LARGEST = 1024 * 1024
#: Kept by whoever likes, shown only after asking: a new release is seen at once.
ASK = "public, no-cache"
#: The bytes of one release under its own address.
FOREVER = "public, max-age=31536000, immutable"

_pages: LRUCache[str, bytes] = LRUCache(KEPT_BYTES, getsizeof=len)
_lock = Lock()


def page(key: str, changed_at: datetime | None, draw: Callable[[], str]) -> Answer:
    """A page of the releases that `key` names (their hashes, and whatever else it shows), drawn once a process."""
    if (known := _unchanged(key, changed_at)) is not None:
        return known
    named = _named(key)
    with _lock:
        content = _pages.get(named)
    if content is None:
        content = draw().encode()
        if len(content) <= LARGEST:
            with _lock:
                _pages[named] = content
    return _told(Response(content, content_type="text/html; charset=utf-8"), key, changed_at, ASK)


def file(
    key: str, changed_at: datetime | None, draw: Callable[[], ResponseReturnValue], keep: str = ASK
) -> Answer:
    """A file of the releases that `key` names."""
    known = _unchanged(key, changed_at, keep)
    return known or _told(make_response(draw()), key, changed_at, keep)


def drawn(content: str) -> Answer:
    """A page that shows more than releases: drawn each time, sent only to whoever has another."""
    answer = Response(content, headers={"Cache-Control": ASK}, content_type="text/html; charset=utf-8")
    answer.set_etag(sha256(answer.data).hexdigest()[:32])
    return answer.make_conditional(request)


def _unchanged(key: str, changed_at: datetime | None, keep: str = ASK) -> Answer | None:
    """304 for whoever has this very page."""
    answer = _told(Response(), key, changed_at, keep).make_conditional(request)
    return answer if answer.status_code == 304 else None


def _told(answer: Response, key: str, changed_at: datetime | None, keep: str) -> Response:
    answer.set_etag(_named(key))
    answer.headers["Cache-Control"] = keep
    if changed_at is not None:
        answer.last_modified = max(changed_at.replace(tzinfo=UTC), _program()[0])
    return answer


def _named(key: str) -> str:
    words = [_program()[1], key, request.full_path]
    return sha256("\n".join(words).encode()).hexdigest()[:32]


@cache
def _program() -> tuple[datetime, str]:
    """When the program was last changed, and a word for that: another program draws other pages of the same release."""
    kinds = ("*.py", "*.html", "*.mo", "*.toml")
    folders = ("council", "documents", "nok", "surveys", "templates", "translations")
    files = (file for folder in folders for kind in kinds for file in (ROOT / folder).rglob(kind))
    newest = max(file.stat().st_mtime_ns for file in files)
    return datetime.fromtimestamp(newest / 1e9, UTC).replace(microsecond=0), str(newest)
