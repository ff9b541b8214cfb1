"""How much is taken at once; the guide names the same numbers."""

from paper.raw import MOST_BYTES

MOST_PAGES = 5000
"""Of a batch. At twenty pages a second these take four minutes."""
MOST_PIXELS = 60_000_000
"""Of one picture as it comes: A4 at 600 dpi has 35 million."""
KEPT_PIXELS = 8_000_000
"""Of one picture as it is read and kept: A4 at 290 dpi."""
FULL_DPI, PLAIN_DPI, LEAST_DPI = 250, 200, 150
"""A page of a PDF is drawn as finely as the picture in it, within the outer two; without a picture, by the middle."""
PAGE_SECONDS = 20.0
"""A page of a PDF that takes longer to draw is set aside."""
MOST_UNPACKED = 2 * 2**30
"""Of a whole ZIP."""
MOST_ENTRIES = 5000
MOST_DIRECTORY = 4 * 2**20
"""Bytes of the list of names in a ZIP."""

__all__ = [
    "FULL_DPI",
    "KEPT_PIXELS",
    "LEAST_DPI",
    "MOST_BYTES",
    "MOST_DIRECTORY",
    "MOST_ENTRIES",
    "MOST_PAGES",
    "MOST_PIXELS",
    "MOST_UNPACKED",
    "PAGE_SECONDS",
    "PLAIN_DPI",
]
