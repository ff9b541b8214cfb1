"""A dossier: two to four pages for one organisation, its figures beside the means, everything else in annexes."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pikepdf
import pytest
from flask import Flask, request
from flask_babel import Babel
from jinja2 import StrictUndefined
from pypdf import PdfReader
from standings import EDITION, FACTS, URL, campaign, standing

import nok
from council import documents, pages
from documents import charts
from documents.dossier import dossier
from nok.rules import QUESTIONS
from surveys import display
from surveys.results import Standing

LONG = "Государственное бюджетное учреждение «" + "Консультативно-диагностическая поликлиника " * 5 + "»"


@pytest.fixture(autouse=True, scope="module")
def desk() -> Iterator[None]:
    """Templates, styles and languages of the service without its database."""
    app = Flask("desk", root_path=str(documents.__file__).rsplit("/", 2)[0])
    app.config.update(BABEL_DEFAULT_LOCALE="ru", SECRET_KEY="desk", SERVER_NAME="nok.example.ru")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    display.init_app(app)
    pages.init_app(app)
    app.context_processor(lambda: {"viewer": None, "asked": request.path})
    with app.test_request_context("/"):
        yield


def drawn(one: Standing, means: dict[str, nok.Figure | None] | None = None) -> list[str]:
    """The document's pages as texts."""
    given = campaign(8).means if means is None else means
    content = documents.organization_pdf(one, FACTS, url=URL, means=given)
    texts = (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return [re.sub(r"\s+", " ", text.replace("\u202f", " ")) for text in texts]


def before_annexes(texts: list[str]) -> int:
    return next(number for number, text in enumerate(texts) if "Приложение 1. Пятнадцать" in text)


def silent(**changed: Any) -> Standing:
    """Nobody answered, nothing was inspected."""
    seen = nok.Observations.read({"id": "K7M4PX2D", "sector": "health"})
    nothing: dict[str, Any] = {
        "place": None,
        "inspected": False,
        "deficiencies": {},
        "channels": {},
        "profile": {},
        "responses": 0,
    }
    return standing(observations=seen, result=nok.assess(seen, EDITION), target=None, **nothing, **changed)


def test_a_dossier_is_of_two_to_four_pages_and_tells_its_annexes_apart() -> None:
    texts = drawn(standing())
    assert 2 <= before_annexes(texts) <= 4
    first = " ".join(texts[: before_annexes(texts)])
    for said in ("85,50", "3 из 8", "Среднее", "Питьевая вода", "Что повысило бы балл", "Плакат с QR-кодом"):
        assert said in first, said
    assert "Точно" not in first
    assert "Точно 90" in " ".join(texts[before_annexes(texts) :])


def test_a_long_name_and_many_deficiencies_stay_within_the_pages() -> None:
    items = [f"Пункт № {number}: нет сведений о порядке оказания услуг" for number in range(5)]
    blocks = ("stand", "site", "comfort", "equipment", "accessibility")
    texts = drawn(standing(name=LONG, short_name="", deficiencies=dict.fromkeys(blocks, items)))
    assert 2 <= before_annexes(texts) <= 4
    assert " ".join(texts[: before_annexes(texts)]).count("Пункт № 4: нет сведений") == len(blocks)


def test_without_any_data_it_says_so_and_draws_no_mean() -> None:
    texts = drawn(silent(name=LONG, short_name=""), means={})
    told = " ".join(texts[: before_annexes(texts)])
    for said in ("нет данных", "Проверка организации ещё не проведена", "Ответов пока нет"):
        assert said in told, said
    assert 2 <= before_annexes(texts) <= 4


def test_differences_are_of_what_is_printed() -> None:
    means = {"K1": nok.Figure(Fraction(8851, 100)), "K2": nok.Figure(Fraction(795049, 10000)), "total": None}
    found = dossier(standing(), EDITION, means)
    told = {line.key: (line.own, line.mean, line.apart) for line in (*found.criteria, found.total)}
    assert told["K1"] == ("90,78", "88,51", "+2,27")
    assert told["K2"] == ("79,50", "79,50", "0,00")
    assert told["K3"] == ("72,50", "—", "—")
    assert told["total"] == ("85,50", "—", "—")
    lower = dossier(standing(), EDITION, {"K1": nok.Figure(Fraction(100))})
    assert lower.criteria[0].apart == "−9,22"


def test_the_chart_names_the_means_and_marks_their_places() -> None:
    chart = dossier(standing(), EDITION, {"K1": nok.Figure(Fraction(50))}).chart
    wide = charts.WIDE
    assert [bar.mean_x for bar in chart.bars] == [f"{wide.track_x + wide.track / 2:.2f}", "", "", "", ""]
    assert "K1 Открытость и доступность — 90,78, среднее 50,00" in chart.spoken
    assert "среднее нет данных" in chart.spoken


def test_the_dossier_stays_tagged_with_an_alternative_for_the_chart() -> None:
    content = documents.organization_pdf(standing(), FACTS, url=URL, means=campaign(8).means)
    with pikepdf.open(io.BytesIO(content)) as whole:
        assert whole.Root.MarkInfo.Marked and str(whole.Root.Lang) == "ru"
        assert b"pdfuaid" in whole.Root.Metadata.read_bytes()
        told = [str(o.Alt) for o in whole.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert any("среднее" in words for words in told)


def test_a_campaign_that_knows_no_means_has_the_same_document_without_them() -> None:
    one = standing(answers=dict.fromkeys(QUESTIONS))
    content = documents.organization_pdf(replace(one, place=None), FACTS, url=URL)
    text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Разница" not in text


def test_the_running_title_of_a_published_dossier_takes_one_line() -> None:
    one = standing(short_name="Детская городская поликлиника № 117")
    content = documents.organization_pdf(one, replace(FACTS, stage="published"), url=URL)
    lines = PdfReader(io.BytesIO(content)).pages[1].extract_text().replace("\u00a0", " ").splitlines()
    assert "Независимая оценка качества, 2026 · Детская городская поликлиника № 117" in lines
