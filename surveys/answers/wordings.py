"""What operators call their columns (wordings.toml), as the matching wants it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from surveys.answers.shapes import Target
from surveys.measures import FEEDS, TALLY_COLUMNS

_SPACES = re.compile(r"\s+")
_NUMBERED = re.compile(r"^(?:вопрос\s*)?№?\s*\d{1,2}\s*[.):\-–—]\s*|^[vq]\d{1,2}[\s.:]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Question or place → variants; what is not read → why; a counter's heading → what it counts.

    `same` leads from a word to the one it is read as.
    """

    questions: Mapping[Target, tuple[str, ...]]
    places: Mapping[Target, tuple[str, ...]]
    aside: Mapping[str, str]
    counters: Mapping[str, str]
    same: Mapping[str, str]


@cache
def known() -> Wordings:
    """The file, read once."""
    told = tomllib.loads(Path(__file__).with_name("wordings.toml").read_text("utf-8"))
    ours = {name: name for name in TALLY_COLUMNS} | {f"{measure}_of": f"{measure}_of" for measure in FEEDS}
    return Wordings(
        questions={name: tuple(variants) for name, variants in told["questions"].items()},
        places={name: tuple(variants) for name, variants in told["places"].items()},
        aside=told["aside"],
        counters={plain(name): counted for name, counted in {**ours, **told["counters"]}.items()},
        same={plain(word): said for said, words in told["same"].items() for word in words},
    )


def plain(heading: str) -> str:
    """A heading as headings compare: lower case, ё as е, without its number, one space between words."""
    text = _SPACES.sub(" ", heading.replace("\ufeff", "").casefold().replace("ё", "е")).strip(" *:?.")
    return _NUMBERED.sub("", text) or text
