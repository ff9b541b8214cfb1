"""A file opened as a table of answers or of counters: its sheet, its headings, its rows."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from surveys.answers.columns import ASIDE, likeness
from surveys.answers.headings import ENOUGH, SEARCHED, Headed, find
from surveys.answers.shapes import FileUntakable, Kind
from surveys.answers.wordings import known, plain
from surveys.questionnaire import Questionnaire
from surveys.tabular import Cells, Limits, Table, tables

LIMITS = Limits()
HEAD = 400
LEAST = 2.0  # headings known, as a sum of likenesses
FEWEST_COUNTERS = 3


@dataclass(slots=True)
class Opened:
    """The chosen sheet; `rows` are those below the headings, each with its number in the file."""

    kind: Kind
    table: Table
    headed: Headed
    sheets: tuple[str, ...]
    rows: Iterator[tuple[int, Cells]]
    first: list[tuple[int, Cells]]
    filled: int
    unread: tuple[str, ...] = ()

    @property
    def notes(self) -> list[str]:
        """Sheets that hold answers too and are left where they are."""
        if not self.unread:
            return []
        named = ", ".join(f"«{name}»" for name in self.unread)
        return [
            f"Прочитан только лист «{self.table.name}», а ответы есть и на других: {named}. Загрузите их отдельно."
        ]

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands above the columns."""
        return self.headed.headings


def opened(
    path: Path,
    questionnaire: Questionnaire,
    *,
    sheet: str = "",
    kind: Kind | None = None,
    headings: Collection[str] = (),
    head: int | None = None,
) -> Opened:
    """The first sheet whose headings are known. Raises FileUntakable, FileRefused.

    `headings` are known besides those of the questionnaire (of a mapping that somebody wrote); with `head` only the
    beginning of the file is read, and `filled` still counts all of it.
    """
    told = frozenset(map(plain, headings))

    def score(heading: str) -> float:
        return 1.0 if plain(heading) in told else _likeness(questionnaire, heading)

    def first(row: Cells) -> float:  # cut at a wrong separator there are more cells, and each says less
        known = [score(str(cell)) for cell in row if cell != ""]
        return sum(known) ** 2 / len(known) if len(known) > 1 else 0.0

    codes = frozenset(question.id for question in questionnaire.questions)
    names: list[str] = []
    unread: list[str] = []
    best: tuple[Table, list[Cells], Headed, Iterator[Cells]] | None = None
    for table in tables(path, LIMITS, score=first, head=head):
        names.append(table.name)
        if sheet and (table.name != sheet or best is not None):
            continue
        if best is not None and best[2].score >= LEAST:
            more = find(list(islice(table.rows, SEARCHED)), score, codes)
            if more and more.score >= LEAST and any(_asks(questionnaire, one) for one in more.headings):
                unread.append(table.name)
            continue
        rows = iter(table.rows)
        beginning = list(islice(rows, HEAD))
        found = find(beginning, score, codes)
        if found is not None and (best is None or found.score > best[2].score):
            best = table, beginning, found, rows
    if best is None or best[2].score < LEAST:
        raise _headless(sheet, names, best[2] if best else None)
    table, beginning, headed, rest = best
    table.beginning = tuple(beginning[headed.last :])
    numbered = enumerate(chain(beginning[headed.last :], rest), headed.last + 1)
    above = sum(1 for row in beginning[: headed.last] if any(cell != "" for cell in row))
    shown = list(enumerate(beginning[headed.last :], headed.last + 1))
    filled = max(0, (table.height or 0) - above)
    meant = kind or _kind(headed, questionnaire)
    return Opened(meant, table, headed, tuple(names), _limited(numbered), shown, filled, tuple(unread))


def _limited(rows: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    filled = 0
    for number, row in rows:
        if any(row) or any(cell != "" for cell in row):  # a zero is an answer
            filled += 1
            if filled > LIMITS.rows:
                raise FileUntakable(LIMITS.too_many_rows)
            yield number, row


def _likeness(questionnaire: Questionnaire, heading: str) -> float:
    if not heading or len(heading) > 1_000:
        return 0.0
    if plain(heading) in known().counters:
        return 1.0
    best = likeness(questionnaire).to(heading)
    return best[0][1] if best and best[0][1] >= ENOUGH else 0.0


def _kind(headed: Headed, questionnaire: Questionnaire) -> Kind:
    counted = [known().counters.get(plain(heading), "") for heading in headed.headings]
    if sum(bool(name) and name != "responses" for name in counted) >= FEWEST_COUNTERS:
        return "counters"
    asked = sum(_asks(questionnaire, heading) for heading in headed.headings)
    return "counters" if "responses" in counted and asked <= 1 else "answers"


def _asks(questionnaire: Questionnaire, heading: str) -> bool:
    best = likeness(questionnaire).to(heading) if heading else ()
    return bool(best) and best[0][1] >= ENOUGH and not best[0][0].startswith(("@", ASIDE))


def _headless(sheet: str, names: list[str], best: Headed | None) -> FileUntakable:
    if sheet and sheet not in names:
        return FileUntakable(f"В файле нет листа «{sheet}»; есть: {', '.join(names)}.")
    if best is None:
        return FileUntakable("В файле нет ни одной заполненной строки.")
    seen = ", ".join(heading[:40] for heading in best.headings if heading)[:300]
    return FileUntakable(
        "Не видно строки заголовков: ни одна из первых строк не похожа на вопросы анкеты. "
        f"Больше всего похожа строка {best.rows[0]}: {seen}. Впишите над столбцами вопросы или возьмите наш шаблон."
    )
