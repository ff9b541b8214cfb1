"""The operator's report as PDF/UA-1 and PDF/A-3u, bound of sections as the council's is (documents.bound).

What is drawn comes from the report's own structure alone, so a submitted package is drawn without any live figure.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from documents.bound import apart, press
from documents.presentation import with_year

Report = Mapping[str, Any]


def report_pdf(
    report: Report, stamp: Mapping[str, Any], folder: Path, progress: press.Told | None = None
) -> bytes:
    """The whole document; `stamp` says what it is: a draft or a package, of which day, with which hash.

    Its parts lie in the folder, so whoever begins anew goes on; the caller drops it when the document is kept.
    """
    parts = press.planned(folder)
    if parts is None:
        parts = press.put_down(folder, _book(report, stamp), report["sections"], _enclosed(report))
    apart.draw(folder, parts, progress)
    return (folder / press.WHOLE).read_bytes()


def _book(report: Report, stamp: Mapping[str, Any]) -> press.Book:
    cover = report["cover"]
    lines = [*cover["lines"]]
    if stamp["sha256"]:
        lines.append([_("Контрольная сумма пакета (SHA-256)"), stamp["sha256"]])
    return press.Book(
        title=f"{cover['title']}: {cover['campaign']}",
        campaign=with_year(cover["campaign"], cover["year"]),
        cover={**cover, "lines": lines},
        stamp={"state": stamp["state"], "head": stamp["state"], "foot": stamp["foot"]},
        at=datetime.fromisoformat(stamp["day"]).replace(tzinfo=UTC),
    )


def _enclosed(report: Report) -> dict[str, tuple[str, bytes]]:
    data = report["data"]
    inputs = [one["input"] for one in data["organizations"]]
    return {
        "input.json": (_("Что вошло в расчёт: вход команды nok indicators"), _json(inputs)),
        "result.json": (_("Что получилось: показатели, критерии, итоги"), _json(data)),
    }


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
