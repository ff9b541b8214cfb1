"""The learned judge: small networks, taught by made-up sheets (ADR 0022), run by ONNX Runtime. It says chances."""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from paper.reading.picture import Floats

FILE = Path(__file__).with_name("judge.onnx")
"""Made by `benchmarks.paper.train`; beside it its SHA-256, by which another file in its place is known."""
HELD = ("empty", "marked", "filled", "struck", "beside", "stray")
"""What a box may hold, in the order of the answers."""


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
    given = np.ascontiguousarray(views[:, None], np.float32)
    told = np.asarray(_net().run(None, {"views": given})[0], np.float64)
    told = np.exp(told - told.max(1, keepdims=True))
    shares: Floats = told / told.sum(1, keepdims=True)
    return shares


@cache
def _net() -> onnxruntime.InferenceSession:
    """One for all threads. Of one thread itself: whoever reads many pages reads each in a process of its own."""
    how = onnxruntime.SessionOptions()
    how.intra_op_num_threads = how.inter_op_num_threads = 1
    how.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(_checked(), how, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no common name
        raise NoJudge(f"{FILE.name}: {str(error)[:150]}") from error
