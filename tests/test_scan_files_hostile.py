"""Files made to kill whoever opens them: it costs a page, never the service; and no sheet passes for a blank back."""

import io
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest
from PIL import Image
from test_scan_files import a_page, opened, reasons, reasons_here, saved, zipped

from paper import files
from paper.files import Aside, Page, apart, limits, pictures, talking
from paper.words import Reason

SMALL = (200, 283)


@cache
def strokes() -> bytes:
    packer = zlib.compressobj(1)
    once = b"".join([packer.compress(b"0 0 m 1 1 l S\n" * 75_000) for _at in range(60)])
    return zlib.compress(once + packer.flush(), 9)


def pdf_of(*kinds: str) -> bytes:
    """A PDF whose pages are «good» or «bad»: a content stream that is packed twice and is 60 MB of strokes."""
    pdf, file = pikepdf.new(), io.BytesIO()
    for kind in kinds:
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[-1]
        if kind == "good":
            page.Contents = pikepdf.Stream(pdf, b"100 100 200 200 re f")
        else:
            bomb = pikepdf.Stream(pdf, strokes())
            bomb.Filter = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])
            page.Contents = bomb
    pdf.save(file)
    return file.getvalue()


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Little memory for whoever opens a file, and no process left behind."""
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(*line: Any, **how: Any) -> subprocess.Popen[bytes]:
        started.append(real(*line, **how))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(apart, "MOST_MEMORY", 150 * 2**20)
    yield
    assert started and all(one.returncode is not None for one in started)


@pytest.mark.usefixtures("little")
def test_a_page_that_eats_all_memory_is_set_aside_and_the_rest_goes_on() -> None:
    assert reasons(pdf_of("good", "bad", "good")) == [(1, ""), (2, Reason.BOMB), (3, "")]


@pytest.mark.usefixtures("little")
def test_also_inside_a_zip_with_its_name_and_the_others_numbers() -> None:
    content = zipped(**{"1.pdf": pdf_of("bad", "good"), "2.png": saved([a_page(size=SMALL)], "PNG")})
    found = [(one.number, one.inner, getattr(one, "reason", "")) for one in opened(content)]
    assert found == [(1, "1.pdf", Reason.BOMB), (2, "1.pdf", ""), (3, "2.png", "")]


@pytest.mark.usefixtures("little")
def test_after_some_deaths_the_rest_of_a_file_is_left_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_DEATHS", 2)
    told = reasons(pdf_of("bad", "bad", "bad", "good"))
    assert told == [(1, Reason.BOMB), (2, Reason.BOMB), (3, Reason.REST)]


@pytest.mark.usefixtures("little")
def test_what_was_set_aside_before_is_not_opened_again() -> None:
    found = list(files.pages(io.BytesIO(pdf_of("good", "bad", "good")), lambda number: number not in (1, 2)))
    assert [(one.number, type(one)) for one in found] == [(3, Page)]


def test_a_page_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PAGE_WALL_SECONDS", 0.6)
    monkeypatch.setattr(talking, "head", lambda read: read(10**9) and [])
    with pytest.raises(RuntimeError, match="does not start"):
        opened(saved([a_page(size=SMALL)], "PNG"))


@pytest.mark.usefixtures("little")
def test_seconds_of_the_processor_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_MEMORY", limits.MOST_MEMORY)
    monkeypatch.setattr(apart, "PAGE_CPU_SECONDS", 1)
    assert reasons(pdf_of("bad")) == [(1, Reason.BOMB)]


def test_a_file_that_takes_for_ever_page_by_page_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "PATIENCE", 0.0)
    monkeypatch.setattr(apart, "PATIENCE_PAGE", 0.0)
    content = saved([a_page(size=SMALL) for _at in range(3)], "TIFF")
    assert reasons(content) == [(1, ""), (2, Reason.REST)]


@pytest.mark.parametrize("how", ["missing", "nothing"])
def test_an_opener_that_does_not_start_sets_nothing_aside(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false" if how == "nothing" else "/nowhere/python")
    with pytest.raises((RuntimeError, OSError)):
        opened(saved([a_page(size=SMALL)], "PNG"))


def test_it_knows_no_secret_and_not_the_files_name(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {}
    real = subprocess.Popen

    def popen(line: list[str], **how: Any) -> subprocess.Popen[bytes]:
        told.update(how, line=line)
        return real(line, **how)

    monkeypatch.setenv("NOK_SECRET_KEY", "very secret")
    monkeypatch.setattr(subprocess, "Popen", popen)
    opened(saved([a_page(size=SMALL)], "PNG"))
    assert not [name for name in told["env"] if name.startswith("NOK")]
    assert told["line"][1:] == ["-m", "paper.files.child"]
    assert os.environ["NOK_SECRET_KEY"] == "very secret"


@pytest.mark.parametrize(
    "said", [["page", 1, "", "RGB", 10**5, 10**5], ["page", 1, "", "CMYK", 1, 1], ["aside", 1, "", "x"], ["read", 9]]
)  # fmt: skip
def test_nonsense_from_a_decoder_that_was_taken_over_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, said: list[Any]
) -> None:
    answers = iter([["ready"], ["wanted", 1], said])
    monkeypatch.setattr(talking, "head", lambda read: next(answers, ["end"]))
    (one,) = opened(saved([a_page(size=SMALL)], "PNG"))
    assert isinstance(one, Aside) and (one.number, one.reason) == (1, Reason.BOMB)


def chained(count: int, *, loop: bool = False) -> bytes:
    """A TIFF of so many pages of one point; each takes 54 bytes."""
    tags = [(256, 1), (257, 1), (258, 8), (262, 1), (273, 8), (279, 1)]
    each = 2 + 12 * len(tags) + 4
    content = bytearray(struct.pack("<2sHII", b"II", 42, 12, 0))
    for at in range(count):
        content += struct.pack("<H", len(tags))
        content += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        last = at == count - 1
        content += struct.pack("<I", 12 if last and loop else 0 if last else 12 + each * (at + 1))
    return bytes(content)


def test_a_tiff_of_a_million_pages_is_followed_only_so_far() -> None:
    content = chained(50_000)
    assert files.expected(io.BytesIO(content)) == limits.MOST_PAGES
    found = opened(content, most=3)
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert isinstance(found[-1], Aside) and found[-1].reason is Reason.TOO_MANY


@pytest.mark.parametrize(
    ("content", "count"),
    [(chained(3, loop=True), 3), (chained(1), 1), (b"II*\0", 1), (b"MM\0+" + b"\xff" * 40, 1)],
)
def test_a_chain_that_bites_its_tail_ends(content: bytes, count: int) -> None:
    assert pictures.frames(io.BytesIO(content)) == count
    assert len(reasons_here(content)) == count


def lying(jpeg: bytes, width: int, height: int) -> bytes:
    """The header of a JPEG says another size than it has."""
    place = max(jpeg.find(b"\xff\xc0"), jpeg.find(b"\xff\xc2")) + 5
    return jpeg[:place] + struct.pack(">HH", height, width) + jpeg[place + 4 :]


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_picture_that_ends_before_its_size_is_damaged_and_never_a_blank_back(mode: str, how: Any) -> None:
    jpeg = saved([a_page(mode=mode, size=(640, 640))], "JPEG", **how)
    assert reasons_here(jpeg) == [""]
    assert reasons_here(lying(jpeg, 7000, 7000)) == [Reason.DAMAGED]
    if not how.get("progressive"):
        assert reasons_here(lying(jpeg, 640, 720)) == [Reason.DAMAGED], "told by its last lines alone"


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"optimize": True, "quality": 10}])
@pytest.mark.parametrize("size", [(5, 3), (641, 907), (2480, 3508)])
def test_a_white_page_is_whole(size: tuple[int, int], how: Any) -> None:
    for mode in ("L", "RGB"):
        assert reasons_here(saved([Image.new(mode, size, "white")], "JPEG", **how)) == [""]


def test_a_picture_that_takes_more_memory_a_point_may_have_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_DEEP_PIXELS", 10_000)
    assert reasons_here(saved([Image.new("RGBA", (101, 100))], "PNG")) == [Reason.TOO_LARGE]
    assert reasons_here(saved([Image.new("I;16", (101, 100))], "PNG")) == [Reason.TOO_LARGE]
    assert reasons_here(saved([Image.new("RGB", (101, 100))], "PNG")) == [""]


def test_a_page_that_hides_its_picture_is_not_blank() -> None:
    picture, file = Image.effect_noise((100, 100), 90), io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    image = pikepdf.Stream(pdf, picture.tobytes())
    nothing = pikepdf.Stream(pdf, bytes(100))
    for stream, side in ((image, 100), (nothing, 10)):
        stream.update(
            {
                "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": side, "/Height": side,
                "/BitsPerComponent": 8, "/ColorSpace": pikepdf.Name.DeviceGray,
            }
        )  # fmt: skip
    image.SMask = pdf.make_indirect(nothing)
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=pdf.make_indirect(image)))
    page.Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /I Do Q")
    pdf.save(file)
    assert reasons_here(file.getvalue()) == [Reason.DAMAGED]
