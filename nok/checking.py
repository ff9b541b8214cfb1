"""python -m nok verify: опубликованный результат пересчитывается по приложенным к нему счётам и правилам."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nok import terminal
from nok.enclosed import MOST_BYTES
from nok.refusal import Refused, shown
from nok.verifying import Report, verify

HELP = """\
nok verify ФАЙЛ|- [--sha256 ХЭШ] [--json]

Пересчитывает опубликованный результат по счётам и правилам, которые в нём лежат, и называет каждую цифру,
которая не сошлась. Ни базы, ни сети, ни доверия к нам не нужно.

  ФАЙЛ           JSON: выпуск кампании (nok-release/1) или результат (nok-result/1); команда nok verify понимает и PDF,
                 а python -m nok verify — только вложенный в него JSON
  --sha256 ХЭШ   хэш с печатного документа или со страницы /verify/…: весь или первые 12 знаков
  --json         ответ для программы
  -h, --help     эта справка

Код выхода: 0 — сошлась каждая цифра; 1 — не сошлось, что именно, названо; 2 — файл проверить нельзя, почему — в stderr.

Пример: nok verify itogi-2026.pdf
        python -m nok verify nok-2026-health-1.json
"""


@dataclass
class Asked:
    """What the command line asks for."""

    file: str = ""
    sha256: str = ""
    json: bool = False
    help: bool = False


def asked(argv: Sequence[str]) -> Asked:
    """The words of the command line. Raises Refused."""
    made, words = Asked(help=not argv), iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if word in ("-h", "--help"):
            made.help = True
        elif word == "--json":
            made.json = True
        elif name == "--sha256":
            made.sha256 = value if equals else next(words, "")
            if not made.sha256:
                raise Refused(name, "нужно значение")
        elif word.startswith("-") and word != "-":
            raise Refused("", f"нет параметра «{shown(word)}», смотрите nok verify --help")
        elif made.file:
            raise Refused("", "файл может быть только один")
        else:
            made.file = word
    if not made.file and not made.help:
        raise Refused("", "какой файл проверить? смотрите nok verify --help")
    return made


def main(argv: Sequence[str], how: Callable[[bytes, str], Report] = verify) -> int:
    """Код выхода: 0 — сошлось, 1 — не сошлось, 2 — файл проверить нельзя. `argv` — без слова verify.

    `how` is the service's own way, which opens documents too; a bare Python reads JSON alone.
    """
    try:
        words = asked(argv)
        if words.help:
            return terminal.write([HELP])
        report = how(terminal.content(words.file, MOST_BYTES), words.sha256)
    except Refused as refused:
        terminal.complain(shown(str(refused), 1000))  # a stranger's file may hold what a terminal obeys
        return 2
    failed = terminal.write([as_json(report) if words.json else as_text(report)])
    return 1 if failed or not report.agrees else 0


def as_text(report: Report) -> str:
    """For a person."""
    return "\n".join(report.lines()) + "\n"


def as_json(report: Report) -> str:
    """For a machine."""
    return json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n"
