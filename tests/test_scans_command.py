"""`nok scans`: from `nok sheets` to counted answers, with a real print, real pixels and the real reader."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pypdfium2
import pytest
from build import a_campaign, a_user, an_organization
from flask.testing import FlaskCliRunner
from PIL import Image, ImageDraw
from sqlalchemy import select

from accounts.models import AuditEvent, Role, User
from paper import reading, sampling, settling
from paper.geometry import Geometry
from paper.serials import PageCode
from paper.tables import FormEdition, ScannedPage, ScannedSheet
from surveys import library
from surveys.batches import Batch, State
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Pinned, Response
from surveys.questionnaire import unpacked
from surveys.refusals import Refusal

ROOT = Path(__file__).resolve().parent.parent
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DPI = 150
SHEETS = 6
CONTRACT = {"sheets", "counted", "review", "repeated", "spoiled"}
#: By somebody who met the stand and the site and nothing remote.
YES = {"stand_seen": "yes", "site_seen": "yes", "disability": "no", "remote_used": "no", "sex": "female"}
OFF_PATH = ("accessibility", "remote_staff")


class World:
    """A campaign, its printed sheets as pictures, and a pen."""

    def __init__(self, campaign_id: int, code: str, printed: bytes, folder: Path) -> None:
        self.campaign_id, self.code, self.folder = campaign_id, code, folder
        edition = db.session.scalars(select(FormEdition).order_by(FormEdition.id.desc())).first()
        assert edition is not None
        self.geometry = Geometry.from_dict(edition.geometry)
        db.session.rollback()
        with pypdfium2.PdfDocument(printed) as pdf:
            first = len(pdf) - SHEETS * len(self.geometry.sides)
            self.pages = [
                pdf[number].render(scale=DPI / 72, grayscale=True).to_pil().copy()
                for number in range(first, len(pdf))
            ]
            self.cover = pdf[0].render(scale=DPI / 72, grayscale=True).to_pil().copy()

    def sheet(self, serial: int, seed: int = 0, **other: str) -> list[Image.Image]:
        """Both sides of a sheet, everything answered «yes» or as told, by one hand (`seed`)."""
        pages = self.pages[(serial - 1) * 2 : serial * 2]
        return [self.marked(page.copy(), side, seed, other) for side, page in enumerate(pages)]

    def marked(self, page: Image.Image, side: int, seed: int, other: dict[str, str]) -> Image.Image:
        hand, pen, scale = Random(seed), ImageDraw.Draw(page), DPI / 25.4  # noqa: S311  the same hand again
        chosen: dict[str, str] = {}
        for box in self.geometry.sides[side].boxes:
            chosen.setdefault(box.question, {**YES, **other}.get(box.question, box.value))
        for box in self.geometry.sides[side].boxes:
            if chosen[box.question] != box.value or box.question in OFF_PATH:
                continue
            left, top, width, height = box.spot
            near = [hand.uniform(0.5, 1.5) for _corner in range(4)]
            corners = [
                (left + near[0], top + near[1]),
                (left + width - near[2], top + height - near[3]),
                (left + width - near[1], top + near[2]),
                (left + near[3], top + height - near[0]),
            ]
            shown = [(x * scale, y * scale) for x, y in corners]
            for start in (0, 2):
                pen.line(shown[start : start + 2], fill=30, width=3)
        return page

    def draws(self, permille: int) -> None:
        """How many of a thousand sure answers go into the blind sample: all, or none."""
        with writing() as session:
            sampling.set_share(session, session.get_one(Campaign, self.campaign_id), permille, "head")

    def file(self, name: str, pages: Sequence[Image.Image], **how: Any) -> str:
        """The pages as one file."""
        if len(pages) > 1:
            how |= {"save_all": True, "append_images": list(pages[1:])}
        if name.endswith("pdf"):
            how["resolution"] = DPI
        pages[0].save(self.folder / name, **how)
        return str(self.folder / name)


@pytest.fixture
def world(session, runner: FlaskCliRunner, tmp_path: Path) -> World:
    """Six sheets printed by the command."""
    code = an_organization()
    campaign_id = a_campaign()
    out = tmp_path / "forms.pdf"
    told = ("--campaign", str(campaign_id), "--organization", code, "--count", str(SHEETS))
    printed = runner.invoke(args=["sheets", str(out), *told])
    assert printed.exit_code == 0, printed.output
    db.session.rollback()
    folder = tmp_path / "scans-in"
    folder.mkdir()
    return World(campaign_id, code, out.read_bytes(), folder)


def imported(runner: FlaskCliRunner, world: World, *args: str) -> tuple[int, dict[str, Any]]:
    done = runner.invoke(args=["scans", "import", *args, "--campaign", str(world.campaign_id), "--json"])
    assert done.stdout, (done.stderr, done.exc_info)
    told = json.loads(done.stdout)
    assert told.keys() >= CONTRACT
    assert told["sheets"] == told["counted"] + told["review"] + told["repeated"] + len(told["spoiled"])
    assert told["pages"] == told["of_sheets"] + told["blank"] + told["covers"]
    return done.exit_code, told


def answers() -> list[dict[str, str]]:
    """What counts, each as question → value."""
    pinned = {one.id: one for one in db.session.scalars(select(Pinned))}
    found = []
    for packed, asked in db.session.execute(select(Response.answers, Response.questionnaire_id)):
        pin = pinned[asked]
        found.append(unpacked(library.pinned(pin.name, pin.sha256), packed))
    db.session.rollback()
    return found


@ON_SQLITE
def test_from_print_to_counted_answers_by_one_command(world, runner) -> None:
    """Shuffled, upside down, a blank back, a repeat, a photocopy, a missing back, another's page: all in one stack."""
    apart = a_campaign(title="Другая", year=2025)
    out = str(world.folder.parent / "other.pdf")
    of_it = ("--campaign", str(apart), "--organization", world.code, "--count", "1", "--no-cover")
    assert runner.invoke(args=["sheets", out, *of_it]).exit_code == 0
    with pypdfium2.PdfDocument(out) as pdf:
        elsewhere = pdf[0].render(scale=DPI / 72, grayscale=True).to_pil().copy()
    foreign = Image.new("L", elsewhere.size, 255)
    ImageDraw.Draw(foreign).text((200, 200), "Договор № 5 " * 20, fill=0, font_size=40)
    blank = Image.new("L", elsewhere.size, 250)
    first, second = world.sheet(1), world.sheet(2, comfort="no")
    stack = [
        second[1].rotate(180), first[0], *world.sheet(3, seed=5), blank, foreign, elsewhere,
        second[0], first[1].rotate(180), *world.sheet(3, seed=77, overall="no", recommend="no"), world.sheet(4)[0],
    ]  # fmt: skip
    place = world.file("stack.pdf", stack)
    code, tried = imported(runner, world, place, "--dry-run")
    assert not list(db.session.scalars(select(Batch))) and answers() == []
    assert not (world.folder.parent / "scans").exists() or not list(
        (world.folder.parent / "scans").glob("*/*")
    )
    assert code == 1 and tried["dry_run"]
    code, told = imported(runner, world, place)
    assert code == 1, "something was set aside"
    assert (told["counted"], told["review"], told["repeated"], told["blank"]) == (3, 2, 0, 1), told
    assert told["waiting"] == {"copy": 1, "missing_side": 1}
    assert [(one["file"], one["page"]) for one in told["spoiled"]] == [("stack.pdf", 6), ("stack.pdf", 7)]
    assert {**told, "dry_run": 0, "batch": 0, "doubts": 0} == {**tried, "dry_run": 0, "batch": 0, "doubts": 0}
    said = answers()
    assert sorted(one["comfort"] for one in said) == ["no", "yes", "yes"]
    assert {one["stand_seen"] for one in said} == {"yes"} and {one["sex"] for one in said} == {"female"}
    again, repeated = imported(runner, world, place)
    assert (again, repeated["counted"], repeated["repeated"]) == (0, 0, told["sheets"])
    assert len(answers()) == 3


@ON_SQLITE
def test_other_kinds_of_files_and_a_folder(world, runner) -> None:
    fax = [page.point(lambda value: 255 * (value > 128)).convert("1") for page in world.sheet(1)]
    world.file("1.tif", fax, compression="group4")
    with zipfile.ZipFile(world.folder / "2.zip", "w") as archive:
        for number, page in enumerate(world.sheet(2), 1):
            file = BytesIO()
            page.rotate(90, expand=True).save(file, "JPEG", quality=75)
            archive.writestr(f"IMG_{number}.JPG", file.getvalue())
    world.file("3.png", world.sheet(3)[:1])
    world.file("4.png", [world.sheet(3)[1].convert("RGB")])
    (world.folder / "5.pdf").write_bytes(b"%PDF-1.4 nothing")
    code, told = imported(runner, world, str(world.folder))
    assert (code, told["counted"], told["pages"]) == (1, 3, 6), told
    assert [(one["file"], one["page"]) for one in told["spoiled"]] == [("5.pdf", 0)]
    code, told = imported(runner, world, str(world.folder / "5.pdf"), "--dry-run")
    assert (code, told["counted"]) == (0, 0), "known already"


@ON_SQLITE
def test_a_torn_number_typed_by_a_person_makes_the_sheet_whole(world, runner) -> None:
    """The vault's picture is read once more, now that somebody has said which side it is."""
    front, back = world.sheet(1, overall="no")
    pen, scale = ImageDraw.Draw(back), DPI / 25.4
    for spot in (world.geometry.sides[1].code.grown(1.5), world.geometry.sides[1].digits.grown(1.5)):
        corners = (spot.x, spot.y, spot.x + spot.width, spot.y + spot.height)
        pen.rectangle([corner * scale for corner in corners], fill=250)
    _code, told = imported(runner, world, world.file("torn.pdf", [front, back]))
    assert told["waiting"] == {"missing_side": 1, "no_number": 1}
    login = a_user(Role.OPERATOR)
    with writing() as session:
        user = session.scalars(select(User).where(User.login == login)).one()
        torn = session.scalars(select(ScannedSheet).where(ScannedSheet.reason == "no_number")).one()
        with pytest.raises(Refusal, match="стороны 1, а на снимке сторона 2"):
            settling.give_number(session, torn, PageCode(world.campaign_id, 1, 1).digits, user)
        settling.give_number(session, torn, PageCode(world.campaign_id, 1, 2).digits, user)
    (said,) = answers()
    assert (said["overall"], said["recommend"], said["comfort"]) == ("no", "yes", "yes")
    assert db.session.scalars(select(ScannedSheet.state)).all() == ["counted"]
    acts = db.session.scalars(select(AuditEvent.action)).all()
    assert acts[-1] == "scan-number"


@ON_SQLITE
def test_a_file_that_cannot_be_taken_and_what_is_asked_wrongly(world, runner) -> None:
    (world.folder / "a.docx").write_bytes(b"MZ nothing of ours")
    code, told = imported(runner, world, str(world.folder / "a.docx"), "--dry-run")
    assert code == 2 and told["spoiled"][0]["reason"].startswith("Это не скан")
    for args, words in (
        (["nowhere.pdf", "--campaign", str(world.campaign_id)], "нет"),
        ([str(world.folder), "--campaign", "999"], "Нет кампании"),
        (
            [str(world.folder), "--campaign", str(world.campaign_id), "--filled-on", "2999-01-01"],
            "не наступил",
        ),
    ):
        done = runner.invoke(args=["scans", "import", *args])
        assert done.exit_code == 2 and words in done.stderr, done.output


@ON_SQLITE
def test_without_opencv_one_line_says_how_to_add_it(world, runner, monkeypatch) -> None:
    monkeypatch.setattr(reading, "available", lambda: False)
    done = runner.invoke(args=["scans", "import", str(world.folder), "--campaign", str(world.campaign_id)])
    assert done.exit_code == 1
    assert "make omr" in done.stderr and done.stderr.count("\n") == 1
    listed = runner.invoke(args=["scans", "list", "--campaign", str(world.campaign_id)])
    assert listed.exit_code == 0 and "Пакетов нет" in listed.stdout


@ON_SQLITE
def test_opencv_that_does_not_start_is_said_before_anything_is_taken(world, runner, monkeypatch) -> None:
    monkeypatch.setattr(reading, "broken", lambda: "libGL.so.1: cannot open shared object file")
    done = runner.invoke(args=["scans", "import", str(world.folder), "--campaign", str(world.campaign_id)])
    assert done.exit_code == 1 and "libGL.so.1" in done.stderr and "make omr" in done.stderr
    listed = runner.invoke(args=["scans", "list", "--campaign", str(world.campaign_id)])
    assert "Пакетов нет" in listed.stdout


@ON_SQLITE
def test_a_damaged_file_is_called_a_file_and_no_page(world, runner, tmp_path) -> None:
    file = tmp_path / "письмо.zip"
    file.write_bytes(b"PK\x03\x04 and no more of it")
    done = runner.invoke(args=["scans", "import", str(file), "--campaign", str(world.campaign_id)])
    assert "письмо.zip: Файл повреждён и не открывается" in done.stdout, done.output


def test_a_file_named_twice_is_read_once_and_said_so(world, runner) -> None:
    place = world.file("1.pdf", world.sheet(1))
    args = ["scans", "import", str(place), str(place), "--campaign", str(world.campaign_id)]
    done = runner.invoke(args=args)
    assert done.exit_code == 0, done.output
    assert "назван дважды" in done.stdout and "учтено 1" in done.stdout
    again = runner.invoke(args=args[:3] + args[4:])
    assert "в том пакете учтено 1, ждут человека 0" in again.stdout


@ON_SQLITE
def test_listed_undone_and_destroyed_by_command(world, runner) -> None:
    world.draws(0)
    _code, told = imported(runner, world, world.file("1.pdf", world.sheet(1)))
    number = str(told["batch"])
    listed = json.loads(
        runner.invoke(args=["scans", "list", "--campaign", str(world.campaign_id), "--json"]).stdout
    )
    assert (listed[0]["batch"], listed[0]["counted"], listed[0]["destroyed"]) == (told["batch"], 1, None)
    past = runner.invoke(args=["scans", "destroy", number, "--on", "2020-01-01"])
    assert past.exit_code == 2 and "уже наступил" in past.stderr
    later = runner.invoke(args=["scans", "destroy", number, "--on", "2099-01-31"])
    assert later.exit_code == 0 and "31.01.2099" in later.stdout
    gone = runner.invoke(args=["scans", "destroy", number])
    assert gone.exit_code == 0 and ": 2." in gone.stdout
    folder = Path(runner.app.config["DATA_DIR"], "scans", str(world.campaign_id))
    assert list(folder.iterdir()) == []
    undone = runner.invoke(args=["scans", "undo", number])
    assert undone.exit_code == 0 and answers() == []
    assert runner.invoke(args=["scans", "undo", number]).exit_code == 2
    assert runner.invoke(args=["scans", "destroy", "777"]).exit_code == 2


@ON_SQLITE
def test_what_is_lost_with_the_pictures_is_said_before_they_go(world, runner) -> None:
    world.draws(sampling.HIGHEST_SHARE)
    _code, told = imported(runner, world, world.file("1.pdf", world.sheet(1)))
    refused = runner.invoke(args=["scans", "destroy", str(told["batch"])])
    assert refused.exit_code == 2 and "непроверенные ответы слепой выборки" in refused.stderr
    assert "--sure" in refused.stderr
    gone = runner.invoke(args=["scans", "destroy", str(told["batch"]), "--sure"])
    assert gone.exit_code == 0 and ": 2." in gone.stdout
    assert len(answers()) == 1, "the answers stay"


@ON_SQLITE
def test_killed_in_the_middle_it_goes_on(world, runner, config) -> None:
    """A real process, really killed; the same command with the same file finishes the work."""
    stack = [page for serial in range(1, SHEETS + 1) for page in world.sheet(serial)]
    place = world.file("stack.pdf", [*stack, *(Image.new("L", stack[0].size, 250) for _page in range(30))])
    environment = {
        **os.environ,
        "NOK_DATABASE_URL": config.SQLALCHEMY_DATABASE_URI,
        "NOK_DATA_DIR": str(config.DATA_DIR),
        "NOK_SECRET_KEY": config.SECRET_KEY,
    }
    program = "from app import main; main()"
    words = ["scans", "import", place, "--campaign", str(world.campaign_id), "--json"]
    child = subprocess.Popen([sys.executable, "-c", program, *words], cwd=ROOT, env=environment, stdout=-3)
    try:
        until = time.monotonic() + 60
        while not pages_there() and time.monotonic() < until and child.poll() is None:
            time.sleep(0.01)
    finally:
        child.kill()
        child.wait()
    read = pages_there()
    assert 0 < read < 42
    assert db.session.scalars(select(Batch.state)).one() == State.UPLOADED
    db.session.rollback()
    code, told = imported(runner, world, place)
    assert (code, told["counted"], told["pages"], told["blank"]) == (0, SHEETS, 42, 30)
    assert len(answers()) == SHEETS and len(list(db.session.scalars(select(ScannedSheet.id)))) == SHEETS
    assert db.session.scalar(select(Assessment.id).join(Campaign)) is not None


def pages_there() -> int:
    found = len(db.session.scalars(select(ScannedPage.id)).all())
    db.session.rollback()
    return found
