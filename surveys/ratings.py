"""What stands beside the official figures: between which bounds they lie by chance, which places the data allow.

Nothing here changes a figure or a place (docs/decisions/0023).
"""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

import nok

#: A bound in points keeps four decimals, rounded outwards: what is shown live and what a release keeps are one number.
PLACES = 4

Bounds = Mapping[str, nok.Range]


def bounds(result: nok.Result, recipients: int | None) -> dict[str, nok.Range]:
    """The bounds of every figure that chance could have made another: "1.3"…"5.3", "K1"…"K5", "total"."""
    found = nok.uncertainty.intervals(result, recipients)
    named = {**found.indicators, **found.criteria, "total": found.total}
    return {at: _outwards(one) for at, one in named.items() if one is not None and one.low != one.high}


def _outwards(one: nok.Range) -> nok.Range:
    scale = 10**PLACES
    return nok.Range(Fraction(floor(one.low * scale), scale), Fraction(ceil(one.high * scale), scale))


def placed(
    totals: Mapping[str, nok.Figure | None], intervals: Mapping[str, Bounds], ties: str
) -> tuple[dict[str, int | None], dict[str, tuple[int, int] | None]]:
    """Official places, and the places from … to that the data allow; without a total neither."""
    known = {code: _total(figure, intervals[code]) for code, figure in totals.items()}
    return nok.rating.places(totals, ties), nok.rating.ranges(totals, known, ties)


def _total(figure: nok.Figure | None, own: Bounds) -> nok.Range | None:
    """Of a total that chance has not touched both bounds are the total."""
    return None if figure is None else own.get("total", nok.Range(figure.exact, figure.exact))


def written(intervals: Bounds) -> dict[str, dict[str, str]]:
    """Bounds as JSON has them: {"total": {"low": "83.1204", "high": "87.9021"}}."""
    return {
        at: {"low": nok.printed(one.low, PLACES), "high": nok.printed(one.high, PLACES)}
        for at, one in intervals.items()
    }


def read(told: Mapping[str, Mapping[str, str]]) -> dict[str, nok.Range]:
    """What `written` wrote."""
    return {at: nok.Range(Fraction(one["low"]), Fraction(one["high"])) for at, one in told.items()}
