"""python -m nok indicators: показатели без службы, базы и сети. То же самое делает `nok indicators`."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
    try:
        asked = _asked(argv[1:] if argv[:1] == ["nok"] else argv)
        pieces = [_help()] if asked.help else _answer(asked)
    except Refused as refused:
        _complain(str(refused))
        return 2
    return _write(pieces)


def _asked(argv: list[str]) -> Asked:
    if not argv or argv[0] in ("-h", "--help"):
        return Asked(help=True)
    if argv[0] != "indicators":
        raise Refused("", f"нет команды «{shown(argv[0])}», есть: indicators")
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
    content = loads(_content(asked.file))
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


def _content(file: str | None) -> bytes:
    name = "стандартный ввод" if file in (None, "-") else shown(str(file), 200)
    try:
        if file in (None, "-"):
            return sys.stdin.buffer.read()
        return Path(str(file)).read_bytes()
    except AttributeError:  # started with a closed standard input: sys.stdin is None
        raise Refused(name, "закрыт") from None
    except FileNotFoundError:
        raise Refused(name, "такого файла нет") from None
    except IsADirectoryError:
        raise Refused(name, "это папка, а нужен файл") from None
    except (OSError, ValueError) as error:
        raise Refused(name, f"не читается: {error}") from None


def _json(result: Result, indent: int | None = None) -> str:
    return json.dumps(result.as_dict(), ensure_ascii=False, indent=indent)


def _list(results: list[Result]) -> Iterator[str]:
    """One organisation a line; traces are drawn while printing, not kept."""
    for n, result in enumerate(results):
        yield ("[\n" if n == 0 else ",\n") + _json(result)
    yield "\n]\n" if results else "[]\n"


def _write(pieces: Iterable[str]) -> int:
    """UTF-8 whatever the locale; a reader that left early is no news, a full disk is."""
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        _hush()
        return 1
    except (OSError, AttributeError) as error:  # AttributeError: started with a closed standard output
        _hush()
        _complain(f"ответ не записан: {getattr(error, 'strerror', None) or 'стандартный вывод закрыт'}")
        return 1
    return 0


def _hush() -> None:
    """Give what is left in the buffer somewhere to go, or Python complains about it on the way out."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.buffer.write(f"nok: {text}\n".encode())
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
