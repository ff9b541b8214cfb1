"""pyHanko works in a loop of events; a thread that is in one already cannot begin another."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def aside(work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
    """What the work gives, done in a thread of its own."""
    with ThreadPoolExecutor(max_workers=1) as own:
        return own.submit(work, *given, **named).result()
