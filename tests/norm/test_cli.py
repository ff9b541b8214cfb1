"""Команда `python -m nok indicators`: JSON на входе и на выходе, голый Python; отказ — код 2 и тишина."""

import io
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from norm.published import EXAMPLE, example

import nok
import nok.__main__

Row = dict[str, Any]


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Said]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command in this process, with standard streams of its own."""

    def called(*argv: str, given: object = b"") -> Said:
        content = given if isinstance(given, bytes) else json.dumps(given).encode()
        streams = {
            name: io.TextIOWrapper(io.BytesIO(content if name == "stdin" else b""), "ascii")
            for name in ("stdin", "stdout", "stderr")
        }
        for name, stream in streams.items():
            monkeypatch.setattr(sys, name, stream)
        code = nok.__main__.main(list(argv))
        out, err = (streams[name].buffer.getvalue().decode() for name in ("stdout", "stderr"))
        monkeypatch.undo()
        return Said(code, out, err)

    return called


@pytest.fixture
def bare(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Only the folder nok/, and a Python that sees no installed package and no settings."""
    shutil.copytree(Path(nok.__file__).parent, tmp_path / "nok", ignore=shutil.ignore_patterns("__pycache__"))

    def started(*argv: str, given: bytes = b"", **options: Any) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-S", "-E", "-s", "-B", "-W", "error", "-m", "nok", *argv]
        options = {"capture_output": True, "env": {"LC_ALL": "C"}, **options}
        return subprocess.run(command, input=given, cwd=tmp_path, timeout=60, check=False, **options)

    return started


def test_a_bare_python_gives_the_published_example(bare: Callable[..., subprocess.CompletedProcess[bytes]]):
    done = bare("indicators", given=json.dumps(EXAMPLE).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["total"]["printed"] == "85.50"


def test_a_bare_python_refuses_in_russian_whatever_the_locale(bare: Callable[..., Any]):
    done = bare("indicators", given=json.dumps([EXAMPLE, example(answers={"stand": [3, 2]})]).encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == (
        "nok: [1].answers.stand: удовлетворены 3, а ответили 2: довольных не может быть больше\n"
    )


def test_a_reader_that_leaves_early_hears_no_complaint(tmp_path: Path, bare: Callable[..., Any]):
    many = tmp_path / "many.json"
    many.write_text(json.dumps([EXAMPLE] * 50))
    left, ours = os.pipe()
    os.close(left)
    done = bare("indicators", str(many), capture_output=False, stdout=ours, stderr=subprocess.PIPE)
    os.close(ours)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_reader_that_left_is_told_by_the_code_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    file = tmp_path / "one.json"
    file.write_text(json.dumps(EXAMPLE))
    left, ours = os.pipe()
    os.close(left)
    with os.fdopen(ours, "w", encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert nok.__main__.main(["indicators", str(file)]) == 1
        monkeypatch.undo()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full есть только в Linux")
def test_a_full_disk_is_said_and_not_hidden(bare: Callable[..., Any]):
    with open("/dev/full", "wb") as full:
        done = bare(
            "indicators",
            given=json.dumps(EXAMPLE).encode(),
            capture_output=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("nok: ответ не записан: ")


def test_the_calculator_is_standard_library_only():
    for source in Path(nok.__file__).parent.glob("*.py"):
        for name in re.findall(r"^(?:from|import) (\w+)", source.read_text("utf-8"), re.M):
            assert name == "nok" or name in sys.stdlib_module_names, f"{source.name}: {name}"


def test_an_object_gives_an_object_as_the_contract_has_it(call: Call):
    said = call("indicators", given=EXAMPLE)
    assert (said.code, said.err) == (0, "")
    assert said.json == nok.assess(nok.Observations.read(EXAMPLE), nok.edition()).as_dict()
    assert said.json["indicators"]["1.1"] == {"exact": "28600/323", "value": 28600 / 323, "printed": "88.54"}


def test_a_list_gives_a_list_in_the_same_order(call: Call):
    rows = [example(id=id, sector=sector) for id, sector in (("б", "culture"), ("а", "health"), ("б", "mse"))]
    said = call("indicators", "-", given=rows)
    assert [(row["id"], row["total"]["printed"]) for row in said.json] == [
        ("б", "86.10"),
        ("а", "85.50"),
        ("б", "85.50"),
    ]


@pytest.mark.parametrize(("given", "expected"), [([], []), ([{"sector": "mse"}], 1)])
def test_an_empty_list_and_a_list_of_one_stay_lists(call: Call, given: list[Row], expected: object):
    said = call("indicators", given=given)
    assert said.json == expected or len(said.json) == expected


def test_a_file_is_read_and_so_is_standard_input(call: Call, tmp_path: Path):
    file = tmp_path / "пример.json"
    file.write_text(json.dumps(EXAMPLE))
    assert call("indicators", str(file)) == call("indicators", "-", given=EXAMPLE)
    assert call("nok", "indicators", given=EXAMPLE) == call("indicators", given=EXAMPLE)


def test_edition_and_practice_are_chosen_and_printed(call: Call):
    said = call(
        "indicators",
        "--edition=344n-2018",
        "--practice",
        "rounding=indicators",
        "--practice=places=1",
        given=example({"information_required": 20}),
    )
    assert said.json["edition"] == "344n-2018"
    assert said.json["practice"] == {**nok.Practice().as_dict(), "rounding": "indicators", "places": 1}
    assert said.json["total"] == {"exact": "829/10", "value": 82.9, "printed": "82.9"}


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["indicators", "--edition", "344n-2019"], "edition: нет такой редакции, есть: 344n-2018, 344n-2024"),
        (["indicators", "--edition"], "--edition: нужно значение"),
        (["indicators", "--edition=344n-2018", "--edition=344n-2024"], "--edition: редакция задана дважды"),
        (["indicators", "--practice", "undefined=zero"], "practice.undefined: нет решения «zero»"),
        (["indicators", "--practice", "colour=red"], "practice.colour: нет такого решения"),
        (["indicators", "--practice", "undefined"], "--practice: undefined: нужно ключ=значение"),
        (
            ["indicators", "--practice=places=1", "--practice=places=1"],
            "--practice: places: решение задано дважды",
        ),
        (["indicators", "--verbose"], "нет параметра «--verbose»"),
        (["indicators", "-x"], "нет параметра «-x»"),
        (["indicators", "a", "b"], "файл может быть только один"),
        (["indicators", "no-such-file.json"], "no-such-file.json: такого файла нет"),
        (["indicators", "."], ".: это папка, а нужен файл"),
        (["indicators", "nul\0byte"], "nul\\u0000byte: не читается: "),
        (["indicator"], "нет команды «indicator», есть: indicators"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(call: Call, argv: list[str], words: str):
    said = call(*argv, given=EXAMPLE)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"nok: {words}")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (example(answers={"stand": [3, 2]}), "answers.stand"),
        ([EXAMPLE, EXAMPLE, EXAMPLE, example(answers={"stand": [3, 2]})], "[3].answers.stand"),
        ([EXAMPLE, 5], "[1]"),
        ([EXAMPLE, [EXAMPLE]], "[1]"),
        ([example(kind="circus")], "[0].kind"),
        (example(kind="performing_arts"), "kind"),
        (example(sector="sport"), "sector"),
    ],
)
def test_a_refused_input_names_the_place_and_prints_nothing(call: Call, given: object, place: str):
    said = call("indicators", given=given)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"nok: {place}: ")


def test_a_practice_that_refuses_names_the_place_too(call: Call):
    rows = [EXAMPLE, example(answers={"accessibility": None})]
    said = call("indicators", "--practice", "undefined=refuse", given=rows)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("nok: [1].answers.accessibility: показатель 3.3 не определен")


@pytest.mark.parametrize("given", [b"", b"{", b"\xff", b"\xef\xbb\xbf{}", b"5", b"null", b"[" * 10**5])
def test_what_is_not_json_prints_nothing(call: Call, given: bytes):
    said = call("indicators", given=given)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("nok: ")


@pytest.mark.parametrize(
    "argv", [[], ["--help"], ["-h"], ["indicators", "--help"], ["indicators", "-h", "--explain"]]
)
def test_help_names_every_choice_and_its_example_works(call: Call, argv: list[str]):
    said = call(*argv)
    assert (said.code, said.err) == (0, "")
    assert all(f"{key} = {' | '.join(map(str, choices))}" in said.out for key, choices in nok.CHOICES.items())
    assert "344n-2018, 344n-2024; обычно 344n-2024" in said.out
    assert max(map(len, said.out.splitlines())) <= 110
    shown = said.out[said.out.index('  {"id"') : said.out.index("\n\n  answers")]
    assert json.loads(shown) == {**EXAMPLE, "id": "любой текст"}
    (short,) = re.findall(r"echo '(.+)' \|", said.out)
    assert call("indicators", "--explain", given=short.encode()).code == 0


def test_without_standard_streams_there_is_a_code_and_no_traceback(monkeypatch: pytest.MonkeyPatch):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert nok.__main__.main(["indicators"]) == 2
    assert nok.__main__.main(["--help"]) == 1


def test_run_as_a_module_it_ends_with_its_code(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["nok", "nothing"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(nok.__main__.__file__), run_name="__main__")
    assert end.value.code == 2


def test_explained_says_why_86_10_and_not_85_50(call: Call):
    said = call("indicators", "--explain", given=example(sector="culture"))
    text = " ".join(said.out.split())
    assert said.code == 0
    assert "Итог: 86,10" in text
    assert "(90,775006 + 82,5 + 72,5 + 94,126316 + 90,6)/5 ≈ 86,1003" in text
    assert "K2 = 0,5·Пкомф.усл + 0,5·Пкомф.уд = 0,5·80 + 0,5·85 = 82,5" in text
    assert "Показателя 2.2 в этой сфере нет, его вес поровну перешел к 2.1 и 2.3." in text
    assert (
        "Если бы он измерялся, как в сфере «здравоохранение», по тем же данным вышло бы: 2.2 = 75,00, "
        in text
    )
    assert "K2 = 79,50, итог 85,50." in text


def test_explained_fits_a_terminal_and_writes_numbers_with_a_comma(call: Call):
    said = call(
        "indicators", "--explain", given=[example(id="я" * 500), example({"stand": None}, sector="education")]
    )
    assert max(map(len, said.out.splitlines())) <= 96
    assert not re.search(r"\d\.\d\d\b(?!\.20)", said.out)


def test_explained_names_what_was_decided_and_what_else_it_could_be(call: Call):
    given = example({"stand": None}, {"accessibility": None})
    text = " ".join(call("indicators", "--explain", given=given).out.split())
    assert nok.CHOICES["undefined"]["renormalise"] in text
    assert nok.CHOICES["one_sided_openness"]["use_the_other"] in text
    assert nok.CHOICES["branches"]["pool"] not in text
    assert "3.3. Доля инвалидов, удовлетворенных доступностью услуг: не определен" in text
    assert "(0,3·60 + 0,4·80)/0,7" in text
    assert "При undefined=mean_of_siblings итог был бы 85," in text
    assert "При undefined=refuse расчета бы не было: показатель 3.3 не определен" in text


def test_explained_tells_the_other_edition_when_it_can_be_calculated(call: Call):
    text = call("indicators", "--explain", given=example({"information_required": 20})).out
    assert "В редакции 344n-2018 итог был бы" in text
    assert "В редакции" not in call("indicators", "--explain", given=EXAMPLE).out


def test_explained_a_theatre_and_an_organisation_without_a_name(call: Call):
    given = example(sector="culture", kind="performing_arts", id=None)
    text = " ".join(call("indicators", "--explain", given=given).out.split())
    assert text.startswith("Организация без имени: сфера «культура»")
    assert "K2 = (K1 + K3)/2" in text
    assert "При performing_arts=all_five итог был бы 86,10." in text


def test_explained_nothing_at_all(call: Call):
    said = call("indicators", "--explain", given={"sector": "culture"})
    assert "Итог: не определен" in said.out


def test_explained_under_a_refusing_practice(call: Call):
    argv = ["indicators", "--explain", "--practice", "undefined=refuse"]
    assert "итог 85,50" in " ".join(call(*argv, given=example(sector="culture")).out.split())
    said = call(*argv, given=example({"waiting_points": None}, sector="culture"))
    assert "Если бы он измерялся" not in said.out
