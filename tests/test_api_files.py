"""A program with a token brings a file, reads what became of it, has it counted, takes it back; and what it may not."""

import json
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from build import a_campaign, a_user, an_organization
from machines import FULL, NAME, Program, a_token, agrees, table
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from accounts import tokens
from accounts.models import ApiToken, ApiUpload, AuditEvent, Right, Role, User
from operator_app.files import storage
from surveys.batches import Batch, Kind, State
from surveys.clock import now, today
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Campaign, Organization, Region, Response, Stage, Tally

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
GOOD = table({}, {"overall": "Нет"}, {"sex": "Мужской"})
BAD = table({}, {"overall": "может быть"}, {"organization": "Аптека"})


@pytest.fixture
def campaign(session) -> int:
    """A collecting campaign and the head of its operator."""
    an_organization(NAME)
    campaign_id = a_campaign()
    a_user(Role.OPERATOR)
    return campaign_id


@pytest.fixture
def program(app, campaign) -> Program:
    """A program with every right in this campaign."""
    return Program(app, a_token(campaign))


def batch_of(answer) -> int:
    assert answer.status_code == 202, answer.text
    return int(agrees(answer, "api_files.upload")["id"])


def counted() -> tuple[int, int]:
    """Responses kept and tallied."""
    db.session.rollback()
    kept = db.session.scalar(select(func.count()).select_from(Response)) or 0
    return kept, db.session.scalar(select(func.coalesce(func.sum(Tally.responses), 0))) or 0


def trail() -> list[tuple[str, str, str | None]]:
    db.session.rollback()
    events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    return [(one.actor, one.action, one.detail.get("token")) for one in events]


def files(app) -> list[str]:
    """Uploads that are still kept."""
    folder = Path(app.config["DATA_DIR"], "uploads")
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def test_a_file_is_checked_counted_once_and_taken_back(app, program, campaign) -> None:
    answer = program.brings(campaign, GOOD, "channel=paper&name=ответы.csv")
    number = batch_of(answer)
    assert answer.headers["Location"] == f"http://127.0.0.1:8000/api/v1/batches/{number}"
    told = agrees(program.get(f"/batches/{number}"), "api_files.batch")
    assert (told["state"], told["working"], told["error"]) == ("checked", False, "")
    assert told["file"]["name"] == "ответы.csv"
    assert (told["report"]["accepted"], told["report"]["refused_rows"]) == (3, 0)
    assert all(column["sure"] for column in told["columns"])
    assert counted() == (0, 0), "nothing is counted until it is asked for"
    for status in (202, 200):
        done = program.post(f"/batches/{number}/commit")
        assert done.status_code == status
        assert agrees(done, "api_files.commit")["state"] == "counted"
    assert counted() == (3, 3)
    for status in (202, 200):
        done = program.post(f"/batches/{number}/undo")
        assert done.status_code == status
        assert agrees(done, "api_files.undo")["state"] == "undone"
    assert counted() == (0, 0)
    assert trail() == [
        ("admin", "token-made", "Выгрузка из CRM"),
        ("operator", "file-uploaded", "Выгрузка из CRM"),
        ("operator", "file-count-asked", "Выгрузка из CRM"),
        ("operator", "answers-imported", None),
        ("operator", "file-undo-asked", "Выгрузка из CRM"),
        ("operator", "answers-undone", None),
    ]
    assert files(app) == []
    assert program.post(f"/batches/{number}/commit").status_code == 409, "what was undone is brought anew"


def test_rows_that_were_refused_are_read_by_pages_and_no_answers_are(program, campaign) -> None:
    number = batch_of(program.brings(campaign, BAD))
    first = agrees(program.get(f"/batches/{number}/rows?limit=1"), "api_files.rows")
    assert (first["total"], first["listed"], len(first["items"])) == (2, 2, 1)
    rest = agrees(program.get(first["next"].partition("/api/v1")[2]), "api_files.rows")
    rows = [*first["items"], *rest["items"]]
    assert rest["next"] is None
    assert [(one["row"], one["value"]) for one in rows] == [(3, "может быть"), (4, "Аптека")]
    assert agrees(program.get(f"/batches/{number}/rows?kind=warnings"), "api_files.rows")["total"] == 0
    assert program.post(f"/batches/{number}/commit").status_code == 202
    assert counted() == (1, 1)
    assert "Женский" not in program.get(f"/batches/{number}").text


def test_a_form_and_a_workbook_come_the_same_way(program, campaign) -> None:
    form = {"file": FileStorage(BytesIO(GOOD), "ответы.csv", content_type="text/csv")}
    path = f"/campaigns/{campaign}/answers?channel=phone"
    number = batch_of(program.post(path, form, "multipart/form-data"))
    told = agrees(program.get(f"/batches/{number}"), "api_files.batch")
    assert (told["file"]["name"], told["channel"], told["report"]["rows"]) == ("ответы.csv", "phone", 3)
    for wrong in ({}, {"other": FileStorage(BytesIO(GOOD), "a.csv")}, {"file": "не файл"}):
        answer = program.post(path, wrong, "multipart/form-data")
        assert answer.status_code == 400
        assert "поле file" in agrees(answer, "api_files.upload")["detail"]


def test_the_same_upload_asked_again_is_one_upload(app, program, campaign) -> None:
    first = batch_of(program.brings(campaign, GOOD, Idempotency_Key="ночь-1".encode().hex()))
    again = batch_of(program.brings(campaign, GOOD, Idempotency_Key="ночь-1".encode().hex()))
    assert first == again
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 1
    assert len([name for name in files(app) if "." not in name]) == 1, (
        "the second copy of the bytes is let go"
    )
    for changed in (
        {"content": BAD},
        {"content": GOOD, "asked": "channel=phone"},
    ):
        answer = program.brings(campaign, **changed, Idempotency_Key="ночь-1".encode().hex())
        assert answer.status_code == 422
        assert "другой файл" in agrees(answer, "api_files.upload")["detail"]
    other = Program(program.client.application, a_token(campaign))
    assert batch_of(other.brings(campaign, GOOD, Idempotency_Key="ночь-1".encode().hex())) != first
    kept = db.session.scalars(select(ApiUpload)).all()
    assert len(kept) == 2 and "ночь-1".encode().hex() not in json.dumps([one.key_sha256 for one in kept])


@ON_SQLITE
def test_of_two_who_bring_the_same_at_once_one_does(program, campaign, monkeypatch) -> None:
    first = batch_of(program.brings(campaign, GOOD, Idempotency_Key="k"))
    found, asked = Session.get, list[object]()

    def late(self, table, key, **given):
        if table is ApiUpload and not asked:
            asked.append(key)
            return None  # the other's row is not there yet
        return found(self, table, key, **given)

    monkeypatch.setattr(Session, "get", late)
    assert batch_of(program.brings(campaign, GOOD, Idempotency_Key="k")) == first
    assert asked and db.session.scalar(select(func.count()).select_from(Batch)) == 1


def test_a_file_that_is_not_understood_waits_for_a_person(program, campaign) -> None:
    strange = GOOD.decode().replace(FULL.question("overall").wording, "Ваша общая оценка").encode()
    number = batch_of(program.brings(campaign, strange))
    told = agrees(program.get(f"/batches/{number}"), "api_files.batch")
    assert (told["state"], told["needs_person"], told["report"]) == ("uploaded", True, None)
    assert not all(column["sure"] for column in told["columns"])
    assert told["links"]["desk"].endswith(f"/operator/campaigns/{campaign}/files/{number}")
    answer = program.post(f"/batches/{number}/commit")
    assert answer.status_code == 409
    assert "uploaded" in agrees(answer, "api_files.commit")["detail"]


def test_a_file_that_is_none_is_refused_in_words(program, campaign) -> None:
    number = batch_of(program.brings(campaign, b"\x00\x01\x02" * 50))
    told = agrees(program.get(f"/batches/{number}"), "api_files.batch")
    assert (told["state"], told["report"], told["needs_person"]) == ("refused", None, False)
    assert re.search("[а-я]", told["error"])


@ON_SQLITE
def test_a_file_about_one_organisation_names_it_once(program, campaign) -> None:
    code = db.session.scalars(select(Organization.code)).one()
    nameless = table({"organization": ""}, {"organization": ""})
    for asked, accepted in (("", 0), (f"&organization={code}", 2)):
        number = batch_of(program.brings(campaign, nameless, f"channel=paper{asked}"))
        told = agrees(program.get(f"/batches/{number}"), "api_files.batch")
        assert (told["report"] or {"accepted": 0})["accepted"] == accepted


@ON_SQLITE
@pytest.mark.parametrize(
    ("asked", "kind", "content", "status", "said"),
    [
        ("channel=paper", "text/csv", b"", 400, "пуст"),
        ("channel=paper", "application/json", b"{}", 415, "Content-Type"),
        ("channel=paper", "", b"x", 415, "Content-Type"),
        ("", "text/csv", b"x", 400, "channel"),
        ("channel=poster", "text/csv", b"x", 400, "channel"),
        ("channel=paper&kind=checklists", "text/csv", b"x", 400, "kind"),
        ("channel=paper&organization=КОД", "text/csv", b"x", 400, "organization"),
        ("channel=paper&commit=true", "text/csv", b"x", 400, "commit"),
    ],
)
def test_what_cannot_be_a_file_is_refused_at_the_door(
    app, program, campaign, asked, kind, content, status, said
) -> None:
    answer = program.post(f"/campaigns/{campaign}/answers?{asked}", content, kind)
    assert answer.status_code == status
    assert said in agrees(answer, "api_files.upload")["detail"]
    assert files(app) == [] and db.session.scalars(select(Batch)).all() == []


@ON_SQLITE
def test_a_file_too_large_is_refused_before_and_while_it_comes(app, program, campaign, monkeypatch) -> None:
    monkeypatch.setattr(storage, "MOST_BYTES", 1000)
    answer = program.brings(campaign, b"x" * 2000)
    assert answer.status_code == 413
    assert "50 МБ" in agrees(answer, "api_files.upload")["detail"]
    length = {"CONTENT_LENGTH": str(60 * 2**20)}
    path = f"/api/v1/campaigns/{campaign}/answers?channel=paper"
    answer = program.client.post(
        path, data=b"x", headers=program.headers, content_type="text/csv", environ_overrides=length
    )
    assert answer.status_code == 413
    agrees(answer, "api_files.upload")
    assert files(app) == []


@ON_SQLITE
@pytest.mark.parametrize("said", ["", "nok_x", "Basic bm9rOm5vaw==", "Bearer", "Bearer ", "Bearer nok_чужой"])
def test_without_a_token_nothing_is_told(app, campaign, said) -> None:
    program = Program(app)
    program.headers = {"Authorization": said.encode().decode("latin-1")} if said else {}
    for answer, endpoint in (
        (program.brings(campaign, GOOD), "api_files.upload"),
        (program.get("/batches/1"), "api_files.batch"),
        (program.get("/token"), "api_files.token"),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="nok"')
        agrees(answer, endpoint)
    assert files(app) == []


def test_a_token_that_has_ended_says_why(app, program, campaign) -> None:
    assert program.get("/token").status_code == 200
    db.session.rollback()
    token = db.session.scalars(select(ApiToken)).one()
    assert token.used_on == today()
    with writing() as session:
        session.scalars(select(User)).one().active = False
    assert "закрыт вход" in agrees(program.get("/token"), "api_files.token")["detail"]
    with writing() as session:
        session.scalars(select(User)).one().active = True
        session.scalars(select(ApiToken)).one().ends_on = today() - timedelta(1)
    assert "Срок" in agrees(program.get("/token"), "api_files.token")["detail"]
    with writing() as session:
        tokens.revoke(session, session.scalars(select(ApiToken)).one(), "root")
    answer = program.brings(campaign, GOOD)
    assert answer.status_code == 401 and files(app) == []
    assert "отозван" in agrees(answer, "api_files.upload")["detail"]


def test_a_token_reaches_its_campaigns_and_no_other(app, program, campaign) -> None:
    number = batch_of(program.brings(campaign, GOOD))
    other_id = a_campaign(title="Другая", year=today().year + 1)
    other = Program(app, a_token(other_id))
    for answer, endpoint in (
        (program.brings(other_id, GOOD), "api_files.upload"),
        (program.brings(2147483647, GOOD), "api_files.upload"),
        (other.get(f"/batches/{number}"), "api_files.batch"),
        (other.get(f"/batches/{number}/rows"), "api_files.rows"),
        (other.post(f"/batches/{number}/commit"), "api_files.commit"),
        (other.post(f"/batches/{number}/undo"), "api_files.undo"),
        (program.get("/batches/2147483647"), "api_files.batch"),
    ):
        assert answer.status_code == 404
        agrees(answer, endpoint)
    told = agrees(program.get("/token"), "api_files.token")
    assert [one["id"] for one in told["campaigns"]] == [campaign]
    with writing() as session:
        region = Region(name="Тульская область")
        session.add(region)
        session.flush()
        session.scalars(select(User)).one().region_id = region.id
    assert program.get(f"/batches/{number}").status_code == 404, "its owner does not see that region any more"


@ON_SQLITE
def test_a_token_does_what_its_rights_name(app, program, campaign) -> None:
    number = batch_of(program.brings(campaign, GOOD))
    for right, path, method in (
        (Right.UPLOAD, f"/batches/{number}", "get"),
        (Right.COMMIT, f"/batches/{number}/commit", "post"),
        (Right.UNDO, f"/batches/{number}/undo", "post"),
    ):
        others = Program(app, a_token(campaign, *(set(Right) - {right})))
        answer = getattr(others, method)(path)
        assert answer.status_code == 403
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
        assert right.value in answer.text
        assert getattr(Program(app, a_token(campaign, right)), method)(path).status_code in (200, 202)


@ON_SQLITE
def test_when_the_campaign_is_closed_nothing_is_changed(app, program, campaign) -> None:
    number = batch_of(program.brings(campaign, GOOD))
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    for answer, endpoint in (
        (program.brings(campaign, GOOD), "api_files.upload"),
        (program.post(f"/batches/{number}/commit"), "api_files.commit"),
    ):
        assert answer.status_code == 409
        assert "больше не собирает" in agrees(answer, endpoint)["detail"]
    assert program.get(f"/batches/{number}").status_code == 200
    assert counted() == (0, 0)


@ON_SQLITE
def test_while_a_file_is_worked_on_one_waits(program, campaign) -> None:
    number = batch_of(program.brings(campaign, GOOD))
    with writing() as session:
        job = Job(
            id="j" * 32, name="files.check", arguments={}, state=JobState.RUNNING, done=2, total=3,
            asked_by="operator", asked_at=now(), heard_at=now(),
        )  # fmt: skip
        session.add(job)
        session.flush()
        session.get_one(Batch, number).job_id = job.id
    told = agrees(program.get(f"/batches/{number}"), "api_files.batch")
    assert (told["working"], told["progress"]) == (True, {"done": 2, "total": 3})
    answer = program.post(f"/batches/{number}/commit")
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "1")
    with writing() as session:
        session.get_one(Job, "j" * 32).name = "files.count"
    assert program.post(f"/batches/{number}/commit").status_code == 202, "it is being done already"


@ON_SQLITE
def test_stacks_of_paper_are_no_files_of_programs(program, campaign) -> None:
    with writing() as session:
        batch = Batch(
            campaign_id=campaign, kind=Kind.KEYING, state=State.COUNTED, made_by="operator", made_at=now()
        )
        session.add(batch)
        session.flush()
        number = batch.id
    assert program.get(f"/batches/{number}").status_code == 404
    assert program.post(f"/batches/{number}/undo").status_code == 404


@ON_SQLITE
def test_each_token_has_an_allowance_of_its_own(app, program, campaign) -> None:
    app.config["API_TOKEN_LIMIT"] = "2 per minute"
    other = Program(app, a_token(campaign))
    assert [program.get("/token").status_code for _ in range(3)] == [200, 200, 429]
    assert "Retry-After" in program.get("/token").headers
    assert other.get("/token").status_code == 200
    assert program.get("/").status_code == 200, "and readers have theirs"
