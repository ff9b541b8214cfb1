"""Which rows of a sheet are headings: told by what is in them, for a title, a merged line or codes may stand around."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from surveys.answers.shapes import ORGANIZATION, ROW_KEY, TIME, Target
from surveys.answers.values import shown
from surveys.answers.wordings import plain
from surveys.tabular import Cells

SEARCHED = 25  # rows from the top
ENOUGH = 0.45  # likeness of a cell that counts as a heading
LONGEST = 2_000
CODES: dict[str, Target] = {
    "organization": ORGANIZATION,
    "organisation": ORGANIZATION,
    "row_key": ROW_KEY,
    "time": TIME,
    "date": TIME,
}


@dataclass(frozen=True, slots=True)
class Headed:
    """Where a table begins: rows of headings (as a person numbers them), the headings, codes below them if any."""

    rows: tuple[int, ...]
    headings: tuple[str, ...]
    codes: tuple[str, ...]
    score: float

    @property
    def last(self) -> int:
        """The last row of headings: what follows is data."""
        return self.rows[-1]

    @property
    def sha256(self) -> str:
        """By which the same headings are known again, whatever their case and spaces."""
        return sha256("\x1f".join(map(plain, self.headings)).encode()).hexdigest()


def find(rows: Sequence[Cells], likeness: Callable[[str], float], codes: frozenset[str]) -> Headed | None:
    """The headings of a sheet, or None when no row looks like any."""
    best: Headed | None = None
    for place, row in enumerate(rows[:SEARCHED]):
        if not any(isinstance(cell, str) and cell.strip() for cell in row):
            continue
        for one in _candidates(rows, place, likeness, codes):
            if best is None or one.score > best.score + 1e-9:
                best = one
    return best


def _candidates(
    rows: Sequence[Cells], place: int, likeness: Callable[[str], float], codes: frozenset[str]
) -> list[Headed]:
    """This row alone, and together with the one below where that continues it."""
    texts = _texts(rows[place])
    score = sum(map(likeness, texts))
    below = _texts(rows[place + 1]) if place + 1 < len(rows) else ()
    if _are_codes(below, codes):
        return [Headed((place + 1, place + 2), _padded(texts, below), below, score + 1 + len(below))]
    if _are_codes(texts, codes):
        return [Headed((place + 1,), texts, texts, score + len(texts))]
    found = [Headed((place + 1,), texts, (), score)]
    joined = _joined(texts, below)
    if joined is not None:
        together = sum(map(likeness, joined))
        if together > score * 1.15 and together > sum(map(likeness, below)) * 1.15:
            found.append(Headed((place + 1, place + 2), joined, (), together))
    return found


def _texts(row: Cells) -> tuple[str, ...]:
    return tuple(shown(cell, LONGEST) for cell in row)


def _padded(texts: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return texts + ("",) * (len(other) - len(texts))


def _are_codes(texts: Sequence[str], codes: frozenset[str]) -> bool:
    told = [text for text in texts if text]
    return len(told) >= 2 and sum(text in codes or text in CODES for text in told) >= 0.7 * len(told)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...] | None:
    """Two rows as one: a merged cell above says its word over every column below it."""
    if not any(lower) or not any(upper):
        return None
    width = max(len(upper), len(lower))
    above = ""
    joined = []
    for column in range(width):
        one = upper[column] if column < len(upper) else ""
        two = lower[column] if column < len(lower) else ""
        above = one or (above if two else "")
        joined.append(" ".join(filter(None, (above, two))))
    return tuple(joined)
