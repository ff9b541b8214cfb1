"""The shape of an act: its address, what is asked, what is answered, and how it is tried with curl."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.models import Right
from api.contract.schemas import CODE, NUMBER
from api.contract.shapes import Schema, text, whole

LONGEST_TEXT = 200
MOST_ROWS, MOST_CAMPAIGNS = 500, 50


@dataclass(frozen=True)
class Parameter:
    """One thing that is asked beside the address; `where`: query, path or header."""

    name: str
    about: str
    schema: Schema
    where: str = "query"
    required: bool = False


@dataclass(frozen=True)
class Operation:
    """One act. `gives`: status → (schema, when); `fails`: status → when, besides what every act may answer.

    `right`: what a token must allow; None needs no token. `takes`: types of body.
    """

    endpoint: str
    path: str
    title: str
    about: str
    gives: Mapping[int, tuple[str, str]]
    example: str
    method: str = "get"
    asks: Sequence[Parameter] = ()
    fails: Mapping[int, str] = field(default_factory=dict)
    right: Right | None = None
    bearer: bool = False
    takes: Sequence[str] = ()
    part: str = "Опубликованное"
    kept: str = "public, max-age=60"

    @property
    def id(self) -> str:
        """The name of the act in the document."""
        return self.endpoint.partition(".")[2]


def words(name: str, about: str) -> Parameter:
    return Parameter(name, about, text(minLength=1, maxLength=LONGEST_TEXT))


def limit(usual: int, most: int) -> Parameter:
    return Parameter("limit", "сколько строк на странице", whole(minimum=1, maximum=most, default=usual))


CURSOR = Parameter(
    "cursor",
    "откуда продолжать: берётся из адреса next, сам по себе ничего не значит",
    text(pattern="^[A-Za-z0-9_-]{1,100}$"),
)
CAMPAIGN = Parameter("campaign_id", "номер кампании", NUMBER, "path", True)
ORGANIZATION = Parameter("code", "код организации", CODE, "path", True)
BATCH = Parameter("batch_id", "номер загруженного файла", NUMBER, "path", True)
INN = Parameter("inn", "ИНН целиком", text(pattern="^([0-9]{10}|[0-9]{12})$"))
KEY = Parameter(
    "Idempotency-Key",
    "ваше имя этой загрузки: повтор с тем же именем не загрузит файл второй раз",
    text(pattern="^[!-~]{1,200}$"),
    "header",
)
NOT_FOUND = {404: "такого нет или оно не опубликовано"}
BAD = {400: "параметр не того вида"}
NO_PAGE = {404: "такой страницы нет: курсор не от этого списка"}
NO_BATCH = {404: "такого файла нет или ключ выдан не для его кампании"}
CONFLICT = {409: "сейчас этого сделать нельзя: скажет, почему"}
