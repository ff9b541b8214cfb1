"""What stands beside the official figures: between which bounds they lie by chance, which places the data allow.

Nothing here changes a figure or a place (docs/decisions/0023).
"""

from collections.abc import Mapping
from fractions import Fraction

import nok
from nok.uncertainty import PLACES

Bounds = Mapping[str, nok.Range]


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
