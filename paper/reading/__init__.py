"""Pictures of printed forms → what was seen on them (docs/decisions/0019). OpenCV stays behind this door.

Nothing below is imported until a page is read: without the extra `[omr]` the rest of the service works the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from paper.geometry import Geometry
from paper.marks import PageSeen
from paper.serials import PageCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

Resolve = Callable[[PageCode], Geometry | None]


@cache
def available() -> bool:
    """Is the extra `[omr]` installed?"""
    return all(find_spec(name) for name in ("cv2", "numpy", "onnxruntime", "zxingcpp"))


@cache
def broken() -> str:
    """Why the installed reader does not start (a library or the learned judge is missing); empty when it does."""
    try:
        from paper.reading import learned, page  # noqa: F401  only to see that it comes

        learned.ready()
    except ImportError as error:
        return str(error)[:200]
    return ""


def read_page(image: Image, resolve: Resolve) -> PageSeen:
    """One picture, grey or RGB: which page it is and what is in its boxes. Never an exception, except of memory."""
    from paper.reading import page

    return page.read(image, resolve)


def read_boxes(image: Image, places: Sequence[float], geometry: Geometry, side: int) -> PageSeen:
    """The boxes of a page whose number a person typed in: `places` as `read_page` found them."""
    from paper.reading import page

    return page.boxes(image, places, geometry, side)


__all__ = ["Image", "Resolve", "available", "broken", "read_boxes", "read_page"]
