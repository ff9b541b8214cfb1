"""The learned judge: a small network, taught by made-up sheets (ADR 0022), run by OpenCV. What it says is a chance."""

import hashlib
import threading
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from paper.reading.picture import Floats

FILE = Path(__file__).with_name("judge.onnx")
"""Made by `benchmarks.paper.train`; beside it its SHA-256, by which another file in its place is known."""
HELD = ("empty", "marked", "filled", "struck", "beside", "stray")
"""What a box may hold, in the order of the answers."""

_own = threading.local()


class NoJudge(ImportError):
    """The model is not there, or is another one: nothing may be read without it."""


def ready() -> None:
    """Raises NoJudge when there is none."""
    _net()


@cache
def _checked() -> bytes:
    """The model's bytes."""
    try:
        told = FILE.read_bytes()
        expected = FILE.with_suffix(".sha256").read_text("ascii").strip()
    except OSError as error:
        raise NoJudge(f"{FILE.name}: {error.strerror}") from error
    if hashlib.sha256(told).hexdigest() != expected:
        raise NoJudge(f"{FILE.name}: not the model that belongs to this program")
    return told


def chances(views: Floats) -> Floats:
    """Of every box of one page, N × 6, how probably it holds each of `HELD`."""
    net = _net()
    net.setInput(np.ascontiguousarray(views[:, None], np.float32))
    told = np.asarray(net.forward(), np.float64)
    told = np.exp(told - told.max(1, keepdims=True))
    shares: Floats = told / told.sum(1, keepdims=True)
    return shares


def _net() -> "cv2.dnn.Net":
    """One a thread: a net holds what it is at."""
    if not hasattr(_own, "net"):
        try:
            _own.net = cv2.dnn.readNetFromONNX(np.frombuffer(_checked(), np.uint8))
        except cv2.error as error:
            raise NoJudge(f"{FILE.name}: {error.err}") from error
    net: cv2.dnn.Net = _own.net
    return net
