"""Waiting for what comes in its own time, but not for ever."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60.0  # a busy machine is no defect


def until(
    holds: Callable[[], object],
    *,
    patience: float = PATIENCE_SECONDS,
    rest: Callable[[float], object] = time.sleep,
    late: str = "not in time",
) -> None:
    """Asks again and again; `rest` lets so many seconds pass."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, late
        rest(0.05)
