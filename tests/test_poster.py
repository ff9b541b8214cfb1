"""The poster on the wall: what its code holds, what it says, and that print leaves it readable."""

import csv
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
import zxingcpp
from flask import Flask, request
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageOps
from pypdf import PdfReader

from surveys import paper, qr
from surveys.paper import (
    Asked,
    Choice,
    Poster,
    UnsuitablePoster,
    poster_pdf,
    poster_png,
    poster_svg,
    posters_pdf,
)
from surveys.press import parts, raster
from surveys.press.canvas import BLACK, Canvas

ADDRESS = "https://nok.example.ru/q/K7M4PX2D"
OFFICIAL = "https://bus.gov.ru/qrcode/rate/789838"
CLINIC = "Государственное бюджетное учреждение здравоохранения «Городская поликлиника № 12»"
CHANGES = ("Питьевая вода на каждом этаже.", "Запись по телефону теперь до 20:00.")
LONG = (
    "Муниципальное автономное дошкольное образовательное учреждение «Центр развития ребёнка – детский сад "
    "№ 1674 комбинированного вида с приоритетным осуществлением деятельности по художественно-эстетическому "
    "развитию детей имени Ивана Ивановича Иванова» муниципального образования Нижнекамский муниципальный "
    "район Республики Татарстан, структурное подразделение № 2 «Солнышко», корпус для детей младшего возраста"
)
ROOT = Path(__file__).resolve().parent.parent
CHOICES = [
    (form, skin) for form, one in paper.FORMATS.items() if one.family != "code" for skin in paper.SKINS
]
needs_poppler = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm (poppler-utils) is absent")


@pytest.fixture(autouse=True)
def drawing() -> Iterator[None]:
    """Templates and Russian words, nothing else of the application."""
    app = Flask("drawing", template_folder=str(ROOT / "templates"))
    Babel(app, default_locale="ru")
    app.context_processor(lambda: {"asked": request.path})  # as the pages have: a poster must not need it
    with app.app_context():
        yield


def poster(**changed):
    facts = {"name": CLINIC, "code": "K7M4PX2D", "address_url": ADDRESS}
    return Poster(**(facts | changed))


def full(**changed):
    facts = {
        "place": "Регистратура, 1 этаж", "place_number": 3, "agency_url": OFFICIAL, "changes": CHANGES,
        "asked": Asked(13, yes_no=True),
    }  # fmt: skip
    return poster(**(facts | changed))


def read(pdf: bytes) -> Any:
    return PdfReader(BytesIO(pdf))


def said(pdf: bytes) -> str:
    """The words of a PDF in one line, no-break spaces made plain."""
    text = " ".join(page.extract_text() for page in read(pdf).pages)
    return " ".join(text.replace("\u00a0", " ").split())


def letters(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def rasterised(pdf: bytes, folder: Path, dpi: int) -> list[Image.Image]:
    file = folder / "poster.pdf"
    file.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(file), str(folder / "page")], check=True)
    pages = []
    for page in sorted(folder.glob("page*.png")):
        with Image.open(page) as picture:
            pages.append(picture.convert("L"))
    return pages


# The code


def test_a_short_address_gets_the_smallest_code_of_level_q():
    assert len(qr.matrix(ADDRESS)) == 29  # version 3, for the public code is kept as alphanumeric
    assert len(qr.matrix("https://nok.example.ru/q/k7m4px2d")) == 33


@given(st.from_regex(r"https://[a-z0-9.-]{1,40}/q/[A-Z2-9]{8}(\?p=[1-9]\d{0,2})?", fullmatch=True))
@settings(max_examples=30)
def test_every_address_reads_back(address):
    assert qr.decode(qr.image(address, module_pixels=3)) == [address]
    assert qr.checked(address) == address


def test_the_quiet_zone_is_four_white_modules_on_every_side():
    picture = qr.image(ADDRESS, module_pixels=5)
    assert picture.mode == "1"
    assert ImageOps.invert(picture.convert("L")).getbbox() == (
        20,
        20,
        picture.width - 20,
        picture.height - 20,
    )


def test_the_drawing_holds_the_same_modules_as_the_matrix():
    drawn = [[False] * 29 for _ in range(29)]
    drawing = qr.svg(ADDRESS, title="Код опроса")
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawing):
        for step in range(int(length)):
            drawn[int(y) - 4][int(x) - 4 + step] = True
    assert drawn == qr.matrix(ADDRESS)
    assert drawing.count("<path") == 1 and 'viewBox="0 0 37 37"' in drawing


def test_the_drawing_has_a_name_and_its_own_white_ground():
    drawing = qr.svg(ADDRESS, title="Код «А & Б»")
    assert "<title>Код «А &amp; Б»</title>" in drawing and 'role="img"' in drawing
    assert '<rect width="37" height="37" fill="#fff"/>' in drawing


@pytest.mark.parametrize(
    "spoil",
    [
        lambda picture: picture.point(lambda light: 110 + light * 70 // 255),
        lambda picture: picture.filter(ImageFilter.GaussianBlur(5)),
        lambda picture: picture.rotate(23, expand=True, fillcolor=255),
        lambda picture: picture.resize((90, 90)),
    ],
    ids=["grey", "blurred", "tilted", "far"],
)
def test_a_bad_copy_is_still_read(spoil):
    assert qr.decode(spoil(qr.image(ADDRESS, module_pixels=10).convert("L"))) == [ADDRESS]


def test_a_picture_without_a_code_has_nothing_to_say():
    assert qr.decode(Image.new("L", (200, 200), 255)) == []


def test_a_code_that_does_not_read_back_is_never_handed_over(monkeypatch):
    monkeypatch.setattr(qr, "decode", lambda picture, **how: ["https://elsewhere.example/"])
    for draw in (poster_pdf, poster_png, poster_svg):
        with pytest.raises(qr.UnreadableCode, match="K7M4PX2D"):
            draw(poster())


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_very_file_of_a_code_alone_is_read_before_it_is_handed_over(kind, monkeypatch):
    assert paper.made(poster(), Choice.of("code"), kind)
    if kind == "svg":
        draw = qr.svg
        blot = '<rect x="12" y="12" width="14" height="14"/></svg>'
        monkeypatch.setattr(qr, "svg", lambda text, **how: draw(text, **how).replace("</svg>", blot))
    else:
        other = qr.png("https://elsewhere.example/", module_pixels=20)
        monkeypatch.setattr(qr, "png", lambda text, **how: other)
    with pytest.raises(qr.UnreadableCode, match="K7M4PX2D"):
        paper.made(poster(), Choice.of("code"), kind)


def test_the_code_alone_comes_as_a_picture_and_as_a_drawing():
    with Image.open(BytesIO(poster_png(poster(place_number=12), module_pixels=8))) as picture:
        assert picture.mode == "1"
        assert qr.decode(picture) == [ADDRESS + "?p=12"]
    assert "Код опроса: nok.example.ru/q/K7M4PX2D" in poster_svg(poster()).decode()


# What the poster holds


def test_a_place_is_a_number_in_the_code_and_is_not_typed():
    placed = poster(place="Регистратура", place_number=3)
    assert placed.link == ADDRESS + "?p=3"
    assert placed.typed == "nok.example.ru/q/K7M4PX2D"


def test_a_cyrillic_host_is_ascii_in_the_code_and_cyrillic_on_paper():
    ours = poster(address_url="https://оценка.рф/q/K7M4PX2D")
    assert ours.link == "https://xn--80ajpld2c.xn--p1ai/q/K7M4PX2D"
    assert ours.typed == "оценка.рф/q/K7M4PX2D"
    assert poster(address_url=ours.link).typed == ours.typed


def test_a_port_is_kept():
    assert poster(address_url="http://127.0.0.1:8000/q/K7M4PX2D").typed == "127.0.0.1:8000/q/K7M4PX2D"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"address_url": "nok.example.ru/q/K7M4PX2D"}, "полным"),
        ({"address_url": ADDRESS + "?p=1"}, "без параметров"),
        ({"address_url": f"https://{'a' * 64}.ru/q/K7M4PX2D"}, "имени узла"),
        ({"address_url": f"https://{'a.' * 40}ru/q/K7M4PX2D"}, "слишком длинен"),
        ({"agency_url": "https://bus.gov.ru.example.com/qrcode/rate/1"}, "не на bus.gov.ru"),
    ],
)
def test_an_address_that_cannot_be_printed_is_refused(changed, reason):
    with pytest.raises(UnsuitablePoster, match=reason):
        poster(**changed)


# The sheet


def test_the_poster_says_everything_it_should():
    words = said(poster_pdf(full(demo=True)))
    for expected in (
        "Как вас здесь приняли?", "13 вопросов", CLINIC, "Регистратура, 1 этаж", "Без имени и телефона",
        "nok.example.ru/q/K7M4PX2D", "Что изменилось благодаря вам", *CHANGES,
        "bus.gov.ru", "приказ Минтруда России № 344н", "Место № 3", "Образец для показа",
    ):  # fmt: skip
        assert expected in words


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(5, yes_no=False), "5 вопросов — это меньше минуты"),
        (Asked(9, yes_no=True), "9 вопросов — это около минуты"),
        (Asked(13, yes_no=True), "13 вопросов — это около полутора минут"),
        (Asked(18, yes_no=False), "18 вопросов — это около 2 минут"),
        (None, "несколько вопросов — это недолго"),
    ],
)
def test_it_names_what_its_campaign_asks_and_nothing_else(asked, says):
    sheet, leaflet = (
        said(paper.drawn_pdf(poster(asked=asked), Choice.of(form))) for form in ("a4", "leaflet")
    )
    assert says in sheet
    for words in (sheet, leaflet):
        assert ("«да» или «нет»" in words) is (asked is not None and asked.yes_no)
        assert ("13 вопросов" in words) is (asked == Asked(13, yes_no=True))


def test_without_changes_it_promises_only_what_the_law_does():
    words = said(poster_pdf(poster()))
    assert "Что дают ваши ответы" in words and "общественный совет" in words
    assert "Что изменилось" not in words and "bus.gov.ru" not in words and "Образец" not in words


def test_of_too_many_changes_the_first_are_kept():
    many = [f"{number}. " + "Поставили новые удобные кресла в зале ожидания. " * 3 for number in range(1, 9)]
    words = said(poster_pdf(full(changes=many)))
    assert "1. Поставили" in words and "8. Поставили" not in words


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
@pytest.mark.parametrize(
    "name", [LONG[:400], LONG[:400].upper(), "Ж" * 400], ids=["long", "capitals", "one word"]
)
def test_a_name_of_400_characters_fits_whole(name, choice):
    pdf = paper.drawn_pdf(full(name=name, demo=True), Choice.of(*choice))
    assert len(read(pdf).pages) == 1
    assert letters(name) in letters(said(pdf))
    assert ink_in_the_margin(raster.picture(pdf, width=500)) == []


def type_of(told: Poster, choice: Choice, monkeypatch: Any) -> list[tuple[str, float]]:
    """Every paragraph of a page and its size in points."""
    found: list[tuple[Canvas, str, float]] = []
    paragraph = Canvas.paragraph

    def seen(canvas, kind, lines, *where, **how):
        found.append((canvas, "".join(lines.lines), lines.size * canvas.scale * 72 / 25.4))
        return paragraph(canvas, kind, lines, *where, **how)

    with monkeypatch.context() as watched:
        watched.setattr(Canvas, "paragraph", seen)
        paper.drawn(told, choice)
    last = found[-1][0]  # what did not fit was drawn on others
    return [(text, size) for canvas, text, size in found if canvas is last]


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
@pytest.mark.parametrize("name", [CLINIC, LONG[:400], "Ж" * 400], ids=["short", "long", "one word"])
def test_no_type_is_too_small_to_be_read(name, choice, monkeypatch):
    small, most = 6 if choice[0] in ("a6", "tent", "sticker") else 8, full(name=name, languages=("ru", "tt"))
    told = type_of(most, Choice.of(*choice), monkeypatch)
    assert min(size for _text, size in told) >= small - 0.01
    sizes = {letters(text): size for text, size in told}
    assert sizes[letters(name)] > small + 0.4
    assert sizes["nok.example.ru/q/K7M4PX2D"] > small * 1.25
    steps = [size for text, size in told if text.startswith(("Наведите", "Откройте"))]
    assert not steps or max(steps) > small + 0.4  # the second language, here in Russian too, is smaller


@pytest.mark.parametrize("choice", [one for one in CHOICES if one[0] != "sticker"], ids="-".join)
def test_what_changed_stands_on_every_sheet_but_a_sticker(choice):
    short = said(paper.drawn_pdf(full(), Choice.of(*choice)))
    assert "Что изменилось благодаря вам" in short and all(one in short for one in CHANGES)
    many = ["В зале поставили двадцать четыре новых удобных кресла и кулер с питьевой водой." * 2] * 3
    scarce = said(
        paper.drawn_pdf(full(name=LONG[:400], changes=many, languages=("ru", "tt")), Choice.of(*choice))
    )
    assert "Что изменилось благодаря вам" in scarce and "– В зале поставили" in scarce


def ink_in_the_margin(page: Image.Image) -> list[str]:
    """Edges of the sheet that letters touch: a plain ground or a band may, many colours along it may not."""
    grey, edge = page.convert("L"), 3
    strips = {
        "left": (0, 0, edge, page.height),
        "right": (page.width - edge, 0, page.width, page.height),
        "bottom": (0, page.height - edge, page.width, page.height),
    }
    return [name for name, box in strips.items() if len(grey.crop(box).getcolors() or []) > 14]


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
def test_the_longest_real_names_fit_whole_in_two_languages(choice):
    with (ROOT / "demo/organizations.csv").open(encoding="utf-8") as file:
        names = sorted({row["name"] for row in csv.DictReader(file)}, key=len)[-3:]
    assert len(names[0]) > 150
    for name in names:
        text = said(paper.drawn_pdf(full(name=name, languages=("ru", "en")), Choice.of(*choice)))
        assert letters(name) in letters(text) and "nok.example.ru/q/K7M4PX2D" in text


@pytest.mark.parametrize("size", paper.SIZES)
def test_the_sheet_has_its_size(size):
    page = read(poster_pdf(poster(), size)).pages[0]
    assert [round(float(edge) * 25.4 / 72) for edge in page.mediabox[2:]] == list(paper.SIZES[size])


def test_words_stand_out_in_print_and_on_a_photocopy():
    """Ink and its ground of each design differ by 7 : 1, and where all is one grey as well."""
    for skin in paper.SKINS.values():
        pairs = [(skin.ink, skin.ground), (skin.soft, skin.ground)]
        pairs += [(skin.head_ink, skin.head)] if skin.head else []
        pairs += [(skin.ink, skin.panel)] if skin.panel else []
        for ink, ground in pairs:
            assert contrast(light(ink), light(ground)) >= 7, (skin.id, ink, ground)
            assert contrast(grey(ink), grey(ground)) >= 7, (skin.id, ink, ground)


def channels(colour: str) -> list[float]:
    *values, _operator = colour.split()
    return [float(one) for one in values] * (3 if len(values) == 1 else 1)


def light(colour: str) -> float:
    """Luminance as WCAG reckons it."""
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def grey(colour: str) -> float:
    """The same after a copier that sees all colours as one grey."""
    value = sum(part * one for part, one in zip((0.299, 0.587, 0.114), channels(colour), strict=True))
    return light(f"{value} g")


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_only_the_projects_own_letters_are_used_and_they_are_inside():
    page = read(poster_pdf(full(name="№ 1 «Ёлка» – Élan"))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {font["/BaseFont"].split("+")[1].split("-")[0] for font in fonts} == {"GolosText"}
    for font in fonts:
        assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_the_file_is_tagged_named_and_in_russian():
    document = read(poster_pdf(full())).root_object
    assert document["/Lang"] == "ru" and document["/MarkInfo"]["/Marked"]
    metadata = document["/Metadata"].get_data().decode()
    assert f"Плакат: {CLINIC}".replace("№ ", "№\u00a0") in metadata and "<pdfuaid:part>1<" in metadata
    meanings = list(elements(document["/StructTreeRoot"]["/K"][0]))
    assert [one["/Alt"] for one in meanings if one["/S"] == "/Figure"] == [
        "Код опроса: nok.example.ru/q/K7M4PX2D",
        "Официальный сайт bus.gov.ru",
    ]
    kinds = [one["/S"] for one in meanings]
    assert kinds.count("/H1") == 1 and kinds.count("/LI") == kinds.count("/Lbl") + 1 == 4


def elements(element):
    element = element.get_object()
    if isinstance(element, dict):
        yield element
        for part in element["/K"]:
            yield from elements(part)


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
def test_every_mark_on_the_page_has_a_meaning_or_is_an_artifact(choice):
    reader = read(paper.drawn_pdf(full(demo=True), Choice.of(*choice)))
    [page] = reader.pages
    content = page["/Contents"].get_data().decode()
    depth, told = 0, []
    for line in content.splitlines()[1:]:
        opened = line.endswith(("BDC", "BMC"))
        depth += opened - (line == "EMC")
        told += re.findall(r"/MCID (\d+)", line)
        assert depth <= 1
        assert depth or opened or line == "EMC" or re.fullmatch(r"Q|q [-\d. ]+ cm", line), line
    [node] = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Kids"]
    number, owners = node.get_object()["/Nums"]
    assert number == page["/StructParents"] == 0
    assert [int(one) for one in told] == list(range(len(owners)))
    for mark, owner in enumerate(owners):
        assert mark in owner.get_object()["/K"]


def test_the_same_poster_is_the_same_file(monkeypatch):
    first = poster_pdf(full())
    parts._part.cache_clear()
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)  # fonts remember when they were made
    assert poster_pdf(full()) == first


@needs_poppler
@pytest.mark.parametrize("size", paper.SIZES)
def test_both_codes_are_read_from_the_printed_sheet(size, tmp_path):
    [page] = rasterised(poster_pdf(full(name=LONG[:400]), size), tmp_path, 150)
    assert sorted(qr.decode(page)) == sorted([ADDRESS + "?p=3", OFFICIAL])


def specks(page: Image.Image, seed: int) -> Image.Image:
    """Grains of toner and white pinholes on 15 % of the dots."""
    chance, count = Random(seed), page.width * page.height  # noqa: S311
    where = Image.frombytes("L", page.size, chance.randbytes(count)).point(lambda one: 255 if one < 38 else 0)
    grains = Image.frombytes("L", page.size, chance.randbytes(count)).point(
        lambda one: 255 if one < 128 else 0
    )
    return Image.composite(grains, page, where)


def stains(page: Image.Image, seed: int) -> Image.Image:
    """Splashes over 15 % of the sheet, darkening it by almost a half."""
    chance, where = Random(seed), Image.new("L", page.size, 0)  # noqa: S311
    drawing = ImageDraw.Draw(where)
    while where.histogram()[0] > 0.85 * page.width * page.height:
        x, y, reach = chance.uniform(0, page.width), chance.uniform(0, page.height), chance.uniform(60, 160)
        drawing.ellipse((x - reach, y - reach, x + reach, y + reach), fill=110)
    return Image.composite(Image.new("L", page.size, 20), page, where)


def photographed(page: Image.Image) -> Image.Image:
    """A grey copy, tilted."""
    copied = page.point(lambda light: 60 + light * 130 // 255)
    return copied.rotate(20, expand=True, fillcolor=190, resample=Image.Resampling.BICUBIC)


def printed(told: Poster, choice: Choice) -> Image.Image:
    """At 200 dpi; a screen as a telephone takes it, with half as many dots again as it has."""
    pdf = paper.drawn_pdf(told, choice)
    if not choice.format.pixels:
        return raster.picture(pdf, dpi=200).convert("L")
    wide, high = choice.format.pixels
    shown = raster.picture(pdf, width=wide).convert("L")
    return shown.resize((wide * 3 // 2, high * 3 // 2), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
def test_of_a_dirty_grey_tilted_copy_both_codes_are_read(choice):
    page = printed(full(), Choice.of(*choice))
    for dirt in (specks, stains):
        for seed in (7, 8):
            read = set(qr.decode(photographed(dirt(page, seed))))
            assert read == {ADDRESS + "?p=3", OFFICIAL}, (dirt.__name__, seed)


@pytest.mark.parametrize("choice", CHOICES, ids="-".join)
def test_a_long_name_and_a_second_language_leave_both_codes_as_readable(choice):
    page = printed(full(name=LONG[:400], languages=("ru", "en")), Choice.of(*choice))
    assert set(qr.decode(photographed(specks(page, 3)))) == {ADDRESS + "?p=3", OFFICIAL}


@pytest.mark.parametrize("skin", paper.SKINS)
@pytest.mark.parametrize("form", ["a4", "a3", "a5", "a6", "leaflet", "tent", "sticker"])
def test_it_is_read_from_the_distance_it_is_made_for(form, skin):
    choice = Choice.of(form, skin)
    sharp = raster.picture(paper.drawn_pdf(full(), choice), dpi=150)
    dots = (
        choice.format.width * 1.5 / choice.format.distance
    )  # a telephone at 1.5 m has a dot to a millimetre
    seen = sharp.resize((round(dots), round(dots * sharp.height / sharp.width)), Image.Resampling.BILINEAR)
    assert ADDRESS + "?p=3" in qr.decode(seen)


@needs_poppler
@pytest.mark.parametrize("place", [None, 3, 1234])
def test_modules_on_a4_are_at_least_two_and_a_half_millimetres(place, tmp_path):
    [page] = rasterised(poster_pdf(full(place_number=place)), tmp_path, 150)
    [code] = [code for code in zxingcpp.read_barcodes(page) if ADDRESS in code.text]
    width = code.position.top_right.x - code.position.top_left.x
    assert width / 150 * 25.4 / len(qr.matrix(code.text)) >= 2.45  # a pixel of 0.17 mm may be lost


FAR = "https://otsenka-kachestva.example-region.ru/q/K7M4PX2D"


@pytest.mark.parametrize("skin", paper.SKINS)
@pytest.mark.parametrize("form", [one.id for one in paper.FORMATS.values() if one.official])
def test_where_two_codes_stand_each_has_its_word(form, skin):
    ours, official = "Короткий опрос: без входа и без имени", "Официальный сайт bus.gov.ru"
    # A long address makes a large code, which is laid out otherwise; every other design has a short one.
    address = FAR if skin == "calm" else ADDRESS
    told = said(paper.drawn_pdf(full(address_url=address), Choice.of(form, skin)))
    assert ours in told and official in told


def test_a_code_alone_needs_no_word():
    alone = said(paper.drawn_pdf(full(agency_url=None), Choice.of("a4")))
    assert "Короткий опрос: без входа" not in alone and "Официальный сайт" not in alone


@pytest.mark.parametrize("skin", paper.SKINS)
@pytest.mark.parametrize("form", [one.id for one in paper.FORMATS.values() if one.family != "code"])
def test_everything_at_its_longest_fits_and_is_read(form, skin):
    most = full(
        name=LONG[:400], place=("Конец коридора второго этажа левого крыла " * 3)[:100], place_number=999,
        address_url=FAR, languages=("en", "tt"), demo=True,
    )  # fmt: skip
    [page] = paper.proved([most], Choice.of(form, skin))
    assert not isinstance(page, Exception), page


def test_a_card_is_read_from_either_side(monkeypatch):
    card, code, drawn = Choice.of("tent", "calm"), Canvas.code, []
    assert paper.made(full(), card, "pdf")

    def blotted(canvas, text, alt, x, y, side, *level):
        code(canvas, text, alt, x, y, side, *level)
        drawn.append((canvas, text))
        if drawn.count((canvas, text)) == 2 and text != OFFICIAL:
            canvas.box(x + side / 4, y + side / 4, side / 2, side / 2, BLACK)

    monkeypatch.setattr(Canvas, "code", blotted)
    with pytest.raises(qr.UnreadableCode):
        paper.made(full(), card, "pdf")


def test_no_posters_are_no_document():
    with pytest.raises(ValueError, match="without pages"):
        posters_pdf([])
