"""Kiosks as the service sees them: pairing, tokens that change, sealed answers counted once, what people watch."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any
from unittest.mock import Mock

import pytest
from build import CONTENT, TOKEN, a_campaign, a_user, an_organization, signed_in, within
from halls import a_kiosk, a_token, an_envelope, posted, sealed, sent, told
from sqlalchemy import select

from accounts.models import AuditEvent, Role
from accounts.tokens import hashed
from kiosk import caretaking, devices, pairing, settings, watching, wording
from kiosk.tables import Kiosk, KioskCode
from operator_app.handover import desk
from surveys import outbox
from surveys.channels import CHANNELS
from surveys.clock import now, today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Organization, Response, Stage
from surveys.refusals import Busy, Refusal

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
KEY = "0123456789abcdef" * 2
OTHER = "fedcba9876543210" * 2


@pytest.fixture
def here(session) -> str:
    """A clinic in a collecting campaign; its code."""
    code = an_organization(short_name="Поликлиника № 12")
    a_campaign()
    return code


@pytest.fixture
def kiosk_id(here) -> int:
    return a_kiosk(here, place="регистратура")


@pytest.fixture
def token(kiosk_id) -> str:
    return a_token(kiosk_id)


def counted() -> list[Response]:
    db.session.rollback()
    return list(db.session.scalars(select(Response)))


def the_kiosk() -> Kiosk:
    db.session.rollback()
    return db.session.scalars(select(Kiosk)).one()


@ON_SQLITE
def test_a_cyrillic_host_is_shown_in_cyrillic_and_drawn_plain(app, kiosk_id, here) -> None:
    app.config["BASE_URL"] = "https://xn--j1afd.xn--p1ai"
    told = settings.of(db.session(), the_kiosk())
    assert told["address"].startswith(f"нок.рф/q/{here}")
    assert f"https://xn--j1afd.xn--p1ai/q/{here}" in told["qr"]


def test_a_screen_becomes_a_device_by_six_digits(client, kiosk_id) -> None:
    claim = token_hex(16)
    code = posted(client, "code", claim=claim).json["code"]
    assert re.fullmatch(r"\d{6}", code)
    assert posted(client, "code", claim=claim).json["code"] == code, "the same screen, the same digits"
    assert posted(client, "claim", claim=claim).json == {"token": ""}
    with writing() as session:
        pairing.paired(session, devices.one(session, kiosk_id), f" {code[:3]} {code[3:]} ", "cli")
    first = posted(client, "claim", claim=claim).json["token"]
    again = posted(client, "claim", claim=claim).json["token"]
    assert first != again, "the first answer may have been lost; only the last one works"
    assert posted(client, "state", first).status_code == 401
    assert posted(client, "state", again).json["settings"]["organization"] == "Поликлиника № 12"
    assert posted(client, "claim", claim=claim).status_code == 404, "used: the digits are gone"
    assert first not in str(the_kiosk().token_sha256)
    actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["kiosk-made", "kiosk-paired"]


@ON_SQLITE
def test_digits_end_and_are_refused_and_few_screens_may_ask(client, kiosk_id, monkeypatch) -> None:
    claim = token_hex(16)
    code = pairing.asked(claim)
    with writing() as session:
        session.get_one(KioskCode, code).ends_at = now() - timedelta(seconds=1)
    assert posted(client, "claim", claim=claim).status_code == 404
    for typed in (code, "", "12345", "что-то"):
        with pytest.raises(Refusal, match="Такого кода"), writing() as session:
            pairing.paired(session, devices.one(session, kiosk_id), typed, "admin")
    with pytest.raises(Refusal, match="Подождите"), writing() as session:
        for _try in range(20):
            try:
                pairing.paired(session, devices.one(session, kiosk_id), "000000", "admin")
            except Refusal as refusal:
                if "Подождите" in str(refusal):
                    raise
    monkeypatch.setattr(pairing, "MOST_CODES", 1)
    pairing.asked(token_hex(16))
    with pytest.raises(Busy):
        pairing.asked(token_hex(16))
    assert posted(client, "code", claim=token_hex(16)).status_code == 429
    assert posted(client, "code", claim="short").status_code == 400


def test_a_token_is_replaced_by_itself_and_a_lost_answer_locks_nobody_out(client, kiosk_id, token) -> None:
    assert posted(client, "state", token).json["token"] == ""
    with writing() as session:
        devices.one(session, kiosk_id).rotated_on = today() - timedelta(days=pairing.ROTATE_DAYS)
    lost = posted(client, "state", token).json["token"]
    fresh = posted(client, "state", token).json["token"]
    assert lost and fresh and lost != fresh
    assert posted(client, "state", lost).status_code == 401
    assert posted(client, "state", fresh).json["token"] == ""
    assert posted(client, "state", token).status_code == 401, "the old one ended when the new one was used"


def test_a_token_that_was_not_signed_here_is_refused_before_the_database_is_asked(
    app, client, kiosk_id, token, monkeypatch
) -> None:
    prefix, _dot, seal = token.rpartition(".")
    forged = f"{pairing.PREFIX}{'A' * 43}"
    wrong = [f"{forged}.{seal}", f"{prefix}.{seal[:-2]}AA", f"{token}A", f"{token}\u0430", token[1:], "", "."]
    with monkeypatch.context() as patched:
        patched.setattr(pairing, "select", Mock(side_effect=AssertionError("asked")))
        for one in wrong:
            assert pairing.bearer(db.session(), one) is None, one
        patched.setitem(app.config, "SECRET_KEY", "another secret" * 4)
        assert pairing.bearer(db.session(), token) is None, "signed under another key"
    for one in wrong[:4]:
        assert (
            client.post(
                "/kiosk/state", json={}, headers={"Authorization": f"Bearer {one}".encode()}
            ).status_code
            == 401
        )
    assert posted(client, "state", token).json["settings"], "the right one is"


def test_a_device_paired_before_tokens_were_signed_keeps_its_queue(
    client, kiosk_id, token, monkeypatch
) -> None:
    unsigned = f"{pairing.PREFIX}{'b' * 43}"
    with writing() as session:
        devices.one(session, kiosk_id).token_sha256 = hashed(unsigned)
    with monkeypatch.context() as patched:
        patched.setattr(pairing, "UNSIGNED_UNTIL", today() - timedelta(days=1))
        assert posted(client, "state", unsigned).status_code == 401, "the day has passed"
    fresh = posted(client, "state", unsigned).json["token"]
    assert "." in fresh, "replaced at once, not in a week"
    envelope = an_envelope(kiosk_id, KEY)
    assert sent(client, unsigned, (KEY, envelope)).json["told"][KEY]["outcome"] == "counted"
    assert posted(client, "state", fresh).json["token"] == ""
    assert posted(client, "state", unsigned).status_code == 401


def test_a_revoked_device_is_refused_and_is_itself_again_when_paired(client, kiosk_id, token) -> None:
    envelope = an_envelope(kiosk_id, KEY)
    with writing() as session:
        pairing.revoke(session, devices.one(session, kiosk_id), "admin")
    for way in ("state", "answers"):
        answer = posted(client, way, token, answers=[{"key": KEY, "sealed": envelope}])
        assert (answer.status_code, answer.json) == (401, {"outcome": "unknown"})
    assert counted() == []
    anew = a_token(kiosk_id)
    assert sent(client, anew, (KEY, envelope)).json["told"][KEY]["outcome"] == "counted"
    assert the_kiosk().revoked_at is None


def test_an_answer_is_counted_once_whatever_way_it_comes(client, kiosk_id, token) -> None:
    first = sent(client, token, (KEY, an_envelope(kiosk_id, KEY)))
    again = sent(client, token, (KEY, an_envelope(kiosk_id, KEY)), (OTHER, an_envelope(kiosk_id, OTHER)))
    assert [one.status_code for one in (first, again)] == [200, 200]
    assert {key: one["outcome"] for key, one in again.json["told"].items()} == {
        KEY: "repeated",
        OTHER: "counted",
    }
    [one, two] = counted()
    assert (one.channel, one.place, one.day) == (CHANNELS["kiosk"].number, the_kiosk().place, today())
    assert one.answers == two.answers


def test_other_content_under_a_counted_name_is_told_and_the_first_stands(client, kiosk_id, token) -> None:
    sent(client, token, (KEY, an_envelope(kiosk_id, KEY)))
    unhappy = an_envelope(kiosk_id, KEY, {**CONTENT, "overall": "no"})
    answer = sent(client, token, (KEY, unhappy), (OTHER, an_envelope(kiosk_id, OTHER)))
    assert answer.status_code == 409
    assert [answer.json["told"][key]["outcome"] for key in (KEY, OTHER)] == ["differs", "counted"]
    assert len(counted()) == 2


@ON_SQLITE
@pytest.mark.parametrize(
    ("day", "kept"),
    [(0, 0), (-3, -3), (-40, 0), (1, 0), (9000, 0)],
)
def test_a_clock_that_cannot_be_right_gives_the_day_of_arrival(client, kiosk_id, token, day, kept) -> None:
    with writing() as session:
        devices.one(session, kiosk_id).made_on = today() - timedelta(days=30)
        session.scalars(select(Campaign)).one().starts_on = today() - timedelta(days=60)
    said = (today() + timedelta(days=day)).isoformat()
    sent(client, token, (KEY, an_envelope(kiosk_id, KEY, day=said)))
    assert [one.day for one in counted()] == [today() + timedelta(days=kept)]


@ON_SQLITE
def test_what_is_no_answer_of_a_device_is_refused_with_its_reason(client, here, kiosk_id, token) -> None:
    other = a_kiosk(here)
    wrong = {
        "for another name": an_envelope(kiosk_id, OTHER),
        "not base64": "!!!",
        "cut": an_envelope(kiosk_id, KEY)[:80],
        "a stranger's proof": an_envelope(kiosk_id, KEY, proof=told(other)["proof"]),
        "another campaign": an_envelope(kiosk_id, KEY, campaign=99),
        "another form": an_envelope(kiosk_id, KEY, form="f" * 64),
        "not whole": an_envelope(kiosk_id, KEY, {"overall": "yes"}),
        "a list": sealed(told(kiosk_id)["key"], KEY, []),  # type: ignore[arg-type]
        "true for one": an_envelope(kiosk_id, KEY, kiosk=True),
        "nobody's": an_envelope(kiosk_id, KEY, kiosk=777),
    }
    for name, envelope in wrong.items():
        answer = sent(client, token, (KEY, envelope))
        assert answer.status_code == 200, name
        assert answer.json["told"][KEY]["outcome"] == "refused", name
        assert answer.json["told"][KEY]["reason"], name
    assert counted() == []
    bodies: tuple[dict[str, Any], ...] = ({}, {"answers": []}, {"answers": "x"}, {"answers": [1, {"key": 1}]})
    for body in bodies:
        assert posted(client, "answers", token, **body).status_code == 400


def test_a_closed_campaign_takes_nothing_and_says_so(client, kiosk_id, token) -> None:
    envelope = an_envelope(kiosk_id, KEY)
    with writing() as session:
        session.scalars(select(Campaign)).one().stage = Stage.REVIEW
    assert sent(client, token, (KEY, envelope)).json["told"][KEY]["outcome"] == "closed"
    assert posted(client, "state", token).json["settings"]["campaign"] is None


@ON_SQLITE
def test_an_answer_of_a_day_outside_the_campaign_is_refused_with_its_reason(client, kiosk_id, token) -> None:
    envelope = an_envelope(kiosk_id, OTHER)
    early, last, late = (
        an_envelope(kiosk_id, KEY, day=(today() - timedelta(days=ago)).isoformat()) for ago in (4, 1, 0)
    )
    sent(client, token, (OTHER, envelope))
    with writing() as session:
        devices.one(session, kiosk_id).made_on = today() - timedelta(days=30)
        campaign = session.scalars(select(Campaign)).one()
        campaign.starts_on, campaign.ends_on = today() - timedelta(days=3), today() - timedelta(days=1)
    for outside in (late, early):
        told = sent(client, token, (KEY, outside)).json["told"][KEY]
        assert (told["outcome"], "в другие дни" in told["reason"]) == ("refused", True)
    assert sent(client, token, (OTHER, envelope)).json["told"][OTHER]["outcome"] == "repeated"
    assert sent(client, token, (KEY, last)).json["told"][KEY]["outcome"] == "counted"


def test_what_devices_have_not_sent_is_told_before_the_submission(here, kiosk_id, token) -> None:
    other = a_campaign(title="Другая", sector="education")
    with writing() as session:
        devices.one(session, kiosk_id).waiting = 7
    campaigns = db.session.scalars(select(Campaign.id).where(Campaign.id != other)).all()
    assert [desk.held(db.session(), one) for one in [*campaigns, other]] == [{"Поликлиника № 12": 7}, {}]
    db.session.rollback()


def test_the_longest_file_is_read_and_one_more_entry_is_too_many(monkeypatch) -> None:
    monkeypatch.setattr(outbox, "MOST_ENTRIES", 3)
    entries = [(f"{number:032}", "envelope") for number in range(4)]
    assert outbox.header(io.BytesIO(a_file(*entries[:3])))["entries"] == 3
    with pytest.raises(outbox.TooLong):
        outbox.header(io.BytesIO(a_file(*entries)))


def test_what_a_device_says_of_itself_is_seen(client, kiosk_id, token) -> None:
    said = {"waiting": 7, "stuck": 0, "full": False, "release": "abc123", "used_mb": 2, "room_mb": 900}
    have = posted(client, "state", token, **said, answered_on="2124-01-01").json["settings"]["fingerprint"]
    assert posted(client, "state", token, **said, have=have).json["settings"] is None, "nothing new"
    kiosk = the_kiosk()
    assert (kiosk.waiting, kiosk.release, kiosk.used_mb) == (7, "abc123", 2)
    assert watching.line(db.session(), kiosk).kind == "ok"
    posted(client, "state", token, waiting=-1, stuck="много", release="<b>", used_mb=2**70, answered_on=7)
    kiosk = the_kiosk()
    assert (kiosk.waiting, kiosk.stuck, kiosk.release, kiosk.used_mb) == (0, 0, "b", None)


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "на связи"),
        ({"seen_at": now() - timedelta(hours=25)}, "молчит"),
        ({"waiting": 500}, "заполняется"),
        ({"used_mb": 81, "room_mb": 100}, "заполняется"),
        ({"full": True}, "заполнен"),
        ({"stuck": 1}, "не всё принято"),
        ({"revoked_at": now()}, "отключён"),
        ({"paired_on": None}, "не подключён"),
    ],
)
def test_a_device_in_trouble_is_marked(page, here, kiosk_id, token, given, word) -> None:
    with writing() as session:
        kiosk = devices.one(session, kiosk_id)
        for name, value in {"seen_at": now(), **given}.items():
            setattr(kiosk, name, value)
    a_user(Role.ADMIN)
    a_user(Role.ORGANIZATION, code=here)
    for login, address in (("admin", "/admin/kiosks"), ("organization", "/organization/kiosks")):
        signed_in(page, login)
        assert f">{word}</span>" in page.get(address).text


@ON_SQLITE
def test_an_organization_sees_its_own_devices_only(page, here, kiosk_id) -> None:
    a_kiosk(an_organization("Городская поликлиника № 13"), name="Чужой терминал")
    a_user(Role.ORGANIZATION, code=here)
    signed_in(page, "organization")
    text = page.get("/organization/kiosks").text
    assert "Терминал" in text
    assert "Чужой" not in text


def written(page, address: str, **data: object):
    token = within(TOKEN, page.get("/admin/kiosks/new").text)
    return page.post(address, data={"csrf_token": token, **data})


def test_the_administrator_makes_sets_pairs_and_shuts_out(page, here) -> None:
    signed_in(page, a_user(Role.ADMIN))
    wanted = {"name": "У входа", "place": "вход", "form": "", "opens": "", "closes": "", "idle_seconds": 45}
    assert written(page, "/admin/kiosks/new", code="НЕТТАКОЙ", **wanted).status_code == 422
    made = written(page, "/admin/kiosks/new", code=f" {here.lower()} ", **wanted)
    assert made.status_code == 303
    address = made.location
    assert written(page, address, **{**wanted, "opens": "20:00", "closes": "08:00"}).status_code == 422
    assert written(page, address, **{**wanted, "idle_seconds": 5}).status_code == 422
    assert written(page, address, **{**wanted, "inches": "5"}).status_code == 422
    wrong = written(page, address, **{**wanted, "inches": "21,5 дюйма"})
    assert wrong.status_code == 422 and "Напишите только число дюймов, например 10,1." in wrong.text
    changed = {**wanted, "opens": "08:00", "closes": "20:00", "idle_seconds": 60, "form": "675n-full"}
    assert written(page, address, **changed, inches="10,1").status_code == 303
    kiosk = the_kiosk()
    assert (kiosk.inches, told(kiosk.id)["inches"]) == (10.1, 10.1)
    assert 'value="10,1"' in page.get(address).text
    kiosk = the_kiosk()
    assert (kiosk.opens, kiosk.closes, kiosk.idle_seconds, kiosk.aloud) == ("08:00", "20:00", 60, False)
    refused = written(page, f"{address}/pair", digits="000000")
    assert refused.status_code == 422
    assert "Такого кода на экранах сейчас нет" in refused.text
    assert written(page, f"{address}/pair", digits=pairing.asked(token_hex(16))).status_code == 303
    assert the_kiosk().paired_on == today()
    assert written(page, f"{address}/revoke").status_code == 303
    assert the_kiosk().revoked_at is not None


@ON_SQLITE
@pytest.mark.parametrize(("stood", "counted_at"), [({}, 1), ({"place": 99}, 2), ({"place": "1"}, 2)])
def test_an_answer_belongs_to_where_the_device_stood_when_it_was_given(
    client, kiosk_id, token, stood, counted_at
) -> None:
    envelope = an_envelope(kiosk_id, KEY, **stood)
    with writing() as session:
        moved = devices.one(session, kiosk_id)
        devices.change(session, moved, devices.Wanted(moved.name, place="2 этаж"), "admin")
    assert sent(client, token, (KEY, envelope)).status_code == 200
    assert [one.place for one in counted()] == [counted_at]


def test_a_screen_is_given_to_another_organisation_and_its_answers_stay_with_the_first(
    page, client, session
) -> None:
    here, there = an_organization(short_name="Поликлиника № 12"), an_organization("Поликлиника № 7")
    campaign_id = a_campaign()
    kiosk_id = a_kiosk(here, place="регистратура")
    token, before = a_token(kiosk_id), an_envelope(kiosk_id, KEY)
    posted(client, "state", token, waiting=2)
    signed_in(page, a_user(Role.ADMIN))
    address = f"/admin/kiosks/{kiosk_id}/move"
    for wrong in ("НЕТТАКОЙ", here):
        assert written(page, address, moved_code=wrong).status_code == 422
    moved = written(page, address, moved_code=there, moved_place="вход")
    new_id = int(moved.location.rpartition("/")[2])
    assert moved.status_code == 303 and new_id != kiosk_id
    assert "на связи" in page.get(moved.location).text
    settings = posted(client, "state", token, waiting=2).json["settings"]
    assert (settings["kiosk"], settings["organization"]) == (new_id, "Поликлиника № 7"), "the same token"
    db.session.rollback()
    assert sent(client, token, (KEY, before), (OTHER, an_envelope(new_id, OTHER))).status_code == 200
    of = dict(db.session.execute(select(Assessment.id, Organization.code).join(Organization)).all())
    assert {of[one.assessment_id] for one in counted()} == {here, there}, "each counted where it was given"
    listed = page.get("/admin/kiosks").text
    assert f"/admin/kiosks/{new_id}" in listed and f'/admin/kiosks/{kiosk_id}"' not in listed
    assert "Терминал теперь здесь" in page.get(f"/admin/kiosks/{kiosk_id}").text
    again = written(page, address, moved_code=there)
    assert (again.status_code, "уже перенесён" in again.text) == (422, True)
    digits = pairing.asked(token_hex(16))
    assert written(page, f"/admin/kiosks/{kiosk_id}/pair", digits=digits).status_code == 422
    db.session.rollback()
    assert desk.held(db.session(), campaign_id)["Поликлиника № 12"] == 2
    posted(client, "state", token, waiting=0)
    db.session.rollback()
    assert desk.held(db.session(), campaign_id) == {}, "all is sent, also what was given here before"


def test_a_phone_reads_the_screens_code_and_a_person_says_which_device_it_is(page, client, kiosk_id) -> None:
    told = posted(client, "code", claim=token_hex(16)).json
    assert told["qr"].startswith("<svg")
    signed_in(page, a_user(Role.ADMIN))
    address = f"/admin/kiosks/pair?code={told['code']}"
    text = page.get(address).text
    assert f'value="{told["code"]}"' in text
    assert the_kiosk().paired_on is None, "a link that somebody sent pairs nothing"
    refused = written(page, "/admin/kiosks/pair", digits="000000", kiosk_id=kiosk_id)
    assert (refused.status_code, "Такого кода" in refused.text) == (422, True)
    assert written(page, "/admin/kiosks/pair", digits=told["code"], kiosk_id=99).status_code == 422
    assert written(page, "/admin/kiosks/pair", digits=told["code"], kiosk_id=kiosk_id).status_code == 303
    assert the_kiosk().paired_on == today()


def test_a_device_asks_what_it_is_set_to_and_never_for_words(kiosk_id) -> None:
    usual = told(kiosk_id)
    assert {question["kind"] for question in usual["form"]["questions"]} <= {"yes_no", "choice", "scale"}
    assert usual["form"]["total"] == 13
    with writing() as session:
        devices.one(session, kiosk_id).form = "675n-full"
    assert told(kiosk_id)["form"]["sha256"] != usual["form"]["sha256"]
    assert told(kiosk_id)["fingerprint"] != usual["fingerprint"]


def a_file(*answers: tuple[str, str], count: int | None = None) -> bytes:
    """What a device saves."""
    entries = len(answers) if count is None else count
    lines = [{"format": 1, "owner": "kiosk", "entries": entries, "name": "Терминал", "kiosk": 1}]
    lines += [{"key": key, "kind": "answer", "body": envelope} for key, envelope in answers]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def test_a_file_is_counted_once_and_with_what_the_network_brought(
    client, runner, kiosk_id, token, tmp_path
) -> None:
    sent(client, token, (KEY, an_envelope(kiosk_id, KEY)))
    broken = an_envelope(kiosk_id, KEY)  # of another name
    answers = [(KEY, an_envelope(kiosk_id, KEY)), (OTHER, an_envelope(kiosk_id, OTHER)), ("a" * 32, broken)]
    (tmp_path / "kiosk.jsonl").write_bytes(a_file(*answers))
    told = runner.invoke(args=["kiosks", "import", str(tmp_path / "kiosk.jsonl"), "--json"])
    assert told.exit_code == 1
    report = json.loads(told.stdout)
    assert (report["accepted"], report["repeated"]) == (1, 1)
    assert [one["count"] for one in report["refused"]] == [1]
    assert (
        "Учтено: 0, повторов: 2"
        in runner.invoke(args=["kiosks", "import", str(tmp_path / "kiosk.jsonl")]).output
    )
    (tmp_path / "kiosk.jsonl").write_bytes(a_file(*answers, count=4))
    assert runner.invoke(args=["kiosks", "import", str(tmp_path / "kiosk.jsonl")]).exit_code == 2
    assert len(counted()) == 2


@ON_SQLITE
def test_the_operator_brings_a_file_by_a_page(page, kiosk_id, token) -> None:
    signed_in(page, a_user(Role.OPERATOR))
    token = within(TOKEN, page.get("/operator/kiosks/file").text)

    def brought(content: bytes):
        data = {"csrf_token": token, "file": (io.BytesIO(content), "kiosk.jsonl")}
        return page.post("/operator/kiosks/file", data=data)

    assert "Учтено ответов: 1." in brought(a_file((KEY, an_envelope(kiosk_id, KEY)))).text
    for wrong in (b"", b"[1]\n", a_file(count=2), b"\x89PNG"):
        assert brought(wrong).status_code == 422
    assert len(counted()) == 1


@ON_SQLITE
def test_the_command_makes_and_pairs_at_once(runner, here) -> None:
    code = pairing.asked(token_hex(16))
    assert runner.invoke(args=["kiosks", "pair", code]).exit_code == 2
    told = runner.invoke(args=["kiosks", "pair", code, "--organization", here, "--place", "вход"])
    assert (told.exit_code, "подключён: Поликлиника № 12" in told.output) == (0, True)
    [row] = json.loads(runner.invoke(args=["kiosks", "list", "--json"]).stdout)
    assert (row["organization"], row["place"], row["state"]) == (here, "вход", "не подключён")
    assert runner.invoke(args=["kiosks", "revoke", str(row["id"])]).exit_code == 0
    assert "отключён" in runner.invoke(args=["kiosks", "list"]).output
    there = an_organization("Поликлиника № 7")
    told = runner.invoke(args=["kiosks", "move", str(row["id"]), there, "--place", "холл"])
    assert (told.exit_code, told.output.endswith(": Поликлиника № 7\n")) == (0, True)
    [moved] = json.loads(runner.invoke(args=["kiosks", "list", "--json"]).stdout)
    assert (moved["organization"], moved["place"], moved["state"]) == (there, "холл", "отключён")
    assert runner.invoke(args=["kiosks", "move", str(row["id"]), here]).exit_code == 2


@ON_SQLITE
def test_the_screens_page_knows_nobody(page, app, kiosk_id) -> None:
    answer = page.get("/kiosk/")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Поликлиника" not in answer.text
    worker = page.get("/kiosk/worker.js").text
    assert "/static/js/kiosk/main.js" in worker


@ON_SQLITE
def test_every_text_that_the_screen_asks_for_is_there(app) -> None:
    folder = Path(app.root_path, "static/js/kiosk")
    script = "".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    asked = set(re.findall(r"(?:say|wording|line)\('([\w-]+)'", script))
    shut = set(re.findall(r"unable\('(\w+)'|return '(closed|hours|full)'|'(outdated|no_store)'", script))
    asked |= {f"{name}_{part}" for names in shut for name in names if name for part in ("title", "text")}
    with app.test_request_context():
        known = wording.words() | wording.said(caretaking.SERVICE)
    assert len(asked) > 40
    assert asked <= known.keys()
