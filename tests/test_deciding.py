"""Marks → answers or doubts: one table, and what must hold of any marks at all."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paper.deciding import SURE, WHY, Verdict, decide
from paper.marks import BoxSeen, Mark
from surveys import library
from surveys.questionnaire import Questionnaire, heard

EMPTY, TICK, FILL, STRIKE, BLUR = Mark.EMPTY, Mark.MARKED, Mark.FILLED, Mark.STRUCK, Mark.UNCLEAR
FORM = library.questionnaire("675n-full")
LOW = 0.55  # of a box: too little for its question
FILTER, FOLLOWER = "stand_seen", "stand"


def box(question: str, value: str, mark: Mark, confidence: float = 0.9999, ink: float = 0.2) -> BoxSeen:
    return BoxSeen(question, value, mark, 0.5 if mark == BLUR else confidence, 0.0 if mark == EMPTY else ink)


def sheet(form: Questionnaire, **marks: Mapping[str, Mark | BoxSeen]) -> list[BoxSeen]:
    """Every box of the form: empty but for these; each other question is ticked at its first choice."""
    told = []
    for question in form.closed:
        given = marks.get(question.id, {question.choices[0].value: TICK})
        for choice in question.choices:
            one = given.get(choice.value, EMPTY)
            told.append(one if isinstance(one, BoxSeen) else box(question.id, choice.value, one))
    return told


def verdict(question: str, boxes: list[BoxSeen]) -> Verdict:
    (told,) = [one for one in decide(FORM, boxes) if one.question == question]
    return told


def faint(value: str, ink: float) -> dict[str, Mark | BoxSeen]:
    return {value: box("comfort", value, BLUR, ink=ink)}


STAIN = BoxSeen("comfort", "no", BLUR, 0.97, 0.2)


@pytest.mark.parametrize(
    ("marks", "value", "sure", "why"),
    [
        ({"yes": TICK}, "yes", True, ""),
        ({"no": TICK}, "no", True, ""),
        ({}, "", True, ""),
        ({"yes": TICK, "no": TICK}, "", False, "two"),
        ({"yes": FILL, "no": TICK}, "no", True, ""),
        ({"yes": FILL, "no": FILL}, "", False, "corrected"),
        ({"yes": FILL}, "yes", False, "corrected"),
        ({"yes": TICK, "no": BLUR}, "yes", False, "unclear"),
        ({"yes": TICK, "no": STAIN}, "yes", True, ""),
        ({"no": STAIN}, "no", False, "unclear"),
        ({"yes": TICK, "no": box("comfort", "no", TICK, LOW)}, "", False, "two"),
        ({"yes": box("comfort", "yes", TICK, LOW)}, "yes", False, "low"),
        ({"yes": TICK, "no": box("comfort", "no", EMPTY, LOW)}, "yes", False, "low"),
        ({"no": box("comfort", "no", EMPTY, LOW)}, "", False, "faint"),
        ({"yes": STRIKE, "no": TICK}, "no", True, ""),
        ({"yes": STRIKE}, "yes", False, "corrected"),
        (faint("yes", 0.03), "yes", False, "faint"),
        (faint("yes", 0.0), "yes", False, "outside"),
        (faint("yes", 0.3), "yes", False, "unclear"),
    ],
)
def test_one_question_of_a_sheet_marked_with_ticks(
    marks: dict[str, Mark | BoxSeen], value: str, sure: bool, why: str
) -> None:
    told = verdict("comfort", sheet(FORM, comfort=marks))
    assert (told.value, told.sure, told.why) == (value, sure, why)


def filled(**marks: Mapping[str, Mark | BoxSeen]) -> list[BoxSeen]:
    """A sheet of somebody who marks by filling."""
    told: dict[str, Mapping[str, Mark | BoxSeen]] = {q.id: {q.choices[0].value: FILL} for q in FORM.closed}
    return sheet(FORM, **(told | marks))


def test_who_fills_everywhere_answers_by_filling() -> None:
    assert all(told.sure and told.value for told in decide(FORM, filled()))
    assert verdict("comfort", filled(comfort={"yes": FILL, "no": FILL})).why == "two"
    assert verdict("comfort", filled(comfort={"yes": FILL, "no": TICK})).why == "corrected"
    assert verdict("comfort", filled(comfort={"no": TICK})).value == "no"


def test_half_ticks_and_half_fills_are_no_way_of_marking() -> None:
    half = {q.id: {q.choices[0].value: FILL if place % 2 else TICK} for place, q in enumerate(FORM.closed)}
    told = decide(FORM, sheet(FORM, **half))
    assert {one.why for one in told if not one.sure} == {"corrected"}
    assert sum(not one.sure for one in told) == len(FORM.closed) // 2


def scrawl(question: str, value: str, mark: Mark, sure: float) -> BoxSeen:
    return BoxSeen(question, value, mark, sure, 0.5, 0.99)


def test_marks_that_look_alike_are_one_way_of_marking() -> None:
    """A tick of a thick pen may pass for a fill and for a scribble: sure is that something is meant."""
    ways = [(TICK, 0.6), (FILL, 0.7), (STRIKE, 0.5)]
    told: dict[str, Mapping[str, Mark | BoxSeen]] = {}
    for place, question in enumerate(FORM.closed):
        first = question.choices[0].value
        told[question.id] = {first: scrawl(question.id, first, *ways[place % 3])}
    every = decide(FORM, sheet(FORM, **told))
    assert all(one.sure and one.value for one in every)
    marks = {"yes": scrawl("comfort", "yes", FILL, 0.7), "no": scrawl("comfort", "no", TICK, 0.6)}
    two = sheet(FORM, **(told | {"comfort": marks}))
    assert verdict("comfort", two).why == "two"


def test_a_few_fills_among_clear_ticks_stay_corrections() -> None:
    ticked: dict[str, Mapping[str, Mark | BoxSeen]] = {}
    for question in FORM.closed:
        first = question.choices[0].value
        ticked[question.id] = {first: scrawl(question.id, first, TICK, 0.98)}
    back = {key: {"yes": scrawl(key, "yes", FILL, 0.98)} for key in ("comfort", "on_time", "overall")}
    told = decide(FORM, sheet(FORM, **(ticked | back)))
    assert {one.question for one in told if not one.sure} == set(back)


@pytest.mark.parametrize(("said", "sure", "why"), [(0.7, False, "corrected"), (0.9, True, "")])
def test_an_only_answer_that_may_be_taken_back_is_a_doubt(said: float, sure: bool, why: str) -> None:
    """Something is meant there beyond doubt; what part of it is a tick, and not a scrawl over one?"""
    mark = scrawl("comfort", "no", TICK, said)
    told = verdict("comfort", sheet(FORM, comfort={"no": mark}))
    assert (told.value, told.sure, told.why) == ("no", sure, why)
    assert verdict("comfort", filled(comfort={"no": mark})).sure  # a fill and a tick are one to who fills


def meant(question: str, value: str, sure: float, mark: Mark = TICK, ink: float = 0.2) -> BoxSeen:
    """As the judge tells of it: something meant as surely as it is a mark."""
    return BoxSeen(question, value, mark, sure, ink, 0.999 if mark == STRIKE else sure)


def all_ticked(sure: float, **marks: Mapping[str, Mark | BoxSeen]) -> list[BoxSeen]:
    """Each question is ticked at its first choice, so surely; but for these."""
    told: dict[str, Mapping[str, Mark | BoxSeen]] = {}
    for question in FORM.closed:
        first = question.choices[0].value
        told[question.id] = {first: meant(question.id, first, sure)}
    return sheet(FORM, **(told | marks))


def test_an_answer_unlike_all_others_of_its_sheet_is_a_doubt() -> None:
    """Another's dot among ticks; but of somebody who answers by dots each is as little sure."""
    dot: dict[str, Mark | BoxSeen] = {"yes": meant("comfort", "yes", 0.65)}
    told = verdict("comfort", all_ticked(0.999, comfort=dot))
    assert (told.value, told.sure, told.why) == ("yes", False, "low")
    assert verdict("comfort", all_ticked(0.9, comfort=dot)).sure
    assert verdict("comfort", sheet(FORM, comfort=dot)).sure  # nothing was told of the others


@pytest.mark.parametrize("filled_over", [False, True])
def test_what_is_hardly_struck_out_beside_an_answer_is_a_doubt(filled_over: bool) -> None:
    """An arrow from one to the other, a tick gone over again: which of them counts?"""
    mark = FILL if filled_over else TICK
    for sure, expected in ((0.97, False), (0.9995, True)):
        marks = {"yes": meant("comfort", "yes", sure, STRIKE), "no": meant("comfort", "no", 0.9995, mark)}
        told = verdict("comfort", filled(comfort=marks) if filled_over else all_ticked(0.999, comfort=marks))
        assert (told.value, told.sure) == ("no", expected)


def test_a_question_is_surely_blank_only_when_its_boxes_are_surely_empty() -> None:
    for sure, expected in ((0.94, False), (0.96, True)):
        told = verdict("comfort", sheet(FORM, comfort={"no": box("comfort", "no", EMPTY, sure)}))
        assert (told.value, told.sure) == ("", expected)


def test_a_question_with_much_ink_in_a_box_is_not_surely_blank() -> None:
    """A mark may have been taken for a stain: the judge once was sure of an empty box under a stamp, and of a tick."""
    for ink, expected in ((0.04, True), (0.06, False)):
        stained = BoxSeen("comfort", "no", EMPTY, 0.999, ink, 0.0)
        told = verdict("comfort", sheet(FORM, comfort={"no": stained}))
        assert (told.value, told.sure, told.why) == ("", expected, "" if expected else "unclear")


@pytest.mark.parametrize(
    ("speck", "sure"),
    [
        (BoxSeen("comfort", "no", BLUR, 0.99, 0.0, 0.001), True),
        (BoxSeen("comfort", "no", BLUR, 0.99, 0.03, 0.001), False),  # it is in the box
        (BoxSeen("comfort", "no", BLUR, 0.99, 0.0, 0.1), False),  # somebody's dot
        (BoxSeen("comfort", "no", BLUR, 0.9, 0.0, 0.001), False),  # it may be a mark beside the box
    ],
)
def test_a_speck_beside_a_box_leaves_the_question_blank(speck: BoxSeen, sure: bool) -> None:
    told = verdict("comfort", sheet(FORM, comfort={"no": speck}))
    assert (told.value if sure else "", told.sure) == ("", sure)


@pytest.mark.parametrize(
    ("stain", "sure"),
    [
        (BoxSeen("comfort", "no", BLUR, 0.4, 0.01, 0.02), True),
        (BoxSeen("comfort", "no", BLUR, 0.4, 0.2, 0.02), False),  # it is in the box
        (BoxSeen("comfort", "no", BLUR, 0.4, 0.01, 0.3), False),  # it may be a mark
        (BoxSeen("comfort", "no", BLUR, 0.1, 0.01, 0.02), False),  # it is surely drawn for this box
    ],
)
def test_what_lies_at_another_box_does_not_stand_against_a_plain_mark(stain: BoxSeen, sure: bool) -> None:
    plain: dict[str, Mark | BoxSeen] = {"yes": meant("comfort", "yes", 0.999), "no": stain}
    assert verdict("comfort", all_ticked(0.999, comfort=plain)).sure == sure
    weak: dict[str, Mark | BoxSeen] = {"yes": meant("comfort", "yes", 0.9), "no": stain}
    assert not verdict("comfort", all_ticked(0.999, comfort=weak)).sure


def test_many_fills_are_a_way_of_marking_even_among_some_ticks() -> None:
    """Nobody takes back so many answers; who fills ticks now and then."""
    some = {
        q.id: {q.choices[0].value: FILL if place % 5 < 3 else TICK} for place, q in enumerate(FORM.closed)
    }
    assert all(one.sure and one.value for one in decide(FORM, sheet(FORM, **some)))


def test_somebody_whose_marks_look_alike_may_still_strike_one_out() -> None:
    ways = [(TICK, 0.6), (FILL, 0.7), (STRIKE, 0.5)]
    told: dict[str, Mapping[str, Mark | BoxSeen]] = {}
    for place, question in enumerate(FORM.closed):
        first = question.choices[0].value
        told[question.id] = {first: scrawl(question.id, first, *ways[place % 3])}
    struck = {"yes": BoxSeen("comfort", "yes", STRIKE, 0.97, 0.5, 0.99)}
    assert not verdict("comfort", sheet(FORM, **(told | {"comfort": struck}))).sure


@pytest.mark.parametrize(
    ("leading", "following", "expected"),
    [
        ({"yes": TICK}, {"no": TICK}, {FILTER: ("yes", True, ""), FOLLOWER: ("no", True, "")}),
        ({"no": TICK}, {}, {FILTER: ("no", True, ""), FOLLOWER: ("", True, "")}),
        ({"no": TICK}, {"no": TICK}, {FILTER: ("no", True, ""), FOLLOWER: ("no", True, "off_path")}),
        ({"no": TICK}, {"no": BLUR}, {FILTER: ("no", True, ""), FOLLOWER: ("", True, "off_path")}),
        ({}, {"no": TICK}, {FILTER: ("", False, "off_path"), FOLLOWER: ("no", True, "")}),
        ({}, {}, {FILTER: ("", True, ""), FOLLOWER: ("", True, "")}),
        ({"yes": TICK, "no": TICK}, {"no": TICK}, {FILTER: ("", False, "two"), FOLLOWER: ("no", True, "")}),
        (
            {"yes": TICK, "no": TICK},
            {"no": BLUR},
            {FILTER: ("", False, "two"), FOLLOWER: ("no", False, "unclear")},
        ),
    ],
)
def test_skips(
    leading: dict[str, Mark | BoxSeen],
    following: dict[str, Mark | BoxSeen],
    expected: dict[str, tuple[str, bool, str]],
) -> None:
    told = {one.question: one for one in decide(FORM, sheet(FORM, **{FILTER: leading, FOLLOWER: following}))}
    assert {name: (told[name].value, told[name].sure, told[name].why) for name in expected} == expected


def test_many_questions_without_a_mark_are_not_surely_blank() -> None:
    def bare(count: int) -> list[Verdict]:
        kept = [question.id for question in FORM.closed][: len(FORM.closed) - count]
        return [
            one for one in decide(FORM, sheet(FORM, **{q.id: {} for q in FORM.closed if q.id not in kept}))
        ]

    assert all(one.sure for one in bare(2))
    lost = bare(len(FORM.closed) // 2)
    assert {(one.value, one.why) for one in lost if not one.sure} == {("", "faint")}
    assert all(one.sure == bool(one.value) for one in lost)
    assert all(
        one.sure and not one.value for one in bare(len(FORM.closed))
    )  # an empty sheet is told as empty


def test_one_side_of_a_sheet_is_decided_by_itself() -> None:
    half = [one for one in sheet(FORM) if one.question in ("sex", "age")]
    assert [one.question for one in decide(FORM, half)] == ["sex", "age"]
    assert decide(FORM, []) == []


def test_a_box_that_the_questionnaire_does_not_know_is_not_an_answer() -> None:
    assert verdict("comfort", [*sheet(FORM), box("comfort", "perhaps", TICK)]).value == "yes"


MARKS = st.sampled_from([EMPTY, TICK, FILL, STRIKE, BLUR])


@st.composite
def sheets(draw: st.DrawFn) -> list[BoxSeen]:
    return [
        box(question.id, choice.value, draw(MARKS), draw(st.sampled_from([0.5, LOW, 0.999])))
        for question in FORM.closed
        for choice in question.choices
    ]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(sheets())
def test_of_any_marks(boxes: list[BoxSeen]) -> None:
    told = decide(FORM, boxes)
    assert [one.question for one in told] == [question.id for question in FORM.closed]
    for one in told:
        own = {seen.value: seen for seen in boxes if seen.question == one.question}
        assert one.value == "" or own[one.value].mark != EMPTY
        assert one.why in ("", *WHY) and (one.sure or one.why) and (one.sure or one.confidence < SURE)
        if one.sure and one.why != "off_path":
            inked = [seen for seen in own.values() if seen.mark != EMPTY]
            assert sum(seen.mark == TICK for seen in inked) <= 1
            assert all(seen.mark != BLUR for seen in inked)
            assert len(inked) == 1 or all(seen.confidence > LOW for seen in own.values())
    sure = {one.question: one.value for one in told if one.sure and one.value}
    assert not heard(FORM, sure, blanks=True).errors
