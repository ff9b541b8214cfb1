"""Accounts of the staff on the administrator's page: made, changed, closed, given a new password."""

import re

import pytest
from build import PASSWORD, TOKEN, a_user, an_organization, signed_in
from sqlalchemy import select

from accounts import access
from accounts.models import AuditEvent, Duty, Role, User
from surveys.db import db


@pytest.fixture
def admin(page, session):
    """The administrator, signed in."""
    a_user(Role.ADMIN)
    return signed_in(page, "admin")


def posted(client, form: str, data: dict[str, str] | None = None, to: str = ""):
    """A form of the page `form`, sent to its own address or to another one."""
    found = TOKEN.search(client.get(form).text)
    assert found is not None
    return client.post(to or form, data={**(data or {}), "csrf_token": found[1]})


def account(login: str) -> User:
    db.session.rollback()
    return db.session.scalars(select(User).where(User.login == login)).one()


def test_an_interviewer_is_made_and_signs_in_with_the_password_shown(admin, session) -> None:
    told = {
        "login": " Petrov ",
        "name": "Петров И. С.",
        "role": "operator",
        "duty": "interviewer",
        "seat": "",
        "region": "",
    }
    shown = posted(admin, "/admin/people/new", told)
    assert shown.status_code == 200
    login, password = re.findall(r'class="address">([^<]+)<', shown.text)
    assert login == "petrov"
    assert re.fullmatch(r"([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}", password), "no sign is taken for another"
    db.session.rollback()
    user = access.recognised(db.session(), login, password)
    assert user is not None
    assert (user.role, user.duty, user.name) == (Role.OPERATOR, Duty.INTERVIEWER, "Петров И. С.")
    assert shown.headers["Cache-Control"] == "no-store"
    assert password not in " ".join(map(str, db.session.scalars(select(AuditEvent.detail))))


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"login": ""}, "Введите логин"),
        ({"login": "admin"}, "уже занят"),
        ({"login": "a" * 61}, "от одного до 60"),
        ({"role": "organization"}, "укажите код организации"),
        ({"role": "operator"}, "Выберите обязанность"),
        ({"login": "петров"}, "латинскими буквами"),
        ({"login": "ivan petrov"}, "без пробелов"),
        ({"role": "organization", "organization": "AAAAAAAA"}, "Нет организации с кодом"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(admin, told, word) -> None:
    answer = posted(
        admin,
        "/admin/people/new",
        {"login": "petrov", "role": "council", "region": "", "duty": "", "seat": "", **told},
    )
    assert answer.status_code == 422
    assert word in answer.text
    assert db.session.scalars(select(User.login)).all() == ["admin"]


def test_a_new_duty_ends_open_sessions_and_a_new_name_does_not(admin, app) -> None:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.INTERVIEWER)
    petrov = signed_in(app.test_client(), "petrov")
    address = f"/admin/people/{account('petrov').id}"
    same = {
        "name": "Пётр Петров",
        "role": "operator",
        "duty": "interviewer",
        "seat": "",
        "region": "",
        "organization": "",
    }
    assert posted(admin, address, same).status_code == 302
    assert petrov.get("/operator/").status_code == 200
    assert posted(admin, address, {**same, "duty": "inspector"}).status_code == 302
    assert account("petrov").duty == Duty.INSPECTOR
    assert petrov.get("/operator/").status_code == 302


def test_one_who_leaves_the_team_loses_the_duty(admin) -> None:
    a_user(Role.OPERATOR, login="petrov", duty=Duty.HEAD)
    told = {"name": "П", "role": "council", "duty": "head", "seat": "", "region": "", "organization": ""}
    assert posted(admin, f"/admin/people/{account('petrov').id}", told).status_code == 302
    assert (account("petrov").role, account("petrov").duty) == (Role.COUNCIL, None)


def test_a_new_password_replaces_the_old_one(admin) -> None:
    a_user(Role.COUNCIL, login="ivanova")
    address = f"/admin/people/{account('ivanova').id}"
    shown = posted(admin, address, to=f"{address}/password")
    _login, password = re.findall(r'class="address">([^<]+)<', shown.text)
    db.session.rollback()
    assert access.recognised(db.session(), "ivanova", PASSWORD) is None
    assert access.recognised(db.session(), "ivanova", password) is not None


def test_a_closed_account_stays_out_until_it_is_opened(admin) -> None:
    a_user(Role.ORGANIZATION, login="director", code=an_organization())
    address = f"/admin/people/{account('director').id}"
    posted(admin, address, to=f"{address}/entry")
    db.session.rollback()
    assert access.recognised(db.session(), "director", PASSWORD) is None
    posted(admin, address, {"open": "1"}, to=f"{address}/entry")
    db.session.rollback()
    assert access.recognised(db.session(), "director", PASSWORD) is not None
    acts = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert acts == ["user-closed", "user-opened"]


def test_nobody_shuts_himself_out(admin) -> None:
    address = f"/admin/people/{account('admin').id}"
    closing = posted(admin, address, to=f"{address}/entry")
    assert closing.status_code == 400
    assert "ваша собственная запись" in closing.text
    told = {"name": "Я", "role": "council", "duty": "", "seat": "", "region": "", "organization": ""}
    assert "ваша собственная запись" in posted(admin, address, told).text
    assert (account("admin").role, account("admin").active) == (Role.ADMIN, True)


def test_a_seat_in_the_council_is_given_and_taken(admin, runner) -> None:
    made = {"login": "ivanova", "name": "", "role": "council", "duty": "", "seat": "secretary", "region": ""}
    assert posted(admin, "/admin/people/new", made).status_code == 200
    assert (account("ivanova").seat, "Секретарь" in admin.get("/admin/").text) == ("secretary", True)
    posted(admin, f"/admin/people/{account('ivanova').id}", {**made, "seat": ""})
    assert account("ivanova").seat == "member", "who has no seat is a member"
    told = runner.invoke(args=["users", "change", "ivanova", "--seat", "chair"])
    assert (told.exit_code, account("ivanova").seat) == (0, "chair")
    assert runner.invoke(args=["users", "change", "ivanova", "--name", "И. И."]).exit_code == 0
    assert account("ivanova").seat == "chair", "another name takes no seat away"
    assert runner.invoke(args=["users", "change", "ivanova", "--role", "authority"]).exit_code == 0
    assert account("ivanova").seat is None


def test_only_a_council_has_seats(session, runner) -> None:
    told = runner.invoke(args=["users", "add", "petrov", "--role", "operator", "--seat", "chair"])
    assert told.exit_code == 2
    assert "только у роли «Общественный совет»" in told.stderr
    told = runner.invoke(args=["users", "add", "sidorov", "--role", "council"])
    assert (told.exit_code, account("sidorov").seat) == (0, "member")
