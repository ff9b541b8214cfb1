"""Languages of a kiosk: which are offered and which is first, what the device is told of each, how little it is."""

import gzip
import json
from secrets import token_hex

import pytest
from build import TOKEN, a_campaign, a_user, an_organization, signed_in, within
from halls import a_kiosk, told
from sqlalchemy import select

from accounts.models import Role
from kiosk import devices, pairing, tongues, wording
from kiosk.tables import Kiosk
from surveys import languages, library
from surveys.db import db, writing
from surveys.refusals import Refusal

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ALL = tuple(languages.languages())
MOST_BYTES = 4 * 1024  # of one more language, squeezed


@pytest.fixture
def here(session) -> str:
    """A clinic in a collecting campaign; its code."""
    code = an_organization(short_name="Поликлиника № 12")
    a_campaign()
    return code


def spoken_by(kiosk_id: int) -> list[str]:
    """The languages of a device, as they are kept."""
    db.session.rollback()
    return db.session.get_one(Kiosk, kiosk_id).languages


def test_a_device_is_told_its_languages_in_their_order_and_no_others(here) -> None:
    assert [one["code"] for one in told(a_kiosk(here))["languages"]] == ["ru"]
    found = told(a_kiosk(here, languages=("tt", "ru", "en")))["languages"]
    assert [(one["code"], one["name"]) for one in found] == [
        ("tt", "Татарча"),
        ("ru", "Русский"),
        ("en", "English"),
    ]
    assert [one["awaits_review"] for one in found] == [True, False, False]
    assert (found[1]["words"], found[1]["questions"]) == ({}, {}), "Russian lies on the device anyway"


@ON_SQLITE
def test_english_has_every_word_and_every_question(here) -> None:
    kiosk = told(a_kiosk(here, languages=("ru", "en")))
    english = kiosk["languages"][1]
    assert english["words"].keys() == wording.words().keys()
    assert english["words"]["title"] == "How were you received here?"
    assert english["words"]["invitation"]["one"].startswith("{count} question.")
    questions = languages.told(library.questionnaire("bus-gov-13"), "en").questionnaire
    for asked in kiosk["form"]["questions"]:
        said = english["questions"][asked["id"]]
        assert said["caption"] == questions.question(asked["id"]).caption
        assert bool(said.get("hint")) == bool(asked["hint"])
        assert said["choices"].keys() == {choice["value"] for choice in asked["choices"]}


@ON_SQLITE
def test_what_is_asked_is_the_same_whatever_is_offered_and_weighs_little(here) -> None:
    alone, many = told(a_kiosk(here)), told(a_kiosk(here, languages=ALL))
    unlike = {name for name in alone if alone[name] != many[name]}
    assert unlike == {"kiosk", "proof", "languages", "fingerprint"}
    for one in many["languages"]:
        assert len(gzip.compress(json.dumps(one, ensure_ascii=False).encode())) < MOST_BYTES, one["code"]


@ON_SQLITE
def test_the_code_for_ones_own_phone_speaks_as_the_screen_does(here) -> None:
    kiosk = told(a_kiosk(here, place="регистратура", languages=("tt", "ru")))
    tatar, russian = kiosk["languages"]
    assert f"<title>http://127.0.0.1:8000/q/{here}?p=1&amp;lang=tt</title>" in tatar["qr"]
    assert f"<title>http://127.0.0.1:8000/q/{here}?p=1</title>" in kiosk["qr"] and "qr" not in russian
    assert kiosk["address"] == f"127.0.0.1:8000/q/{here}?p=1", "what is typed stays short"


@ON_SQLITE
def test_without_a_campaign_the_words_are_there_and_no_questions(session) -> None:
    kiosk = told(a_kiosk(an_organization(), languages=("en",)))
    assert kiosk["campaign"] is None
    assert kiosk["languages"][0]["words"]["closed_title"] == "The survey is not running now"
    assert kiosk["languages"][0]["questions"] == {}


@ON_SQLITE
def test_a_text_without_a_translation_is_left_out(here, monkeypatch) -> None:
    english = languages.told(library.questionnaire("bus-gov-13"), "en").questionnaire
    lacking = languages.Told(english, frozenset({english.question("comfort").caption}))
    monkeypatch.setattr(languages, "told", lambda form, code: lacking)
    comfort = told(a_kiosk(here, languages=("en",)))["languages"][0]["questions"]["comfort"]
    assert "caption" not in comfort and comfort["choices"]["yes"] == "Yes"


@ON_SQLITE
def test_a_language_whose_files_are_gone_is_not_offered(here) -> None:
    kiosk_id = a_kiosk(here, languages=("tt", "ru"))
    with writing() as session:
        devices.one(session, kiosk_id).languages = ["xx", "tt"]
    assert [one["code"] for one in told(kiosk_id)["languages"]] == ["tt"]
    with writing() as session:
        devices.one(session, kiosk_id).languages = ["xx"]
    assert [one["code"] for one in told(kiosk_id)["languages"]] == ["ru"]


@ON_SQLITE
@pytest.mark.parametrize("wrong", [(), ("xx",), ("ru", "xx"), ("",)])
def test_a_device_speaks_something_that_there_is(here, wrong, monkeypatch) -> None:
    with pytest.raises(Refusal, match="от одного до шести"):
        a_kiosk(here, languages=wrong)
    monkeypatch.setattr(tongues, "MOST", 1)
    with pytest.raises(Refusal, match="от одного до шести"):
        a_kiosk(here, languages=("ru", "en"))
    assert spoken_by(a_kiosk(here, languages=("en", "en"))) == ["en"]


def test_the_administrator_says_which_language_is_first_and_which_are_offered(page, here) -> None:
    signed_in(page, a_user(Role.ADMIN))
    wanted = {"name": "У входа", "place": "", "form": "", "opens": "", "closes": "", "idle_seconds": 45}

    def written(address: str, **more: object):
        token = within(TOKEN, page.get("/admin/kiosks/new").text)
        return page.post(address, data={"csrf_token": token, **wanted, **more})

    address = written("/admin/kiosks/new", code=here).location
    kiosk_id = int(address.rpartition("/")[2])
    assert spoken_by(kiosk_id) == ["ru"]
    assert written(address, first_language="tt", languages=["ru", "tt"]).status_code == 303
    assert spoken_by(kiosk_id) == ["tt", "ru"]
    text = page.get(address).text
    assert '<option selected value="tt">' in text
    assert 'name="languages" value="ru" id="languages-1" checked' in text
    assert 'name="languages" value="en" id="languages-2">' in text
    assert written(address, first_language="xx").status_code == 422
    assert written(address, first_language="ru", languages=["xx"]).status_code == 422
    assert spoken_by(kiosk_id) == ["tt", "ru"]


@ON_SQLITE
def test_the_command_names_languages_too(runner, here) -> None:
    pair = ["kiosks", "pair", pairing.asked(token_hex(16)), "--organization", here]
    assert runner.invoke(args=[*pair, "--language", "xx"]).exit_code == 2
    assert runner.invoke(args=[*pair, "--language", "en", "--language", "ru"]).exit_code == 0
    db.session.rollback()
    assert db.session.scalars(select(Kiosk)).one().languages == ["en", "ru"]
