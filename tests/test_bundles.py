"""Many posters at once: one file or an archive with a list, whole again after a kill, and each code of it read."""

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from build import a_campaign, an_organization
from flask import Flask
from flask_babel import Babel
from pypdf import PdfReader

from surveys import bundles, paper, posters, qr
from surveys.bundles import Order, make
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Organization, Place
from surveys.paper import Asked, Choice, Poster
from surveys.press import raster
from surveys.press.canvas import BLACK, Canvas, Drawn

COUNT = 23


@pytest.fixture
def drawing() -> Iterator[None]:
    app = Flask("drawing")
    Babel(app, default_locale="ru")
    with app.app_context():
        yield


class Killed(Exception):
    """The process is gone."""


def feed(after: int, dies_at: int = 0) -> Iterator[tuple[int, Poster]]:
    """Two posters of each organisation that follows."""
    for number in range(after + 1, COUNT + 1):
        for place in (1, 2):
            if number == dies_at and place == 2:
                raise Killed
            yield number, Poster(
                f"Школа № {number} «=Родник»", f"K7M4P{number:03}", f"https://nok.example.ru/q/K7M4P{number:03}",
                f"{place} этаж", place,
            )  # fmt: skip


def order(kind: str) -> Order:
    return Order(kind, Choice.of("a5", "copy"), listed=True)


@pytest.fixture(autouse=True)
def marks(monkeypatch) -> None:
    monkeypatch.setattr(bundles, "MARKED_EVERY", 5)
    monkeypatch.setattr(bundles, "TOGETHER", 3)


@pytest.mark.parametrize("kind", bundles.KINDS)
@pytest.mark.parametrize("dies_at", [1, 9, 23])
def test_a_killed_bundle_goes_on_and_ends_as_if_never_killed(drawing, tmp_path, kind, dies_at):
    told: list[int] = []
    with pytest.raises(Killed):
        make(tmp_path / "killed", order(kind), lambda after: feed(after, dies_at), told.append)
    tear(tmp_path / "killed")
    begun: list[int] = []

    def following(after: int) -> Iterator[tuple[int, Poster]]:
        begun.append(after)
        return feed(after)

    again = make(tmp_path / "killed", order(kind), following, told.append)
    whole = make(tmp_path / "whole", order(kind), feed, lambda count: None)
    assert begun[0] == 0 if dies_at == 1 else begun[0] >= dies_at - 5
    assert (again.count, again.refused) == (whole.count, whole.refused) == (2 * COUNT, 0)
    assert again.list.read_bytes() == whole.list.read_bytes()
    assert contents(again.file) == contents(whole.file)
    assert sorted(one.name for one in (tmp_path / "killed").iterdir()) == sorted(
        [again.file.name, "done.json", "spisok.csv"]
    )


def tear(folder: Path) -> None:
    """What a kill leaves: after the last mark, half of what was being written."""
    if (folder / "mark.json").exists():
        mark = json.loads((folder / "mark.json").read_text("utf-8"))
        for name, end in (
            ("whole.part", mark.get("files_end") or mark["book"]["length"]),
            ("list.part", mark["list"]),
        ):
            with (folder / name).open("r+b") as file:
                file.truncate(end)
                file.seek(end)
                file.write(b"torn" * 99)


def contents(file: Path) -> object:
    if file.suffix == ".pdf":
        return file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return [(one, archive.read(one)) for one in archive.namelist()]


@pytest.mark.parametrize("kind", bundles.KINDS)
@pytest.mark.parametrize("moves", [0, 1, 2])
def test_a_kill_among_the_last_moves_loses_nothing(drawing, tmp_path, monkeypatch, kind, moves):
    left, replace = [moves], os.replace

    def dying(source: Path, to: Path) -> None:
        last = source.name in ("whole.part", "list.part")
        if last and not left[0]:
            raise Killed
        replace(source, to)
        left[0] -= last
        if last and not left[0]:
            raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(os, "replace", dying)
        make(tmp_path / "killed", order(kind), feed, lambda count: None)
    again = make(tmp_path / "killed", order(kind), feed, lambda count: None)
    whole = make(tmp_path / "whole", order(kind), feed, lambda count: None)
    assert again.list.read_bytes() == whole.list.read_bytes() and contents(again.file) == contents(whole.file)
    assert len(list((tmp_path / "killed").iterdir())) == 3


@pytest.mark.parametrize("kind", bundles.KINDS)
def test_the_list_says_where_each_code_lies_and_no_cell_computes(drawing, tmp_path, kind):
    made = make(tmp_path / "made", order(kind), feed, lambda count: None)
    rows = list(csv.DictReader(io.StringIO(made.list.read_text("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2 * COUNT
    last = rows[-1]
    assert last["Место"] == "2 этаж" and last["Адрес в коде"] == "https://nok.example.ru/q/K7M4P023?p=2"
    if kind == "pdf":
        page, pdf = int(last["Где лежит"].split()[1]) - 1, made.file.read_bytes()
        assert len(PdfReader(made.file).pages) == 2 * COUNT
    else:
        with zipfile.ZipFile(made.file) as archive:
            page, pdf = 0, archive.read(last["Где лежит"])
    assert qr.decode(raster.picture(pdf, dpi=100, page=page)) == [last["Адрес в коде"]]


def test_a_long_bundle_is_one_tagged_document(drawing, tmp_path):
    made = make(tmp_path / "made", order("pdf"), feed, lambda count: None)
    reader: Any = PdfReader(made.file)
    tree = reader.root_object["/StructTreeRoot"]
    for number, page in enumerate(reader.pages):
        assert page["/StructParents"] == number
    owners = [one for node in tree["/ParentTree"]["/Kids"] for one in node.get_object()["/Nums"][1::2]]
    pages = [one.get_object()[0].get_object().raw_get("/Pg").idnum for one in owners]
    assert pages == [page.indirect_reference.idnum for page in reader.pages]
    assert [mark.title for mark in reader.outline][:3:2] == [
        "Школа №\u00a01 «=Родник»",
        "Школа №\u00a02 «=Родник»",
    ]


@pytest.mark.parametrize("kind", bundles.KINDS)
def test_a_page_whose_drawn_code_does_not_read_is_left_out_and_named(drawing, tmp_path, monkeypatch, kind):
    code = Canvas.code

    def blotted(canvas: Canvas, text: str, alt: str, x: float, y: float, side: float) -> None:
        code(canvas, text, alt, x, y, side)  # the modules are right; what else was drawn covers them
        if "K7M4P007?p=1" in text:
            canvas.box(x + side / 4, y + side / 4, side / 2, side / 2, BLACK)

    monkeypatch.setattr(Canvas, "code", blotted)
    made = make(tmp_path / "made", order(kind), feed, lambda count: None)
    assert (made.count, made.refused) == (2 * COUNT, 1)
    assert "не сделан: код не прочитался" in made.list.read_text("utf-8-sig")
    if kind == "pdf":
        assert len(PdfReader(made.file).pages) == 2 * COUNT - 1
        return
    with zipfile.ZipFile(made.file) as archive:
        assert "K7M4P007-1.pdf" not in archive.namelist() and "K7M4P007-2.pdf" in archive.namelist()


@pytest.mark.parametrize("form", [one.id for one in paper.FORMATS.values() if one.family != "code"])
def test_a_glance_at_where_codes_stand_is_enough_for_what_is_sound(drawing, monkeypatch, form):
    """The look at a whole page is for what was not read: a glance that misses its place would cost every page one."""
    monkeypatch.setattr(paper, "read_whole", None)
    official = "https://bus.gov.ru/qrcode/rate/789838"
    address = "https://nok.example.ru/q/K7M4PX2D"
    both = [Poster("Школа № 1", "K7M4PX2D", address, "2 этаж", 2, agency) for agency in (None, official)]
    for skin in paper.SKINS:
        pages = paper.proved(both, Choice.of(form, skin))
        assert all(isinstance(page, Drawn) for page in pages)


def test_a_mark_does_not_grow_with_what_was_drawn(drawing, tmp_path, monkeypatch):
    """Only numbers stay in memory: what a mark holds is what a book holds."""
    monkeypatch.setattr(bundles, "TOGETHER", 1)
    sizes = []
    for count in (10, 20):
        folder = tmp_path / str(count)
        with pytest.raises(Killed):
            make(folder, order("pdf"), partial(feed, dies_at=count), lambda made: None)
        sizes.append(len(json.dumps(json.loads((folder / "mark.json").read_text("utf-8"))["book"])))
    assert sizes[1] < 2 * sizes[0]


def test_nothing_to_draw_is_no_bundle(drawing, tmp_path):
    with pytest.raises(ValueError, match="without pages"):
        make(tmp_path / "made", order("pdf"), lambda after: iter(()), lambda count: None)


def test_posters_name_what_the_open_campaign_asks_else_the_next_one(session):
    code = an_organization("Поликлиника № 1")
    soon = today() + timedelta(days=30)
    a_campaign(questionnaires={"poster": "epgu-5"}, starts_on=soon, ends_on=soon, year=soon.year)
    an_organization("Школа № 1", sector="education")
    db.session.rollback()

    def asked() -> list[Asked | None]:
        found = [one.asked for _id, one in posters.run(posters.chosen(), "https://nok.example.ru")(0)]
        organization = db.session.query(Organization).filter_by(code=code).one()
        assert posters.of(db.session(), organization, "https://nok.example.ru").asked == found[0]
        db.session.rollback()
        return found

    assert asked() == [Asked(4, yes_no=False), None]
    a_campaign(ends_on=today(), starts_on=today())
    assert asked() == [Asked(13, yes_no=True), None]


def test_a_run_numbers_new_places_and_goes_on_after_an_organisation(session):
    for number in range(3):
        an_organization(f"Поликлиника № {number}", agency_id="789838")
    an_organization("Школа № 1", sector="education")
    chosen = posters.chosen(campaign_id=a_campaign(demo=True))
    db.session.rollback()
    assert posters.how_many(db.session(), chosen) == 3
    run = posters.run(chosen, "https://nok.example.ru", ["Регистратура", "2 этаж"])
    found = list(run(0))
    assert [(one.place, one.place_number) for _id, one in found] == [("Регистратура", 1), ("2 этаж", 2)] * 3
    assert all(one.demo and one.agency_url for _id, one in found)
    assert [key for key, _one in run(found[0][0])] == [key for key, _one in found[2:]]
    again = posters.run(chosen, "https://nok.example.ru", ["2 Этаж", "регистратура"])(0)
    assert [one.place_number for _id, one in again] == [2, 1] * 3, "capitals make no other place"
    db.session.rollback()
    first = db.session.query(Organization).order_by(Organization.id).limit(1).one()
    alone = posters.of(db.session(), first, "https://nok.example.ru", "РЕГИСТРАТУРА")
    assert alone.place_number == 1
    with writing() as open_session:
        kept = posters.number_place(open_session, open_session.get_one(Organization, first.id), "2 ЭТАЖ")
        assert (kept.number, kept.name) == (2, "2 этаж")
    assert db.session.query(Place).count() == 6
