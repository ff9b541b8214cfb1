"""Open data: names as the recommendations have them, one table in three formats, a script that recomputes it."""

import csv
import io
import re
from datetime import date
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from build import a_release
from handing import a_ready_campaign
from openpyxl import load_workbook
from test_verify_docs import SCRIPTS, run

from config import Config, ConfigRefused
from council.portal.catalogue import Published
from council.portal.taking_part import taking_part
from surveys.clock import now, today
from surveys.db import db
from surveys.models import Campaign

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def dataset(session) -> str:
    """The address of a published campaign's data set."""
    campaign_id, _codes = a_ready_campaign()
    a_release(campaign_id)
    db.session.rollback()
    year = db.session.get_one(Campaign, campaign_id).year
    return f"/opendata/nok{year}health{campaign_id}"


def rows(client, path: str) -> list[list[str]]:
    """A CSV as a program reads it."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv"), path
    return list(csv.reader(io.StringIO(answer.data.decode())))


def passport(client, dataset: str) -> dict[str, str]:
    """Property → value."""
    (head, *told) = rows(client, f"{dataset}/meta.csv")
    assert head == ["property", "value"]
    return dict(told)


def test_the_list_leads_to_passports_and_a_passport_to_every_file(client, dataset) -> None:
    listed = rows(client, "/opendata/list.csv")
    assert listed[0] == ["property", "title", "value", "format"]
    assert [row[0] for row in listed[1:]] == ["standardversion", dataset.rpartition("/")[2]]
    assert listed[2][2] == f"http://127.0.0.1:8000{dataset}/meta.csv"
    told = passport(client, dataset)
    assert told["identifier"] == dataset.rpartition("/")[2]
    assert told["created"] == told["modified"] == f"{today():%Y%m%d}"
    assert told["license"].startswith("CC BY 4.0")
    year = int(re.findall(r"nok(\d{4})", dataset)[0])
    assert told["valid"] == f"{year + 3}1231" and f"31 декабря {year + 3}" in client.get(f"{dataset}/").text
    files = {name: address for name, address in told.items() if name.startswith(("data-", "structure-"))}
    assert sorted(name.rpartition(".")[2] for name in files) == ["csv", "csv", "json", "xlsx"]
    for name, address in files.items():
        assert re.fullmatch(r"(data-\d{8}-)?structure-\d{8}\.(csv|json|xlsx)", name)
        assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


@ON_SQLITE
def test_three_formats_hold_one_table_and_the_structure_names_its_columns(client, dataset) -> None:
    names = {name.rpartition(".")[2]: name for name in passport(client, dataset) if name.startswith("data-")}
    (structure,) = (name for name in passport(client, dataset) if name.startswith("structure-"))
    head, *table = rows(client, f"{dataset}/{names['csv']}")
    assert [row[0] for row in rows(client, f"{dataset}/{structure}")][1:] == head
    assert {"code", "inn", "total", "k1", "i3_3", "by_official"} <= {*head} and len(table) == 2
    told = client.get(f"{dataset}/{names['json']}").json["rows"]
    assert [["" if value is None else str(value) for value in row.values()] for row in told] == table
    book = load_workbook(io.BytesIO(client.get(f"{dataset}/{names['xlsx']}").data))
    seen = [list(row) for row in book["data"].iter_rows(values_only=True)]
    assert seen == [
        head,
        *([value or None if value == "" else value for value in row.values()] for row in told),
    ]
    figures = client.get(f"/ratings/{dataset.rpartition('health')[2]}.json").json["organizations"]
    assert [row["total"] for row in told] == [float(one["result"]["total"]["printed"]) for one in figures]


@ON_SQLITE
def test_the_page_says_sums_and_the_script_of_the_guide_which_recomputes_the_file(
    client, page, dataset, tmp_path
) -> None:
    text = page.get(f"{dataset}/").text
    sums = re.findall(r'href="([^"]+)">(?:data-|Выпуск целиком)[^<]*</a>.*?([0-9a-f]{64})', text, re.DOTALL)
    assert len(sums) == 4
    for path, told in sums:
        assert sha256(client.get(path).data).hexdigest() == told, path
    script = client.get("/opendata/check.py").data.decode()
    assert script == SCRIPTS[0]
    assert script.splitlines()[0] in text and "NOT" not in text
    said = run(tmp_path, script, client.get(sums[-1][0]).data)
    assert len(said) == 2 and all(line.startswith("сошлось ") for line in said)


@ON_SQLITE
def test_a_publisher_with_a_number_gives_it_to_the_name_and_old_addresses_lead_there(
    app, client, dataset
) -> None:
    json = next(name for name in passport(client, dataset) if name.endswith(".json"))
    kept = client.get(f"{dataset}/{json}").json["passport"]
    assert kept["identifier"] == dataset.rpartition("/")[2]
    app.config["PUBLISHER_INN"], app.config["PUBLISHER"] = "7710349494", "Департамент труда"
    for path in ("/", "/meta.csv"):
        moved = client.get(f"{dataset}{path}")
        assert (moved.status_code, moved.location) == (
            301,
            f"{dataset.replace('/nok', '/7710349494-nok')}{path}",
        )
        assert client.get(moved.location).status_code == 200
    own = dataset.replace("/nok", "/7710349494-nok")
    told = passport(client, own)
    assert client.get(f"{own}/{json}").json["passport"] == {**kept, "identifier": told["identifier"]}
    assert told["identifier"].startswith("7710349494-nok") and told["creator"] == "Департамент труда"


@pytest.mark.parametrize("given", ["12345", "77103494ab", "٧٧١٠٣٤٩٤٩٤"])
def test_a_publishers_number_is_an_inn(given: str, tmp_path) -> None:
    with pytest.raises(ConfigRefused):
        Config.from_environment({"NOK_PUBLISHER_INN": given, "NOK_DATA_DIR": str(tmp_path)})


def campaign(**given: Any) -> Published:
    """A published campaign of a hundred questionnaires."""
    channels = given.pop("channels", {"poster": 60, "paper": 20, "official": 20})
    asked = sum(channels.values())
    told = {
        "id": 1,
        "title": "Поликлиники",
        "year": 2026,
        "sector": "health",
        "region": "г. Москва",
        "operator": "",
        "council": "",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "demo": False,
        "version": 1,
        "sha256": "a" * 64,
        "short": "a" * 12,
        "published_at": now(),
        "first_at": now(),
        "mean": None,
        "responses": asked,
        "digital_share": Fraction(channels.get("official", 0), asked),
        "own_digital_share": Fraction(channels.get("poster", 0), asked),
        "digital_target": Fraction(1, 5),
        "channels": channels,
        "profile": {},
        "forms": {"poster": "bus-gov-13", "paper": "675n-full", "official": "bus-gov-13"},
        "lines": (),
    }
    return Published(**{**told, **given})


def counts(campaigns: list[Published], id: str) -> dict[str, int]:
    """A table of those who took part, as it is shown."""
    (table,) = (one for one in taking_part(campaigns).tables if one.id == id)
    return {group.title: group.count for group in table.groups}


@ON_SQLITE
def test_who_took_part_is_summed_by_every_cut(app) -> None:
    two = [
        campaign(),
        campaign(id=2, year=2025, sector="culture", region="Тула", channels={"official": 10, "import": 30}),
    ]
    with app.test_request_context():
        assert counts(two, "channels") == {
            "Плакат с QR-кодом": 60, "Бумажная анкета": 20, "Загруженная таблица": 30, "bus.gov.ru": 30,
        }  # fmt: skip
        assert counts(two, "sectors") == {"Здравоохранение": 100, "Культура": 40}
        assert counts(two, "regions") == {"г. Москва": 100, "Тула": 40}
        assert counts(two, "years") == {"2025": 40, "2026": 100}
        forms = counts(two, "forms")
        assert sum(forms.values()) == 140 and forms["Каналу анкета не назначена"] == 30
        digital = taking_part(two).digital
    assert digital is not None
    assert (digital.share, digital.enough) == (Fraction(30, 140), True)
    assert digital.own == Fraction(60, 140)


@ON_SQLITE
def test_a_few_are_told_as_on_the_page_of_results(app) -> None:
    with app.test_request_context():
        shown = counts([campaign(channels={"poster": 60, "paper": 20, "phone": 3})], "channels")
    assert shown == {"Плакат с QR-кодом": 60, "Бумажная анкета": 20, "Телефонный опрос": 3}


@ON_SQLITE
def test_the_page_of_those_who_took_part_shows_gauge_chart_and_table(page, dataset) -> None:
    text = page.get("/ratings/participation").text
    assert "меньше, чем требует приказ" in text and "Доля bus.gov.ru" in text
    assert "Анкета, назначенная каналу" in text and "под анкетой своего канала" in text
    assert text.count("<table") >= 5
    none = page.get("/ratings/participation?year=1999&sector=<b>&region=%00")
    assert none.status_code == 200 and "Анкет нет" in none.text and "<b>" not in none.text
