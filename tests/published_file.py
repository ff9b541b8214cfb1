"""A published result as a file, true in every figure, and ways to falsify it."""

import io
import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pikepdf
from standings import EDITION, FACTS, standing

import nok
from documents import exports, sealing
from documents.drawing import made as made_at
from nok.enclosed import canonical
from surveys import ratings
from surveys.results import CampaignFacts, CampaignResults, Standing

PRACTICE = nok.Practice()
TRUE_FACTS: CampaignFacts = replace(
    FACTS,
    stage="published",
    practice=PRACTICE,
    hashes={"edition": EDITION.content_hash, "practice": PRACTICE.content_hash},
)
NAMES = ("K7M4PX2D", "AAAAAAA2", "BBBBBBB3")


def true_results(practice: nok.Practice = PRACTICE) -> CampaignResults:
    """Three organisations; nobody with a disability was asked at the last one."""
    facts = replace(
        TRUE_FACTS, practice=practice, hashes={**TRUE_FACTS.hashes, "practice": practice.content_hash}
    )
    rows = []
    for n, code in enumerate(NAMES):
        heard = {"overall": [184 - 7 * n, 200], "accessibility": None if n == 2 else [9, 12]}
        channels = {"poster": 140, "official": 20, "paper": 40}
        row = standing(code, heard, short_name=f"Поликлиника № {n + 12}", channels=channels)
        result = nok.assess(row.observations, EDITION, practice)
        bounds = nok.uncertainty.bounds(result, row.recipients)
        rows.append(replace(row, result=result, intervals=bounds))
    rows = placed(rows)
    return CampaignResults(
        facts,
        rows,
        nok.aggregate.averages((row.result for row in rows), practice.places),
        600,
        Fraction(1, 10),
        nok.sample.own_digital_share({"poster": 420, "official": 60, "paper": 120}, EDITION),
    )


def placed(rows: Sequence[Standing]) -> list[Standing]:
    """The same organisations with the places that they take among themselves."""
    totals, bounds = {row.code: row.result.total for row in rows}, {row.code: row.intervals for row in rows}
    places, ranges = ratings.placed(totals, bounds, "dense")
    return [
        replace(row, place=places[row.code], place_range=ranges[row.code], rated=len(rows)) for row in rows
    ]


def with_part(pdf: bytes, name: str, content: bytes) -> bytes:
    """The same document with another file enclosed under this name."""
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        if name in whole.attachments:
            del whole.attachments[name]
        out = io.BytesIO()
        whole.save(out)
    return sealing.sealed(out.getvalue(), {name: ("", content)}, made_at())


def a_campaign_file() -> dict[str, Any]:
    """The campaign's nok-result/1, as it is parsed again."""
    made: dict[str, Any] = json.loads(exports.json_text(exports.campaign_json(true_results())))
    return made


def an_organization_file() -> dict[str, Any]:
    """One organisation's nok-result/1."""
    found = true_results()
    made: dict[str, Any] = json.loads(
        exports.json_text(exports.organization_json(found.standings[0], found.facts))
    )
    return made


def a_release_file() -> dict[str, Any]:
    """The campaign's nok-release/1."""
    return {
        **a_campaign_file(),
        "format": "nok-release/1",
        "version": 1,
        "note": "",
        "package": {"number": 1, "sha256": "ab" * 32},
        "meeting": {
            "number": "7",
            "held_on": "2026-11-20",
            "for": 5,
            "against": 1,
            "abstain": 0,
            "opinions": [],
        },
    }


def changed(given: dict[str, Any], path: str, value: Any) -> bytes:
    """The same file with another value at `organizations.0.result.total`."""
    made = deepcopy(given)
    inner: Any = made
    *way, last = (int(key) if key.isdigit() else key for key in path.split("/"))
    for key in way:
        inner = inner[key]
    inner[last] = value
    return canonical(made)
