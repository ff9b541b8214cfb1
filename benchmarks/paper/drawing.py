"""Strokes in millimetres become ink on a picture of the page, anti-aliased: drawn three times as large, then shrunk."""

from collections.abc import Iterable
from itertools import pairwise

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.paper.people import Tool
from benchmarks.paper.strokes import Stroke

Picture = NDArray[np.uint8]
FINER = 3
_SHIFT = 4


def draw(page: Picture, strokes: Iterable[Stroke], tool: Tool, dpi: float, rng: Generator) -> None:
    """In place, by this tool where a stroke has none of its own. `page` is blue-green-red."""
    for stroke in strokes:
        _one(page, stroke, stroke.tool or tool, dpi / 25.4, rng)


def _one(page: Picture, stroke: Stroke, tool: Tool, scale: float, rng: Generator) -> None:
    points = stroke.points * scale
    margin = int((stroke.widths.max() + 2 * tool.soft) * scale) + 3
    left, top = np.maximum(np.floor(points.min(axis=0)).astype(int) - margin, 0)
    right, bottom = np.minimum(np.ceil(points.max(axis=0)).astype(int) + margin, page.shape[1::-1])
    if right <= left or bottom <= top:
        return
    mask = np.zeros(((bottom - top) * FINER, (right - left) * FINER), np.uint8)
    at = np.round((points - (left, top)) * FINER * (1 << _SHIFT)).astype(np.int32)
    thick = np.maximum(np.round(stroke.widths * scale * FINER).astype(int), 1)
    changes = np.flatnonzero(np.diff(thick[:-1])) + 1
    for first, last in pairwise([0, *changes.tolist(), len(at) - 1]):
        run = at[first : last + 1]
        cv2.polylines(mask, [run], False, 255, int(thick[first]), cv2.LINE_8, _SHIFT)
    cover = cv2.resize(mask, (right - left, bottom - top), interpolation=cv2.INTER_AREA) / np.float32(255)
    cover *= np.float32(tool.cover)
    if tool.grain:
        noise = rng.standard_normal(cover.shape, np.float32)
        cover *= np.clip(1 - tool.grain * (0.5 + 0.5 * noise), 0.1, 1)
    if tool.soft:
        cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), tool.soft * scale), np.float32)
    tint(page[top:bottom, left:right], cover, tool.colour)


def tint(part: Picture, cover: NDArray[np.float32], colour: tuple[int, int, int]) -> None:
    """Ink of this colour over a part of the page, where `cover` (0…1) says how thick it lies: it only darkens."""
    for channel in range(3):
        light = 1 - cover * np.float32(1 - colour[channel] / 255)
        part[:, :, channel] = np.clip(part[:, :, channel] * light, 0, 255)
