"""Two fingerprints of marks (`paper.reading.hands`): are they the very same marks, one sheet scanned twice? Pure."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping

ALIKE, QUARTER, WORST = 0.93, 0.88, 0.75
"""Correlation of thumbnails, the mean, the lower quarter and the least, from which marks are the very same ones.

A rescan gives 0.98 on the whole; somebody who puts nearly the same ticks 0.3 mm off reaches 0.89 (ADR 0019).
"""
FEWEST = 3
"""Fewer marks than this say nothing of a hand."""


def same_hand(a: str, b: str) -> bool:
    """Are these fingerprints of the same marks: one sheet scanned twice? When it is not certain: no."""
    first, second = _thumbnails(a), _thumbnails(b)
    common = first.keys() & second.keys()
    if not common or len(common) < 0.85 * len(first.keys() | second.keys()):
        return False
    told = [number for number in common if not (_whole(first[number]) and _whole(second[number]))]
    if len(told) < FEWEST:
        return False
    alike = sorted(_alike(first[number], second[number]) for number in told)
    whole = sum(alike) / len(alike)
    return whole >= ALIKE and alike[len(alike) // 4] >= QUARTER and alike[0] >= WORST


def _thumbnails(hand: str) -> Mapping[int, tuple[int, ...]]:
    """Number of the box → 64 shades; nothing out of what is no fingerprint."""
    try:
        told = b64decode(hand, validate=True)
    except (NotBase64, ValueError):
        return {}
    if len(told) % 17:
        return {}
    return {
        told[at]: tuple(byte >> shift & 3 for byte in told[at + 1 : at + 17] for shift in (6, 4, 2, 0))
        for at in range(0, len(told), 17)
    }


def _whole(shades: tuple[int, ...]) -> bool:
    """Is this a box filled over? Everybody's fills are alike: they tell no hand."""
    inner = [shades[row * 8 + column] for row in range(1, 6) for column in range(2, 6)]
    return sum(shade >= 2 for shade in inner) >= 0.85 * len(inner)


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Correlation of the shades, −1 … 1."""
    mean, against = sum(one) / len(one), sum(other) / len(other)
    over = sum((a - mean) * (b - against) for a, b in zip(one, other, strict=True))
    below = sum((a - mean) ** 2 for a in one) * sum((b - against) ** 2 for b in other)
    return float(over / below**0.5) if below > 0 else float(one == other)
