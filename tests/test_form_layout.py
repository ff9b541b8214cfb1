"""The printed form: every box has its place, the place is where the paper shows it, and nothing lies over it."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image, ImageStat
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from documents.drawing import STATIC, OwnFiles
from paper import drawing, frame, numerals, printed, serials
from paper.geometry import Geometry, Side, Spot
from paper.heading import Run, cover, head
from paper.layout import LINE, PRINTS, DoesNotFit, Form, laid
from paper.packing import HEAD, Measured, packed
from paper.serials import PageCode
from paper.stamping import grouped, modules, stamped
from surveys import library, qr
from surveys.questionnaire import Questionnaire

DPI = 150
SALT = b"0123456789abcdef"
LONG_NAME = (
    "Государственное бюджетное учреждение здравоохранения города Москвы «Городская клиническая больница имени "
    "академика Н. Н. Бурденко Департамента здравоохранения города Москвы», обособленное структурное подразделение "
    "«Детская стоматологическая поликлиника № 12 с отделением восстановительного лечения и кабинетом неотложной "
    "помощи», филиал № 3 в посёлке городского типа Новый Краснооктябрьский"
).ljust(400, "й")
ALL = [(one.id, print) for one in library.questionnaires() for print in PRINTS]
OFFICIAL = "675n-full"


class Glyph(NamedTuple):
    """A letter as the PDF shows it: where, in millimetres from the upper left, and of which size in points."""

    sign: str
    spot: Spot
    size: float


def form(name: str = OFFICIAL, print: str = "usual") -> Form:
    return laid(library.questionnaire(name), print)


@cache
def glyphs(pdf: bytes, page: int) -> tuple[Glyph, ...]:
    document = pdfium.PdfDocument(pdf)
    text = document[page].get_textpage()
    told = []
    for place in range(text.count_chars()):
        sign = text.get_text_range(place, 1).replace("\ufffe", "-")  # a hyphen at the end of a line
        if not sign.strip():
            continue
        left, bottom, right, top = (edge * 25.4 / 72 for edge in text.get_charbox(place))
        size = pdfium.raw.FPDFText_GetFontSize(text.raw, place) * 0.75  # the page is laid out in CSS pixels
        told.append(Glyph(sign, Spot(left, frame.HEIGHT - top, right - left, top - bottom), size))
    return tuple(told)


@cache
def picture(pdf: bytes, page: int) -> Image.Image:
    drawn: Image.Image = pdfium.PdfDocument(pdf)[page].render(scale=DPI / 72).to_pil()
    return drawn.convert("L")


@cache
def sheet(name: str = OFFICIAL, print: str = "usual") -> bytes:
    """One sheet as it leaves the printer."""
    one = form(name, print)
    run = Run(7, 12, "Поликлиники Москвы", LONG_NAME, "K7M4PX2D", 123, 1, one.sides, print, True)
    return stamped(one, [PageCode(12, 123, 1, "K7M4PX2D")], SALT, head=head(run))


def sides(one: Form) -> Iterator[tuple[int, Side]]:
    return enumerate(one.geometry.sides)


@pytest.mark.parametrize(("name", "print"), ALL)
def test_every_choice_of_every_question_has_one_box(name: str, print: str) -> None:
    one = form(name, print)
    boxes = [(box.question, box.value) for _page, side in sides(one) for box in side.boxes]
    assert boxes == [(q.id, choice.value) for q in one.questionnaire.closed for choice in q.choices]
    words = [name for _page, side in sides(one) for name in side.words]
    assert words == [q.id for q in one.questionnaire.questions if not q.closed]
    asked = [name for _page, side in sides(one) for name in side.asked]
    assert asked == [q.id for q in one.questionnaire.questions]


@pytest.mark.parametrize(("name", "print"), ALL)
def test_boxes_are_large_far_apart_and_inside_their_question(name: str, print: str) -> None:
    for _page, side in sides(form(name, print)):
        for box in side.boxes:
            assert min(box.spot.width, box.spot.height) >= (8 if print == "large" else 6)
            assert box.spot.width == pytest.approx(box.spot.height)
            whole = side.asked[box.question]
            assert whole.x - 0.01 <= box.spot.x
            assert whole.y - 0.01 <= box.spot.y
            assert box.spot.x + box.spot.width <= whole.x + whole.width + 0.01
            assert box.spot.y + box.spot.height <= whole.y + whole.height + 0.01
        for one, other in combinations(side.boxes, 2):
            assert not one.spot.grown(1.99).meets(other.spot.grown(1.99)), (one, other)


@pytest.mark.parametrize(("name", "print"), ALL)
def test_nothing_lies_over_anything(name: str, print: str) -> None:
    one = form(name, print)
    for page, side in sides(one):
        fixed = [spot.grown(frame.QUIET) for spot in side.markers.values()]
        fixed += [side.code.grown(frame.CODE_QUIET), side.digits]
        for glyph in glyphs(one.blank, page):
            assert not glyph.spot.meets(side.digits.grown(frame.QUIET)), glyph
        own = [*(box.spot.grown(0.3) for box in side.boxes), *side.words.values()]
        for first, second in combinations([*fixed, *side.asked.values()], 2):
            assert not first.meets(second), (first, second)
        for glyph in glyphs(sheet(name, print), page):
            if glyph.spot.meets(side.digits):
                continue
            for spot in [*fixed[:-1], *own]:
                assert not glyph.spot.meets(spot), (page, glyph, spot)


@pytest.mark.parametrize(("name", "print"), ALL)
def test_nothing_is_printed_at_the_edge_of_the_paper(name: str, print: str) -> None:
    for page, _side in sides(form(name, print)):
        drawn = picture(sheet(name, print), page)
        left, top, right, bottom = (
            drawn.point([255 if light < 200 else 0 for light in range(256)]).getbbox() or (0,) * 4
        )
        edge = (frame.EDGE - 0.3) * DPI / 25.4
        assert left >= edge
        assert top >= edge
        assert right <= drawn.width - edge
        assert bottom <= drawn.height - edge


@pytest.mark.parametrize(("name", "print"), ALL)
def test_the_official_words_stand_in_full_and_large_enough(name: str, print: str) -> None:
    one = form(name, print)
    printed = ["".join(glyph.sign for glyph in glyphs(one.blank, page)) for page, _side in sides(one)]
    for question in one.questionnaire.questions:
        page = next(page for page, side in sides(one) if question.id in side.asked)
        wording = "".join((question.wording or question.caption).split())
        number = f"{question.number}." if question.number else ""
        assert number + wording in printed[page]
        for choice in question.choices:
            assert "".join(choice.printed.split()) in printed[page]
    for page, side in sides(one):
        for glyph in glyphs(one.blank, page):
            asked = any(glyph.spot.meets(spot) for spot in side.asked.values())
            assert glyph.size >= (18 if print == "large" and asked else 13) - 0.01, glyph


@pytest.mark.parametrize("name", [OFFICIAL, "675n-culture-education", "bus-gov-13"])
def test_a_questionnaire_fits_on_both_sides_of_one_sheet(name: str) -> None:
    assert form(name).sides == 2


def test_the_sheet_says_how_to_mark_and_to_turn_it() -> None:
    first, second = (
        "".join(glyph.sign for glyph in glyphs(form().blank, page)) for page, _side in sides(form())
    )
    for words in (
        "Поставьте галочку или крестик",
        "закрасьте квадрат целиком",
        "не пишите имя и телефон",
        "опустите в ящик",
        "1 из 2",
        "Переверните лист",
    ):
        assert words.replace(" ", "") in first.replace("✓", "")
    assert "2из2" in second
    assert "Переверните" not in second


@pytest.mark.parametrize(("name", "print"), ALL)
def test_the_paper_shows_a_frame_where_the_geometry_has_it(name: str, print: str) -> None:
    one = form(name, print)
    for page, side in sides(one):
        drawn = picture(one.blank, page)
        for box in side.boxes:
            left, top, right, bottom = pixels(box.spot)
            middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
            step = LINE / 2 * DPI / 25.4
            for x, y in (
                (left + step, middle_y),
                (right - step, middle_y),
                (middle_x, top + step),
                (middle_x, bottom - step),
            ):
                assert light_at(drawn, x, y) < 128, box
            inside = drawn.crop((int(left) + 5, int(top) + 5, int(right) - 4, int(bottom) - 4))
            assert inside.getextrema() == (255, 255), box


def light_at(drawn: Image.Image, x: float, y: float) -> int:
    light = drawn.getpixel((int(x), int(y)))
    assert isinstance(light, int)
    return light


def pixels(spot: Spot) -> tuple[float, float, float, float]:
    scale = DPI / 25.4
    return spot.x * scale, spot.y * scale, (spot.x + spot.width) * scale, (spot.y + spot.height) * scale


@pytest.mark.parametrize(("name", "print"), ALL)
def test_each_side_tells_who_it_is_by_code_and_by_digits(name: str, print: str) -> None:
    one = form(name, print)
    for page, side in sides(one):
        code = PageCode(12, 123, page + 1, "K7M4PX2D").checked(SALT)
        found = zxingcpp.read_barcodes(picture(sheet(name, print), page))
        assert [(code.text, serials.of_qr(code.text))] == [(f.text, serials.of_qr(f.text)) for f in found]
        told = "".join(g.sign for g in glyphs(sheet(name, print), page) if g.spot.meets(side.digits))
        assert serials.of_digits(told) == PageCode(12, 123, page + 1)


def test_marks_are_the_same_on_every_form() -> None:
    for name, print in ALL:
        for page, side in sides(form(name, print)):
            assert side.code == frame.CODE
            assert side.digits == frame.DIGITS
            assert side.markers == frame.marks(page + 1)


def test_marks_are_those_of_the_dictionary() -> None:
    aruco: Any = pytest.importorskip("cv2").aruco
    dictionary = aruco.getPredefinedDictionary(aruco.DICT_4X4_50)
    for number, rows in enumerate(frame.BITS):
        drawn = aruco.generateImageMarker(dictionary, number, 6)[1:5, 1:5]
        assert tuple("".join("1" if light else "0" for light in row) for row in drawn) == rows


def test_marks_are_found_on_the_paper() -> None:
    cv2: Any = pytest.importorskip("cv2")
    numpy: Any = pytest.importorskip("numpy")
    detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))
    for page, side in sides(form()):
        corners, numbers, _refused = detector.detectMarkers(numpy.array(picture(sheet(), page)))
        assert sorted(numbers.ravel().tolist()) == sorted(side.markers)
        for number, corner in zip(numbers.ravel().tolist(), corners, strict=True):
            spot = side.markers[number]
            assert corner[0][0] * 25.4 / DPI == pytest.approx([spot.x, spot.y], abs=0.25)


@pytest.mark.parametrize("print", PRINTS)
def test_how_dark_the_print_is_is_kept_with_the_places(print: str) -> None:
    one = form(print=print)
    for number, side in enumerate(one.geometry.sides):
        kept = printed.shades(side.printed)
        assert kept.getextrema() == (0, printed.SHADES)

        def shade(spot: Spot, kept: Image.Image = kept) -> float:
            left, top = spot.x * printed.DOTS, spot.y * printed.DOTS
            part = kept.crop((left, top, left + spot.width * printed.DOTS, top + spot.height * printed.DOTS))
            return float(ImageStat.Stat(part).mean[0])

        held = [side.code, side.digits, *side.markers.values(), *side.words.values()]
        assert all(shade(spot) == printed.SHADES for spot in held), "what may hold anything is black"
        assert (shade(HEAD) == printed.SHADES) is (number == 0)
        for box in side.boxes:
            inner = box.spot.grown(-1)
            assert shade(inner) < 0.5 < shade(box.spot)
        words = [glyph.spot for glyph in glyphs(one.blank, number) if glyph.sign.isalpha()]
        dark = [shade(Spot(*spot)) for spot in words if spot.width > 1]
        assert sum(dark) / len(dark) > 2, "letters stand where the picture has them"


def test_an_edition_kept_before_its_print_was_is_the_same_edition() -> None:
    now = form().geometry
    told = now.as_dict()
    for side in told["sides"]:
        del side["printed"]
    old = Geometry.from_dict(told)
    assert {side.printed for side in old.sides} == {""}
    assert old == now and old.sha256 == now.sha256


def test_the_same_form_has_the_same_hash_and_another_style_another(monkeypatch: pytest.MonkeyPatch) -> None:
    from paper import layout

    before = form().geometry
    monkeypatch.setattr(layout, "_laid", {})
    assert form().geometry.sha256 == before.sha256
    assert Geometry.from_dict(before.as_dict()) == before
    sheet_of_styles = (STATIC / "css" / "form.css").read_text("utf-8")
    fonts = FontConfiguration()
    wider = CSS(
        string=sheet_of_styles + ".box { width: 6.5mm }",
        base_url=(STATIC / "css").as_uri() + "/",
        font_config=fonts,
        url_fetcher=OwnFiles(),
    )
    monkeypatch.setattr(layout, "_laid", {})
    monkeypatch.setattr(drawing, "_workshop", lambda: (fonts, wider))
    assert form().geometry.sha256 != before.sha256


def test_the_longest_name_is_printed_whole_left_of_the_code() -> None:
    over = [glyph for glyph in glyphs(sheet(), 0) if glyph.spot.meets(HEAD)]
    assert LONG_NAME.replace(" ", "") in "".join(glyph.sign for glyph in over)
    for glyph in over:
        assert glyph.spot.x + glyph.spot.width <= HEAD.x + HEAD.width
        assert glyph.spot.y + glyph.spot.height <= HEAD.y + HEAD.height + 0.2


def test_a_form_of_three_sides_leaves_a_back_empty() -> None:
    long, short = library.questionnaire("bus-gov-13"), form()
    three = Form(long, "usual", Geometry(210, 297, 0.4, (short.geometry.sides[0],) * 3), three_pages(short))
    pdf = pdfium.PdfDocument(stamped(three, [PageCode(12, n, 1, "K7M4PX2D") for n in (1, 2)], SALT))
    assert len(pdf) == 8
    assert [bool(zxingcpp.read_barcodes(page.render(scale=2).to_pil())) for page in pdf] == [
        True, True, True, False, True, True, True, False,
    ]  # fmt: skip


def three_pages(one: Form) -> bytes:
    from io import BytesIO

    made, file = pdfium.PdfDocument.new(), BytesIO()
    made.import_pages(pdfium.PdfDocument(one.blank), [0, 1, 0])
    made.save(file)
    return file.getvalue()


def test_a_cover_says_so_to_the_scanner_on_both_its_sides() -> None:
    pages = cover(Run(7, 12, "Поликлиники", LONG_NAME, "K7M4PX2D", 123, 50, 2, "usual", False))
    assert len(pdfium.PdfDocument(pages)) == 2
    for page in (0, 1):
        (found,) = zxingcpp.read_barcodes(picture(pages, page))
        assert serials.is_cover(found.text)
        assert serials.of_qr(found.text) is None
    told = "".join(glyph.sign for glyph in glyphs(pages, 0))
    for words in ("с 000123 по 000172", "без масштабирования", "Не копируйте", "200–300", LONG_NAME):
        assert words.replace(" ", "") in told


def test_what_is_no_cover_is_not_taken_for_one() -> None:
    for text in ("", "NOK1/COVER/1", "NOK1/COVER/1/x", "NOK2/COVER/1/2", PageCode(1, 2, 1, "K7M4PX2D").text):
        assert not serials.is_cover(text)


def test_codes_of_both_makers_hold_the_same() -> None:
    for text in ("NOK1/1/K7M4PX2D/1/1/ABCD", "NOK1/999999/K7M4PX2D/999999/9/ABCD"):
        rows = modules(text)
        assert len(rows) == len(qr.matrix(text)) <= 29
        small = Image.new("L", (len(rows) + 8,) * 2, 255)
        small.putdata([255] * small.width**2)
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                small.putpixel((x + 4, y + 4), 0 if dark else 255)
        assert qr.decode(small.resize((small.width * 4,) * 2, Image.Resampling.NEAREST)) == [text]


def test_digits_are_grouped_for_a_voice_and_have_an_outline_each() -> None:
    assert grouped(PageCode(12, 123, 1)) == "000012 000123 1 " + PageCode(12, 123, 1).digits[-2:]
    assert sorted(numerals.outlines()) == list("0123456789")
    for contours in numerals.outlines().values():
        ys = [y for contour in contours for _x, y in contour]
        xs = [x for contour in contours for x, _y in contour]
        assert (min(ys), max(ys)) == (0, 1)
        assert max(xs) * frame.DIGIT_HEIGHT < frame.CELL / 2


def test_a_question_longer_than_a_page_is_refused() -> None:
    with pytest.raises(DoesNotFit):
        packed([Measured("x", {"wide": 300.0, "between": 320.0, "beside": 400.0})], 60)
    with pytest.raises(DoesNotFit):
        packed([Measured(str(n), dict.fromkeys(("wide", "between", "beside"), 200.0)) for n in range(12)], 60)


def test_an_unknown_edition_is_refused() -> None:
    questionnaire: Questionnaire = library.questionnaire(OFFICIAL)
    with pytest.raises(ValueError, match="huge"):
        laid(questionnaire, "huge")
