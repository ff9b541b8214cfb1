"""Каналы — данные: восемь строк с неизменными номерами, и у каждого своя анкета по умолчанию."""

import pytest

from surveys.channels import BY_NUMBER, CHANNELS, default_questionnaire
from surveys.library import questionnaire
from surveys.measures import SPHERES


def test_the_numbers_that_the_database_keeps_never_change() -> None:
    assert {id: channel.number for id, channel in CHANNELS.items()} == {
        "poster": 1,
        "site": 2,
        "kiosk": 3,
        "phone": 4,
        "interview": 5,
        "paper": 6,
        "import": 7,
        "official": 8,
    }


def test_a_channel_is_found_by_its_number() -> None:
    assert [BY_NUMBER[number].id for number in range(1, 9)] == list(CHANNELS)


def test_screens_insist_on_an_answer_and_people_who_write_down_may_leave_a_blank() -> None:
    assert [id for id, channel in CHANNELS.items() if not channel.blanks] == ["poster", "site", "kiosk"]


def test_only_bus_gov_is_official_and_it_is_digital_as_our_screens_are() -> None:
    assert [id for id, channel in CHANNELS.items() if channel.official] == ["official"]
    assert [id for id, channel in CHANNELS.items() if channel.digital] == [
        "poster",
        "site",
        "kiosk",
        "official",
    ]


@pytest.mark.parametrize("channel", ["poster", "site", "kiosk", "official"])
@pytest.mark.parametrize("sector", SPHERES)
def test_screens_ask_thirteen_questions_in_every_sphere(channel: str, sector: str) -> None:
    assert default_questionnaire(channel, sector) == "bus-gov-13"


@pytest.mark.parametrize("channel", ["phone", "interview", "paper", "import"])
@pytest.mark.parametrize(
    ("sector", "expected"),
    [
        ("health", "675n-full"),
        ("social", "675n-full"),
        ("mse", "675n-full"),
        ("culture", "675n-culture-education"),
        ("education", "675n-culture-education"),
    ],
)
def test_elsewhere_timeliness_is_asked_only_where_the_sphere_has_it(
    channel: str, sector: str, expected: str
) -> None:
    assert default_questionnaire(channel, sector) == expected


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("sector", SPHERES)
def test_a_default_questionnaire_is_in_the_library_and_meant_for_the_sphere(
    channel: str, sector: str
) -> None:
    assert sector in questionnaire(default_questionnaire(channel, sector)).spheres


@pytest.mark.parametrize(("channel", "sector"), [("fax", "health"), ("paper", "sport")])
def test_an_unknown_channel_or_sphere_is_a_key_error(channel: str, sector: str) -> None:
    with pytest.raises(KeyError):
        default_questionnaire(channel, sector)
