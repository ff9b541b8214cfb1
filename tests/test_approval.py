"""From a submitted package to published results: seats, votes, the meeting, the freeze, publication, corrections."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from build import CONTENT, a_user, heard_about
from handing import Hands, a_ready_campaign, renamed, stage, teams, the_package
from sqlalchemy import select

from accounts.models import AuditEvent, Duty, Role, Seat, User
from council import bound
from documents import folder
from surveys import frozen, handover, queue
from surveys.clock import today
from surveys.db import db, writing
from surveys.jobs import Job
from surveys.models import Campaign, Organization, Stage, Tally
from surveys.releases import Meeting, Release, Vote

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents themselves are another file's matter, and take seconds."""
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: b"%PDF-")
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")


class Room:
    """A submitted package and everybody around it."""

    def __init__(self, app: Any) -> None:
        self.id, self.codes = a_ready_campaign()
        self.head, _verifier, self.chair = teams(app, self.id)
        more = {"secretary": Seat.SECRETARY, "member": Seat.MEMBER, "newcomer": None}
        for login, seat in more.items():
            a_user(Role.COUNCIL, login=login, seat=seat)
        a_user(Role.AUTHORITY)
        a_user(Role.CURATOR)
        self.secretary, self.member, self.newcomer, self.authority, self.curator = (
            Hands(app, login, self.id) for login in (*more, "authority", "curator")
        )
        self.head.explained("official_share")
        assert self.head.submitted().status_code == 302

    def release(self, version: int = 1) -> Release:
        """A release as it is stored now."""
        db.session.rollback()
        found = frozen.release(db.session(), self.id, version)
        assert found is not None
        return found


@pytest.fixture
def room(app, session) -> Room:
    return Room(app)


def acts() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.actor, one.action) for one in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))]


def refused(answer: Any, status: int, words: str) -> None:
    assert (answer.status_code, words in answer.text.replace("\u00a0", " ")) == (status, True), answer.text


def test_the_whole_road_to_publication(room, client) -> None:
    text = room.chair.decision()
    for words in ("Не указан номер протокола", "Не указан день", "Никто ещё не проголосовал"):
        assert words in text
    refused(room.chair.approved(), 422, "Утвердить пока нельзя. Не указан номер протокола")
    assert room.member.voted("against", opinion="Проверяли в выходной.").status_code == 302
    assert room.member.voted("against", opinion="Проверяли в воскресенье.").status_code == 302
    assert room.newcomer.voted("for").status_code == 302
    assert room.secretary.met().status_code == 302
    refused(room.chair.approved(), 422, "За утверждение не больше половины голосов: за — 1, против — 1")
    assert room.chair.voted("for").status_code == 302
    assert "утвердить можно" in room.chair.decision()
    assert room.chair.approved().status_code == 302
    assert (the_package(room.id).state, stage(room.id)) == ("accepted", "review")
    told = json.loads(room.release().content)
    assert told["meeting"] == {
        "number": "7",
        "held_on": today().isoformat(),
        "for": 2,
        "against": 1,
        "abstain": 0,
        "opinions": [{"name": "member", "text": "Проверяли в воскресенье."}],
    }
    package = the_package(room.id)
    assert told["package"] == {"number": 1, "sha256": package.sha256}
    assert told["organizations"] == package.report["data"]["organizations"]
    assert client.get(f"/ratings/{room.id}").status_code == 404, "approved is not published"
    assert room.chair.published().status_code == 403, "there is an authority"
    assert room.authority.published().status_code == 302
    assert stage(room.id) == "published"
    assert "протокол № 7" in client.get(f"/ratings/{room.id}").text.replace("\u00a0", " ")
    assert acts()[-4:] == [
        ("council", "vote"),
        ("council", "package-accepted"),
        ("council", "release-approved"),
        ("authority", "release-published"),
    ]
    refused(room.authority.published(), 409, "Публиковать нечего")
    refused(room.member.voted("for"), 409, "голосование закончено")
    refused(room.secretary.met(version=1), 409, "решение уже принято")


@ON_SQLITE
def test_abstentions_are_votes_cast(room) -> None:
    room.chair.voted("for")
    room.member.voted("abstain")
    room.chair.met()
    refused(room.chair.approved(), 422, "воздержались — 1")
    room.member.voted("for")
    room.newcomer.voted("abstain")
    assert room.chair.approved().status_code == 302


def test_less_than_half_of_the_council_decides_nothing(room) -> None:
    room.chair.met()
    room.chair.voted("for")
    few = "из 4: нужно больше половины членов совета"
    refused(room.chair.approved(), 422, f"Проголосовал 1 {few}")
    room.member.voted("for")
    refused(room.chair.approved(), 422, f"Проголосовали 2 {few}")
    with writing() as session:
        session.scalars(select(User).where(User.login == "newcomer")).one().active = False
    assert "утвердить можно" in room.chair.decision(), "two of the three who are left"
    with writing() as session:
        for login, active in (("newcomer", True), ("member", False)):
            session.scalars(select(User).where(User.login == login)).one().active = active
    refused(room.chair.approved(), 422, "Проголосовал 1 из 3")
    room.newcomer.voted("for")
    assert room.chair.approved().status_code == 302


def test_votes_of_those_who_left_make_no_majority_and_are_shown_apart(room) -> None:
    room.chair.met()
    for who in (room.member, room.newcomer):
        who.voted("for")
    for who in (room.chair, room.secretary):
        who.voted("against")
    leave("newcomer")
    text = room.chair.decision()
    assert "За — 1, против — 2" in text.replace("\u00a0", " ") and "голос не считается" in text
    refused(room.chair.approved(), 422, "За утверждение не больше половины голосов: за — 1, против — 2")
    room.chair.voted("for")
    assert room.chair.approved().status_code == 302
    meeting = json.loads(room.release().content)["meeting"]
    assert (meeting["for"], meeting["against"]) == (2, 1)
    leave("member")
    assert "За — 2, против — 1" in room.chair.decision().replace("\u00a0", " "), "as it was decided"


def leave(login: str) -> None:
    with writing() as session:
        session.scalars(select(User).where(User.login == login)).one().active = False


@ON_SQLITE
def test_the_chair_knows_that_organisations_have_not_seen_their_figures(room) -> None:
    room.chair.carried()
    room.chair.met()
    assert "Организации не видели своих результатов" in room.chair.decision()
    refused(room.chair.approved(unseen=""), 422, "отметьте, что утверждаете так")
    assert the_package(room.id).state == "submitted"
    with writing() as session:
        found = handover.package(session, room.id, 1)
        assert found is not None
        found.objections_until = today() - timedelta(days=1)
    text = room.chair.decision()
    assert "не видели" not in text and "всё готово" in text
    assert room.chair.approved(unseen="").status_code == 302


@ON_SQLITE
def test_a_large_report_is_asked_for_at_approval(room, monkeypatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(bound, "AT_ONCE", 1)
    monkeypatch.setattr(queue, "bell", lambda: type("Silent", (), {"ring": rung.append})())
    assert room.chair.decided().status_code == 302
    [asked] = db.session.scalars(select(Job).where(Job.name == bound.NAME)).all()
    assert rung == [asked.id]
    assert (asked.arguments["version"], asked.leads_to) == (1, f"{room.chair.approval}/versions/1")


@ON_SQLITE
def test_while_a_package_is_decided_upon_every_page_is_of_its_figures(room) -> None:
    def read() -> tuple[Any, ...]:
        at = f"/council/campaigns/{room.id}"
        told = json.loads(room.chair.page.get(f"{at}.json").text)
        page = room.chair.page.get(at).text
        return told["responses"], told["campaign"]["title"], "Переименована" in page

    renamed(room.id, stage=Stage.COLLECTING)
    heard_about(room.codes[0], room.id, CONTENT, key="late")
    renamed(room.id, stage=Stage.REVIEW, title="Другая")
    with writing() as session:
        for one in session.scalars(select(Organization)):
            one.short_name = "Переименована"
    assert read() == (24, "Поликлиники Москвы", False)
    room.chair.remarked()
    assert room.chair.returned().status_code == 302
    assert read() == (25, "Другая", True), "returned, it is not read any more"


@ON_SQLITE
def test_a_vote_is_one_of_three_and_is_kept_once_a_person(room) -> None:
    assert room.member.voted("perhaps").status_code == 422
    assert room.member.sent(f"{room.member.approval}/1/vote").status_code == 422
    room.member.voted("for")
    room.member.voted("abstain")
    db.session.rollback()
    assert [(vote.login, vote.choice) for vote in db.session.scalars(select(Vote))] == [("member", "abstain")]
    assert "Изменить свой голос" in room.member.decision()


def test_the_meeting_is_never_written_over_unseen(room) -> None:
    assert room.secretary.met(number_of="", place="Каминный зал").status_code == 302
    late = room.chair.met(version=0, place="Библиотека")
    refused(late, 409, "тем временем изменил другой")
    assert "Библиотека" in late.text, "what was typed stays"
    assert room.chair.met(version=1, place="Библиотека").status_code == 302
    db.session.rollback()
    kept = db.session.scalars(select(Meeting)).one()
    assert (kept.place, kept.version, kept.present) == ("Библиотека", 2, ["Иванова И. И.", "Петров П. П."])


@ON_SQLITE
def test_a_meeting_of_tomorrow_decides_nothing_today(room) -> None:
    room.chair.carried()
    room.chair.met(held_on=(today() + timedelta(days=1)).isoformat())
    refused(room.chair.approved(), 422, "День заседания ещё не наступил")
    assert room.chair.met(version=1, held_on="вчера").status_code == 422


@ON_SQLITE
def test_each_seat_does_its_own_and_the_others_only_read(room) -> None:
    here = room.member.approval
    for who in (room.secretary, room.member, room.newcomer):
        assert who.approved().status_code == 403
        assert who.returned().status_code == 403
        assert who.sent(f"{here}/correct", reason="ошибка").status_code == 403
    for who in (room.member, room.newcomer):
        assert who.met().status_code == 403
        assert who.sent(f"{here}/1/objections", until=today().isoformat()).status_code == 403
        assert "Записать голос" in who.decision() and "Утвердить</button>" not in who.decision()
    for who in (room.authority, room.curator):
        room.member.voted("against", opinion="Не согласна.")
        assert "Не согласна." in who.decision() and "Записать голос" not in who.decision()
        assert who.voted().status_code == 403 and who.met().status_code == 403
    assert room.head.page.get(here).status_code == 403, "the operator does not see who voted how"
    assert room.member.published().status_code == 403


@ON_SQLITE
def test_the_curator_reads_everything_and_changes_nothing(room) -> None:
    curator = room.curator
    at = f"/council/campaigns/{room.id}"
    words = f"{at}/organizations/{room.codes[0]}/words"
    for path in ("/council/", at, words, f"{curator.packages}/1", curator.approval):
        assert curator.page.get(path).status_code == 200, path
    assert "Составить PDF" not in curator.package()
    for path in (
        f"{curator.packages}/1/documents",
        f"{curator.packages}/1/remarks",
        f"{curator.approval}/publish",
    ):
        assert curator.sent(path).status_code == 403, path


@ON_SQLITE
def test_where_there_is_no_authority_the_chair_publishes(room) -> None:
    with writing() as session:
        for user in room_users(session, Role.AUTHORITY):
            user.active = False
    assert room.chair.decided().status_code == 302
    assert room.secretary.published().status_code == 403
    assert "Опубликовать для всех" in room.chair.decision()
    assert room.chair.published().status_code == 302


def room_users(session: Any, role: Role) -> Any:
    return session.scalars(select(User).where(User.role == role))


def test_figures_that_moved_since_the_package_are_named_and_nothing_is_approved(room) -> None:
    room.chair.carried()
    room.chair.met()
    renamed(room.id, stage=Stage.COLLECTING)
    heard_about(room.codes[0], room.id, {**CONTENT, "overall": "no"}, key="late")
    renamed(room.id, stage=Stage.REVIEW)
    refused(room.chair.approved(), 422, "анкет: в пакете 12, сейчас 13")
    assert the_package(room.id).state == "submitted"
    assert frozen.releases(db.session(), room.id) == []


@ON_SQLITE
def test_a_package_that_was_tampered_with_is_not_approved(room) -> None:
    room.chair.carried()
    room.chair.met()
    with writing() as session:
        found = handover.package(session, room.id, 1)
        assert found is not None
        report = json.loads(json.dumps(found.report))
        report["data"]["campaign"]["title"] = "Подменено"
        found.report = report
    refused(room.chair.approved(), 422, "изменено после отправки")


@ON_SQLITE
def test_a_name_corrected_meanwhile_does_not_enter_the_release(room) -> None:
    room.chair.carried()
    room.chair.met()
    with writing() as session:
        for one in session.scalars(select(Organization)):
            one.short_name = "Переименована"
    assert room.chair.approved().status_code == 302
    assert "Переименована" not in room.release().content


def test_a_correction_is_a_new_package_and_a_next_version(room, client) -> None:
    room.chair.decided()
    room.authority.published()
    first = room.release().content
    assert "нельзя" not in room.head.opened()
    correct = f"{room.chair.approval}/correct"
    until = today().isoformat()
    assert room.chair.sent(correct, reason="Забыта анкета", until=until).status_code == 302
    assert stage(room.id) == "collecting"
    text = room.head.opened()
    assert "нашёл ошибку и начал исправление" in text and "«Забыта анкета»" in text
    assert "вернул пакет" not in text and "Сбор ответов снова открыт" in text
    assert "«Забыта анкета»" in room.member.decision()
    refused(room.chair.sent(correct, reason="Ещё раз"), 409, "исправление уже начато")
    assert json.loads(client.get(f"/ratings/{room.id}.json").text)["responses"] == 24, (
        "in force all the while"
    )
    heard_about(room.codes[0], room.id, {**CONTENT, "overall": "no"}, key="late", channel="paper")
    room.head.explained("official_share", version=1)
    assert room.head.submitted().status_code == 302
    refused(room.authority.published(), 409, "Публиковать нечего")
    assert "«Забыта анкета»" not in room.head.opened()
    room.chair.carried(2)
    room.chair.met(2)
    refused(room.chair.approved(2), 422, "Напишите, что изменилось")
    assert room.chair.approved(2, "Учтена забытая анкета").status_code == 302
    assert room.authority.published().status_code == 302
    assert json.loads(client.get(f"/ratings/{room.id}.json").text)["responses"] == 25
    assert room.release(1).content == first
    changed = client.get(f"/ratings/{room.id}/versions/2/changes").text
    assert "Учтена забытая анкета" in changed and "Поликлиника № 1" in changed.replace("\u00a0", " ")
    assert ("council", "correction-opened") in acts()


@ON_SQLITE
def test_what_is_approved_can_be_corrected_before_it_is_published(room) -> None:
    room.chair.decided()
    assert room.chair.sent(f"{room.chair.approval}/correct", reason="Не тот стенд").status_code == 302
    refused(room.authority.published(), 400, "Начато исправление")
    assert room.head.submitted().status_code == 302
    assert room.chair.decided(2, "Исправлен стенд").status_code == 302
    assert room.authority.published().status_code == 302
    db.session.rollback()
    assert [bool(one.published_at) for one in frozen.releases(db.session(), room.id)] == [True, False]


def test_two_chairs_at_once_make_one_release(app, room) -> None:
    room.chair.carried()
    room.chair.met()
    db.session.rollback()
    other = Hands(app, "council", room.id)
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda one: one.approved().status_code, (room.chair, other)))
    assert sorted(both) == [302, 409]
    db.session.rollback()
    assert len(frozen.releases(db.session(), room.id)) == 1


@ON_SQLITE
def test_publication_by_command_goes_through_the_same_door(room, runner) -> None:
    def nok(*args: object) -> Any:
        return runner.invoke(args=["campaigns", *map(str, args)])

    told = nok("change", room.id, "--stage", "published")
    assert (told.exit_code, "nok campaigns publish" in told.stderr) == (2, True)
    told = nok("publish", room.id)
    assert (told.exit_code, "Публиковать нечего" in told.stderr) == (2, True)
    room.chair.decided()
    assert nok("publish", room.id).stdout == f"Кампания № {room.id}: опубликован выпуск № 1.\n"
    assert acts()[-1] == ("cli", "release-published")
    assert stage(room.id) == "published"


def test_what_was_published_before_there_were_releases_is_frozen_once(room, runner, client) -> None:
    renamed(room.id, stage=Stage.PUBLISHED)
    assert client.get(f"/ratings/{room.id}").status_code == 404
    refused(room.chair.page.get(f"/council/campaigns/{room.id}"), 400, "nok campaigns freeze")
    told = runner.invoke(args=["campaigns", "freeze"])
    assert told.stdout == f"Кампания № {room.id}: выпуск № 1 составлен.\n"
    assert client.get(f"/ratings/{room.id}").status_code == 200
    content = json.loads(room.release().content)
    assert (content["package"], content["meeting"]["number"]) == (None, "")
    assert "Выпуски есть" in runner.invoke(args=["campaigns", "freeze"]).stdout
    with writing() as session:
        for tally in session.scalars(select(Tally)):
            tally.responses = 1
    assert json.loads(client.get(f"/ratings/{room.id}.json").text)["responses"] == 24
    assert db.session.get_one(Campaign, room.id).stage == Stage.PUBLISHED


@ON_SQLITE
def test_a_remark_on_a_cell_is_kept_with_it_and_closed_when_the_answer_is_good(room) -> None:
    code = room.codes[0]
    room.member.remarked(organization=code, indicator="1.1")
    found = the_package(room.id).remarks[0]
    assert (found.code, found.figure) == (code, "1.1")
    close = f"{room.member.packages}/1/remarks/{found.id}/close"
    refused(room.member.sent(close), 409, "ещё не ответил")
    settle, why = f"{room.chair.packages}/1/remarks/{found.id}/settle", {f"r{found.id}-text": "Не нужно."}
    assert room.member.sent(settle, **why).status_code == 403
    assert room.chair.returned().status_code == 302
    refused(room.chair.sent(settle, **why), 409, "отвечает")
    address = f"{room.head.report}/packages/1/remarks/{found.id}"
    assert room.head.sent(address, text="Стенд проверен ещё раз, всё на месте.", seen="").status_code == 302
    assert room.head.submitted().status_code == 302
    assert "Ответ удовлетворил: закрыть" in room.member.package(2)
    assert room.member.sent(close).status_code == 302
    assert "закрыто советом" in room.member.package(2)
    refused(room.member.sent(close), 409, "уже закрыто")
    assert acts()[-1] == ("member", "remark-closed")


def test_the_operator_reads_remarks_when_the_council_has_decided(room, app) -> None:
    a_user(Role.OPERATOR, login="sampler", duty=Duty.INTERVIEWER)
    code, words = room.codes[0], "Стенд пуст, проверьте."
    room.member.remarked(words, organization=code, indicator="1.1", section="conclusions")
    sampler = Hands(app, "sampler", room.id)
    packages, table = room.head.packages, f"/council/campaigns/{room.id}/table"
    places = (
        packages,
        f"{packages}/1",
        f"{packages}/1/sections/conclusions",
        f"{table}/{code}/1.1",
        f"{table}?flag=remarks",
        room.head.report,
    )
    told = {at: room.member.page.get(at).text for at in places[:-1]}
    assert words in told[places[1]] and words in told[places[2]] and words in told[places[3]]
    for at in places:
        seen = room.head.page.get(at)
        assert seen.status_code == 200, at
        assert words not in seen.text and "замечаний: 1" not in seen.text.replace("\u00a0", " "), at
    assert "когда совет примет решение" in sampler.package()
    assert room.member.page.get(places[4]).text.count(code) > room.head.page.get(places[4]).text.count(code)
    assert sampler.sent(f"{packages}/1/documents").status_code == 403
    assert room.head.sent(f"{packages}/1/documents").status_code == 302
    assert room.chair.returned().status_code == 302
    for at in (places[1], places[2], places[3], places[5]):
        assert words in room.head.page.get(at).text, at


def test_the_first_page_names_what_waits_for_a_decision(room) -> None:
    def told(who: Any) -> str:
        text: str = who.page.get("/council/").text.replace("\u00a0", " ")
        return " ".join(re.findall(r'<section class="notice".*?</section>', text, re.DOTALL))

    for who in (room.chair, room.newcomer, room.curator):
        shown = told(who)
        assert "Ждёт решения" in shown and "Пакет № 1, отправлен" in shown
        assert f'href="/council/campaigns/{room.id}/approval"' in shown
    assert told(room.head) == "", "an operator's package waits for others"
    assert room.chair.decided().status_code == 302
    shown = told(room.authority)
    assert "Выпуск № 1 утверждён и не опубликован" in shown and "Пакет" not in shown
    assert room.authority.published().status_code == 302
    assert told(room.chair) == ""
