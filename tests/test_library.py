"""Библиотека анкет: поставляемые файлы верны норме, а нечитаемый файл не роняет никого."""

import os
import re
from hashlib import sha256
from pathlib import Path

import pytest
from drafts import HEAD, OVERALL, problems, the_problem

import nok
from surveys import library
from surveys.library import QuestionnaireRefused, check, questionnaire, questionnaires
from surveys.measures import FEEDS, MEASURE, MEASURES, PROFILE, PROFILE_TITLES, SPHERES, TALLY_COLUMNS
from surveys.questionnaire import Questionnaire, packed, path
from surveys.schema import CHOICE_KEYS, FILE_KEYS, QUESTION_KEYS

FULL, CULTURE = "675n-full", "675n-culture-education"
FILES = sorted(library.FOLDER.glob("*.toml"))


class TestShipped:
    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_every_file_is_without_a_problem(self, file: Path) -> None:
        assert check(file) == []

    def test_the_four_of_the_norm_are_there(self) -> None:
        assert [form.id for form in questionnaires()] == [CULTURE, FULL, "bus-gov-13", "epgu-5"]

    def test_a_form_is_pinned_by_the_bytes_of_its_file(self) -> None:
        raw = library.FOLDER.joinpath("bus-gov-13.toml").read_bytes()
        assert questionnaire("bus-gov-13").content_hash == sha256(raw).hexdigest()

    def test_the_same_form_is_read_once(self) -> None:
        assert questionnaire("bus-gov-13") is questionnaire("bus-gov-13")

    def test_captions_fit_a_phone(self) -> None:
        long = [q.caption for form in questionnaires() for q in form.questions if len(q.caption) > 90]
        assert long == []

    def test_captions_speak_to_a_person_in_lower_case(self) -> None:
        texts = [text for form in questionnaires() for q in form.questions for text in (q.caption, q.hint)]
        wrong = re.compile(r"!|[^.?] В(ы|ас|ам|ами|аш)\b")
        assert [text for text in texts if wrong.search(text)] == []

    def test_nothing_not_checked_against_the_act_is_called_verified(self) -> None:
        assert [form.id for form in questionnaires() if form.verified] == []

    @pytest.mark.parametrize("form", questionnaires(), ids=lambda form: form.id)
    def test_words_sex_and_age_are_never_insisted_on(self, form: Questionnaire) -> None:
        for question in form.questions:
            if question.kind == "text" or question.profile:
                assert not question.required


class TestThirteen:
    FORM = questionnaire("bus-gov-13")

    def test_it_is_called_a_reconstruction(self) -> None:
        assert self.FORM.reconstruction and "реконструкция" in self.FORM.title

    def test_it_has_thirteen_numbered_questions_in_the_order_of_the_norm(self) -> None:
        assert [question.measure for question in self.FORM.numbered] == [
            *("stand", "site", "on_time", "comfort", "disability", "accessibility", "first_contact"),
            *("service_staff", "remote_used", "remote_staff", "recommend", "schedule", "overall"),
        ]

    def test_proposals_sex_and_age_follow_without_numbers(self) -> None:
        assert [question.id for question in self.FORM.questions[13:]] == ["proposals", "sex", "age"]
        assert {question.number for question in self.FORM.questions[13:]} == {None}

    def test_it_is_one_form_for_all_spheres(self) -> None:
        assert self.FORM.spheres == SPHERES

    def test_everyone_can_decline_without_choosing_a_side(self) -> None:
        thirds = {
            question.id: [choice.value for choice in question.choices[2:]] for question in self.FORM.numbered
        }
        assert thirds.pop("stand") == thirds.pop("site") == ["not_used"]
        assert set(map(tuple, thirds.values())) == {("unsure",)}

    def test_yes_comes_before_no_everywhere(self) -> None:
        for question in self.FORM.numbered:
            assert [choice.text for choice in question.choices[:2]] == ["Да", "Нет"]

    @pytest.mark.parametrize("answer", ["no", "unsure"])
    def test_five_skips_to_seven_and_nine_to_eleven(self, answer: str) -> None:
        asked = path(self.FORM, {"disability": answer, "remote_used": answer})
        assert [question.number for question in asked if question.number] == [
            *(1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13),
        ]

    def test_no_answer_to_anything_is_packed_with_two_not_asked(self) -> None:
        assert packed(self.FORM, {}) == "00000-000-00000"


class TestMethod675:
    @pytest.mark.parametrize(("id", "count"), [(FULL, 18), (CULTURE, 17)])
    def test_the_form_is_numbered_to_its_end(self, id: str, count: int) -> None:
        form = questionnaire(id)
        assert [question.number for question in form.questions] == list(range(1, count + 1))
        assert [question.id for question in form.questions[-3:]] == ["proposals", "sex", "age"]

    def test_the_full_form_asks_all_fifteen_measures_in_order(self) -> None:
        measures = tuple(question.measure for question in questionnaire(FULL).questions[:15])
        assert measures == MEASURES

    def test_culture_and_education_are_the_same_form_without_timeliness(self) -> None:
        full = [(q.id, q.caption, q.wording) for q in questionnaire(FULL).questions if q.id != "on_time"]
        assert [(q.id, q.caption, q.wording) for q in questionnaire(CULTURE).questions] == full

    def test_screens_and_paper_ask_in_the_same_official_words(self) -> None:
        screen = {question.id: question.wording for question in questionnaire("bus-gov-13").questions}
        paper = {question.id: question.wording for question in questionnaire(FULL).questions}
        assert screen == {id: wording for id, wording in paper.items() if id in screen}

    @pytest.mark.parametrize(
        ("id", "jumps"),
        [
            (FULL, {"stand_seen": 3, "site_seen": 5, "disability": 9, "remote_used": 13}),
            (CULTURE, {"stand_seen": 3, "site_seen": 5, "disability": 8, "remote_used": 12}),
        ],
    )
    def test_paper_says_where_to_go_after_no(self, id: str, jumps: dict[str, int]) -> None:
        printed = {q.id: q.choices[1].printed for q in questionnaire(id).questions if q.kind == "yes_no"}
        expected = {question: f"Нет (переход к вопросу {number})" for question, number in jumps.items()}
        assert {id: text for id, text in printed.items() if "переход" in text} == expected

    def test_being_late_is_explained_on_paper(self) -> None:
        printed = [choice.printed for choice in questionnaire(FULL).question("on_time").choices]
        assert printed == ["Да (своевременно или ранее установленного срока)", "Нет (с опозданием)"]


def test_five_points_feed_no_indicator_and_no_sample() -> None:
    form = questionnaire("epgu-5")
    assert not form.feeds_344n
    assert {(question.measure, question.profile) for question in form.questions} == {(None, None)}


class TestMeasures:
    def test_eleven_feed_the_order_and_four_only_filter(self) -> None:
        filters = ["stand_seen", "site_seen", "disability", "remote_used"]
        assert len(FEEDS) == 11 and [measure for measure in MEASURES if measure not in FEEDS] == filters

    def test_what_feeds_is_what_the_calculator_reads(self) -> None:
        answers = {measure: [1, 2] for measure in FEEDS}
        inspection = {"stand": {"present": 1, "required": 1}, "site": {"present": 1, "required": 1}}
        rest = {"remote_ways": 1, "comfort": 1, "equipment": 1, "accessibility": 1, "waiting_points": 60}
        read = nok.Observations.read(
            {"id": "1", "sector": "health", "inspection": {**inspection, **rest}, "answers": answers}
        )
        assert set(read.as_dict()["answers"]) == set(FEEDS)

    def test_the_spheres_are_those_of_the_calculator(self) -> None:
        assert nok.SECTORS == SPHERES

    def test_symbols_are_those_of_the_order(self) -> None:
        assert (MEASURE["stand"].yes, MEASURE["stand"].of) == ("Устенд", "Уобщ-стенд")
        assert (MEASURE["accessibility"].yes, MEASURE["accessibility"].of) == ("Удост", "Чинв")
        assert (MEASURE["remote_staff"].yes, MEASURE["remote_staff"].of) == ("Увежл.дист", "Чобщ-дист")

    def test_every_profile_column_has_a_name_for_people(self) -> None:
        columns = {name for name in TALLY_COLUMNS if name.partition("_")[0] in PROFILE}
        assert columns <= PROFILE_TITLES.keys()


class TestUnreadableFiles:
    def test_a_good_draft_has_no_problem(self, tmp_path: Path) -> None:
        assert problems(tmp_path, HEAD + OVERALL) == []

    def test_a_syntax_error_names_its_line(self, tmp_path: Path) -> None:
        problem = the_problem(tmp_path, HEAD + '\n[[question]]\nid = "overall\n')
        assert "строка 10" in problem.text_ru and 'id = "overall' in problem.hint

    def test_a_file_cut_short_is_said_to_be_cut_short(self, tmp_path: Path) -> None:
        assert "обрывается" in the_problem(tmp_path, "spheres = [").text_ru

    @pytest.mark.parametrize("text", ["a = " + "[" * 50_000, "a = " + "1" * 5000])
    def test_monsters_are_refused_without_a_crash(self, tmp_path: Path, text: str) -> None:
        assert "TOML" in the_problem(tmp_path, text).text_ru

    @pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n", "название = 1".encode("cp1251"), b"\xff\xfe\x00"])
    def test_what_is_not_utf8_is_said_to_be_so(self, tmp_path: Path, raw: bytes) -> None:
        file = tmp_path / "draft.toml"
        file.write_bytes(raw)
        assert "UTF-8" in check(file)[0].text_ru

    def test_a_zero_byte_is_a_syntax_error(self, tmp_path: Path) -> None:
        assert "строка 1" in the_problem(tmp_path, "\x00" * 10).text_ru

    def test_windows_notepad_is_welcome(self, tmp_path: Path) -> None:
        file = tmp_path / "draft.toml"
        file.write_bytes(b"\xef\xbb\xbf" + (HEAD + OVERALL).replace("\n", "\r\n").encode())
        assert check(file) == []

    def test_an_empty_file_names_each_key_it_lacks(self, tmp_path: Path) -> None:
        missing = {problem.key for problem in problems(tmp_path, "")}
        assert missing == {"id", "version", "title", "source", "spheres", "feeds_344n", "question"}

    def test_a_file_too_large_is_not_read_to_the_end(self, tmp_path: Path) -> None:
        assert "256 КБ" in the_problem(tmp_path, "#" * (library.MAX_BYTES + 1)).text_ru

    def test_a_folder_and_a_missing_file_and_a_pipe_are_no_files(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.toml")
        assert "не файл" in check(tmp_path)[0].text_ru
        assert "не файл" in check(tmp_path / "pipe.toml")[0].text_ru
        assert "нет" in check(tmp_path / "nowhere.toml")[0].text_ru

    def test_an_unknown_form_is_named_with_those_that_exist(self) -> None:
        for id in ("2018", "../questionnaire", "", "bus-gov-13.toml"):
            with pytest.raises(LookupError, match="bus-gov-13"):
                questionnaire(id)

    def test_a_file_that_holds_another_form_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tmp_path.joinpath("other.toml").write_text(HEAD + OVERALL, "utf-8")
        monkeypatch.setattr(library, "FOLDER", tmp_path)
        with pytest.raises(QuestionnaireRefused, match="draft"):
            questionnaire("other")


class TestGuide:
    GUIDE = Path(__file__).parents[1].joinpath("docs/questionnaires.md").read_text("utf-8")

    def test_its_example_is_a_questionnaire_without_a_problem(self, tmp_path: Path) -> None:
        example, *_languages = re.findall(r"```toml\n(.*?)```", self.GUIDE, re.DOTALL)
        assert problems(tmp_path, example) == []

    @pytest.mark.parametrize("word", [*FILE_KEYS, *QUESTION_KEYS, *CHOICE_KEYS, *MEASURES, *SPHERES])
    def test_every_word_a_file_may_hold_is_explained(self, word: str) -> None:
        assert f"`{word}`" in self.GUIDE or f"[[{word}]]" in self.GUIDE

    def test_it_lists_every_form_of_the_library(self) -> None:
        assert [form.id for form in questionnaires() if f"`{form.id}`" not in self.GUIDE] == []
