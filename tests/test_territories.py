"""Means over places: municipalities in a campaign's documents, regions and the country on the page of ratings."""

import json
import re
from dataclasses import replace
from fractions import Fraction

from build import CONTENT, a_campaign, a_release, an_inspection, an_organization, heard_about
from drawing import campaign_pdf
from manners import MannerlyClient
from sqlalchemy.orm import Session
from standings import FACTS, campaign, campaign_page_of, reading, seen
from test_documents import desk, drawn_up  # noqa: F401  the documents' own fixtures

from council import regional
from documents import exports
from surveys import territories
from surveys.models import Campaign, Stage
from surveys.refusals import PinnedChanged
from surveys.results import CampaignResults, Standing
from surveys.territories import Totals


def placed(*municipalities: str) -> CampaignResults:
    """The first organisations of the standings, each in its municipality."""
    found = campaign()
    rows = [
        replace(row, municipality=name) for row, name in zip(found.standings, municipalities, strict=False)
    ]
    return replace(found, standings=rows)


def without_a_total(standing: Standing) -> Standing:
    """The same where nobody could work out a total."""
    return replace(standing, result=replace(standing.result, total=None))


def totals(results: CampaignResults) -> list[Fraction]:
    """The exact totals there are."""
    return [row.result.total.exact for row in results.standings if row.result.total]


def elsewhere(results: CampaignResults, region: str, sector: str = "health") -> CampaignResults:
    """The same organisations as another region's campaign."""
    return replace(results, facts=replace(results.facts, region=region, sector=sector))


def test_a_municipality_is_the_exact_plain_mean_and_the_unnamed_come_last() -> None:
    results = placed("Перово", "", "Арбат", "Перово", "Перово")
    of = totals(results)
    (arbat, perovo, unnamed) = territories.municipalities(results)
    assert (arbat.name, perovo.name, unnamed.name) == ("Арбат", "Перово", "")
    assert [one.organizations for one in (arbat, perovo, unnamed)] == [1, 3, 1]
    assert perovo.total is not None
    assert perovo.total.exact == (of[0] + of[3] + of[4]) / 3
    assert perovo.total.exact != Fraction(perovo.total.printed)


def test_who_has_no_total_or_no_inspection_is_in_no_mean() -> None:
    results = placed("Перово", "Перово", "Перово", "Арбат")
    first, second, third, fourth = results.standings
    rows = [first, without_a_total(second), replace(third, inspected=False), without_a_total(fourth)]
    arbat, perovo = territories.municipalities(replace(results, standings=rows))
    assert arbat == ("Арбат", 0, None)
    assert perovo == ("Перово", 1, first.result.total)


def test_a_campaign_prints_its_means_with_its_own_places() -> None:
    facts = replace(FACTS, practice=replace(FACTS.practice, places=1))
    (perovo,) = territories.municipalities(replace(placed("Перово"), facts=facts))
    assert perovo.total is not None
    assert perovo.total.printed == "86.3"


def test_where_nobody_names_a_municipality_there_is_no_table(desk) -> None:  # noqa: F811
    nameless = placed("", "", "")
    assert territories.municipalities(nameless) == []
    assert "По муниципалитетам" in campaign_page_of(placed("Перово"))
    assert "По муниципалитетам" not in campaign_page_of(nameless)
    assert "по муниципалитетам" not in reading(campaign_pdf(nameless, url=""))


def test_page_paper_and_data_give_the_same_municipalities(desk) -> None:  # noqa: F811
    results = placed("Перово", "Арбат", "Перово", "")
    paper = " ".join(reading(campaign_pdf(results, url="")).split())
    page = seen(campaign_page_of(results))
    data = json.loads(json.dumps(exports.campaign_json(results)))["municipalities"]
    assert [(one["name"], one["organizations"]) for one in data] == [("Арбат", 1), ("Перово", 2), ("", 1)]
    for one in data:
        line = f"{one['name'] or 'Муниципалитет не указан'} {one['organizations']} "
        line += one["total"]["printed"].replace(".", ",")
        assert line in page
        assert line in paper
    first, _, third, _ = totals(results)
    assert Fraction(data[1]["total"]["exact"]) == (first + third) / 2


def test_a_region_is_the_mean_of_its_spheres_and_the_country_of_its_regions() -> None:
    one, two, three = placed("а"), placed("а", "а", "а"), placed("а", "а")
    places = [elsewhere(one, "Тверь"), elsewhere(two, "Тверь", "culture"), elsewhere(three, "Омск")]
    means = territories.regions(map(territories.totals, places))
    a, b, c = (sum(totals(it)) / len(totals(it)) for it in (one, two, three))
    assert list(means.regions) == ["Омск", "Тверь"]
    assert means.regions["Тверь"].sectors == {"health": a, "culture": b}
    assert means.regions["Тверь"].overall == (a + b) / 2
    assert means.country.sectors == {"health": (a + c) / 2, "culture": b}
    assert means.country.overall == (c + (a + b) / 2) / 2


def test_a_region_without_totals_does_not_pull_the_country_down() -> None:
    known, unknown = placed("а"), placed("а")
    unknown = replace(unknown, standings=[without_a_total(row) for row in unknown.standings])
    places = [elsewhere(known, "Омск"), elsewhere(unknown, "Тверь")]
    means = territories.regions(map(territories.totals, places))
    assert (means.regions["Тверь"].sectors, means.regions["Тверь"].overall) == ({}, None)
    assert means.country.overall == totals(known)[0]


REGIONS = "Средние по регионам"


def heard_year(year: int, **given: str) -> int:
    """A published campaign with one organisation heard and inspected."""
    sector = given.get("sector", "health")
    code = an_organization(f"{sector} {year}", sector=sector)
    found = a_campaign(year=year, stage=Stage.COLLECTING, **given)
    an_inspection(found, code)
    heard_about(code, found, {**CONTENT, "disability": "yes", "accessibility": "yes"}, key=found)
    a_release(found)
    return found


def rows_of(html: str) -> list[str]:
    """The rows of the last table of a page."""
    return [seen(row).strip() for row in re.findall(r"<tr.*?</tr>", html[html.rindex("<table") :], re.S)]


def test_ratings_show_the_means_of_regions(page: MannerlyClient, session: Session) -> None:
    assert REGIONS not in page.get("/ratings").text
    found = heard_year(2026)
    data = json.loads(page.get(f"/ratings/{found}.json").data)
    total = data["means"]["total"]["printed"].replace(".", ",")
    html = page.get("/ratings").text
    assert f"{REGIONS}, 2026\u00a0год" in html
    assert rows_of(html) == ["Регион Здравоохранение В целом", f"г. Москва {total} {total}"]


def test_two_regions_make_a_country(page: MannerlyClient, session: Session) -> None:
    results = {1: elsewhere(placed("а"), "Омск"), 2: elsewhere(placed("а", "б"), "Тверь", "culture")}
    campaigns = [Campaign(id=number, year=2026) for number in results]
    (year,) = regional.by_year(campaigns, lambda it: territories.totals(results[it.id]))
    assert year.sectors == ["health", "culture"]
    assert [row.name for row in year.regions] == ["Омск", "Тверь"]
    assert year.regions[0].sectors[1] is None
    first, second = (sum(totals(it)) / len(totals(it)) for it in results.values())
    assert year.country is not None
    assert [figure and figure.exact for figure in year.country.sectors] == [first, second]
    assert year.country.overall is not None
    assert year.country.overall.exact == (first + second) / 2
    assert year.preliminary


def test_years_are_apart_and_a_changed_pin_hides_only_its_own_campaign() -> None:
    def results_of(it: Campaign) -> Totals:
        if it.id == 3:
            raise PinnedChanged("edition")
        return territories.totals(placed("а"))

    campaigns = [Campaign(id=1, year=2025), Campaign(id=2, year=2026), Campaign(id=3, year=2024)]
    years = regional.by_year(campaigns, results_of)
    assert [year.year for year in years] == [2026, 2025]
    assert [year.country for year in years] == [None, None]
