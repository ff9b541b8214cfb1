"""The page of a release's document as the council uses it: drawn once with progress, signed, offered to everybody."""

import io
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pikepdf
import pytest
from build import TOKEN, a_campaign, a_release, a_user, an_inspection, an_organization, signed_in, within
from certificates import PASSWORD, a_pair, a_store, apart, of_gost
from manners import MannerlyClient
from sqlalchemy import select

from accounts.models import AuditEvent, Role, Seat
from council import bound, signatures
from council.shelf import shelf
from documents.bound import apart as drawing
from documents.bound import press
from documents.signing import pades
from surveys import frozen
from surveys.clock import now
from surveys.db import db, writing
from surveys.jobs import Job, JobState

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Room:
    """A published release, its document on the shelf unless told, and whoever opens its page."""

    def __init__(self, app: Any, *, drawn: bool = True) -> None:
        self.app = app
        code = an_organization(recipients_per_year=200)
        self.campaign_id = a_campaign()
        an_inspection(self.campaign_id, code)
        a_release(self.campaign_id)
        for seat in Seat:
            a_user(Role.COUNCIL, login=seat.value, seat=seat)
        a_user(Role.CURATOR)
        self.at = f"/council/campaigns/{self.campaign_id}/approval/versions/1"
        self.page = signed_in(MannerlyClient(app, app.response_class), "chair")
        self.document = b""
        if drawn:
            with pikepdf.new() as pdf:
                pdf.add_blank_page()
                out = io.BytesIO()
                pdf.save(out, deterministic_id=True)
            self.document = out.getvalue()
            for kind in bound.KINDS:
                self.place(kind).parent.mkdir(parents=True, exist_ok=True)
                self.place(kind).write_bytes(self.document)

    @property
    def release(self) -> Any:
        return frozen.release(db.session(), self.campaign_id, 1)

    def place(self, kind: str = "pdf") -> Any:
        return bound.place(shelf().released(self.release).facts, kind)

    def post(self, act: str, **data: Any) -> Any:
        shown = self.page.get(self.at).text
        return self.page.post(f"{self.at}/{act}", data={"csrf_token": within(TOKEN, shown), **data})

    def sign(self, store: bytes, password: str = PASSWORD) -> Any:
        return self.post("sign", store=(io.BytesIO(store), "council.p12"), password=password)

    def bring(self, signature: bytes) -> Any:
        return self.post("signature", signature=(io.BytesIO(signature), "report.pdf.sig"))

    def acts(self) -> list[str]:
        db.session.rollback()
        return [one.action for one in db.session.scalars(select(AuditEvent)) if "sign" in one.action]


@pytest.fixture
def room(app, session) -> Room:
    return Room(app)


def test_the_chair_signs_and_everybody_may_check(room) -> None:
    pair = a_pair(until=now() + timedelta(days=30))
    assert room.sign(a_store(pair)).status_code == 302
    shown = room.page.get(room.at).text
    assert "Подписано: Иванова Мария Петровна" in shown and "файл после подписания не меняли" in shown
    (kept,) = signatures.of(room.release)
    assert kept.document_sha256 == sha256(room.document).hexdigest()
    signed = room.page.get(f"{room.at}/signatures/1").data
    assert signed.startswith(room.document) and pades.checked(signed).checked == "whole"
    assert room.acts() == ["report-signed"]
    everybody = room.app.test_client()
    versions = f"/ratings/{room.campaign_id}/versions"
    assert "Подписано: Иванова Мария Петровна" in everybody.get(versions).text
    assert everybody.get(f"{versions}/1/signatures/1").data == signed
    assert everybody.get(f"{versions}/1/report.pdf").data == room.document
    assert everybody.get(f"{versions}/1/signatures/2").status_code == 404


@ON_SQLITE
def test_neither_the_key_nor_its_password_stays_anywhere(room, tmp_path) -> None:
    store = a_store(a_pair(until=now() + timedelta(days=30)))
    room.sign(store)
    db.session.rollback()
    written = [file.read_bytes() for file in shelf().folder.parent.rglob("*") if file.is_file()]
    assert len(written) > 3
    assert not any(store[:60] in one or PASSWORD.encode() in one for one in written)
    assert not any(PASSWORD in json.dumps(one.detail) for one in db.session.scalars(select(AuditEvent)))


@ON_SQLITE
@pytest.mark.parametrize(
    ("days", "password", "said"),
    [(30, "не тот", "пароль не подошёл"), (-2, PASSWORD, "Срок действия сертификата истёк")],
)
def test_what_cannot_sign_is_told_and_nothing_is_kept(room, days, password, said) -> None:
    answer = room.sign(a_store(a_pair(until=now() + timedelta(days=days))), password)
    assert answer.status_code == 422 and said in answer.text
    assert "не тот" not in answer.text
    assert signatures.of(room.release) == [] and room.acts() == []


@ON_SQLITE
def test_the_services_own_key_signs_without_a_file(room, tmp_path) -> None:
    file = tmp_path / "council.p12"
    file.write_bytes(a_store(a_pair(until=now() + timedelta(days=30))))
    room.app.config.update(SIGNING_FILE=str(file), SIGNING_PASSWORD=PASSWORD)
    assert "Ключ совета хранит администратор" in room.page.get(room.at).text
    assert room.post("sign").status_code == 302
    assert len(signatures.of(room.release)) == 1
    file.unlink()
    assert "Ключ совета не читается" in room.post("sign").text


def test_a_signature_of_gost_is_kept_with_an_honest_word(room) -> None:
    brought = of_gost(apart(room.document, a_pair()))
    assert room.bring(brought).status_code == 302
    shown = room.page.get(room.at).text
    assert "Не проверено службой" in shown and "ГОСТ Р 34.11-2012" in shown
    assert room.page.get(f"{room.at}/signatures/1").data == brought
    assert room.acts() == ["signature-brought"]
    assert "уже хранится" in room.bring(brought).text


@ON_SQLITE
def test_a_signature_of_another_file_and_a_file_too_large_are_refused(room) -> None:
    for wrong, said in (
        (apart(b"another", a_pair()), "подпись другого файла"),
        (b"0" * (300 * 1024), "больше 256 КБ"),
        (b"hello", "не файл подписи"),
    ):
        answer = room.bring(wrong)
        assert answer.status_code == 422 and said in answer.text
    assert signatures.of(room.release) == []


@ON_SQLITE
def test_only_the_chair_and_the_secretary_sign(room) -> None:
    token = within(TOKEN, room.page.get(room.at).text)
    signature = apart(room.document, a_pair())
    for login, code in (("member", 403), ("curator", 403), ("secretary", 302)):
        signed_in(room.page, login)
        data = {"csrf_token": token, "signature": (io.BytesIO(signature), "a.sig")}
        assert room.page.post(f"{room.at}/signature", data=data).status_code == code, login
    signed_in(room.page, "member")
    assert "Подписывают председатель и секретарь" in room.page.get(room.at).text


@ON_SQLITE
def test_the_document_is_asked_for_once_and_told_how_far_it_is(app, session, monkeypatch) -> None:
    room = Room(app, drawn=False)
    assert "Нарисовать отчёт" in room.page.get(room.at).text
    assert room.page.get(f"{room.at}/report.pdf").status_code == 302
    with writing() as write:
        wanted = {"campaign_id": room.campaign_id, "version": 1, "inside": False}
        job = Job(id="b" * 32, name=bound.NAME, arguments=wanted, state=JobState.RUNNING, done=40, total=120)
        job.asked_by, job.asked_at, job.heard_at = "chair", now(), now()
        write.add(job)
    shown = room.page.get(room.at).text
    assert "Отчёт рисуется: готово 40 из 120 разделов." in shown and "Нарисовать отчёт" not in shown
    assert room.page.get(f"{room.at}/state").get_json()["done"] == 40
    assert "Подписать" not in shown
    db.session.rollback()
    with writing() as write:
        assert bound.ask(write, shelf().released(room.release), "chair", inside=True).id == "b" * 32


@ON_SQLITE
def test_a_drawing_that_was_killed_is_taken_up(app, session, monkeypatch) -> None:
    room = Room(app, drawn=False)
    begun: list[Any] = []

    def fake(folder: Any, parts: int, progress: Any = None) -> None:
        begun.append((press.planned(folder), parts))
        if len(begun) == 1:
            raise RuntimeError("killed")
        for name in bound.KINDS.values():
            (folder / name).write_bytes(b"%PDF-")

    monkeypatch.setattr(drawing, "draw", fake)
    assert room.post("draw").status_code == 302
    assert "Нарисовать отчёт" in room.page.get(room.at).text
    put_down = room.place().with_suffix(".parts")
    assert put_down.exists()
    assert room.post("draw").status_code == 302
    assert begun[0] == begun[1] and begun[0][0] and not put_down.exists()
    assert room.page.get(f"{room.at}/report.pdf").data == b"%PDF-"
    room.post("draw")
    assert len(begun) == 2


@ON_SQLITE
def test_a_drawing_that_failed_is_told_on_the_councils_first_page(app, session, monkeypatch) -> None:
    room = Room(app, drawn=False)
    a_user(Role.OPERATOR)

    def fails(*_given: Any) -> None:
        raise RuntimeError("no room on the disk")

    monkeypatch.setattr(drawing, "draw", fails)
    signed_in(room.page, "secretary")
    assert "не нарисован" not in room.page.get("/council/").text
    room.post("draw")
    shown = room.page.get("/council/").text
    assert "Отчёт совета не нарисован" in shown and "Нарисовать ещё раз" in shown
    assert "скажите администратору" in shown and f'action="{room.at}/draw"' in shown
    for login, sees in (("curator", True), ("operator", False)):
        signed_in(room.page, login)
        other = room.page.get("/council/").text
        assert ("не нарисован" in other, "Нарисовать ещё раз" in other) == (sees, False), login
    monkeypatch.setattr(drawing, "draw", lambda folder, *_given: [
        (folder / name).write_bytes(b"%PDF-") for name in bound.KINDS.values()
    ])  # fmt: skip
    signed_in(room.page, "chair")
    assert room.post("draw").status_code == 302
    assert "не нарисован" not in room.page.get("/council/").text
    assert room.page.get(f"{room.at}/report.pdf").data == b"%PDF-"


@ON_SQLITE
def test_a_failed_drawing_of_what_was_replaced_is_told_no_more(app, session, monkeypatch) -> None:
    room = Room(app, drawn=False)
    monkeypatch.setattr(drawing, "draw", lambda *_given: 1 / 0)
    room.post("draw")
    db.session.rollback()
    assert [one.release.version for one in bound.not_drawn(db.session(), [room.campaign_id])] == [1]
    assert bound.not_drawn(db.session(), []) == []
    db.session.rollback()
    a_release(room.campaign_id)
    assert bound.not_drawn(db.session(), [room.campaign_id]) == []
