"""Ink a line off the boxes: of a question that seems blank it is a doubt, of any other it is nobody's business."""

from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest
from penned import SEED, Picture, geometry, line, page, read, spot, tick

from benchmarks.paper import blanks
from paper import deciding
from paper.geometry import Geometry
from paper.marks import Mark, PageSeen
from paper.reading import read_page

FORM = blanks.form()
BOXES = geometry().sides[0].boxes
QUESTIONS = list(dict.fromkeys(box.question for box in BOXES))


def number(question: str) -> int:
    """Its first box."""
    return next(at for at, box in enumerate(BOXES) if box.question == question)


def ticked(dpi: int = 150, left_out: str = "") -> Picture:
    """Every question answered by a tick in its first box, but for one."""
    picture = page(dpi=dpi)
    for question in QUESTIONS:
        if question != left_out:
            tick(picture, number(question), dpi)
    return picture


def astray(picture: Picture, question: str, right: float, down: float, dpi: int = 150) -> None:
    """A tick so many millimetres off its box."""
    x, y, w, _h = spot(number(question))
    x, y = x + right, y + down
    line(picture, [(x, y + 3), (x + 0.4 * w, y + w), (x + 1.1 * w, y - 1)], dpi, 0.5, 50)


def doubts(seen: PageSeen) -> dict[str, str]:
    return {one.question: one.why for one in deciding.decide(FORM.questionnaire, seen.boxes) if not one.sure}


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("question", [one for one in QUESTIONS if one not in ("stand_seen", "site_seen")][:3])
def test_a_tick_a_line_below_its_box_is_a_doubt_of_its_question_alone(question: str, dpi: int) -> None:
    picture = ticked(dpi, question)
    assert doubts(read(picture)) == {}, "the printed words alone are nobody's mark"
    astray(picture, question, 2, 13, dpi)
    assert doubts(read(picture)) == {question: deciding.OUTSIDE}
    assert doubts(read(np.ascontiguousarray(np.rot90(picture)))) == {question: deciding.OUTSIDE}


def test_beside_a_question_that_is_answered_it_says_nothing() -> None:
    picture = ticked()
    astray(picture, QUESTIONS[2], 2, 13)
    assert doubts(read(picture)) == {}


def test_a_broad_stain_is_no_mark() -> None:
    question = QUESTIONS[2]
    picture = ticked(left_out=question)
    x, y, w, _h = spot(number(question))
    at = (np.array([x + w, y + 11]) * 150 / 25.4).astype(int)
    stain = np.zeros(picture.shape, np.float32)
    cv2.circle(stain, at.tolist(), 26, 1.0, -1)
    picture = np.clip(picture * (1 - 0.4 * cv2.GaussianBlur(stain, (0, 0), 5)), 0, 255).astype(np.uint8)
    assert doubts(read(picture)) == {}


def test_by_a_form_whose_print_was_not_kept_only_the_surroundings_of_boxes_are_known() -> None:
    told = geometry()
    old = Geometry(
        told.width, told.height, told.line, tuple(replace(side, printed="") for side in told.sides)
    )
    assert old.sha256 == told.sha256
    picture = ticked(left_out=QUESTIONS[2])
    astray(picture, QUESTIONS[2], 2, 13)
    seen = read_page(picture, partial(blanks.resolve, old))
    assert seen.code == blanks.code(SEED, 1) and doubts(seen) == {}


def test_a_sheet_left_blank_is_blank() -> None:
    seen = read(page(dpi=200))
    assert {box.mark for box in seen.boxes} == {Mark.EMPTY}
