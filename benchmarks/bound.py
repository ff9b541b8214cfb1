"""The council's document of a made-up campaign against one plain WeasyPrint table of the same rows, in the same run.

Both are drawn in processes of their own, and each tells its seconds and its highest memory. A plain table of 5,000
organisations would take gigabytes, so its time there is five times that of 1,000: it grows evenly.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import nok
from benchmarks.world import SECRET
from config import ROOT
from surveys.results import CampaignFacts, CampaignResults, Standing

SIZES = (100, 1_000, 5_000)
PLAIN = (100, 1_000)
EDITION = nok.edition("344n-2024")
CSS = "@page{size:A4 landscape;margin:2cm}table{width:100%;table-layout:fixed;font:8pt serif}"


def measure() -> dict[str, Any]:
    """Seconds and memory at each size, and the ratios that the goals speak of."""
    found: dict[str, Any] = {}
    for size in SIZES:
        with TemporaryDirectory() as name:
            folder = Path(name)
            rows = _put_down(folder, size)
            found[f"rows_{size}"] = rows
            plain = _told("plain", folder) if size in PLAIN else None
            ours = _told("draw", folder)
            found |= {f"{key}_{size}": value for key, value in ours.items()}
            found[f"seconds_an_organization_{size}"] = ours["seconds"] / size
            if plain:
                found |= {f"plain_{key}_{size}": value for key, value in plain.items()}
                last = plain["seconds"] / size
            found[f"document_over_plain_{size}"] = ours["seconds"] / (last * size)
    found["cost_of_one_at_5000_over_1000"] = (
        found["seconds_an_organization_5000"] / found["seconds_an_organization_1000"]
    )
    return found


def _told(mode: str, folder: Path) -> dict[str, Any]:
    line = [sys.executable, "-m", "benchmarks.bound", mode, str(folder)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  # ourselves
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _put_down(folder: Path, size: int) -> int:
    """The document's sections in the folder; how many rows of tables they have."""
    with _app().test_request_context("/"):
        from council import documents

        documents.put_down(folder, campaign(size), url="https://nok.example.ru/ratings/1")
    return sum(len(block["rows"]) for block in _tables(folder))


def _tables(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("[0-9]*.json")):
        for piece in json.loads(file.read_bytes())["pieces"]:
            yield from (block for block in piece["blocks"] if block["kind"] == "table")


def _draw(folder: Path) -> dict[str, Any]:
    from documents.bound import apart, press

    with _app().test_request_context("/"):
        began = _spent()
        press.draw(folder, each=apart.by_a_copy)
        seconds = _spent() - began
    return {"seconds": seconds, "file_mib": (folder / press.WHOLE).stat().st_size / 2**20}


def _spent() -> float:
    """Seconds of the processor, this process's and of those it waited for."""
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    """MiB that one process held at most, this one or a copy of it; what held them before it began is not counted."""
    own = Path("/proc/self/status").read_text("utf-8").partition("VmHWM:")[2].split()[0]
    return max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _plain(folder: Path) -> dict[str, Any]:
    from weasyprint import CSS as Sheet
    from weasyprint import HTML

    html = "".join(_table(block) for block in _tables(folder))
    began = _spent()
    HTML(string=html).write_pdf(folder / "plain.pdf", stylesheets=[Sheet(string=CSS)])
    return {"seconds": _spent() - began}


def _table(block: dict[str, Any]) -> str:
    def row(cells: Sequence[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}>{escape(text)}</{tag}>' for text in cells)}</tr>"

    rows = "".join(row(cells, "td") for cells in block["rows"])
    return f"<table><thead>{row([title for title, *_ in block['head']], 'th')}</thead><tbody>{rows}</tbody></table>"


def _app() -> Any:
    from app import create_app
    from config import Config

    nowhere = Path(gettempdir()) / "nok-bench"
    return create_app(Config(SECRET_KEY=SECRET, SQLALCHEMY_DATABASE_URI="sqlite://", DATA_DIR=nowhere))


def campaign(size: int) -> CampaignResults:
    """Clinics that differ, some of them without a figure; the same for the same size."""
    chance = Random(size)  # noqa: S311  # figures to be drawn, not secrets
    facts = _facts()
    standings = [_standing(number, facts, chance) for number in range(1, size + 1)]
    first = standings[0].result
    means = {**first.indicators, **first.criteria, "total": first.total}
    return CampaignResults(facts, standings, means, 200 * size, None)


def _facts() -> CampaignFacts:
    day = datetime.now(UTC).date()
    return CampaignFacts(
        id=1, title="Измерение", year=day.year, sector="health", region="Область измерений",
        edition=EDITION.id, practice=nok.Practice(), starts_on=date(day.year, 1, 1), ends_on=day, stage="review",
        operator="Оператор", council="Совет", order="Контракт № 1", demo=True, hashes={}, questionnaires={},
    )  # fmt: skip


def _standing(number: int, facts: CampaignFacts, chance: Random) -> Standing:
    def pair() -> list[int]:
        asked = chance.randint(40, 200)
        return [chance.randint(asked // 2, asked), asked]

    questions = (
        "stand", "site", "on_time", "comfort", "accessibility", "first_contact", "service_staff", "remote_staff",
        "recommend", "schedule", "overall",
    )  # fmt: skip
    items = [item.title for item in EDITION.items("comfort", "health")]
    lacking = chance.sample(items, 2)
    observations = nok.Observations.read(
        {
            "id": str(number), "sector": "health", "kind": None, "respondents": 200,
            "inspection": {
                "stand": {"present": 14, "required": 17}, "site": {"present": 18, "required": 19},
                "information_required": None, "remote_ways": 3, "comfort": len(items) - 2, "equipment": 3,
                "accessibility": 4, "waiting_points": 60,
            },
            "answers": {key: pair() for key in questions},
        }
    )  # fmt: skip
    result = nok.assess(observations, EDITION, facts.practice)
    return Standing(
        code=f"B{number:07d}", name=f"Государственное учреждение «Городская поликлиника № {number}»",
        short_name=f"Городская поликлиника № {number}", inn="", ogrn="", address="", municipality="",
        region=facts.region, sector="health", kind=None, target=200, responses=200, channels={"poster": 200},
        profile={}, observations=observations, result=result, place=number, deficiencies={"comfort": lacking},
        intervals=nok.uncertainty.bounds(result, 900), place_range=(number, number + 2),
    )  # fmt: skip


if __name__ == "__main__":
    told = {"draw": _draw, "plain": _plain}[sys.argv[1]](Path(sys.argv[2]))
    peak = _peak()
    sys.stdout.write(json.dumps({**told, "peak_mib": peak}) + "\n")
