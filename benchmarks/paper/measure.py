"""`make bench BENCH_ARGS=paper`: the held-apart sheets through the product's reader and through the plain one."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from benchmarks.paper import blanks, chromium, readers, sheets, telling
from benchmarks.paper.drawing import Picture
from benchmarks.paper.readers import Reader
from benchmarks.paper.scoring import Score
from benchmarks.paper.sheets import Filled
from config import ROOT
from paper import reading

SHEETS = 40
"""Of each kind; NOK_BENCH_SHEETS asks for more: the figures in docs/paper-reading.md are of many more.

NOK_BENCH_FIRST: from this number on, for sheets that nothing was measured on. NOK_BENCH_WORKERS: in so many processes.
NOK_BENCH_FORM: another questionnaire and print, «675n-full:large».
NOK_BENCH_MINUTES: what is done by then is what counts. Rates are measured afterwards in one process, by the processor's
time."""
SHARES = {"scan": 1.0, "spoiled": 1.0, "hard": 0.3, "photo": 1.5, "chromium": 0.1, "faded": 0.05}
PLAIN = 100
"""So many sheets of each kind go through the plain reader as well: it needs no more to be told apart."""
CHUNK = 10
RESOLUTIONS = (150, 200, 300, 600)
READERS: dict[str, Reader] = {"careful": readers.careful, "plain": readers.plain}
Both = dict[str, Score]


def measure() -> dict[str, Any]:
    """Everything: what was read, how fast, how much memory."""
    if not reading.available():
        return {"skipped": "the extra [omr] is not installed"}
    cv2.setNumThreads(1)
    asked = int(os.environ.get("NOK_BENCH_SHEETS", SHEETS))
    scores = scored({kind: max(1, round(asked * share)) for kind, share in SHARES.items()})
    every = {name: scores["scan"][name].add(scores["spoiled"][name]) for name in READERS}
    rest = {kind: both for kind, both in scores.items() if kind not in ("scan", "spoiled")}
    rows = {"scan": scores["scan"], "spoiled": scores["spoiled"], "all scans": every, **rest}
    told = telling.table(rows)
    print("\n" + told)
    _keep(told)
    return {
        **telling.goals(rows),
        **{f"pages_a_second_at_{dpi}_dpi": rate(dpi) for dpi in RESOLUTIONS},
        "memory_mb_of_a_page": memory(200),
        "memory_mb_of_a_page_at_600_dpi": memory(600),
        "rows": {row: {name: score.as_dict() for name, score in both.items()} for row, both in rows.items()},
    }


def scored(counts: Mapping[str, int]) -> dict[str, Both]:
    """So many held-apart sheets of each kind, a few at a time."""
    first = int(os.environ.get("NOK_BENCH_FIRST", "0"))
    chunks = sorted(
        (
            (kind, first + start, min(CHUNK, count - start))
            for kind, count in counts.items()
            for start in range(0, count, CHUNK)
        ),
        key=lambda chunk: (chunk[1] - first) / counts[chunk[0]],  # every kind goes forward at the same pace
    )
    last = time.monotonic() + 60 * float(os.environ.get("NOK_BENCH_MINUTES", "60"))
    total = {kind: {name: Score() for name in READERS} for kind in counts}
    with ProcessPoolExecutor(int(os.environ.get("NOK_BENCH_WORKERS", "1"))) as workers:
        for (kind, _start, _count), both in zip(chunks, workers.map(_chunk, chunks), strict=True):
            total[kind] = {name: total[kind][name].add(score) for name, score in both.items()}
            if time.monotonic() > last:
                workers.shutdown(cancel_futures=True)
                break
    return total


def _chunk(chunk: tuple[str, int, int]) -> Both:
    """«chromium» is every other kind by turns, of seeds that they do not reach."""
    kind, start, count = chunk
    cv2.setNumThreads(1)
    first = int(os.environ.get("NOK_BENCH_FIRST", "0"))
    form = _form()
    chosen: dict[str, Reader] = READERS if start - first < PLAIN else {"careful": readers.careful}
    if kind != "chromium":
        found, _odd = readers.measured(sheets.held_apart(kind, count, start, **form), chosen)
    else:
        with chromium.opened() as studio:
            found, _odd = readers.measured(
                (
                    page
                    for number in range(start, start + count)
                    for page in sheets.sheet(
                        sheets.HELD_APART,
                        sheets.KINDS[number % 4],
                        sheets.SEEDS // 2 + number,
                        studio=studio,
                        **form,
                    )
                ),
                chosen,
            )
    return {name: found.get(name, Score()) for name in READERS}


def _form() -> dict[str, Any]:
    asked = os.environ.get("NOK_BENCH_FORM", "bus-gov-13:usual").split(":")
    return dict(zip(("questionnaire", "edition"), asked, strict=True))


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
