"""Библиотека анкет: `library/*.toml` по коду, проверка любого файла и отказ с файлом и вопросом."""

import re
import tomllib
from functools import cache
from hashlib import sha256
from pathlib import Path

from surveys.questionnaire import Questionnaire
from surveys.refusals import PinnedChanged
from surveys.schema import Problem, understood

__all__ = ["Problem", "QuestionnaireRefused", "check", "load", "questionnaire", "questionnaires"]

FOLDER = Path(__file__).with_name("library")
MAX_BYTES = 256 * 1024

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class QuestionnaireRefused(Exception):
    """Файл анкеты нельзя взять; `problems` — все причины сразу."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@cache
def questionnaire(id: str) -> Questionnaire:
    """Анкета библиотеки по коду; LookupError — такой нет, QuestionnaireRefused — файл с замечаниями."""
    if id not in _ids():
        raise LookupError(f"анкеты «{id}» нет в библиотеке; есть: {', '.join(_ids())}")
    found = load(FOLDER / f"{id}.toml")
    if found.id != id:
        text, hint = f"В этом файле лежит анкета «{found.id}».", "Имя файла и код должны совпадать."
        raise QuestionnaireRefused([Problem(f"{id}.toml", "", "id", text, hint)])
    return found


def pinned(id: str, content_hash: str) -> Questionnaire:
    """Анкета, какой её закрепила кампания; PinnedChanged — файл с тех пор изменился или исчез."""
    try:
        found = questionnaire(id)
    except LookupError as error:
        raise PinnedChanged(f"Анкеты «{id}», которую закрепила кампания, больше нет.") from error
    if found.content_hash != content_hash:
        raise PinnedChanged(f"Анкета «{id}» изменилась после того, как её закрепила кампания.")
    return found


def questionnaires() -> list[Questionnaire]:
    """Все анкеты библиотеки по алфавиту кодов."""
    return [questionnaire(id) for id in _ids()]


def check(path: str | Path) -> list[Problem]:
    """Что в файле не так; пустой список — анкету можно брать."""
    return _read(Path(path))[1]


def load(path: str | Path) -> Questionnaire:
    """Анкета из файла; QuestionnaireRefused со всеми замечаниями, если они есть."""
    found, problems = _read(Path(path))
    if found is None:
        raise QuestionnaireRefused(problems)
    return found


def _ids() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def _read(path: Path) -> tuple[Questionnaire | None, list[Problem]]:
    try:
        raw = _bytes(path)
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except _Unreadable as reason:
        return None, [Problem(path.name, "", "", *reason.args)]
    except UnicodeDecodeError:
        hint = "Сохраните файл в кодировке UTF-8."
        return None, [Problem(path.name, "", "", "Это не текст в UTF-8.", hint)]
    except (ValueError, RecursionError) as error:
        return None, [_syntax(path.name, raw.decode("utf-8-sig"), str(error))]
    return understood(table, path.name, sha256(raw).hexdigest())


class _Unreadable(Exception):
    """Файл не удалось прочесть: что не так и что сделать."""


def _bytes(path: Path) -> bytes:
    try:
        if not path.exists():
            raise _Unreadable("Такого файла нет.", "Проверьте имя и папку.")
        if not path.is_file():
            raise _Unreadable("Это не файл.", "Назовите один файл .toml.")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _Unreadable("Файл не открывается.", f"Система ответила: {error.strerror}.") from None
    if len(raw) > MAX_BYTES:
        raise _Unreadable(f"Файл больше {MAX_BYTES // 1024} КБ: это не анкета.", "Проверьте имя файла.")
    return raw


def _syntax(file: str, text: str, error: str) -> Problem:
    place = _PLACE.search(error)
    refused = "Файл не разбирается как TOML"
    if "end of document" in error:
        return Problem(file, "", "", f"{refused}: обрывается в конце.", "Закройте кавычки и скобки.")
    if place is None:
        return Problem(file, "", "", f"{refused}.", "Слишком глубокие скобки или длинное число.")
    number = int(place[1])
    line = text.split("\n")[number - 1].strip()[:60]
    where = f"{refused}: строка {number}, знак {place[2]}."
    return Problem(file, "", "", where, f"Проверьте кавычки, скобки и знак «=»: {line}")
