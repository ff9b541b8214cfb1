"""`python -m benchmarks [NAME…]`, a name of MEASURES: measures, prints ratios, keeps them."""

import json
import os
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import bound, halls, imports, indicators, network, posters, serving, stack, words
from benchmarks.load import NoWrk
from benchmarks.paper import measure as paper
from config import ROOT

MEASURES = {
    "serving": serving.measure,
    "indicators": indicators.measure,
    "imports": imports.measure,
    "paper": paper.measure,
    "stack": stack.measure,
    "bound": bound.measure,
    "posters": posters.measure,
    "network": network.measure,
    "words": words.measure,
    "halls": halls.measure,
}
GOALS = {
    "submission_of_hello": ("≥", 0.12),
    "submission_to_one_of_hello": ("≥", 0.12),
    "submission_p99_ms": ("≤", 50.0),
    "submission_to_one_p99_ms": ("≤", 50.0),
    "page_of_hello": ("≥", 0.80),
    "page_gzip_bytes": ("≤", 14 * 1024),
    "slow_3g_readable_seconds": ("≤", 1.5),
    "recount_over_tallies": ("≥", 100.0),
    "ten_times_the_responses_cost": ("≤", 1.5),
    "orm_loop_over_import": ("≥", 5.0),
    "floor_over_import": ("≥", 0.40),
    "look_seconds": ("≤", 2.0),
    "pages_a_second_at_200_dpi": ("≥", 20.0),
    "scan_silent_in_20000_boxes": ("≤", 1.0),
    "scan_to_review": ("≤", 0.01),
    "photo_pages_read": ("≥", 0.98),
    "photo_silent_in_5000_boxes": ("≤", 1.0),
    "hard_answers_silently_wrong": ("≤", 0.0),
    "stack_sheets_lost": ("≤", 0.0),
    "stack_memory_mb": ("≤", 500.0),
    "document_over_plain_1000": ("≤", 1.5),
    "document_over_plain_5000": ("≤", 1.5),
    "peak_mib_5000": ("≤", 300.0),
    "cost_of_one_at_5000_over_1000": ("≤", 1.15),
    "naive_over_pdf": ("≥", 12.0),
    "naive_over_zip": ("≥", 12.0),
    "pdf_seconds_1000": ("≤", 10.0),
    "zip_seconds_1000": ("≤", 10.0),
    "pdf_peak_5000_over_1000": ("≤", 1.1),
    "zip_peak_5000_over_1000": ("≤", 1.1),
    "each_once": ("≥", 1.0),
    "promised_and_lost": ("≤", 0.0),
    "kept_mib": ("≤", 100.0),
    "words_lot_recall": ("≥", 0.97),
    "words_ms": ("≤", 5.0),
    "words_1000_letters_ms": ("≤", 20.0),
}


def main(chosen: list[str]) -> int:
    """Measure what was named, all when nothing was; 1 when a goal was missed."""
    missed = 0
    for name in chosen or list(MEASURES):
        try:
            found = MEASURES[name]()
        except NoWrk as error:
            print(error, file=sys.stderr)
            return 2
        missed += _tell(name, found)
        _write(name, found)
    return 1 if missed else 0


def _tell(name: str, found: dict[str, Any]) -> int:
    missed = 0
    print(f"\n{name}")
    for key, value in found.items():
        if isinstance(value, dict):
            continue  # for the file alone
        sign, goal = GOALS.get(key, ("", 0.0))
        met = not sign or (value >= goal if sign == "≥" else value <= goal)
        missed += not met
        aim = f"  (goal {sign} {goal:g}: {'met' if met else 'MISSED'})" if sign else ""
        shown = f"{value:,.3f}" if isinstance(value, float) else value
        print(f"  {key:32} {shown}{aim}")
    return missed


def _write(name: str, found: dict[str, Any]) -> None:
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    machine = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{package: version(package) for package in ("flask", "sqlalchemy", "granian")},
    }
    file = folder / f"{name}.json"
    file.write_text(
        json.dumps({"on": machine, "measured": found}, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    print(f"  written to {file.relative_to(ROOT)}")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
