"""How much is taken at once; the guide names the same numbers."""

MOST_BYTES = 200 * 2**20
"""Of one file, also inside a ZIP."""
MOST_PAGES = 5000
"""Of a batch. At twenty pages a second these take four minutes."""
MOST_PIXELS = 60_000_000
"""Of one picture as it comes: A4 at 600 dpi has 35 million."""
MOST_DEEP_PIXELS = 36_000_000
"""Of one picture of more than eight bits a channel or with transparency: opening it takes three times the memory."""
KEPT_PIXELS = 8_000_000
"""Of one picture as it is read and kept: A4 at 290 dpi."""
FULL_DPI, PLAIN_DPI, LEAST_DPI = 250, 200, 150
"""A page of a PDF is drawn as finely as the picture in it, within the outer two; without a picture, by the middle."""
PAGE_SECONDS = 20.0
"""A page of a PDF that takes longer to draw is set aside."""
MOST_MEMORY = 2**30
"""Of the process that opens a file, its own code included."""
PAGE_CPU_SECONDS, PAGE_WALL_SECONDS = 30, 180.0
"""For whatever leads to a page; then the process is ended and the page set aside."""
MOST_DEATHS = 5
"""Of processes at one file; then the rest of it is left."""
PATIENCE, PATIENCE_PAGE = 300.0, 0.5
"""Seconds for one file, and more for each page that it gives; then the rest of it is left."""
PIECE = 2**20
"""Of a file, as it goes to the process that opens it."""
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
    "MOST_DEATHS",
    "MOST_DEEP_PIXELS",
    "MOST_DIRECTORY",
    "MOST_ENTRIES",
    "MOST_MEMORY",
    "MOST_PAGES",
    "MOST_PIXELS",
    "MOST_UNPACKED",
    "PAGE_CPU_SECONDS",
    "PAGE_SECONDS",
    "PAGE_WALL_SECONDS",
    "PATIENCE",
    "PATIENCE_PAGE",
    "PIECE",
    "PLAIN_DPI",
]
