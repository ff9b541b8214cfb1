"""The columns screen: how each column was understood, in words, and what its form says back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from surveys import library
from surveys.answers import ORGANIZATION, SKIP, UNKNOWN, Column, Look, Options, Target
from surveys.batches import Kind
from surveys.questionnaire import Question
from surveys.refusals import Refusal

OFF_PATH = ("drop", "refuse")
LONGEST_CODE = 100
SAID_HERE = (
    "Подтвердите столбцы",
    "В таблице нет столбцов для вопросов",
)  # the page says it itself, in its place


class ColumnShown(NamedTuple):
    """One column of the file: what stands in it and what it was taken for."""

    number: int
    letter: str
    heading: str
    samples: Sequence[str]
    target: Target
    likely: Sequence[tuple[Target, str]]
    others: Sequence[tuple[Target, str]]
    mark: str
    look: str
    why: str


class Gap(NamedTuple):
    """A filter question without a column, and the questions that only those asked who said yes to it."""

    target: Target
    title: str
    behind: Sequence[str]


def columns(seen: Look) -> list[ColumnShown]:
    """Every column in the file's order."""
    titles = dict(seen.choices)
    return [_shown(column, titles, seen.remembered) for column in seen.columns]


def _shown(column: Column, titles: Mapping[Target, str], remembered: bool) -> ColumnShown:
    known = [target for target, _likeness in column.alternatives if target in titles]
    if column.target in titles and column.target not in known and column.target != SKIP:
        known = [column.target, *known]
    mark, look = _sureness(column, remembered)
    return ColumnShown(
        number=column.index,
        letter=column.letter,
        heading=column.heading,
        samples=column.samples[:3],
        target=column.target,
        likely=[(target, titles[target]) for target in known],
        others=[(target, title) for target, title in titles.items() if target not in (*known, SKIP, UNKNOWN)],
        mark=mark,
        look=look,
        why=column.why,
    )


def _sureness(column: Column, remembered: bool) -> tuple[str, str]:
    """In a word with a sign, and the colour that repeats it."""
    if remembered and column.sure:
        return _("✓ как в прошлый раз"), "ok"
    if column.sure:
        return (_("✓ понято"), "ok") if column.target != SKIP else (_("– не нужен"), "plain")
    if column.target == UNKNOWN:
        return _("! не понято"), "bad"
    return _("? проверьте"), "warn"


def gaps(seen: Look) -> list[Gap]:
    """Filter questions that the file does not have, while it has those behind them."""
    return [
        Gap(question.id, question.caption, [one.caption for one in behind])
        for question, behind in _filters(seen)
        if question.id in seen.missing and any(one.id not in seen.missing for one in behind)
    ]


def notes(seen: Look) -> list[str]:
    """What the reader has to say of the file besides."""
    return [note for note in seen.notes if not note.startswith(SAID_HERE)]


def absent(seen: Look) -> list[str]:
    """Other questions that found no column: nothing will be counted for them."""
    titles, filters = dict(seen.choices), {gap.target for gap in gaps(seen)}
    return [titles.get(target, target) for target in seen.missing if target not in filters]


def _filters(seen: Look) -> Iterable[tuple[Question, list[Question]]]:
    if not seen.questionnaire:
        return
    asked = library.questionnaire(seen.questionnaire).questions
    for question in asked:
        behind = [one for one in asked if one.when.get(question.id) == "yes"]
        if behind:
            yield question, behind


def has_organization(seen: Look) -> bool:
    """Does some column say which organisation a row is about?"""
    return any(column.target == ORGANIZATION for column in seen.columns)


def previewed(seen: Look) -> list[tuple[Target, str]]:
    """The questions that the preview shows, in the questionnaire's order, each by a short name."""
    present = {target for row in seen.preview for target in row.answers}
    return [(target, title) for target, title in seen.choices if target in present]


def options(form: MultiDict[str, str], seen: Look, channel: str) -> Options:
    """What the form says; of another questionnaire or sheet only that. Raises Refusal for what no such page sends."""
    questionnaire, sheet = form.get("questionnaire", seen.questionnaire), form.get("sheet", seen.sheet)
    _check(questionnaire in {seen.questionnaire, *(fit.questionnaire for fit in seen.fits)})
    _check(sheet in {seen.sheet, *seen.sheets})
    again = (questionnaire, sheet) != (seen.questionnaire, seen.sheet)
    off_path = form.get("off_path", OFF_PATH[0])
    _check(off_path in OFF_PATH)
    told: dict[str, Any] = {
        "channel": channel,
        "questionnaire": questionnaire,
        "sheet": sheet,
        "kind": None if again else seen.kind,
        "columns": {} if again else _columns(form, seen),
        "organization": form.get("organization", "").strip()[:LONGEST_CODE],
        "off_path": off_path,
        "infer_filters": [gap.target for gap in gaps(seen) if form.get(f"infer-{gap.target}")],
        "only_if_clean": bool(form.get("only_if_clean")),
        "separate": bool(form.get("separate")),
    }
    return Options.from_dict(told)


def _columns(form: MultiDict[str, str], seen: Look) -> dict[int, Target]:
    known = {SKIP, UNKNOWN, *(target for target, _title in seen.choices)}
    chosen = {column.index: form.get(f"col-{column.index}", column.target) for column in seen.columns}
    _check(set(chosen.values()) <= known)
    return chosen


def doubled(chosen: Mapping[int, Target], seen: Look) -> list[str]:
    """Meanings given to two columns though one is all they take; of a check-list each column is a line of its block."""
    if seen.kind == Kind.CHECKLISTS.value:
        return []
    titles, given = (
        dict(seen.choices),
        [one for one in chosen.values() if one not in (SKIP, UNKNOWN, ORGANIZATION)],
    )
    return [titles.get(one, one) for one in dict.fromkeys(given) if given.count(one) > 1]


def _check(true: bool) -> None:
    if not true:
        raise Refusal(_("Эта страница устарела: откройте файл из списка и выберите ещё раз."))
