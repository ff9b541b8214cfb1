"""What the judge is taught by: the same number is the same lesson, and every box is told of."""

import numpy as np

from benchmarks.paper import glimpses, lessons, wearing
from paper.reading.learned import HELD
from paper.reading.views import HEIGHT, WIDTH


def test_a_lesson_follows_from_its_number() -> None:
    first, again = list(lessons.lesson(7)), list(lessons.lesson(7))
    for one, other in zip(first, again, strict=True):
        assert (one.views == other.views).all() and (one.held == other.held).all()
        assert one.views.shape == (len(one.held), HEIGHT, WIDTH)
        assert 0 <= one.views.min() and one.views.max() <= 1


def test_lessons_hold_all_that_a_box_may_hold() -> None:
    held = np.concatenate([side.held for number in range(3, 9) for side in lessons.lesson(number)])
    assert set(held.tolist()) - {glimpses.UNKNOWN} == set(range(len(HELD)))
    assert 0.3 < (held == lessons.EMPTY).mean() < 0.8


def test_what_is_worn_stays_a_view() -> None:
    (one, *_rest) = lessons.lesson(3)
    views = (one.views * 255).astype(np.uint8)
    for seed in range(6):
        worn = wearing.worn(views, np.zeros(len(views), np.int64), np.random.default_rng(seed))
        assert worn.shape == (len(views), 1, HEIGHT, WIDTH)
        assert worn.min() >= 0 and worn.max() <= 1 and worn.std() > 0.02
