"""A stranger's file is checked in a process of its own: what it does to that process it does to nobody else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from nok.refusal import Refused

ROOT = Path(__file__).resolve().parent.parent.parent
PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "LD_LIBRARY_PATH", "TZ")
SECONDS = 75
TOO_HARD = (
    "файл не удалось проверить за отведённое время и память."
    " Проверьте его у себя: команда nok verify ничем не ограничена"
)


def checked(content: bytes) -> dict[str, Any]:
    """What `documents.verify.child` says of a file. Raises Refused."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    line = [sys.executable, "-m", "documents.verify.child"]
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            line, input=content, capture_output=True, timeout=SECONDS, check=False, cwd=ROOT, env=environment
        )
    except subprocess.TimeoutExpired:
        raise Refused("", TOO_HARD) from None
    if done.returncode:
        raise Refused("", TOO_HARD)
    told: dict[str, Any] = json.loads(done.stdout)
    if "refused" in told:
        raise Refused("", told["refused"])
    return told
