"""One picture of a page, of bounded size, upright as its file says, and as it is kept: without any metadata."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops, ImageOps

from paper.files.limits import KEPT_PIXELS
from paper.reasons import Reason

QUALITY = 80
COLOURED = 48
"""Levels between the channels from which on a spot is coloured; yellowed paper has fewer."""
COLOURED_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Aside:
    """A page that cannot be had (`number` 0: the whole file). `inner`: the file's name inside a ZIP."""

    number: int
    reason: Reason
    inner: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The `number`-th page of a file, from 1. `picture` is «1», «L» or «RGB»."""

    number: int
    picture: Image.Image
    inner: str = ""

    def kept(self) -> bytes:
        """As it goes into the vault: PNG of a black and white page, JPEG of any other, grey unless colour is on it."""
        picture, drawn = self.picture, BytesIO()
        if picture.mode == "1":
            picture.save(drawn, "PNG")
        else:
            (picture if _coloured(picture) else picture.convert("L")).save(drawn, "JPEG", quality=QUALITY)
        return drawn.getvalue()

    def for_reading(self) -> Image.Image:
        """In a mode the reader understands."""
        return self.picture.convert("L") if self.picture.mode == "1" else self.picture


def plain(opened: Image.Image) -> Image.Image:
    """Any decoded picture as «1», «L» or «RGB», upright, on white, no larger than is kept. May raise UNREADABLE."""
    deep = opened.mode.startswith(("I", "F"))
    made = _fitted(_levelled(opened) if deep else opened)
    if made.mode not in ("1", "L", "RGB"):
        made = _on_white(made)
    turned = ImageOps.exif_transpose(made)
    bare = Image.new(turned.mode, turned.size)
    bare.paste(turned)
    return bare


def _fitted(picture: Image.Image) -> Image.Image:
    share = KEPT_PIXELS / max(1, picture.width * picture.height)
    if share >= 1:
        picture.load()
        return picture
    size = (max(1, int(picture.width * share**0.5)), max(1, int(picture.height * share**0.5)))
    if picture.mode in ("1", "P"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    smaller = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    smaller.info = picture.info
    smaller.getexif().update(picture.getexif())
    return smaller


def _levelled(picture: Image.Image) -> Image.Image:
    """Sixteen bits and more: its own darkest to its own lightest as 0 to 255."""
    whole = picture.convert("F")
    low, high = whole.getextrema()
    if not isinstance(low, float) or not isinstance(high, float):
        raise ValueError(picture.mode)
    scale = 255.0 / max(high - low, 1.0)
    return whole.point(lambda value: value * scale - low * scale).convert("L")


def _on_white(picture: Image.Image) -> Image.Image:
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _coloured(picture: Image.Image) -> bool:
    """Does a stamp, a stain or a coloured pen stand on it?"""
    if picture.mode != "RGB":
        return False
    small = picture.reduce(max(1, max(picture.size) // 500))
    red, green, blue = small.split()
    widest = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))
    histogram = ImageChops.lighter(widest, ImageChops.difference(red, blue)).histogram()
    return sum(histogram[COLOURED:]) > COLOURED_SHARE * small.width * small.height
