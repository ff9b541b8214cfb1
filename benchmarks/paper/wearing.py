"""Views worn at random while the judge learns, so that it meets more than was drawn: light, noise, blur, stains."""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from paper.reading.views import HEIGHT, WIDTH

MOST = 2.0
"""Pixels by which a frame may be mistaken."""


def worn(views: NDArray[np.uint8], pages: NDArray[np.int64], rng: Generator) -> NDArray[np.float32]:
    """Views as the judge takes them, N × 1 × HEIGHT × WIDTH; those of one page are worn alike."""
    told = np.empty((len(views), 1, HEIGHT, WIDTH), np.float32)
    for page in np.unique(pages):
        own = np.flatnonzero(pages == page)
        wear = _Wear(rng)
        for at in own:
            told[at, 0] = wear(views[at], rng)
    return told


class _Wear:
    """What befalls all the views of one page."""

    def __init__(self, rng: Generator) -> None:
        self._hard = rng.random() < 0.6
        self._gain = float(np.exp(rng.normal(0, 0.18))) if self._hard else 1.0
        self._bend = float(np.exp(rng.normal(0, 0.15))) if self._hard else 1.0
        self._noise = float(rng.uniform(0, 0.05)) if rng.random() < 0.4 else 0.0
        self._blur = float(rng.uniform(0.3, 0.9)) if rng.random() < 0.25 else 0.0
        self._thick = int(rng.choice([0, 1, 2], p=[0.86, 0.07, 0.07]))
        self._bit = float(rng.uniform(0.15, 0.4)) if rng.random() < 0.06 else 0.0
        self._stains = 0.2 if rng.random() < 0.3 else 0.0

    def __call__(self, view: NDArray[np.uint8], rng: Generator) -> NDArray[np.float32]:
        """One view."""
        off = np.clip(rng.normal(0, 0.5, 2), -MOST, MOST)
        scale, lean = 1 + rng.normal(0, 0.012), rng.normal(0, 0.008)
        way = np.array([[scale, lean, off[0]], [-lean, scale, off[1]]])
        own = cv2.warpAffine(
            view, way, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        if self._thick:
            changed = (cv2.dilate if self._thick == 1 else cv2.erode)(own, np.ones((2, 2), np.uint8))
            own = cv2.addWeighted(own, 0.5, changed, 0.5, 0)
        told = np.asarray(own / np.float32(255), np.float32)
        if rng.random() < self._stains:
            told += _stain(rng)
        if self._blur:
            told = np.asarray(cv2.GaussianBlur(told, (0, 0), self._blur), np.float32)
        if self._hard:
            told = np.power(np.clip(told, 0, 1), self._bend) * np.float32(self._gain)
        if self._noise:
            told += rng.standard_normal(told.shape, np.float32) * np.float32(self._noise)
        if self._bit:
            told = np.where(told > self._bit, np.float32(0.75), np.float32(0))
        return np.clip(told, 0, 1).astype(np.float32)


def _stain(rng: Generator) -> NDArray[np.float32]:
    """A soft blot, or the edge of one."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    away = np.hypot(x - rng.uniform(0, WIDTH), (y - rng.uniform(0, HEIGHT)) * rng.uniform(0.6, 1.6))
    soft, radius = rng.uniform(1.5, 6), rng.uniform(4, 30)
    disc = 1 / (1 + np.exp(np.clip((away - radius) / soft, -30, 30)))
    if rng.random() < 0.5:
        disc = np.exp(-(((away - radius) / soft) ** 2))
    return np.asarray(disc * rng.uniform(0.05, 0.4), np.float32)
