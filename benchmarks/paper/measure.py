"""`make bench BENCH_ARGS=paper`: the held-apart sheets through the product's reader and through the plain one."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from benchmarks.paper import blanks, chromium, readers, sheets, telling
from benchmarks.paper.drawing import Picture
from benchmarks.paper.readers import Reader
from benchmarks.paper.scoring import Score
from benchmarks.paper.sheets import Filled, Set
from config import ROOT
from paper import reading

SHEETS = 60
"""Of each kind; NOK_BENCH_SHEETS asks for more: the figures in docs/paper-reading.md are of many more."""
SHARES = {"scan": 1.0, "spoiled": 1.0, "hard": 0.4, "photo": 0.5, "chromium": 0.1, "faded": 0.05}
RESOLUTIONS = (150, 200, 300, 600)
READERS: dict[str, Reader] = {"careful": readers.careful, "plain": readers.plain}


def measure() -> dict[str, Any]:
    """Everything: what was read, how fast, how much memory."""
    if not reading.available():
        return {"skipped": "the extra [omr] is not installed"}
    cv2.setNumThreads(1)
    asked = int(os.environ.get("NOK_BENCH_SHEETS", SHEETS))
    start = time.process_time()
    scores = {
        kind: scored(sheets.HELD_APART, kind, max(1, round(asked * share))) for kind, share in SHARES.items()
    }
    every = {name: scores["scan"][name].add(scores["spoiled"][name]) for name in READERS}
    rows = {"scan": scores["scan"], "spoiled": scores["spoiled"], "all scans": every, **_rest(scores)}
    told = telling.table(rows)
    print("\n" + told)
    _keep(told)
    return {
        **telling.goals(rows),
        **{f"pages_a_second_at_{dpi}_dpi": rate(dpi) for dpi in RESOLUTIONS},
        "memory_mb_of_a_page": memory(200),
        "memory_mb_of_a_page_at_600_dpi": memory(600),
        "seconds_of_processor": time.process_time() - start,
        "rows": {row: {name: score.as_dict() for name, score in both.items()} for row, both in rows.items()},
    }


def scored(group: Set, kind: str, count: int, start: int = 0) -> dict[str, Score]:
    """So many sheets of a kind through both readers. «chromium» is the hard kind's and the plain kind's by turns."""
    if kind != "chromium":
        return readers.measured(sheets.sheets(group, kind, count, start), READERS)[0]
    with chromium.opened() as studio:
        pages = (
            page
            for number in range(start, start + count)
            for page in sheets.sheet(
                group, sheets.KINDS[number % 3], sheets.SEEDS // 2 + number, studio=studio
            )
        )
        return readers.measured(pages, READERS)[0]


def rate(dpi: int, count: int = 12) -> float:
    """Sides a second of one processor: the median over clean scans of the quickest of three readings."""
    return 1 / median(_quickest(page) for page in _clean(dpi, count))


def memory(dpi: int) -> float:
    """How much more a process holds at its peak for having read one side, megabytes; the picture itself included."""
    (page,) = _clean(dpi, 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.npy"
        np.save(file, page.image)
        words = [sys.executable, "-m", "benchmarks.paper.measure", str(file)]
        return float(subprocess.run(words, capture_output=True, check=True, cwd=ROOT, text=True).stdout)


def _clean(dpi: int, count: int) -> Iterator[Filled]:
    sides = sheets.trial("scan", count, dpi=dpi)
    return (page for place, page in enumerate(sides) if place < count)


def _quickest(page: Filled) -> float:
    spent = []
    for _time in range(3):
        start = time.process_time()
        reading.read_page(page.image, page.resolve)
        spent.append(time.process_time() - start)
    return min(spent)


def _rest(scores: dict[str, dict[str, Score]]) -> dict[str, dict[str, Score]]:
    return {kind: scores[kind] for kind in scores if kind not in ("scan", "spoiled")}


def _keep(told: str) -> None:
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "paper.md").write_text(told + "\n", "utf-8")


def _peak_of(file: str) -> float:
    """In a process of its own, where the libraries are loaded already: the peak is counted anew from here (Linux)."""
    geometry = blanks.form().geometry
    small: Picture = np.full((64, 64), 255, np.uint8)
    reading.read_page(small, lambda _code: None)
    before = _held("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    reading.read_page(np.load(file), lambda _code: geometry)
    return (_held("VmHWM") - before) / 1024


def _held(name: str) -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(name)))


if __name__ == "__main__":
    cv2.setNumThreads(1)
    print(_peak_of(sys.argv[1]))
