"""The generator of filled sheets: the same seed is the same picture, what it calls true is true, sets stay apart."""

from itertools import pairwise

import numpy as np
import pypdfium2
import pytest

from benchmarks.paper import blanks, filling, people, sheets
from benchmarks.paper.sheets import HELD_APART, TRIAL, TUNING, Drawn
from benchmarks.paper.truths import (
    ASTRAY,
    BESIDE,
    BLANK,
    COLUMN,
    CORRECTED,
    CROSSED_OUT,
    ERASED,
    FAR,
    FILLED,
    MARKED,
    NOT_ASKED,
    OFF_PATH,
    ON_WORD,
    PLAIN,
    PUT_RIGHT,
    STRAY,
    STRUCK,
    STRUCK_OUT,
    TAIL,
    TWO,
    UNASKED_FOR,
    WITHDRAWN,
    WORD_STRUCK,
    Truth,
)
from paper import stamping
from surveys.questionnaire import path


@pytest.fixture(scope="module")
def hard():
    """Sheets of hard answers, without pictures."""
    form = blanks.form()
    told = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        hand = people.drawn(TUNING.family, rng)
        told.append(filling.filled(form.questionnaire, form.geometry, hand, rng, Drawn.pen, "hard"))
    return told


@pytest.mark.parametrize("kind", ["spoiled", "photo"])
def test_the_same_seed_is_the_same_picture(kind):
    first, again, another = (list(sheets.tuning(kind, 1, start)) for start in (7, 7, 8))
    assert [page.code for page in first] == [page.code for page in again]
    assert [page.truth for page in first] == [page.truth for page in again]
    assert all(np.array_equal(one.image, other.image) for one, other in zip(first, again, strict=True))
    assert not np.array_equal(first[0].image, another[0].image)


def test_sets_share_no_seed_and_no_family():
    ranges = sorted((group.first, group.first + sheets.SEEDS) for group in (TUNING, TRIAL, HELD_APART))
    assert all(before[1] <= after[0] for before, after in pairwise(ranges))
    assert TUNING.family != HELD_APART.family
    assert TUNING.wear != HELD_APART.wear
    with pytest.raises(ValueError):
        list(sheets.tuning("scan", 1, start=sheets.SEEDS))


def test_every_question_with_boxes_has_its_truth_on_the_side_where_it_stands():
    pages = list(sheets.tuning("scan", 1, 3))
    for number, page in enumerate(pages, start=1):
        assert page.code.side == number
        assert set(page.truth) == {box.question for box in page.geometry.sides[number - 1].boxes}


def test_truth_follows_the_path(hard):
    asked_off = 0
    for sheet in hard:
        meant = {
            name: next(iter(truth.allowed)) for name, truth in sheet.truths.items() if len(truth.allowed) == 1
        }
        asked = {question.id for question in path(blanks.questionnaire(), meant)}
        for name, truth in sheet.truths.items():
            if truth.kind in (NOT_ASKED, OFF_PATH):
                assert name not in asked or "" in truth.allowed
                assert "" in truth.allowed
                asked_off += truth.kind == OFF_PATH
            if truth.kind == PLAIN:
                assert truth.marked <= truth.allowed and len(truth.marked) == 1
    assert asked_off > 0


def test_what_each_box_holds_agrees_with_what_may_be_said(hard):
    seen = set()
    for truth in (truth for sheet in hard for truth in sheet.truths.values()):
        seen |= set(truth.held.values())
        if truth.kind in (PLAIN, ASTRAY, TWO):
            meant = {value: held for value, held in truth.held.items() if held != STRAY}
            assert set(meant) == truth.marked
            assert set(meant.values()) <= {MARKED, FILLED}
        if truth.kind in (STRUCK, WORD_STRUCK, CROSSED_OUT):
            out = {value for value, held in truth.held.items() if held == STRUCK_OUT}
            assert not out & truth.allowed
            assert all(truth.held[value] in (MARKED, FILLED) for value in truth.allowed)
        if truth.kind == BLANK:
            assert set(truth.held.values()) <= {STRAY}  # somebody's long tail
    assert seen == {MARKED, FILLED, STRUCK_OUT, BESIDE, STRAY}


def test_a_second_mark_must_be_flagged_and_a_correction_has_one_answer(hard):
    kinds: dict[str, list[Truth]] = {}
    for sheet in hard:
        for truth in sheet.truths.values():
            kinds.setdefault(truth.kind, []).append(truth)
    assert all(truth.must_flag and len(truth.marked) == 2 for truth in kinds[TWO])
    riddles = {kind for kind, told in kinds.items() if any(truth.must_flag for truth in told)}
    assert riddles >= {TWO, STRUCK, WORD_STRUCK, ON_WORD, PUT_RIGHT}
    assert not riddles & {PLAIN, BLANK, ASTRAY, CORRECTED, CROSSED_OUT, WITHDRAWN, FAR, ERASED, TAIL}
    assert all(truth.marked <= truth.allowed for truth in kinds[CORRECTED] + kinds[CROSSED_OUT])
    assert min(len(kinds[kind]) for kind in (TWO, CORRECTED, CROSSED_OUT)) > 20


def test_every_way_of_answering_that_the_form_says_nothing_of_is_seen(hard):
    kinds = {truth.kind for sheet in hard for truth in sheet.truths.values()}
    assert kinds >= set(UNASKED_FOR)


def test_a_line_down_answers_several_questions_alike_or_none_of_them(hard):
    lines = 0
    for sheet in hard:
        told = [truth for truth in sheet.truths.values() if truth.kind == COLUMN]
        lines += bool(told)
        assert not told or len(told) >= 3
        assert len({truth.must_flag for truth in told}) <= 1
        assert all(set(truth.held) == truth.marked for truth in told)
    assert lines > 3


def test_those_who_are_trained_on_are_a_family_of_their_own_within_the_tuning_numbers():
    trained = next(iter(sheets.training("scan", 1, 3)))
    assert trained.seed == people.BROAD_SEEDS.start + 3
    assert trained.seed in range(TUNING.first, TUNING.first + sheets.SEEDS)
    broad = [people.drawn(people.BROAD, np.random.default_rng(seed)) for seed in range(400)]
    assert {hand.habit for hand in broad} == set(people.MARKS)
    widths = [hand.tool.width for hand in broad]
    assert people.NARROWEST <= min(widths) < 0.25 and 2.8 < max(widths) <= people.WIDEST
    assert all(hand.tool.width * hand.tool.cover > 0.05 for hand in broad)  # something is left to be read
    for family in (people.TUNING, people.HELD_APART):
        odd = [people.drawn(family, np.random.default_rng(seed)).odd for seed in range(50)]
        assert max(odd) < max(hand.odd for hand in broad)


def test_people_differ_and_one_sheet_is_one_hand():
    hands = [people.drawn(TUNING.family, np.random.default_rng(seed)) for seed in range(300)]
    assert {hand.habit for hand in hands} == set(people.MARKS)
    assert {hand.tool.name for hand in hands} == set(TUNING.family.tools)
    first, second = list(sheets.tuning("scan", 1, 5))
    assert first.hand == second.hand and first.seed == second.seed


def test_a_page_is_stamped_as_the_product_prints_it():
    """The generator puts code and digits into a cached raster; the product's own PDF shows the same."""
    code = blanks.code(41, 1)
    pdf = stamping.stamped(blanks.form(), [code], blanks.SALT)
    document = pypdfium2.PdfDocument(pdf)
    theirs = document[0].render(scale=200 / 72, grayscale=True).to_numpy()
    document.close()
    ours = blanks.printed(code, "bus-gov-13", "usual", 200)
    theirs = theirs.reshape(theirs.shape[0], theirs.shape[1], -1)[:, :, 0]
    assert ours.shape == theirs.shape
    differs = np.abs(ours.astype(int) - theirs.astype(int)) > 100
    assert differs.mean() < 0.001
    dark = (ours < 128).sum()
    assert abs(int(dark) - int((theirs < 128).sum())) < 0.01 * dark
