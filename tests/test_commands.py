"""The command `nok`: what it does, what it refuses, with which code, in whose language (contracts §2, §4)."""

import csv
import gettext
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest
from build import CONTENT, a_campaign, a_user, an_inspection, an_organization, heard_about
from click.testing import Result
from flask.testing import FlaskCliRunner
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select, text

import app as composition
from accounts.models import AuditEvent, Role, User
from surveys import paper, qr
from surveys.db import db, writing
from surveys.models import Organization, Region

ROOT = Path(__file__).resolve().parent.parent
Nok = Callable[..., Result]
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
HEAD = [
    "name",
    "short_name",
    "inn",
    "ogrn",
    "kpp",
    "region",
    "municipality",
    "sector",
    "address",
    "recipients_per_year",
]
ROWS = [
    ["Школа № 1", "Школа 1", "7718084659", "1037700041554", "", "г. Москва", "ВАО", "education", "Мира, 1", "900"],
    ["Школа № 1, филиал", "", "7718084659", "", "771801001", "г. Москва", "Восточный АО", "education", "Мира, 2", ""],
    ["Библиотека «Ёлка»", "", "", "", "", "г. Москва", "", "culture", "Лесная, 5", "4000"],
    ["Поликлиника № 12", "", "", "", "", "Тульская область", "Тула", "здравоохранение", "Ленина, 3", "12000"],
]  # fmt: skip
REFUSED_ROW = ["Школа № 9", "", "7718084650", "", "", "г. Москва", "", "education", "Мира, 9", ""]
REPORT = {"accepted", "updated", "repeated", "refused", "dry_run", "batch"}
BEYOND_THE_CONTRACT = {"replaced", "ignored_columns"}


@pytest.fixture
def nok(runner: FlaskCliRunner) -> Nok:
    """The command in this process, as `nok` on the command line."""
    return lambda *words, **given: runner.invoke(composition.cli, [str(word) for word in words], **given)


@pytest.fixture
def russian() -> Iterator[None]:
    """The language that `main` gives to click; the tests' own is given back."""
    told, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    composition.speak_russian()
    yield
    gettext.textdomain(domain)
    os.environ.pop("LANGUAGE") if told is None else os.environ.update(LANGUAGE=told)


def count(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


# Organisations


def as_csv(folder: Path, rows: list[list[str]]) -> Path:
    """As Excel in Russia saves it: semicolons, CP1251."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows([HEAD, *rows])
    file = folder / "list.csv"
    file.write_bytes(written.getvalue().encode("cp1251"))
    return file


def as_xlsx(folder: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    with closing(book):
        for row in [HEAD, *rows]:
            book.worksheets[0].append(row)
        book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_a_list_taken_twice_doubles_nothing(nok, session, tmp_path, written) -> None:
    file = written(tmp_path, ROWS)
    first = nok("organizations", "import", file, "--json")
    assert (first.exit_code, first.stderr) == (0, "")
    assert json.loads(first.stdout) == {
        "accepted": 4, "updated": 0, "repeated": 0, "refused": [], "dry_run": False, "batch": None,
        "replaced": [], "ignored_columns": [],
    }  # fmt: skip
    codes = {one["name"]: one["code"] for one in json.loads(nok("organizations", "list", "--json").stdout)}
    again = json.loads(nok("organizations", "import", file, "--json").stdout)
    assert (again["accepted"], again["updated"], again["repeated"]) == (0, 0, 4)
    assert count(Organization) == 4
    assert count(Region) == 2
    listed = json.loads(nok("organizations", "list", "--json").stdout)
    assert {one["name"]: one["code"] for one in listed} == codes
    assert [one["sector"] for one in listed] == ["education", "education", "culture", "health"]


def test_a_csv_and_a_book_of_the_same_are_the_same(nok, session, tmp_path) -> None:
    nok("organizations", "import", as_csv(tmp_path, ROWS))
    changed = [[*ROWS[0][:-1], "950"], *ROWS[1:]]
    told = json.loads(nok("organizations", "import", as_xlsx(tmp_path, changed), "--json").stdout)
    assert (told["accepted"], told["updated"], told["repeated"]) == (0, 1, 3)
    assert db.session.scalar(select(Organization.recipients_per_year).where(Organization.ogrn != "")) == 950


def test_a_trial_run_says_the_same_and_writes_nothing(nok, session, tmp_path) -> None:
    file = as_csv(tmp_path, [*ROWS, REFUSED_ROW])
    told = nok("organizations", "import", file, "--dry-run", "--json")
    assert told.exit_code == 1
    tried = json.loads(told.stdout)
    assert count(Organization) == count(Region) == 0
    done = json.loads(nok("organizations", "import", file, "--json").stdout)
    assert tried == {**done, "dry_run": True}
    assert "ничего не записано" in nok("organizations", "import", file, "--dry-run").stdout


def test_a_refused_row_is_named_and_stops_nobody(nok, session, tmp_path) -> None:
    told = nok("organizations", "import", as_csv(tmp_path, [REFUSED_ROW, *ROWS]), "--json")
    assert told.exit_code == 1
    report = json.loads(told.stdout)
    assert report.keys() == REPORT | BEYOND_THE_CONTRACT
    assert report["accepted"] == 4
    [refused] = report["refused"]
    assert refused.keys() == {"row", "column", "value", "reason"}
    assert (refused["row"], refused["column"], refused["value"]) == (2, "inn", "7718084650")
    assert re.search("[а-я]", refused["reason"])


def test_a_strict_import_takes_all_or_nothing(nok, session, tmp_path) -> None:
    told = nok("organizations", "import", as_csv(tmp_path, [*ROWS, REFUSED_ROW]), "--strict", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["accepted"] == 0
    assert count(Organization) == 0
    assert nok("organizations", "import", as_csv(tmp_path, ROWS), "--strict").exit_code == 0
    assert count(Organization) == 4


@pytest.mark.parametrize(
    "content", [None, ..., b"", b"name\nno sector\n", b"\x00\x01\x02", b"PK\x03\x04 not a book"]
)
def test_a_file_that_is_no_list_is_refused_whole(nok, session, tmp_path, content) -> None:
    file = tmp_path / "list.csv"
    if content is ...:
        file.mkdir()
    elif content is not None:
        file.write_bytes(content)
    told = nok("organizations", "import", file, "--json")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith(str(file))
    assert re.search("[а-я]", told.stderr)
    assert "Traceback" not in told.stderr


def test_organisations_are_listed_with_what_the_qr_holds(nok, session) -> None:
    code = an_organization(short_name="Поликлиника № 12")
    [line] = nok("organizations", "list").stdout.splitlines()
    assert line.startswith(code)
    assert "Поликлиника № 12" in line


# Campaigns and questionnaires


PLAN = ["--title", "Поликлиники", "--year", "2026", "--sector", "health", "--region", "г. Москва"]
DAYS = ["--from", "01.03.2026", "--to", "2026-11-30"]


def test_a_campaign_is_created_with_its_rules_pinned(nok, session) -> None:
    an_organization()
    more = ["--practice", "rounding=criteria", "--questionnaire", "paper=bus-gov-13", "--interim"]
    told = nok("campaigns", "create", *PLAN, *DAYS, *more)
    assert (told.exit_code, told.stderr) == (0, "")
    [campaign] = json.loads(nok("campaigns", "list", "--json").stdout)
    assert told.stdout == f"Кампания № {campaign['id']} создана.\n"
    assert {"id", "year", "sector", "region", "edition", "questionnaire"} <= campaign.keys()
    assert (campaign["edition"], campaign["questionnaire"]) == ("344n-2024", "bus-gov-13")
    assert (campaign["year"], campaign["sector"], campaign["region"]) == (2026, "health", "г. Москва")
    assert (campaign["starts_on"], campaign["ends_on"]) == ("2026-03-01", "2026-11-30")
    assert campaign["practice"]["rounding"] == "criteria"
    assert campaign["questionnaires"]["paper"] == "bus-gov-13"
    assert "Поликлиники" in nok("campaigns", "list").stdout


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (["--region", "Атлантида"], "Атлантида"),
        (["--to", "2026-01-01"], "раньше, чем начинается"),
        (["--to", "31.02.2026"], "31.02.2026"),
        (["--edition", "344n-1999"], "нет такой редакции"),
        (["--practice", "rounding=never"], "never"),
        (["--practice", "rounding"], "ИМЯ=ЗНАЧЕНИЕ"),
        (["--practice", "mood=good"], "mood"),
        (["--questionnaire", "paper=nothing"], "nothing"),
        (["--questionnaire", "pigeon=bus-gov-13"], "pigeon"),
        (["--questionnaire", "paper=675n-culture-education"], "675n-culture-education"),
        (["--year", "1917"], "1917"),
    ],
)
@ON_SQLITE
def test_a_campaign_that_cannot_be_is_refused(nok, session, russian, changed, said) -> None:
    an_organization()
    told = nok("campaigns", "create", *PLAN, *DAYS, *changed)
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr
    assert json.loads(nok("campaigns", "list", "--json").stdout) == []


@ON_SQLITE
def test_questionnaires_are_listed_and_checked(nok, tmp_path) -> None:
    listed = nok("questionnaires", "list")
    assert listed.exit_code == 0
    assert "bus-gov-13" in listed.stdout
    good = ROOT / "surveys/library/bus-gov-13.toml"
    assert nok("questionnaires", "check", good).stdout == "Анкета в порядке.\n"
    bad = tmp_path / "own.toml"
    bad.write_text(good.read_text("utf-8").replace('measure = "overall"', 'measure = "mood"'), "utf-8")
    for file in (bad, tmp_path / "nowhere.toml"):
        told = nok("questionnaires", "check", file)
        assert (told.exit_code, told.stdout) == (2, "")
        assert re.search("[а-я]", told.stderr)
    assert "mood" in nok("questionnaires", "check", bad).stderr


# Posters


def test_a_poster_leads_to_its_organisation(nok, session, tmp_path) -> None:
    code = an_organization()
    address = f"http://127.0.0.1:8000/q/{code}"
    png, svg, pdf = (tmp_path / f"poster.{kind}" for kind in ("png", "svg", "pdf"))
    for file in (png, svg, pdf):
        told = nok("posters", file, "--organization", code, "--format", file.suffix[1:])
        assert (told.exit_code, told.stdout) == (0, f"Готово: {file}\n")
    assert seen(png.read_bytes()) == [address]
    assert qr.decode(drawn(svg.read_text("utf-8"))) == [address]
    [page] = PdfReader(pdf).pages
    assert address.removeprefix("http://") in page.extract_text().replace("\n", "")
    assert [round(float(edge) / 72 * 25.4) for edge in page.mediabox[2:]] == [210, 297]


def seen(picture: bytes) -> list[str]:
    with Image.open(io.BytesIO(picture)) as opened:
        return qr.decode(opened)


def drawn(svg: str) -> Image.Image:
    """The modules of the drawing as a picture, eight pixels each."""
    edge = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    picture = Image.new("L", (edge * 8, edge * 8), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        picture.paste(0, (int(x) * 8, int(y) * 8, (int(x) + int(length)) * 8, (int(y) + 1) * 8))
    return picture


@ON_SQLITE
def test_a_place_is_numbered_in_the_code_and_keeps_its_number(nok, session, tmp_path) -> None:
    code = an_organization()
    numbers = []
    for place in ("Регистратура", "Второй этаж", "Регистратура"):
        told = nok("posters", tmp_path / "p.png", "--organization", code, "--format", "png", "--place", place)
        assert told.exit_code == 0
        numbers += seen((tmp_path / "p.png").read_bytes())
    assert numbers == [f"http://127.0.0.1:8000/q/{code}?p={number}" for number in (1, 2, 1)]


@ON_SQLITE
def test_many_posters_are_a_folder_or_an_archive(nok, session, tmp_path) -> None:
    codes = [an_organization(f"Поликлиника № {number}") for number in range(3)]
    an_organization("Школа № 1", sector="education")
    campaign_id = a_campaign()
    assert nok("posters", tmp_path / "all", "--campaign", campaign_id, "--format", "png").exit_code == 0
    assert {file.name for file in (tmp_path / "all").iterdir()} == {f"{code}.png" for code in codes}
    chosen = ["--organization", codes[0], "--organization", codes[2], "--format", "png", "--zip"]
    assert nok("posters", tmp_path / "some.zip", *chosen).exit_code == 0
    with zipfile.ZipFile(tmp_path / "some.zip") as archive:
        assert sorted(archive.namelist()) == sorted(f"{code}.png" for code in (codes[0], codes[2]))
        assert archive.testzip() is None
        for code in (codes[0], codes[2]):
            assert seen(archive.read(f"{code}.png")) == [f"http://127.0.0.1:8000/q/{code}"]
    assert [file.name for file in tmp_path.rglob(".*.part")] == []


@ON_SQLITE
def test_a_poster_that_cannot_be_made_is_named_and_the_others_lie_in_the_folder(
    nok, session, tmp_path, monkeypatch
) -> None:
    codes = [an_organization(f"Поликлиника № {number}") for number in range(3)]
    made = paper.made

    def stubborn(poster: paper.Poster, *order: Any) -> bytes:
        if poster.code == codes[1]:
            raise paper.UnsuitablePoster("Текст не помещается на лист: сократите название или место.")
        return made(poster, *order)

    monkeypatch.setattr(paper, "made", stubborn)
    told = nok("posters", tmp_path / "all", "--campaign", a_campaign(), "--format", "svg")
    assert told.exit_code == 0 and "Не сделано плакатов: 1" in told.stderr
    assert {file.name for file in (tmp_path / "all").iterdir()} == {f"{code}.svg" for code in codes[::2]}
    listed = (tmp_path / "all-spisok.csv").read_text("utf-8-sig").splitlines()
    assert [codes[1] in line for line in listed if "сократите название" in line] == [True]


@ON_SQLITE
def test_posters_for_a_printing_house_are_one_file_with_a_list_beside_it(nok, session, tmp_path) -> None:
    codes = [an_organization(f"Поликлиника № {number}") for number in range(2)]
    look = [
        "--campaign",
        a_campaign(),
        "--size",
        "leaflet",
        "--design",
        "copy",
        "--language",
        "ru",
        "--language",
        "tt",
    ]
    out = tmp_path / "new" / "all.pdf"
    told = nok("posters", out, *look, "--place", "Регистратура", "--place", "2 этаж")
    assert (told.exit_code, told.stdout) == (0, f"Готово: {out}\n")
    assert len(PdfReader(out).pages) == 4
    listed = (tmp_path / "new" / "all-spisok.csv").read_text("utf-8-sig")
    assert [f"{code}?p={place}" in listed for code in codes for place in (1, 2)] == [True] * 4
    assert sorted(one.name for one in out.parent.iterdir()) == ["all-spisok.csv", "all.pdf"]


@ON_SQLITE
def test_a_screen_is_a_picture_of_its_size(nok, session, tmp_path) -> None:
    code = an_organization()
    out = tmp_path / "screen.png"
    assert nok("posters", out, "--organization", code, "--size", "tall", "--format", "png").exit_code == 0
    with Image.open(out) as picture:
        assert picture.size == (1080, 1920)
        assert qr.decode(picture) == [f"http://127.0.0.1:8000/q/{code}"]
    told = nok("posters", tmp_path / "screen.pdf", "--organization", code, "--size", "tall")
    assert told.exit_code == 2 and "--format png" in told.stderr


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--language", "xx"], 2, "«xx»"),
        (["--organization", "AAAAAAAA"], 2, "AAAAAAAA"),
        (["--campaign", "99"], 2, "№ 99"),
        (["--size", "A9"], 2, "A9"),
        ([], 1, "Нет организаций"),
    ],
)
def test_a_poster_of_nothing_is_refused(nok, session, tmp_path, russian, words, code, said) -> None:
    told = nok("posters", tmp_path / "p.pdf", *words)
    assert (told.exit_code, told.stdout) == (code, "")
    assert said in told.stderr
    assert not (tmp_path / "p.pdf").exists()


@ON_SQLITE
def test_an_address_too_long_for_a_wall_is_said_so(app, nok, session, tmp_path) -> None:
    app.config["BASE_URL"] = f"https://{'a' * 60}.{'b' * 60}.example.ru"
    told = nok("posters", tmp_path / "p.pdf", "--organization", an_organization())
    assert (told.exit_code, told.stdout) == (2, "")
    assert "слишком длинен" in told.stderr


@ON_SQLITE
@pytest.mark.parametrize("command", ["posters", "results"])
def test_what_cannot_be_written_is_said_so(nok, session, tmp_path, command) -> None:
    code = an_organization()
    (tmp_path / "file").write_text("taken")
    out = tmp_path / "file" / "p.pdf"
    words = (
        [out, "--organization", code]
        if command == "posters"
        else ["--campaign", a_campaign(), "--output", out]
    )
    told = nok(command, *words)
    assert (told.exit_code, told.stdout) == (1, "")
    assert str(tmp_path / "file") in told.stderr


# Results


@pytest.fixture
def heard(session: object) -> tuple[str, int]:
    """One organisation that was inspected, and three questionnaires about it, one of them discontented."""
    code = an_organization(short_name="Поликлиника № 12", recipients_per_year=200)
    campaign_id = a_campaign()
    an_inspection(campaign_id, code)
    for number in range(3):
        answers = {**CONTENT, "overall": "no" if number == 2 else "yes"}
        heard_about(code, campaign_id, answers, key=number)
    return code, campaign_id


def test_results_are_data_that_recompute(nok, heard, tmp_path) -> None:
    code, campaign_id = heard
    told = nok("results", "--campaign", campaign_id, "--organization", code)
    assert (told.exit_code, told.stderr) == (0, "")
    one = json.loads(told.stdout)["organization"]
    assert one["result"]["indicators"]["5.3"]["exact"] == "200/3"
    again = nok("indicators", "-", input=json.dumps(one["input"]))
    assert json.loads(again.stdout)["total"] == one["result"]["total"]
    whole = json.loads(nok("results", "--campaign", campaign_id).stdout)
    assert [row["code"] for row in whole["organizations"]] == [code]


@ON_SQLITE
def test_results_go_where_they_are_sent(nok, heard, tmp_path) -> None:
    code, campaign_id = heard
    for kind in ("json", "csv", "pdf"):
        for scope in ([], ["--organization", code]):
            file = tmp_path / "deep" / f"{len(scope)}.{kind}"
            told = nok("results", "--campaign", campaign_id, *scope, "--format", kind, "--output", file)
            assert (told.exit_code, told.stdout) == (0, ""), told.stderr
            assert str(file) in told.stderr
    folder = tmp_path / "deep"
    assert {"66,67"} <= set(re.findall(r"\d+,\d\d", text_of(folder / "2.pdf")))
    total = json.loads((folder / "2.json").read_text("utf-8"))["organization"]["result"]["total"]["printed"]
    for shown in (text_of(folder / "0.pdf"), (folder / "0.csv").read_text("utf-8-sig")):
        assert total.replace(".", ",") in shown
    assert "66,67" in (folder / "2.csv").read_text("utf-8-sig")


def text_of(pdf: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--campaign"),
        (["--campaign", "99"], "№ 99"),
        (["--campaign", "99", "--recount"], "№ 99"),
        (["--campaign", "1", "--organization", "AAAAAAAA"], "AAAAAAAA"),
        (["--campaign", "1", "--format", "docm"], "docm"),
        (["--campaign", "9" * 30], "№ 9999"),
    ],
)
def test_results_of_nothing_are_refused(nok, heard, russian, words, said) -> None:
    told = nok("results", *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr


def test_a_recount_agrees_until_somebody_touches_a_count(nok, heard) -> None:
    _code, campaign_id = heard
    told = nok("results", "--recount")
    assert (told.exit_code, told.stdout, told.stderr) == (0, "Счётчики сходятся с ответами.\n", "")
    with writing() as session:
        [[slot], *_others] = session.execute(text("SELECT slot FROM tally WHERE overall_no = 1")).all()
        session.execute(
            text("UPDATE tally SET overall_yes = overall_yes + 4 WHERE slot = :slot"), {"slot": slot}
        )
    told = nok("results", "--recount", "--campaign", campaign_id)
    assert told.exit_code == 1
    assert "overall_yes: счётчик 6, по ответам 2" in told.stderr
    assert told.stdout == "Расхождений: 1.\n"


# Users, the service itself


def test_a_user_is_added_once_and_recorded(nok, session) -> None:
    told = nok("users", "add", " Ivanova ", "--role", "council", "--name", "Иванова А. П.")
    assert (told.exit_code, told.stderr) == (0, "")
    assert re.fullmatch(r"Готово: ivanova, пароль: \S{19}\n", told.stdout)
    assert json.loads(nok("users", "list", "--json").stdout) == [
        {
            "login": "ivanova",
            "role": "council",
            "duty": None,
            "seat": "member",
            "name": "Иванова А. П.",
            "active": True,
        }
    ]
    assert "ivanova" in nok("users", "list").stdout
    [event] = db.session.scalars(select(AuditEvent))
    assert (event.actor, event.action, event.subject) == ("cli", "user-added", "ivanova")
    again = nok("users", "add", "IVANOVA", "--role", "admin", "--password", "a-long-password")
    assert again.exit_code == 2
    assert "занят" in again.stderr
    assert (count(User), count(AuditEvent)) == (1, 1)


@ON_SQLITE
def test_a_given_password_is_not_repeated_on_the_screen(nok, session) -> None:
    told = nok("users", "add", "petrov", "--role", "operator", "--password", "a-long-password")
    assert told.exit_code == 0
    assert "a-long-password" not in told.output
    db.session.rollback()
    assert "a-long-password" not in db.session.scalars(select(User.password_hash)).one()


@ON_SQLITE
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--password", "short"], "не меньше 10"),
        (["--region", "Атлантида"], "Атлантида"),
        (["--organization", "AAAAAAAA"], "AAAAAAAA"),
        (["--role", "organization"], "--organization"),
        (["--role", "boss"], "boss"),
    ],
)
def test_a_user_who_cannot_be_is_refused(nok, session, russian, words, said) -> None:
    told = nok("users", "add", "petrov", "--role", "council", *words)
    assert (told.exit_code, told.stdout) == (2, "")
    assert said in told.stderr
    assert (count(User), count(AuditEvent)) == (0, 0)


def test_one_of_the_team_is_given_another_duty_and_signs_in_anew(nok, session) -> None:
    assert nok("users", "add", "petrov", "--role", "operator", "--duty", "interviewer").exit_code == 0
    assert json.loads(nok("users", "list", "--json").stdout)[0]["duty"] == "interviewer"
    assert nok("users", "change", "petrov", "--duty", "verifier").stdout == "Изменено: petrov\n"
    [user] = db.session.scalars(select(User))
    assert (user.duty, user.name, user.epoch) == ("verifier", "petrov", 1)
    db.session.rollback()
    assert nok("users", "change", "petrov", "--role", "council").exit_code == 0
    assert db.session.scalars(select(User.duty)).one() is None
    db.session.rollback()
    assert nok("users", "change", "petrov", "--duty", "head").exit_code == 2
    assert "Менять нечего" in nok("users", "change", "petrov", "--name", "petrov").stdout
    assert nok("users", "change", "nobody", "--name", "x").exit_code == 2


@ON_SQLITE
def test_an_organisations_user_sees_only_its_own(nok, session) -> None:
    code = an_organization()
    assert nok("users", "add", "head", "--role", "organization", "--organization", code).exit_code == 0
    [user] = db.session.scalars(select(User))
    assert user.organization is not None
    assert user.organization.code == code


def test_a_migrated_database_is_migrated_again_for_nothing(nok, session) -> None:
    a_user(Role.ADMIN)
    assert nok("migrate").stdout == "База данных в порядке.\n"
    assert count(User) == 1


@ON_SQLITE
def test_config_shows_what_is_in_force_and_no_secret(nok, monkeypatch, tmp_path) -> None:
    secret = "k" * 20 + "-own-" + "y" * 20
    told = {
        "NOK_SECRET_KEY": secret,
        "NOK_BASE_URL": "https://nok.example.ru/",
        "NOK_DATABASE_URL": "postgresql+psycopg://nok:pass-word@db/nok",
        "NOK_REDIS_URL": "redis://:pass-word@cache:6379/0",
        "NOK_DATA_DIR": str(tmp_path),
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    shown = nok("config")
    assert shown.exit_code == 0
    assert "BASE_URL = https://nok.example.ru\n" in shown.stdout
    assert secret not in shown.output
    assert "pass-word" not in shown.output


# The calculator through the group


EXAMPLE: dict[str, Any] = {"sector": "social", "answers": {"overall": [184, 200], "on_time": [9, 12]}}


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["FILE"], EXAMPLE),
        (["-"], [EXAMPLE, {**EXAMPLE, "id": "Ж № 2"}]),
        (["--explain"], EXAMPLE),
        (["FILE", "--edition", "344n-2018", "--practice=rounding=criteria"], {**EXAMPLE, "respondents": 200}),
        (["FILE", "-x"], EXAMPLE),
        (["--help"], EXAMPLE),
        (["-h"], EXAMPLE),
        (["nowhere.json"], EXAMPLE),
        (["FILE", "--practice", "rounding=never"], EXAMPLE),
        ([], [EXAMPLE, {**EXAMPLE, "answers": {"stand": [2, 1]}}]),
    ],
)
@ON_SQLITE
def test_the_group_says_byte_for_byte_what_the_bare_calculator_says(runner, tmp_path, words, given) -> None:
    file = tmp_path / "input.json"
    file.write_text(json.dumps(given), "utf-8")
    arguments = ["indicators", *(str(file) if word == "FILE" else word for word in words)]
    bare = subprocess.run(
        [sys.executable, "-m", "nok", *arguments], cwd=ROOT, input=file.read_bytes(), capture_output=True
    )
    grouped = runner.invoke(composition.cli, arguments, input=file.read_bytes())
    assert grouped.stdout_bytes == bare.stdout
    assert grouped.stderr_bytes == bare.stderr
    assert grouped.exit_code == bare.returncode


# Every command


def commands(group: click.Group, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Commands with their groups' names; some are for programs alone."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        elif not command.hidden:
            yield (*above, name)


@ON_SQLITE
def test_the_service_names_its_own_commands_and_nothing_of_its_framework(nok, russian) -> None:
    said = nok("--help").stdout
    options, _, listed = said.partition("Команды:")
    assert re.findall(r"^ +(-.+?)  ", options, re.M) == ["--help"]
    lines = re.findall(r"^  ([a-z]\S*) +(.+)", listed, re.M)
    assert len(lines) > 20
    assert [name for name, words in lines if not re.search("[а-я]", words)] == []


@ON_SQLITE
def test_every_command_has_a_help_with_an_example(app, nok, russian) -> None:
    every = {*commands(composition.cli), *commands(app.cli)}
    assert {("demo",), ("indicators",), ("organizations", "import"), ("audit", "verify")} <= every
    for words in every:
        told = nok(*words, "--help")
        assert told.exit_code == 0
        assert f"Пример: nok {' '.join(words)}" in told.stdout or words == ("indicators",), words
        assert "Пример: " in told.stdout


@ON_SQLITE
@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nosuch"],
        ["posters"],
        ["posters", "a", "b"],
        ["posters", "--siz"],
        ["posters", "a", "--campaign", "one"],
        ["campaigns", "create", "--year", "5"],
        ["users", "add", "x", "--role", "boss"],
        ["users", "list", "--json=1"],
        ["posters", "--size"],
        ["organizations", "import", "--help"],
    ],
)
def test_what_click_says_is_russian_too(nok, russian, words) -> None:
    told = nok(*words)
    foreign = {
        "Usage",
        "Try",
        "Error",
        "Missing",
        "Invalid",
        "Options:",
        "Commands",
        "Show this",
        "Did you",
        "Got",
    }
    # What --help is was said before anybody chose a language; the console script chooses first.
    said = told.output.replace("Show this message and exit.", "")
    assert not [word for word in foreign if word in said], said
    assert re.search("[а-я]", said)


def test_the_console_script_refuses_half_told_settings_in_one_line(tmp_path) -> None:
    told = started(["config"], tmp_path, NOK_BASE_URL="https://nok.example.ru")
    assert (told.returncode, told.stdout) == (2, "")
    [line] = told.stderr.splitlines()
    assert "NOK_SECRET_KEY" in line


def test_the_console_script_makes_its_own_database_and_speaks_russian(tmp_path) -> None:
    told = started(["campaigns", "list", "--json"], tmp_path)
    assert (told.returncode, told.stdout) == (0, "[]\n"), told.stderr
    assert (tmp_path / "nok.sqlite3").exists()
    told = started(["campaigns"], tmp_path)
    assert told.returncode == 2
    assert {"Вызов:", "Параметры:", "Команды:", "Показать эту справку и выйти."} <= set(
        re.findall(r"\w+:|Показать.*", told.stderr)
    )


def test_a_database_that_does_not_answer_is_one_line(tmp_path) -> None:
    nowhere = "postgresql+psycopg://nok:pass-word@127.0.0.1:1/nok"
    told = started(["users", "list"], tmp_path, NOK_DATABASE_URL=nowhere)
    assert (told.returncode, told.stdout) == (1, "")
    [line] = told.stderr.splitlines()
    assert "База данных" in line
    assert "pass-word" not in told.stderr


def started(words: list[str], data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The console script in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from app import main; main()", *words],
        cwd=ROOT,
        env={**os.environ, "NOK_DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
    )
