"""From indicators to criteria to the total: weighted means, and the practice's stage of rounding."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import overload

from nok.figure import rounded, weighted
from nok.practice import Practice
from nok.rules import Kind, Sphere

Points = Mapping[str, Fraction | None]
STAGES = {"indicators": ("indicators", "criteria", "total"), "criteria": ("criteria", "total"), "end": ()}


@overload
def staged(value: Fraction, stage: str, practice: Practice) -> Fraction: ...
@overload
def staged(value: Fraction | None, stage: str, practice: Practice) -> Fraction | None: ...
def staged(value: Fraction | None, stage: str, practice: Practice) -> Fraction | None:
    """The value after a stage (`indicators`, `criteria`, `total`): rounded when the practice rounds there."""
    if value is None or stage not in STAGES[practice.rounding]:
        return value
    return rounded(value, practice.places)


def mean(values: Iterable[Fraction | None]) -> Fraction | None:
    """Plain mean; None when a part of it is undefined."""
    parts = list(values)
    known = [part for part in parts if part is not None]
    return weighted((part, 1) for part in known) if len(known) == len(parts) else None


def of_siblings(known: Iterable[Fraction], practice: Practice) -> Fraction:
    """Чем заменяется неопределенный показатель при `mean_of_siblings`: простое среднее определенных."""
    return staged(weighted((value, 1) for value in known) or Fraction(0), "indicators", practice)


def criterion(points: Points, proportions: Iterable[tuple[str, int]], practice: Practice) -> Fraction | None:
    """Σ вес·показатель / Σ вес по определенным, до округления; None, когда не определен ни один показатель.

    При `mean_of_siblings` неопределенный показатель берется равным среднему определенных (одинаковым весом).
    """
    known, lost = [], 0
    for number, weight in proportions:
        value = points[number]
        if value is None:
            lost += weight
        else:
            known.append((value, weight))
    if known and lost and practice.undefined == "mean_of_siblings":
        known.append((of_siblings((value for value, _ in known), practice), lost))
    return weighted(known)


def criteria(
    points: Points, sphere: Sphere, kind: Kind | None, practice: Practice
) -> dict[str, Fraction | None]:
    """K1…K5. By a kind's own rule those not measured equal the mean of the measured (theatres: K1 and K3)."""
    measured = sphere.proportions if kind is None else kind.measured
    exact = {id: criterion(points, sphere.proportions[id], practice) for id in measured}
    own = {id: staged(value, "criteria", practice) for id, value in exact.items()}
    if kind is None:
        return own
    rest = staged(mean(own.values()), "criteria", practice)
    return {id: own[id] if id in own else rest for id in sphere.proportions}


def total(values: Mapping[str, Fraction | None], practice: Practice) -> Fraction | None:
    """Sn = (K1 + K2 + K3 + K4 + K5)/5; None, когда не определен любой критерий."""
    return staged(mean(values.values()), "total", practice)
