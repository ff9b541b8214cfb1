"""The desk's pages of scans: the upload, the sums of a batch, every decision about a sheet that waits."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in
from PIL import Image
from scanning import a_batch, a_picture, a_sheet, scanned
from sqlalchemy import func, select

from accounts.models import AuditEvent, Duty, Role, User
from operator_app.scans import batch_views, pictures
from operator_app.team import holds
from paper import counting, reading, settling, vault
from paper.marks import PageSeen
from paper.serials import PageCode
from paper.tables import Doubt, DoubtKind, PrintRun, ScanBatch, ScannedPage, ScannedSheet, SheetState
from paper.words import Reason
from surveys.batches import Batch, Kind, State
from surveys.clock import now, today
from surveys.db import db, writing
from surveys.jobs import Job, JobState
from surveys.models import Campaign, Response, Stage
from surveys.refusals import Refusal

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(session) -> dict[str, Any]:
    """A collecting campaign about one clinic, scans of its forms, the head of the team."""
    code = an_organization(short_name="Поликлиника № 12")
    campaign_id = a_campaign()
    a_user(Role.OPERATOR, login="operator")
    told = scanned(campaign_id, code)
    here = f"/operator/campaigns/{campaign_id}/scans/"
    return {
        "code": code,
        "campaign_id": campaign_id,
        "here": here,
        **told,
        "batch": f"{here}{told['scans_id']}",
    }


@pytest.fixture
def reads(monkeypatch) -> None:
    """A reader is there, whatever this machine has installed."""
    monkeypatch.setattr(reading, "available", lambda: True)


def token(page, path: str) -> str:
    found = TOKEN.search(page.get(path).text)
    assert found is not None
    return found[1]


def sent(page, world, files, **given):
    """The upload as a browser sends it."""
    signed_in(page, "operator")
    data = {"csrf_token": token(page, world["here"]), "filled_on": today().isoformat(), **given}
    return page.post(world["here"], data={**data, "files": files}, content_type="multipart/form-data")


def sheet_of(world, reason: str) -> int:
    """The number of the sheet that waits for this."""
    found = select(ScannedSheet.id).where(ScannedSheet.reason == reason)
    number = db.session.scalars(found).one()
    db.session.rollback()
    return number


def decided(page, world, sheet_id: int, what: str, login: str = "operator", **given):
    """A decision about a sheet, posted from its page."""
    signed_in(page, login)
    path = f"{world['batch']}/sheets/{sheet_id}"
    return page.post(f"{path}/{what}", data={"csrf_token": token(page, path), **given})


def state_of(sheet_id: int) -> tuple[str, str, int]:
    """(state, reason, copy) of a sheet, read anew."""
    db.session.rollback()
    sheet = db.session.get_one(ScannedSheet, sheet_id)
    return sheet.state, sheet.reason, sheet.copy


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


# The list and the upload


@ON_SQLITE
def test_a_campaign_without_scans_is_led_through_the_three_steps(page, session, reads) -> None:
    an_organization()
    here = f"/operator/campaigns/{a_campaign()}/scans/"
    signed_in(page, a_user(Role.OPERATOR))
    told = page.get(here).text
    assert all(word in told for word in ("Напечатайте", "Раздайте и соберите", "Отсканируйте"))
    assert "до 200 МБ" in told
    assert f'value="{today().isoformat()}"' in told


@ON_SQLITE
def test_the_list_tells_of_each_batch_how_far_it_is(page, world) -> None:
    signed_in(page, "operator")
    row = page.get(world["here"]).text.partition("<tbody")[2]
    assert f"Пакет № {world['scans_id']}" in row
    assert "? ждёт человека" in row
    cells = re.findall(r'data-label="(\w+)" class="num">(\S+?)</td>', row)
    assert dict(cells) == {"Листов": "7", "Учтено": "1", "Ждут": "4", "Повторов": "1", "Испорчено": "1"}


@ON_SQLITE
def test_without_a_reader_the_page_says_so_before_anybody_uploads(page, world, monkeypatch) -> None:
    monkeypatch.setattr(reading, "available", lambda: False)
    signed_in(page, "operator")
    told = page.get(world["here"]).text
    assert "Читать сканы служба пока не умеет" in told
    assert "<code>" in told
    assert 'type="file"' not in told
    data = {"csrf_token": token(page, world["batch"] + f"/sheets/{world['sheet_id']}")}
    refused = page.post(world["here"], data=data)
    assert refused.status_code >= 400
    assert "установить дополнение" in refused.text


def test_files_are_taken_down_and_their_reading_is_begun(page, world, reads) -> None:
    files = [(BytesIO(a_picture()), "../лист 1.png"), (BytesIO(b"%PDF-1.7 broken"), "стопка.pdf")]
    answer = sent(page, world, files)
    assert answer.status_code == 303
    number = int(answer.location.rpartition("/")[2])
    db.session.rollback()
    batch = db.session.get_one(Batch, number)
    scans = db.session.get_one(ScanBatch, number)
    assert (batch.kind, batch.campaign_id, batch.made_by) == (Kind.SCANS, world["campaign_id"], "operator")
    assert [one["name"] for one in scans.files] == ["лист 1.png", "стопка.pdf"]
    assert scans.filled_on == today()
    job = db.session.get_one(Job, batch.job_id)
    assert (job.name, job.leads_to) == ("scans.read", answer.location)


@ON_SQLITE
def test_a_wrong_day_is_told_beside_its_field(page, world, reads) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    wrong = {
        tomorrow: "ещё не наступил",
        "1999-01-01": "Ответы кампании собирают с",
        "": "Укажите день",
        "вчера": "Укажите день цифрами",
    }
    for day, said in wrong.items():
        answer = sent(page, world, [(BytesIO(a_picture()), "a.png")], filled_on=day)
        assert (answer.status_code, said in answer.text) == (422, True), day
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Batch).where(Batch.kind == Kind.SCANS)) == 1


@ON_SQLITE
def test_nothing_an_empty_file_and_too_many_are_refused(page, world, reads) -> None:
    assert "Выберите файлы" in sent(page, world, []).text
    empty = sent(page, world, [(BytesIO(b""), "пусто.pdf")])
    assert (empty.status_code, "Файл пуст" in empty.text) == (422, True)
    many = sent(page, world, [(BytesIO(b"x"), f"{n}.png") for n in range(101)])
    assert (many.status_code, "Файлов больше ста" in many.text) == (422, True)


@ON_SQLITE
def test_more_than_is_taken_at_once_is_refused_in_words(page, world, reads, monkeypatch) -> None:
    monkeypatch.setattr(batch_views, "MOST_BYTES", 1000)
    answer = sent(page, world, [(BytesIO(b"x" * 1001), "a.pdf")])
    assert (answer.status_code, "больше 500 МБ" in answer.text) == (422, True)


@ON_SQLITE
def test_the_same_file_again_leads_to_the_batch_in_which_it_is(page, world, reads) -> None:
    first = sent(page, world, [(BytesIO(a_picture("one")), "a.png")]).location
    with writing() as write:
        write.get_one(Batch, int(first.rpartition("/")[2])).state = State.COUNTED
    again = sent(page, world, [(BytesIO(a_picture("one")), "b.png")])
    assert again.location == first
    assert "уже загружали" in page.get(again.location).text


@ON_SQLITE
def test_nothing_is_brought_to_a_campaign_that_collects_no_more(page, world, reads) -> None:
    with writing() as write:
        write.get_one(Campaign, world["campaign_id"]).stage = Stage.REVIEW
    signed_in(page, "operator")
    told = page.get(world["here"])
    assert "новых сканов она не принимает" in told.text
    assert 'type="file"' not in told.text
    shown = page.get(f"{world['batch']}/sheets/{world['sheet_id']}").text
    assert "Не учитывать лист" not in shown
    found = TOKEN.search(told.text)
    assert found
    for path in (
        world["here"],
        f"{world['batch']}/undo",
        f"{world['batch']}/sheets/{world['sheet_id']}/spoil",
    ):
        answer = page.post(path, data={"csrf_token": found[1], "reason": "empty"})
        assert (answer.status_code, "больше не собирает" in answer.text) == (400, True), path


# One batch


def test_a_batch_adds_up_in_words(page, world) -> None:
    signed_in(page, "operator")
    told = page.get(world["batch"]).text
    assert "Листов 7 = учтено 1 + ждут человека 4 + повторов 1 + испорчено 1." in told
    assert "Страниц 9 = на листах 8 + пустых оборотов 1 + сопроводительных листов 0." in told
    for words in ("Номер листа не читается", "Нет другой стороны листа", "Не наша анкета", "формате HEIC"):
        assert words in told
    assert "Введите номер, напечатанный внизу листа" in told
    assert f'{world["batch"]}/sheets/1">лист этого же пакета' in told
    assert re.search(r"Посмотреть: 1 отметка", told)
    assert "Не принят 1 файл" in told
    assert "снимок.heic. Снимок в формате HEIC" in told
    assert "служба уверена сама" not in told, "beside the number of marks it would tell how many are samples"


def refused_alone(world, reason: Reason) -> str:
    """The address of a batch of one file that was not taken."""
    with writing() as write:
        batch = a_batch(write, world["campaign_id"])
        scans = write.get_one(ScanBatch, batch.id)
        scans.files = [{"name": "text.docx", "sha256": "c" * 64, "size": 9, "refusal": reason}]
        sheet = ScannedSheet(batch_id=batch.id, state=SheetState.SPOILED, reason=reason)
        write.add(sheet)
        write.flush()
        write.add(ScannedPage(batch_id=batch.id, file=1, number=0, sheet_id=sheet.id, reason=reason))
        return f"{world['here']}{batch.id}"


@ON_SQLITE
def test_a_file_that_was_not_taken_is_no_sheet(page, world) -> None:
    signed_in(page, "operator")
    for reason, said in (
        (Reason.NOT_A_PICTURE, "Это не скан"),
        (Reason.DAMAGED, "Файл повреждён и не открывается"),
    ):
        told = page.get(refused_alone(world, reason)).text
        main = told.partition("<h1")[2]
        assert 0 < main.index(f"text.docx. {said}") < main.index("Файлы пакета")
        assert "✕ не принят" in told
        for lie in (
            "✓ разобран",
            "стр. 0",
            "Открыть",
            "Что стало с листами",
            "Хранятся",
            "Страница повреждена",
        ):
            assert lie not in main, lie


@ON_SQLITE
def test_a_batch_is_not_done_while_anybody_has_to_look(page, world) -> None:
    with writing() as write:
        for sheet in write.scalars(select(ScannedSheet).where(ScannedSheet.state == SheetState.WAITING)):
            sheet.state, sheet.reason = SheetState.COUNTED, ""
        write.scalars(select(Doubt)).one().kind = DoubtKind.SAMPLE
    signed_in(page, "operator")
    for address in (world["here"], world["batch"]):
        told = page.get(address).text
        assert "? ждёт человека" in told
        assert "✓ разобран" not in told
    assert "Посмотреть: 1 отметка" in page.get(world["batch"]).text
    assert "Отметки: 1" in page.get(f"{world['here']}review/").text
    with writing() as write:
        write.scalars(select(Doubt)).one().kind = DoubtKind.WORDS
    assert "Посмотреть: 1 запись от руки" in page.get(world["batch"]).text
    with writing() as write:
        write.delete(write.scalars(select(Doubt)).one())
    assert "✓ разобран" in page.get(world["batch"]).text


@ON_SQLITE
def test_what_is_not_counted_is_also_a_table(page, world) -> None:
    signed_in(page, "operator")
    answer = page.get(f"{world['batch']}/sheets.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 6 + 1
    assert "Поликлиника № 12" in answer.text
    assert "снимок.heic" in lines[-1]


@ON_SQLITE
def test_a_batch_that_is_read_now_shows_how_far_it_is(page, world) -> None:
    with writing() as write:
        job = {
            "name": "scans.read",
            "arguments": {},
            "asked_by": "operator",
            "asked_at": now(),
            "heard_at": now(),
        }
        write.add(Job(id="r" * 32, state=JobState.RUNNING, done=12, total=240, **job))
        batch = write.get_one(Batch, world["scans_id"])
        batch.state, batch.job_id = State.UPLOADED, "r" * 32
    signed_in(page, "operator")
    told = page.get(world["batch"]).text
    assert "12 из 240" in told
    assert "Страницу можно закрыть" in told
    assert "… читается" in page.get(world["here"]).text


def test_a_reading_that_broke_off_is_gone_on_with_once(page, world) -> None:
    with writing() as write:
        write.get_one(Batch, world["scans_id"]).state = State.UPLOADED
    signed_in(page, "operator")
    assert "прочитан не до конца" in page.get(world["batch"]).text
    data = {"csrf_token": token(page, world["batch"]), "seen": ""}
    assert page.post(f"{world['batch']}/resume", data=data).status_code == 303
    page.post(f"{world['batch']}/resume", data=data)
    db.session.rollback()
    jobs = db.session.scalars(select(Job).where(Job.name == "scans.read")).all()
    assert [job.arguments["batch_id"] for job in jobs] == [world["scans_id"]]


@ON_SQLITE
def test_what_is_not_there_is_not_found(page, world) -> None:
    signed_in(page, "operator")
    for path in ("99", "99/undo", "99/sheets/1", "1/sheets/99", "1/pages/99.jpg", "99/sheets.csv"):
        assert page.get(world["here"] + path).status_code == 404, path


@ON_SQLITE
def test_nothing_of_another_campaign_is_shown(page, world) -> None:
    other = a_campaign(title="Другая", sector="culture")
    signed_in(page, "operator")
    for path in ("", "/undo", f"/sheets/{world['sheet_id']}", f"/pages/{world['page_id']}.jpg"):
        address = world["batch"].replace(f"/{world['campaign_id']}/", f"/{other}/") + path
        assert page.get(address).status_code == 404, path


# Taken back, destroyed


def test_a_batch_is_taken_back_whole_after_it_is_said_what_goes(page, world) -> None:
    sheet_id = sheet_of(world, Reason.MISSING_SIDE)
    decided(page, world, sheet_id, "decide", act="as_is")
    counted = select(func.count()).select_from(Response)
    db.session.rollback()
    assert db.session.scalar(counted) == 1
    told = page.get(f"{world['batch']}/undo").text
    assert "Отменить этот пакет?" in told
    assert "Исчезнет анкет</dt>\n<dd>2</dd>" in told
    data = {"csrf_token": token(page, f"{world['batch']}/undo")}
    answer = page.post(f"{world['batch']}/undo", data=data)
    assert answer.status_code == 303
    assert "Пакет отменён" in page.get(answer.location).text
    db.session.rollback()
    assert db.session.scalar(counted) == 0
    assert page.post(f"{world['batch']}/undo", data=data).status_code == 409
    assert page.get(f"{world['batch']}/undo").status_code == 302
    assert "Не учитывать лист" not in page.get(f"{world['batch']}/sheets/{world['sheet_id']}").text


@ON_SQLITE
def test_each_duty_does_its_own(page, world) -> None:
    may = {
        Duty.INTERVIEWER: {"": 200, "/undo": 403, "/destroy": 403},
        Duty.VERIFIER: {"": 200, "/undo": 200, "/destroy": 403},
        Duty.INSPECTOR: {"": 403, f"/pages/{world['page_id']}.jpg": 403},
    }
    for duty, doors in may.items():
        signed_in(page, a_user(Role.OPERATOR, login=duty.value, duty=duty))
        answers = {path: page.get(world["batch"] + path) for path in doors}
        assert {path: answer.status_code for path, answer in answers.items()} == doors, duty
        assert ("Отменить пакет" in answers[""].text) is (duty is Duty.VERIFIER)
        assert "Уничтожить снимки" not in answers[""].text
    signed_in(page, a_user(Role.COUNCIL))
    assert page.get(f"{world['batch']}/pages/{world['page_id']}.jpg").status_code == 403


def destroyed(page, world, **given):
    signed_in(page, "operator")
    path = f"{world['batch']}/destroy"
    return page.post(path, data={"csrf_token": token(page, path), **given})


@ON_SQLITE
def test_pictures_that_somebody_still_needs_are_not_destroyed_at_once(page, world) -> None:
    told = page.get(f"{world['batch']}/destroy") if signed_in(page, "operator") else None
    assert told is not None
    assert "сейчас уничтожить нельзя" in told.text
    assert destroyed(page, world, when="now", sure="y").status_code == 422
    db.session.rollback()
    assert db.session.get_one(ScanBatch, world["scans_id"]).destroyed_at is None


@ON_SQLITE
def test_a_day_is_set_and_taken_off(page, world) -> None:
    wrong = destroyed(page, world, when="later", day=today().isoformat())
    assert (wrong.status_code, "не раньше завтрашнего" in wrong.text) == (422, True)
    assert destroyed(page, world, when="later").status_code == 422
    due = today() + timedelta(days=40)
    assert destroyed(page, world, when="later", day=due.isoformat()).status_code == 303
    db.session.rollback()
    assert db.session.get_one(ScanBatch, world["scans_id"]).destroy_on == due
    assert "зашифрованными до" in page.get(world["batch"]).text
    path = f"{world['batch']}/destroy"
    assert page.post(f"{world['batch']}/keep", data={"csrf_token": token(page, path)}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(ScanBatch, world["scans_id"]).destroy_on is None
    assert acts()[-2:] == ["scans-destroy-on"] * 2


def test_pictures_are_destroyed_for_ever_once_nothing_waits(page, world, app) -> None:
    with writing() as write:
        for sheet in write.scalars(select(ScannedSheet).where(ScannedSheet.state == SheetState.WAITING)):
            sheet.state, sheet.reason = SheetState.SPOILED, Reason.UNREADABLE
    lying = vault.path(world["campaign_id"], "").glob("*")
    assert len(list(lying)) > 5
    unsure = destroyed(page, world, when="now")
    assert (unsure.status_code, "снимки не вернуть" in unsure.text) == (422, True)
    answer = destroyed(page, world, when="now", sure="y")
    assert answer.status_code == 303
    assert list(vault.path(world["campaign_id"], "").glob("*")) == []
    assert "Уничтожены" in page.get(world["batch"]).text
    assert page.get(f"{world['batch']}/pages/{world['page_id']}.jpg").status_code == 404
    assert "Снимок уничтожен" in page.get(f"{world['batch']}/sheets/{world['sheet_id']}").text
    assert acts()[-1] == "scans-destroyed"


# One sheet


@ON_SQLITE
def test_a_picture_is_drawn_anew_and_kept_nowhere(page, world) -> None:
    signed_in(page, "operator")
    path = f"{world['batch']}/pages/{world['page_id']}.jpg"
    answer = page.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"]
    upright, turned = (Image.open(BytesIO(page.get(f"{path}?turn={n}").data)).size for n in (0, 90))
    assert turned == upright[::-1]
    assert page.get(f"{path}?turn=x&whole=1").status_code == 200
    with writing() as write:
        kept = write.get_one(ScannedPage, world["page_id"]).kept_as
    assert answer.data not in vault.path(world["campaign_id"], kept).read_bytes()


@pytest.mark.parametrize(
    ("places", "turn"),
    [
        ((), 0),
        ((8, 0, 0, 0, 8, 0, 0, 0, 1), 0),
        ((0, -8, 1700, 8, 0, 0, 0, 0, 1), 270),
        ((-8, 0, 1700, 0, -8, 2300, 0, 0, 1), 180),
        ((0, 8, 0, -8, 0, 1700, 0, 0, 1), 90),
        ((float("nan"),) * 9, 0),
        ((0,) * 9, 0),
    ],
)
def test_a_page_is_turned_upright_by_its_corner_marks(places, turn) -> None:
    assert pictures.upright(ScannedPage(seen=PageSeen(places=places).as_dict())) == turn


def test_a_black_and_white_page_and_a_large_one_are_drawn_too() -> None:
    for mode, size in (("1", (3000, 4200)), ("RGB", (100, 80)), ("P", (50, 50))):
        file = BytesIO()
        Image.new(mode, size).save(file, "PNG")
        assert max(Image.open(BytesIO(pictures.drawn(file.getvalue(), 0))).size) <= pictures.LONGEST_SIDE


def test_a_sheet_that_lacks_a_side_is_counted_as_it_is(page, world) -> None:
    sheet_id = sheet_of(world, Reason.MISSING_SIDE)
    answer = decided(page, world, sheet_id, "decide", act="as_is")
    assert answer.status_code == 303
    assert state_of(sheet_id)[0] == SheetState.COUNTED
    assert db.session.scalar(select(Response.batch_id)) == world["scans_id"]
    assert "Лист учтён" in page.get(answer.location).text
    assert acts()[-1] == "scan-as-is"


def test_a_photocopy_is_another_person_or_the_same_sheet(page, world) -> None:
    sheet_id = sheet_of(world, Reason.COPY)
    signed_in(page, "operator")
    told = page.get(f"{world['batch']}/sheets/{sheet_id}").text
    assert "Лист с тем же номером, который был раньше" in told
    assert told.count("<img") == 3
    decided(page, world, sheet_id, "decide", act="same")
    assert state_of(sheet_id)[0] == SheetState.REPEATED
    with writing() as write:
        sheet = write.get_one(ScannedSheet, sheet_id)
        sheet.state, sheet.reason = SheetState.WAITING, Reason.COPY
    decided(page, world, sheet_id, "decide", act="another")
    state, reason, _copy = state_of(sheet_id)
    assert (state, reason) == (SheetState.WAITING, Reason.MISSING_SIDE)
    assert acts()[-2:] == ["scan-repeat", "scan-copy"]


@ON_SQLITE
def test_a_sheet_is_set_aside_with_a_reason(page, world) -> None:
    unsaid = decided(page, world, world["sheet_id"], "spoil")
    assert (unsaid.status_code, "Выберите причину" in unsaid.text) == (422, True)
    assert decided(page, world, world["sheet_id"], "spoil", reason="because").status_code == 422
    answer = decided(page, world, world["sheet_id"], "spoil", reason=Reason.UNREADABLE.value)
    assert answer.status_code == 303
    assert state_of(world["sheet_id"])[:2] == (SheetState.SPOILED, Reason.UNREADABLE)
    assert "Лист не учитывается: не прочитать" in page.get(answer.location).text
    assert answer.location != f"{world['batch']}/sheets/{world['sheet_id']}"


@ON_SQLITE
def test_a_number_that_cannot_be_is_refused_beside_its_field(page, world) -> None:
    wrong = {
        "": "Введите номер",
        " 000": "Введено цифр: 3 из 15",
        "000 001 000 003 1 99": "Контрольные цифры не сходятся",
        PageCode(999, 3, 1).digits: "другой кампании",
        PageCode(1, 999, 1).digits: "не печатали",
        "٣" * 15: "только цифры",
        "лист": "только цифры",
    }
    for typed, said in wrong.items():
        answer = decided(page, world, world["sheet_id"], "number", digits=typed)
        assert (answer.status_code, said in answer.text) == (422, True), typed
    assert state_of(world["sheet_id"])[:2] == (SheetState.WAITING, Reason.NO_NUMBER)


def test_a_number_is_taken_once_it_is_said_whose_it_is(page, world) -> None:
    digits = PageCode(world["campaign_id"], 77, 1).digits
    typed = f"{digits[:6]} {digits[6:12]} {digits[12:]}"
    shown = decided(page, world, world["sheet_id"], "number", digits=typed)
    assert shown.status_code == 200
    assert "Это лист № 77, сторона 1" in shown.text
    assert "Поликлиника" in shown.text
    assert state_of(world["sheet_id"])[1] == Reason.NO_NUMBER
    unseen = decided(page, world, world["sheet_id"], "number", digits=typed, confirmed="9" * 15)
    assert unseen.status_code == 200
    answer = decided(page, world, world["sheet_id"], "number", digits=typed, confirmed=digits)
    assert answer.status_code == 303
    state, reason, _copy = state_of(world["sheet_id"])
    assert (state, reason) == (SheetState.WAITING, Reason.NO_PLACES)  # its corner marks were never found
    assert db.session.get_one(ScannedSheet, world["sheet_id"]).serial == 77
    assert answer.location.endswith(f"/sheets/{world['sheet_id']}")
    assert "Лист № 77" in page.get(answer.location).text


def test_a_side_whose_number_was_typed_joins_its_sheet(page, world) -> None:
    lacking = sheet_of(world, Reason.MISSING_SIDE)
    with writing() as write:
        serial = write.get_one(ScannedSheet, lacking).serial
    assert serial is not None
    digits = PageCode(world["campaign_id"], serial, 2).digits
    shown = decided(page, world, world["sheet_id"], "number", near=digits)
    assert (shown.status_code, f'name="confirmed" value="{digits}"' in shown.text) == (200, True)
    assert "Уже есть под этим номером" in shown.text
    assert shown.text.count('class="scan"') == 2
    offered = page.get(f"{world['batch']}/sheets/{world['sheet_id']}").text
    assert f'name="near" value="{digits}"' in offered
    answer = decided(page, world, world["sheet_id"], "number", digits=digits, confirmed=digits)
    assert answer.status_code == 303
    assert page.get(answer.location).status_code == 200
    db.session.rollback()
    assert db.session.get(ScannedSheet, world["sheet_id"]) is None
    assert db.session.get_one(ScannedPage, world["page_id"]).sheet_id == lacking


def even(sheet_id: int, is_even: bool) -> None:
    """The corner marks of its picture say so."""
    with writing() as write:
        page = write.scalars(select(ScannedPage).where(ScannedPage.sheet_id == sheet_id)).one()
        page.seen = {**page.seen, "even": is_even}


def test_a_number_of_the_other_side_is_refused_and_the_right_one_is_offered(page, world) -> None:
    even(world["sheet_id"], True)
    wrong, right = (PageCode(world["campaign_id"], 77, side) for side in (1, 2))
    answer = decided(page, world, world["sheet_id"], "number", digits=wrong.digits, confirmed=wrong.digits)
    assert answer.status_code == 422
    assert "Вы ввели номер стороны 1, а на снимке сторона 2." in answer.text
    assert f'name="near" value="{right.digits}"' in answer.text
    assert state_of(world["sheet_id"])[1] == Reason.NO_NUMBER
    with writing() as write, pytest.raises(Refusal, match="на снимке сторона 2"):
        user = write.scalars(select(User).where(User.login == "operator")).one()
        settling.give_number(write, write.get_one(ScannedSheet, world["sheet_id"]), wrong.digits, user)
    shown = decided(page, world, world["sheet_id"], "number", near=right.digits)
    assert "Это лист № 77, сторона 2" in shown.text
    assert f"{right.digits[:6]} {right.digits[6:12]} 2 {right.digits[13:]}" in shown.text


def test_a_number_that_was_typed_wrong_is_taken_back(page, world) -> None:
    number = world["sheet_id"]
    digits = PageCode(world["campaign_id"], 77, 1).digits
    decided(page, world, number, "number", digits=digits, confirmed=digits)
    with writing() as write:
        run = write.scalars(select(PrintRun)).one()
        batch = write.get_one(Batch, world["scans_id"])
        follower = a_sheet(write, batch, run, 77, SheetState.WAITING, Reason.COPY, of_id=number).id
    assert "Номер введён неверно" in page.get(f"{world['batch']}/sheets/{number}").text
    answer = decided(page, world, number, "decide", act="take_number")
    assert answer.location == f"{world['batch']}/sheets/{number}"
    assert state_of(number) == (SheetState.WAITING, Reason.NO_NUMBER, 0)
    freed = db.session.get_one(ScannedSheet, number)
    shown = db.session.get_one(ScannedPage, world["page_id"])
    assert (freed.serial, freed.run_id, shown.side, shown.seen["code"]) == (None, None, None, None)
    assert state_of(follower)[:2] == (SheetState.WAITING, Reason.MISSING_SIDE)
    assert acts()[-1] == "scan-number-taken"
    told = page.get(answer.location).text
    assert "Номер введён неверно" not in told
    assert 'id="digits"' in told


def test_sides_that_a_wrong_number_joined_are_split(page, world) -> None:
    lacking = sheet_of(world, Reason.MISSING_SIDE)
    digits = PageCode(world["campaign_id"], 4, 2).digits
    decided(page, world, world["sheet_id"], "number", digits=digits, confirmed=digits)
    assert state_of(lacking)[1] == Reason.NO_PLACES
    decided(page, world, lacking, "decide", act="take_number")
    assert state_of(lacking)[1] == Reason.MISSING_SIDE
    apart = db.session.get_one(ScannedPage, world["page_id"]).sheet_id
    assert apart not in (None, lacking)
    assert state_of(apart)[:2] == (SheetState.WAITING, Reason.NO_NUMBER)


@ON_SQLITE
def test_a_number_that_counts_or_that_the_service_read_is_not_taken_back(page, world) -> None:
    lacking = sheet_of(world, Reason.MISSING_SIDE)
    answer = decided(page, world, lacking, "decide", act="take_number")
    assert "прочла служба" in page.get(answer.location).text
    with writing() as write:
        counted = write.scalars(select(ScannedSheet.id).where(ScannedSheet.state == "counted")).one()
    answer = decided(page, world, counted, "decide", act="take_number")
    assert "уже учтён" in page.get(answer.location).text
    assert state_of(counted)[0] == SheetState.COUNTED


def test_two_sides_without_numbers_take_one_number_once_both_were_seen(page, world) -> None:
    with writing() as write:
        batch = write.get_one(Batch, world["scans_id"])
        first, second = (
            a_sheet(write, batch, None, number, SheetState.WAITING, Reason.NO_NUMBER).id
            for number in (20, 21)
        )
    even(first, False)
    even(second, True)
    digits = PageCode(world["campaign_id"], 90, 1).digits
    shown = decided(page, world, first, "number", digits=digits).text
    assert f'name="both" value="{digits}"' in shown
    assert shown.count('class="scan"') == 2
    decided(page, world, first, "number", digits=digits, both=digits)
    assert state_of(first)[0] == SheetState.WAITING
    assert db.session.get(ScannedSheet, second) is None
    sides = db.session.scalars(select(ScannedPage.side).where(ScannedPage.sheet_id == first)).all()
    assert set(sides) == {1, 2} and len(sides) == 2


@ON_SQLITE
def test_a_side_of_the_same_kind_is_no_partner_and_no_neighbour(page, world) -> None:
    lacking = sheet_of(world, Reason.MISSING_SIDE)
    even(world["sheet_id"], False)
    assert state_of(lacking)[0] == SheetState.WAITING
    signed_in(page, "operator")
    assert 'name="near"' not in page.get(f"{world['batch']}/sheets/{world['sheet_id']}").text


def test_a_sheet_that_a_person_set_aside_is_brought_back(page, world) -> None:
    lacking = sheet_of(world, Reason.MISSING_SIDE)
    for number, reason in ((world["sheet_id"], Reason.NO_NUMBER), (lacking, Reason.MISSING_SIDE)):
        decided(page, world, number, "spoil", reason="by_hand")
        told = page.get(f"{world['batch']}/sheets/{number}").text
        assert "Не учитывается: введён вручную или отсканирован заново" in told
        assert ">Вернуть<" in told
        decided(page, world, number, "decide", act="bring_back")
        assert state_of(number)[:2] == (SheetState.WAITING, reason)
        assert acts()[-1] == "scan-returned"


def test_people_read_every_question_of_a_sheet_that_is_not_empty(page, world) -> None:
    with writing() as write:
        run = write.scalars(select(PrintRun)).one()
        batch = write.get_one(Batch, world["scans_id"])
        empty = a_sheet(write, batch, run, 60, SheetState.WAITING, "", sides=2)
        empty.state, empty.reason = SheetState.SPOILED, Reason.EMPTY
        number = empty.id
    signed_in(page, "operator")
    assert "Нет, отметки есть" in page.get(f"{world['batch']}/sheets/{number}").text
    decided(page, world, number, "decide", act="has_marks")
    assert state_of(number)[:2] == (SheetState.WAITING, Reason.DOUBTS)
    asked = db.session.scalars(select(Doubt.question).where(Doubt.sheet_id == number)).all()
    assert sorted(asked) == ["on_time", "overall"]
    assert acts()[-1] == "scan-marked"


@ON_SQLITE
def test_a_repeat_says_of_what_and_an_undone_batch_says_so(page, world) -> None:
    with writing() as write:
        repeat = write.scalars(select(ScannedSheet.id).where(ScannedSheet.state == "repeated")).one()
    signed_in(page, "operator")
    told = page.get(f"{world['batch']}/sheets/{repeat}").text
    assert "Тот же лист, что на страницах 1–2; второй раз не считается" in told
    assert "Всё в порядке" not in told
    with writing() as write:
        counted = write.scalars(select(ScannedSheet.id).where(ScannedSheet.state == "counted")).one()
        write.get_one(Batch, world["scans_id"]).state = State.UNDONE
    told = page.get(f"{world['batch']}/sheets/{counted}").text
    assert "Пакет отменён" in told
    assert all(word not in told for word in ("Всё в порядке", "учтён<", "Следующий"))


@ON_SQLITE
def test_the_line_of_digits_is_shown_large_where_its_place_is_known(page, world) -> None:
    with writing() as write:
        shown = write.get_one(ScannedPage, world["page_id"])
        places = (2.95, 0, 0, 0, 2.95, 0, 0, 0, 1)
        shown.seen = {**shown.seen, "places": places, "size": (620, 877), "even": False}
    signed_in(page, "operator")
    told = page.get(f"{world['batch']}/sheets/{world['sheet_id']}").text
    cuts = re.findall(r'src="([^"]+part=\w+)"', told)
    assert [one.rpartition("=")[2] for one in cuts] == ["digits", "code"]
    wide = Image.open(BytesIO(page.get(cuts[0]).data))
    assert wide.width > 5 * wide.height


@ON_SQLITE
def test_what_somebody_else_holds_is_shown_and_not_decided(page, world) -> None:
    sheet_id = sheet_of(world, Reason.MISSING_SIDE)
    login = a_user(Role.OPERATOR, login="other", duty=Duty.INTERVIEWER)
    with writing() as write:
        other = write.scalars(select(User).where(User.login == login)).one()
        other.name = "Петрова"
        holds.take(write, f"{world['campaign_id']}/scan/{sheet_id}", other)
    signed_in(page, "operator")
    told = page.get(f"{world['batch']}/sheets/{sheet_id}").text
    assert "работает Петрова" in told
    assert "Считать без второй стороны" not in told
    answer = page.post(
        f"{world['batch']}/sheets/{sheet_id}/decide",
        data={"csrf_token": token(page, world["here"]), "act": "as_is"},
    )
    assert "работает Петрова" in page.get(answer.location).text
    assert state_of(sheet_id)[0] == SheetState.WAITING
    seen = set()
    for after in (0, sheet_id, 999):
        seen.add(page.get(f"{world['batch']}/sheets/next?after={after}").location)
    assert f"{world['batch']}/sheets/{sheet_id}" not in seen


@ON_SQLITE
def test_a_sheet_decided_meanwhile_is_left_as_it_is(page, world) -> None:
    decided(page, world, world["sheet_id"], "spoil", reason="empty")
    before = len(acts())
    path = f"{world['batch']}/sheets/{world['sheet_id']}"
    again = page.post(f"{path}/spoil", data={"csrf_token": token(page, world["here"]), "reason": "foreign"})
    assert "уже разобрались" in page.get(again.location).text
    assert state_of(world["sheet_id"])[:2] == (SheetState.SPOILED, Reason.EMPTY)
    assert len(acts()) == before


@ON_SQLITE
def test_a_decision_that_is_refused_leaves_one_at_the_sheet(page, world, monkeypatch) -> None:
    def refuse(*_given: object) -> None:
        raise Refusal("Чтение сканов не установлено.")

    monkeypatch.setattr(counting, "settle_sheet", refuse)
    sheet_id = sheet_of(world, Reason.MISSING_SIDE)
    answer = decided(page, world, sheet_id, "decide", act="as_is")
    assert answer.location == f"{world['batch']}/sheets/{sheet_id}"
    assert "Чтение сканов не установлено" in page.get(answer.location).text
    assert state_of(sheet_id)[:2] == (SheetState.WAITING, Reason.MISSING_SIDE)
    assert decided(page, world, sheet_id, "decide", act="burn").status_code >= 400


@ON_SQLITE
def test_one_goes_from_sheet_to_sheet_and_back_to_the_batch(page, world) -> None:
    signed_in(page, "operator")
    seen, after = [], 0
    for _turn in range(3):
        seen.append(page.get(f"{world['batch']}/sheets/next?after={after}").location)
        after = int(seen[-1].rpartition("/")[2])
    assert len(set(seen)) == 3
    with writing() as write:
        for sheet in write.scalars(select(ScannedSheet).where(ScannedSheet.reason != Reason.DOUBTS)):
            sheet.state = SheetState.SPOILED
    assert page.get(f"{world['batch']}/sheets/next").location == world["batch"]
    assert page.get(f"{world['batch']}/sheets/next?after=x").status_code == 302


@ON_SQLITE
def test_a_sheet_out_of_two_batches_shows_both_sides(page, world) -> None:
    with writing() as write:
        run = write.scalars(select(PrintRun)).one()
        batch = a_batch(write, world["campaign_id"])
        sheet = write.scalars(select(ScannedSheet).where(ScannedSheet.reason == Reason.MISSING_SIDE)).one()
        lent = a_sheet(write, batch, run, 50, SheetState.WAITING, Reason.MISSING_SIDE)
        page_of = write.scalars(select(ScannedPage).where(ScannedPage.sheet_id == lent.id)).one()
        page_of.sheet_id, page_of.side = sheet.id, 2
        write.delete(lent)
        number = sheet.id
    signed_in(page, "operator")
    told = page.get(f"{world['batch']}/sheets/{number}").text
    addresses = re.findall(r'<img src="([^"]+)"', told)
    assert len(addresses) == 2
    assert all(page.get(one.replace("&amp;", "&")).status_code == 200 for one in addresses)


def test_the_trail_names_a_sheet_by_its_printed_number(page, world) -> None:
    numbered, nameless = sheet_of(world, Reason.MISSING_SIDE), world["sheet_id"]
    decided(page, world, numbered, "spoil", reason="by_hand")
    decided(page, world, nameless, "spoil", reason="unreadable")
    told = page.get(f"/operator/campaigns/{world['campaign_id']}/team/trail").text.replace("\xa0", " ")
    assert f"пакет № {world['scans_id']}, лист № 4" in told
    assert f"пакет № {world['scans_id']}, лист без номера: стопка.pdf, страница 3" in told
    assert "введён вручную" in told
    assert "by_hand" not in told.partition("<tbody")[2]
