"""Columns meet questions by their wording, whatever their order; what is doubtful is asked, not guessed."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from tables import FULL, NAME, google

from surveys import library
from surveys.answers import ORGANIZATION, ROW_KEY, SKIP, TIME
from surveys.answers.columns import proposed
from surveys.answers.headings import find
from surveys.answers.places import Assessed, Nowhere, Places
from surveys.answers.sheets import _likeness as likeness
from surveys.answers.stamps import months_first, stamp
from surveys.answers.values import Wrong, reader

PLACES = Places([Assessed(1, "K7M4PX2D", NAME, "7718084659", "", "", "")])
CULTURE = library.questionnaire("675n-culture-education")
SHORT = library.questionnaire("bus-gov-13")
#: In the words of operators, not of the Order: short, long, numbered, of other spheres.
VARIANTS = {
    "stand_seen": [
        "Обращались ли Вы к информации на стендах?",
        "1) Вы смотрели стенд в здании?",
        "Пользовались стендом",
    ],
    "stand": [
        "2. Довольны ли Вы информацией на стендах?",
        "Если да, удовлетворены ли Вы информацией на стенде?",
        "стенд",
    ],
    "site_seen": ["Заходили ли Вы на сайт?", "Пользовались ли Вы официальным сайтом школы?", "Посещали сайт"],
    "site": ["Устраивает ли Вас информация на сайте?", "Удовлетворены сайтом организации", "Сайт"],
    "on_time": ["Услугу оказали вовремя?", "Своевременно ли предоставлена услуга?", "Своевременность"],
    "comfort": ["Удовлетворены ли Вы комфортностью условий?", "Комфортно ли Вам было?", "Комфорт"],
    "disability": ["Есть ли у Вас инвалидность?", "Имеете ли Вы группу инвалидности?", "Вы инвалид?"],
    "accessibility": ["Довольны ли Вы доступностью для инвалидов?", "Доступность услуг инвалидам"],
    "first_contact": ["Вежливы ли работники, обеспечивающие первичный контакт?", "Вежливость регистратуры"],
    "service_staff": [
        "Вежливы ли работники, оказывающие услугу?",
        "Доброжелательность врачей",
        "Вежливость педагогов",
    ],
    "remote_used": ["Пользовались ли Вы дистанционными способами?", "Обращались дистанционно?"],
    "remote_staff": [
        "Вежливость работников в дистанционной форме",
        "Довольны ли вежливостью при дистанционном общении?",
    ],
    "recommend": ["Порекомендуете ли Вы нас знакомым?", "Готовы рекомендовать?"],
    "schedule": ["Удобен ли Вам график работы?", "Организационные условия (график, навигация)"],
    "overall": ["В целом Вы довольны?", "Удовлетворены ли Вы в целом?"],
    "proposals": ["Ваши пожелания", "Что нам улучшить?"],
    "sex": ["Пол", "Укажите Ваш пол:"],
    "age": ["Возраст", "Укажите возраст, полных лет"],
}


def cell(target: str) -> object:
    return {"proposals": "Поставьте скамейку у входа", "sex": "женский", "age": 45}.get(target, "Да")


def meanings(headings: Sequence[str], rows: Sequence[Sequence[Any]], form=FULL) -> list[tuple[str, bool]]:
    found = proposed(headings, (), [tuple(row) for row in rows], form, PLACES)
    return [(column.target, column.sure) for column in found]


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_whatever_operators_call_a_question_its_column_is_found(turn, seed) -> None:
    pairs = [(target, names[turn % len(names)]) for target, names in VARIANTS.items()]
    if seed:
        random.Random(seed).shuffle(pairs)  # noqa: S311
    targets = [target for target, _name in pairs]
    found = meanings([name for _target, name in pairs], [[cell(target) for target in targets]] * 5)
    assert [one for one, _sure in found] == targets
    assert [target for target, (_one, sure) in zip(targets, found, strict=True) if not sure] == []


@pytest.mark.parametrize("form", [FULL, CULTURE, SHORT], ids=lambda form: form.id)
@pytest.mark.parametrize("words", ["wording", "caption"])
def test_each_questionnaire_is_found_in_its_own_words(form, words) -> None:
    questions = list(form.questions)
    random.Random(3).shuffle(questions)  # noqa: S311
    headings = [f"{place}. {getattr(q, words)}" for place, q in enumerate(questions, 1)]
    found = meanings(headings, [[cell(q.id) for q in questions]] * 3, form)
    assert found == [(q.id, True) for q in questions]


def test_what_stands_around_the_answers_is_told_apart() -> None:
    headings = [
        "Отметка времени",
        "Адрес электронной почты",
        "ID",
        "№ п/п",
        "Ваша поликлиника",
        "В целом довольны?",
    ]
    rows = [["01.03.2026 9:01:07", "a@example.org", 501 + n, n, NAME, "Да"] for n in range(5)]
    assert [one for one, _sure in meanings(headings, rows)] == [
        TIME,
        SKIP,
        ROW_KEY,
        SKIP,
        ORGANIZATION,
        "overall",
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ["01.03.2026 9:01:07"] * 5,
        [NAME] * 5,
        [5, 4, 1, 5, 3],
        ["Очень вежливый персонал, всем большое спасибо!"] * 5,
    ],
    ids=["dates", "names", "points", "sentences"],
)
def test_a_column_is_never_taken_against_what_is_in_it(cells) -> None:
    heading = FULL.question("overall").wording
    [(target, _sure)] = meanings([heading], [[one] for one in cells])
    assert target != "overall"


def test_a_question_asked_about_stands_and_site_together_is_not_guessed() -> None:
    heading = "Удовлетворены ли Вы открытостью информации, размещенной на стендах и на сайте?"
    [column] = proposed([heading], (), [("Да",)], FULL, PLACES)
    assert (column.target, "две доли" in column.why) == (SKIP, True)


def test_two_columns_that_claim_one_question_are_asked_about() -> None:
    found = meanings(["Удовлетворены ли Вы в целом?", "Удовлетворены ли Вы в целом? (2)"], [["Да", "Да"]] * 3)
    assert [sure for _target, sure in found] != [True, True]


def test_a_filter_and_what_stands_behind_it_are_not_mixed_up() -> None:
    for gate, behind in (("stand_seen", "stand"), ("site_seen", "site"), ("remote_used", "remote_staff")):
        headings = [FULL.question(behind).wording, FULL.question(gate).wording]
        assert meanings(headings, [["Да", "Да"]] * 3) == [(behind, True), (gate, True)]


@pytest.mark.parametrize(
    "heading",
    [
        "Вежливы ли были с Вами по телефону?", "Вы были на сайте организации?", "Удобно ли инвалидам в организации?",
        "Обращались ли Вы по телефону?", "Вы стояли у стенда?",
    ],
)  # fmt: skip
def test_a_question_whose_neighbour_has_no_column_is_not_sure(heading) -> None:
    rows = [[NAME, "Да" if n % 2 else "Нет", "Да"] for n in range(6)]
    found = meanings(["Организация", heading, "Удовлетворены ли Вы в целом?"], rows, SHORT)
    assert (found[1][1], found[2]) == (False, ("overall", True))


def test_an_answer_is_not_put_aside_as_somebodys_telephone() -> None:
    rows = [[NAME, "Да", "+7 900 000-00-00"]] * 6
    [_place, asked, told] = meanings(["Организация", "Обращались ли Вы по телефону?", "Телефон"], rows)
    assert (asked, told) == (("remote_used", True), (SKIP, True))


def test_a_question_about_the_organisation_is_not_its_name() -> None:
    headings = [
        "Полное наименование медицинской организации",
        "Причина, по которой Вы обратились в медицинскую организацию?",
        "Ваше обслуживание в медицинской организации?",
    ]
    found = meanings(headings, [[NAME, "заболевание", "за счет ОМС"]] * 6)
    assert [target for target, _sure in found] == [ORGANIZATION, found[1][0], found[2][0]]
    assert ORGANIZATION not in {target for target, _sure in found[1:]}


# Rows of headings


def headed(rows: Sequence[Sequence[Any]]):
    return find(
        [tuple(row) for row in rows], lambda text: likeness(FULL, text), frozenset(q.id for q in FULL.closed)
    )


def test_a_title_above_the_headings_is_no_heading() -> None:
    rows = [["Результаты опроса"], [], *google({})]
    found = headed(rows)
    assert (found.rows, found.headings[1]) == ((3,), "Выберите организацию")


def test_codes_below_the_headings_belong_to_them() -> None:
    found = headed([["Орг", "Стенд", "В целом"], ["organization", "stand", "overall"], [NAME, "Да", "Да"]])
    assert (found.rows, found.codes) == ((1, 2), ("organization", "stand", "overall"))


def test_two_rows_of_a_merged_heading_are_read_as_one() -> None:
    rows = [
        ["Организация", "Удовлетворены ли Вы информацией", "", "Вежливость работников", ""],
        ["", "на стендах", "на сайте", "при первичном контакте", "при оказании услуги"],
        [NAME, "Да", "Да", "Да", "Нет"],
    ]
    found = headed(rows)
    assert found.rows == (1, 2)
    assert [one for one, _sure in meanings(found.headings, rows[2:])] == [
        ORGANIZATION, "stand", "site", "first_contact", "service_staff",
    ]  # fmt: skip


def test_the_same_headings_are_known_again_whatever_their_case() -> None:
    rows = google({})
    other = [[str(one).upper() + " " for one in rows[0]], *rows[1:]]
    assert headed(rows).sha256 == headed(other).sha256


# Organisations


TWO = Places(
    [
        Assessed(1, "22CFYFU4", "Городская поликлиника № 1", "7718084659", "", "", "Мира, 1"),
        Assessed(2, "NXYUN3DR", "Городская поликлиника № 2", "7710000008", "", "", "Мира, 2"),
    ]
)


@pytest.mark.parametrize(
    ("cells", "leads"),
    [
        (("22CFYFU4", "Городская поликлинника №1"), 1),
        (("7710000008", "Городская поликлинника", "NXYUN3DR"), 2),
        (("22CFYFU4 — Городская поликлиника № 1, Мира, 1",), 1),
        (("22CFYFU4", "Городская поликлиника № 2"), "разные организации"),
        (("22CFYFU4", "7710000009"), "разные организации"),
        (("22CFYFU4 Городская поликлиника № 2",), "код одной организации, а название другой: 22CFYFU4"),
        (("22CFYFU4 Баня",), "код одной организации, а название не её"),
    ],
)
def test_the_order_of_columns_of_an_organisation_says_nothing(cells, leads) -> None:
    for told in (cells, cells[::-1]):
        found = TWO.find(told)
        if isinstance(leads, int):
            assert isinstance(found, Assessed) and found.assessment_id == leads
        else:
            assert isinstance(found, Nowhere) and leads in found.reason


def test_the_cell_at_fault_is_named() -> None:
    found = TWO.find(("Городская поликлиника № 2", "22CFYFU4"))
    assert isinstance(found, Nowhere) and found.cell == 0


def test_the_order_of_day_and_month_is_the_columns_own() -> None:
    american = ["11/21/2026 10:00:13", "03/04/2026 10:00:13"]
    russian = ["21/11/2026 10:00:13", "03/04/2026 10:00:13"]

    def days(column: list[str]) -> list[str]:
        read = [stamp(one, months_first(column)) for one in column]
        return [str(one.day) if one else "" for one in read]

    assert days(american) == ["2026-11-21", "2026-03-04"]
    assert days(russian) == ["2026-11-21", "2026-04-03"]
    assert (months_first(["03/04/2026"]), months_first(["03.14.2026", "45"])) == (None, False)
    [column] = proposed(["Отметка времени"], (), [("03/04/2026 10:00:13",)], FULL, PLACES)
    assert (column.target, column.sure, "не различить" in column.why) == (TIME, True, True)


# Cells


@pytest.mark.parametrize(
    ("id", "said", "meant"),
    [
        ("overall", "ДА ", "yes"), ("overall", True, "yes"), ("overall", 1.0, "yes"), ("overall", "+", "yes"),
        ("overall", "нет.", "no"), ("overall", 0, "no"), ("overall", "–", "no"), ("overall", "−", "no"),
        ("overall", "не удовлетворен(а)", "no"), ("overall", "удовлетворена", "yes"), ("overall", "да\u200b", "yes"),
        ("overall", "Нет, не понравилось", "no"),
        ("overall", "затрудняюсь ответить", ""), ("overall", "нет ответа", ""),
        ("on_time", "Нет (с опозданием)", "no"), ("stand_seen", "не обращался(ась)", "no"),
        ("stand", "не пользовался", ""), ("stand", "Нет, не пользовался", ""), ("stand", "Нет (не обращалась)", ""),
        ("stand_seen", "Нет, не обращался", "no"), ("stand_seen", "Да (обращался)", "yes"),
        ("overall", "Нет (переход к вопросу 3)", "no"), ("overall", "Да - в полной мере", "yes"),
        ("sex", "Ж", "female"), ("sex", "муж.", "male"), ("sex", "", ""),
        ("age", 45.0, "45_59"), ("age", "45 лет", "45_59"), ("age", "18-29", "18_29"), ("age", "75+", "75_plus"),
        ("age", "до 18", "under_18"), ("age", "старше 80", "75_plus"),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(id, said, meant) -> None:
    assert reader(FULL.question(id))(said) == meant


def test_not_used_is_an_answer_where_it_is_asked() -> None:
    assert reader(SHORT.question("stand"))("Не пользовалась") == "not_used"
    assert reader(SHORT.question("stand"))("Нет, не пользовался сайтом") == "not_used"
    assert reader(SHORT.question("overall"))("Затрудняюсь") == "unsure"


@pytest.mark.parametrize("form", library.questionnaires(), ids=lambda form: form.id)
def test_every_answer_is_understood_as_it_is_printed(form) -> None:
    asked = [question for question in form.closed if question.kind == "yes_no"]
    for question in asked:
        for choice in question.choices:
            said = {reader(question)(text) for text in (choice.value, choice.text, choice.printed)}
            assert said == {choice.value}, (question.id, choice.printed)


@pytest.mark.parametrize(
    ("id", "said", "reason"),
    [
        ("overall", "может быть", "такого ответа нет"), ("overall", "Да, но не всегда", "такого ответа нет"),
        ("overall", "Да (нет)", "такого ответа нет"), ("overall", "Нет (да)", "такого ответа нет"),
        ("overall", "Да, не удовлетворен", "такого ответа нет"), ("overall", "Да, отчасти", "такого ответа нет"),
        ("overall", "Нет, всё устроило", "такого ответа нет"), ("stand", "Да, не пользовался", "такого ответа нет"),
        ("overall", "0,5", "такого ответа нет"), ("overall", "Да(нет)", "такого ответа нет"),
        ("overall", "Да (частично)", "такого ответа нет"), ("overall", 2, "такого ответа нет"),
        ("overall", "=A1", "в ячейке формула"), ("overall", "#Н/Д", "в ячейке ошибка формулы"),
        ("sex", "1", "такого ответа нет"), ("age", "250", "такого ответа нет"), ("age", "сорок", "такого ответа нет"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_not_guessed(id, said, reason) -> None:
    read = reader(FULL.question(id))(said)
    assert isinstance(read, Wrong) and read.reason == reason


def test_an_age_group_of_another_form_is_left_blank_and_said() -> None:
    read = reader(FULL.question("age"))("25–34")
    assert isinstance(read, Wrong) and read.passes
