"""Counts of a report's line as the norm's observations: which indicators follow from them, and which cannot be true."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import nok
from nok.indicators import Gap, measured
from nok.rules import Indicator
from surveys.old_reports.rows import Line
from surveys.old_reports.targets import BLOCKS, RESPONSES, SHARES

Exact = Mapping[str, Fraction | None]
_SIDES = ("stand", "site")


@dataclass(frozen=True)
class Counted:
    """What the counts give: an exact value, or None where nobody was asked; `torn` are indicators they contradict."""

    seen: nok.Observations
    exact: Exact
    torn: frozenset[str]


def counted(line: Line, edition: nok.Edition, practice: nok.Practice, sector: str) -> Counted:
    """Every indicator of the edition that the line's counts are enough for."""
    if not line.counts:
        return Counted(nok.Observations(sector), {}, frozenset())
    answers = {name: _share(line.counts, name) for name in SHARES}
    norms = {side: _norm(line.counts, side) for side in _SIDES}
    seen = nok.Observations(
        sector,
        respondents=_whole(line.counts, RESPONSES),
        stand=norms["stand"] if norms["stand"] and norms["stand"].required else None,
        site=norms["site"] if norms["site"] and norms["site"].required else None,
        checklist={
            block: (int(line.counts[target]),) for block, target in BLOCKS.items() if target in line.counts
        },
        waiting_points=line.counts.get("waiting_points"),
        answers={
            name: share for name, share in answers.items() if share and share.answered and _possible(share)
        },
        information_required=_whole(line.counts, "information_required"),
    )
    known = {number: rule for number, rule in edition.indicators.items() if edition.applies(number, sector)}
    torn = frozenset(
        number for number, rule in known.items() if not all(_possible(p) for p in _pairs(rule, line))
    )
    enough = {n: rule for n, rule in known.items() if n not in torn and _enough(rule, line)}
    return Counted(seen, {n: value(rule, seen, practice) for n, rule in enough.items()}, torn)


def value(rule: Indicator, seen: nok.Observations, practice: nok.Practice) -> Fraction | None:
    """An indicator by its rule; None where nothing defines it, or its rule cannot be used with these counts."""
    try:
        found = measured(rule, seen, practice)
    except nok.Refused:
        return None
    return None if isinstance(found, Gap) else found


def _enough(rule: Indicator, line: Line) -> bool:
    """Are the counts that this rule reads all there? A side without columns is unknown, not absent."""
    counts = line.counts
    if rule.measure == "materials":
        return all(_norm(counts, side) is not None for side in _SIDES)
    if rule.measure == "items":
        return BLOCKS[rule.block] in counts
    if rule.measure == "waiting" and "waiting_points" not in counts:
        return False
    return all(_share(counts, name) is not None for name in rule.answers)


def _pairs(rule: Indicator, line: Line) -> Iterator[nok.Share | nok.Norm | None]:
    if rule.measure == "materials":
        yield from (_norm(line.counts, side) for side in _SIDES)
    yield from (_share(line.counts, name) for name in rule.answers)


def _possible(pair: nok.Share | nok.Norm | None) -> bool:
    """No more content than asked, no more found than required."""
    return pair is None or pair[0] <= pair[1]


def _share(counts: Mapping[str, Fraction], name: str) -> nok.Share | None:
    """None when unknown; 0 of 0 when nobody was asked."""
    share = SHARES[name]
    of = counts.get(share.of, None if share.own else counts.get(RESPONSES))
    if of is None:
        return None
    yes = counts.get(share.yes, Fraction(0) if of == 0 else None)
    return None if yes is None else nok.Share(int(yes), int(of))


def _norm(counts: Mapping[str, Fraction], side: str) -> nok.Norm | None:
    present, required = _whole(counts, f"{side}_present"), _whole(counts, f"{side}_required")
    if required is None:
        required = _whole(counts, "information_required")
    return None if present is None or required is None else nok.Norm(present, required)


def _whole(counts: Mapping[str, Fraction], target: str) -> int | None:
    return int(counts[target]) if target in counts else None
