"""What stands beside the figures: bounds, places the data allow, what would raise the score, shares by channel."""

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from build import CONTENT, a_campaign, an_inspection, an_organization, heard_about
from flask import Flask
from standings import EDITION, FACTS, campaign, campaign_page_of, page_of, seen, standing
from test_documents import desk as desk  # noqa: PLC0414  the same workshop

import nok
from documents import beside, charts, exports, figures
from surveys import frozen, ratings, results
from surveys.db import db
from surveys.models import Campaign


@pytest.fixture
def page(desk: Flask) -> str:
    return seen(page_of(standing()))


def of(campaign_id: int) -> results.CampaignResults:
    db.session.rollback()
    return results.of_campaign(db.session(), db.session.get_one(Campaign, campaign_id))


def test_counts_become_bounds_places_and_shares_by_channel(session, app, monkeypatch) -> None:
    good = an_organization(recipients_per_year=40)
    poor, unseen = an_organization("Вторая"), an_organization("Третья")
    campaign_id = a_campaign()
    for code in (good, poor):
        an_inspection(campaign_id, code)
    for n in range(12):
        channel = "poster" if n < 7 else "phone"
        heard_about(good, campaign_id, CONTENT, key=f"good {n}", channel=channel)
        sad = {**CONTENT, "overall": "no", "comfort": "no", "service_staff": "no", "recommend": "no"}
        heard_about(poor, campaign_id, sad, key=f"poor {n}", channel=channel)
    heard_about(unseen, campaign_id, CONTENT, key="unseen")
    found = of(campaign_id).by_code
    assert (found[good].recipients, found[poor].recipients) == (40, None)
    assert (found[good].place_range, found[poor].place_range, found[unseen].place_range) == (
        (1, 1),
        (2, 2),
        None,
    )
    assert found[good].intervals == nok.uncertainty.bounds(found[good].result, 40)
    low, high = found[good].intervals["total"]
    total = found[good].result.total
    assert total is not None and low < total.exact <= high
    assert found[good].by_channel["overall"] == {"digital": nok.Share(7, 7), "phone": nok.Share(5, 5)}
    monkeypatch.setitem(app.config, "SMALLEST_GROUP", 6)
    assert of(campaign_id).by_code[good].by_channel["overall"] == {"digital": None, "phone": None}


def test_a_practice_of_places_is_that_of_their_ranges(session) -> None:
    codes = [an_organization(f"№ {n}") for n in range(3)]
    campaign_id = a_campaign(practice={"ties": "competition"})
    for code in codes:
        an_inspection(campaign_id, code)
        heard_about(code, campaign_id, CONTENT, key=code)
    found = of(campaign_id).by_code
    assert [(found[code].place, found[code].place_range) for code in codes] == [(1, (1, 3))] * 3


def test_data_and_back_give_the_same(desk: Flask) -> None:
    data = json.loads(json.dumps(exports.campaign_json(campaign())))
    again = frozen.of_data(data, EDITION)
    for one, other in zip(campaign().standings, again.standings, strict=True):
        assert other.intervals == one.intervals and len(one.intervals) > 10
        assert (other.place_range, other.recipients, other.by_channel) == (
            one.place_range,
            one.recipients,
            one.by_channel,
        )


def test_data_of_an_earlier_day_have_nothing_beside(desk: Flask) -> None:
    data = json.loads(json.dumps(exports.campaign_json(campaign())))
    for one in data["organizations"]:
        for key in ("intervals", "place_range", "recipients", "by_channel"):
            del one[key]
    old = frozen.of_data(data, EDITION).standings[0]
    assert (old.intervals, old.place_range, old.recipients, old.by_channel) == ({}, None, None, {})


def test_hidden_counts_are_in_no_file(desk: Flask) -> None:
    one = exports.organization_json(standing(), FACTS)["organization"]
    assert one["by_channel"]["overall"] == {"digital": [140, 150], "phone": None, "paper": None}
    assert one["channel_differences"] == {
        "comfort": {"digital": 1, "paper": -1},
        "overall": {"digital": 0},
    }


def test_gains_are_exact_in_data(desk: Flask) -> None:
    one = exports.organization_json(standing(), FACTS)["organization"]
    item = next(gain for gain in one["gains"] if gain["what"] == "comfort" and gain["kind"] == "item")
    assert item == {
        "at": "2.1",
        "what": "comfort",
        "kind": "item",
        "to": None,
        "left": 1,
        "total": "6/5",
        "criterion": "6/1",
        "all_at_once": "6/5",
    }
    assert {gain["kind"] for gain in one["gains"]} == {"item", "waiting", "answer", "percent"}


def test_bounds_in_data_are_decimals_rounded_outwards() -> None:
    exact = nok.uncertainty.intervals(standing().result, 900).total
    written = ratings.written(standing().intervals)["total"]
    assert exact and Fraction(written["low"]) <= exact.low < exact.high <= Fraction(written["high"])
    assert exact.low - Fraction(written["low"]) < Fraction(1, 10**4)
    assert re.fullmatch(r"\d+\.\d{4}", written["low"])


def test_a_spreadsheet_has_places_and_bounds(desk: Flask) -> None:
    raw = exports.campaign_csv(campaign()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(raw, newline=""), delimiter=";"))
    assert (rows[0]["Место от"], rows[0]["Место до"]) == ("1", "8")
    assert rows[0]["Итог от"] < rows[0]["Итог"] < rows[0]["Итог до"]


def test_the_page_shows_bounds_and_places(page: str) -> None:
    bounds = standing().intervals
    assert f"с погрешностью выборки {beside.spanned(bounds['total'])}" in page
    assert "данные допускают места 2–6" in page
    for at in ("K1", "K5", "1.3", "5.3"):
        assert beside.spanned(bounds[at]) in page
    assert "Получателей за год: 900" in page
    assert "1.1" not in bounds


def test_the_page_says_what_would_raise_the_score(page: str) -> None:
    assert "Ещё одно комфортное условие не хватает: Питьевая вода +1,20 +1,20" in page
    assert "Стенд: ещё один обязательный материал не хватает: 3 +0,18 +0,53" in page
    assert "Удовлетворены в целом: на один процентный пункт больше" in page
    assert "один ответ «да» вместо «нет»: +0,05 +0,10 +0,80" in page
    assert "Ожидание: не больше половины установленного срока +1,60 +1,60" in page


def test_the_page_shows_where_a_channel_differs_and_hides_the_few(page: str) -> None:
    flat = page.replace("\u202f", " ")
    assert "Удовлетворены комфортностью условий 89 % из 160 выше 70 % из 40 ниже" in re.sub(r" — ", " ", flat)
    assert "Удовлетворены в целом 93 % из 150 мало ответов мало ответов" in flat


def test_the_rating_shows_places_and_bounds(desk: Flask) -> None:
    text = seen(campaign_page_of(campaign()))
    assert "1–8" in text and beside.spanned(campaign().standings[0].intervals["total"]) in text


def test_ages_stand_as_the_questionnaire_asks_them_though_a_release_sorts_them(desk: Flask) -> None:
    ages = ["under_18", "18_29", "60_74", "75_plus"]
    profile = dict.fromkeys(sorted(f"age_{age}" for age in ages), 3) | {"sex_male": 3, "sex_female": 0}
    assert [*profile][3] == "age_under_18"
    view = figures.organization_view(standing(profile=profile), EDITION, charts.NARROW)
    assert [code for code, _n in view.ages] == [f"age_{age}" for age in ages] and view.sexes == [
        ("sex_male", 3)
    ]


def test_where_there_is_nothing_beside_nothing_is_said(desk: Flask) -> None:
    bare = replace(standing(), intervals={}, place_range=None, by_channel={})
    text = seen(page_of(bare))
    assert "погрешност" not in text and "допускают" not in text and "Доли по способам" not in text


def test_without_a_total_the_points_are_of_a_criterion(desk: Flask) -> None:
    nobody = dict.fromkeys(("recommend", "schedule", "overall"))
    table = beside.raising(standing(answers=nobody))
    assert not table.of_total and table.lines[0].everything in ("", "—")


def test_a_refused_calculation_has_nothing_to_raise(desk: Flask) -> None:
    one = standing(answers={"overall": None})
    refused = nok.assessed(one.observations, EDITION, nok.Practice(undefined="refuse"))
    assert beside.raising(replace(one, result=refused)).lines == []


def test_one_channel_has_nothing_to_compare(desk: Flask) -> None:
    alone = replace(standing(), by_channel={"overall": {"digital": nok.Share(184, 200)}})
    assert beside.effect(alone, EDITION).groups == ()


def test_a_question_that_feeds_no_score_here_is_not_compared() -> None:
    parts = {"digital": nok.Share(80, 100), "paper": nok.Share(100, 100)}
    library = replace(standing(), sector="culture", by_channel={"on_time": parts})
    assert beside.effect(library, EDITION).lines == ()
    assert beside.effect(replace(library, sector="health"), EDITION).lines[0][0] == "2.2"


@pytest.mark.parametrize(
    ("points", "said"), [(Fraction(12, 10), "+1,20"), (Fraction(1, 200), "+0,01"), (Fraction(1, 300), "меньше +0,01")]
)  # fmt: skip
def test_a_gain_too_small_for_two_decimals_is_said_so(desk: Flask, points: Fraction, said: str) -> None:
    assert beside._plus(points) == said


def test_one_place_is_no_range() -> None:
    assert (beside.ranged((3, 3)), beside.ranged((3, 7)), beside.ranged(None)) == ("3", "3–7", "")
