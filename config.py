"""Everything the service may be told, from the environment only, and a refusal to start half-told."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from surveys import hosts

ROOT = Path(__file__).resolve().parent
WEAK_SECRETS = frozenset({"dev", "secret", "changeme", "change-me", "password", "default"})
SHORTEST_SECRET = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ConfigRefused(Exception):
    """The environment does not say enough, or says what must not be; one clear line in Russian."""


@dataclass(frozen=True)
class Config:
    """What is in force. Upper-case names go into Flask's own configuration as they are."""

    SECRET_KEY: str
    SQLALCHEMY_DATABASE_URI: str
    DATA_DIR: Path
    BASE_URL: str = "http://127.0.0.1:8000"
    REDIS_URL: str = ""
    SQLITE_SYNCHRONOUS: str = "FULL"
    SURVEY_CACHE_SECONDS: float = 30.0
    MAX_CONTENT_LENGTH: int = 64 * 1024  # the largest form there is; a page that takes files says so itself
    SESSION_COOKIE_NAME: str = "nok"
    SESSION_COOKIE_SAMESITE: str = "Lax"
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SECURE: bool = False
    PERMANENT_SESSION_LIFETIME: int = 12 * 60 * 60
    WTF_CSRF_TIME_LIMIT: int = 12 * 60 * 60  # a check-list or a report stays open for hours
    BABEL_DEFAULT_LOCALE: str = "ru"
    BABEL_TRANSLATION_DIRECTORIES: str = str(ROOT / "translations")
    SIGN_IN_LIMIT: str = "10 per minute"
    API_LIMIT: str = "1200 per minute"  # of everybody without a token together: nobody's address is kept
    API_TOKEN_LIMIT: str = "300 per minute"  # noqa: S105 — of each token
    SMALLEST_GROUP: int = 5  # answers: of fewer by one way of asking no share is shown
    PUBLISHER: str = ""  # who publishes the open data; a campaign's council unless told
    PUBLISHER_INN: str = ""
    PUBLISHER_EMAIL: str = ""
    SIGNING_FILE: str = (
        ""  # the council's own key and certificate (PKCS#12); else one is uploaded for each act
    )
    SIGNING_PASSWORD: str = ""
    OIDC_ISSUER: str = (
        ""  # a provider of OpenID Connect by which people may prove that they have not answered yet
    )
    OIDC_CLIENT_ID: str = ""
    OIDC_CLIENT_SECRET: str = ""
    OIDC_NAME: str = ""  # what the button calls it
    SITE_CHECK_PRIVATE: bool = False  # sites of one's own network: for tests, not for the environment
    TESTING: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read NOK_*; each secret also as NOK_*_FILE. Raises ConfigRefused."""
        told = _Told(environ)
        data_dir = Path(told("DATA_DIR", str(ROOT / "var"))).absolute()
        base_url = _address(told("BASE_URL", cls.BASE_URL).rstrip("/"))
        address = urlsplit(base_url)
        issuer = _issuer(told("OIDC_ISSUER"), told("OIDC_CLIENT_ID"))
        return cls(
            SECRET_KEY=_secret(told.secret("SECRET_KEY"), data_dir, at_home=address.hostname in LOOPBACK),
            SQLALCHEMY_DATABASE_URI=_database(told.secret("DATABASE_URL"), data_dir),
            DATA_DIR=data_dir,
            BASE_URL=base_url,
            REDIS_URL=told.secret("REDIS_URL"),
            SQLITE_SYNCHRONOUS=_synchronous(told("SQLITE_SYNCHRONOUS", cls.SQLITE_SYNCHRONOUS)),
            SESSION_COOKIE_SECURE=address.scheme == "https",
            SMALLEST_GROUP=_smallest(told("SMALLEST_GROUP", str(cls.SMALLEST_GROUP))),
            PUBLISHER=told("PUBLISHER"),
            PUBLISHER_INN=_inn(told("PUBLISHER_INN")),
            PUBLISHER_EMAIL=told("PUBLISHER_EMAIL"),
            SIGNING_FILE=told("SIGNING_FILE"),
            SIGNING_PASSWORD=told.secret("SIGNING_PASSWORD"),
            OIDC_ISSUER=issuer,
            OIDC_CLIENT_ID=told("OIDC_CLIENT_ID"),
            OIDC_CLIENT_SECRET=told.secret("OIDC_CLIENT_SECRET"),
            OIDC_NAME=told("OIDC_NAME") or urlsplit(issuer).hostname or "",
        )

    @classmethod
    def for_tests(
        cls, database_url: str, data_dir: Path, *, base_url: str = "http://127.0.0.1:8000"
    ) -> "Config":
        """A closed little world of the tests' own."""
        return cls(
            SECRET_KEY="tests-only-" + "0" * SHORTEST_SECRET,
            SQLALCHEMY_DATABASE_URI=database_url,
            DATA_DIR=data_dir,
            BASE_URL=base_url,
            SURVEY_CACHE_SECONDS=0.0,
            SIGN_IN_LIMIT="1000 per minute",
            API_LIMIT="100000 per minute",
            API_TOKEN_LIMIT="100000 per minute",  # noqa: S106
            TESTING=True,
        )

    def without_secrets(self) -> dict[str, str]:
        """NOK_* → what is in force, fit for a screen: secrets and the database's password are left out."""
        return {
            "NOK_SECRET_KEY": "задан",
            "NOK_DATABASE_URL": _without_password(self.SQLALCHEMY_DATABASE_URI),
            "NOK_REDIS_URL": _without_password(self.REDIS_URL) or "нет: всё встроенное",
            "NOK_BASE_URL": self.BASE_URL,
            "NOK_DATA_DIR": str(self.DATA_DIR),
            "NOK_SQLITE_SYNCHRONOUS": self.SQLITE_SYNCHRONOUS,
            "NOK_SMALLEST_GROUP": str(self.SMALLEST_GROUP),
            "NOK_PUBLISHER": self.PUBLISHER or "нет: общественный совет кампании",
            "NOK_PUBLISHER_INN": self.PUBLISHER_INN or "нет",
            "NOK_PUBLISHER_EMAIL": self.PUBLISHER_EMAIL or "нет",
            "NOK_SIGNING_FILE": self.SIGNING_FILE or "нет: ключ выбирают при подписании",
            "NOK_SIGNING_PASSWORD": "задан" if self.SIGNING_PASSWORD else "нет",
            "NOK_OIDC_ISSUER": self.OIDC_ISSUER or "нет: вход получателей не предлагают",
            "NOK_OIDC_CLIENT_ID": self.OIDC_CLIENT_ID or "нет",
            "NOK_OIDC_CLIENT_SECRET": "задан" if self.OIDC_CLIENT_SECRET else "нет",
            "NOK_OIDC_NAME": self.OIDC_NAME or "нет",
        }


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@") if password else url


class _Told:
    """The environment, with NOK_X_FILE as another way of saying NOK_X."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def __call__(self, name: str, default: str = "") -> str:
        return self.environ.get(f"NOK_{name}", "").strip() or default

    def secret(self, name: str) -> str:
        file = self(f"{name}_FILE")
        if not file:
            return self(name)
        try:
            return Path(file).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigRefused(f"NOK_{name}_FILE: файл «{file}» не читается ({error.strerror})") from error


def _secret(given: str, data_dir: Path, *, at_home: bool) -> str:
    if given:
        if given.lower() in WEAK_SECRETS or len(given) < SHORTEST_SECRET:
            raise ConfigRefused(
                f"NOK_SECRET_KEY: слишком простой ключ, нужно не меньше {SHORTEST_SECRET} случайных знаков"
            )
        return given
    if not at_home:
        raise ConfigRefused(
            "NOK_SECRET_KEY не задан: служба с внешним адресом без своего ключа не запускается"
        )
    return _own_secret(data_dir / "secret_key")


def _own_secret(file: Path) -> str:
    """A random key of this installation, made once and readable by its owner only."""
    try:
        return file.read_text("utf-8").strip()
    except FileNotFoundError:
        pass
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(fresh)
    return fresh


def _database(given: str, data_dir: Path) -> str:
    if not given:
        return f"sqlite:///{data_dir / 'nok.sqlite3'}"
    if given.startswith("sqlite:///") and not given.startswith("sqlite:////"):
        return f"sqlite:///{Path(given.removeprefix('sqlite:///')).absolute()}"
    if given.startswith(("sqlite:////", "postgresql+psycopg://")):
        return given
    raise ConfigRefused("NOK_DATABASE_URL: ожидался адрес sqlite:///… или postgresql+psycopg://…")


def _synchronous(given: str) -> str:
    if given.upper() not in ("FULL", "NORMAL", "EXTRA"):
        raise ConfigRefused("NOK_SQLITE_SYNCHRONOUS: ожидалось FULL, NORMAL или EXTRA")
    return given.upper()


def _address(given: str) -> str:
    """The service's own address, a Cyrillic host in plain letters: codes, links and comparisons need one form."""
    refused = f"NOK_BASE_URL: ожидался адрес вида https://nok.example.ru, а задано «{given}»"
    try:
        address = urlsplit(hosts.plain_address(given))
    except ValueError as error:
        raise ConfigRefused(refused) from error
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ConfigRefused(refused)
    return address.geturl()


def _issuer(given: str, client_id: str) -> str:
    """What the provider calls itself; it must be reached safely."""
    if not given:
        return ""
    address = urlsplit(given)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise ConfigRefused("NOK_OIDC_ISSUER: ожидался адрес вида https://вход.example.ru")
    if not client_id:
        raise ConfigRefused("NOK_OIDC_CLIENT_ID не задан: служба входа выдаёт его при регистрации")
    return given


def _smallest(given: str) -> int:
    if not given.isdecimal() or not 3 <= int(given) <= 1000:
        raise ConfigRefused("NOK_SMALLEST_GROUP: ожидалось целое число от 3 до 1000")
    return int(given)


def _inn(given: str) -> str:
    if given and not (given.isascii() and given.isdigit() and len(given) in (10, 12)):
        raise ConfigRefused("NOK_PUBLISHER_INN: ожидался ИНН, 10 или 12 цифр")
    return given
