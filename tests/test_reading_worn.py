"""Worn and made-up pictures through the reader: photographs, dirt, stamps, one sheet twice, pictures made to hurt."""

import cv2
import numpy as np
import pytest
from penned import Picture, geometry, line, marks, page, read, spot, tick

from benchmarks.paper import blanks
from paper.deciding import NO_MARK, decide
from paper.geometry import Geometry
from paper.likeness import same_hand
from paper.marks import Mark, Trouble
from paper.reading import read_page
from paper.serials import PageCode


def photo(picture: Picture, seed: int) -> Picture:
    """From a side, bent, under a shadow, on a dark desk, in colour, saved as a poor JPEG."""
    rng = np.random.default_rng(seed)
    height, width = picture.shape
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    shown = (flat * 0.85 + [width * 0.08, height * 0.06] + rng.uniform(-0.04, 0.04, (4, 2)) * width).astype(
        np.float32
    )
    turned = cv2.warpPerspective(
        picture, cv2.getPerspectiveTransform(flat, shown), (width, height), borderValue=(70.0,)
    )
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    bent = np.asarray(
        cv2.remap(turned, x, y + 8 * np.sin(x / width * 3).astype(np.float32), cv2.INTER_LINEAR), np.uint8
    )
    light = (0.55 + 0.45 / (1 + np.exp((x - width * 0.6) / 60))).astype(np.float32)
    colour = np.stack([bent * light * cast for cast in (1.0, 0.96, 0.88)], 2)
    noisy = (colour + rng.normal(0, 3, colour.shape)).clip(0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 40])
    assert done
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


@pytest.mark.parametrize("seed", [3, 4])
def test_a_photograph(seed: int) -> None:
    picture = page(2, 200)
    boxes = geometry().sides[1].boxes
    first = {box.question: number for number, box in reversed(list(enumerate(boxes)))}
    for number in first.values():
        tick(picture, number, 200, 2)
    seen = read(photo(picture, seed))
    assert seen.trouble is None
    assert [number for number, mark in enumerate(marks(seen)) if mark == Mark.MARKED] == sorted(
        first.values()
    )
    told = decide(blanks.questionnaire(), seen.boxes)
    assert {one.question: one.value for one in told} == {name: boxes[at].value for name, at in first.items()}
    assert all(one.sure for one in told)


def test_words_are_seen_and_their_lines_are_not() -> None:
    picture = page(2, 200)
    (name, place), *_rest = geometry().sides[1].words.items()
    assert read(picture).words[name] < 0.0005
    points = [(place.x + 5 + 1.1 * n, place.y + 6 + (2 if n % 2 else 0)) for n in range(30)]
    line(picture, points, 200, 0.4, 60)
    assert read(picture).words[name] > 0.002


def test_dirt_on_the_glass_is_not_seen_and_what_it_crosses_stays() -> None:
    picture = page(1, 200)
    for number in (0, 4, 8):
        tick(picture, number, 200)
    (x, _y), w = spot(2).centre, spot(2).width
    for at, level in ((x, 80), (spot(0).centre[0] + w / 5, 60), (x + 11, 200)):
        column = round(at * 200 / 25.4)
        part = picture[:, column : column + 2]
        part[...] = np.maximum(part.astype(int) - level, 0).astype(np.uint8)
    for turned in (picture, np.ascontiguousarray(np.rot90(picture))):
        seen = read(turned)
        assert [number for number, mark in enumerate(marks(seen)) if mark != Mark.EMPTY] == [0, 4, 8]


def test_a_stamp_does_not_stand_against_a_clear_mark() -> None:
    picture = page(1, 200)
    for number in (0, 4, 8, 12):
        tick(picture, number, 200)
    (x, y), turns = spot(5).centre, np.linspace(0, 6.5, 60)
    for radius in (9.0, 7.0):
        ring = [(x - 6 + radius * np.cos(t), y + 6 + radius * np.sin(t)) for t in turns]
        line(picture, ring, 200, 0.7, 110)
    seen = read(picture)
    assert seen.boxes[5].mark in (Mark.UNCLEAR, Mark.EMPTY)
    assert seen.boxes[5].confidence >= NO_MARK


def test_ink_too_pale_for_a_mark_is_not_surely_none() -> None:
    picture = page(1, 200)
    for number in (0, 4):
        tick(picture, number, 200)
    tick(picture, 8, 200, dark=222)
    boxes = read(np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.2), np.uint8)).boxes
    assert boxes[8].mark != Mark.EMPTY or boxes[8].confidence < 0.6
    assert all(box.confidence >= 0.8 for number, box in enumerate(boxes) if number not in (0, 4, 8))


def _by(pen: int, dpi: int, quality: int, turn: float) -> str:
    """A fingerprint of six ticks, by this person, scanned this way."""
    rng = np.random.default_rng(pen)
    picture = page(1, 200)
    for number in (0, 3, 6, 9, 12, 15):
        tick(picture, number, 200, off=rng.uniform(-1.2, 1.2), lean=rng.uniform(-0.3, 0.25))
    height, width = picture.shape
    about = cv2.getRotationMatrix2D((width / 2, height / 2), turn, dpi / 200)
    scanned = cv2.warpAffine(picture, about, (width, height), flags=cv2.INTER_AREA, borderValue=(255.0,))
    done, data = cv2.imencode(".jpg", scanned, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return read(np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)).hand


def test_a_sheet_scanned_twice_is_one_hand_and_another_person_on_a_copy_is_not() -> None:
    first = _by(1, 200, 90, 0.0)
    assert 0 < len(first) < 400
    assert same_hand(first, _by(1, 190, 50, 1.5))
    assert same_hand(first, _by(1, 170, 70, -2.0))
    assert not any(same_hand(first, _by(pen, 200, 90, 0.3)) for pen in (2, 3, 4))


def _nearly(pen: int) -> str:
    """One way of ticking, each tick up to 0.3 mm off."""
    rng = np.random.default_rng(pen)
    picture = page(1, 200)
    for number in (0, 3, 6, 9, 12, 15):
        tick(picture, number, 200, off=rng.uniform(-0.3, 0.3), lean=rng.uniform(-0.08, 0.08))
    return read(picture).hand


def test_somebody_who_ticks_nearly_alike_is_still_somebody_else() -> None:
    first = _nearly(1)
    assert same_hand(first, first)
    assert not any(same_hand(first, _nearly(pen)) for pen in (2, 3, 4, 5))


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 5000), (5000, 1), (0, 0), (7, 7, 3), (300, 300, 2), (200, 400, 4), (64,)]
)
def test_a_picture_made_to_hurt_is_foreign(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    for picture in (np.zeros(shape, np.uint8), rng.integers(0, 255, shape).astype(np.uint8)):
        assert read(picture).trouble in (Trouble.FOREIGN, Trouble.BLANK)


def test_noise_black_and_other_numbers_are_foreign() -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (1200, 900)).astype(np.uint8)
    for picture in (
        noise,
        noise.astype(np.float64),
        noise.astype(np.uint16) * 200,
        np.zeros((1200, 900), np.uint8),
    ):
        seen = read(picture)  # type: ignore[arg-type]
        assert seen.trouble in (Trouble.FOREIGN, Trouble.BLANK) and not seen.boxes


def test_what_resolve_raises_is_not_swallowed() -> None:
    def broken(code: PageCode) -> Geometry | None:
        raise LookupError("the database is gone")

    with pytest.raises(LookupError):
        read_page(page(), broken)
