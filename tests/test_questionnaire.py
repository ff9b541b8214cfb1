"""Движок анкеты: путь, проверка, запись строкой и счётчики. Анкета на каждое умение — в `questionnaires/`."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.library import load, questionnaires
from surveys.measures import MEASURES, SIDES, TALLY_COLUMNS, age_band
from surveys.questionnaire import (
    Error,
    Questionnaire,
    heard,
    increments,
    packed,
    path,
    tallied,
    unpacked,
)

TINY = {file.stem: load(file) for file in Path(__file__).parent.joinpath("questionnaires").glob("*.toml")}
EVERY = [*TINY.values(), *questionnaires()]


def asked(name: str, **answers: str) -> list[str]:
    """Коды вопросов, которые зададут после этих ответов."""
    return [question.id for question in path(TINY[name], answers)]


def errors(found: list[Error]) -> list[tuple[str, str]]:
    """Ошибки как пары «вопрос, вид»."""
    return [(error.question.id, error.kind) for error in found]


class TestPath:
    def test_yes_to_the_filter_opens_the_dependent_question(self) -> None:
        assert asked("filter", remote_used="yes") == ["remote_used", "remote_staff", "overall"]

    @pytest.mark.parametrize("filtered", ["no", "unsure", "", "чепуха"])
    def test_any_other_answer_to_the_filter_skips_it(self, filtered: str) -> None:
        assert asked("filter", remote_used=filtered) == ["remote_used", "overall"]

    def test_the_dependent_question_waits_until_the_filter_is_answered(self) -> None:
        assert asked("filter") == ["remote_used", "overall"]

    def test_an_answer_to_a_skipped_question_opens_nothing_further(self) -> None:
        assert asked("chain", came="no", waited="yes", long="yes") == ["came"]

    def test_a_chain_opens_link_by_link(self) -> None:
        assert asked("chain", came="yes") == ["came", "waited"]
        assert asked("chain", came="yes", waited="yes") == ["came", "waited", "long"]

    def test_two_conditions_must_both_hold(self) -> None:
        assert asked("both", came="yes", called="no") == ["came", "called"]
        assert asked("both", came="yes", called="yes") == ["came", "called", "easier"]

    def test_a_condition_may_look_at_any_choice(self) -> None:
        assert asked("choice", road="car") == ["road", "parking"]
        assert asked("choice", road="bus") == ["road"]

    def test_the_path_leaves_the_answers_as_they_were(self) -> None:
        answers = {"came": "no", "waited": "yes"}
        path(TINY["chain"], answers)
        assert answers == {"came": "no", "waited": "yes"}


class TestHeard:
    def test_a_whole_form_is_kept_as_given(self) -> None:
        given = {"remote_used": "yes", "remote_staff": "no", "overall": "yes"}
        result = heard(TINY["filter"], given, blanks=False)
        assert (result.answers, result.errors, result.off_path) == (given, [], [])

    def test_what_is_off_the_path_is_named_and_not_kept(self) -> None:
        given = {"remote_used": "no", "remote_staff": "yes", "overall": "yes"}
        result = heard(TINY["filter"], given, blanks=False)
        assert result.answers == {"remote_used": "no", "overall": "yes"}
        assert (result.errors, result.off_path) == ([], ["remote_staff"])

    def test_a_blank_off_the_path_is_nothing_to_speak_of(self) -> None:
        given = {"remote_used": "no", "remote_staff": "  ", "overall": "yes"}
        assert heard(TINY["filter"], given, blanks=False).off_path == []

    def test_a_screen_names_every_question_on_the_path_left_unanswered(self) -> None:
        result = heard(TINY["filter"], {"remote_used": "yes", "overall": ""}, blanks=False)
        assert errors(result.errors) == [("remote_staff", "missing"), ("overall", "missing")]
        assert result.answers == {"remote_used": "yes"}

    def test_paper_may_leave_blanks(self) -> None:
        result = heard(TINY["filter"], {"overall": "no"}, blanks=True)
        assert (result.answers, result.errors) == ({"overall": "no"}, [])

    def test_behind_a_blank_filter_nothing_is_kept_even_on_paper(self) -> None:
        result = heard(TINY["filter"], {"remote_staff": "yes", "overall": "no"}, blanks=True)
        assert (result.answers, result.off_path) == ({"overall": "no"}, ["remote_staff"])

    def test_an_optional_question_may_be_left_on_any_channel(self) -> None:
        assert heard(TINY["profile"], {"overall": "yes"}, blanks=False).errors == []

    @pytest.mark.parametrize("blanks", [True, False])
    def test_a_value_that_is_no_choice_is_refused_on_every_channel(self, blanks: bool) -> None:
        result = heard(TINY["profile"], {"overall": "maybe"}, blanks=blanks)
        assert errors(result.errors) == [("overall", "unknown")]
        assert result.answers == {}
        assert "«maybe»" in result.errors[0].text_ru

    def test_a_very_long_wrong_value_is_quoted_briefly(self) -> None:
        (error,) = heard(TINY["profile"], {"overall": "да" * 5000}, blanks=False).errors
        assert len(error.text_ru) < 120

    @pytest.mark.parametrize("value", ["Yes", " yes", "да", "1", "unsure", "not_used", "\x00", "yes\n"])
    def test_only_the_exact_value_of_this_question_is_a_choice(self, value: str) -> None:
        assert heard(TINY["profile"], {"overall": value}, blanks=False).answers == {}

    def test_keys_that_are_no_questions_are_not_read(self) -> None:
        result = heard(TINY["profile"], {"overall": "yes", "key": "…", "__proto__": "x"}, blanks=False)
        assert result.answers == {"overall": "yes"}

    def test_words_are_trimmed_and_freed_of_what_cannot_be_printed(self) -> None:
        given = {"visits": " 12 ", "proposals": "\x00 Скамью\r\nи воду\ud800 "}
        result = heard(TINY["words"], given, blanks=False)
        assert result.answers == {"visits": "12", "proposals": "Скамью\nи воду"}

    def test_words_up_to_the_limit_pass_and_one_more_does_not(self) -> None:
        fits = heard(TINY["words"], {"visits": "1", "proposals": "я" * 20}, blanks=False)
        over = heard(TINY["words"], {"visits": "1", "proposals": "я" * 21}, blanks=False)
        assert (fits.errors, fits.answers["proposals"]) == ([], "я" * 20)
        assert errors(over.errors) == [("proposals", "too_long")]
        assert "21" in over.errors[0].text_ru and "20" in over.errors[0].text_ru

    def test_a_line_break_counts_once_as_the_browser_counts_it(self) -> None:
        words = "\r\n".join("я" * 10)  # девятнадцать знаков для браузера, двадцать восемь по проводам
        assert heard(TINY["words"], {"visits": "1", "proposals": words}, blanks=False).errors == []

    @pytest.mark.parametrize("value", ["много", "-1", "1.5", "1e2", "²", "٣"])
    def test_a_number_is_digits_only(self, value: str) -> None:
        (error,) = heard(TINY["words"], {"visits": value}, blanks=False).errors
        assert (error.question.id, error.kind) == ("visits", "unknown")
        assert "цифрами" in error.text_ru

    def test_a_number_too_long_is_refused(self) -> None:
        assert errors(heard(TINY["words"], {"visits": "1234"}, blanks=False).errors) == [
            ("visits", "too_long")
        ]

    def test_spaces_are_no_answer(self) -> None:
        assert errors(heard(TINY["words"], {"visits": " \t"}, blanks=False).errors) == [("visits", "missing")]

    def test_what_to_do_is_said_by_the_kind_of_question(self) -> None:
        (choose,) = heard(TINY["profile"], {}, blanks=False).errors
        (write,) = heard(TINY["words"], {}, blanks=False).errors
        assert (choose.text_ru, write.text_ru) == ("Выберите ответ", "Напишите ответ")


class TestPacked:
    def test_each_closed_question_is_one_character(self) -> None:
        assert packed(TINY["filter"], {"remote_used": "yes", "remote_staff": "no", "overall": "yes"}) == "121"

    def test_not_asked_not_answered_and_unsure_are_told_apart(self) -> None:
        assert packed(TINY["filter"], {"remote_used": "no", "overall": "yes"}) == "2-1"
        assert packed(TINY["filter"], {"remote_used": "yes", "overall": "yes"}) == "101"
        assert packed(TINY["aside"], {"stand": "not_used", "comfort": "unsure"}) == "33"

    def test_words_and_numbers_are_not_in_it(self) -> None:
        assert packed(TINY["words"], {"visits": "3", "proposals": "Скамью"}) == ""

    def test_a_chain_stays_shut_behind_its_first_link(self) -> None:
        assert packed(TINY["chain"], {"came": "no", "waited": "yes", "long": "yes"}) == "2--"

    def test_a_value_that_is_no_choice_is_a_mistake_of_the_caller(self) -> None:
        with pytest.raises(ValueError, match="overall"):
            packed(TINY["profile"], {"overall": "maybe"})

    @pytest.mark.parametrize("text", ["", "1", "1111", "1a1", "191", "1 1", "11я"])
    def test_a_string_of_another_form_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="filter"):
            unpacked(TINY["filter"], text)
        with pytest.raises(ValueError, match="filter"):
            increments(TINY["filter"], text)


class TestTallied:
    def test_yes_and_no_are_counted_and_the_rest_stands_aside(self) -> None:
        assert tallied(TINY["aside"], {"stand": "not_used", "comfort": "no"}) == {
            "stand_aside": 1,
            "comfort_no": 1,
        }
        assert tallied(TINY["aside"], {"stand": "yes", "comfort": "unsure"}) == {
            "stand_yes": 1,
            "comfort_aside": 1,
        }

    def test_who_was_not_asked_and_who_did_not_answer_are_counted_nowhere(self) -> None:
        assert tallied(TINY["filter"], {"remote_used": "no"}) == {"remote_used_no": 1}

    def test_the_profile_is_counted_by_its_code_whatever_the_order_of_choices(self) -> None:
        assert tallied(TINY["profile"], {"overall": "no", "sex": "female"}) == {
            "overall_no": 1,
            "sex_female": 1,
        }

    def test_five_points_add_to_nothing(self) -> None:
        assert tallied(TINY["scale"], {"quality": "3"}) == {}

    def test_a_packed_string_is_counted_like_its_answers(self) -> None:
        answers = {"remote_used": "yes", "remote_staff": "no", "overall": "yes"}
        assert tallied(TINY["filter"], packed(TINY["filter"], answers)) == tallied(TINY["filter"], answers)

    def test_columns_stand_in_one_order_for_ever(self) -> None:
        assert TALLY_COLUMNS[:4] == ("stand_seen_yes", "stand_seen_no", "stand_seen_aside", "stand_yes")
        assert TALLY_COLUMNS[44:48] == ("overall_aside", "sex_female", "sex_male", "age_under_18")
        assert len(TALLY_COLUMNS) == len(set(TALLY_COLUMNS)) == len(MEASURES) * len(SIDES) + 8


@pytest.mark.parametrize(
    ("years", "band"),
    [(0, "under_18"), (17, "under_18"), (18, "18_29"), (29, "18_29"), (30, "30_44"), (44, "30_44")]
    + [(45, "45_59"), (60, "60_74"), (74, "60_74"), (75, "75_plus"), (130, "75_plus")],
)
def test_full_years_fall_into_one_band(years: int, band: str) -> None:
    assert age_band(years) == band


@pytest.mark.parametrize("years", [-1, 131])
def test_years_nobody_lives_are_refused(years: int) -> None:
    with pytest.raises(ValueError, match=str(years)):
        age_band(years)


@st.composite
def filled(draw: st.DrawFn, wrong: bool = False) -> tuple[Questionnaire, dict[str, str]]:
    """Анкета и случайные ответы на неё: выборы, пропуски, слова, а при `wrong` и чепуха."""
    form = draw(st.sampled_from(EVERY))
    given: dict[str, str] = {}
    for question in form.questions:
        good: st.SearchStrategy[Any] = (
            st.sampled_from([*question.codes, None])
            if question.closed
            else (st.sampled_from(["1", "Скамью", None]))
        )
        value = draw(good | st.text(max_size=5) if wrong else good)
        if value is not None:
            given[question.id] = value
    return form, given


@settings(max_examples=400)
@given(filled(wrong=True), st.booleans())
def test_what_was_heard_is_on_the_path_and_heard_again_is_the_same(
    case: tuple[Questionnaire, dict[str, str]], blanks: bool
) -> None:
    form, given = case
    result = heard(form, given, blanks=blanks)
    again = heard(form, result.answers, blanks=True)
    assert result.answers.keys() <= {question.id for question in path(form, result.answers)}
    assert not {error.question.id for error in result.errors} & result.answers.keys()
    assert (again.answers, again.errors, again.off_path) == (result.answers, [], [])


@settings(max_examples=400)
@given(filled())
def test_packing_loses_nothing_that_was_heard(case: tuple[Questionnaire, dict[str, str]]) -> None:
    form, given = case
    answers = heard(form, given, blanks=True).answers
    text = packed(form, answers)
    closed = {question.id for question in form.closed}
    on_path = {question.id for question in path(form, answers)}
    assert unpacked(form, text) == {id: value for id, value in answers.items() if id in closed}
    assert packed(form, unpacked(form, text)) == text == packed(form, given)
    assert [code == "-" for code in text] == [question.id not in on_path for question in form.closed]


@settings(max_examples=400)
@given(filled())
def test_an_answer_adds_one_in_its_column_and_nowhere_else(
    case: tuple[Questionnaire, dict[str, str]],
) -> None:
    form, given = case
    answers = heard(form, given, blanks=True).answers
    expected = set()
    for question in form.closed:
        if question.id in answers and (question.measure or question.profile):
            value = answers[question.id]
            side = value if question.profile or value in ("yes", "no") else "aside"
            expected.add(f"{question.measure or question.profile}_{side}")
    row = increments(form, packed(form, answers))
    assert {name for name, plus in zip(TALLY_COLUMNS, row, strict=True) if plus} == expected
    assert set(row) <= {0, 1}
