"""The page that works without a network, as files that belong together: their list, fingerprint and worker."""

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import current_app

FILES = (
    "css/core.css",
    "css/desk.css",
    "css/field.css",
    "js/store.js",
    "js/sender.js",
    "js/vendor/idb.js",
    "icons/favicon.svg",
    "icons/field-192.png",
    "fonts/golos-text-cyrillic-400-normal.woff2",
    "fonts/golos-text-cyrillic-600-normal.woff2",
    "fonts/golos-text-latin-400-normal.woff2",
    "fonts/golos-text-latin-600-normal.woff2",
)
MODULES = "js/field"
WORKER = "js/field-worker.js"
#: What the page itself is drawn from: with them changes what is kept on phones.
SHELL = ("base.html", "operator/frame.html", "operator/field.html")
WORDS = Path(__file__).with_name("wording.py")


def files(static: Path) -> list[str]:
    """Every static file that the page needs, under its name in static/."""
    modules = sorted(path.relative_to(static).as_posix() for path in (static / MODULES).glob("*.js"))
    return [*FILES, *modules]


def name() -> str:
    """The fingerprint of the release: one byte changed, and phones take the whole set anew."""
    return _name(Path(str(current_app.static_folder)), Path(current_app.root_path) / "templates")


@cache
def _name(static: Path, templates: Path) -> str:
    drawn: Sequence[Path] = [static / one for one in (*files(static), WORKER)]
    digest = sha256()
    for path in [*drawn, *(templates / one for one in SHELL), WORDS]:
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def worker(page: str, static_url: str) -> str:
    """The service worker's text, told its release, the page's address and the files that go with it."""
    static = Path(str(current_app.static_folder))
    told = {"name": name(), "page": page, "files": [f"{static_url}/{one}" for one in files(static)]}
    return f"const RELEASE = {json.dumps(told)};\n{(static / WORKER).read_text('utf-8')}"
