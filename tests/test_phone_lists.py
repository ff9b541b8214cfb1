"""Lists of numbers: what is taken, what is refused and how; sealed at rest; forgotten in time."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from build import a_campaign, a_user, an_organization
from calling import (
    NUMBERS,
    SECRET,
    Caller,
    a_desk,
    a_file,
    a_list,
    an_interviewer,
    contacts,
    in_a_file,
    noon,
    set_clock,
    the,
)
from openpyxl import Workbook
from sqlalchemy import select

from accounts.models import AuditEvent, Role
from operator_app.phone import calls, forgetting, lists, numbers, queue, sealing
from operator_app.phone.dispositions import disposition
from operator_app.phone.tables import CallAttempt, Contact, ContactKey, Forgotten
from surveys import campaigns
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Stage
from surveys.queue import tidy

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HEAD = "Телефон;Код;Имя;Часовой пояс;Примечание\n"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, noon())


@pytest.fixture
def place(session) -> tuple[int, str]:
    code = an_organization(inn="7718084659", short_name="Поликлиника № 12")
    a_user(Role.OPERATOR)
    return a_campaign(), code


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("8 (916) 123-45-67", "+79161234567"),
        ("+7 916 123 45 67", "+79161234567"),
        ("79161234567", "+79161234567"),
        ("9161234567", "+79161234567"),
        ("тел.: 8(495)123-45-67", "+74951234567"),
        ("+7(916)123–45–67", "+79161234567"),
        ("'89161234567", "+79161234567"),
        ("+375 29 123-45-67", "+375291234567"),
        ("8 10 375 29 1234567", "+375291234567"),
        ("+7 701 123 45 67", "+77011234567"),
        ("+1 212 555 0100", "+12125550100"),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed, e164) -> None:
    assert numbers.understood(typed) == (e164, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Номера нет"),
        ("123-45-67", "без кода"),
        ("7,91612E+10", "Excel округлил"),
        ("89161234567, 89031234567", "несколько номеров"),
        ("+7 000 000 00 00", "десять цифр"),
        ("8916123456", "десять цифр"),
        ("891612345678", "десять цифр"),
        ("позвонить мужу", "должны быть цифры"),
        ("٨٩١٦١٢٣٤٥٦٧", "должны быть цифры"),
        ("+0123456789", "не бывает"),
        ("=8916", "должны быть цифры"),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_do(typed, words) -> None:
    with pytest.raises(numbers.NotANumber, match=words):
        numbers.understood(typed)


def test_an_extension_is_kept_apart_and_told_to_the_caller(place) -> None:
    campaign_id, code = place
    assert numbers.understood("8 495 123-45-67 доб. 12") == ("+74951234567", "12")
    a_list(campaign_id, code, ("8 495 123-45-67 доб. 12",), note="утром")
    assert opened()[0].note == "добавочный 12, утром"


def opened() -> list[sealing.Person]:
    found = contacts()
    keys = sealing.keys_of(db.session(), SECRET, found[0].campaign_id)
    assert keys is not None
    return [
        keys.opened(c.sealed, sealing.row_name(c.campaign_id, c.assessment_id, c.key))
        for c in found
        if c.sealed is not None
    ]


def taken(campaign_id: int, text: str, encoding: str = "utf-8") -> lists.Report:
    with in_a_file(text, encoding) as path:
        campaign = db.session.get_one(Campaign, campaign_id)
        lines, report = lists.read_list(db.session(), campaign, path)
    lists.load(SECRET, campaign_id, lines, report, "head")
    return report


def test_rows_are_taken_or_refused_one_by_one(place) -> None:
    campaign_id, code = place
    rows = [
        f"8 916 123-45-01;{code};Анна;;",
        f"8 916 123 45 01;{code};Она же;;",
        f"555;{code};;;",
        "8 916 123-45-02;AAAAAAAA;;;",
        f"8 916 123-45-03;{code};;Марс;",
        f"8 916 123-45-04;{code};{'Я' * 81};;",
        "8 916 123-45-05;;;;",
        f"8 916 123-45-06;{code};Иван;МСК+2;плохо слышит",
    ]
    report = taken(campaign_id, HEAD + "\n".join(rows), "cp1251")
    assert (report.accepted, report.repeated) == (2, 1)
    assert [(one.row, one.column) for one in report.refused] == [
        (4, "Телефон"),
        (5, "Код"),
        (6, "Часовой пояс"),
        (7, "Как обращаться"),
        (8, "Организация"),
    ]
    assert sorted(one.name for one in opened()) == ["Анна", "Иван"]
    assert sorted(one.zone for one in contacts()) == ["Asia/Yekaterinburg", "Europe/Moscow"]


@pytest.mark.parametrize("loaded", ["whole", "again with more"])
def test_a_list_loaded_twice_adds_nobody(place, loaded) -> None:
    campaign_id, code = place
    text = HEAD + f"8 916 123-45-01;{code};Анна;;\n"
    more = f"8 916 123-45-02;{code};;;\n" if loaded != "whole" else ""
    assert taken(campaign_id, text).accepted == 1
    again = taken(campaign_id, text + more)
    assert (again.accepted, again.repeated) == (int(bool(more)), 1)


def test_an_organisation_is_known_by_code_inn_or_name_and_two_of_a_name_are_asked_about(session) -> None:
    twin = an_organization("Лицей", sector="education", address="Мира, 1")
    an_organization("Лицей", sector="education", address="Мира, 2")
    an_organization("Школа № 7", sector="education", inn="7718084659")
    campaign_id = a_campaign(sector="education")
    text = (
        "телефон;организация\n89161234501;школа  № 7\n89161234502;7718084659\n"
        f"89161234503;{twin.lower()}\n89161234504;Лицей\n89161234505;Лицей № 9\n"
    )
    report = taken(campaign_id, text)
    assert report.accepted == 3
    assert [one.row for one in report.refused] == [5, 6]
    assert "Подходит организациям (2)" in report.refused[0].reason and twin in report.refused[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("89161234567;Поликлиника\n", "нет столбца «Телефон»"),
        ("Телефон;Имя\n89161234567;Анна\n", "Нет столбца с организацией"),
        ("", "Файл пуст"),
        ("\n\n\n", "нет ни одной заполненной строки"),
        ('Телефон;Код\n"8916;X\n', "кавычка"),
        ("Телефон;Телефон;Код\n1;2;3\n", "назван дважды"),
        ("<html><table>", "веб-страница"),
    ],
)
@ON_SQLITE
def test_a_file_that_is_no_list_is_refused_whole_and_quotes_no_number(page, place, text, words) -> None:
    caller = Caller(page, place[0], "operator")
    answer = caller.post("/contacts", {"file": a_file(text)}, seen="/contacts")
    assert answer.status_code == 422
    assert words in answer.text
    assert "89161234567" not in answer.text
    assert not contacts()


def test_a_page_takes_a_workbook_shows_refusals_once_and_keeps_nothing_of_them(page, place, caplog) -> None:
    campaign_id, code = place
    book = Workbook()
    sheet = book.active
    for row in (["Телефон", "Код", "Имя"], [89161234501, code, "Анна"], ["555-77-13", code, "Пётр"]):
        sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    caller = Caller(page, campaign_id, "operator")
    for dry, expected in (({"dry_run": "1"}, 0), ({}, 1)):
        sent = {"file": (io.BytesIO(packed.getvalue()), "list.xlsx"), **dry}
        answer = caller.post("/contacts", sent, seen="/contacts")
        assert answer.status_code == 200
        assert "Строка 3" in answer.text and "555-77-13" in answer.text
        assert len(contacts()) == expected
    assert "555-77-13" not in caller.get("/contacts") + caplog.text
    trail = [e.detail for e in db.session.scalars(select(AuditEvent)) if e.action == "contacts-imported"]
    assert trail == [{"accepted": 1, "repeated": 0, "refused": 1}]


@ON_SQLITE
def test_no_file_is_asked_for(page, place) -> None:
    caller = Caller(page, place[0], "operator")
    answer = caller.post("/contacts", {}, seen="/contacts")
    assert answer.status_code == 422 and "Выберите файл" in answer.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_at_rest_there_is_no_number_to_read(session, config) -> None:
    a_desk(name="Аглая Петровна", note="плохо слышит")
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = b"".join(file.read_bytes() for file in config.DATA_DIR.rglob("*") if file.is_file())
    path = db.engine.url.database
    assert path is not None
    with open(path, "rb") as file:
        raw += file.read()
    assert b"contact_forgotten" in raw, "the search itself works"
    for said in (*NUMBERS[:3], NUMBERS[0][2:], "Аглая", "плохо слышит"):
        assert said.encode() not in raw


def test_another_secret_or_another_row_does_not_open(session) -> None:
    a_desk()
    one, other, *_rest = contacts()
    keys = sealing.keys_of(db.session(), SECRET, one.campaign_id)
    assert keys is not None and one.sealed is not None
    with pytest.raises(sealing.Locked):
        sealing.keys_of(db.session(), "another-" + SECRET, one.campaign_id)
    with pytest.raises(sealing.Locked, match="NOK_SECRET_KEY"):
        keys.opened(one.sealed, sealing.row_name(one.campaign_id, one.assessment_id, other.key))
    with pytest.raises(sealing.Locked):
        keys.opened(one.sealed[:-1], sealing.row_name(one.campaign_id, one.assessment_id, one.key))


def test_each_campaign_has_a_key_of_its_own_and_marks_do_not_meet(session) -> None:
    a_desk()
    code = an_organization("Школа", sector="education")
    school = a_campaign(sector="education")
    a_list(school, code)
    assert len({one.mark for one in contacts()}) == 6
    assert len(set(db.session.scalars(select(ContactKey.sealed)))) == 2


def called(campaign_id: int) -> None:
    """One contact finished, one busy."""
    for outcome in ("2.112", "3.12"):
        with writing() as session:
            contact = queue.next_contact(session, campaign_id, the("vera"))
            assert contact is not None
            calls.record(
                session, campaign_id, the("vera"), sealing.Call(contact.key, 0), disposition(outcome)
            )


def wiped() -> bool:
    """Is nothing left that leads to a person?"""
    found = contacts()
    gone = {(one.sealed, one.mark, one.zone, one.due_at, one.held_by, one.finished) for one in found} == {
        (None, None, "UTC", None, None, True)
    }
    calls_made = list(db.session.scalars(select(CallAttempt)))
    cut = all(one.contact_key is None and one.began_at.hour == one.began_at.minute == 0 for one in calls_made)
    nothing = not any(list(db.session.scalars(select(table))) for table in (ContactKey, Forgotten))
    return gone and cut and nothing


def test_when_the_campaign_closes_everything_goes_in_the_same_transaction(session, runner) -> None:
    campaign_id, _code = a_desk()
    an_interviewer()
    called(campaign_id)
    assert not wiped()
    with pytest.raises(RuntimeError), writing() as write:
        campaigns.move(write, write.get_one(Campaign, campaign_id), Stage.REVIEW)
        raise RuntimeError("and the closing fails")
    assert not wiped(), "the one does not happen without the other"
    with writing() as write:
        campaigns.move(write, write.get_one(Campaign, campaign_id), Stage.REVIEW)
    assert wiped()
    [event] = [e for e in db.session.scalars(select(AuditEvent)) if e.action == "contacts-wiped"]
    assert (event.subject, event.detail) == (str(campaign_id), {"contacts": 2})
    assert [one.outcome for one in db.session.scalars(select(CallAttempt))] == ["2.112", "3.12"]
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0


def test_after_the_last_day_the_first_look_wipes(page, session) -> None:
    campaign_id, _code = a_desk()
    an_interviewer()
    called(campaign_id)
    with writing() as write:
        write.get_one(Campaign, campaign_id).ends_on = today() - timedelta(days=1)
    assert "Сбор ответов закончен" in Caller(page, campaign_id).get()
    assert wiped()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_wiped_is_overwritten_in_the_file_too(session) -> None:
    campaign_id, _code = a_desk()
    sealed = [one.sealed for one in contacts() if one.sealed]
    [key] = db.session.scalars(select(ContactKey.sealed)).all()
    db.session.rollback()
    with writing() as write:
        forgetting.wipe(write, campaign_id, "head")
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = db.engine.url.database
    assert path is not None
    with open(path, "rb") as file:
        raw = file.read()
    assert not [noise for noise in (*sealed, key) if noise[12:40] in raw]


def raw_after(*sealed: bytes) -> list[str]:
    """In which of SQLite's files one of these can still be read."""
    path = db.engine.url.database
    assert path is not None
    files = [Path(path), Path(f"{path}-wal")]
    return [one.name for one in files if one.exists() and any(noise in one.read_bytes() for noise in sealed)]


def under_lock(campaign_id: int) -> list[bytes]:
    """Everything sealed of a campaign, its key too."""
    found = [one.sealed for one in contacts() if one.sealed] + [
        db.session.get_one(ContactKey, campaign_id).sealed
    ]
    db.session.rollback()
    return found


@pytest.mark.parametrize("way", ["by command", "by closing"])
@ON_SQLITE
def test_after_a_wipe_the_journal_keeps_nothing_of_it_either(session, way) -> None:
    campaign_id, _code = a_desk(*(f"+7916765{n:04d}" for n in range(300)))
    sealed = under_lock(campaign_id)
    with db.engine.connect() as another:
        another.exec_driver_sql("SELECT count(*) FROM contact").scalar()
        another.rollback()
        assert raw_after(*sealed), "the search itself works"
        with writing() as write:
            if way == "by command":
                forgetting.wipe(write, campaign_id, "head")
            else:
                campaigns.move(write, write.get_one(Campaign, campaign_id), Stage.REVIEW)
        assert raw_after(*sealed) == []


@ON_SQLITE
def test_a_journal_that_is_being_read_is_emptied_by_the_night(session, monkeypatch) -> None:
    monkeypatch.setattr(forgetting, "PATIENCE", 1)
    campaign_id, _code = a_desk()
    sealed = under_lock(campaign_id)
    with db.engine.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM contact").scalar()
        with writing() as write:
            forgetting.wipe(write, campaign_id, "head")
        assert raw_after(*sealed), "the reading stands in the way, the wipe is done all the same"
    assert wiped()
    tidy()
    assert raw_after(*sealed) == []


def test_after_the_last_day_the_night_wipes_though_nobody_looks(session) -> None:
    campaign_id, _code = a_desk()
    an_interviewer()
    called(campaign_id)
    tidy()
    assert not wiped(), "it still collects"
    with writing() as write:
        write.get_one(Campaign, campaign_id).ends_on = today() - timedelta(days=1)
    tidy()
    assert wiped()


@ON_SQLITE
def test_of_a_contact_that_is_finished_the_night_leaves_nothing_in_the_journal(session) -> None:
    campaign_id, _code = a_desk(NUMBERS[0])
    an_interviewer()
    [contact] = [one.sealed for one in contacts() if one.sealed]
    db.session.rollback()
    with writing() as write:
        found = queue.next_contact(write, campaign_id, the("vera"))
        assert found is not None
        calls.record(write, campaign_id, the("vera"), sealing.Call(found.key, 0), disposition("2.112"))
    assert raw_after(contact)
    tidy()
    assert raw_after(contact) == []


def test_the_commands_load_and_wipe_and_name_no_number(runner, place, tmp_path) -> None:
    campaign_id, code = place
    file = tmp_path / "list.csv"
    file.write_text(HEAD + f"8 916 123-45-01;{code};Анна;;\n555-77-13;{code};;;\n", "utf-8")
    told = ["contacts", "import", str(file), "--campaign", str(campaign_id), "--json"]
    dry = runner.invoke(args=[*told, "--dry-run"])
    assert (dry.exit_code, json.loads(dry.stdout)["dry_run"], len(contacts())) == (1, True, 0)
    done = runner.invoke(args=told)
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert (report["accepted"], report["batch"]) == (1, None)
    assert report["refused"][0] | {"reason": ""} == {"row": 3, "column": "Телефон", "value": "", "reason": ""}
    plain = runner.invoke(args=told[:-1])
    assert "уже были: 1" in plain.stdout
    assert not re.search("555-77-13|8 916|9161234501", dry.output + done.output + plain.output)
    gone = runner.invoke(args=["contacts", "wipe", "--campaign", str(campaign_id)])
    assert (gone.exit_code, gone.stdout) == (0, "Стёрто номеров: 1. Ключ уничтожен.\n")
    assert wiped()
    with writing() as session:
        session.get_one(Campaign, campaign_id).stage = Stage.REVIEW
    refused = runner.invoke(args=told)
    assert refused.exit_code == 2 and "не собирает" in refused.stderr
    assert runner.invoke(args=["contacts", "wipe", "--campaign", "99"]).exit_code == 2


def test_many_numbers_are_taken_in_one_go(page, place) -> None:
    campaign_id, code = place
    rows = "\n".join(f"+7916{n:07d};{code};Анна;;" for n in range(3000))
    caller = Caller(page, campaign_id, "operator")
    answer = caller.post("/contacts", {"file": a_file(HEAD + rows)}, seen="/contacts")
    assert answer.status_code == 200
    assert len(contacts()) == 3000


def test_rows_keep_no_order_of_the_list(place) -> None:
    campaign_id, code = place
    taken(campaign_id, HEAD + "\n".join(f"+7916000{n:04d};{code};{n};;" for n in range(12)))
    order = [int(one.name) for one in opened()]
    assert sorted(order) == list(range(12)) != order


def test_a_contact_keeps_what_it_was_given(place) -> None:
    campaign_id, code = place
    a_list(campaign_id, code, NUMBERS[:1], name="Иван", note="после шести")
    assert opened() == [sealing.Person(NUMBERS[0], "Иван", "после шести")]
    assert db.session.scalars(select(Contact.attempts)).all() == [0]


def test_contacts_under_another_secret_are_owned_up_to_and_nothing_is_lost(page, place) -> None:
    campaign_id, code = place
    a_list(campaign_id, code)
    caller = Caller(page, campaign_id, "operator")
    caller.next()
    with writing() as session:
        kept = session.scalars(select(ContactKey)).one()
        kept.sealed = kept.sealed[:-1] + bytes([kept.sealed[-1] ^ 1])
    answer = page.get(f"{caller.here}/call")
    assert answer.status_code == 400 and "NOK_SECRET_KEY" in answer.text
    sent = {"file": a_file(HEAD + f"{NUMBERS[5]};{code};;;\n")}
    answer = caller.post("/contacts", sent, seen="/contacts")
    assert answer.status_code == 422 and "NOK_SECRET_KEY" in answer.text
    assert caller.get("/supervision")
    assert len(contacts()) == 3
