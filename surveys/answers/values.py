"""A cell → the answer it means, as people write it: «Да», «ДА », «1», «+», «не пользовался», «45 лет».

What cannot be an answer is told apart by kind, because each asks something else of whoever has to mend it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from surveys.measures import FILTER_OF, age_band
from surveys.questionnaire import Question
from surveys.tabular import Value, said, whole

BLANK = ""

_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]"
    "|_x[dD][89A-Fa-f][0-9A-Fa-f]{2}_"
)
_TRIM = " \t\r\n\u00a0.,;:!?\"'«»"
_BRACKETS = re.compile(r"\([^()]*\)")
_ENDING = re.compile(r"(?<=[а-я])\((?!да\)|нет\))[а-я/-]{1,5}\)")  # «удовлетворен(а)», «обращался(лась)»
_HEDGED = re.compile(
    r"\b(но|однако|кроме|иногда|порой|местами|отчасти|частично|наполовину|скорее|почти"
    r"|не (?:всегда|всем|всеми|совсем|вполне|полностью|очень|сразу))\b"
)
_PARTS = re.compile(r"\s*[,;.:(]\s*|\s+[-–—−]\s+")
_UNUSED = re.compile(
    r"\bне (?:пользовал|пользуюсь|обращал|смотрел|посещал|заходил|видел|читал|звонил|искал|знакомил)"
)
_DENIED = re.compile(r"\b(?:не|нет|ни)\b")
_PRAISED = re.compile(
    r"(?<!не )\b(?:да|удовлетворен[аы]?|довол(?:ен|ьна|ьны)|устроил[аои]?|устраива[ею]т|хорошо|отлично|понравилось)\b"
)

YES = frozenset("да д yes y + 1 true t истина верно ✓ ✔ √ v".split())
NO = frozenset("нет н no n 0 - − – — ‒ false f ложь неверно".split())
SATISFIED = frozenset(
    "удовлетворен удовлетворена удовлетворены полностью удовлетворен доволен довольна".split()
)
DISSATISFIED = frozenset("неудовлетворен неудовлетворена неудовлетворены недоволен недовольна".split()) | {
    "не удовлетворен",
    "не удовлетворена",
    "не удовлетворены",
    "не доволен",
    "не довольна",
}
USED = frozenset(
    "пользовался пользовалась пользовались обращался обращалась обращались имею имеется есть".split()
)
NOT_USED = frozenset(
    {
        "не пользовался", "не пользовалась", "не пользовались", "не обращался", "не обращалась", "не обращались",
        "не смотрел", "не смотрела", "не посещал", "не посещала", "не заходил", "не заходила", "not_used", "не видел",
        "не видела", "не имею", "не имеется",
    }
)  # fmt: skip
UNSURE = frozenset(
    {
        "затрудняюсь", "затрудняюсь ответить", "затрудняюсь с ответом", "затруднились ответить", "затруднился ответить",
        "не знаю", "трудно сказать", "сложно сказать", "не могу оценить", "не могу ответить", "з/о", "unsure",
    }
)  # fmt: skip
BLANKS = frozenset(
    {
        "", "нет ответа", "без ответа", "не ответил", "не ответила", "н/о", "отказ", "отказ от ответа", "пусто",
        "не применимо", "неприменимо", "н/п", "none", "null",
    }
)  # fmt: skip
ERRORS = ("#н/д", "#n/a", "#ссылка", "#ref", "#дел/0", "#div/0", "#знач", "#value", "#имя", "#name", "#число", "#num",
          "#пусто", "#null", "#error")  # fmt: skip
MALE = frozenset("мужской муж м мужчина мужчины male m".split())
FEMALE = frozenset("женский жен ж женщина женщины female f".split())

_YEARS = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*(?:лет|год|года|полных лет|г)?")
_BETWEEN = re.compile(r"(?:от\s*)?(\d{1,3})\s*(?:-|–|—|−|до|\.\.)\s*(\d{1,3})\s*(?:лет|года|год)?")
_BELOW = re.compile(r"(?:до|младше|моложе|меньше|менее|<)\s*(\d{1,3})\s*(?:лет|года|год)?")
_ABOVE = re.compile(
    r"(?:старше|более|больше|от|свыше|>)\s*(\d{1,3})\s*(?:лет|года|год)?(?:\s*и\s*(?:старше|более))?"
    r"|(\d{1,3})\s*(?:лет|года|год)?\s*(?:\+|и\s*(?:старше|более|больше|выше))"
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that holds no answer to this question. One that `passes` is left blank with a warning; the row counts."""

    reason: str
    advice: str
    passes: bool = False


Reading = Callable[[Value], str | Wrong]


def reader(question: Question) -> Reading:
    """What understands the cells of this question's column; "" is a blank. Cells repeat: each is read once."""
    if question.kind == "text":
        return lambda value: _cleaned(value)
    return lru_cache(4096)(_reader(question))


def _reader(question: Question) -> Reading:
    if question.profile == "age":
        return _age(question)
    if question.profile == "sex":
        return _sex
    if question.kind == "number":
        return lambda value: whole(value)
    return _closed(question)


def normal(value: Value) -> str:
    """A cell as answers compare: lower case, ё as е, no brackets, invisible signs or full stops."""
    text = _whole(value)
    bare = text if _HEDGED.search(text) else _BRACKETS.sub(" ", text)
    return " ".join(bare.split()).strip(_TRIM) or text


def _whole(value: Value) -> str:
    """The same with what stands in brackets, for that may take an answer back: «Да (нет)»."""
    if value is True or value is False:
        return "да" if value else "нет"
    text = _INVISIBLE.sub("", whole(value)).replace("\u00a0", " ").casefold().replace("ё", "е").strip(_TRIM)
    return " ".join(_ENDING.sub("", text).split())


def shown(value: object, longest: int) -> str:
    """A cell as a report may carry it: no control signs, no halves of letters, no longer than that."""
    return _INVISIBLE.sub("", said(value))[:longest]


def wrong(value: Value, expected: str) -> Wrong:
    """Why this is no answer, and what to do."""
    if isinstance(value, datetime | date | time | timedelta):
        return Wrong(
            "дата вместо ответа", "Проверьте, не сдвинут ли столбец; Excel мог принять «1.2» за дату."
        )
    text = said(value).casefold()
    if text.startswith(ERRORS):
        return Wrong("в ячейке ошибка формулы", "Впишите ответ словами.")
    if text.startswith("=") and len(text) > 1:
        return Wrong("в ячейке формула", "Скопируйте столбец и вставьте его как значения.")
    return Wrong("такого ответа нет", f"Ожидалось: {expected}.")


def _cleaned(value: Value) -> str:
    if value == "":
        return BLANK
    text = _INVISIBLE.sub("", said(value)).strip()
    return text if any(sign.isalpha() for sign in text) and normal(text) not in BLANKS | NO else BLANK


def _closed(question: Question) -> Reading:
    known = _vocabulary(question)
    expected = ", ".join(f"«{choice.text}»" for choice in question.choices) + " или пусто"

    def read(value: Value) -> str | Wrong:
        text = _whole(value)
        found = known.get(text)
        if found is None:
            found = _begun(text, known) if question.kind == "yes_no" else known.get(normal(value))
        return wrong(value, expected) if found is None else found

    return read


def _begun(text: str, known: Mapping[str, str]) -> str | None:
    """«Да, обращался», «Нет (с опозданием)»: by what it begins with, unless what follows takes it back."""
    cut = _PARTS.search(text)
    if cut is None:
        return None
    first, rest = text[: cut.start()].strip(_TRIM), text[cut.end() :].strip(_TRIM + "()")
    found = known.get(first)
    if not first or found is None or _HEDGED.search(rest) or not any(sign.isalpha() for sign in rest):
        return None
    if first in NO and (rest in NOT_USED or _UNUSED.search(rest)):
        return known["не пользовался"]
    against = {"yes": _DENIED, "no": _PRAISED}.get(found)
    if known.get(rest, found) != found or (against and against.search(rest)):
        return None
    return found


def _vocabulary(question: Question) -> dict[str, str]:
    codes = question.codes
    known = dict.fromkeys(BLANKS, BLANK)
    if question.kind == "yes_no":
        gate = question.measure in FILTER_OF.values()
        known |= dict.fromkeys(UNSURE, "unsure" if "unsure" in codes else BLANK)
        aside = "not_used" if "not_used" in codes else BLANK
        known |= dict.fromkeys(NOT_USED, "no" if gate else aside)
        known |= dict.fromkeys(YES | SATISFIED | (USED if gate else frozenset()), "yes")
        known |= dict.fromkeys(NO | DISSATISFIED, "no")
    else:
        known |= dict.fromkeys(UNSURE, "unsure" if "unsure" in codes else BLANK)
    for choice in question.choices:
        texts = (choice.value, choice.text, choice.printed)
        known |= {form(text): choice.value for form in (normal, _whole) for text in texts}
    return known


def _sex(value: Value) -> str | Wrong:
    text = normal(value)
    if text in MALE:
        return "male"
    if text in FEMALE:
        return "female"
    if text in BLANKS or text in UNSURE or text in ("-", "–", "—"):
        return BLANK
    return wrong(value, "«мужской», «женский» или пусто")


def _age(question: Question) -> Reading:
    named = {normal(text): c.value for c in question.choices for text in (c.value, c.text, c.printed)}

    def read(value: Value) -> str | Wrong:
        text = normal(value)
        if text in named:
            return named[text]
        if text in BLANKS or text in UNSURE or text in ("-", "–", "—"):
            return BLANK
        ages = None if isinstance(value, bool | date | time | timedelta) else _ages(text)
        if ages is None:
            return wrong(value, "возраст числом или группой («30–44»)")
        first, last = ages
        try:
            bands = age_band(first), age_band(last)
        except ValueError:
            return wrong(value, "возраст от 0 до 130")
        if bands[0] != bands[1]:
            text = "такой группы возраста в анкете нет, возраст не учтён"
            return Wrong(text, "Остальные ответы строки посчитаны.", passes=True)
        return bands[0]

    return read


def _ages(text: str) -> tuple[int, int] | None:
    """The first and the last age that a text names."""
    if match := _YEARS.fullmatch(text):
        return int(match[1]), int(match[1])
    if match := _BETWEEN.fullmatch(text):
        return int(match[1]), int(match[2])
    if match := _BELOW.fullmatch(text):
        return 0, max(0, int(match[1]) - 1)
    if match := _ABOVE.fullmatch(text):
        return int(match[1] or match[2]), 130
    return None
