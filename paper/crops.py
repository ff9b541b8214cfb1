"""A part of a scanned page, upright and straightened, as a reviewer is shown it. Pillow alone: no OpenCV.

A page is decoded once for the crops that follow one another: this process remembers three at most, half a minute at
most, and nothing of them is written to a disk.
"""

import io
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from paper.geometry import Spot
from paper.marks import PageSeen

WIDEST = 1_400  # pixels of a crop: crisp on a wide screen, not heavy on a phone
NARROWEST = 700
AIR = 3.0  # millimetres around what was asked
MOST_PIXELS = 64_000_000
QUALITY = 82
SHADE = 0.82
KEPT_PAGES = 3
KEPT_PIXELS = 24_000_000
COARSE_PIXELS = 16_000_000  # a JPEG beyond that is decoded at half its size: a screen shows no more
KEPT_SECONDS = 30.0

Row = tuple[float, float, float]


class NoPicture(ValueError):
    """The kept bytes are no picture that opens."""


class _Corner(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Kept:
    image: Image.Image
    until: float

    @property
    def pixels(self) -> int:
        return self.image.width * self.image.height


def crop(
    picture: bytes,
    seen: PageSeen,
    spot: Spot,
    *,
    air: float = AIR,
    widest: int = WIDEST,
    asked: Spot | None = None,
) -> bytes:
    """The spot of the sheet as a JPEG; the whole picture when nobody knows where things stand. Raises NoPicture.

    What is above and below of `asked` is a little darker: it is shown with it, and is not what is meant.
    """
    image = _decoded(picture)
    if len(seen.places) != 9:
        whole = image.copy()
        whole.thumbnail((widest, widest))
        return _written(whole)
    shown = _straightened(image, seen, spot.grown(air), widest)
    return _written(_shaded(shown, spot.grown(air), asked.grown(air)) if asked else shown)


def _shaded(image: Image.Image, whole: Spot, asked: Spot) -> Image.Image:
    step = image.height / whole.height
    top = max(0, round((asked.y - whole.y) * step))
    low = min(image.height, round((asked.y + asked.height - whole.y) * step))
    for start, end in ((0, top), (low, image.height)):
        if start < end:
            strip = (0, start, image.width, end)
            image.paste(image.crop(strip).point(lambda shade: shade * SHADE), strip)
    return image


def _straightened(image: Image.Image, seen: PageSeen, spot: Spot, widest: int) -> Image.Image:
    places = _scaled(seen, image)
    corners = [_at(places, x, y) for x, y in _corners(spot)]
    left = max(0, int(min(c.x for c in corners)) - 4)
    upper = max(0, int(min(c.y for c in corners)) - 4)
    right = min(image.width, int(max(c.x for c in corners)) + 5)
    lower = min(image.height, int(max(c.y for c in corners)) + 5)
    if right <= left or lower <= upper:  # the places do not fit this picture
        return _blank(image, spot, widest)
    density = _length(corners[0], corners[1]) / spot.width
    width = round(min(widest, max(NARROWEST, density * spot.width)))
    step = width / spot.width
    part = image.crop((left, upper, right, lower))
    coarser = max(1, int(density / step))
    if coarser > 1:  # a page of 600 dpi: averaged first, or thin lines would be lost between the pixels
        part = part.reduce(coarser)
    # a pixel of the crop → millimetres → a pixel of the picture → a pixel of the part
    to_sheet = ((1 / step, 0.0, spot.x), (0.0, 1 / step, spot.y), (0.0, 0.0, 1.0))
    to_part = ((1 / coarser, 0.0, -left / coarser), (0.0, 1 / coarser, -upper / coarser), (0.0, 0.0, 1.0))
    whole = _times(to_part, _times(places, to_sheet))
    by = whole[2][2]
    coefficients = tuple(value / by for row in whole for value in row)[:8]
    size = (width, max(1, round(spot.height * step)))
    return part.transform(
        size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor=_white(part)
    )


def _decoded(picture: bytes) -> Image.Image:
    known = _cache.get(picture)
    if known is not None:
        return known
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture(f"{opened.width} × {opened.height}")
            if opened.format == "JPEG" and opened.width * opened.height > COARSE_PIXELS:
                opened.draft(None, (opened.width // 2, opened.height // 2))
            opened.load()
            image = opened.convert("L" if opened.mode in ("1", "L", "I;16", "LA") else "RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise NoPicture(str(error)) from error
    _cache.put(picture, image)
    return image


def forget() -> None:
    """Let go of every page at once: some were destroyed. Other processes do when their half a minute is over."""
    _cache.clear()


class _Cache:
    """The pages decoded last: few, for seconds; a thread that sleeps lets go of them even if nobody comes any more."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None

    def get(self, picture: bytes) -> Image.Image | None:
        with self._lock:
            self._forget()
            found = self._kept.get(hash(picture))
            return found.image if found else None

    def put(self, picture: bytes, image: Image.Image) -> None:
        with self._lock:
            self._kept[hash(picture)] = _Kept(image, time.monotonic() + KEPT_SECONDS)
            self._forget()
            self._watch()

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()

    def _watch(self) -> None:
        if self._kept and not (self._watcher and self._watcher.is_alive()):
            self._watcher = threading.Thread(target=self._wait, name="crops", daemon=True)
            self._watcher.start()

    def _wait(self) -> None:
        """Until nothing is kept any more."""
        while True:
            with self._lock:
                self._forget()
                if not self._kept:
                    self._watcher = None
                    return
                until = min(one.until for one in self._kept.values())
            time.sleep(max(0.0, until - time.monotonic()) + 0.05)

    def _forget(self) -> None:
        now = time.monotonic()
        for key in [key for key, one in self._kept.items() if one.until < now]:
            del self._kept[key]
        while self._kept and (
            len(self._kept) > KEPT_PAGES or sum(one.pixels for one in self._kept.values()) > KEPT_PIXELS
        ):
            self._kept.popitem(last=False)


_cache = _Cache()


def _written(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _blank(image: Image.Image, spot: Spot, widest: int) -> Image.Image:
    return Image.new(image.mode, (widest, max(1, round(widest * spot.height / spot.width))), _white(image))


def _white(image: Image.Image) -> int | tuple[int, int, int]:
    return 255 if image.mode == "L" else (255, 255, 255)


def _scaled(seen: PageSeen, image: Image.Image) -> Sequence[Row]:
    """The places of the picture that was read, for the one that was kept: they may differ in size."""
    width, height = seen.size
    x, y = (image.width / width, image.height / height) if width and height else (1.0, 1.0)
    p = seen.places
    return (
        (p[0] * x, p[1] * x, p[2] * x),
        (p[3] * y, p[4] * y, p[5] * y),
        (p[6], p[7], p[8]),
    )


def _corners(spot: Spot) -> list[tuple[float, float]]:
    right, lower = spot.x + spot.width, spot.y + spot.height
    return [(spot.x, spot.y), (right, spot.y), (right, lower), (spot.x, lower)]


def _at(places: Sequence[Row], x: float, y: float) -> _Corner:
    across, down, by = (row[0] * x + row[1] * y + row[2] for row in places)
    return _Corner(across / by, down / by)


def _length(one: _Corner, other: _Corner) -> float:
    return float(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5)


def _times(one: Sequence[Row], other: Sequence[Row]) -> tuple[Row, Row, Row]:
    columns = list(zip(*other, strict=True))
    rows = [tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns) for row in one]
    return rows[0], rows[1], rows[2]
