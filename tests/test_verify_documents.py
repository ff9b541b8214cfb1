"""A PDF that somebody doubts: its attachments and its printed tables recomputed, every falsified digit named."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from drawing import campaign_pdf
from flask import Flask, request
from flask_babel import Babel
from jinja2 import StrictUndefined
from published_file import a_release_file, changed, true_results, with_part
from standings import enclosed

import command
import nok.checking
from council import documents, pages
from documents.verify import apart, attachments, tables
from documents.verify.file import verify_file
from documents.verify.printed import Printed
from documents.verify.tables import PAIR
from nok.enclosed import canonical, read
from nok.refusal import Refused
from surveys import display
from surveys.results import Issue

ROOT = Path(__file__).resolve().parent.parent
SHA256 = hashlib.sha256(canonical(a_release_file())).hexdigest()


@pytest.fixture(scope="module")
def desk() -> Flask:
    """What draws documents without a database."""
    app = Flask("desk", root_path=str(ROOT))
    app.config.update(BABEL_DEFAULT_LOCALE="ru", SECRET_KEY="desk", BASE_URL="https://nok.example.ru")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    display.init_app(app)
    pages.init_app(app)
    app.context_processor(lambda: {"viewer": None, "asked": request.path})
    return app


@pytest.fixture(scope="module")
def papers(desk: Flask) -> Iterator[dict[str, bytes]]:
    """The documents of a campaign and of its first organisation."""
    found = true_results()
    issue = Issue(1, SHA256, SHA256[:12], "", "7", date(2026, 11, 20))
    approved = replace(found, facts=replace(found.facts, issue=issue))
    with desk.test_request_context("/"):
        yield {
            "campaign": campaign_pdf(found, url="https://nok.example.ru/ratings/1"),
            "approved": campaign_pdf(approved, url="", release=canonical(a_release_file())),
            "organization": documents.organization_pdf(
                found.standings[0], found.facts, url="https://nok.example.ru/o/K7M4PX2D"
            ),
        }


def told(content: bytes, expected: str = "") -> list[str]:
    """What differs, in words."""
    return [difference.sentence() for difference in verify_file(content, expected).differences]


def altered(pdf: bytes, name: str, change: Callable[[Any], None]) -> bytes:
    """The same document with something changed in the data enclosed."""
    told_of = json.loads(enclosed(pdf, name))
    change(told_of)
    return with_part(pdf, name, json.dumps(told_of, ensure_ascii=False).encode())


def repainted(pdf: bytes, was: str, now: str, number: int) -> bytes:
    """The same document with a number painted over where it stands for the `number`-th time, by an editor of PDFs."""
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        for page in whole.pages:
            letters = {str(name): _letters(font) for name, font in page.Resources.Font.items()}
            shown: list[Any] = list(pikepdf.parse_content_stream(page))
            font: dict[str, bytes] = {}
            for at, instruction in enumerate(shown):
                if str(instruction.operator) == "Tf":
                    font = letters[str(instruction.operands[0])]
                if str(instruction.operator) != "TJ" or _text(instruction.operands[0], font) != was:
                    continue
                number -= 1
                if not number and set(now) <= font.keys():
                    over = pikepdf.Array([pikepdf.String(b"".join(font[letter] for letter in now))])
                    shown[at] = pikepdf.ContentStreamInstruction([over], pikepdf.Operator("TJ"))
                    page.Contents = whole.make_stream(pikepdf.unparse_content_stream(shown))
                    out = io.BytesIO()
                    whole.save(out)
                    return out.getvalue()
    return pdf


def _letters(font: Any) -> dict[str, bytes]:
    pairs = PAIR.findall(font.ToUnicode.read_bytes())
    return {chr(int(to, 16)): bytes.fromhex(code.decode()) for code, to in pairs if len(to) == 4}


def _text(shown: Any, font: dict[str, bytes]) -> str:
    backwards = {code: letter for letter, code in font.items()}
    codes = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
    return "".join(backwards.get(codes[at : at + 2], "?") for at in range(0, len(codes), 2))


@pytest.mark.parametrize("kind", ["campaign", "organization"])
def test_a_true_document_agrees_and_its_tables_were_read(papers: dict[str, bytes], kind: str) -> None:
    report = verify_file(papers[kind])
    assert report.differences == ()
    assert any("ячеек" in note for note in report.notes)


def test_one_digit_in_the_enclosed_result_is_named(papers: dict[str, bytes]) -> None:
    def higher(content: Any) -> None:
        content["organizations"][0]["result"]["total"]["printed"] = "86.50"

    found = told(altered(papers["campaign"], "result.json", higher))
    assert "Поликлиника № 12 (K7M4PX2D): итог: в файле 86,50, по счётам 85,50" in found
    assert "Поликлиника № 12 (K7M4PX2D): итог: в файле на листе 85,50, в данных документа 86,50" in found


def test_one_count_in_the_enclosed_result_is_named(papers: dict[str, bytes]) -> None:
    def better(content: Any) -> None:
        content["organization"]["input"]["answers"]["accessibility"] = [10, 12]

    found = told(altered(papers["organization"], "result.json", better))
    assert "Поликлиника № 12 (K7M4PX2D): показатель 3.3: в файле 75,00, по счётам 83,33" in found
    assert any(sentence.startswith("input.json") for sentence in found)


def test_the_input_that_the_printed_command_reads_must_be_the_same(papers: dict[str, bytes]) -> None:
    def better(content: Any) -> None:
        content["answers"]["overall"] = [200, 200]

    (sentence,) = told(altered(papers["organization"], "input.json", better))
    assert "input.json: в файле другие счёты" in sentence
    assert told(with_part(papers["organization"], "input.json", b"{")) == [sentence]


def test_one_rule_in_the_enclosed_result_is_named(papers: dict[str, bytes]) -> None:
    def milder(content: Any) -> None:
        edition = content["rules"]["edition"]
        edition["toml"] = edition["toml"].replace('"5.3" = 0.5', '"5.3" = 0.6')

    found = told(altered(papers["campaign"], "result.json", milder))
    assert any("правила: текст редакции" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("kind", "was", "now", "words"),
    [
        ("campaign", "85,50", "88,50", "итог: в файле на листе 88,50, в данных документа 85,50"),
        ("organization", "85,50", "95,50", "итог: в файле на листе 95,50, в данных документа 85,50"),
    ],
)
def test_one_digit_painted_over_on_the_sheet_is_named(
    papers: dict[str, bytes], kind: str, was: str, now: str, words: str
) -> None:
    # The same number stands above the tables and in charts too, where nothing is compared.
    found = [told(repainted(papers[kind], was, now, number)) for number in range(1, 7)]
    assert any(words in sentence for one in found for sentence in one)


def test_a_release_enclosed_beside_is_recomputed_and_compared(papers: dict[str, bytes]) -> None:
    release = a_release_file()
    good = with_part(papers["campaign"], "release.json", canonical(release))
    assert told(good) == []
    wrong = changed(release, "organizations/1/result/total/printed", "99.00")
    found = told(with_part(papers["campaign"], "release.json", wrong))
    assert any("AAAAAAA2): итог: в файле 99,00" in sentence for sentence in found)
    assert any("AAAAAAA2): цифры: в файле не то же, должно быть как в release.json" in one for one in found)


def test_the_hash_that_the_paper_names_is_compared(papers: dict[str, bytes]) -> None:
    def of_release(content: Any) -> None:
        content["release"] = {"version": 1, "sha256": "ab" * 32, "short": "ab" * 6}

    named = altered(papers["organization"], "result.json", of_release)
    assert told(named, "abababababab") == []
    assert any("/verify/abababababab" in note for note in verify_file(named).notes)
    (sentence,) = told(named, "cd" * 6)
    assert sentence.startswith("выпуск: в файле abab")


def test_the_hash_printed_beside_the_code_must_be_that_of_the_data(papers: dict[str, bytes]) -> None:
    assert told(papers["approved"]) == []
    other = changed(a_release_file(), "note", "другой выпуск")
    (sentence,) = told(with_part(papers["approved"], "release.json", other))
    assert sentence.startswith(f"выпуск: в файле на листе {SHA256[:12]}, в данных документа ")


def test_a_document_without_a_structure_says_what_was_not_read(papers: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(papers["campaign"])) as whole:
        del whole.Root.StructTreeRoot
        out = io.BytesIO()
        whole.save(out)
    report = verify_file(out.getvalue())
    assert report.agrees
    assert any("прочесть не удалось" in note for note in report.notes)


def test_a_structure_that_leads_in_circles_is_left(
    papers: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ELEMENTS", 20_000)
    with pikepdf.open(io.BytesIO(papers["organization"])) as whole:
        root = whole.Root.StructTreeRoot
        root.K = pikepdf.Array([root, root, root])
        out = io.BytesIO()
        whole.save(out)
    report = verify_file(out.getvalue())
    assert any("прочесть не удалось" in note for note in report.notes)


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert apart.checked(canonical(a_release_file()))["agrees"] is True
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(Refused, match="за отведённое время"):
        apart.checked(canonical(a_release_file()))


def compared(headings: list[str], rows: list[list[str]]) -> tuple[int, list[str]]:
    """How many cells of such a table are compared, and what differs."""
    printed = Printed(read(canonical(a_release_file())))
    printed.table(headings, rows)
    return printed.checked, [difference.sentence() for difference in printed.differences]


def test_only_points_are_compared_with_points() -> None:
    names = ["Поликлиника № 12", "Поликлиника № 13", "Поликлиника № 14"]
    assert compared(["Организация", "2.1", "3.1"], [[name, "4", "3"] for name in names]) == (0, [])
    assert compared(["Организация", "2.1"], [[name, "80,00"] for name in names]) == (3, [])
    rows = [[names[0], "80,00"], [names[1], "80"], [f"{names[2]} мало анкет", "8"]]
    checked, found = compared(["2.1", "Организация"], [row[::-1] for row in rows] + [["80,00", names[0]]] * 2)
    assert checked == 5 and [sentence.partition(":")[0] for sentence in found] == [
        "Поликлиника № 13 (AAAAAAA2)",
        "Поликлиника № 14 (BBBBBBB3)",
    ]
    assert compared(["Месяц", "Анкет"], [["март", "200"]]) == (0, [])
    total = ["Место", "Организация", "Итог", "Анкет"]
    assert compared(total, [["1 1–3", names[0], "85,50 80,8–88,4", "2\u202f000"]])[1] == [
        "Поликлиника № 12 (K7M4PX2D): число анкет: в файле на листе 2000, в данных документа 200"
    ]
    (sentence,) = compared(total, [["1", "Чужая больница", "85,50", "200"]])[1]
    assert "Чужая больница" in sentence and "такой организации нет" in sentence


@pytest.mark.parametrize("places", [0, 1])
def test_counts_of_answers_are_no_points_however_points_are_printed(desk: Flask, places: int) -> None:
    found = true_results(nok.Practice(places=places))
    with desk.test_request_context("/"):
        paper = campaign_pdf(found, url="")
    report = verify_file(paper)
    assert report.differences == () and any("ячеек" in note for note in report.notes)
    total = found.standings[0].result.total
    assert total is not None
    shown = nok.comma(total.printed)
    assert any(told(repainted(paper, shown, "99,9"[: len(shown)], number)) for number in range(1, 7))


@pytest.mark.parametrize("cell", ["145/200", "145 /200", "145/ 200", "145\n/200"])
def test_two_counts_are_no_points(cell: str) -> None:
    given = a_release_file()
    for practice in (given["campaign"]["practice"], given["rules"]["practice"]):
        practice["places"] = 0
    printed = Printed(read(canonical(given)))
    printed.table(["Организация", "2.3"], [["Поликлиника № 12", cell]])
    assert (printed.checked, printed.differences) == (0, [])
    printed.table(["Организация", "2.3"], [["Поликлиника № 12", "145"]])
    assert printed.checked == 1 and printed.differences


def broken(papers: dict[str, bytes]) -> Iterator[tuple[bytes, str]]:
    """PDFs that cannot be taken, and the words for each."""
    paper = papers["organization"]
    yield b"%PDF-1.7\nnothing", "PDF не открывается"
    with pikepdf.open(io.BytesIO(paper)) as whole:
        out = io.BytesIO()
        whole.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))
    yield out.getvalue(), "закрыт паролем"
    with pikepdf.open(io.BytesIO(paper)) as whole:
        for name in list(whole.attachments):
            del whole.attachments[name]
        out = io.BytesIO()
        whole.save(out)
    yield out.getvalue(), "нет приложенных данных"
    yield with_part(paper, "result.json", b"{"), "обрывается"
    yield with_part(paper, "result.json", b'{"format": "x"}'), "не файл результатов этой службы"


def test_what_cannot_be_taken_is_refused_in_words(papers: dict[str, bytes]) -> None:
    for content, words in broken(papers):
        with pytest.raises(Refused, match=words):
            verify_file(content)


def test_a_bomb_among_the_attachments_is_left_packed(
    papers: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 1_000_000)
    bomb = with_part(papers["organization"], "result.json", b" " * 30_000_000)
    with pytest.raises(Refused, match="слишком велик"):
        verify_file(bomb)


def test_half_a_document_never_breaks_the_check(papers: dict[str, bytes]) -> None:
    paper = papers["organization"]
    for share in range(1, 12):
        try:
            verify_file(paper[: len(paper) * share // 12])
        except Refused as refused:
            assert str(refused)


def test_the_command_takes_a_document_and_a_file(
    papers: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any
) -> None:
    import app

    monkeypatch.setattr(app, "create_app", lambda *_: pytest.fail("verify needs no application"))
    paper, data = tmp_path / "итог.pdf", tmp_path / "release.json"
    paper.write_bytes(papers["campaign"])
    data.write_bytes(changed(a_release_file(), "organizations/0/result/total/printed", "86.50"))
    call = CliRunner().invoke
    done = call(app.cli, ["verify", str(paper)])
    assert done.exit_code == 0 and "Сошлось всё" in done.stdout
    done = call(app.cli, ["verify", "--json", str(data)])
    assert done.exit_code == 1 and json.loads(done.stdout)["differences"][0]["code"] == "K7M4PX2D"
    done = call(app.cli, ["verify", str(tmp_path / "нет.pdf")])
    assert done.exit_code == 2 and "такого файла нет" in done.stderr
    assert call(app.cli, ["verify", "--help"]).stdout.startswith("nok verify ФАЙЛ")
    assert nok.checking.main([str(paper)]) == 2  # a bare Python says what to do instead
    assert "nok verify" in capfdbinary.readouterr().err.decode()


LIGHTLY = """
import sys, command
code = command.main()
print(sorted({"flask", "sqlalchemy", "weasyprint", "app"} & {*sys.modules}))
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [(["verify", "итог.pdf"], "Сошлось всё"), (["indicators", "--help"], "nok indicators [ФАЙЛ|-]")],
)
def test_a_check_does_not_wait_for_the_service_to_be_imported(
    papers: dict[str, bytes], tmp_path: Path, words: list[str], said: str
) -> None:
    (tmp_path / "итог.pdf").write_bytes(papers["campaign"])
    line = [sys.executable, "-c", LIGHTLY, *words]
    told = subprocess.run(
        line, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert told.returncode == 0 and said in told.stdout, told.stderr
    assert told.stdout.splitlines()[-1] == "[]"


def test_what_is_typed_is_that_door_and_everything_else_goes_through_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {"nok": "command:main"}
    whole: list[list[str]] = []
    monkeypatch.setattr("app.main", lambda: whole.append(sys.argv))
    monkeypatch.setattr(sys, "argv", ["nok", "config"])
    assert command.main() is None and whole == [["nok", "config"]]
