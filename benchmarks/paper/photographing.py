"""A telephone's picture of a sheet: on a desk, from a side, under a lamp, with somebody's shadow over it."""

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper.capturing import Wear, jpeg, noise, turned
from benchmarks.paper.drawing import Picture

Field = NDArray[np.float32]
COARSE = 16


def photographed(page: Picture, wear: Wear, rng: Generator) -> tuple[Picture, list[str]]:
    """The photograph, and what is hard about it."""
    told: list[str] = []
    long = int(rng.integers(*wear.long_side))
    size = (round(long * rng.uniform(0.72, 0.78)), long)
    desk = rng.uniform(30, 190, 3)
    both: Any = None  # the one map tells across and down
    shot = np.asarray(
        cv2.remap(page, _map(page, size, wear, rng, told), both, cv2.INTER_LINEAR, borderValue=desk.tolist()),
        np.uint8,
    )
    light = _light(wear, rng, told)
    cast = rng.uniform(0.86, 1.0, 3).astype(np.float32)
    shot = np.asarray(cv2.multiply(shot, _spread(light, cast, size), scale=1 / 255), np.uint8)
    if rng.random() < 0.75:
        shot = np.asarray(cv2.GaussianBlur(shot, (0, 0), rng.uniform(*wear.blur)), np.uint8)
    if rng.random() < 0.15:
        told.append("moved")
        shot = _moved(shot, rng)
    noise(shot, rng.uniform(*wear.noise), rng)
    low, high = wear.jpeg
    shot = jpeg(shot, int(rng.integers(low, high)))
    if rng.random() < 0.25:
        told.append("on its side")
        shot = turned(shot, int(rng.choice([1, 3])))
    return shot, told


def _map(page: Picture, size: tuple[int, int], wear: Wear, rng: Generator, told: list[str]) -> Field:
    """For each pixel of the photograph, where on the page it looks: perspective, turn and a bend of the paper."""
    width, height = size
    page_height, page_width = page.shape[:2]
    reach = rng.uniform(0.78, 0.94)
    half = np.array([page_width, page_height]) * reach / 2 * min(width / page_width, height / page_height)
    turn = np.radians(rng.normal(0, 4))
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half @ spin
    corners += rng.uniform(-wear.perspective, wear.perspective, (4, 2)) * width
    corners += np.array([width, height]) / 2 + rng.normal(0, 0.01 * width, 2)
    corners = np.clip(corners, 4, np.array([width, height]) - 5)
    flat = np.array([[0, 0], [page_width, 0], [page_width, page_height], [0, page_height]], np.float32)
    if rng.random() < 0.35:
        told.append("upside down")
        flat = np.roll(flat, 2, axis=0)
    back = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    # The middle of each square of COARSE pixels, and one square more on every side.
    xs, ys = np.meshgrid(_middles(width), _middles(height))
    seen = np.stack([xs, ys, np.ones_like(xs)]).reshape(3, -1).astype(np.float64)
    u, v, w = (back @ seen).reshape(3, *xs.shape)
    u, v = u / w, v / w
    if rng.random() < 0.4:
        told.append("bent")
        depth = rng.uniform(0.002, 0.006) * page_height
        bend = np.sin(np.pi * u / page_width * rng.uniform(0.7, 1.3) + rng.uniform(0, 1))
        v = v + depth * np.where(np.abs(u - page_width / 2) < page_width, bend, 0)
    coarse = np.stack([u, v], axis=2).astype(np.float32)
    whole = (coarse.shape[1] * COARSE, coarse.shape[0] * COARSE)
    fine = cv2.resize(coarse, whole, interpolation=cv2.INTER_LINEAR)
    return np.asarray(fine[COARSE : COARSE + height, COARSE : COARSE + width], np.float32)


def _middles(length: int) -> NDArray[np.float64]:
    return np.arange(-1, -(-length // COARSE) + 1, dtype=np.float64) * COARSE + (COARSE - 1) / 2


def _light(wear: Wear, rng: Generator, told: list[str]) -> Field:
    """A lamp to one side; often a shadow with a soft edge."""
    y, x = np.mgrid[0:96, 0:72].astype(np.float32)
    x, y = x / 72 - 0.5, y / 96 - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    light = 1 - rng.uniform(0.05, 0.35) * (0.5 + x * np.cos(angle) + y * np.sin(angle))
    light *= rng.uniform(0.75, 1.0)
    if rng.random() < 0.5:
        told.append("shadow")
        angle = rng.uniform(0, 2 * np.pi)
        over = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.2, 0.3)
        soft = rng.uniform(0.01, 0.15)
        light *= 1 - rng.uniform(0.15, wear.shadow) / (1 + np.exp(-over / soft))
    return np.asarray(light, np.float32)


def _spread(light: Field, cast: Field, size: tuple[int, int]) -> Picture:
    """The light of each pixel and colour, 255 being all of it."""
    levels = np.round(light[:, :, None] * cast * 255).astype(np.uint8)
    return np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _moved(shot: Picture, rng: Generator) -> Picture:
    """The hand shook."""
    length = int(rng.integers(3, 6))
    kernel = np.zeros((length, length), np.float32)
    far = length - 1
    ends = [
        ((0, length // 2), (far, length // 2)),
        ((length // 2, 0), (length // 2, far)),
        ((0, 0), (far, far)),
    ]
    cv2.line(kernel, *ends[int(rng.integers(3))], 1.0)
    return np.asarray(cv2.filter2D(shot, -1, kernel / kernel.sum()), np.uint8)
