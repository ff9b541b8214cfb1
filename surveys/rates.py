"""A share of errors with its exact interval, as pages and reports print it. Not measured is never nought."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

import nok
from nok.interval import clopper_pearson
from surveys.display import NARROW


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of the compared were wrong; the bounds are of the exact 95 % interval."""

    wrong: int = 0
    compared: int = 0

    @property
    def share(self) -> Fraction | None:
        """None: nothing was compared."""
        return Fraction(self.wrong, self.compared) if self.compared else None

    @property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """Between which the true share lies (Clopper and Pearson); None: nothing was compared."""
        return clopper_pearson(self.wrong, self.compared)

    @property
    def percent(self) -> str:
        """«0,25 % (95 %: 0,05–0,73 %)», or that it is not measured."""
        if self.share is None or self.bounds is None:
            return str(_("ещё не измерена"))
        low, high = (printed(bound) for bound in self.bounds)
        return f"{printed(self.share)}{NARROW}% (95{NARROW}%: {low}–{high}{NARROW}%)"


def printed(share: Fraction) -> str:
    """A share of one in percent with two decimals, without the sign."""
    return nok.comma(nok.printed(share * 100, 2))
