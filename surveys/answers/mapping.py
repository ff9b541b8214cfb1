"""The mapping that is in force: what was confirmed for this file, else for these headings before, else what is sure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from sqlalchemy.orm import Session

from surveys.answers import countings
from surveys.answers.columns import PROPOSED, proposed
from surveys.answers.settings import Setting
from surveys.answers.shapes import (
    ORGANIZATION,
    ROW_KEY,
    SKIP,
    TIME,
    UNKNOWN,
    Column,
    FileUntakable,
    Options,
    Target,
)
from surveys.answers.sheets import Opened
from surveys.answers.wordings import plain
from surveys.batches import KnownColumns

COUNTERS = "counters"  # in place of a questionnaire's id
TRIED = 300  # rows by which a column's contents are judged


def proposals(file: Opened, setting: Setting) -> list[Column]:
    """What the headings and the cells say, each column with its confidence."""
    rows = [cells for _number, cells in islice(file.first, TRIED)]
    if file.kind == "counters":
        return countings.proposed(file.headings, rows, setting.places)
    return proposed(file.headings, file.headed.codes, rows, setting.questionnaire, setting.places)


def remembered(session: Session, file: Opened, setting: Setting) -> dict[int, Target]:
    """What somebody confirmed for the same headings; empty when nobody did."""
    name = COUNTERS if file.kind == "counters" else setting.questionnaire.id
    known = session.get(KnownColumns, (file.headed.sha256, name))
    return {int(index): target for index, target in known.mapping.items()} if known else {}


def applied(columns: Sequence[Column], mapping: Mapping[int, Target]) -> list[Column]:
    """Columns as somebody confirmed them; one that the mapping leaves out is not read."""
    return [
        replace(column, target=mapping.get(column.index) or SKIP, likeness=1.0, sure=True, why="")
        for column in columns
    ]


def in_force(
    columns: Sequence[Column], options: Options, known: Mapping[int, Target], setting: Setting, kind: str
) -> list[Column]:
    """The mapping by which rows are read. Raises FileUntakable when something must be asked first."""
    if options.columns:
        settled = applied(columns, options.columns)
    elif known:
        settled = applied(columns, known)
    else:
        settled = _sure(columns, setting, kind)
    _must_suffice(settled, setting, kind)
    return settled


def _sure(columns: Sequence[Column], setting: Setting, kind: str) -> list[Column]:
    doubtful = [column for column in columns if not column.sure and _matters(column, columns, setting, kind)]
    if doubtful:
        raise FileUntakable(
            "Не все столбцы понятны: " + "; ".join(_doubt(column, setting) for column in doubtful[:10]) + ". "
            "Подтвердите их на странице загрузки или назовите в файле --mapping."
        )
    return [column if column.sure else replace(column, target=SKIP) for column in columns]


def _matters(column: Column, columns: Sequence[Column], setting: Setting, kind: str) -> bool:
    """Might it hold what no other column does?"""
    if column.target != UNKNOWN:
        return True
    if kind == "counters":
        return False
    taken = {one.target for one in columns if one.sure}
    left = {question.id for question in setting.questionnaire.closed} - taken
    return any(target in left and like >= PROPOSED for target, like in column.alternatives)


def _doubt(column: Column, setting: Setting) -> str:
    like = [target for target, _like in ((column.target, 0.0), *column.alternatives) if target][:2]
    named = ", ".join(f"«{title(target, setting)}»" for target in like)
    about = f" похоже на {named}" if named else ""
    return f"{column.letter} «{column.heading[:60]}»{about}" + (f" ({column.why})" if column.why else "")


def _must_suffice(columns: Sequence[Column], setting: Setting, kind: str) -> None:
    targets = [column.target for column in columns if column.target not in (SKIP, UNKNOWN)]
    twice = sorted({one for one in targets if targets.count(one) > 1 and one != ORGANIZATION})
    if twice:
        raise FileUntakable(
            f"Двум столбцам дан один смысл: {', '.join(title(one, setting) for one in twice)}."
        )
    if ORGANIZATION not in targets and setting.fixed is None:
        raise FileUntakable(
            "В таблице нет столбца с организацией: назовите его в соответствии столбцов, а если весь файл об одной "
            "организации, укажите её код."
        )
    if kind == "answers":
        known = {question.id for question in setting.questionnaire.questions}
        unknown = [one for one in targets if one not in known | {ORGANIZATION, ROW_KEY, TIME}]
        if unknown:
            raise FileUntakable(f"В анкете «{setting.questionnaire.title}» нет вопроса «{unknown[0]}».")
        if not any(question.id in targets for question in setting.questionnaire.closed):
            raise FileUntakable("Ни один столбец не похож на вопросы анкеты.")


def title(target: Target, setting: Setting) -> str:
    """What a meaning is called."""
    return dict(choices(setting, "answers")).get(target) or dict(choices(setting, "counters")).get(
        target, target
    )


def choices(setting: Setting, kind: str) -> list[tuple[Target, str]]:
    """Every meaning that a column may be given, with its title."""
    if kind == "counters":
        return [(ORGANIZATION, "Организация"), *countings.titles(), (SKIP, "Не читать")]
    asked = [
        (question.id, f"{question.number}. {question.caption}" if question.number else question.caption)
        for question in setting.questionnaire.questions
    ]
    return [
        (ORGANIZATION, "Организация"),
        *asked,
        (ROW_KEY, "Номер анкеты"),
        (TIME, "Дата или время ответа"),
        (SKIP, "Не читать"),
    ]


def by_headings(told: Mapping[str, str], file: Opened, columns: Sequence[Column]) -> dict[int, Target]:
    """A mapping that names headings (or letters) → what `Options.columns` takes, the rest as it was proposed."""
    wanted = {plain(heading): target for heading, target in told.items()}
    letters = {heading.strip().upper(): target for heading, target in told.items()}
    found: dict[int, Target] = {}
    met = set()
    for column in columns:
        name = plain(column.heading)
        if name in wanted:
            found[column.index] = target_named(wanted[name])
            met.add(name)
        elif column.letter in letters and not any(
            plain(one.heading) == plain(column.letter) for one in columns
        ):
            found[column.index] = target_named(letters[column.letter])
            met.add(plain(column.letter))
    lost = [heading for heading in told if plain(heading) not in met]
    if lost:
        raise FileUntakable(f"В таблице нет столбца «{lost[0]}», который назван в соответствии столбцов.")
    given = set(found.values())
    for column in columns:
        if column.index not in found:
            free = column.sure and (column.target not in given or column.target == ORGANIZATION)
            found[column.index] = column.target if free else SKIP
    return found


_NAMES = {
    "organization": ORGANIZATION, "organisation": ORGANIZATION, "org": ORGANIZATION, "code": ORGANIZATION,
    "inn": ORGANIZATION, "ogrn": ORGANIZATION, "name": ORGANIZATION, "организация": ORGANIZATION,
    "row_key": ROW_KEY, "key": ROW_KEY, "id": ROW_KEY, "time": TIME, "timestamp": TIME, "date": TIME, "day": TIME,
    "": SKIP, "skip": SKIP, "-": SKIP, "ignore": SKIP, "none": SKIP,
}  # fmt: skip


def target_named(name: str) -> Target:
    """What somebody who wrote a mapping by hand means: a question's id, «organization», «row_key», «time», «skip»."""
    bare = name.strip()
    return _NAMES.get(bare.casefold(), bare)
