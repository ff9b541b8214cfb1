"""`python -m documents.verify.child`: a file from anybody is opened and recomputed in a process that may die of it.

The file comes through the pipe, the answer goes back as JSON; bounded in memory and in the processor's time.
"""

import json
import resource
import sys
from contextlib import suppress
from typing import Any

from documents.verify import likeness
from documents.verify.file import verify_file
from nok.enclosed import RELEASE, respelt
from nok.refusal import Refused
from nok.verifying import Report

MOST_MEMORY = 1024 * 1024 * 1024
MOST_CPU_SECONDS = 45


def told(report: Report) -> dict[str, Any]:
    """The report, and what a service needs to find the release that the file speaks of."""
    given, answer = report.enclosed, report.as_dict()
    if given.format == RELEASE:  # its own hash says it all
        return answer
    return {**answer, "release": given.content.get("release"), "parts": likeness.of(given.content)}


def _answer(content: bytes) -> dict[str, Any]:
    try:
        report = verify_file(content)
    except Refused as refused:
        return {"refused": str(refused)}
    answer = told(report)
    if report.enclosed.format == RELEASE:
        with suppress(ValueError):
            answer["respelt"] = respelt(content)
    return answer


def _bounded() -> None:
    for which, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hardest = resource.getrlimit(which)[1]
        with suppress(ValueError, OSError):  # a system that knows no such limit
            resource.setrlimit(
                which, (most if hardest == resource.RLIM_INFINITY else min(most, hardest), hardest)
            )


if __name__ == "__main__":
    _bounded()
    sys.stdout.buffer.write(json.dumps(_answer(sys.stdin.buffer.read()), default=str).encode())
