"""Which column meets which question: by likeness of wording, one to one, and never against what is in the cells.

Their order says nothing. Where two meanings are nearly as likely, the column is not sure, and somebody is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from surveys.answers import values
from surveys.answers.headings import CODES
from surveys.answers.likeness import NEAR, Likeness, elsewhere, stems
from surveys.answers.places import Places
from surveys.answers.shapes import ORGANIZATION, ROW_KEY, SKIP, TIME, UNKNOWN, Column, Target
from surveys.answers.stamps import months_first, stamp
from surveys.answers.wordings import known
from surveys.library import questionnaires
from surveys.measures import FILTER_OF, MEASURES
from surveys.questionnaire import Questionnaire
from surveys.tabular import Cells, Value, column_letter, said, whole

SURE = 0.5
PROPOSED = 0.35
MARGIN = 0.08
NEARLY, WIDE = 0.4, 0.15  # said in few words, and yet nothing else is like it
FITTING = 0.6  # of a column's cells that must be answers to the question it is taken for
CLEAR = 0.8
LONG = 40  # signs of a cell, on the average
POINTS = 0.1
NUMBERS = 10  # different ones that make a column of numbers, though stacks of organisations repeat them
SAMPLES = 5
LONGEST_SAMPLE = 60
ASIDE = "#"  # marks what is known and not read: "#" + its wording, or "#" + a measure this questionnaire does not ask

_ready: dict[str, Likeness] = {}


def likeness(questionnaire: Questionnaire) -> Likeness:
    """How alike a heading is to each question of this questionnaire, to each place, to what is left aside."""
    found = _ready.get(questionnaire.content_hash)
    if found is None:
        found = _ready[questionnaire.content_hash] = _made(questionnaire)
    return found


def _made(questionnaire: Questionnaire) -> Likeness:
    told = known()
    wordings: dict[Target, list[str]] = {}
    for question in questionnaire.questions:
        id = question.measure or question.profile or question.id
        wordings[question.id] = [question.wording, question.caption, *told.questions.get(id, ())]
    asked = {question.measure or question.profile or question.id for question in questionnaire.questions}
    for measure in (*MEASURES, "proposals", "sex", "age"):
        if measure not in asked:
            wordings[ASIDE + measure] = [*told.questions[measure], *_asked_elsewhere(measure)]
    for aside in told.aside:
        wordings[ASIDE + aside] = [aside]
    return Likeness({**wordings, **told.places})


def _asked_elsewhere(measure: str) -> list[str]:
    return [
        text
        for one in questionnaires()
        for question in one.questions
        if question.measure == measure
        for text in (question.wording, question.caption)
    ]


def proposed(
    headings: Sequence[str],
    codes: Sequence[str],
    rows: Sequence[Cells],
    questionnaire: Questionnaire,
    places: Places,
) -> list[Column]:
    """A column of `Look` for each heading; `rows` are the first of the data."""
    cells = [_column(rows, index) for index in range(len(headings))]
    if codes:
        return [
            _by_code(index, headings, codes, cells[index], questionnaire) for index in range(len(headings))
        ]
    alike = [likeness(questionnaire).to(heading) if heading else () for heading in headings]
    fits = [_Fits(questionnaire, places, cells[index]) for index in range(len(headings))]
    taken = _assigned(alike, fits)
    return [
        _proposal(index, heading, cells[index], alike, fits, taken, likeness(questionnaire).thin(heading))
        for index, heading in enumerate(headings)
    ]


def _column(rows: Sequence[Cells], index: int) -> list[Value]:
    return [row[index] for row in rows if index < len(row) and row[index] != ""]


def _by_code(
    index: int,
    headings: Sequence[str],
    codes: Sequence[str],
    cells: list[Value],
    questionnaire: Questionnaire,
) -> Column:
    code = codes[index] if index < len(codes) else ""
    target = CODES.get(code, code)
    asked = {question.id for question in questionnaire.questions} | {ORGANIZATION, ROW_KEY, TIME}
    why = "" if target in asked or not code else "этого вопроса нет в анкете"
    return Column(
        index, column_letter(index), headings[index], target if target in asked else SKIP, 1.0, True, (),
        _samples(cells), why,
    )  # fmt: skip


class _Fits:
    """May the cells of this column be answers to a question, names of organisations, stamps of time?"""

    def __init__(self, questionnaire: Questionnaire, places: Places, cells: list[Value]) -> None:
        self._questions = {question.id: question for question in questionnaire.questions}
        self._cells = cells
        self._distinct = len({said(cell) for cell in cells})
        self._places = places
        self._known: dict[Target, bool] = {}
        answered = values.YES | values.NO
        self.like_answers = (
            bool(cells) and self._share(lambda cell: values.normal(cell) in answered) >= FITTING
        )

    def __call__(self, target: Target, like: float) -> bool:
        """A heading that says it clearly is doubted only when the cells are clearly of another kind."""
        if not self._cells:
            return True
        if target == ORGANIZATION and like < 1 and not self.named:
            return False  # «Почему Вы выбрали эту организацию?»
        if target not in self._known:
            self._known[target] = self._fit(target)
        if self._known[target] or like < CLEAR or target not in self._questions:
            return self._known[target]
        scale = self._questions[target].kind == "yes_no" and self._share(_points) > POINTS
        return not self._other_kind and not scale

    @cached_property
    def _other_kind(self) -> bool:
        """Dates, names of organisations, whole sentences."""
        lengths = sum(len(said(cell)) for cell in self._cells) / len(self._cells)
        return self._dates() or self.names or lengths > LONG

    @cached_property
    def names(self) -> bool:
        """Do most of the cells name organisations of the campaign?"""
        return bool(self._cells) and self._share(self._places.knows) >= FITTING

    @cached_property
    def named(self) -> bool:
        """Does any of the cells name an organisation of the campaign?"""
        return any(map(self._places.knows, self._cells))

    def doubted(self, heading: str, target: Target, like: float, alone: bool) -> bool:
        """Does the heading say in one word that it asks something else, or is one word all that it says?"""
        question = self._questions.get(target)
        measure = (question.measure or question.profile or "") if question else ""
        apart = like < NEAR and elsewhere(heading, measure, measure in FILTER_OF)
        return bool(measure) and (alone or apart)

    def _fit(self, target: Target) -> bool:
        if target == ORGANIZATION:
            return not self.like_answers and not self._dates()
        if target == TIME:
            return self._dates()
        if target == ROW_KEY:
            several = self._distinct * 2 > len(self._cells) or self._distinct >= NUMBERS
            in_words = self._share(lambda cell: values.normal(cell) in ("да", "нет")) >= FITTING
            return not in_words and not self._dates() and several
        question = self._questions.get(target)
        if question is None:
            return True
        if question.kind == "text":
            return not self._dates()
        if question.kind == "yes_no" and self._share(_points) > POINTS:
            return False  # a «1» among fives is no «да»
        read = values.reader(question)
        return self._share(lambda cell: _answers(read(cell))) >= FITTING

    def _dates(self) -> bool:
        american = months_first(self._cells)
        return self._share(lambda cell: stamp(cell, american) is not None) >= FITTING

    def _share(self, holds: Callable[[Value], bool]) -> float:
        return sum(map(holds, self._cells)) / len(self._cells) if self._cells else 0.0


def _points(cell: Value) -> bool:
    """A number that is neither 0 nor 1."""
    text = whole(cell)
    return text.isdigit() and text not in ("0", "1")


def _answers(read: str | values.Wrong) -> bool:
    return not isinstance(read, values.Wrong) or read.passes


Alike = Sequence[Sequence[tuple[Target, float]]]


def _assigned(alike: Alike, fits: Sequence[_Fits]) -> dict[int, tuple[Target, float]]:
    """The likeliest pairs first, a question to a column each; of organisations there may be several columns."""
    pairs = sorted(
        ((like, -index, target) for index, known in enumerate(alike) for target, like in known), reverse=True
    )
    taken: dict[int, tuple[Target, float]] = {}
    given: set[Target] = set()
    for like, minus, target in pairs:
        index = -minus
        if index in taken or target in given or like < PROPOSED or not fits[index](target, like):
            continue
        if target == ORGANIZATION and like < SURE and not fits[index].names:
            continue
        if target.startswith(ASIDE) and like < 0.6 and target[1:] not in MEASURES:
            continue
        if _an_answer(target, like) and fits[index].like_answers:
            continue
        taken[index] = (target, like)
        if target != ORGANIZATION and not target.startswith(ASIDE):
            given.add(target)
    for index, one in enumerate(fits):
        if one.names and taken.get(index, (UNKNOWN, 0.0))[1] < 0.9:
            taken[index] = (ORGANIZATION, 0.9)
    return taken


def _an_answer(target: Target, like: float) -> bool:
    """A column of «да» and «нет» is not put aside for one word of its heading: «Обращались ли Вы по телефону?»"""
    if not target.startswith(ASIDE) or target[1:] in MEASURES or known().aside.get(target[1:]) or like == 1:
        return False
    return like < CLEAR or len(stems(target[1:])) < 3


def _proposal(
    index: int,
    heading: str,
    cells: list[Value],
    alike: Alike,
    fits: Sequence[_Fits],
    taken: Mapping[int, tuple[Target, float]],
    alone: bool,
) -> Column:
    letter, samples = column_letter(index), _samples(cells)
    others = tuple((t, round(x, 2)) for t, x in alike[index] if not t.startswith(ASIDE) and x >= 0.2)[:4]
    if index not in taken:
        if not heading and not cells:
            return Column(index, letter, heading, SKIP, 0.0, True)
        best = others[0] if others else (UNKNOWN, 0.0)
        against = best[0] and best[1] >= SURE and not fits[index](*best)
        why = "в ячейках не то, о чём говорит заголовок" if against else ""
        open_ = bool(against) or fits[index].like_answers
        return Column(
            index, letter, heading, UNKNOWN if open_ else SKIP, best[1], not open_, others, samples, why
        )
    target, like = taken[index]
    if target.startswith(ASIDE):
        why = known().aside.get(target[1:], "этого вопроса нет в анкете")
        return Column(index, letter, heading, SKIP, like, True, others, samples, why)
    rival = _rival(index, target, like, alike, fits, taken)
    apart = like - rival
    sure = (like >= SURE and apart >= MARGIN) or (like >= NEARLY and apart >= WIDE)
    sure = sure and not fits[index].doubted(heading, target, like, alone)
    why = "" if sure else "похоже не только на это" if like >= SURE else "похоже, но не точно"
    if sure and target == TIME and months_first(cells) is None:
        why = "день и месяц не различить, прочитано как день/месяц"
    alternatives = tuple(one for one in others if one[0] != target)
    return Column(index, letter, heading, target, round(like, 2), sure, alternatives, samples, why)


def _rival(
    index: int,
    target: Target,
    like: float,
    alike: Alike,
    fits: Sequence[_Fits],
    taken: Mapping[int, tuple[Target, float]],
) -> float:
    """How likely the next best is: this column's other meaning that no column has better, or another column's claim."""
    if target == ORGANIZATION:
        return 0.0
    held = {t: x for i, (t, x) in taken.items() if i != index}
    own = [x for t, x in alike[index] if t != target and held.get(t, 0.0) < like and fits[index](t, x)]
    claims = [
        x
        for i, others in enumerate(alike)
        if i != index and taken.get(i, (UNKNOWN, 0.0))[1] < like
        for t, x in others
        if t == target and fits[i](target, x)
    ]
    return max([*own, *claims], default=0.0)


def _samples(cells: Sequence[Value]) -> tuple[str, ...]:
    distinct = dict.fromkeys(values.shown(cell, LONGEST_SAMPLE) for cell in cells)
    return tuple(distinct)[:SAMPLES]
