"""Group commit: those who write at the same moment share one transaction, so one wait for the disk serves them all.

A durable commit waits for the disk (0.1 to 10 ms); alone, each writer would pay that wait in a line. Here the first
to come leads: it takes its turn among the processes, gathers whoever has come meanwhile, writes for all, and hands
the lead on. Nobody is answered before the commit (docs/decisions/0008).
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from surveys.db import in_line, writing

T = TypeVar("T")
R = TypeVar("R")
MOST_AT_ONCE = 64


class _Waiting(Generic[T, R]):
    """One writer: what it brings, and what it waits for."""

    __slots__ = ("called", "error", "item", "leads", "result")

    def __init__(self, item: T) -> None:
        self.item = item
        self.called = threading.Event()
        self.leads = False
        self.result: R | None = None
        self.error: BaseException | None = None


class Together(Generic[T, R]):
    """`act` writes a batch and gives a result for each, in order; `do` brings one item to the next batch."""

    def __init__(self, act: Callable[[Session, Sequence[T]], Sequence[R]]) -> None:
        self._act = act
        self._lock = threading.Lock()
        self._queue: list[_Waiting[T, R]] = []
        self._led = False

    def do(self, item: T) -> R:
        """Write one item; returns when it is durable. An error of its own is raised here and harms nobody else."""
        mine: _Waiting[T, R] = _Waiting(item)
        with self._lock:
            self._queue.append(mine)
            mine.leads = not self._led
            self._led = True
        if not mine.leads:
            mine.called.wait()
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.result  # type: ignore[return-value]  # set by whoever led

    def _lead(self) -> None:
        batch: list[_Waiting[T, R]] = []
        try:
            with in_line():
                with self._lock:
                    batch, self._queue = self._queue[:MOST_AT_ONCE], self._queue[MOST_AT_ONCE:]
                self._write(batch)
        except BaseException as error:
            for one in batch:
                one.error = one.error or error
            raise
        finally:
            self._hand_on(batch)

    def _write(self, batch: Sequence[_Waiting[T, R]]) -> None:
        """All at once; if that fails, one by one, so that the fault stays with its owner."""
        try:
            with writing() as session:
                results = self._act(session, [one.item for one in batch])
        except Exception as error:  # the owner's `do` raises it
            if len(batch) == 1:
                batch[0].error = error
                return
            for one in batch:
                self._write([one])
            return
        for one, result in zip(batch, results, strict=True):
            one.result = result

    def _hand_on(self, batch: Sequence[_Waiting[T, R]]) -> None:
        with self._lock:
            heir = self._queue[0] if self._queue else None
            self._led = heir is not None
            if heir is not None:
                heir.leads = True
        if heir is not None:
            heir.called.set()
        for one in batch:
            one.called.set()
