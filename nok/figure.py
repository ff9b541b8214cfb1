"""Figure: an exact value and the only way it reaches paper. All rounding is here, half up."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


def rounded(value: Fraction, places: int) -> Fraction:
    """Half up at this many decimal places (half away from zero for a difference below zero)."""
    return Fraction(_units(value, places), 10**places)


def printed(value: Fraction, places: int = 2) -> str:
    """The value as it is printed, with a point: 85.5003 → «85.50»."""
    units = _units(value, places)
    digits = f"{abs(units):0{places + 1}d}"
    sign = "-" if units < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _units(value: Fraction, places: int) -> int:
    """How many units of the last place: the one rounding of the whole project."""
    top, bottom, scale = value.numerator, value.denominator, 10**places
    whole: int = (2 * abs(top) * scale + bottom) // (2 * bottom)
    return whole if top >= 0 else -whole


def comma(text: str) -> str:
    """A printed number as Russian text has it: «88.54» → «88,54»."""
    return text.replace(".", ",")


def weighted(values: Iterable[tuple[Fraction, int]]) -> Fraction | None:
    """Σ вес·значение / Σ вес; None when there is nothing to weigh. Weights are whole proportions."""
    pairs = list(values)
    if not pairs:
        return None
    common = lcm(*[value.denominator for value, _ in pairs])
    top = sum(weight * value.numerator * (common // value.denominator) for value, weight in pairs)
    return Fraction(top, common * sum(weight for _, weight in pairs))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a result, in points 0…100: exact (after the practice's rounding) and how it is printed."""

    exact: Fraction
    places: int = 2

    @property
    def printed(self) -> str:
        """With a point, as machines and JSON have it."""
        return printed(self.exact, self.places)

    @property
    def value(self) -> float:
        """The float nearest to the exact value: for charts, never for arithmetic."""
        return float(self.exact)

    @property
    def ratio(self) -> str:
        """Always «p/q», a whole number too («100/1»)."""
        return f"{self.exact.numerator}/{self.exact.denominator}"

    def as_dict(self) -> dict[str, str | float]:
        """As contracts have it: `exact`, `value`, `printed`."""
        return {"exact": self.ratio, "value": self.value, "printed": self.printed}
