"""The widget for an organisation's own site: what it says, to whom it may be shown, how it is kept."""

import re
from html import unescape
from html.parser import HTMLParser
from io import BytesIO

import pytest
from build import (
    CONTENT,
    a_campaign,
    a_release,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
)
from PIL import Image

from accounts.models import Role
from council.widget import drawing, saying
from council.widget.saying import Said
from surveys import qr
from surveys.db import db, writing
from surveys.models import Campaign, Organization

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NAME = "Поликлиника № 12"
FILES = ("widget-wide-light.svg", "widget-tall-dark.png", "widget.js")


def a_clinic(published: bool = True) -> tuple[str, int]:
    """A clinic that was heard and inspected, its results published unless told; its code and campaign."""
    code = an_organization("Городская поликлиника № 12", short_name=NAME)
    campaign_id = a_campaign(shows_interim=True)
    an_inspection(campaign_id, code)
    heard_about(code, campaign_id, CONTENT, key=1)
    if published:
        a_release(campaign_id)
    db.session.rollback()
    return code, campaign_id


def words(svg: str) -> str:
    """What a picture says to whoever does not see it."""
    found = re.search("<title>([^<]+)</title>", svg)
    assert found is not None
    return found[1]


def test_the_score_is_the_published_one_and_a_correction_shows_only_when_published(client, session) -> None:
    code, campaign_id = a_clinic()
    before = words(client.get(f"/o/{code}/widget-wide-light.svg").text)
    assert re.search(r"Независимая оценка за \d{4} год: \d+,\d\d из 100", before)
    an_inspection(campaign_id, code, comfort=[])
    a_release(campaign_id, published=False)
    assert words(client.get(f"/o/{code}/widget-wide-light.svg").text) == before
    a_release(campaign_id)
    assert words(client.get(f"/o/{code}/widget-wide-light.svg").text) != before


@ON_SQLITE
def test_results_that_show_themselves_while_they_grow_are_not_in_it(client, session) -> None:
    code, _campaign_id = a_clinic(published=False)
    for file in FILES[::2]:
        text = client.get(f"/o/{code}/{file}").text
        assert "из 100" not in text.encode().decode("unicode_escape", "ignore") and "из 100" not in text
    assert "Независимая оценка качества услуг" in words(client.get(f"/o/{code}/{FILES[0]}").text)


@ON_SQLITE
def test_a_cyrillic_host_is_written_plain_and_said_in_cyrillic(app, session) -> None:
    app.config["BASE_URL"] = "https://xn--j1afd.xn--p1ai"
    code = an_organization(short_name=NAME)
    said = saying.about(code)
    assert said.survey == f"https://xn--j1afd.xn--p1ai/q/{code}?via=site"
    assert f"https://нок.рф/q/{code}." in said.alt


@ON_SQLITE
def test_a_demonstration_says_so(client, session) -> None:
    code, campaign_id = a_clinic(published=False)
    with writing() as write:
        write.get_one(Campaign, campaign_id).demo = True
    a_release(campaign_id)
    assert "ответы не настоящие" in words(client.get(f"/o/{code}/{FILES[0]}").text)


@ON_SQLITE
@pytest.mark.parametrize("file", FILES)
def test_any_site_may_show_it_and_no_other_address_of_ours(client, session, file) -> None:
    code, _campaign_id = a_clinic()
    answer = client.get(f"/o/{code}/{file}")
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert answer.headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    for other in (f"/o/{code}", f"/q/{code}", "/static/js/widget.js", "/ratings"):
        with client.get(other) as told_all:
            told = told_all.headers
        assert "Access-Control-Allow-Origin" not in told and "Cross-Origin-Resource-Policy" not in told, other


@ON_SQLITE
@pytest.mark.parametrize("file", FILES)
def test_it_is_kept_until_its_words_change(client, session, file) -> None:
    code, _campaign_id = a_clinic()
    first = client.get(f"/o/{code}/{file}")
    named = {"If-None-Match": first.headers["ETag"]}
    same = client.get(f"/o/{code}/{file}", headers=named)
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert same.headers["Access-Control-Allow-Origin"] == "*"
    with writing() as write:
        write.query(Organization).one().short_name = "Поликлиника имени Пирогова"
    other = client.get(f"/o/{code}/{file}", headers=named)
    assert (other.status_code, other.headers["ETag"] == first.headers["ETag"]) == (200, False)


@ON_SQLITE
def test_its_code_leads_to_the_survey_from_the_site(client, session) -> None:
    code, _campaign_id = a_clinic()
    answer = client.get(f"/o/{code}/widget-wide-dark.png?save")
    assert qr.decode(Image.open(BytesIO(answer.data))) == [f"http://127.0.0.1:8000/q/{code}?via=site"]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="nok-{code}-wide-dark.png"'


@ON_SQLITE
@pytest.mark.parametrize("picture", ["svg", "png"])
def test_a_picture_whose_code_does_not_read_is_not_handed_over(app, session, monkeypatch, picture) -> None:
    code = an_organization(short_name=NAME)
    said = saying.about(code)._replace(name="Другая поликлиника")
    monkeypatch.setattr(drawing, "PAD", -40)  # the code runs off the picture
    with pytest.raises(qr.UnreadableCode, match=code):
        getattr(drawing, picture)(said, "wide", "light")


@ON_SQLITE
def test_an_unknown_organisation_has_none(client, session) -> None:
    for file in FILES:
        assert client.get(f"/o/K7M4PX2D/{file}").status_code == 404
    code, _campaign_id = a_clinic()
    assert client.get(f"/o/{code}/widget-round-light.svg").status_code == 404


@pytest.mark.parametrize("shape", drawing.SHAPES)
@pytest.mark.parametrize(
    "name", ["Я", "Очень длинное название " * 17, "ОЧЕНЬ ДЛИННОЕ НАЗВАНИЕ " * 17, "Щ" * 100]
)
def test_a_name_of_any_length_fits(shape: str, name: str) -> None:
    said = Said(
        "K7M4PX2D",
        name[:400].strip(),
        "https://nezavisimaya-ocenka.example.ru/q/K7M4PX2D?via=site",
        "Оцените, как вас приняли",
        "Независимая оценка за 2025 год",
        "100,00 из 100",
        "Демонстрация: ответы не настоящие",
        "",
    )
    form = drawing.SHAPES[shape]
    lines = drawing._texts(said, form, drawing.COLOURS["light"])
    ordered = sorted(lines, key=lambda one: one.y)
    assert all(below.y - one.y >= below.size for one, below in zip(ordered, ordered[1:], strict=False))
    assert ordered[-1].y < form.height and ordered[0].y - ordered[0].size > form.words_y - 8
    for one in lines:
        ends = [one.x + x for x, _char in drawing._spaced(one, one.size)]
        assert not ends or max(ends) < form.width - drawing.PAD
    assert "".join(one.words for one in lines).replace("-", "").replace(" ", "").count("Щ") == name[
        :400
    ].count("Щ")


class Tags(HTMLParser):
    """Tags of a snippet with what they say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@ON_SQLITE
@pytest.mark.parametrize("login", [Role.ORGANIZATION, Role.OPERATOR])
def test_the_html_to_be_copied_says_everything_and_runs_nothing_inline(page, session, login) -> None:
    code, campaign_id = a_clinic()
    with writing() as write:
        write.query(Organization).one().short_name = 'Клиника "Дом & сад" <1>'
    a_user(login, code=code if login is Role.ORGANIZATION else None)
    signed_in(page, login.value)
    own = (
        "/organization/widget"
        if login is Role.ORGANIZATION
        else f"/council/campaigns/{campaign_id}/organizations/{code}/widget"
    )
    text = page.get(f"{own}?shape=tall&colour=auto&kind=png").text
    snippets = [Tags(one).found for one in texts(text)]
    assert [[tag for tag, _attrs in one] for one in snippets] == [
        ["a", "picture", "source", "img"],
        ["a", "picture", "source", "img", "script"],
        ["a", "picture", "source", "img"],
    ]
    for one in snippets:
        link, image = one[0][1], one[3][1]
        assert (link["href"], link["rel"]) == (f"http://127.0.0.1:8000/q/{code}?via=site", "noopener")
        assert 'Клиника "Дом & сад" <1>.' in image["alt"] and "из 100" in image["alt"]
        assert (image["width"], image["height"]) == ("280", "460")
        assert not [name for _tag, attrs in one for name in attrs if name.startswith("on") or name == "style"]
    assert snippets[0][3][1]["src"] == f"http://127.0.0.1:8000/o/{code}/widget-tall-light.png"
    assert snippets[2][3][1]["src"] == f"/nok-{code}-tall-light.png"


def texts(html: str) -> list[str]:
    """What stands in the boxes of a page, as it is copied."""
    return [unescape(found) for found in re.findall(r"<textarea[^>]*>([^<]*)</textarea>", html)]
