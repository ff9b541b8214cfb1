"""Lessons drawn once and kept on the disk."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.paper import lessons

EACH = 40
"""Sheets a file."""
CHECKED = 780_000
"""Numbers of lessons from here on teach nothing: by them it is checked how good the judge has become."""

Study = tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]


def draw(folder: Path, first: int, count: int) -> None:
    """So many sheets' lessons, a file for every few; what is there already is left as it is."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(first, first + count, EACH):
        file = folder / f"{start}.npz"
        if file.exists():
            continue
        views, held, pages = [], [], []
        for number in range(start, start + EACH):
            for side, one in enumerate(lessons.lesson(number)):
                views.append((one.views * 255 + 0.5).astype(np.uint8))
                held.append(one.held)
                pages.append(np.full(len(one.held), number * 10 + side))
        np.savez(file, views=np.concatenate(views), held=np.concatenate(held), pages=np.concatenate(pages))
        print(file.name, flush=True)


def learnt(folder: Path, *, checked: bool) -> Study:
    """All that was drawn to teach, or all that was drawn to check: views, what they hold, of which pages they are."""
    files = [file for file in folder.glob("*.npz") if (int(file.stem) >= CHECKED) == checked]
    every = [np.load(file) for file in sorted(files, key=lambda file: int(file.stem))]
    views, held, pages = (np.concatenate([one[name] for one in every]) for name in ("views", "held", "pages"))
    return views, held.astype(np.int64), pages.astype(np.int64)
