"""Правила, которым анкета верна целиком: номера, фильтры, измерения. Каждое правило — отдельная функция."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from surveys.measures import FEEDS, FILTER_OF, PROFILE
from surveys.questionnaire import Question

CAPTION_LENGTH = 90
CHOICES = 9
CLOSED_QUESTIONS = 64
YES_NO = ("yes", "no", "not_used", "unsure")
RESERVED = ("key",)

Found = tuple[str, str, str, str]  # вопрос, ключ, что не так, что сделать

_JUMP = re.compile(r"переход к вопросу (\d+)")


def broken(questions: Sequence[Question], title: str, reconstruction: bool, feeds_344n: bool) -> list[Found]:
    """Все нарушения; условия проверяются до путей, чтобы путь не шёл по несуществующему вопросу."""
    found = [*_head(questions, title, reconstruction, feeds_344n), *_unique(questions), *_reserved(questions)]
    found += _numbers(questions)
    for question in questions:
        found += [*_caption(question), *_choices(question), *_feeding(question, feeds_344n)]
    conditions = [*_conditions(questions)]
    found += conditions
    if not conditions:
        found += [*_reachable(questions), *_filtered(questions), *_jumps(questions)]
    return found


def _head(
    questions: Sequence[Question], title: str, reconstruction: bool, feeds_344n: bool
) -> Iterator[Found]:
    if reconstruction and "реконструкция" not in title.lower():
        yield (
            "",
            "title",
            "Анкета восстановлена, а название об этом молчит.",
            "Добавьте слово «реконструкция».",
        )
    if feeds_344n and not any(question.measure in FEEDS for question in questions):
        hint = "Укажите measure у вопросов или напишите feeds_344n = false."
        yield "", "feeds_344n", "Ни один вопрос не даёт показателей приказа № 344н.", hint
    count = sum(question.closed for question in questions)
    if count > CLOSED_QUESTIONS:
        text = f"Закрытых вопросов {count}, а можно не больше {CLOSED_QUESTIONS}."
        yield "", "question", text, "Разделите анкету."


def _unique(questions: Sequence[Question]) -> Iterator[Found]:
    for key, what in (("id", "Код"), ("measure", "Показатель measure"), ("profile", "Признак")):
        seen: set[str] = set()
        for question in questions:
            value = getattr(question, key)
            if value in seen:
                yield question.id, key, f"{what} «{value}» уже занят другим вопросом.", "Оставьте у одного."
            if value:
                seen.add(value)


def _reserved(questions: Sequence[Question]) -> Iterator[Found]:
    for question in questions:
        if question.id in RESERVED:
            yield question.id, "id", f"Код «{question.id}» занят самой страницей опроса.", "Возьмите другой."


def _numbers(questions: Sequence[Question]) -> Iterator[Found]:
    numbered = [question for question in questions if question.number is not None]
    for place, question in enumerate(numbered, start=1):
        if question.number != place:
            yield question.id, "number", f"Номер {question.number}, а по порядку {place}.", "Дальше — подряд."
            return


def _caption(question: Question) -> Iterator[Found]:
    length = len(question.caption)
    if length > CAPTION_LENGTH:
        hint = f"Сократите до {CAPTION_LENGTH}; полный текст — в wording."
        yield question.id, "caption", f"Знаков {length}: на телефоне не поместится.", hint


def _choices(question: Question) -> Iterator[Found]:
    values = [choice.value for choice in question.choices]
    repeated = [value for value, times in Counter(values).items() if times > 1]
    if repeated:
        yield question.id, "choices", f"Значение «{repeated[0]}» повторяется.", "У каждого выбора своё."
    if len(values) > CHOICES:
        text = f"Выборов {len(values)}, а можно не больше {CHOICES}."
        yield question.id, "choices", text, "Объедините близкие."
    if question.closed and len(values) < 2:
        yield question.id, "choices", "Выбирать не из чего.", "Нужно хотя бы два ответа."
    if question.kind == "yes_no":
        yield from _yes_no(question, values)
    if question.kind == "scale":
        yield from _scale(question, values)


def _yes_no(question: Question, values: list[str]) -> Iterator[Found]:
    if values[:2] != ["yes", "no"]:
        yield question.id, "choices", "Первым стоит «Да», вторым «Нет».", "Порядок один во всех анкетах."
    for value in values:
        if value not in YES_NO:
            text = f"Ответа «{value}» у вопроса «да/нет» не бывает."
            yield question.id, "choices", text, "Есть: " + ", ".join(YES_NO)


def _scale(question: Question, values: list[str]) -> Iterator[Found]:
    steps = values[:-1] if values[-1:] == ["unsure"] else values
    if steps != [str(step) for step in range(1, len(steps) + 1)]:
        hint = "Последним может быть unsure."
        yield question.id, "choices", "Ступени шкалы идут 1, 2, 3… без пропусков.", hint


def _feeding(question: Question, feeds_344n: bool) -> Iterator[Found]:
    if question.measure and not feeds_344n:
        yield question.id, "measure", "Анкета не даёт показателей приказа № 344н.", "Уберите measure."
    if question.profile and not feeds_344n:
        yield question.id, "profile", "Анкета не входит в выборку приказа № 344н.", "Уберите profile."
    if question.measure and question.kind != "yes_no":
        hint = 'Баллы и другие выборы с ними не смешивают: kind = "yes_no" или без measure.'
        yield question.id, "measure", "Доли приказа № 344н складываются из «да» и «нет».", hint
    if question.profile:
        codes = PROFILE[question.profile]
        if question.kind != "choice" or sorted(question.codes) != sorted(codes):
            hint = 'kind = "choice", значения: ' + ", ".join(codes)
            yield question.id, "choices", "Признак выборки выбирают из своего перечня.", hint


def _conditions(questions: Sequence[Question]) -> Iterator[Found]:
    everywhere = {question.id for question in questions}
    earlier: dict[str, Question] = {}
    for question in questions:
        for other, value in question.when.items():
            asked = earlier.get(other)
            if asked is None:
                later = "стоит не раньше этого" if other in everywhere else "не существует"
                yield question.id, "when", f"Вопрос «{other}» {later}.", "Условие смотрит только назад."
            elif not asked.closed:
                text = f"На вопрос «{other}» отвечают не выбором."
                yield question.id, "when", text, "Условие бывает только на выбор."
            elif value not in asked.codes:
                text = f"Ответа «{value}» у вопроса «{other}» нет."
                yield question.id, "when", text, "Есть: " + ", ".join(asked.codes)
        earlier[question.id] = question


def _reachable(questions: Sequence[Question]) -> Iterator[Found]:
    needed: dict[str, set[tuple[str, str]]] = {}
    for question in questions:
        all_of = set(question.when.items())
        for other in question.when:
            all_of |= needed[other]
        needed[question.id] = all_of
        if len({other for other, _ in all_of}) < len(all_of):
            hint = "Проверьте when этого вопроса и тех, на которые он смотрит."
            yield question.id, "when", "До вопроса никто не дойдёт: условия спорят.", hint


def _filtered(questions: Sequence[Question]) -> Iterator[Found]:
    measured = {question.measure: question.id for question in questions if question.measure}
    for question in questions:
        needed = FILTER_OF.get(question.measure or "")
        if needed is None or question.when.get(measured.get(needed, "")) == "yes":
            continue
        if question.measure == "accessibility":
            hint = 'Нужен вопрос с measure = "disability" раньше и when на его «yes».'
            yield question.id, "when", "О доступности спрашивают только тех, кого она касается.", hint
        elif "not_used" not in question.codes:
            hint = f'Нужен выбор not_used или when на «yes» вопроса с measure = "{needed}".'
            yield question.id, "when", "Кто этим не пользовался, не должен попасть в долю.", hint


def _jumps(questions: Sequence[Question]) -> Iterator[Found]:
    for place, question in enumerate(questions):
        for choice in question.choices:
            jump = _JUMP.search(choice.paper)
            if jump is None:
                continue
            later = questions[place + 1 :]
            target = next((q for q in later if q.when.get(question.id) in (None, choice.value)), None)
            if target is None or target.number != int(jump[1]):
                leads = f"к вопросу {target.number}" if target and target.number else "в конец анкеты"
                text = f"На бумаге переход к вопросу {jump[1]}, а путь ведёт {leads}."
                yield question.id, "choices", text, "Исправьте номер в paper или условие when."
