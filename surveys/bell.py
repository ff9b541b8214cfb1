"""The doorbell of the background: Huey carries a job's number to a worker, in a file of our own or through Redis."""

import json
import logging
import sqlite3
from collections.abc import Callable, Mapping
from contextvars import Context
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer
from redis.exceptions import RedisError

from surveys.db import own_file

log = logging.getLogger("nok.jobs")

NAME = "nok"
NIGHT = crontab(minute="20", hour="2")
NOW_AND_THEN = crontab(minute="*/10")


class Plain(Serializer):
    """What lies in the queue is text, and whoever can write there cannot make a worker run a word of it."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class Bell:
    """`answers`: what a worker does on hearing: `perform(job_id)`, the rest by itself at its time."""

    def __init__(self, app: Flask, answers: Mapping[str, Callable[..., object]]) -> None:
        self._app, self._answers = app, answers

    def ring(self, job_id: str) -> None:
        """Tell the workers. A queue that does not answer is no reason to fail: the sweep rings again."""
        try:
            self._opened[1](job_id)
        except (OSError, sqlite3.Error, RedisError) as error:
            log.error("the queue does not answer: %s", type(error).__name__)

    def is_quiet(self) -> bool:
        """Is nothing on its way to a worker?"""
        return not self.huey.pending_count()

    @property
    def huey(self) -> Huey:
        """The queue with everything a worker answers to."""
        return self._opened[0]

    @cached_property
    def _opened(self) -> tuple[Huey, Callable[[str], object]]:
        """Opened by the first who rings or listens."""
        made = self._made()
        made.periodic_task(crontab(), name="every_minute")(self._in_life("every_minute"))
        made.periodic_task(NOW_AND_THEN, name="now_and_then")(self._in_life("now_and_then"))
        made.periodic_task(NIGHT, name="every_night")(self._in_life("every_night"))
        return made, made.task(name="perform")(self._in_life("perform"))

    def _made(self) -> Huey:
        config: dict[str, Any] = {"results": False, "serializer": Plain(), "utc": False}
        if self.immediate:
            return MemoryHuey(NAME, immediate=True, **config)
        if url := self._app.config["REDIS_URL"]:
            return RedisHuey(NAME, url=url, **config)
        file = Path(self._app.config["DATA_DIR"], "queue.sqlite3")
        own_file(file)
        return SqliteHuey(NAME, filename=str(file), fsync=True, **config)

    @property
    def immediate(self) -> bool:
        """In tests a job is done where it is asked for, at the commit."""
        return bool(self._app.config["TESTING"])

    def _in_life(self, name: str) -> Callable[..., None]:
        """An answer with an application context of its own and nothing of the request that may be around it."""

        def answer(*given: str) -> None:
            def alone() -> None:
                with self._app.app_context():
                    self._answers[name](*given)

            Context().run(alone)

        return answer
