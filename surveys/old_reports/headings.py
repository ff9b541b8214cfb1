"""Which rows of a sheet are headings, and what each column holds: told by numbers of indicators, symbols, words."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import nok
from surveys.answers.likeness import Likeness
from surveys.answers.wordings import known
from surveys.old_reports.targets import (
    CODE,
    COUNTS,
    FIGURES,
    INDICATORS,
    INN,
    MUNICIPALITY,
    NAME,
    OGRN,
    RESPONSES,
    SHARES,
    SKIP,
    TOTAL,
    UNKNOWN,
    Target,
)
from surveys.tabular import said

SEARCHED = 40  # rows from the top
STOREYS = 3  # rows that one heading may be spread over
ALIKE = 0.5
_NUMBER = re.compile(r"(?<![\d.,])([1-5])\s?[.,]\s?([1-3])(?![\d]|[.,]\d)")
_WEIGHED = re.compile(r"\bвес|взвеш|коэфф|[×*]\s?0[.,]")
_CRITERION = (
    re.compile(r"критери\w*\s*(?:№\s*)?([1-5])(?![\d.,]\d|\d)"),
    re.compile(r"(?<![\d.,])([1-5])\s*(?:-?\w{1,2})?\s+критери"),
    re.compile(r"(?:^|[\s(«])[кk]\s*[-.]?\s*([1-5])(?!\d|[.,]\d)"),
)
_TITLED = re.compile(r"^([1-5])[.)]?\s+(?=[а-я])")
_WORDS: tuple[tuple[re.Pattern[str], Target, bool], ...] = (
    (re.compile(r"^(?:№|n|no)\s*(?:п\s*/?\s*п)?\.?$|п\s*/\s*п"), SKIP, True),
    (re.compile(r"\bинн\b"), INN, True),
    (re.compile(r"\bогрн\b"), OGRN, True),
    (re.compile(r"\bкпп\b|\bокато\b|\bоктмо\b|\bадрес|\bсайт\b|телефон|руководител"), SKIP, True),
    (re.compile(r"код организации|код в службе"), CODE, True),
    (re.compile(r"\bмест[оа]\b|\bранг"), SKIP, True),
    (re.compile(r"^(?!.*(?:удовл|доля)).*(?:доброжелат|вежлив)"), "K4", False),
    (re.compile(r"генеральн|численност|план\b"), SKIP, False),
    (re.compile(r"(?:числ|колич|кол-во|опрошен|чел).*инвалид|инвалид.*(?:опрошен|чел)"), "accessibility_of", True),
    (re.compile(r"опрошен|респондент|анкет|выборк"), RESPONSES, True),
    (re.compile(r"итог|интегральн|сводн|общ\w* (?:балл|оценк|показат)|сумма балл|оценк\w* качества"), TOTAL, True),
    (re.compile(r"\bs\s?n?\b|всего балл|средний балл"), TOTAL, False),
    (re.compile(r"рейтинг"), SKIP, False),
    (re.compile(r"муницип|район|городск\w* округ|территори|\bмо\b"), MUNICIPALITY, True),
    (re.compile(r"наименован|названи|организаци|учрежден"), NAME, True),
)  # fmt: skip
_SYMBOLS = {
    "истенд": "stand_present", "исайт": "site_present", "инормстенд": "stand_required",
    "инормсайт": "site_required", "инорм": "information_required", "сдист": "items_remote_ways",
    "скомф": "items_comfort", "ткомф": "items_comfort", "соргдост": "items_equipment",
    "торгдост": "items_equipment", "суслугдост": "items_accessibility", "туслугдост": "items_accessibility",
    "сожид": "waiting_points", "ожид": "waiting_points",
}  # fmt: skip


class Meant(NamedTuple):
    """What a heading means, and whether that is certain."""

    target: Target
    sure: bool


class Headed(NamedTuple):
    """The headings of a sheet: rows from … to as a person numbers them, the wording of each column, what it means."""

    first: int
    last: int
    headings: tuple[str, ...]
    meanings: tuple[Meant, ...]
    score: float


NOTHING = Meant(UNKNOWN, sure=False)


def find(rows: Sequence[Sequence[object]]) -> Headed | None:
    """The best headings among the first rows; None when the sheet has no row to be read so."""
    found = [_headed(rows, first, last) for first, last in _spans(rows)]
    return max(found, key=lambda one: one.score, default=None)


def at(rows: Sequence[Sequence[object]], first: int) -> Headed | None:
    """The headings that begin in this row, chosen by a person."""
    found = [_headed(rows, start, last) for start, last in _spans(rows) if start == first]
    return max(found, key=lambda one: one.score, default=None)


def _spans(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, int]]:
    for first in range(1, min(len(rows), SEARCHED) + 1):
        if not _worded(rows[first - 1]):
            continue
        yield first, first
        for last in range(first + 1, min(first + STOREYS, len(rows) + 1)):
            if any(isinstance(cell, float | int) and not _number_of(said(cell)) for cell in rows[last - 1]):
                break  # points stand here, not words
            yield first, last


def _worded(row: Sequence[object]) -> bool:
    return any(isinstance(cell, str) and cell.strip() for cell in row)


def _number_of(text: str) -> str:
    """«1.1» of a heading that is nothing else, «3» of one numbered by criteria."""
    return text if text in INDICATORS or text in "12345" else ""


def _headed(rows: Sequence[Sequence[object]], first: int, last: int) -> Headed:
    storeys = [[said(cell) for cell in row] for row in rows[first - 1 : last]]
    width = max(map(len, storeys))
    padded = [storey + [""] * (width - len(storey)) for storey in storeys]
    headings = [_joined(padded, column) for column in range(width)]
    lowest = [
        next((storey[column] for storey in padded[::-1] if storey[column]), "") for column in range(width)
    ]
    meanings = [_either(low, whole) for low, whole in zip(lowest, headings, strict=True)]
    return Headed(first, last, tuple(headings), tuple(once(meanings)), _score(meanings) - (last - first) / 10)


def _joined(storeys: Sequence[Sequence[str]], column: int) -> str:
    """A merged cell above says its word over every column below it."""
    words = []
    for number, storey in enumerate(storeys):
        text = storey[column]
        if not text and any(lower[column] for lower in storeys[number + 1 :]):
            text = next((storey[left] for left in range(column, -1, -1) if storey[left]), "")
        if text and text not in words:
            words.append(text)
    return " ".join(words)


def _either(low: str, whole: str) -> Meant:
    """What the lowest row says, or if nothing, all of them together."""
    own = meaning(low)
    return own if own.target != UNKNOWN or low == whole else meaning(whole)


def _score(meanings: Sequence[Meant]) -> float:
    told = {one.target: one.sure for one in meanings[::-1] if one.target not in (SKIP, UNKNOWN)}
    return sum((2.0 if target in FIGURES else 1.0) * (1.0 if sure else 0.4) for target, sure in told.items())


def once(meanings: Sequence[Meant]) -> list[Meant]:
    """Each meaning at one column only: the first that is sure of it, the others are asked about."""
    taken: dict[Target, int] = {}
    for place, one in enumerate(meanings):
        if one.target in (SKIP, UNKNOWN):
            continue
        if one.target not in taken or (one.sure and not meanings[taken[one.target]].sure):
            taken[one.target] = place
    return [
        one if one.target in (SKIP, UNKNOWN) or taken[one.target] == place else NOTHING
        for place, one in enumerate(meanings)
    ]


def plain(text: str) -> str:
    """A heading as headings compare."""
    return " ".join(text.casefold().replace("ё", "е").split()).strip(" *:;")


@lru_cache(4096)
def meaning(heading: str) -> Meant:
    """What a column with this heading holds."""
    text = plain(heading)
    bare = re.sub(r"[\W_]", "", text)
    if not bare:
        return NOTHING
    if bare == "всего":
        return Meant(TOTAL, sure=False)
    if bare in _symbols():
        return Meant(_symbols()[bare], sure=True)
    numbers = {f"{k}.{n}" for k, n in _NUMBER.findall(text)}
    if numbers and _WEIGHED.search(text):
        return Meant(SKIP, sure=False)
    if len(numbers) == 1:
        return Meant(numbers.pop(), sure=True)
    criteria = {found[1] for pattern in _CRITERION if (found := pattern.search(text))}
    if len(criteria) == 1:
        return Meant(f"K{criteria.pop()}", sure=True)
    return _alike(text)


def _alike(text: str) -> Meant:
    numbered = _TITLED.match(text)
    told = text[numbered.end() :] if numbered else text
    alike = _titles().to(told)
    if numbered and any(like > ALIKE / 2 and target == f"K{numbered[1]}" for target, like in alike):
        return Meant(f"K{numbered[1]}", sure=True)
    if alike and alike[0][1] >= ALIKE and not _titles().thin(told):
        return Meant(alike[0][0], sure=alike[0][1] == 1.0)
    for pattern, target, sure in _WORDS:
        if pattern.search(text):
            return Meant(target, sure)
    return NOTHING


@cache
def _titles() -> Likeness:
    edition = nok.edition()
    return Likeness(
        {
            **{number: [rule.title, rule.symbol] for number, rule in edition.indicators.items()},
            **{id: [criterion.title] for id, criterion in edition.criteria.items()},
        }
    )


@cache
def _symbols() -> dict[str, Target]:
    """Symbols of the Order, without dots and dashes."""
    ours = {target for share in SHARES.values() for target in (share.yes, share.of)} | {RESPONSES}
    told = {re.sub(r"[\W_]", "", name): target for name, target in known().counters.items() if target in ours}
    rest = {re.sub(r"[\W_]", "", target): target for target in COUNTS}
    shorter = {rule.symbol: number for number, rule in nok.edition().indicators.items()}
    symbols = {re.sub(r"[\W_]", "", plain(symbol)): number for symbol, number in shorter.items()}
    return {**told, **rest, **symbols, **_SYMBOLS}
