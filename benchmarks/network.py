"""A recipient's first look over a slow network: how long until the first question can be read, in a real browser.

Chromium slows each request down itself: it waits the round trip before the first byte and lets so many bytes through a
second. It does not slow down what comes before a request (name, TCP, TLS); those round trips are added by sum and shown
apart.
"""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from benchmarks import load, world
from surveys.db import db

ROUNDS = 5
OLD_PHONE = 4  # times slower than this machine's processor
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True}
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
#: When the first question stands in the document and two frames were drawn after that.
WATCH = """new MutationObserver((_, watch) => {
  const caption = document.querySelector('.question .caption');
  if (!caption) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.readable = {at: performance.now(), seen: caption.getBoundingClientRect().bottom <= innerHeight};
  }));
}).observe(document, {childList: true, subtree: true});"""


class Profile(NamedTuple):
    """A network as it is named elsewhere."""

    round_trip_ms: int
    bytes_a_second: int


PROFILES = {
    "slow_3g": Profile(400, 50_000),  # WebPageTest «Slow 3G»: 400 kbit/s, 400 ms
    "devtools_slow_3g": Profile(2_000, 50_000),  # Chrome's own «Slow 3G»: 400 kbit/s, 2 s
}


def measure() -> dict[str, Any]:
    """Medians of five cold looks for each network, with this processor and with one four times slower."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data_dir = Path(folder)
        app, _campaign, codes = world.made(data_dir, 3)
        with app.app_context():
            db.engine.dispose()
        environment = {"NOK_SECRET_KEY": world.SECRET, "NOK_DATA_DIR": str(data_dir)}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with load.served("app:create_app", environment) as ours:
            address = f"{ours}/q/{codes[0]}"
            _look(browser, address, Profile(0, 10**9), 1)  # both processes awake
            found = _found(browser, address)
        browser.close()
    return found


def _found(browser: Browser, address: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, profile in PROFILES.items():
        seconds = median(_look(browser, address, profile, 1) for _ in range(ROUNDS))
        told[f"{name}_readable_seconds"] = seconds
        told[f"{name}_old_phone_seconds"] = median(
            _look(browser, address, profile, OLD_PHONE) for _ in range(ROUNDS)
        )
        told[f"{name}_with_tcp_and_tls_seconds"] = seconds + 2 * profile.round_trip_ms / 1000
    return told


def _look(browser: Browser, address: str, profile: Profile, slower: int) -> float:
    """Seconds until the first question can be read, in a browser that knows nothing yet."""
    context = browser.new_context(locale="ru-RU", **PHONE)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", _conditions(profile))
    tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(WATCH)
    page.goto(address)
    while not (readable := page.evaluate("window.readable")):  # no wait_for_function: the policy forbids eval
        page.wait_for_timeout(50)
    context.close()
    assert readable["seen"], "the first question is below the edge of the screen"
    return float(readable["at"]) / 1000


def _conditions(profile: Profile) -> dict[str, Any]:
    rate = profile.bytes_a_second
    return {
        "offline": False,
        "latency": profile.round_trip_ms,
        "downloadThroughput": rate,
        "uploadThroughput": rate,
    }
