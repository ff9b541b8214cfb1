"""A page that works without a network, as files that belong together: their list, fingerprint and service worker."""

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

WORKER = "js/page-worker.js"


@dataclass(frozen=True)
class Kept:
    """What a device keeps of one page: `prefix` names its caches, `modules` is the folder of its own scripts.

    `drawn_from` are the templates and `words` the Python files out of which the page itself is drawn: with them changes
    what is kept.
    """

    prefix: str
    files: tuple[str, ...]
    modules: str
    drawn_from: tuple[str, ...]
    words: tuple[Path, ...]


def files(page: Kept, static: Path) -> list[str]:
    """Every static file that the page needs, under its name in static/."""
    own = sorted(path.relative_to(static).as_posix() for path in (static / page.modules).glob("*.js"))
    return [*page.files, *own]


@cache
def name(page: Kept, static: Path, templates: Path) -> str:
    """The fingerprint of the release: one byte changed, and devices take the whole set anew."""
    digest = sha256()
    drawn = [static / one for one in (*files(page, static), WORKER)]
    for path in [*drawn, *(templates / one for one in page.drawn_from), *page.words]:
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def worker(page: Kept, release: str, address: str, static: Path, static_url: str) -> str:
    """The service worker's text, told its release, the page's address and the files that go with it."""
    told = {
        "name": release,
        "prefix": page.prefix,
        "page": address,
        "files": [f"{static_url}/{one}" for one in files(page, static)],
    }
    return f"const RELEASE = {json.dumps(told)};\n{(static / WORKER).read_text('utf-8')}"
