"""Rules by which the report names deficiencies and proposes measures: a file of plain sentences with thresholds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("wording.toml")


@dataclass(frozen=True)
class Wording:
    """`shares` and `absent`: measure or block → what is said of it, and what is proposed."""

    low_share: int
    asked_at_least: int
    absent_at_many: Fraction
    most_absent: int
    shares: Mapping[str, tuple[str, str]]
    absent: Mapping[str, tuple[str, str]]


@cache
def wording() -> Wording:
    """The file, read once a process."""
    told = tomllib.loads(FILE.read_text("utf-8"))
    bounds = told["thresholds"]
    return Wording(
        low_share=bounds["low_share"],
        asked_at_least=bounds["asked_at_least"],
        absent_at_many=Fraction(bounds["absent_at_many"], 100),
        most_absent=bounds["most_absent"],
        shares={measure: (said["low"], said["proposal"]) for measure, said in told["shares"].items()},
        absent={block: (said["many"], said["proposal"]) for block, said in told["absent"].items()},
    )
