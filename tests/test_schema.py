"""Негодная анкета отвергается с файлом, вопросом и ключом, и все замечания приходят сразу."""

from pathlib import Path

import pytest
from drafts import HEAD, OVERALL, problems, the_problem

from surveys.library import QuestionnaireRefused, load


def more(id: str, *lines: str, kind: str = "yes_no") -> str:
    """Ещё один вопрос черновика, без номера."""
    head = ("[[question]]", f'id = "{id}"', f'caption = "{id}?"', f'wording = "{id}?"', f'kind = "{kind}"')
    return "\n" + "\n".join([*head, *lines]) + "\n"


class TestWrongFiles:
    def test_all_problems_come_at_once_with_their_places(self, tmp_path: Path) -> None:
        file = tmp_path / "draft.toml"
        text = HEAD + OVERALL.replace("measure", "mesure") + more("overall") + more("b", 'measure = "beauty"')
        file.write_text(text, "utf-8")
        with pytest.raises(QuestionnaireRefused) as refused:
            load(file)
        places = [(problem.question, problem.key) for problem in refused.value.problems]
        assert places == [("overall", "mesure"), ("b", "measure")]
        assert "draft.toml · overall · mesure: Такого ключа нет. Может быть, measure?" in str(refused.value)

    @pytest.mark.parametrize(
        ("change", "question", "key", "part"),
        [
            (("version", "versoin"), "", "versoin", "version?"),
            (('id = "draft"', 'id = "Анкета 1"'), "", "id", "не годится"),
            (('version = "1"', "version = 1"), "", "version", "текст в кавычках"),
            (('source = "Проверка"', 'source = " "'), "", "source", "пусто"),
            (("feeds_344n = true", 'feeds_344n = "да"'), "", "feeds_344n", "true или false"),
            (('["social"]', "[]"), "", "spheres", "Не названо"),
            (('["social"]', '["social", "sport"]'), "", "spheres", "«sport»"),
            (('id = "overall"', 'id = "Всё"'), "Всё", "id", "не годится"),
            (('id = "overall"', 'id = "key"'), "key", "id", "занят"),
            (('id = "overall"\n', ""), "1-й по порядку", "id", "не хватает"),
            (('"yes_no"', '"radio"'), "overall", "kind", "«radio»"),
            (("number = 1", "number = true"), "overall", "number", "целое число"),
            (("number = 1", "number = 2"), "overall", "number", "по порядку 1"),
            (('measure = "overall"', 'measure = "beauty"'), "overall", "measure", "«beauty»"),
            (('measure = "overall"', 'profile = "height"'), "overall", "profile", "«height»"),
            (('measure = "overall"', 'measure = ["overall"]'), "overall", "measure", "не бывает"),
            (("В целом вас всё устроило?", "а" * 91), "overall", "caption", "Знаков 91"),
            (("В целом вас всё устроило?", ""), "overall", "caption", "пусто"),
            (('"Черновик"', '"Черновик"\nreconstruction = true'), "", "title", "восстановлена"),
            (("feeds_344n = true", "feeds_344n = false"), "overall", "measure", "не даёт показателей"),
            (('measure = "overall"', ""), "", "feeds_344n", "Ни один вопрос"),
            (
                ('measure = "overall"', 'measure = "overall"\nmax_length = 9'),
                "overall",
                "max_length",
                "свободного",
            ),
        ],
    )
    def test_one_slip_is_one_problem_at_its_place(
        self, tmp_path: Path, change: tuple[str, str], question: str, key: str, part: str
    ) -> None:
        text = (HEAD + OVERALL).replace(*change, 1)
        found = problems(tmp_path, text)
        assert (question, key) in [(problem.question, problem.key) for problem in found]
        assert part in "\n".join(map(str, found))
        if change[0] not in ("version", 'measure = "overall"'):
            assert len(found) == 1, found

    @pytest.mark.parametrize(
        ("choices", "part"),
        [
            ('[{ value = "no" }, { value = "yes" }]', "Первым стоит «Да»"),
            ('[{ value = "yes" }, { value = "no" }, { value = "maybe", text = "Может" }]', "«maybe»"),
            ('[{ value = "yes" }, { value = "no" }, { value = "no" }]', "«no» повторяется"),
            ('[{ value = "yes" }]', "не из чего"),
            ('["yes", "no"]', "Выбор записан не так"),
            ('[{ value = "да" }, { value = "no" }]', "«да» не годится"),
            ('[{ value = "yes", txt = "Да" }, { value = "no" }]', "text?"),
            ('"yes"', "список"),
        ],
    )
    def test_a_yes_no_question_has_yes_then_no(self, tmp_path: Path, choices: str, part: str) -> None:
        found = problems(tmp_path, HEAD + OVERALL + f"choices = {choices}\n")
        assert part in "\n".join(map(str, found)) and {problem.question for problem in found} == {"overall"}

    @pytest.mark.parametrize("values", [("1", "3"), ("2", "3"), ("unsure", "1"), ("0", "1")])
    def test_a_scale_counts_from_one_without_gaps(self, tmp_path: Path, values: tuple[str, str]) -> None:
        choices = ", ".join(f'{{ value = "{value}", text = "…" }}' for value in values)
        problem = the_problem(
            tmp_path, HEAD + OVERALL + more("scale", f"choices = [{choices}]", kind="scale")
        )
        assert (problem.question, problem.key) == ("scale", "choices")

    def test_points_never_feed_a_share(self, tmp_path: Path) -> None:
        steps = 'choices = [{ value = "1", text = "Плохо" }, { value = "2", text = "Хорошо" }]'
        text = HEAD + OVERALL + more("comfort", steps, 'measure = "comfort"', kind="scale")
        assert "«да» и «нет»" in the_problem(tmp_path, text).text_ru

    def test_more_than_nine_choices_do_not_fit_a_character(self, tmp_path: Path) -> None:
        choices = ", ".join(f'{{ value = "c{place}", text = "…" }}' for place in range(10))
        text = HEAD + OVERALL + more("road", f"choices = [{choices}]", kind="choice")
        assert "Выборов 10" in the_problem(tmp_path, text).text_ru

    def test_more_than_sixty_four_closed_questions_are_refused(self, tmp_path: Path) -> None:
        exact = HEAD + OVERALL + "".join(more(f"q{place}") for place in range(63))
        assert problems(tmp_path, exact) == []
        assert "65" in the_problem(tmp_path, exact + more("last")).text_ru

    def test_free_answers_have_no_choices(self, tmp_path: Path) -> None:
        text = HEAD + OVERALL + more("words", "choices = []", kind="text")
        assert the_problem(tmp_path, text).key == "choices"

    @pytest.mark.parametrize("length", [0, -5, 4001])
    def test_a_length_out_of_bounds_is_refused(self, tmp_path: Path, length: int) -> None:
        text = HEAD + OVERALL + more("words", f"max_length = {length}", kind="text")
        assert str(length) in the_problem(tmp_path, text).text_ru

    def test_a_profile_is_chosen_from_its_own_list(self, tmp_path: Path) -> None:
        choices = 'choices = [{ value = "male", text = "М" }, { value = "other", text = "Ж" }]'
        text = HEAD + OVERALL + more("sex", choices, 'profile = "sex"', kind="choice")
        assert "female, male" in the_problem(tmp_path, text).hint

    @pytest.mark.parametrize("key", ["id", "measure"])
    def test_two_questions_never_share_an_id_or_a_measure(self, tmp_path: Path, key: str) -> None:
        id = "overall" if key == "id" else "again"
        lines = () if key == "id" else ('measure = "overall"',)
        problem = the_problem(tmp_path, HEAD + OVERALL + more(id, *lines))
        assert (problem.question, problem.key) == (id, key)


class TestConditions:
    @pytest.mark.parametrize(
        ("when", "part"),
        [
            ('{ nobody = "yes" }', "не существует"),
            ('{ dependent = "yes" }', "не раньше"),
            ('{ later = "yes" }', "не раньше"),
            ('{ words = "yes" }', "не выбором"),
            ('{ overall = "maybe" }', "«maybe»"),
            ("{ overall = true }", "записано не так"),
            ('"overall"', "таблица"),
        ],
    )
    def test_a_condition_looks_back_at_a_choice_that_exists(
        self, tmp_path: Path, when: str, part: str
    ) -> None:
        text = (
            HEAD + OVERALL + more("words", kind="text") + more("dependent", f"when = {when}") + more("later")
        )
        problem = the_problem(tmp_path, text)
        assert (problem.question, problem.key) == ("dependent", "when") and part in problem.text_ru

    def test_a_question_nobody_can_reach_is_refused(self, tmp_path: Path) -> None:
        text = HEAD + OVERALL + more("b", 'when = { overall = "no" }')
        text += more("c", 'when = { b = "yes", overall = "yes" }')
        problem = the_problem(tmp_path, text)
        assert problem.question == "c" and "никто не дойдёт" in problem.text_ru

    def test_accessibility_is_asked_only_behind_the_disability_filter(self, tmp_path: Path) -> None:
        text = HEAD + more("disability", 'measure = "disability"')
        alone = text + more("accessibility", 'measure = "accessibility"')
        wrong = text + more("accessibility", 'measure = "accessibility"', 'when = { disability = "no" }')
        right = text + more("accessibility", 'measure = "accessibility"', 'when = { disability = "yes" }')
        assert the_problem(tmp_path, alone).question == "accessibility"
        assert the_problem(tmp_path, wrong).question == "accessibility"
        assert problems(tmp_path, right) == []

    @pytest.mark.parametrize("measure", ["stand", "site", "remote_staff"])
    def test_who_did_not_use_it_has_a_way_round(self, tmp_path: Path, measure: str) -> None:
        third = 'choices = [{ value = "yes" }, { value = "no" }, { value = "not_used" }]'
        assert the_problem(tmp_path, HEAD + more(measure, f'measure = "{measure}"')).key == "when"
        assert problems(tmp_path, HEAD + more(measure, f'measure = "{measure}"', third)) == []

    @pytest.mark.parametrize(("number", "count"), [(3, 0), (2, 1), (4, 1)])
    def test_a_printed_jump_leads_where_the_path_leads(self, tmp_path: Path, number: int, count: int) -> None:
        file = Path(__file__).parent / "questionnaires" / "paper.toml"
        text = file.read_text("utf-8").replace("переход к вопросу 3", f"переход к вопросу {number}")
        found = problems(tmp_path, text)
        assert len(found) == count and all("путь ведёт к вопросу 3" in p.text_ru for p in found)
