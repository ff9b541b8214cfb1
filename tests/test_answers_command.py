"""`nok answers …`: what it does, with which code, in which words (contracts §2, §5)."""

import csv
import io
import json
from pathlib import Path

import pytest
from build import a_campaign, an_organization
from tables import FULL, NAME, as_csv, google, responses, xlsx

import app as composition
from surveys.inert import inert

REPORT = {"accepted", "updated", "repeated", "refused", "dry_run", "batch"}
FAULT = {"row", "column", "value", "reason"}


@pytest.fixture
def nok(runner):
    return lambda *words: runner.invoke(composition.cli, [str(word) for word in words])


@pytest.fixture
def campaign(session) -> int:
    an_organization(NAME)
    return a_campaign()


def test_a_file_is_taken_undone_and_listed(nok, campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}))
    done = nok("answers", "import", file, "--campaign", campaign, "--channel", "paper", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, done.stderr, set(told) >= REPORT) == (0, "", True)
    assert (told["accepted"], told["refused"], told["dry_run"]) == (2, [], False)
    [row] = json.loads(nok("answers", "batches", "--campaign", campaign, "--json").stdout)
    assert (row["id"], row["state"], row["channel"], row["accepted"]) == (
        told["batch"],
        "counted",
        "paper",
        2,
    )
    undone = nok("answers", "undo", told["batch"], "--json")
    assert (undone.exit_code, json.loads(undone.stdout)["removed"], responses(campaign)) == (0, 2, 0)
    assert nok("answers", "undo", told["batch"]).exit_code == 2


def test_a_refused_row_is_named_and_the_code_is_one(nok, campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {"overall": "пять"}))
    refused = tmp_path / "refused.csv"
    done = nok("answers", "import", file, "--campaign", campaign, "--refused", refused, "--json")
    [one] = json.loads(done.stdout)["refused"]
    assert (done.exit_code, set(one) >= FAULT, one["row"], one["value"]) == (1, True, 3, "пять")
    rows = list(csv.reader(io.StringIO(refused.read_text("utf-8-sig")), delimiter=";"))
    assert (len(rows), rows[0][-2:]) == (2, ["Почему не принята", "Что сделать"])
    in_words = nok("answers", "import", file, "--campaign", campaign)
    assert "посчитаны раньше: 1, не принято: 1" in in_words.stdout
    assert "строка 3" in in_words.stdout


def test_a_dry_run_writes_nothing(nok, campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}))
    done = nok("answers", "import", file, "--campaign", campaign, "--dry-run", "--json")
    told = json.loads(done.stdout)
    assert (told["accepted"], told["dry_run"], told["batch"], responses(campaign)) == (1, True, None, 0)
    assert json.loads(nok("answers", "batches", "--campaign", campaign, "--json").stdout) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--campaign", "99"], "Нет кампании № 99"),
        (["--questionnaire", "нет-такой"], "нет в библиотеке"),
        (["--organization", "AAAAAAAA"], "нет организации"),
        (["--sheet", "Лист9"], "нет листа"),
    ],
)
def test_what_cannot_be_taken_is_one_line_and_the_code_is_two(nok, campaign, tmp_path, words, says) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}))
    done = nok(
        "answers", "import", file, *(() if "--campaign" in words else ("--campaign", campaign)), *words
    )
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.parametrize("name", ["map.toml", "map.json"])
def test_a_mapping_names_what_no_wording_tells(nok, campaign, tmp_path, name) -> None:
    rows = [["Где", "v8", "v12", "v14"], [NAME, "Да", "Нет", "Да"], [NAME, "Да", "Да", "Да"]]
    file = as_csv(tmp_path / "a.csv", rows, "cp1251")
    assert nok("answers", "import", file, "--campaign", campaign).exit_code == 2
    told = {"Где": "organization", "v8": "first_contact", "v12": "recommend", "v14": "overall"}
    text = json.dumps(told) if name.endswith("json") else "".join(f'"{k}" = "{v}"\n' for k, v in told.items())
    (tmp_path / name).write_text(text, "utf-8")
    done = nok("answers", "import", file, "--campaign", campaign, "--mapping", tmp_path / name, "--json")
    assert (done.exit_code, json.loads(done.stdout)["accepted"]) == (0, 2)


def test_a_mapping_of_a_column_that_is_not_there_is_refused(nok, campaign, tmp_path) -> None:
    (tmp_path / "map.json").write_text('{"Чего нет": "overall"}', "utf-8")
    file = xlsx(tmp_path / "a.xlsx", google({}))
    done = nok("answers", "import", file, "--campaign", campaign, "--mapping", tmp_path / "map.json")
    assert (done.exit_code, "нет столбца «Чего нет»" in done.stderr) == (2, True)


def test_a_table_to_fill_in_is_made(nok, campaign, tmp_path) -> None:
    out = tmp_path / "blank.xlsx"
    assert nok("answers", "template", out, "--campaign", campaign, "--channel", "paper").exit_code == 0
    assert out.read_bytes().startswith(b"PK")
    empty = nok("answers", "import", out, "--campaign", campaign, "--json")
    assert json.loads(empty.stdout)["accepted"] == 0


@pytest.mark.parametrize("command", ["import", "template", "batches", "undo"])
def test_every_command_shows_an_example(nok, session, command) -> None:
    done = nok("answers", command, "--help")
    assert (done.exit_code, "Пример: nok answers" in done.stdout) == (0, True)


# Exports


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+7 900", "'+7 900"), ("@SUM(1)", "'@SUM(1)"), ("-cmd|x", "'-cmd|x"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), (" =1", "' =1"), ("-5", "-5"), ("+5", "+5"), ("-5,25", "-5,25"),
        ("Школа № 1", "Школа № 1"), ("", ""), ("-", "'-"), ("-1+1", "'-1+1"),
    ],
)  # fmt: skip
def test_a_cell_never_becomes_a_formula(cell, kept) -> None:
    assert inert(cell) == kept


def test_refused_rows_come_back_without_formulas(nok, campaign, tmp_path) -> None:
    evil = "=cmd|' /C calc'!A0"
    rows = google({"proposals": evil, "overall": "@х", "organization": "+Школа"})
    refused = tmp_path / "refused.csv"
    nok("answers", "import", as_csv(tmp_path / "a.csv", rows), "--campaign", campaign, "--refused", refused)
    cells = [
        cell for row in csv.reader(io.StringIO(refused.read_text("utf-8-sig")), delimiter=";") for cell in row
    ]
    assert f"'{evil}" in cells
    assert [cell for cell in cells if cell[:1] in "=+@-\t" and cell] == []


def test_an_organisation_named_like_a_formula_is_a_name_in_the_table(session, tmp_path, nok) -> None:
    import openpyxl

    an_organization("=1+1")
    out = tmp_path / "blank.xlsx"
    nok("answers", "template", out, "--campaign", a_campaign())
    assert openpyxl.load_workbook(out)["Организации"]["B2"].data_type == "s"
    assert len(FULL.questions) == 18


def test_whoever_writes_a_table_neutralises_its_cells() -> None:
    root = Path(composition.__file__).parent
    sources = [*root.glob("[a-z]*/**/*.py")]
    writers = [
        source
        for source in sources
        if "csv.writer(" in (text := source.read_text("utf-8"))
        and source.parts[len(root.parts)] not in ("tests", "benchmarks")
        and "inert(" not in text
    ]
    assert [source.relative_to(root).as_posix() for source in writers] == []
