"""One row of answers → a questionnaire that can be counted, or why it cannot.

Rows repeat one another: whatever depends on the answered cells alone is worked out once for each combination.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter

from surveys.answers import values
from surveys.answers.places import Assessed, Nowhere, Places
from surveys.answers.shapes import ORGANIZATION, ROW_KEY, SKIP, TIME, UNKNOWN, Column, Found, Options
from surveys.answers.stamps import Stamp, beginning, months_first, stamp
from surveys.questionnaire import Question, Questionnaire, heard, packed
from surveys.tabular import Cells, Table, Value, column_letter, whole

LONGEST_VALUE = 100
_DASHES = frozenset("- − – — ‒".split())


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell; no number of a row, for the same fault stands in many."""

    column: int
    value: str
    reason: str
    advice: str = ""


@dataclass(slots=True)
class Answered:
    """What one combination of answered cells means. (Not frozen, as one is made for every row.)"""

    packed: str
    given: Mapping[str, str]
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    unfiltered: tuple[str, ...]
    empty: bool
    profile: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """A row that can be counted."""

    number: int
    assessed: Assessed
    answered: Answered
    words: str
    key: str
    stamp: Stamp | None
    written: Value


@dataclass
class Reader:
    """Reads rows by a confirmed mapping; `unfiltered` counts answers that wait for a filter the table has not."""

    questionnaire: Questionnaire
    columns: Sequence[Column]
    places: Places
    options: Options
    table: Table
    fixed: Assessed | None = None
    unfiltered: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Lay the mapping out so that a row costs microseconds."""
        questions = {question.id: question for question in self.questionnaire.questions}
        read = (one.index for one in self.columns if one.heading or one.target not in (SKIP, UNKNOWN))
        self._headed = 1 + max(read, default=-1)
        self.width = max((column.index for column in self.columns), default=-1) + 1
        at = {column.target: column.index for column in self.columns}
        self._closed: list[tuple[int, Question, values.Reading]] = []
        self._worded: tuple[int, Question, values.Reading] | None = None
        for column in self.columns:
            question = questions.get(column.target)
            if question is None:
                continue
            one = (column.index, question, values.reader(question))
            if question.closed:
                self._closed.append(one)
            elif question.kind == "text":
                self._worded = one
        self._places = [column.index for column in self.columns if column.target == ORGANIZATION]
        self._key, self._time = at.get(ROW_KEY, -1), at.get(TIME, -1)
        self._american = months_first(beginning(self.table.beginning, self._time))
        self._absent = (
            frozenset(q.id for q in self.questionnaire.closed if q.id not in at) - self.options.infer_filters
        )
        self._aside = _trailing(self.questionnaire)
        self._asked = [one for one in self._closed if one[1].id not in self._aside]
        self._profile = [one for one in self._closed if one[1].id in self._aside]
        self._cells = _getter([index for index, _question, _read in self._asked])
        self._profile_cells = _getter([index for index, _question, _read in self._profile])
        self._known: dict[tuple[Value, ...], Answered] = {}
        self._told: dict[tuple[Value, ...], Answered] = {}

    @property
    def asked(self) -> int:
        """How many closed questions have a column."""
        return len(self._closed)

    def read(self, number: int, cells: Cells) -> Row | Fault:
        """The row, or its first fault with what the rest of it says about that."""
        if len(cells) < self.width:
            cells = cells + ("",) * (self.width - len(cells))
        answered = self._understood(cells)
        assessed = self.fixed or self.places.find(tuple([cells[index] for index in self._places]))
        if isinstance(assessed, Nowhere):
            index = self._places[assessed.cell] if self._places else 0
            shifted = self._perhaps_shifted(cells, index) if answered.faults else None
            return shifted or Fault(index, _short(cells[index]), assessed.reason, assessed.advice)
        if (self.table.formulas or self.table.errors) and (fault := self._computed(number, cells)):
            return fault
        if answered.faults:
            return self._perhaps_shifted(cells, answered.faults[0].column) or answered.faults[0]
        if spilt := self._spilt(cells):
            return spilt
        words = self._words(cells)
        if isinstance(words, Fault):
            return words
        if answered.empty and not words:
            first = self._closed[0][0] if self._closed else 0
            return Fault(first, "", "в строке нет ни одного ответа", "Впишите ответы или удалите строку.")
        self.unfiltered.update(answered.unfiltered)
        time = cells[self._time] if self._time >= 0 else ""
        key = whole(cells[self._key]) if self._key >= 0 else ""
        return Row(number, assessed, answered, words, key, stamp(time, self._american), time)

    def _understood(self, cells: Cells) -> Answered:
        """Sex and age multiply the combinations by a hundred: what was asked besides them is worked out apart."""
        asked = self._cells(cells)
        told = self._profile_cells(cells)
        answered = self._known.get(asked)
        if answered is None:
            answered = self._known[asked] = self._answered(cells, self._asked)
        if not told:
            return answered
        profile = self._told.get(told)
        if profile is None:
            profile = self._told[told] = self._answered(cells, self._profile)
        if answered.faults or profile.faults:
            both = sorted((*answered.faults, *profile.faults), key=lambda fault: fault.column)
            return replace(answered, faults=tuple(both))
        return Answered(
            answered.packed[: -len(self._aside)] + profile.packed[-len(self._aside) :],
            answered.given,
            (),
            answered.warnings + profile.warnings if profile.warnings else answered.warnings,
            answered.unfiltered,
            answered.empty,
            profile.given,
        )

    def _answered(self, cells: Cells, columns: Sequence[tuple[int, Question, values.Reading]]) -> Answered:
        given: dict[str, str] = {}
        faults, warnings = [], []
        at: dict[str, int] = {}
        for index, question, read in columns:
            at[question.id] = index
            told = read(cells[index])
            if not isinstance(told, values.Wrong):
                given[question.id] = told
            elif told.passes:
                warnings.append(Fault(index, _short(cells[index]), told.reason, told.advice))
            else:
                faults.append(Fault(index, _short(cells[index]), told.reason, told.advice))
        self._infer(given)
        result = heard(self.questionnaire, given, blanks=True)
        unfiltered = []
        for id in result.off_path:
            question = self.questionnaire.question(id)
            if self._absent & question.when.keys():
                unfiltered.append(id)
            elif values.normal(cells[at[id]]) not in _DASHES:
                (faults if self.options.off_path == "refuse" else warnings).append(
                    self._off_path(question, at[id], cells[at[id]], given)
                )
        measured = {q.id for q in self.questionnaire.closed if q.profile is None}
        return Answered(
            "" if faults else packed(self.questionnaire, result.answers),
            result.answers,
            tuple(sorted(faults, key=lambda fault: fault.column)),
            tuple(warnings),
            tuple(unfiltered),
            not measured & {id for id, value in given.items() if value},
        )

    def _infer(self, given: dict[str, str]) -> None:
        for question in self.questionnaire.closed:
            for filter_, value in question.when.items():
                lacking = filter_ in self.options.infer_filters and not given.get(filter_)
                if lacking and given.get(question.id):
                    given[filter_] = value

    def _off_path(self, question: Question, index: int, value: Value, given: Mapping[str, str]) -> Fault:
        name = next(iter(question.when))
        filter_ = self.questionnaire.question(name)
        at = next((column.letter for column in self.columns if column.target == name), "")
        number = f" {filter_.number}" if filter_.number else ""
        said_ = "«нет»" if given.get(name) == "no" else "не ответили"
        reason = f"ответ мимо фильтра: на вопрос{number} (столбец {at}) {said_}, а на следующий ответили"
        advice = "Ответ не посчитан, остальные посчитаны. Если ошибка в фильтре, исправьте его."
        if self.options.off_path == "refuse":
            advice = "Сотрите лишний ответ или исправьте ответ на фильтр."
        return Fault(index, _short(value), reason, advice)

    def _words(self, cells: Cells) -> str | Fault:
        if self._worded is None:
            return ""
        index, question, read = self._worded
        text = read(cells[index])
        if isinstance(text, values.Wrong):
            return ""
        if len(text) > question.max_length:
            reason = f"знаков {len(text)}, а можно до {question.max_length}"
            return Fault(index, _short(text), reason, "Сократите предложение.")
        return text

    def _computed(self, number: int, cells: Cells) -> Fault | None:
        for index, _question, _read in self._closed:
            place = Table.at(number, index)
            if place in self.table.errors:
                return Fault(index, "ошибка", "в ячейке ошибка формулы", "Впишите ответ словами.")
            if place in self.table.formulas:
                advice = "Скопируйте столбец и вставьте его как значения."
                return Fault(index, _short(cells[index]), "в ячейке формула", advice)
        return None

    def _spilt(self, cells: Cells) -> Fault | None:
        """A row moved by one may make sense all through, but for its last cell."""
        index = next((at for at in range(self._headed, len(cells)) if cells[at] != ""), -1)
        advice = "Верните ячейки строки на место или впишите заголовок над этим столбцом."
        told = "в строке больше ячеек, чем столбцов"
        return None if index < 0 else Fault(index, _short(cells[index]), told, advice)

    def _perhaps_shifted(self, cells: Cells, start: int) -> Fault | None:
        """Do the cells make sense one column further on, or one back?"""
        for step, where in ((1, "вправо"), (-1, "влево")):
            if self._makes_sense(cells, start, step):
                reason = f"столбцы сдвинуты {where} на один: видно по столбцу {column_letter(start)}"
                return Fault(start, _short(cells[start]), reason, "Верните ячейки строки на место.")
        return None

    def _makes_sense(self, cells: Cells, start: int, step: int) -> bool:
        """Moved back, every filled cell from there on is an answer, and at least two were none where they are."""
        mended = told = 0
        for index, _question, read in [one for one in self._closed if one[0] >= start]:
            moved = cells[index + step] if 0 <= index + step < len(cells) else ""
            if moved != "" and isinstance(read(moved), values.Wrong):
                return False
            told += moved != ""
            mended += isinstance(read(cells[index]), values.Wrong)
        if self._places and not self.fixed and self._places[0] >= start:
            index = self._places[0] + step
            if index >= start and not (index < len(cells) and self.places.knows(cells[index])):
                return False
            mended += 1
        mended += step > 0 and any(cell != "" for cell in cells[self._headed :])
        return told > 0 and mended >= 2


def _trailing(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Sex and age where they are the last closed questions, asked of everybody, and nothing hangs on them."""
    gates = {name for question in questionnaire.questions for name in question.when}
    last: list[str] = []
    for question in reversed(questionnaire.closed):
        if question.profile is None or question.when or question.id in gates:
            break
        last.append(question.id)
    return tuple(last)


def faulty(number: int, fault: Fault, columns: Mapping[int, Column]) -> Found:
    """A fault with its row and the name of its column."""
    column = columns.get(fault.column)
    name = column.name if column else column_letter(fault.column)
    return Found(number, name, fault.value, fault.reason, fault.advice)


def _short(value: Value) -> str:
    return values.shown(value, LONGEST_VALUE)


def _getter(indexes: Sequence[int]):  # type: ignore[no-untyped-def]
    if not indexes:
        return lambda cells: ()
    if len(indexes) == 1:
        return lambda cells: (cells[indexes[0]],)
    return itemgetter(*indexes)


def day_of(row: Row, today: date) -> date:
    """The day a row was answered on, today where it does not say."""
    return row.stamp.day if row.stamp else today
