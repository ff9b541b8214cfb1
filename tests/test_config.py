"""What the service may be told, and how it refuses to start half-told."""

import stat

import pytest

from config import Config, ConfigRefused
from surveys import hosts

LONG = "x" * 40


def test_at_home_a_secret_is_made_once_for_the_owner_only(tmp_path):
    first = Config.from_environment({"NOK_DATA_DIR": str(tmp_path)})
    second = Config.from_environment({"NOK_DATA_DIR": str(tmp_path)})
    assert first.SECRET_KEY == second.SECRET_KEY
    assert len(first.SECRET_KEY) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path):
    made = {Config.from_environment({"NOK_DATA_DIR": str(tmp_path / n)}).SECRET_KEY for n in "ab"}
    assert len(made) == 2


@pytest.mark.parametrize("secret", ["", "dev", "changeme", "short-but-own"])
def test_a_public_service_without_a_good_secret_does_not_start(tmp_path, secret):
    told = {"NOK_BASE_URL": "https://nok.example.ru", "NOK_SECRET_KEY": secret, "NOK_DATA_DIR": str(tmp_path)}
    with pytest.raises(ConfigRefused, match="NOK_SECRET_KEY"):
        Config.from_environment(told)


def test_a_secret_may_come_in_a_file(tmp_path):
    (tmp_path / "secret").write_text(LONG + "\n")
    told = {"NOK_BASE_URL": "https://nok.example.ru", "NOK_SECRET_KEY_FILE": str(tmp_path / "secret")}
    made = Config.from_environment(told)
    assert made.SECRET_KEY == LONG
    assert made.SESSION_COOKIE_SECURE


def test_a_secret_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigRefused, match="NOK_SECRET_KEY_FILE"):
        Config.from_environment({"NOK_SECRET_KEY_FILE": str(tmp_path / "nowhere")})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOK_BASE_URL", "nok.example.ru"),
        ("NOK_BASE_URL", "https://нок..рф"),
        ("NOK_BASE_URL", "https://nok.example.ru:порт"),
        ("NOK_DATABASE_URL", "mysql://somewhere"),
        ("NOK_SQLITE_SYNCHRONOUS", "OFF"),
        ("NOK_SMALLEST_GROUP", "2"),
        ("NOK_SMALLEST_GROUP", "пять"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path, name, value):
    with pytest.raises(ConfigRefused, match=name):
        Config.from_environment({"NOK_DATA_DIR": str(tmp_path), name: value})


def test_what_is_in_force_is_shown_without_secrets(tmp_path):
    told = {
        "NOK_DATA_DIR": str(tmp_path),
        "NOK_SECRET_KEY": LONG,
        "NOK_DATABASE_URL": "postgresql+psycopg://nok:hunter2@db/nok",
    }
    shown = "\n".join(Config.from_environment(told).without_secrets().values())
    assert LONG not in shown
    assert "hunter2" not in shown
    assert "postgresql+psycopg://nok:***@db/nok" in shown


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("https://нок.рф/", "https://xn--j1afd.xn--p1ai"),
        ("https://НОК.рф:8443", "https://xn--j1afd.xn--p1ai:8443"),
        ("https://Nok.Example.ru", "https://nok.example.ru"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_has_one_form(tmp_path, told, meant):
    made = Config.from_environment(
        {"NOK_BASE_URL": told, "NOK_SECRET_KEY": LONG, "NOK_DATA_DIR": str(tmp_path)}
    )
    assert meant == made.BASE_URL


def test_people_are_shown_a_cyrillic_host_in_cyrillic():
    assert (
        hosts.shown("https://xn--j1afd.xn--p1ai:8443/q/K7M4PX2D?p=3") == "https://нок.рф:8443/q/K7M4PX2D?p=3"
    )
    assert hosts.shown("https://nok.example.ru/xn--x") == "https://nok.example.ru/xn--x"
    assert hosts.shown("https://xn--0.ru/") == "https://xn--0.ru/"
