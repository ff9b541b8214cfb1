"""Анкета и её единственный движок: путь, проверка, запись строкой, прибавка к счётчикам. Без сети и базы."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from surveys.measures import TALLY_COLUMNS

Kind = Literal["yes_no", "choice", "scale", "text", "number"]
Wrong = Literal["missing", "unknown", "too_long"]

CLOSED: tuple[Kind, ...] = ("yes_no", "choice", "scale")
OFF_PATH, BLANK = "-", "0"

_NOWHERE = len(TALLY_COLUMNS)
_COLUMN = {name: place for place, name in enumerate(TALLY_COLUMNS)}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """Один ответ на выбор; `paper` — как он напечатан на бумаге, если иначе («Нет (переход к вопросу 3)»)."""

    value: str
    text: str
    paper: str = ""

    @property
    def printed(self) -> str:
        """Текст для бумажной анкеты."""
        return self.paper or self.text


@dataclass(frozen=True, slots=True)
class Question:
    """Один вопрос: `caption` спрашивает на экране, `wording` — текст методики, `when` — кого спрашивают."""

    id: str
    number: int | None
    caption: str
    wording: str
    hint: str
    kind: Kind
    choices: tuple[Choice, ...]
    measure: str | None
    profile: Literal["sex", "age"] | None
    when: Mapping[str, str]
    required: bool
    max_length: int

    @property
    def closed(self) -> bool:
        """Отвечают выбором, а не словами или числом: только такие вопросы хранятся в строке ответа."""
        return self.kind in CLOSED

    @property
    def codes(self) -> dict[str, str]:
        """Значение → его знак в строке ответа, «1»…«9» по порядку выбора."""
        return {choice.value: str(place) for place, choice in enumerate(self.choices, start=1)}


_Step = tuple[Question, str, tuple[tuple[str, str], ...], Mapping[str, str] | None]
_Place = tuple[str, tuple[tuple[int, str], ...], Mapping[str | None, str]]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Одна анкета, как она лежит в файле; `content_hash` — sha256 байтов файла, им её закрепляет кампания."""

    id: str
    version: str
    title: str
    source: str
    reconstruction: bool
    verified: bool
    spheres: tuple[str, ...]
    feeds_344n: bool
    intro: str
    questions: tuple[Question, ...]
    content_hash: str
    closed: tuple[Question, ...] = field(init=False, repr=False, compare=False)
    _steps: tuple[_Step, ...] = field(init=False, repr=False, compare=False)
    _places: tuple[_Place, ...] = field(init=False, repr=False, compare=False)
    _values: tuple[Mapping[str, str], ...] = field(init=False, repr=False, compare=False)
    _columns: tuple[Mapping[str, int], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Разложить вопросы так, чтобы ответ проверялся за микросекунды."""
        closed = tuple(question for question in self.questions if question.closed)
        codes = {question.id: question.codes for question in closed}
        position = {question.id: place for place, question in enumerate(closed)}
        compiled: dict[str, object] = {
            "closed": closed,
            "_steps": tuple((q, q.id, tuple(q.when.items()), codes.get(q.id)) for q in self.questions),
            "_places": tuple(
                (
                    q.id,
                    tuple((position[other], codes[other][value]) for other, value in q.when.items()),
                    {**codes[q.id], None: BLANK, "": BLANK},
                )
                for q in closed
            ),
            "_values": tuple({code: value for value, code in codes[q.id].items()} for q in closed),
            "_columns": tuple(_columns(q) for q in closed),
        }
        for name, value in compiled.items():
            object.__setattr__(self, name, value)

    @property
    def worded(self) -> tuple[str, ...]:
        """Коды вопросов, на которые отвечают своими словами."""
        return tuple(question.id for question in self.questions if question.kind == "text")

    @property
    def numbered(self) -> tuple[Question, ...]:
        """Вопросы с номером: их число называют человеку («13 вопросов»)."""
        return tuple(question for question in self.questions if question.number is not None)

    def question(self, id: str) -> Question:
        """Вопрос по его коду; KeyError, если такого нет."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)


@dataclass(frozen=True, slots=True)
class Error:
    """Почему ответ на вопрос нельзя принять; `value` — присланное, как есть."""

    question: Question
    kind: Wrong
    value: str

    @property
    def text_ru(self) -> str:
        """Что сделать человеку, одной фразой для места у вопроса и для списка сверху."""
        if self.kind == "missing":
            return "Выберите ответ" if self.question.closed else "Напишите ответ"
        if self.kind == "too_long":
            return f"Сократите, пожалуйста: знаков {len(self.value)}, а можно до {self.question.max_length}"
        if self.question.kind == "number":
            return "Напишите целое число цифрами"
        shown = self.value if len(self.value) <= 40 else self.value[:40] + "…"
        return f"Ответа «{shown}» здесь нет. Выберите один из предложенных"


@dataclass(slots=True)
class Heard:
    """Услышанное: ответы на пути, ошибки, `off_path` — на что ответили мимо пути (не сохраняется)."""

    answers: dict[str, str]
    errors: list[Error]
    off_path: list[str]


def path(questionnaire: Questionnaire, answers: Mapping[str, str]) -> list[Question]:
    """Вопросы, которые задают этому человеку, по порядку. Ничего не хранит и не стирает."""
    asked: list[Question] = []
    known: dict[str, str] = {}
    for question, key, when, codes in questionnaire._steps:
        if _holds(when, known):
            asked.append(question)
            if codes is not None and key in answers:
                known[key] = answers[key]
    return asked


def heard(questionnaire: Questionnaire, given: Mapping[str, str], *, blanks: bool) -> Heard:
    """Проверка ответов любого канала; `blanks` — можно ли пропускать, лишние ключи не читаются."""
    result = Heard({}, [], [])
    answers = result.answers
    get = given.get
    for question, key, when, codes in questionnaire._steps:
        value = get(key)
        if when and not _holds(when, answers):
            if value and value.strip():
                result.off_path.append(key)
        elif value and codes is not None and value in codes:
            answers[key] = value
        elif value or (question.required and not blanks):
            _settle(question, value or "", blanks, result)
    return result


def packed(questionnaire: Questionnaire, answers: Mapping[str, str]) -> str:
    """Закрытые ответы строкой, знак на вопрос: «-» не спрашивали, «0» не ответил, «1»…«9» номер выбора.

    Ответы берутся из `heard`; значение, которого нет среди выборов, — ValueError.
    """
    codes: list[str] = []
    try:
        for key, when, choices in questionnaire._places:
            for place, code in when:
                if codes[place] != code:
                    codes.append(OFF_PATH)
                    break
            else:
                codes.append(choices[answers.get(key)])
    except KeyError as unknown:
        raise ValueError(f"{questionnaire.id}: нет такого ответа на вопрос {key}: {unknown}") from None
    return "".join(codes)


def unpacked(questionnaire: Questionnaire, text: str) -> dict[str, str]:
    """Строка `packed` обратно в ответы; строка другой анкеты — ValueError."""
    answers = {}
    try:
        for question, values, code in zip(questionnaire.closed, questionnaire._values, text, strict=True):
            if code not in (OFF_PATH, BLANK):
                answers[question.id] = values[code]
    except (KeyError, ValueError):
        raise _foreign(questionnaire, text) from None
    return answers


def increments(questionnaire: Questionnaire, text: str) -> tuple[int, ...]:
    """Строка `packed` → прибавка к каждому столбцу `TALLY_COLUMNS`, 0 или 1, в их порядке."""
    row = [0] * (_NOWHERE + 1)
    try:
        for columns, code in zip(questionnaire._columns, text, strict=True):
            row[columns[code]] = 1
    except (KeyError, ValueError):
        raise _foreign(questionnaire, text) from None
    del row[_NOWHERE]
    return tuple(row)


def tallied(questionnaire: Questionnaire, answers: Mapping[str, str] | str) -> dict[str, int]:
    """Столбцы счётчиков, которым этот ответ прибавляет единицу; принимает ответы или строку `packed`."""
    text = answers if isinstance(answers, str) else packed(questionnaire, answers)
    return {
        name: 1 for name, plus in zip(TALLY_COLUMNS, increments(questionnaire, text), strict=True) if plus
    }


def _holds(when: Sequence[tuple[str, str]], answers: Mapping[str, str]) -> bool:
    for key, value in when:
        if answers.get(key) != value:
            return False
    return True


def plain(value: str) -> str:
    """Слова человека как их хранят: без невидимых знаков, с одним видом конца строки."""
    return _UNPRINTABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _settle(question: Question, value: str, blanks: bool, result: Heard) -> None:
    """Ответ словами или числом, пустой или непонятный: принять, промолчать или назвать ошибку."""
    text = plain(value)
    if not text:
        if question.required and not blanks:
            result.errors.append(Error(question, "missing", ""))
    elif question.closed or (question.kind == "number" and not (text.isascii() and text.isdigit())):
        result.errors.append(Error(question, "unknown", value))
    elif len(text) > question.max_length:
        result.errors.append(Error(question, "too_long", text))
    else:
        result.answers[question.id] = text


def _columns(question: Question) -> dict[str, int]:
    """Знак ответа → номер столбца счётчиков; без столбца — в корзину за последним."""
    columns = {OFF_PATH: _NOWHERE, BLANK: _NOWHERE}
    for value, code in question.codes.items():
        if question.measure:
            name = f"{question.measure}_{value if value in ('yes', 'no') else 'aside'}"
        else:
            name = f"{question.profile}_{value}"
        columns[code] = _COLUMN.get(name, _NOWHERE)
    return columns


def _foreign(questionnaire: Questionnaire, text: str) -> ValueError:
    return ValueError(f"строка ответа не от анкеты {questionnaire.id}: {text[:80]!r}")
