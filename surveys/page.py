"""A page drawn once and served many times, each time with a fresh key in it, compressed once as well.

The key is the last thing of the document. The gzip stream before it is cut at a full flush, and the key and the few
bytes after it follow as one stored block (RFC 1951 §3.2.4): a fresh page costs one checksum of its tail.
"""

import struct
import zlib
from base64 import b64encode
from hashlib import sha256

KEY_MARK = "@@KEY@@"
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


class KeyedPage:
    """HTML with one KEY_MARK near its end. Raises ValueError for any other text."""

    def __init__(self, html: str) -> None:
        head, tail = html.encode().split(KEY_MARK.encode())
        squeezed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        self.head, self.tail = head, tail
        self._gzip_head = GZIP_HEADER + squeezed.compress(head) + squeezed.flush(zlib.Z_FULL_FLUSH)
        self._checksum = zlib.crc32(head)

    def plain(self, key: bytes) -> bytes:
        """The page with this key."""
        return self.head + key + self.tail

    def gzipped(self, key: bytes) -> bytes:
        """The same, compressed."""
        end = key + self.tail
        stored = struct.pack("<BHH", 1, len(end), len(end) ^ 0xFFFF)
        trailer = struct.pack(
            "<II", zlib.crc32(end, self._checksum), (len(self.head) + len(end)) & 0xFFFFFFFF
        )
        return self._gzip_head + stored + end + trailer


def style_source(css: str) -> str:
    """How the content security policy names this inline style."""
    return f"'sha256-{b64encode(sha256(css.encode()).digest()).decode()}'"
