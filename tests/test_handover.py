"""From the desk to the council and back: explanations, words, submission, remarks, decisions; nobody's work is lost."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from build import CONTENT, heard_about
from handing import WHY, Hands, a_ready_campaign, one_more_answer, renamed, stage, teams, the_package
from sqlalchemy import select

from accounts.models import AuditEvent, User
from documents import folder
from documents.keeping import MIME
from documents.presentation import dated
from operator_app.handover import period
from operator_app.handover.report import PARTS
from operator_app.phone.tables import Contact
from surveys import handover, results
from surveys.clock import today
from surveys.db import db, writing
from surveys.display import day
from surveys.models import Assessment, Campaign
from surveys.refusals import PinnedChanged
from surveys.submissions import ReportSection

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MINE = "Мы опросили всех, кого застали.\n\n- по телефону\n- у входа"


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents themselves are another file's matter, and take seconds."""
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: b"%PDF-")
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")


@pytest.fixture
def road(app, session) -> tuple[int, list[str], Hands, Hands, Hands]:
    """A ready campaign, the head, a verifier and the council."""
    campaign_id, codes = a_ready_campaign()
    return (campaign_id, codes, *teams(app, campaign_id))


@pytest.fixture
def sent(road) -> tuple[int, list[str], Hands, Hands]:
    """A submitted package; the head and the council."""
    campaign_id, codes, head, _verifier, council = road
    head.explained("official_share")
    assert head.submitted().status_code == 302
    return campaign_id, codes, head, council


def refused(answer: Any, status: int, words: str) -> None:
    assert (answer.status_code, words in answer.text) == (status, True), answer.text


def flat(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def acts() -> list[str]:
    db.session.rollback()
    return [event.action for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]


def test_the_page_says_what_stands_in_the_way_and_whose_turn_it_is(road) -> None:
    _campaign, _codes, head, verifier, _council = road
    text = head.opened()
    assert "Через bus.gov.ru пришло 0,0 % анкет" in text
    assert "Сначала уберите то, что мешает" in text
    verifier.explained("official_share")
    assert WHY in head.opened()
    assert "Отправить пакет совету" in head.opened()
    assert "Отправляет пакет руководитель" in verifier.opened()


def test_an_unexplained_finding_stops_the_head(road) -> None:
    campaign_id, _codes, head, _verifier, _council = road
    refused(head.submitted(), 400, "Отправить пока нельзя: через bus.gov.ru")
    assert stage(campaign_id) == "collecting"


@ON_SQLITE
@pytest.mark.parametrize("text", ["", "нет", " \n ", "я" * 2001])
def test_an_explanation_that_explains_nothing_is_refused_and_stays_on_the_page(road, text) -> None:
    head = road[2]
    answer = head.explained("official_share", text)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert text.strip() in answer.text


@ON_SQLITE
@pytest.mark.parametrize("finding", ["no_target", "nothing_like_it", "uncounted"])
def test_only_what_is_asked_is_explained(road, finding) -> None:
    refused(road[2].explained(finding), 400, "не нужно объяснять")


def test_an_explanation_of_what_has_changed_since_is_marked(road) -> None:
    campaign_id, codes, head, _verifier, _council = road
    head.explained("official_share")
    assert "перечитайте пояснение" not in head.opened()
    heard_about(codes[0], campaign_id, CONTENT, key="official", channel="official")
    assert "перечитайте пояснение" in head.opened()


def test_rules_that_changed_stop_everything_and_say_so(road, monkeypatch) -> None:
    def changed(*_given: object) -> None:
        raise PinnedChanged("Редакция «344n-2024» изменилась.")

    head = road[2]
    monkeypatch.setattr(results, "of_campaign", changed)
    assert "Редакция «344n-2024» изменилась." in head.opened()
    refused(head.submitted(), 400, "Редакция «344n-2024» изменилась.")
    refused(head.sent(f"{head.report}/documents"), 400, "Отчёт не составить")


def test_of_two_who_submit_at_once_one_is_told(app, road) -> None:
    campaign_id, _codes, head, _verifier, _council = road
    head.explained("official_share")
    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        both = list(
            pool.map(lambda one: one.submitted().status_code, (head, Hands(app, "head", campaign_id)))
        )
    assert sorted(both) == [302, 409]
    db.session.rollback()
    assert [one.number for one in handover.packages(db.session(), campaign_id)] == [1]


def test_submission_freezes_the_report_and_closes_the_campaign(sent) -> None:
    campaign_id, codes, head, _council = sent
    package = the_package(campaign_id)
    assert stage(campaign_id) == "review"
    assert package.sha256 == handover.fingerprint(package)
    assert {part.key for part in PARTS} == {section["key"] for section in package.report["sections"]}
    assert [one["explanation"] for one in package.checks] == [WHY]
    live = results.of_campaign(db.session(), db.session.get_one(Campaign, campaign_id))
    for one in package.report["data"]["organizations"]:
        printed = {key: f and f["printed"] for key, f in one["result"]["indicators"].items()}
        figures = live.by_code[one["code"]].result.indicators
        assert printed == {key: f and f.printed for key, f in figures.items()}
    assert len(package.report["data"]["organizations"]) == len(codes)
    assert "package-submitted" in acts()
    assert "у совета" in head.opened()


def test_a_report_names_no_day_that_has_not_come(road, monkeypatch) -> None:
    campaign_id, _codes, head, _verifier, council = road
    renamed(campaign_id, starts_on=today() - timedelta(days=20), ends_on=today() + timedelta(days=40))
    told = f"с {dated(today() - timedelta(days=20))} по {dated(today())}"
    assert flat(told) in flat(head.opened("/sections/basis"))
    head.explained("official_share")
    head.submitted()
    package = the_package(campaign_id)
    assert ["Сбор ответов", told] in package.report["cover"]["lines"]
    council.remarked()
    council.returned()
    later = today() + timedelta(days=3)
    monkeypatch.setattr(period, "today", lambda: later)
    assert flat(told) in flat(head.opened("/sections/basis"))


def test_a_package_is_submitted_once(sent) -> None:
    campaign_id, _codes, head, _council = sent
    refused(head.submitted(), 409, "Пакет уже отправлен")
    db.session.rollback()
    assert len(handover.packages(db.session(), campaign_id)) == 1


def test_while_the_council_reads_nobody_writes(sent) -> None:
    _campaign, _codes, head, _council = sent
    refused(head.written("conclusions", MINE), 400, "править его нельзя")
    refused(head.explained("official_share", version=1), 400, "править его нельзя")
    assert "Изменить текст" not in head.opened("/sections/conclusions?edit=1")


def test_what_is_written_over_is_kept_with_its_author_and_given_back(road) -> None:
    campaign_id, _codes, head, verifier, _council = road
    assert verifier.written("conclusions", MINE).status_code == 302
    text = head.opened("/sections/conclusions")
    assert "<li>по телефону</li>" in text and "переписан" in text
    assert "данные с тех пор изменились" not in text
    assert head.written("conclusions", MINE, version=1, restore="1").status_code == 302
    db.session.rollback()
    assert db.session.get(ReportSection, (campaign_id, "conclusions")) is None
    assert "Оценены организации: 2" in head.opened("/sections/conclusions")


@pytest.mark.parametrize("told", [{}, {"text": ""}, {"text": " \n\x00 "}])
def test_an_empty_section_is_not_kept_but_given_back(road, told) -> None:
    campaign_id, _codes, head, _verifier, _council = road
    address = f"{head.report}/sections/K1"
    answer = head.sent(address, **told)
    assert (answer.status_code, "Пустой раздел не сохраняется" in answer.text) == (422, True)
    db.session.rollback()
    assert db.session.get(ReportSection, (campaign_id, "K1")) is None
    head.written("K1", MINE)
    assert head.sent(address, version="1", **told).status_code == 422
    assert head.sent(address, version="1", restore="1", **told).status_code == 302
    db.session.rollback()
    assert db.session.get(ReportSection, (campaign_id, "K1")) is None


def test_words_written_before_the_figures_changed_are_marked(road) -> None:
    campaign_id, codes, head, _verifier, _council = road
    head.written("conclusions", MINE)
    one_more_answer(campaign_id, codes[0], "late")
    assert "данные с тех пор изменились" in head.opened("/sections/conclusions")
    assert "данные с тех пор изменились" in head.opened()


def test_words_older_than_the_figures_are_read_again_or_explained_before_the_council_gets_them(road) -> None:
    campaign_id, codes, head, _verifier, council = road
    head.explained("official_share")
    head.written("conclusions", "Нам ответили 24 человека.")
    one_more_answer(campaign_id, codes[0], "late")
    text = head.opened()
    assert "Разделы переписаны до того, как изменились данные: 1" in text
    assert 'sections/conclusions">10. Выводы</a></li>' in text
    refused(head.submitted(), 400, "разделы переписаны до того")
    found = re.search(r'id="(outdated-\w+)"', text)
    assert found is not None
    assert head.explained(found[1], "Слова верны и теперь, мы перечитали.").status_code == 302
    assert "разделы переписаны" not in head.opened().split("Осталось")[-1]
    one_more_answer(campaign_id, codes[0], "later")
    refused(head.submitted(), 400, "разделы переписаны до того")
    head.written("conclusions", "Нам ответили 26 человек.", version=1)
    assert "Разделы переписаны" not in head.opened()
    assert head.submitted().status_code == 302
    assert "данные изменились после правки" not in council.package()


def test_of_two_who_edit_one_section_nobody_loses_a_word(road) -> None:
    campaign_id, _codes, head, verifier, _council = road
    verifier.written("proposals", "Слова верификатора.")
    answer = head.written("proposals", "Слова руководителя.", version=0)
    assert answer.status_code == 409
    assert "Слова верификатора." in answer.text and "Слова руководителя." in answer.text
    assert 'name="version" value="1"' in answer.text
    assert head.written("proposals", "Слова обоих.", version=1).status_code == 302
    db.session.rollback()
    assert db.session.get_one(ReportSection, (campaign_id, "proposals")).text == "Слова обоих."


def test_whoever_edits_is_shown_to_the_other_and_what_the_other_typed_is_kept(road) -> None:
    _campaign, _codes, head, verifier, _council = road
    assert "<textarea" in verifier.opened("/sections/proposals?edit=1")
    text = head.opened("/sections/proposals?edit=1")
    assert "<textarea" not in text and "работает verifier" in text
    answer = head.written("proposals", "Моё, ещё не сохранённое.")
    assert answer.status_code == 409
    assert "Моё, ещё не сохранённое." in answer.text


@ON_SQLITE
def test_generated_sections_are_never_written_over(road) -> None:
    refused(road[2].written("annex-counts", MINE), 400, "нечего править")
    assert "?edit=1" not in road[2].opened("/sections/annex-counts")


@ON_SQLITE
@pytest.mark.parametrize("text", ["<script>alert(1)</script>\x00\ud800", "<b>жирно</b> & «кавычки»"])
def test_markup_is_shown_as_it_was_typed(road, text) -> None:
    head = road[2]
    head.written("conclusions", text.encode("utf-8", "ignore"))
    shown = head.opened("/sections/conclusions")
    assert "<script>alert" not in shown and "<b>жирно" not in shown
    assert "&lt;" in shown


@ON_SQLITE
def test_a_text_too_long_stays_on_the_page(road) -> None:
    answer = road[2].written("conclusions", "я" * 40_001)
    assert answer.status_code == 422
    assert "до 40 000 знаков" in answer.text and "яяя" in answer.text


def test_a_return_needs_a_remark_and_leaves_the_figures_as_they_are(sent) -> None:
    campaign_id, codes, head, council = sent
    refused(council.returned(), 400, "хотя бы одно замечание")
    council.remarked(section="K1", organization=codes[0], indicator="1.1")
    assert council.returned(note="Исправьте и пришлите.").status_code == 302
    package = the_package(campaign_id)
    assert (package.state, stage(campaign_id)) == ("returned", "review")
    assert (
        package.remarks[0].place
        == f"6.1. Открытость и доступность информации · Поликлиника № 1 ({codes[0]}) · 1.1"
    )
    text = head.opened()
    assert "Проверьте стенд ещё раз." in text and "Исправьте и пришлите." in text
    assert "Замечания совета без ответа: 1" in text


def test_an_answered_package_goes_again_and_says_what_changed(sent) -> None:
    campaign_id, _codes, head, council = sent
    council.remarked()
    council.returned()
    refused(head.submitted(), 400, "замечания совета без ответа")
    remark = the_package(campaign_id).remarks[0].id
    address = f"{head.report}/packages/1/remarks/{remark}"
    assert head.sent(address, text="Исправили раздел 10.", seen="").status_code == 302
    head.written("conclusions", MINE)
    assert head.submitted().status_code == 302
    again = the_package(campaign_id, 2)
    assert again.report["changes"] == {"since": 1, "figures": [], "sections": ["10. Выводы"]}
    text = council.package(2)
    assert "Изменились разделы: 10. Выводы" in text
    assert "Исправили раздел 10." in council.package(1) and "Исправили раздел 10." in text
    assert "Есть более новый пакет" in council.package(1)


def test_more_collecting_is_the_councils_to_ask_and_the_figures_tell(sent) -> None:
    campaign_id, codes, head, council = sent
    council.remarked()
    until = today() + timedelta(days=20)
    answer = council.returned(way="collect", until="")
    assert answer.status_code == 422 and "последний день сбора" in answer.text
    assert council.returned(way="collect", until=until.isoformat()).status_code == 302
    db.session.rollback()
    assert f"Сбор ответов снова открыт, последний день — {day(until)}" in head.opened()
    campaign = db.session.get_one(Campaign, campaign_id)
    assert (campaign.stage, campaign.ends_on) == ("collecting", until)
    one_more_answer(campaign_id, codes[0], "late")
    remark = the_package(campaign_id).remarks[0].id
    head.sent(f"{head.report}/packages/1/remarks/{remark}", text="Добрали.", seen="")
    assert head.submitted().status_code == 302
    changed = {(code, figure): (was, now) for code, _name, figure, was, now in
               the_package(campaign_id, 2).report["changes"]["figures"]}  # fmt: skip
    assert changed[codes[0], "responses"] == ("12", "13")
    assert changed[codes[0], "5.3"] == ("75,00", "69,23")
    assert not any(code == codes[1] for code, _figure in changed)
    assert "69,23" in council.package(2)


def test_a_campaign_is_not_opened_to_a_day_that_is_over(sent) -> None:
    campaign_id, _codes, _head, council = sent
    council.remarked()
    yesterday = today() - timedelta(days=1)
    refused(council.returned(way="collect", until=yesterday.isoformat()), 400, "уже прошёл")
    assert the_package(campaign_id).state == "submitted"


def test_people_are_called_by_their_names(road) -> None:
    campaign_id, _codes, head, verifier, council = road
    with writing() as session:
        for login, name in (("head", "Анна Смирнова"), ("council", "Пётр Ильин")):
            session.scalars(select(User).where(User.login == login)).one().name = name
    head.explained("official_share")
    head.written("conclusions", MINE)
    assert "Анна Смирнова" in head.opened("/sections/conclusions")
    assert "Анна Смирнова" in verifier.written("conclusions", "Другое.").text
    head.submitted()
    council.remarked()
    text = council.package()
    assert "Анна Смирнова" in text and "Пётр Ильин" in text
    with writing() as session:
        session.scalars(select(User).where(User.login == "head")).one().name = ""
    assert ", head" in council.package()


def test_the_second_step_says_what_is_erased_before_it_is(road) -> None:
    campaign_id, codes, head, _verifier, _council = road
    assert "Отправить пока нельзя" in head.opened("/submit")
    head.explained("official_share")
    with writing() as session:
        assessment = session.scalars(select(Assessment).where(Assessment.campaign_id == campaign_id)).all()[0]
        for key, due in ((1, None), (2, datetime(2026, 11, 20)), (3, None)):  # noqa: DTZ001
            session.add(
                Contact(key=key, campaign_id=campaign_id, assessment_id=assessment.id, mark=str(key),
                        sealed=b"x" if key < 3 else None, zone="Europe/Moscow", due_at=due)
            )  # fmt: skip
    head.explained("appointments")
    text = head.opened("/submit")
    assert "Сбор ответов закончится" in text
    assert "Сколько их сейчас: 2." in text
    assert "Обещанных звонков пропадёт: 1." in text
    assert stage(campaign_id) == "collecting"
    assert head.submitted().status_code == 302
    assert "Отправлять сейчас нечего" in head.opened("/submit")


def test_an_accepted_package_is_decided_for_good(sent) -> None:
    campaign_id, _codes, head, council = sent
    council.remarked()
    refused(council.decided(), 422, "Не закрыто замечаний: 1")
    remark = the_package(campaign_id).remarks[0].id
    assert f"packages/1#remark-{remark}" in council.decision()
    settle = f"{council.packages}/1/remarks/{remark}/settle"
    refused(council.sent(settle), 422, "Напишите, почему замечание закрыто")
    assert council.sent(settle, **{f"r{remark}-text": "Проверили на заседании."}).status_code == 302
    refused(council.sent(settle, **{f"r{remark}-text": "Ещё раз."}), 409, "уже закрыто")
    assert "Председатель закрыл замечание:</b> Проверили на заседании." in council.package()
    assert council.approved().status_code == 302
    assert (the_package(campaign_id).state, stage(campaign_id)) == ("accepted", "review")
    refused(council.returned(), 409, "решение уже принято")
    refused(council.approved(), 409, "решение уже принято")
    refused(council.remarked(), 409, "решение уже принято")
    remark = the_package(campaign_id).remarks[0].id
    refused(council.sent(f"{council.packages}/1/remarks/{remark}/withdraw"), 409, "принято решение")
    refused(head.submitted(), 409, "Пакет уже отправлен")
    assert acts()[-5:] == ["vote", "meeting", "remark-closed", "package-accepted", "release-approved"]


def test_a_remark_is_taken_back_before_the_decision(sent) -> None:
    campaign_id, _codes, _head, council = sent
    council.remarked()
    remark = the_package(campaign_id).remarks[0].id
    assert council.sent(f"{council.packages}/1/remarks/{remark}/withdraw").status_code == 302
    refused(council.returned(), 400, "хотя бы одно замечание")


@ON_SQLITE
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": ""}, "Напишите, что исправить"),
        ({"organization": "AAAAAAAA"}, "Такой организации в пакете нет"),
    ],
)
def test_a_remark_about_nothing_is_refused(sent, more, words) -> None:
    refused(sent[3].remarked(**{"text": "Проверьте.", **more}), 422, words)


def test_of_two_answers_to_one_remark_the_second_is_told(sent) -> None:
    campaign_id, _codes, head, council = sent
    council.remarked()
    council.returned()
    address = f"{head.report}/packages/1/remarks/{the_package(campaign_id).remarks[0].id}"
    head.sent(address, text="Первый ответ.", seen="")
    refused(head.sent(address, text="Второй ответ.", seen=""), 409, "Первый ответ.")
    assert head.sent(address, text="Лучший ответ.", seen="Первый ответ.").status_code == 302


def test_a_submitted_package_speaks_of_its_own_figures_only(sent) -> None:
    campaign_id, codes, _head, council = sent
    before = council.page.get(f"{council.packages}/1/sections/K5").text
    renamed(campaign_id, stage="collecting", title="Другое название")
    one_more_answer(campaign_id, codes[0], "afterwards")
    after = council.page.get(f"{council.packages}/1/sections/K5").text
    assert ("75,00" in before, "75,00" in after, "69,23" in after) == (True, True, False)


def test_a_package_that_somebody_changed_in_the_database_says_so(sent) -> None:
    campaign_id, _codes, _head, council = sent
    assert "содержание не изменялось" in council.package()
    with writing() as session:
        found = handover.package(session, campaign_id, 1)
        assert found is not None
        found.report = json.loads(json.dumps(found.report).replace("75.00", "95.00"))
    assert "содержание изменено после отправки" in council.package()


@ON_SQLITE
@pytest.mark.parametrize("act", ["return", "remarks"])
def test_the_operator_reads_a_package_and_decides_nothing(sent, act) -> None:
    head = sent[2]
    assert "Решение совета" not in head.package()
    assert head.sent(f"{head.packages}/1/{act}", text="Принято.", way="words").status_code == 403


@ON_SQLITE
def test_documents_of_a_package_are_drawn_once_and_served_from_the_folder(app, sent, monkeypatch) -> None:
    campaign_id, _codes, _head, council = sent
    package = the_package(campaign_id)
    drawn = folder.of(db.session(), package.report, folder.package_stamp(package))
    if not drawn.ready:
        assert drawn.job is not None
        folder.draw(lambda *_told: None, drawn.key)
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: pytest.fail("drawn twice"))
    for paper, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        answer = council.page.get(f"{council.packages}/1/document.{paper}")
        assert (answer.status_code, answer.mimetype) == (200, MIME[paper])
        assert answer.data.startswith(begins)
    renamed(campaign_id, title="Другое название")
    assert folder.of(db.session(), package.report, folder.package_stamp(package)).ready


@ON_SQLITE
@pytest.mark.parametrize("address", ["/sections/nowhere", "/sections/K9"])
def test_a_section_that_is_not_there_is_not_found(road, address) -> None:
    assert road[2].page.get(f"{road[2].report}{address}").status_code == 404


@ON_SQLITE
def test_every_section_and_every_package_page_is_well_mannered(sent) -> None:
    _campaign, _codes, head, council = sent
    for part in PARTS:
        head.opened(f"/sections/{part.key}")
        assert council.page.get(f"{council.packages}/1/sections/{part.key}").status_code == 200
    assert "Пакет № 1" in council.page.get(council.packages).text.replace("\u00a0", " ")
    assert "Пакет оператора" in council.page.get(f"/council/campaigns/{_campaign}").text
