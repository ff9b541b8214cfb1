"""Screening of people's words: what is masked, what is left, and how well on made-up comments held apart."""

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.words import made_up
from benchmarks.words.scoring import Comment, scored
from surveys.screening import Kind, screen, shown
from surveys.screening.marks import Mark

KNOWN = made_up.written("known")


def masked(text: str) -> str:
    """The text as screening alone would show it."""
    return shown(text, screen(text)).text


@pytest.mark.parametrize("comment", KNOWN, ids=lambda one: one.text[:40])
def test_what_the_rules_were_made_by_is_found_as_it_is_marked(comment: Comment) -> None:
    score = scored([comment])
    assert (score.missed, score.wrong) == ([], [])


def test_most_is_found_in_comments_from_a_seed_the_rules_never_saw() -> None:
    score = scored(made_up.drawn(2026))
    assert score.texts == 400
    for kind in (Kind.PHONE, Kind.EMAIL, Kind.LINK, Kind.ADDRESS, Kind.PLATE, Kind.DOCUMENT, Kind.RUDE):
        assert score.there[kind] >= 8
        assert (score.recall(kind), score.precision(kind)) == (1, 1), kind
    assert score.recall(Kind.NAME) >= 0.98 and score.precision(Kind.NAME) >= 0.98
    assert score.whole >= 395


@pytest.mark.parametrize(
    ("name", "whole", "recall", "precision"), [("hard", 200, 0.95, 0.95), ("fresh", 64, 0.84, 0.92)]
)
def test_most_is_found_in_hard_cases_written_by_hand(name, whole, recall, precision) -> None:
    score = scored(made_up.written(name))
    assert score.whole >= whole
    assert score.recall(Kind.NAME) >= recall and score.precision(Kind.NAME) >= precision


def test_a_role_stays_and_the_name_goes() -> None:
    assert masked("Врач Иванова М. П. нагрубила") == "Врач [имя] нагрубила"


def test_rude_words_stay_and_their_places_are_told() -> None:
    told = shown(
        "Позвоните Маше 89261234567, пиздец очереди", screen("Позвоните Маше 89261234567, пиздец очереди")
    )
    assert told.text == "Позвоните [имя] [телефон], пиздец очереди"
    assert [told.text[start:end] for start, end in told.rude] == ["пиздец"]


def test_a_text_of_nothing_but_letters_and_signs_breaks_nothing() -> None:
    for text in (
        "",
        " ",
        "\n\n",
        "8" * 5000,
        "а" * 4000,
        "Иванова " * 500,
        "@" * 1000,
        "д. 1 " * 500,
        "8 9 " * 1000,
    ):
        marks = screen(text)
        assert shown(text, marks).text is not None


@given(st.text(st.sampled_from("аИв.ва 89-@+кд,(ф)\n x*7"), max_size=80))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_marks_are_in_order_and_apart(text: str) -> None:
    marks = screen(text)
    assert all(0 <= one.start < one.end <= len(text) for one in marks)
    assert all(one.end <= other.start for one, other in zip(marks, marks[1:], strict=False))


def test_masks_of_a_reviewer_are_put_in_the_same_way() -> None:
    assert shown("Рыжая из второго окна", [Mark(0, 5, Kind.HIDDEN)]).text == "[скрыто] из второго окна"


def test_no_network_is_asked(monkeypatch) -> None:
    def refused(*_given: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    assert masked("Сергей Петров") == "[имя]"
