"""The box in a hall (deploy/kiosk): its script, units and policy; the script itself under a screen that nobody sees."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import NAMES
from build import a_campaign, an_organization
from halls import a_kiosk
from playwright.sync_api import Browser, Page, expect
from waiting import PATIENCE_SECONDS, until

from kiosk import devices, pairing
from surveys.db import writing

HERE = Path(__file__).parent.parent / "deploy" / "kiosk"
ADDRESS = "https://nok.example.ru/kiosk/"
PROGRAMS = "/usr/bin/startx", "/usr/bin/apt-get", "/usr/local/bin/nok-kiosk", "/usr/local/bin/nok-kiosk-stick"


def needs(*programs: str) -> None:
    """Skip, and say what this machine lacks."""
    if lacking := [name for name in programs if shutil.which(name) is None]:
        pytest.skip(f"no {', '.join(lacking)} here: apt-get install xvfb chromium shellcheck systemd")


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A folder into which the box was installed."""
    assert installs(ADDRESS, tmp_path) == 0
    return tmp_path


def installs(address: str, folder: Path) -> int:
    """Run the installer into a folder; its code."""
    env = {**os.environ, "NOK_KIOSK_ROOT": str(folder)}
    return subprocess.run([HERE / "install", address], env=env, timeout=20).returncode


def test_the_scripts_are_sound() -> None:
    scripts: list[str | Path] = [HERE / "nok-kiosk", HERE / "nok-kiosk-stick", HERE / "install"]
    for script in scripts:
        subprocess.run(["bash", "-n", script], check=True)
        assert os.access(script, os.X_OK), script
    needs("shellcheck")
    subprocess.run(["shellcheck", "-x", *scripts], check=True, cwd=HERE)


def test_the_units_are_sound(box: Path, tmp_path: Path) -> None:
    needs("systemd-analyze")
    units = []
    for unit in (box / "etc/systemd/system").iterdir():
        text = unit.read_text("utf-8")
        for program in PROGRAMS:  # what only the box has
            text = text.replace(f"={program} ", "=/bin/true ").replace(f"=-{program} ", "=-/bin/true ")
        units.append(tmp_path / unit.name)
        units[-1].write_text(text, "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, len(units)) == (0, 4), done.stderr


def test_an_installed_box_may_open_the_service_and_nothing_else(box: Path) -> None:
    policy = json.loads((box / "etc/chromium/policies/managed/nok-kiosk.json").read_text("utf-8"))
    assert policy["URLAllowlist"] == ["https://nok.example.ru", "blob:*"], "the file of answers is a blob"
    assert policy["URLBlocklist"] == ["*", "chrome://*"]
    assert "RemoteDebuggingAllowed" not in policy, "the script asks the page through a pipe"
    settings = box / "etc/nok-kiosk.conf"
    assert f"ADDRESS={ADDRESS}\n" in settings.read_text("utf-8")
    settings.write_text("ADDRESS=other\n")
    installs(ADDRESS, box)
    assert settings.read_text("utf-8") == "ADDRESS=other\n", "what was set by hand stays"
    assert installs("http://nok.example.ru/kiosk/", box) == 2


def test_saved_answers_go_to_the_stick_whole_and_over_nothing(tmp_path: Path) -> None:
    saved, stick = tmp_path / "saved", tmp_path / "stick"
    saved.mkdir()
    stick.mkdir()
    (stick / "kiosk-1-2026-11-20.jsonl").write_text("another terminal's")
    (stick / "kiosk-1-2026-11-22.jsonl").write_text("the same")
    for day, content in (("20", "twentieth"), ("21", "with a space"), ("22", "the same")):
        (saved / f"kiosk-1-2026-11-{day}.jsonl").write_text(content)
    (saved / "kiosk-1-2026-11-21.jsonl").rename(saved / "kiosk-1-2026-11-21 (1).jsonl")
    (saved / "link.jsonl").symlink_to(HERE / "install")
    (saved / "half.crdownload").write_text("half")
    env = {**os.environ, "NOK_KIOSK_FILES": str(saved)}
    for _again in range(2):
        subprocess.run([HERE / "nok-kiosk-stick", stick], env=env, check=True, timeout=20)
    assert {one.name: one.read_text("utf-8") for one in stick.iterdir()} == {
        "kiosk-1-2026-11-20.jsonl": "another terminal's",
        "kiosk-1-2026-11-20-1.jsonl": "twentieth",
        "kiosk-1-2026-11-21 (1).jsonl": "with a space",
        "kiosk-1-2026-11-22.jsonl": "the same",
    }
    assert {one.name for one in saved.iterdir()} == {"link.jsonl", "half.crdownload"}


@pytest.fixture
def screen() -> Iterator[str]:
    """A screen of 1080 × 1920 that nobody sees; its name for DISPLAY."""
    needs("Xvfb", "xrandr")
    ours, theirs = os.pipe()
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "1080x1920x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    with os.fdopen(ours) as told:
        name = told.readline().strip()
    yield f":{name}"
    server.terminate()
    server.wait(10)


class Box:
    """The script at work; what it says to systemd lies in a file."""

    def __init__(self, folder: Path, address: str, screen: str) -> None:
        self.folder, self.screen = folder, screen
        self.told = folder / "told"
        self.profile = folder / "state" / "profile" / "Default"
        (folder / "run").mkdir()
        notify = folder / "systemd-notify"
        notify.write_text(f'#!/bin/sh\necho "$@" >> {self.told}\n')
        notify.chmod(0o755)
        flags = "--no-sandbox --disable-gpu --disable-background-networking --remote-debugging-port=0"
        (folder / "conf").write_text(
            f"ADDRESS={address}/kiosk/\nFLAGS='{flags}'\nEVERY=0.3\nSTATE={folder}/state\nRUN={folder}/run\n"
        )

    def starts(self) -> "Box":
        self.told.write_text("")
        env = {**os.environ, "DISPLAY": self.screen, "NOK_KIOSK_CONF": str(self.folder / "conf")}
        env["PATH"] = f"{self.folder}:{env['PATH']}"
        self.script = subprocess.Popen([HERE / "nok-kiosk", "run"], env=env, stderr=subprocess.DEVNULL)
        until(lambda: "WATCHDOG=1 --status=nobody" in self.told.read_text())
        return self

    def ends(self, with_code: int) -> None:
        assert self.script.wait(PATIENCE_SECONDS) == with_code

    def page(self, browser: Browser) -> Page:
        port = (self.profile.parent / "DevToolsActivePort").read_text().split()[0]
        [page] = browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}").contexts[0].pages
        return page

    def browser(self) -> int:
        own = Path(f"/proc/{self.script.pid}/task/{self.script.pid}/children").read_text().split()
        [found] = [
            pid for pid in own if b"remote-debugging-pipe" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        return int(found)


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_script_shows_the_kiosk_and_forgets_all_but_its_answers(
    live_server: str, browser: Browser, screen: str, tmp_path: Path
) -> None:
    if not any(map(shutil.which, NAMES)):
        needs("chromium")
    code = an_organization(short_name="Поликлиника № 12")
    a_campaign()
    kiosk_id = a_kiosk(code)
    box = Box(tmp_path, live_server, screen).starts()
    try:
        page = box.page(browser)
        shown = page.locator("#code")
        expect(shown).to_be_visible()
        assert page.evaluate("innerWidth >= 1079 && innerHeight >= 1919"), "the whole screen, but for a hair"
        with writing() as session:
            pairing.paired(session, devices.one(session, kiosk_id), shown.inner_text(), "cli")
        expect(page.locator("#start")).to_be_visible()
        expect(page.locator("#whom")).to_contain_text("Поликлиника № 12")
        (box.profile / "What A Newer Browser Remembers").write_text("A")
        (box.folder / "run" / "renew").touch()
        box.ends(0)
        box.starts()
        assert not (box.profile / "What A Newer Browser Remembers").exists()
        expect(box.page(browser).locator("#start")).to_be_visible()
        os.kill(box.browser(), signal.SIGKILL)
        box.ends(1)
    finally:
        box.script.send_signal(signal.SIGTERM)
        box.script.wait(20)
