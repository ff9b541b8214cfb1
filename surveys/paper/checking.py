"""Nothing is handed over whose code does not read: the finished page is looked at as a telephone would."""

from __future__ import annotations

from PIL import Image

from surveys import qr
from surveys.paper.formats import Format
from surveys.paper.poster import Poster


def read_back(picture: Image.Image, poster: Poster, form: Format) -> None:
    """Every code of the page, and no other. Raises qr.UnreadableCode."""
    wanted = {poster.link}
    if poster.agency_url and form.official:
        wanted.add(poster.agency_url)
    if (read := set(qr.decode(picture))) != wanted:
        raise qr.UnreadableCode(f"drawn {sorted(wanted)!r}, read {sorted(read)!r}")
