"""Pictures of printed forms → what was seen: any way up, any resolution, with parts of it lost."""

import cv2
import numpy as np
import pytest
from penned import SEED, cross, fill, geometry, line, marks, page, read, ring, spot, tick

from benchmarks.paper import blanks
from paper import frame, serials
from paper.marks import How, Mark, Trouble
from paper.reading import available, read_boxes, read_page
from surveys import qr


def test_the_extra_is_there() -> None:
    assert available()


@pytest.mark.parametrize("side", [1, 2])
@pytest.mark.parametrize(("dpi", "quarter"), [(150, 1), (200, 2), (300, 3), (600, 0)])
def test_any_way_up_and_any_resolution(dpi: int, quarter: int, side: int) -> None:
    picture = page(side, dpi)
    tick(picture, 2, dpi, side)
    seen = read(np.ascontiguousarray(np.rot90(picture, quarter)))
    assert (seen.trouble, seen.how, seen.code) == (None, How.CODE, blanks.code(SEED, side))
    assert [number for number, mark in enumerate(marks(seen)) if mark != Mark.EMPTY] == [2]
    assert all(box.confidence >= 0.8 for box in seen.boxes)


def test_places_lead_from_millimetres_to_the_pixels_of_the_picture_that_was_given() -> None:
    picture = np.ascontiguousarray(np.rot90(page(dpi=300), 2))
    seen = read(picture)
    assert seen.size == (picture.shape[1], picture.shape[0])
    x, y, w = np.array(seen.places).reshape(3, 3) @ [105.0, 100.0, 1.0]
    shown = np.array([x / w, y / w])
    assert np.abs(shown - (np.array(picture.shape[::-1]) - np.array([105.0, 100.0]) * 300 / 25.4)).max() < 4


def test_what_is_drawn_in_a_box() -> None:
    picture = page()
    tick(picture, 0)
    cross(picture, 4)
    fill(picture, 8)
    ring(picture, 10)
    x, y, w, _h = spot(12)
    line(picture, [(x + 0.2 * w, y + 0.5 * w), (x + 0.8 * w, y + 0.5 * w)], 150, 0.5, 40)
    tick(picture, 15, off=-6.2)
    tick(picture, 18, dark=130)
    told = dict(enumerate(marks(read(picture))))
    expected = {
        0: Mark.MARKED,
        4: Mark.MARKED,
        8: Mark.FILLED,
        10: Mark.MARKED,
        12: Mark.MARKED,
        18: Mark.MARKED,
    }
    assert {number: told[number] for number in expected} == expected
    assert told[15] in (Mark.UNCLEAR, Mark.MARKED)
    assert {told[number] for number in told.keys() - expected.keys() - {15}} == {Mark.EMPTY}


def test_a_speck_is_no_mark_and_a_stain_is_nothing_sure() -> None:
    picture = page()
    tick(picture, 0)
    x, y = (np.array(spot(1).centre) * 150 / 25.4).astype(int)
    cv2.circle(picture, (int(x), int(y)), 1, 60, -1)
    x, y = (np.array(spot(4).centre) * 150 / 25.4).astype(int)
    stain = np.zeros(picture.shape, np.float32)
    cv2.circle(stain, (int(x), int(y)), 26, 1.0, 12)
    picture = np.clip(picture * (1 - 0.25 * cv2.GaussianBlur(stain, (0, 0), 3)), 0, 255).astype(np.uint8)
    seen = read(picture)
    assert seen.boxes[0].mark == Mark.MARKED
    assert seen.boxes[1].mark in (Mark.EMPTY, Mark.UNCLEAR)
    assert seen.boxes[4].mark == Mark.UNCLEAR


def test_a_torn_code_is_read_by_its_digits() -> None:
    picture = page()
    code = frame.CODE
    left, top, edge = (round(part * 150 / 25.4) for part in (code.x, code.y, code.width))
    picture[top + edge // 4 : top + edge + 9, left + edge // 4 : left + edge + 9] = 245
    seen = read(picture)
    assert seen.trouble is None and seen.how == How.DIGITS
    assert seen.code == blanks.without(blanks.code(SEED, 1))


def test_without_code_and_digits_it_waits_for_a_person_and_the_boxes_are_read_by_the_places() -> None:
    picture = page(dpi=200)
    tick(picture, 3, 200)
    for place in (frame.CODE, frame.DIGITS):
        left, top, width, height = (round(part * 200 / 25.4) for part in place)
        picture[top : top + height, left : left + width] = 255
    seen = read(picture)
    assert (seen.trouble, seen.code) == (Trouble.NO_NUMBER, None)
    assert len(seen.places) == 9
    assert seen.even is False
    again = read_boxes(picture, seen.places, geometry(), 1)
    assert (again.trouble, again.how) == (None, How.HAND)
    assert [number for number, mark in enumerate(marks(again)) if mark != Mark.EMPTY] == [3]
    assert read_boxes(picture, seen.places, geometry(), 9).trouble == Trouble.NO_PLACES
    assert read_boxes(picture, (), geometry(), 1).trouble == Trouble.NO_PLACES


@pytest.mark.parametrize("lost", [(0,), (1, 3), (0, 2, 4)])
def test_lost_corner_marks(lost: tuple[int, ...]) -> None:
    picture = page()
    tick(picture, 5)
    for number in lost:
        x, y, w, h = (round(part * 150 / 25.4) for part in frame.PLACES[number])
        picture[y - 5 : y + h // 2, x - 5 : x + w + 5] = 90
    seen = read(picture)
    assert seen.trouble is None
    assert [number for number, mark in enumerate(marks(seen)) if mark != Mark.EMPTY] == [5]


def test_with_too_few_corner_marks_nothing_is_said_of_the_boxes() -> None:
    picture = page()
    for number in (0, 2, 3, 4, 5):
        x, y, w, h = (round(part * 150 / 25.4) for part in frame.PLACES[number])
        picture[y : y + h, x : x + w] = 255
    seen = read(picture)
    assert (seen.trouble, seen.boxes) == (Trouble.NO_PLACES, ())
    assert seen.code == blanks.code(SEED, 1)


def test_two_sheets_on_one_picture() -> None:
    beside = np.hstack([page(1), page(1, seed=SEED + 1)])
    assert read(beside).trouble == Trouble.TWO_SHEETS
    under = np.hstack([page(1), page(1, seed=SEED + 1)[:, -300:]])
    assert read(under).trouble == Trouble.TWO_SHEETS


def test_an_empty_sheet_a_cover_and_a_foreign_one() -> None:
    rng = np.random.default_rng(1)
    paper = rng.normal(240, 3, (1754, 1240)).clip(0, 255).astype(np.uint8)
    assert read(paper).trouble == Trouble.BLANK
    letter = paper.copy()
    for row in range(30):
        cv2.putText(
            letter, "Application form 17", (100, 100 + 45 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 20, 3
        )
    assert read(letter).trouble == Trouble.FOREIGN
    modules = np.where(np.kron(np.array(qr.matrix(serials.cover(417, 3))), np.ones((8, 8), bool)), 0, 255)
    paper[200 : 200 + len(modules), 300 : 300 + len(modules)] = modules
    assert read(paper).trouble == Trouble.COVER


def test_a_code_that_is_not_of_this_service_is_kept_with_its_trouble() -> None:
    seen = read_page(page(), lambda code: None)
    assert (seen.trouble, seen.code) == (Trouble.FOREIGN, blanks.code(SEED, 1))
    assert seen.boxes == ()


def test_one_bit_and_a_faint_copy() -> None:
    picture = page(dpi=200)
    tick(picture, 2, 200)
    tick(picture, 7, 200, dark=110)
    faint = np.asarray(cv2.GaussianBlur((170 + picture * 0.25).astype(np.uint8), (0, 0), 0.8), np.uint8)
    for worn in (
        np.where(picture > 170, 255, 0).astype(np.uint8),
        (picture > 170).view(np.uint8) * 255,
        faint,
    ):
        seen = read(worn)
        assert seen.trouble is None
        assert [number for number, mark in enumerate(marks(seen)) if mark != Mark.EMPTY] == [2, 7]
