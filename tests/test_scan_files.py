"""Files from scanners, telephones and enemies → pages of a bounded size, each bad one set aside with its reason."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageDraw

from paper import files
from paper.files import Aside, Page, limits, opening, packed
from paper.words import WORDS, Reason

A4 = (827, 1169)  # 100 dpi


def a_page(text: str = "1", mode: str = "L", size: tuple[int, int] = A4, colour: Any = None) -> Image.Image:
    """A white sheet with something on it."""
    drawn = Image.new(mode, size, "white" if mode != "1" else 1)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((60, 60, 160, 160), fill=colour or (0 if mode in ("1", "L") else "black"))
    pen.text((200, 100), text, fill=0 if mode in ("1", "L") else "black")
    return drawn


def saved(images: Sequence[Image.Image], format: str, **how: Any) -> bytes:
    """The images as one file."""
    file = io.BytesIO()
    more = {"save_all": True, "append_images": list(images[1:])} if len(images) > 1 else {}
    images[0].save(file, format, **more, **how)
    return file.getvalue()


def opened(content: bytes, **how: Any) -> list[Page | Aside]:
    """What there is in a file."""
    return list(files.pages(io.BytesIO(content), **how))


def reasons(content: bytes) -> list[tuple[int, str]]:
    """(page, why it cannot be had; "" for those that can)."""
    return [(one.number, one.reason if isinstance(one, Aside) else "") for one in opened(content)]


class Everything:
    """Wants every page, in this process."""

    def wanted(self, number: int) -> bool:
        return True

    def worth_opening(self, number: int, inner: str) -> bool:
        return True


def reasons_here(content: bytes) -> list[str]:
    """The same of files opened in this process, whose limits a test can change."""
    found = opening.found(io.BytesIO(content), Everything(), limits.MOST_PAGES)
    return [one.reason if isinstance(one, Aside) else "" for one in found]


def zipped(**inner: bytes) -> bytes:
    """Files in a ZIP."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in inner.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("images", "format", "how"),
    [
        ([a_page()], "JPEG", {}),
        ([a_page(mode="RGB")], "PNG", {}),
        ([a_page(mode="RGB")], "WEBP", {}),
        ([a_page(mode="CMYK")], "JPEG", {}),
        ([a_page(), a_page("2"), a_page("3")], "TIFF", {}),
        ([a_page(mode="1"), a_page("2", mode="1")], "TIFF", {"compression": "group4"}),
        ([a_page(), a_page("2")], "PDF", {"resolution": 100}),
    ],
)
def test_every_usual_file_gives_its_pages(images, format, how) -> None:
    found = opened(saved(images, format, **how))
    assert [one.number for one in found] == list(range(1, len(images) + 1))
    for one in found:
        assert isinstance(one, Page)
        assert one.picture.mode in ("1", "L", "RGB") and one.for_reading().mode in ("L", "RGB")
        assert abs(one.picture.width / one.picture.height - A4[0] / A4[1]) < 0.01
        corner = one.picture.convert("L").crop((0, 0, one.picture.width // 4, one.picture.height // 6))
        assert min(corner.tobytes()) < 60


def test_a_black_and_white_page_is_kept_so_and_colour_only_where_there_is_some() -> None:
    kept = {}
    for name, page in {
        "fax": a_page(mode="1"),
        "grey": a_page(mode="RGB"),
        "stamp": a_page(mode="RGB", colour="blue"),
    }.items():
        with Image.open(io.BytesIO(Page(1, page).kept())) as again:
            kept[name] = (again.format, again.mode)
    assert kept == {"fax": ("PNG", "1"), "grey": ("JPEG", "L"), "stamp": ("JPEG", "RGB")}


def test_nothing_of_a_telephones_metadata_is_kept_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Telephone of Ivan"
    (page,) = opened(saved([a_page(size=(400, 300))], "JPEG", exif=exif, comment=b"secret place"))
    assert isinstance(page, Page)
    assert page.picture.size == (300, 400)
    assert b"Ivan" not in page.kept() and b"secret" not in page.kept()
    assert not page.picture.info


def test_a_page_is_never_larger_than_is_kept() -> None:
    large = a_page(mode="1", size=(4960, 7016))  # A4 at 600 dpi
    for content in (saved([large], "TIFF", compression="group4"), saved([large.convert("L")], "PNG")):
        (page,) = opened(content)
        assert isinstance(page, Page)
        assert page.picture.width * page.picture.height <= limits.KEPT_PIXELS
        assert page.picture.getpixel((50, 50)) == 0, "still black where it was black"


def huge_png(side: int = 30_000) -> bytes:
    """A small file that says it is a large picture, and is."""
    row = zlib.compress(b"\0" * (side // 8 + 1) * 100, 9)
    parts = [b"\x89PNG\r\n\x1a\n"]
    for name, data in (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
        (b"IDAT", row),
        (b"IEND", b""),
    ):
        parts.append(struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)))
    return b"".join(parts)


def many_scans() -> bytes:
    """A JPEG that goes over itself again and again."""
    jpeg = saved([a_page(size=(64, 64))], "JPEG")
    start = jpeg.index(b"\xff\xda")
    return jpeg[:start] + jpeg[start:-2] * 60 + b"\xff\xd9"


def closed_pdf() -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(saved([a_page()], "PDF"))) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(user="1234", owner="5678"))
    return file.getvalue()


def pdf_with_a_huge_picture() -> bytes:
    """A page in which a picture of 900 million points is drawn."""
    pdf, file = pikepdf.new(), io.BytesIO()
    image = pikepdf.Stream(pdf, zlib.compress(b"\0" * 1000))
    image.update(
        {
            "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 30_000, "/Height": 30_000,
            "/BitsPerComponent": 8, "/ColorSpace": pikepdf.Name.DeviceGray, "/Filter": pikepdf.Name.FlateDecode,
        }
    )  # fmt: skip
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=pdf.make_indirect(image)))
    page.Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /I Do Q")
    pdf.add_blank_page(page_size=(595, 842))
    pdf.save(file)
    return file.getvalue()


def closed_zip() -> bytes:
    content = bytearray(zipped(**{"1.jpg": saved([a_page()], "JPEG")}))
    content[6] |= 1  # the file's own header, and that of the list of names
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (lambda: huge_png(), [(1, Reason.TOO_LARGE)]),
        (lambda: many_scans(), [(1, Reason.BOMB)]),
        (lambda: closed_pdf(), [(0, Reason.ENCRYPTED)]),
        (lambda: pdf_with_a_huge_picture(), [(1, Reason.TOO_LARGE), (2, "")]),
        (lambda: b"%PDF-1.7\nnonsense", [(0, Reason.DAMAGED)]),
        (lambda: saved([a_page()], "JPEG")[:3000], [(1, Reason.DAMAGED)]),
        (lambda: b"", [(0, Reason.EMPTY_FILE)]),
        (lambda: b"MZ\x90\0" + b"\0" * 100, [(0, Reason.NOT_A_PICTURE)]),
        (lambda: b"\0\0\0\x18ftypheic" + b"\0" * 100, [(0, Reason.HEIC)]),
        (lambda: closed_zip(), [(1, Reason.ENCRYPTED)]),
        (lambda: zipped(**{"a.zip": zipped(x=b"1"), "b.png": saved([a_page()], "PNG")}), [(1, Reason.NESTED), (2, "")]),
        (lambda: zipped(**{"a.jpg": saved([a_page()], "JPEG")})[:-30], [(0, Reason.DAMAGED)]),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_told_and_the_rest_goes_on(content: Callable[[], bytes], told) -> None:
    assert reasons(content()) == told


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow says so before it gives up
def test_a_picture_that_breaks_off_is_told_in_a_process_that_also_prints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    assert reasons_here(saved([a_page()], "JPEG")[:3000]) == [Reason.DAMAGED]


def test_a_truncated_tiff_gives_its_good_pages() -> None:
    whole = saved([a_page(str(at), mode="1") for at in range(4)], "TIFF", compression="group4")
    assert [why for _page, why in reasons(whole)] == [""] * 4
    cut = reasons(whole[: len(whole) * 5 // 8])
    assert cut[:2] == [(1, ""), (2, "")]
    assert cut[-1][1] == Reason.DAMAGED, "somebody is told that it breaks off"


def test_a_file_is_what_its_bytes_say() -> None:
    content = zipped(
        **{"scan.pdf": saved([a_page()], "JPEG"), "photo.jpg": saved([a_page(), a_page()], "PDF")}
    )
    found = opened(content)
    assert [(one.number, one.inner, type(one)) for one in found] == [
        (1, "photo.jpg", Page),
        (2, "photo.jpg", Page),
        (3, "scan.pdf", Page),
    ]


def test_a_zip_is_gone_through_in_order_without_what_machines_leave_in_it() -> None:
    page = saved([a_page()], "JPEG")
    content = zipped(
        **{
            "10.jpg": page,
            "2.jpg": page,
            "../../etc/1.jpg": page,
            "__MACOSX/._2.jpg": b"junk",
            "folder/.DS_Store": b"junk",
            "Thumbs.db": b"junk",
        }
    )
    assert [one.inner for one in opened(content)] == ["2.jpg", "10.jpg", "1.jpg"]


def test_a_zip_that_unpacks_without_end_is_left(monkeypatch) -> None:
    monkeypatch.setattr(packed, "MOST_UNPACKED", 3 * 2**20)
    content = zipped(**{"1.jpg": saved([a_page()], "JPEG"), "2.bin": b"\0" * 2**23, "3.jpg": b"x"})
    assert reasons_here(content) == ["", Reason.BOMB]


def test_a_zip_with_too_long_a_list_of_names_is_not_even_listed(monkeypatch) -> None:
    monkeypatch.setattr(packed, "MOST_ENTRIES", 3)
    assert reasons_here(zipped(**{f"{at}.jpg": b"" for at in range(4)})) == [Reason.TOO_MANY]


def test_a_file_of_too_many_pages_gives_so_many_and_says_so() -> None:
    content = saved([a_page(size=(200, 283)) for _at in range(5)], "TIFF")
    found = opened(content, most=3)
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert isinstance(found[-1], Aside) and found[-1].reason is Reason.TOO_MANY


def test_only_wanted_pages_are_drawn_and_keep_their_numbers(tmp_path: Path) -> None:
    inner = zipped(
        **{"1.tif": saved([a_page(), a_page()], "TIFF"), "2.bad": b"no", "3.pdf": saved([a_page()], "PDF")}
    )
    place = tmp_path / "scan"
    place.write_bytes(inner)
    assert files.expected(place) == 3
    everything = [one.number for one in files.pages(place)]
    assert everything == [1, 2, 3, 4]
    assert [one.number for one in files.pages(place, lambda number: number in (2, 4))] == [2, 4]
