"""Pictures from strangers: what a decoder may be asked to open, and what it raises when it cannot."""

import re
import struct
import zlib

from PIL import Image, UnidentifiedImageError

MOST_SCANS = 30  # cameras and programs write about ten; each goes over the whole picture again, however empty
MOST_SEGMENTS = 1000
MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")  # those that have a length, and the end
JPEG, SCAN, END = b"\xff\xd8", b"\xda", b"\xd9"
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,  # a TIFF cut off within its list of tags
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def over_and_over(jpeg: bytes) -> bool:
    """Does the first picture of the file have more scans or segments than any camera writes?"""
    scans, place = 0, 0
    for _segment in range(MOST_SEGMENTS):
        found = MARKER.search(jpeg, place)
        if found is None or found[1] == END:
            return False
        scans += found[1] == SCAN
        if scans > MOST_SCANS:
            return True
        place = found.end() + max(2, int.from_bytes(jpeg[found.end() : found.end() + 2]))
    return True
