"""A phone in a corridor: a browser whose network comes and goes, whose refusals are expected, that is killed."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from browser import FLAGS, NAMES, PATIENCE_MS, PHONE, Watch
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

LOST = "console: Failed to load resource"


def told(watch: Watch, *ways: str) -> list[str]:
    """What the page complained of, but for requests on these ways that were meant to fail."""
    return [
        said
        for said in watch.complaints
        if not (said.startswith(LOST) and any(f"({watch_home(watch)}{way}" in said for way in ways))
    ]


def watch_home(watch: Watch) -> str:
    """The address of home as it stands in a complaint."""
    return f"http://{watch.home}"


@contextmanager
def tested(context: BrowserContext, home: str, *ways: str) -> Iterator[Page]:
    """A page of this context; afterwards nothing may have failed but what was asked on these ways."""
    expect.set_options(timeout=PATIENCE_MS)
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context, home)
    try:
        yield context.pages[0] if context.pages else context.new_page()
    finally:
        with suppress(Error):  # one that was unplugged has nothing to close
            context.close()
    if complaints := told(watch, *ways):
        pytest.fail("\n".join(["the page complains:", *complaints]), pytrace=False)


@contextmanager
def trying(browser: Browser, home: str, *ways: str, **device: Any) -> Iterator[Page]:
    """A fresh page whose requests on these ways may fail."""
    with tested(browser.new_context(base_url=home, locale="ru-RU", **device), home, *ways) as page:
        yield page


@contextmanager
def switched_on(
    browser: Browser, home: str, memory: Path, *ways: str, offline: bool = False, **device: Any
) -> Iterator[Page]:
    """A phone, or this device, that remembers in `memory` between one time it is switched on and the next."""
    context = browser.browser_type.launch_persistent_context(
        memory,
        executable_path=next(filter(None, map(shutil.which, NAMES))),
        args=FLAGS,
        base_url=home,
        locale="ru-RU",
        offline=offline,
        **(device or PHONE),
    )
    with tested(context, home, *ways) as page:
        yield page


def unplugged(memory: Path) -> None:
    """SIGKILL to the browser that remembers here: nothing is closed, nothing more is written."""
    own = f"--user-data-dir={memory}".encode()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            told = entry.read_bytes().split(b"\0")
            if own in told and not any(word.startswith(b"--type=") for word in told):
                os.kill(int(entry.parent.name), signal.SIGKILL)
                return
    raise AssertionError("no browser remembers here")
