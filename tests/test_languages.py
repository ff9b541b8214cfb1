"""The recipient's languages: found from files, complete in English, Russian where a word is missing, never stored."""

import gzip
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from build import CONTENT
from flask import Flask
from flask.testing import FlaskClient
from planning import a_clinic_with_a_past
from sqlalchemy import select
from test_survey_pages import KEY, key_of
from tongues import Russian
from werkzeug.test import TestResponse

from surveys import languages, library
from surveys.clock import today
from surveys.db import db, writing
from surveys.hall import Lane
from surveys.models import Campaign, Response
from surveys.opinions import CRITERIA

ROOT = Path(__file__).resolve().parent.parent
OTHERS = [code for code in languages.languages() if code != languages.RUSSIAN]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")  # of gettext, of a script
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LONGEST_CAPTION = 100


def catalogue(code: str) -> Catalog:
    """A language's catalogue as it stands."""
    with (ROOT / "translations" / code / "LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=code)


@pytest.fixture(scope="module")
def texts() -> set[str | tuple[str, ...]]:
    """Every text of the recipient's pages, as `make messages` finds them."""
    with (ROOT / "babel-recipient.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
    found = set()
    for place in sorted({method[0].split("/")[0] for method in methods}):
        if (ROOT / place).is_dir():
            inside = [
                (pattern.partition("/")[2], how) for pattern, how in methods if pattern.startswith(place)
            ]
            found |= {one[2] for one in extract_from_dir(ROOT / place, inside, options, keywords)}
    alone = [(pattern, how) for pattern, how in methods if "/" not in pattern]
    here = extract_from_dir(ROOT, alone, options, keywords, directory_filter=lambda _folder: False)
    return found | {one[2] for one in here}


def missing(code: str, texts: set[str | tuple[str, ...]]) -> list[str]:
    """Texts of the recipient's pages that this language lacks."""
    said = {one.id if isinstance(one.id, str) else one.id[0]: one.string for one in catalogue(code)}
    first = (one if isinstance(one, str) else one[0] for one in texts)
    return sorted(one for one in first if not all(_forms(said.get(one, ""))))


def _forms(said: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ("",))


@pytest.mark.parametrize("code", OTHERS)
def test_what_a_language_lacks_is_listed_and_english_lacks_nothing(code, texts, capsys):
    lacks = missing(code, texts) + languages.missing(code)
    with capsys.disabled():
        sys.stdout.write("".join(f"\n{code}: {one}" for one in lacks))
    assert len(texts) > 200
    assert code != "en" or lacks == []


def test_a_text_without_a_translation_would_be_listed(texts):
    assert missing("en", {*texts, "Такого текста нет"}) == ["Такого текста нет"]


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_says_the_same_names_and_has_its_own_forms(code):
    forms = {"en": 2, "tt": 1}
    found = catalogue(code)
    assert found.num_plurals == forms.get(code, found.num_plurals)
    for one in found:
        if one.id and all(_forms(one.string)):
            asked = {name for text in _forms(one.id) for name in PLACEHOLDER.findall(text)}
            for form in _forms(one.string):
                assert set(PLACEHOLDER.findall(form)) == asked, f"{code}: {one.id}"
            assert len(_forms(one.string)) == (1 if isinstance(one.id, str) else found.num_plurals)


@pytest.mark.parametrize("code", OTHERS)
def test_no_key_of_a_translated_questionnaire_points_nowhere(code):
    assert languages.strays(code) == []
    for one in library.questionnaires():
        told = languages.told(one, code).questionnaire
        assert told.content_hash == one.content_hash
        assert [(q.id, q.codes, q.when) for q in told.questions] == [
            (q.id, q.codes, q.when) for q in one.questions
        ]
        assert max(len(q.caption) for q in told.questions) <= LONGEST_CAPTION


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Catalogues and wordings of the test's own."""
    shutil.copytree(languages.CATALOGUES, tmp_path / "translations")
    shutil.copytree(languages.WORDINGS, tmp_path / "wordings")
    monkeypatch.setattr(languages, "CATALOGUES", tmp_path / "translations")
    monkeypatch.setattr(languages, "WORDINGS", tmp_path / "wordings")
    for kept in (languages.languages, languages._own, languages._known):
        kept.cache_clear()
    yield tmp_path
    for kept in (languages.languages, languages._own, languages._known):
        kept.cache_clear()


def test_a_new_language_is_files_and_no_code(elsewhere):
    (elsewhere / "translations" / "he").mkdir()
    (elsewhere / "translations" / "he" / "language.toml").write_text('name = "עברית"\n', "utf-8")
    (elsewhere / "wordings" / "bus-gov-13.he.toml").write_text('[answers]\nyes = "כן"\nnoo = "?"\n', "utf-8")
    hebrew = languages.languages()["he"]
    assert (hebrew.name, hebrew.direction, hebrew.awaits_review) == ("עברית", "rtl", False)
    told = languages.told(library.questionnaire("bus-gov-13"), "he")
    assert [one.text for one in told.questionnaire.question("comfort").choices][:2] == ["כן", "Нет"]
    assert "Нет" in told.russian and "Да" not in told.russian
    assert languages.strays("he") == ["bus-gov-13.he.toml: answers.noo"]


def test_the_same_russian_words_are_translated_once():
    full = languages.told(library.questionnaire("675n-full"), "en")
    assert full.questionnaire.question("comfort").caption == "Was it comfortable for you inside?"
    assert full.russian == frozenset()


@pytest.fixture
def here(session: object) -> str:
    """A clinic that is asked about now, has a published score, a plan, and nothing to say in English of itself."""
    return a_clinic_with_a_past()


PAGES = [
    *("/q/{}", "/q/{}?again=1", "/q/{}/thanks", "/q/{}/kept", "/q/{}/agree", "/q/{}/agree/thanks"),
    *("/q/{}/agree/kept", "/q/{}/scores", "/q/{}/scores/thanks", "/q/{}/measures", "/o/{}"),
    *("/q/{}/measures/1", "/q/{}/measures/1/thanks", "/q/{}/nothing", "/q/K7M4PX2D", "/q/{}/measures/999"),
]


def english(answer: TestResponse) -> str:
    """An English page without a Russian word that is not said to be Russian."""
    assert '<html lang="en" dir="ltr"' in answer.text
    assert Russian(answer.text).found == []
    return answer.text


@ON_SQLITE
def test_every_page_of_a_recipient_is_english_when_asked(page: FlaskClient, here: str) -> None:
    for path in PAGES:
        address = path.format(here)
        text = english(page.get(f"{address}{'&' if '?' in address else '?'}lang=en"))
        assert 'hreflang="tt"' in text and "Татарча" in text
    assert "What was wrong" in page.get(f"/q/{here}/measures/1?lang=en").text


@ON_SQLITE
def test_refusals_are_english_as_well(client: FlaskClient, here: str) -> None:
    way = f"/q/{here}?lang=en"
    nothing = english(client.post(way, data={"key": key_of(client.get(way).text)}))
    assert "Check 11 answers" in nothing and "Choose an answer" in nothing
    english(client.post(way, data={**CONTENT, "key": "x"}))
    long = {**CONTENT, "proposals": "a" * 2500, "key": key_of(client.get(way).text)}
    assert "the limit is 2000" in english(client.post(way, data=long))
    key = KEY.search(_form(client, here, "scores"))
    assert key is not None
    steps = client.post(f"/q/{here}/scores?lang=en", data={"key": key[1]})
    assert "Check 5 answers" in english(steps)
    with writing() as session:
        for campaign in session.scalars(select(Campaign)):
            campaign.starts_on, campaign.ends_on = (today() - timedelta(days=d) for d in (9, 1))
    assert "not running now" in english(client.get(way))
    assert "not saved" in english(client.post(f"{way}&p=2", data={**CONTENT, "key": "x"}))


def _form(client: FlaskClient, code: str, which: str) -> str:
    return client.get(f"/q/{code}/{which}?lang=en").text


@ON_SQLITE
def test_tatar_says_that_it_awaits_a_reader_and_counts_in_its_own_way(page: FlaskClient, here: str) -> None:
    tatar = page.get(f"/q/{here}?lang=tt").text
    assert '<html lang="tt"' in tatar and "тел иясе әле тикшермәгән" in tatar and "13 сорау," in tatar
    assert "носитель языка" not in page.get(f"/q/{here}").text
    assert "native speaker" not in page.get(f"/q/{here}?lang=en").text


@ON_SQLITE
def test_what_has_no_translation_is_russian_and_says_so(page, here, elsewhere):
    (elsewhere / "wordings" / "bus-gov-13.en.toml").write_text('[answers]\nyes = "Yes"\n', "utf-8")
    text = english(page.get(f"/q/{here}?lang=en"))
    assert '<span class="caption" lang="ru">Вам было удобно в помещении?' in text
    assert '<span lang="ru">Нет</span>' in text and ">Yes</label>" in text


@ON_SQLITE
def test_the_same_answers_are_stored_whatever_the_language(client: FlaskClient, here: str) -> None:
    past = set(db.session.scalars(select(Response.key)))
    db.session.rollback()
    for number, code in enumerate(("ru", *OTHERS), 1):
        way = f"/q/{here}?lang={code}&again={number}"
        answer = client.post(way, data={**CONTENT, "key": key_of(client.get(way).text)})
        assert answer.status_code == 303
        assert ("lang=" in answer.location) == (code != "ru")
    db.session.rollback()
    rows = db.session.scalars(select(Response).where(Response.key.not_in(past))).all()
    assert len(rows) == 3
    unlike = {"key"}
    told = {name: {getattr(row, name) for row in rows} for name in Response.__table__.columns.keys()}
    assert {name for name, values in told.items() if len(values) > 1} == unlike
    for number, code in enumerate(OTHERS, 1):
        client.set_cookie("nok_language", code, path="/q/")
        form = client.get(f"/q/{here}/scores?again={number}").text
        given = {**dict.fromkeys(CRITERIA, "5"), "key": key_of(form)}
        assert client.post(f"/q/{here}/scores?again={number}", data=given).status_code == 303


@ON_SQLITE
def test_nobody_guesses_a_language(page: FlaskClient, here: str) -> None:
    foreign = page.get(f"/q/{here}", headers={"Accept-Language": "tt,en;q=0.8"})
    assert '<html lang="ru"' in foreign.text
    for strange in ("xx", "", "../en", "EN", "en-US"):
        assert '<html lang="ru"' in page.get(f"/q/{here}", query_string={"lang": strange}).text


@ON_SQLITE
def test_a_choice_is_remembered_by_the_device_and_can_be_taken_back(client: FlaskClient, here: str) -> None:
    chosen = client.get(f"/q/{here}?lang=en&size=large").headers.getlist("Set-Cookie")
    told = ("nok_language=en", "nok_size=large")
    assert [one.split(";")[0] for one in chosen] == [one for one in told for _path in (1, 2)]
    assert all("HttpOnly" in one and "SameSite=Lax" in one for one in chosen)
    assert (
        ["Path=/q/" in one for one in chosen]
        == ["Path=/o/" not in one for one in chosen]
        == [True, False] * 2
    )
    assert not any("Max-Age" in one or "Expires" in one for one in chosen), "gone when the browser is closed"
    again = client.get(f"/q/{here}")
    assert '<html lang="en" dir="ltr" data-size="large" data-contrast="high">' in again.text
    assert "Set-Cookie" not in again.headers
    assert '<html lang="en"' in client.get("/q/K7M4PX2D").text
    assert '<html lang="ru" dir="ltr" data-size="large"' in client.get(f"/q/{here}/scores?lang=ru").text
    assert '<html lang="ru" dir="ltr">' in client.get(f"/q/{here}?size=normal").text
    assert '<html lang="ru" dir="ltr">' in client.get(f"/q/{here}").text


@ON_SQLITE
def test_the_page_of_an_organisation_remembers_too_and_says_so_to_caches(
    app: Flask, client: FlaskClient, here: str
) -> None:
    told = client.get(f"/o/{here}?lang=en&contrast=high")
    assert '<html lang="en" dir="ltr" data-contrast="high">' in told.text
    assert f"/q/{here}?via=site&amp;lang=en&amp;contrast=high" in told.text
    assert told.headers["Cache-Control"] == "private, no-cache", "whoever chooses, chooses for themselves"
    for address in (f"/o/{here}", f"/q/{here}", f"/q/{here}/scores"):
        assert '<html lang="en" dir="ltr" data-contrast="high">' in client.get(address).text, address
    stranger = app.test_client().get(f"/o/{here}")
    assert '<html lang="ru" dir="ltr">' in stranger.text and "Set-Cookie" not in stranger.headers
    assert stranger.headers["Cache-Control"] == "public, no-cache" and "Cookie" in stranger.vary
    year = client.get(f"/o/{here}/results/{today().year - 1}")
    assert '<html lang="ru" dir="ltr">' in year.text and "Cookie" not in year.vary, "caches keep it for all"


@ON_SQLITE
def test_each_language_has_its_own_kept_page_in_the_lane_and_weighs_little(app: Flask, here: str) -> None:
    hall = app.extensions["nok_hall"]
    hall._pages, hall._doors = {}, {}
    assert isinstance(app.wsgi_app, Lane)
    for code in languages.languages():
        query = f"lang={code}"
        drawn = app.test_client().get(f"/q/{here}?{query}")
        passed = app.test_client().get(f"/q/{here}?{query}")
        assert hall.kept(here, query) is not None
        assert dict(drawn.headers) == dict(passed.headers)
        assert drawn.headers.getlist("Set-Cookie") == passed.headers.getlist("Set-Cookie") != []
        assert KEY.sub("", drawn.text) == KEY.sub("", passed.text)
        assert f'<html lang="{code}"' in passed.text
        squeezed = app.test_client().get(f"/q/{here}?{query}", headers={"Accept-Encoding": "gzip"}).data
        assert f'lang="{code}"' in gzip.decompress(squeezed).decode()
        assert len(squeezed) <= 14 * 1024
