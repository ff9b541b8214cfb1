"""Forgeries in which every figure follows from its counts: only the stored release tells that they are no release."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from build import a_release, an_inspection
from drawing import campaign_pdf
from handing import a_ready_campaign
from published_file import placed, with_part
from standings import enclosed
from test_verify_pages import kept, sent

import nok
from documents import exports
from documents.verify import likeness
from nok.enclosed import canonical
from nok.verifying import BY_HASH, BY_SERVICE, verify
from surveys import frozen
from surveys.results import CampaignResults

SAME = "Цифры те же, что в опубликованном выпуске"
NOT_ALL = "Файл называет опубликованный выпуск, но совпадает с ним не всё"
Files = tuple[int, list[str], dict[str, Any], dict[str, Any]]


@pytest.fixture
def files(page, session) -> Files:
    """A campaign with a leader, published: its number, codes by place, its JSON and that of the second."""
    campaign_id, codes = a_ready_campaign()
    an_inspection(campaign_id, codes[1], comfort=["a"])
    a_release(campaign_id, number="7")
    whole = page.get(f"/ratings/{campaign_id}.json").json
    own = page.get(f"/o/{codes[1]}/results/{whole['campaign']['year']}.json").json
    assert [one["code"] for one in whole["organizations"]] == codes and own["organization"]["place"] == 2
    return campaign_id, codes, whole, own


def without_the_leader(found: CampaignResults) -> CampaignResults:
    """What the campaign would be had the first never been in it."""
    rows = placed(found.standings[1:])
    channels = dict(rows[0].channels)
    return replace(
        found,
        standings=rows,
        means={**found.means, **nok.aggregate.averages((one.result for one in rows), 2)},
        responses=sum(one.responses for one in rows),
        digital_share=nok.sample.digital_share(channels, found.facts.norm),
        own_digital_share=nok.sample.own_digital_share(channels, found.facts.norm),
    )


def refused(page: Any, content: bytes, *words: str) -> None:
    """The page says that this is not what was published, and what differs."""
    text = sent(page, content).text
    assert NOT_ALL in text and "Не всё сошлось" in text and SAME not in text
    for said in words:
        assert said in text, said


def test_true_files_are_the_release_part_by_part(page, files: Files) -> None:
    _campaign_id, _codes, whole, own = files
    for given in (whole, own):
        text = sent(page, canonical(given)).text
        assert SAME in text and "Сошлась каждая цифра" in text and BY_SERVICE not in text


def test_two_names_swapped_are_named(page, files: Files) -> None:
    _campaign_id, _codes, whole, _own = files
    first, second = whole["organizations"]
    for key in ("name", "short_name", "address"):
        first[key], second[key] = second[key], first[key]
    assert verify(canonical(whole)).agrees
    said = "название: в файле «Поликлиника № 2», в выпуске «Поликлиника № 1»"
    refused(page, canonical(whole), said, "адрес: в файле «ул. Мира, 1», в выпуске «ул. Мира, 2»")


def test_a_leader_left_out_is_named(page, files: Files) -> None:
    campaign_id, codes, _whole, _own = files
    given = exports.campaign_json(without_the_leader(frozen.results(kept(campaign_id))))
    content = canonical(json.loads(exports.json_text(given)))
    report = verify(content)
    assert report.agrees and BY_SERVICE in report.lines()
    place = "место в рейтинге: в файле 1, в выпуске 2"
    refused(page, content, f"({codes[0]}): организация: в файле нет, в выпуске есть", place, "среднее")


def test_a_place_made_up_is_named(page, files: Files) -> None:
    _campaign_id, codes, _whole, own = files
    own["organization"]["place"] = 1
    assert verify(canonical(own)).agrees
    refused(page, canonical(own), f"({codes[1]}): место в рейтинге: в файле 1, в выпуске 2")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda own: own["organization"].pop("deficiencies"), "недостатки: в файле "),
        (lambda own: own["organization"]["deficiencies"].update(comfort=[]), "недостатки: в файле "),
        (lambda own: own["organization"].update(with_branches={}), "цифры вместе с филиалами"),
        (
            lambda own: own["organization"].update(code="ZZZZZZZZ"),
            "организация: в файле есть, в выпуске такой",
        ),
        (
            lambda own: own["campaign"].update(title="Другая"),
            "название кампании: в файле «Другая», в выпуске",
        ),
        (lambda own: own["release"].update(version=9), "выпуск: в файле 9, в выпуске 1"),
        (lambda own: own.update(meeting={"number": "8"}), "заседание совета: "),
    ],
)
def test_whatever_else_is_changed_is_named(
    page, files: Files, spoil: Callable[[dict[str, Any]], object], words: str
) -> None:
    own = files[3]
    spoil(own)
    refused(page, canonical(own), words)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_release_is_known_by_its_own_hash_alone(page, files: Files) -> None:
    release = kept(files[0])
    told, named = (
        json.loads(release.content),
        {"version": 1, "sha256": release.sha256, "short": release.short},
    )
    assert BY_HASH in verify(canonical(told)).notes
    assert SAME in sent(page, json.dumps(told, indent=2).encode()).text
    for changed in ({**told, "release": named}, {**told, "release": named, "note": "Лучшие"}):
        text = sent(page, canonical(changed)).text
        assert "Среди опубликованных этой службой выпусков такого нет" in text and SAME not in text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_document_drawn_of_a_forgery_with_the_true_hash_is_named(page, files: Files) -> None:
    campaign_id, codes, whole, _own = files
    forged = campaign_pdf(without_the_leader(frozen.results(kept(campaign_id))), url="")
    refused(page, forged, f"({codes[0]}): организация: в файле нет")
    paper = page.get(f"/o/{codes[1]}/results/{whole['campaign']['year']}.pdf").data
    inside = json.loads(enclosed(paper, "result.json"))
    inside["organization"]["place"] = 1
    refused(page, with_part(paper, "result.json", canonical(inside)), "место в рейтинге: в файле 1")


def test_what_an_older_release_lacks_must_be_empty() -> None:
    row: dict[str, Any] = {"code": "A", "name": "Школа", "result": {"indicators": {}, "criteria": {}}}
    old = likeness.of({"campaign": {}, "organizations": [row]})
    grown = {**row, "place_range": None, "by_channel": {}, "gains": [1]}
    assert likeness.unlike(likeness.of({"campaign": {}, "organization": grown}), old) == []
    (one,) = likeness.unlike(likeness.of({"campaign": {}, "organization": {**row, "recipients": 7}}), old)
    assert one.sentence() == "Школа (A): получателей услуг за год: в файле 7, в выпуске нет"
    (one,) = likeness.unlike(likeness.of({"campaign": {}, "organization": {**row, "name": "Я" * 500}}), old)
    assert one.sentence() == "Школа (A): название: в файле не то же, должно быть как в выпуске"


def test_a_key_with_a_dot_passes_for_no_other() -> None:
    house = {"units": 2, "codes": ["B"]}
    row = {"code": "A", "name": "Школа", "result": {"indicators": {}, "criteria": {}}, "with_branches": house}
    forged = {**row, "with_branches": {}, **{f"with_branches.{key}": value for key, value in house.items()}}
    stored = likeness.of({"campaign": {}, "organizations": [row]})
    assert likeness.unlike(likeness.of({"campaign": {}, "organization": forged}), stored)
