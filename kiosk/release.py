"""The screen that works without a network: the files that belong to it, its fingerprint, its worker."""

from pathlib import Path

from flask import current_app

from surveys import offline

PAGE = offline.Kept(
    prefix="kiosk ",
    files=(
        "css/core.css",
        "css/kiosk.css",
        "js/dom.js",
        "js/store.js",
        "js/sender.js",
        "js/vendor/idb.js",
        "icons/favicon.svg",
        "icons/field-192.png",
        "fonts/golos-text-cyrillic-400-normal.woff2",
        "fonts/golos-text-cyrillic-600-normal.woff2",
        "fonts/golos-text-cyrillic-ext-400-normal.woff2",
        "fonts/golos-text-cyrillic-ext-600-normal.woff2",
        "fonts/golos-text-latin-400-normal.woff2",
        "fonts/golos-text-latin-600-normal.woff2",
    ),
    modules="js/kiosk",
    drawn_from=("kiosk/screen.html",),
    words=tuple(Path(__file__).with_name(one) for one in ("wording.py", "caretaking.py")),
)


def name() -> str:
    """The fingerprint of the release."""
    templates = Path(current_app.root_path) / "templates"
    return offline.name(PAGE, Path(str(current_app.static_folder)), templates)


def worker(address: str, static_url: str) -> str:
    """The service worker's text."""
    return offline.worker(PAGE, name(), address, Path(str(current_app.static_folder)), static_url)
