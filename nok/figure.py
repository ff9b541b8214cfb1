"""Figure: an exact value and the only way it reaches paper. All rounding of the project is `rounded`."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


def rounded(value: Fraction, places: int) -> Fraction:
    """Half up at this many decimal places (half away from zero for a difference below zero)."""
    scale: int = 10**places
    whole = (2 * abs(value.numerator) * scale + value.denominator) // (2 * value.denominator)
    return Fraction(whole if value >= 0 else -whole, scale)


def printed(value: Fraction, places: int = 2) -> str:
    """The value as it is printed, with a point: 85.5003 → «85.50»."""
    shown = rounded(value, places)
    whole, rest = divmod(abs(shown.numerator) * 10**places // shown.denominator, 10**places)
    sign = "-" if shown < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


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
