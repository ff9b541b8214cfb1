"""How days and long words are written for people: days by the clock on their wall."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from surveys.display import day, softened


@pytest.fixture(autouse=True)
def in_moscow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three hours ahead of Greenwich; afterwards as it was."""
    with monkeypatch.context() as environment:
        environment.setenv("TZ", "Europe/Moscow")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (date(2026, 11, 21), "21 ноября 2026"),
        (datetime(2026, 11, 21, 20, 59), "21 ноября 2026"),  # noqa: DTZ001  as the database keeps it
        (datetime(2026, 11, 21, 21, 0), "22 ноября 2026"),  # noqa: DTZ001
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), "22 ноября 2026"),
        (None, ""),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_moment_of_the_database_is_told_by_the_clock_of_the_place(app: Flask, told, shown) -> None:
    with app.test_request_context():
        assert day(told) == shown


def test_a_long_word_is_parted_by_syllables_and_reads_the_same() -> None:
    told = softened("K4 Доброжелательность, вежливость")
    assert told.replace("\u00ad", "") == "K4 Доброжелательность, вежливость"
    assert "Добро\u00adже\u00adла\u00adтель\u00adность" in told and "вежливость" in told
