"""The council's bound document: sections joined as one, by structure and not by looks; resumed, kept, told of."""

import io
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask, request
from flask_babel import Babel
from jinja2 import StrictUndefined
from pypdf import PdfReader
from standings import URL, campaign

from council import documents, pages
from documents import council_annexes
from documents.bound import apart, parts, press
from documents.bound.binder import outline
from surveys import display

ROOT = Path(__file__).resolve().parent.parent
TITLES = "1. Выборка и каналы", "8. Рейтинг организаций", "Приложение 6. Как проверить самим"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A campaign of four put down and drawn in many parts, one organisation's words being cruel to a PDF."""
    app = Flask("desk", root_path=str(ROOT))
    app.config.update(BABEL_DEFAULT_LOCALE="ru", SECRET_KEY="desk", BASE_URL="https://nok.example.ru")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    display.init_app(app)
    pages.init_app(app)
    app.context_processor(lambda: {"viewer": None, "asked": request.path})
    at = tmp_path_factory.mktemp("bound")
    with pytest.MonkeyPatch.context() as patch, app.test_request_context("/"):
        patch.setenv("SOURCE_DATE_EPOCH", "1795168800")
        patch.setattr(parts, "PART", 40)
        patch.setattr(council_annexes, "TRACED", 4)
        documents.put_down(at, campaign(4), url=URL, proposals="Учесть: (9 0 R) и \\ скобку )")
        press.draw(at)
        yield at


@pytest.fixture(scope="module")
def whole(folder: Path) -> bytes:
    return (folder / press.WHOLE).read_bytes()


@pytest.fixture
def pdf(whole: bytes) -> Iterator[Any]:
    with pikepdf.open(io.BytesIO(whole)) as opened:
        yield opened


def texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def elements(element: Any) -> Iterator[Any]:
    yield element
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def test_it_is_drawn_in_parts_and_is_sound(folder: Path, pdf: Any) -> None:
    assert len(list(folder.glob("0*.pdf"))) > 5
    assert pdf.check_pdf_syntax() == []


def test_every_page_bears_its_number_and_the_contents_tell_it(whole: bytes) -> None:
    said = texts(whole)
    assert [text.split()[-1] for text in said][1:] == [str(n) for n in range(2, len(said) + 1)]
    for title in TITLES:
        number = re.search(re.escape(title) + r"[\s.]*?(\d+)\n", said[1])
        assert number, title
        assert title in " ".join(said[int(number[1]) - 1].split()), title


def test_links_of_the_contents_lead_to_the_headings(pdf: Any) -> None:
    names = list(pdf.Root.Names.Dests.Names)
    leads = {str(name): place[0].objgen for name, place in zip(names[::2], names[1::2], strict=True)}
    numbers = {page.obj.objgen: at for at, page in enumerate(pdf.pages, 1)}
    links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
    assert {str(link.Dest) for link in links} == leads.keys() and len(leads) > 15
    told = [numbers[leads[str(link.Dest)]] for link in links]
    assert told == sorted(told) and told[0] == 3
    assert all(str(link.Contents) and not str(link.Contents).startswith("s0") for link in links)


def test_bookmarks_hang_as_headings_do(pdf: Any) -> None:
    with pdf.open_outline() as tree:
        titles = {item.title: [kid.title for kid in item.children] for item in tree.root}
    assert set(TITLES) <= titles.keys()
    traced = next(kids for title, kids in titles.items() if "Ход расчёта" in title)
    assert traced == [f"Поликлиника №\u00a0{n}" for n in range(1, 5)]


def test_the_structure_is_one_tree_that_every_page_finds(pdf: Any) -> None:
    root = pdf.Root.StructTreeRoot
    known = {one.objgen for one in elements(root.K[0])}
    keys: dict[int, Any] = {}
    for branch in root.ParentTree.Kids:
        numbers = list(branch.Nums)
        keys |= {int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)}
        assert [int(end) for end in branch.Limits] == [int(numbers[0]), int(numbers[-2])]
    assert int(root.ParentTreeNextKey) == len(keys)
    for page in pdf.pages:
        found = keys[int(page.obj.StructParents)]
        assert {one.Pg.objgen for one in found} == {page.obj.objgen}
        assert sum(one.objgen in known for one in found) > len(found) // 2  # feet are artifacts of the layout
        for link in page.obj.get("/Annots", []):
            assert keys[int(link.StructParent)].S == "/Link"
            assert keys[int(link.StructParent)].objgen in known


def test_headers_of_cells_are_found_by_names_of_their_own(pdf: Any) -> None:
    named: dict[str, Any] = {}
    for branch in pdf.Root.StructTreeRoot.IDTree.Kids:
        names = list(branch.Names)
        assert [str(name) for name in names[::2]] == sorted(str(name) for name in names[::2])
        named |= {str(name): one for name, one in zip(names[::2], names[1::2], strict=True)}
    cells = [one for one in elements(pdf.Root.StructTreeRoot.K[0]) if one.S == "/TD"]
    headers = [str(one) for cell in cells for one in cell.A.get("/Headers", [])]
    assert len(headers) > 500 and set(headers) <= named.keys()
    assert all(str(named[header].ID) == header and named[header].S == "/TH" for header in set(headers))
    assert all(one.get("/Alt") for one in elements(pdf.Root.StructTreeRoot.K[0]) if one.S == "/Figure")


def test_it_says_of_itself_what_archives_ask(folder: Path, whole: bytes) -> None:
    for content, part in ((whole, "3"), ((folder / press.ARCHIVE).read_bytes(), "2")):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            said = pdf.Root.Metadata.read_bytes().decode()
            assert f"<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>U<" in said
            assert "<pdfuaid:part>1<" in said and "pdfaSchema:namespaceURI" in said
            assert "/Filter" not in pdf.Root.Metadata
            assert (
                pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
                and pdf.Root.OutputIntents[0].DestOutputProfile.N == 3
            )
            assert str(pdf.docinfo["/Title"]) in said and len(pdf.trailer.ID) == 2
            assert pdf.Root.MarkInfo.Marked and pdf.Root.ViewerPreferences.DisplayDocTitle
            assert str(pdf.Root.Lang) == "ru"
            fonts = [
                one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/FontDescriptor" in one
            ]
            assert fonts and all(
                "/FontFile2" in one.FontDescriptor or "/FontFile3" in one.FontDescriptor for one in fonts
            )
            type0 = [
                one
                for one in pdf.objects
                if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Type0"
            ]
            assert type0 and all("/ToUnicode" in one for one in type0)
            links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
            assert links and all(int(link.F) == 4 for link in links)
            assert list(pdf.attachments) == (["input.json", "result.json"] if part == "3" else [])
            assert [str(file.AFRelationship) for file in pdf.Root.get("/AF", [])] == ["/Data"] * len(
                pdf.attachments
            )


def test_words_are_found_and_copied(folder: Path, whole: bytes) -> None:
    done = subprocess.run(["pdftotext", str(folder / press.WHOLE), "-"], capture_output=True, check=True)
    told = done.stdout.decode()
    assert "Открытость и доступность информации" in " ".join(told.split())
    assert "(9 0 R) и \\ скобку )" in " ".join(told.split())


def test_what_was_killed_goes_on_from_where_it_stood(
    folder: Path, tmp_path: Path, whole: bytes, monkeypatch
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for lost in ("00002.pdf", "00004.pdf", press.WHOLE, press.ARCHIVE):
        (tmp_path / lost).unlink()
    drawn: list[int] = []
    real = press._drawn

    def counted(*given: Any, **context: Any) -> bytes:
        drawn.append(given[2])
        return real(*given, **context)

    monkeypatch.setattr(press, "_drawn", counted)
    far: list[tuple[int, int]] = []
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795168800")
    press.draw(tmp_path, lambda done, total: far.append((done, total)))
    assert len(drawn) == 4  # the contents twice, what was lost once
    assert (tmp_path / press.WHOLE).read_bytes() == whole
    total = json.loads((folder / press.HEAD).read_bytes())["parts"] + 2
    assert far == [(done, total) for done in range(1, total + 1)]


@pytest.mark.slow
def test_a_long_document_is_drawn_by_a_process_of_its_own(
    folder: Path, tmp_path: Path, whole: bytes, monkeypatch
) -> None:
    for file in folder.iterdir():
        if file.suffix != ".pdf" or file.name not in ("00002.pdf", press.WHOLE, press.ARCHIVE):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795168800")
    monkeypatch.setenv("NOK_DATA_DIR", str(tmp_path / "own"))
    monkeypatch.delenv("NOK_DATABASE_URL", raising=False)
    far: list[int] = []
    apart.draw(tmp_path, apart.FEW + 1, lambda done, total: far.append(total - done))
    assert (tmp_path / press.WHOLE).read_bytes() == whole
    assert far == sorted(far, reverse=True) and far[-1] == 0
    for lost in ("00002.pdf", "00002.json", press.ARCHIVE):
        (tmp_path / lost).unlink()
    with pytest.raises(RuntimeError, match="drawing ended with 1"):
        apart.draw(tmp_path, apart.FEW + 1)
    assert not (tmp_path / press.ARCHIVE).exists()


def test_a_part_knows_its_headings(folder: Path) -> None:
    head = json.loads((folder / press.HEAD).read_bytes())
    found = [
        title
        for at in range(1, head["parts"] + 1)
        for _d, title, _p in outline(folder / f"{at:05d}.pdf").headings
    ]
    assert found == [title for _depth, title in head["headings"]]
