"""The form of a plan as data: sections, columns, the threshold of satisfaction; `form.toml` says what is unverified."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from nok.table import Table

FILE = Path(__file__).with_name("form.toml")
BLOCKS = ("stand", "site", "remote_ways", "comfort", "equipment", "accessibility")
ROMAN = ("I", "II", "III", "IV", "V")
COLUMNS = 7


@dataclass(frozen=True)
class Form:
    """What the act prescribes and what we propose by; `missing` is block → (section, words with {title})."""

    title: str
    empty: str
    threshold: Fraction
    share: str
    sections: tuple[str, ...]
    columns: tuple[str, ...]
    missing: Mapping[str, tuple[int, str]]
    unverified: tuple[str, ...]

    def section(self, number: int) -> str:
        """«II. Комфортность условий предоставления услуг»."""
        return f"{ROMAN[number - 1]}. {self.sections[number - 1]}"


@cache
def the_form() -> Form:
    """The form that ships. Raises nok.Refused with the place in the file."""
    return read(FILE.name, FILE.read_bytes())


def read(name: str, content: bytes) -> Form:
    """A form from the bytes of its file."""
    table = Table.read(name, content)
    table.block("about")
    made = Form(
        title=table.text("title"),
        empty=table.text("empty"),
        threshold=table.number("threshold"),
        share=table.text("share"),
        sections=table.texts("sections"),
        columns=table.texts("columns"),
        missing={
            block: (row.count("section"), row.text("text"))
            for block, row in table.plain_tables("missing", BLOCKS).items()
        },
        unverified=tuple(table.root.unverified),
    )
    table.done()
    if len(made.sections) != len(ROMAN) or len(made.columns) != COLUMNS:
        raise ValueError(f"{name}: у плана пять разделов и семь граф")
    return made
