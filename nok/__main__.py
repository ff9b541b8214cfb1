"""python -m nok indicators, python -m nok verify: показатели без службы, базы и сети. Те же слова понимает `nok`."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nok import checking, terminal
from nok.assessment import Result, assess
from nok.explain import explained
from nok.loading import DEFAULT, edition, editions
from nok.observations import Observations
from nok.practice import CHOICES, Practice
from nok.refusal import Refused, shown
from nok.rules import Edition
from nok.strict_json import loads

HELP = """\
nok indicators [ФАЙЛ|-] [--edition РЕДАКЦИЯ] [--practice ключ=значение]… [--explain]

Считает пятнадцать показателей, критерии K1–K5 и итог по приказу № 344н: JSON на входе, JSON на выходе.
Без файла или с «-» читает стандартный ввод. Объект на входе — объект на выходе, список — список.

  --edition РЕДАКЦИЯ        {editions}; обычно {default}
  --practice ключ=значение  решение там, где порядок молчит; первое из списка — обычное:
{choices}
  --explain                 вместо JSON — объяснение по-русски: откуда взялось каждое число
  -h, --help                эта справка

Вход (обязателен только sector: health, culture, education, social, mse):

  {"id": "любой текст", "sector": "health", "kind": null, "respondents": 200,
   "inspection": {"stand": {"present": 14, "required": 17}, "site": {"present": 18, "required": 19},
                  "information_required": null, "remote_ways": 3, "comfort": 4, "equipment": 3,
                  "accessibility": 4, "waiting_points": 60},
   "answers": {"stand": [150, 160], "site": [120, 130], "on_time": [180, 200], "comfort": [170, 200],
               "accessibility": [9, 12], "first_contact": [190, 200], "service_staff": [188, 200],
               "remote_staff": [88, 95], "recommend": [176, 200], "schedule": [182, 200],
               "overall": [184, 200]}}

  answers — пары [удовлетворены, ответили на этот вопрос]; null, [0, 0] или нет ключа — никто не ответил.
  inspection — null или нет ключа: не обследовано, неприменимо, нет стенда или сайта. Показатель тогда
  не определен (это не 0 и не 100), и об этом говорит предупреждение. waiting_points — баллы Сожид:
  число от 0 до 100 или дробь "p/q". information_required (Инорм) и respondents (Чобщ) нужны только
  редакции 344n-2018. kind — null или performing_arts (театры и концертные организации).

Код выхода: 0 — посчитано; 1 — не удалось записать ответ; 2 — вход не принят, где и почему — в stderr.

Проверить опубликованный результат: python -m nok verify --help

Пример: echo '{"sector": "social", "answers": {"overall": [184, 200]}}' | nok indicators --explain
"""


@dataclass
class Asked:
    """What the command line asks for."""

    file: str | None = None
    edition: str | None = None
    practice: dict[str, str] = field(default_factory=dict)
    explain: bool = False
    help: bool = False


def main(argv: list[str]) -> int:
    """Код выхода: 0 — посчитано, 1 — ответ не записан, 2 — вход не принят. `argv` — без имени программы."""
    argv = argv[1:] if argv[:1] == ["nok"] else argv
    if argv[:1] == ["verify"]:
        return checking.main(argv[1:])
    try:
        asked = _asked(argv)
        pieces = [_help()] if asked.help else _answer(asked)
    except Refused as refused:
        terminal.complain(str(refused))
        return 2
    return terminal.write(pieces)


def _asked(argv: list[str]) -> Asked:
    if not argv or argv[0] in ("-h", "--help"):
        return Asked(help=True)
    if argv[0] != "indicators":
        raise Refused("", f"нет команды «{shown(argv[0])}», есть: indicators, verify")
    asked, words = Asked(), iter(argv[1:])
    for word in words:
        name, equals, value = word.partition("=")
        if word in ("-h", "--help"):
            asked.help = True
        elif word == "--explain":
            asked.explain = True
        elif name in ("--edition", "--practice"):
            _option(asked, name, value if equals else next(words, ""))
        elif word.startswith("-") and word != "-":
            raise Refused("", f"нет параметра «{shown(word)}», смотрите nok indicators --help")
        elif asked.file is not None:
            raise Refused("", "файл может быть только один")
        else:
            asked.file = word
    return asked


def _option(asked: Asked, name: str, value: str) -> None:
    if not value:
        raise Refused(name, "нужно значение")
    if name == "--edition":
        if asked.edition is not None:
            raise Refused(name, "редакция задана дважды")
        asked.edition = value
        return
    key, equals, choice = value.partition("=")
    if not equals or key in asked.practice:
        raise Refused(
            name, f"{shown(key)}: " + ("решение задано дважды" if equals else "нужно ключ=значение")
        )
    asked.practice[key] = choice


def _help() -> str:
    choices = "\n".join(f"      {key} = {' | '.join(map(str, known))}" for key, known in CHOICES.items())
    known = HELP.replace("{choices}", choices)
    return known.replace("{editions}", ", ".join(editions())).replace("{default}", DEFAULT)


def _answer(asked: Asked) -> Iterable[str]:
    """Everything is assessed before the first line is printed: a refused input prints nothing."""
    rules, practice = edition(asked.edition or DEFAULT), Practice.of(asked.practice)
    content = loads(terminal.content(asked.file))
    one = not isinstance(content, list)
    rows = [("", content)] if one else [(f"[{n}]", row) for n, row in enumerate(content)]
    results = [_assessed(row, place, rules, practice) for place, row in rows]
    if asked.explain:
        return ("\n" * (n > 0) + explained(result) for n, result in enumerate(results))
    return [_json(results[0], 2) + "\n"] if one else _list(results)


def _assessed(row: object, place: str, rules: Edition, practice: Practice) -> Result:
    seen = Observations.read(row, place)
    try:
        return assess(seen, rules, practice)
    except Refused as refused:
        raise refused.within(place) from None


def _json(result: Result, indent: int | None = None) -> str:
    return json.dumps(result.as_dict(), ensure_ascii=False, indent=indent)


def _list(results: list[Result]) -> Iterator[str]:
    """One organisation a line; traces are drawn while printing, not kept."""
    for n, result in enumerate(results):
        yield ("[\n" if n == 0 else ",\n") + _json(result)
    yield "\n]\n" if results else "[]\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
