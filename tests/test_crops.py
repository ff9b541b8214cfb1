"""Crops of scanned pages: the right place, upright and straight, out of any picture; bounded, and nothing on a disk."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from paper import crops
from paper.crops import NoPicture, crop
from paper.geometry import Spot
from paper.marks import PageSeen

BOX = Spot(40, 100, 8, 8)  # black
ASKED = Spot(30, 90, 120, 30)
Matrix = tuple[float, ...]


def straight(dpi: float) -> Matrix:
    return (dpi / 25.4, 0, 0, 0, dpi / 25.4, 0, 0, 0, 1)


#: As a telephone saw it: turned by some degrees, nearer at the top.
PHOTO: Matrix = (7.2, -1.1, 330, 0.9, 6.9, 150, 0.0003, 0.0006, 1)


def at(m: Matrix, x: float, y: float) -> tuple[float, float]:
    by = m[6] * x + m[7] * y + m[8]
    return (m[0] * x + m[1] * y + m[2]) / by, (m[3] * x + m[4] * y + m[5]) / by


def picture(places: Matrix, size: tuple[int, int], kind: str = "PNG", mode: str = "L") -> bytes:
    """A page with one black square and a grey bar below it, seen as the places say."""
    drawn, file = Image.new("L", size, 255), BytesIO()
    pen = ImageDraw.Draw(drawn)
    for spot, ink in ((BOX, 0), (Spot(40, 112, 100, 4), 120)):
        x, y, w, h = spot
        pen.polygon([at(places, *corner) for corner in ((x, y), (x + w, y), (x + w, y + h), (x, y + h))], ink)
    drawn.convert(mode).save(file, kind)
    return file.getvalue()


def opened(made: bytes) -> Image.Image:
    image = Image.open(BytesIO(made))
    assert image.format == "JPEG"
    return image.convert("L")


def ink(image: Image.Image, x: float, y: float) -> int:
    """What is at this millimetre of the sheet."""
    spot = ASKED.grown(crops.AIR)
    step = image.width / spot.width
    found = image.getpixel((round((x - spot.x) * step), round((y - spot.y) * step)))
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize(
    ("places", "size", "kind", "mode"),
    [
        (straight(200), (1654, 2339), "PNG", "L"),
        (straight(150), (1240, 1754), "JPEG", "RGB"),
        (straight(300), (2480, 3508), "PNG", "1"),
        (straight(600), (4961, 7016), "JPEG", "L"),
        ((-7.87, 0, 1654, 0, -7.87, 2339, 0, 0, 1), (1654, 2339), "PNG", "L"),
        ((0, -7.87, 2339, 7.87, 0, 0, 0, 0, 1), (2339, 1654), "PNG", "L"),
        (PHOTO, (2200, 2600), "JPEG", "RGB"),
    ],
    ids=["200 dpi", "150 dpi colour", "1-bit", "600 dpi", "upside down", "on its side", "photograph"],
)
def test_a_crop_is_upright_and_straight(places: Matrix, size: tuple[int, int], kind: str, mode: str) -> None:
    image = opened(crop(picture(places, size, kind, mode), PageSeen(places=places, size=size), ASKED))
    assert crops.NARROWEST <= image.width <= crops.WIDEST
    spot = ASKED.grown(crops.AIR)
    assert abs(image.height / image.width - spot.height / spot.width) < 0.01
    x, y = BOX.centre
    edge = BOX.width / 2
    for dx, dy in ((0, 0), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8)):
        assert ink(image, x + dx * edge, y + dy * edge) < 60, (dx, dy)
    for dx, dy in ((1.25, 0), (-1.25, 0), (0, 1.25), (0, -1.25)):
        assert ink(image, x + dx * edge, y + dy * edge) > 200, (dx, dy)


def test_a_picture_kept_smaller_than_it_was_read_is_cropped_at_the_same_place() -> None:
    kept = picture(straight(100), (827, 1170))
    image = opened(crop(kept, PageSeen(places=straight(200), size=(1654, 2339)), ASKED))
    assert ink(image, *BOX.centre) < 60


def test_without_places_the_whole_page_is_shown() -> None:
    image = opened(crop(picture(straight(200), (1654, 2339)), PageSeen(), ASKED))
    assert image.height == crops.WIDEST and abs(image.width - crops.WIDEST * 1654 / 2339) < 2


def test_what_stands_beyond_the_picture_is_white() -> None:
    places = straight(200)
    image = opened(crop(picture(places, (500, 800)), PageSeen(places=places, size=(500, 800)), ASKED))
    assert ink(image, 140, 100) > 240
    far = Spot(400, 400, 50, 20)
    away = opened(crop(picture(places, (500, 800)), PageSeen(places=places, size=(500, 800)), far))
    assert not any(away.histogram()[:240])


@pytest.mark.parametrize("bytes_", [b"", b"no picture", picture(straight(50), (413, 585))[:20]])
def test_what_is_no_picture_is_refused(bytes_: bytes) -> None:
    with pytest.raises(NoPicture):
        crop(bytes_, PageSeen(places=straight(50), size=(413, 585)), ASKED)


def test_few_pages_are_remembered_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = crops._Cache()
    monkeypatch.setattr(crops, "_cache", cache)
    seen = PageSeen(places=straight(100), size=(827, 1170))
    pages = [picture(straight(100), (827, 1170 + number)) for number in range(5)]
    for page in pages:
        crop(page, seen, ASKED)
    assert len(cache._kept) == crops.KEPT_PAGES
    assert cache.get(pages[0]) is None and cache.get(pages[-1]) is not None
    monkeypatch.setattr("time.monotonic", lambda: 10**9)
    assert cache.get(pages[-1]) is None and not cache._kept
