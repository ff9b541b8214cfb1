"""How the process that opens files and the one that asked talk: a short JSON line, then bytes.

Nothing that comes back is more than numbers, words and pixels: whoever takes over a decoder gains nothing by it.
"""

import json
from collections.abc import Callable
from typing import Any

LONGEST_HEAD = 4096
LENGTH = 4

Head = list[Any]


def packed(head: Head) -> bytes:
    """A message as it goes through the pipe; bytes follow it as they are."""
    words = json.dumps(head).encode()
    return len(words).to_bytes(LENGTH) + words


def head(read: Callable[[int], bytes]) -> Head:
    """The next message. Raises ValueError, EOFError."""
    length = int.from_bytes(read(LENGTH))
    if length > LONGEST_HEAD:
        raise ValueError(length)
    said = json.loads(read(length))
    if not isinstance(said, list) or not said:
        raise ValueError(said)
    return said
