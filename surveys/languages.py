"""Языки страниц получателя: какие есть, и анкета на каждом из них. Язык — файлы, а не код (docs/decisions/0036)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale

from surveys import library
from surveys.questionnaire import Choice, Question, Questionnaire

RUSSIAN = "ru"
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
WORDINGS = library.FOLDER / "translations"
FIELDS = ("caption", "wording", "hint")

_CODE = re.compile(r"[a-z]{2,3}")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Language:
    """Один язык: `name` — как он называет себя сам, `awaits_review` — носитель языка перевод ещё не читал."""

    code: str
    name: str
    direction: str
    awaits_review: bool

    @property
    def russian(self) -> bool:
        """Тот ли это язык, на котором всё написано."""
        return self.code == RUSSIAN


@dataclass(frozen=True, slots=True)
class Told:
    """Анкета на языке читателя; `russian` — тексты, для которых перевода нет: они остались русскими."""

    questionnaire: Questionnaire
    russian: frozenset[str]


@cache
def languages() -> Mapping[str, Language]:
    """Все языки по кодам, русский первым: папка в `translations/`, в которой есть language.toml."""
    found = [_language(file) for file in sorted(CATALOGUES.glob("*/language.toml"))]
    return MappingProxyType({one.code: one for one in sorted(found, key=lambda one: not one.russian)})


def _language(file: Path) -> Language:
    code, told = file.parent.name, tomllib.loads(file.read_text("utf-8"))
    if not _CODE.fullmatch(code):
        raise ValueError(f"{file}: код языка — две-три латинские буквы")
    return Language(
        code, told["name"], Locale.parse(code).text_direction, bool(told.get("awaits_review", False))
    )


def told(questionnaire: Questionnaire, code: str) -> Told:
    """Анкета на этом языке: ключи, ответы и отпечаток те же, другие только слова."""
    if code == RUSSIAN:
        return Told(questionnaire, frozenset())
    own, known, left = _own(code).get(questionnaire.id, _NOTHING), _known(code), set()

    def word(said: str, *path: str) -> str:
        found = _at(own, path) or known.get(said, "")
        if said and not found:
            left.add(said)
        return found or said

    def choice(question: Question, one: Choice) -> Choice:
        own_word = ("question", question.id, "choices", one.value)
        return replace(one, text=_at(own, own_word) or word(one.text, "answers", one.value))

    questions = tuple(
        replace(
            one,
            caption=word(one.caption, "question", one.id, "caption"),
            wording=word(one.wording, "question", one.id, "wording"),
            hint=word(one.hint, "question", one.id, "hint"),
            choices=tuple(choice(one, it) for it in one.choices),
        )
        for one in questionnaire.questions
    )
    title, intro = word(questionnaire.title, "title"), word(questionnaire.intro, "intro")
    return Told(replace(questionnaire, title=title, intro=intro, questions=questions), frozenset(left))


def missing(code: str) -> list[str]:
    """Тексты анкет библиотеки без перевода на этот язык: «675n-full: Вы смотрели…»."""
    return [
        f"{one.id}: {text}" for one in library.questionnaires() for text in sorted(told(one, code).russian)
    ]


def strays(code: str) -> list[str]:
    """Что в файлах перевода ни к чему не относится: опечатка в ключе не должна стать молчанием."""
    return [
        f"{name}.{code}.toml: {'.'.join(path)}"
        for name, table in _own(code).items()
        for path, _text in _leaves(table)
        if path not in _places(library.questionnaire(name))
    ]


def _places(questionnaire: Questionnaire) -> dict[tuple[str, ...], str]:
    """Каждый текст анкеты: где он стоит в файле перевода и как он звучит по-русски."""
    places: dict[tuple[str, ...], str] = {
        ("title",): questionnaire.title,
        ("intro",): questionnaire.intro,
    }
    for one in questionnaire.questions:
        places |= {("question", one.id, name): getattr(one, name) for name in FIELDS}
        places |= {("question", one.id, "choices", it.value): it.text for it in one.choices}
        places |= {("answers", it.value): it.text for it in one.choices if one.kind == "yes_no"}
    return {path: said for path, said in places.items() if said}


@cache
def _own(code: str) -> Mapping[str, Mapping[str, Any]]:
    """Файлы этого языка: код анкеты → её перевод."""
    files = sorted(WORDINGS.glob(f"*.{code}.toml"))
    return {file.name.removesuffix(f".{code}.toml"): tomllib.loads(file.read_text("utf-8")) for file in files}


@cache
def _known(code: str) -> Mapping[str, str]:
    """Русский текст → перевод, из всех анкет: одинаковые слова переводят один раз."""
    found: dict[str, str] = {}
    for name, table in _own(code).items():
        said = _places(library.questionnaire(name))
        found |= {said[path]: text for path, text in _leaves(table) if path in said}
    return found


def _leaves(table: Mapping[str, Any], *above: str) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, *above, key)
        else:
            yield (*above, key), value


def _at(table: Mapping[str, Any], path: tuple[str, ...]) -> str:
    for key in path[:-1]:
        table = table.get(key, _NOTHING)
    return str(table.get(path[-1], ""))
