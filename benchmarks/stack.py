"""A whole stack taken in: filled sheets of a real print run, one bit, one PDF, through `nok scans import`.

How long from the file to counted answers, how much memory in all its processes together, and whether every sheet of the
stack ended somewhere. How well it is read is measured by `benchmarks.paper`.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import psutil
from PIL import Image
from sqlalchemy import select

from benchmarks import world
from benchmarks.paper import filling, people, sheets
from config import ROOT
from paper import reading
from paper.geometry import Geometry
from paper.serials import PageCode
from paper.tables import FormEdition, PrintRun
from surveys import library
from surveys.db import db
from surveys.models import Pinned

SHEETS = int(os.environ.get("NOK_BENCH_STACK", "100"))
DPI = 200
TOGETHER = 50
NOK = str(Path(sys.executable).with_name("nok"))


def measure() -> dict[str, Any]:
    """Print, fill in, scan, take in."""
    if not reading.available():
        return {"skipped": "the extra [omr] is not installed"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir()
        app, campaign, codes = world.made(data, 1)
        _nok(data, "sheets", str(folder / "blank.pdf"), "--campaign", str(campaign), "--organization", codes[0],
             "--count", str(SHEETS))  # fmt: skip
        with app.app_context():
            run = db.session.scalars(select(PrintRun)).one()
            edition = db.session.get_one(FormEdition, run.edition_id)
            stack = Stack(edition, bytes(run.salt), codes[0], campaign, run.first)
            db.session.rollback()
        file = folder / "stack.pdf"
        pages = stack.scanned(file, folder)
        told, seconds, busy, memory = _taken(data, file, campaign)
    return {
        "stack_pages_a_second": pages / seconds,
        "stack_pages_a_second_of_one_core": pages / busy,
        "stack_memory_mb": memory,
        "stack_sheets_lost": max(0, SHEETS - told["sheets"]),
        "sheets": told["sheets"],  # a side without a number waits as a sheet of its own
        "pages": pages,
        "file_mb": round(stack.size / 2**20),
        **{word: told[word] for word in ("counted", "review", "doubts", "repeated")},
        "spoiled": len(told["spoiled"]),
    }


class Stack:
    """The sheets of one print run, filled in by people of the trial set."""

    def __init__(self, edition: FormEdition, salt: bytes, code: str, campaign: int, first: int) -> None:
        self.geometry = Geometry.from_dict(edition.geometry)
        self.questionnaire = library.questionnaire(db.session.get_one(Pinned, edition.questionnaire_id).name)
        self.salt, self.code, self.campaign, self.first = salt, code, campaign, first
        self.size = 0

    def scanned(self, file: Path, folder: Path) -> int:
        """Write the PDF; how many pages it has. A few pages are in memory at once."""
        parts = []
        for start in range(0, SHEETS, TOGETHER):
            part = folder / f"{start}.pdf"
            images = [
                page for number in range(start, min(SHEETS, start + TOGETHER)) for page in self._sheet(number)
            ]
            images[0].save(part, save_all=True, append_images=images[1:], resolution=DPI)
            parts.append(part)
            print(f"  {min(SHEETS, start + TOGETHER)} of {SHEETS} sheets drawn", file=sys.stderr, flush=True)
        with pikepdf.new() as whole:
            for part in parts:
                with pikepdf.open(part) as some:
                    whole.pages.extend(some.pages)
            whole.save(file)
            pages = len(whole.pages)
        self.size = file.stat().st_size
        return pages

    def _sheet(self, number: int) -> Iterator[Image.Image]:
        rng = np.random.default_rng([sheets.TRIAL.first, number])
        hand = people.drawn(sheets.TRIAL.family, rng)
        studio = sheets.Drawn()
        held = filling.filled(self.questionnaire, self.geometry, hand, rng, studio.pen, "usual")
        bits = "one bit, adaptive" if hand.tool.name == "pencil" else "one bit"
        for side, places in enumerate(self.geometry.sides, 1):
            code = PageCode(self.campaign, self.first + number, side, self.code).checked(self.salt)
            paper = sheets.Paper(code, places, self.questionnaire.id, "usual", DPI, hand)
            drawn = held.drawn.get(side, [])
            picture, _seen = sheets.pictured(paper, drawn, "spoiled", (bits,), sheets.TRIAL.wear, rng, studio)
            yield Image.fromarray(picture).convert("1", dither=Image.Dither.NONE)


def _taken(data: Path, file: Path, campaign: int) -> tuple[dict[str, Any], float, float, float]:
    """What the command told; seconds by the clock, of processors; megabytes at the most."""
    begun = time.perf_counter()
    words = [NOK, "scans", "import", str(file), "--campaign", str(campaign), "--json"]
    with subprocess.Popen(
        words, cwd=ROOT, env=_surroundings(data), stdout=subprocess.PIPE, text=True
    ) as running:
        root = psutil.Process(running.pid)
        most, busy = 0.0, 0.0
        while running.poll() is None:
            held, spent = _of_all(root)
            most, busy = max(most, held), max(busy, spent)
            time.sleep(0.2)
        assert running.stdout is not None
        told = json.loads(running.stdout.read())
    return told, time.perf_counter() - begun, busy, most


def _of_all(root: psutil.Process) -> tuple[float, float]:
    """Memory of a process and its children, what they share counted once; processor seconds, of ended children too."""
    held = spent = 0.0
    with suppress(psutil.NoSuchProcess):
        for one in [root, *root.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                held += one.memory_full_info().pss / 2**20
                spent += sum(one.cpu_times()[:4])
    return held, spent


def _nok(data: Path, *words: str) -> None:
    subprocess.run([NOK, *words], cwd=ROOT, env=_surroundings(data), check=True)


def _surroundings(data: Path) -> dict[str, str]:
    return {**os.environ, "NOK_DATA_DIR": str(data), "NOK_SECRET_KEY": world.SECRET}
