"""The learned judge: its file, what its chances become, and marks that must never pass for something else."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from penned import Picture, geometry, line, page, read, spot, tick

from benchmarks.paper import blanks
from paper import reading
from paper.deciding import SURE, Verdict, decide
from paper.marks import Mark
from paper.reading import learned
from paper.reading.judging import judged
from paper.reading.views import BEYOND, before, beyond

DPI = 200
PLACES = {box.question: number for number, box in reversed(list(enumerate(geometry().sides[0].boxes)))}
ASKED = "on_time"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The model is looked for in an empty folder."""
    file = tmp_path / learned.FILE.name
    monkeypatch.setattr(learned, "FILE", file)
    for known in (reading.broken, learned._checked, learned._net):
        known.cache_clear()
    yield file
    for known in (reading.broken, learned._checked, learned._net):
        known.cache_clear()


def test_the_model_is_there_and_small() -> None:
    assert reading.broken() == ""
    assert learned.FILE.stat().st_size < 2_000_000


def test_without_the_model_nothing_is_read_and_it_is_said_why(elsewhere: Path) -> None:
    assert "judge.onnx" in reading.broken()
    with pytest.raises(learned.NoJudge):
        read(page())


def test_another_model_in_its_place_is_refused(elsewhere: Path) -> None:
    elsewhere.write_bytes(b"something else")
    elsewhere.with_suffix(".sha256").write_text("0" * 64 + "\n")
    assert "not the model" in reading.broken()


@pytest.mark.parametrize(
    ("chances", "mark", "confidence"),
    [
        ((0.998, 0.001, 0, 0, 0, 0.001), Mark.EMPTY, 0.999),
        ((0.001, 0.998, 0.001, 0, 0, 0), Mark.MARKED, 0.998),
        ((0, 0.1, 0.9, 0, 0, 0), Mark.FILLED, 0.9),
        ((0, 0.1, 0.1, 0.8, 0, 0), Mark.STRUCK, 0.8),
        ((0.1, 0.1, 0, 0, 0.8, 0), Mark.UNCLEAR, 0.1),
        ((0.3, 0.01, 0, 0, 0, 0.69), Mark.UNCLEAR, 0.99),
        ((0.8, 0.02, 0, 0, 0, 0.18), Mark.UNCLEAR, 0.98),
    ],
)
def test_chances_become_a_mark(chances: tuple[float, ...], mark: Mark, confidence: float) -> None:
    (told,) = judged(np.array([chances]), np.array([0.5]), np.array([0.1]), np.zeros(1))
    assert told.mark == mark and told.confidence == pytest.approx(confidence)
    assert told.meant == pytest.approx(sum(chances[1:4]))


def test_a_box_whose_frame_was_not_found_is_not_surely_empty() -> None:
    empty = (0.9999, 0, 0, 0, 0, 0.0001)
    told = judged(np.array([empty] * 5), np.array([0.5, 0.5, 0.5, 0.5, 0.1]), np.zeros(5), np.zeros(5))
    assert [one.mark for one in told] == [Mark.EMPTY] * 4 + [Mark.UNCLEAR]


def test_a_mark_that_leaves_no_ink_in_its_box_must_be_surely_a_ring() -> None:
    chances, held, inks = (
        np.array([(0.1, 0.9, 0, 0, 0, 0), (0.01, 0.99, 0, 0, 0, 0)]),
        np.full(2, 0.5),
        np.zeros(2),
    )
    assert [one.mark for one in judged(chances, held, inks, inks)] == [Mark.UNCLEAR, Mark.MARKED]
    assert [one.mark for one in judged(chances, held, inks + 0.02, inks)] == [Mark.MARKED] * 2


def test_what_surely_stands_beside_a_box_and_on_no_word_is_its_mark() -> None:
    chances = np.array([(0.02, 0, 0, 0, 0.98, 0), (0.2, 0, 0, 0, 0.8, 0), (0.02, 0, 0, 0, 0.98, 0)])
    told = judged(chances, np.full(3, 0.5), np.zeros(3), np.array([0.2, 0.2, 0.0]))
    assert [one.mark for one in told] == [Mark.MARKED, Mark.UNCLEAR, Mark.UNCLEAR]
    assert told[0].confidence == told[0].meant == pytest.approx(0.98)


@pytest.mark.parametrize("dpi", [150, 200, 600])
@pytest.mark.parametrize("side", [1, 2])
def test_a_side_that_somebody_left_blank_is_surely_blank(side: int, dpi: int) -> None:
    """The judge looks across the page: where nothing is marked it must not guess that something is."""
    told = decide(blanks.questionnaire(), read(page(side, dpi)).boxes)
    assert told and all(one.sure and not one.value for one in told)


@pytest.mark.parametrize("right", [-5, -3])
def test_a_tick_just_before_its_box_is_its_answer(right: float) -> None:
    picture = sheet()
    ticked(picture, right, 3)
    told = verdict(picture)
    assert (told.value, told.sure) == ("yes", True)


def test_beyond_the_views_only_words_are_looked_at() -> None:
    boxes = geometry().sides[0].boxes
    told = beyond(boxes, {"stand", "on_time"})
    assert {boxes[number].question for number, _off in told} == {"stand", "on_time"}
    assert all(
        abs(boxes[number].spot.x + off - other.spot.x) > other.spot.width
        for number, off in told
        for other in boxes
        if other.spot.y == boxes[number].spot.y
    )
    last = max(number for number, _off in told)
    assert [off / boxes[last].spot.width for number, off in told if number == last] == list(BEYOND)
    assert beyond(boxes, ()) == []
    assert before(boxes, {"stand", "on_time"}) == [(PLACES[name], -10.0) for name in ("stand", "on_time")]


def sheet() -> Picture:
    """Every question of the first side but one is ticked at its first box."""
    picture = page(1, DPI)
    for question, number in PLACES.items():
        if question != ASKED:
            tick(picture, number, DPI)
    return picture


def verdict(picture: Picture) -> Verdict:
    told = decide(blanks.questionnaire(), read(picture).boxes)
    others = [one for one in told if one.question != ASKED]
    assert all(one.sure and one.value == "yes" for one in others)
    (asked,) = [one for one in told if one.question == ASKED]
    return asked


def put(picture: Picture, *points: tuple[float, float]) -> None:
    """A line by millimetres from the upper left corner of the question's first box."""
    x, y, _w, _h = spot(PLACES[ASKED])
    line(picture, [(x + right, y + down) for right, down in points], DPI, 0.45, 50)


def ticked(picture: Picture, right: float, down: float) -> None:
    put(picture, (right - 2, down - 0.5), (right - 0.5, down + 2), (right + 3, down - 3))


def test_what_is_left_alone_and_what_is_ticked_is_sure() -> None:
    picture = sheet()
    assert (verdict(picture).value, verdict(picture).sure) == ("", True)
    ticked(picture, 3, 3)
    assert (verdict(picture).value, verdict(picture).sure) == ("yes", True)


@pytest.mark.parametrize(
    "strokes",
    [
        pytest.param([((-2, 3.2), (14, 2.8))], id="one stroke through box and word"),
        pytest.param([((7.5, 3.2), (14, 2.9))], id="one stroke through the word"),
    ],
)
def test_an_answer_struck_out_is_no_sure_answer(strokes: list[tuple[tuple[float, float], ...]]) -> None:
    picture = sheet()
    ticked(picture, 3, 3)
    for points in strokes:
        put(picture, *points)
    told = verdict(picture)
    assert not told.sure and told.confidence < SURE


@pytest.mark.parametrize(
    ("right", "down"),
    [
        pytest.param(10.5, 3, id="on the word"),
        pytest.param(3, -7, id="above the box"),
        pytest.param(24, 3, id="behind the word"),
        pytest.param(-9, 3, id="far before the box"),
    ],
)
def test_a_tick_beside_the_box_is_not_surely_nothing(right: float, down: float) -> None:
    picture = sheet()
    ticked(picture, right, down)
    told = verdict(picture)
    assert not told.sure or told.value == "yes"


def test_an_underlined_word_is_not_surely_nothing() -> None:
    picture = sheet()
    put(picture, (8, 6.2), (13.5, 6.0))
    told = verdict(picture)
    assert not told.sure or told.value == "yes"
