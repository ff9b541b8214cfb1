"""Разобранный файл анкеты → `Questionnaire` или полный список того, что в нём не так, с вопросом и ключом."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, cast, get_args

from surveys.measures import MEASURES, PROFILE, SPHERES
from surveys.questionnaire import CLOSED, Choice, Kind, Question, Questionnaire
from surveys.rules import Found, broken

Table = Mapping[str, Any]

FILE_KEYS = (
    *("id", "version", "title", "source", "reconstruction", "verified"),
    *("spheres", "feeds_344n", "unsure", "intro", "question"),
)
QUESTION_KEYS = (
    *("id", "number", "caption", "wording", "hint", "kind", "choices"),
    *("measure", "profile", "when", "required", "max_length"),
)
CHOICE_KEYS = ("value", "text", "paper")
YES_NO_TEXTS = {"yes": "Да", "no": "Нет", "not_used": "Не пользовался", "unsure": "Затрудняюсь ответить"}
LENGTHS = {"text": 2000, "number": 6}

FILE_ID_HINT = "Латинские строчные буквы, цифры и дефис, до 40 знаков."
CODE_HINT = "Латинские строчные буквы, цифры и подчёркивание, до 40 знаков."

_FILE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_TYPES: dict[type, str] = {str: "текст в кавычках", bool: "true или false", int: "целое число"}
_TYPES |= {list: "список в квадратных скобках", dict: "таблица в фигурных скобках"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Одно замечание: файл, вопрос (пусто — весь файл), ключ, что не так и что с этим сделать."""

    file: str
    question: str
    key: str
    text_ru: str
    hint: str = ""

    def __str__(self) -> str:
        place = " · ".join(part for part in (self.file, self.question, self.key) if part)
        return f"{place}: {self.text_ru}" + (f" {self.hint}" if self.hint else "")


@dataclass
class Reading:
    """Чтение одного файла: значения достаются через него, а каждое несоответствие становится замечанием."""

    file: str
    question: str = ""
    problems: list[Problem] = field(default_factory=list)

    def note(self, key: str, text: str, hint: str = "") -> None:
        """Записать замечание к тому вопросу, который сейчас читается."""
        self.problems.append(Problem(self.file, self.question, key, text, hint))

    def value(self, table: Table, key: str, kind: type[Any], default: Any = None) -> Any:
        """Значение нужного вида; без `default` ключ обязателен, а вместо негодного вернётся пустое."""
        if key not in table:
            if default is None:
                self.note(key, "Этого ключа не хватает.", f"Добавьте строку: {key} = …")
            return kind() if default is None else default
        value = table[key]
        if type(value) is not kind:
            self.note(key, f"Здесь должно быть: {_TYPES[kind]}.")
            return kind() if default is None else default
        if kind is str and default is None and not value.strip():
            self.note(key, "Здесь пусто.", "Напишите текст между кавычками.")
        return value

    def known(self, table: Table, keys: tuple[str, ...]) -> None:
        """Назвать каждый ключ, которого в анкетах не бывает, и ближайший похожий."""
        for key in table:
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                hint = f"Может быть, {near[0]}?" if near else "Есть: " + ", ".join(keys)
                self.note(key, "Такого ключа нет.", hint)

    def among(self, key: str, value: Any, options: tuple[str, ...], what: str) -> bool:
        """Входит ли значение в закрытый перечень; если нет — замечание с перечнем."""
        if value in options:
            return True
        self.note(key, f"{what} «{value}» не бывает.", "Есть: " + ", ".join(options))
        return False

    def listed(self, table: Table, key: str, options: tuple[str, ...], what: str) -> str | None:
        """Значение из перечня или ничего, если ключа нет; негодное — замечание и ничего."""
        value = table.get(key)
        return value if key in table and self.among(key, value, options, what) else None


def understood(table: Table, file: str, content_hash: str) -> tuple[Questionnaire | None, list[Problem]]:
    """Анкета и замечания; при любом замечании анкеты нет."""
    reading = Reading(file)
    reading.known(table, FILE_KEYS)
    head = _head(table, reading)
    unsure = reading.value(table, "unsure", bool, False)
    questions = _questions(table, unsure, reading)
    reading.question = ""
    unsaid = any(problem.key == "feeds_344n" for problem in reading.problems)
    found = broken(questions, head["title"], head["reconstruction"], head["feeds_344n"] or unsaid)
    reading.problems += [Problem(file, *place) for place in _independent(found, reading.problems)]
    if reading.problems:
        return None, reading.problems
    return Questionnaire(**head, questions=questions, content_hash=content_hash), []


def _independent(found: list[Found], problems: list[Problem]) -> list[Found]:
    """Нарушения, которые не следуют из уже названных замечаний: опечатка называется один раз."""
    if not problems:
        return found
    noted = {problem.question for problem in problems} | {""}
    return [place for place in found if place[0] not in noted and place[1] != "when"]


def _head(table: Table, reading: Reading) -> dict[str, Any]:
    head = {key: reading.value(table, key, str) for key in ("id", "version", "title", "source")}
    head["intro"] = reading.value(table, "intro", str, "")
    if head["id"] and not _FILE_ID.fullmatch(head["id"]):
        reading.note("id", f"«{head['id']}» не годится.", FILE_ID_HINT)
    head |= {key: reading.value(table, key, bool, False) for key in ("reconstruction", "verified")}
    head["feeds_344n"] = reading.value(table, "feeds_344n", bool)
    spheres = reading.value(table, "spheres", list)
    if "spheres" in table and not spheres:
        reading.note("spheres", "Не названо ни одной сферы.", "Есть: " + ", ".join(SPHERES))
    head["spheres"] = tuple(s for s in spheres if reading.among("spheres", s, SPHERES, "Сферы"))
    return head


def _questions(table: Table, unsure: bool, reading: Reading) -> tuple[Question, ...]:
    tables = reading.value(table, "question", list)
    if "question" in table and not tables:
        reading.note("question", "В анкете нет вопросов.", "Каждый вопрос начинается строкой [[question]].")
    questions = []
    for place, item in enumerate(tables, start=1):
        if not isinstance(item, dict):
            reading.note("question", "Вопрос записан не таблицей.", "Каждый начинается строкой [[question]].")
            continue
        name = item.get("id")
        reading.question = name if isinstance(name, str) and name else f"{place}-й по порядку"
        questions.append(_question(item, unsure, reading))
    return tuple(questions)


def _question(item: Table, unsure: bool, reading: Reading) -> Question:
    reading.known(item, QUESTION_KEYS)
    id = reading.value(item, "id", str)
    if id and not _CODE.fullmatch(id):
        reading.note("id", f"«{id}» не годится.", CODE_HINT)
    kind = reading.value(item, "kind", str)
    if kind:
        reading.among("kind", kind, get_args(Kind), "Вида вопроса")
    return Question(
        id=id,
        number=reading.value(item, "number", int) if "number" in item else None,
        caption=reading.value(item, "caption", str),
        wording=reading.value(item, "wording", str),
        hint=reading.value(item, "hint", str, ""),
        kind=cast(Kind, kind),
        choices=_choices(item, kind, unsure, reading),
        measure=reading.listed(item, "measure", MEASURES, "Измерения"),
        profile=cast(
            Literal["sex", "age"] | None, reading.listed(item, "profile", tuple(PROFILE), "Признака")
        ),
        when=_when(item, reading),
        required=reading.value(item, "required", bool, True),
        max_length=_max_length(item, kind, reading),
    )


def _choices(item: Table, kind: str, unsure: bool, reading: Reading) -> tuple[Choice, ...]:
    if kind in LENGTHS:
        if "choices" in item:
            reading.note("choices", "У свободного ответа нет выборов.", "Уберите choices или смените kind.")
        return ()
    if kind not in CLOSED:
        return ()
    default = [{"value": "yes"}, {"value": "no"}] if kind == "yes_no" else None
    tables = reading.value(item, "choices", list, default)
    choices = [_choice(table, kind, reading) for table in tables]
    if unsure and kind == "yes_no" and not {"not_used", "unsure"} & {choice.value for choice in choices}:
        choices.append(Choice("unsure", YES_NO_TEXTS["unsure"]))
    return tuple(choices)


def _choice(table: Any, kind: str, reading: Reading) -> Choice:
    if not isinstance(table, dict):
        reading.note("choices", "Выбор записан не так.", 'Пишите { value = "…", text = "…" }.')
        return Choice("", "")
    reading.known(table, CHOICE_KEYS)
    value = reading.value(table, "value", str)
    if value and not _CODE.fullmatch(value):
        reading.note("choices", f"Код «{value}» не годится.", CODE_HINT)
    default = YES_NO_TEXTS.get(value) if kind == "yes_no" else None
    return Choice(value, reading.value(table, "text", str, default), reading.value(table, "paper", str, ""))


def _when(item: Table, reading: Reading) -> dict[str, str]:
    when = reading.value(item, "when", dict, {})
    for other, value in when.items():
        if not isinstance(value, str):
            hint = 'Пишите when = { вопрос = "значение" }.'
            reading.note("when", f"Условие на «{other}» записано не так.", hint)
    return {other: value for other, value in when.items() if isinstance(value, str)}


def _max_length(item: Table, kind: str, reading: Reading) -> int:
    if "max_length" in item and kind not in LENGTHS:
        reading.note("max_length", "Длина бывает только у свободного ответа.", "Уберите max_length.")
        return 0
    length: int = reading.value(item, "max_length", int, LENGTHS.get(kind, 0))
    if kind in LENGTHS and not 1 <= length <= 4000:
        reading.note("max_length", f"Длина {length} не годится.", "От 1 до 4000 знаков.")
    return length
