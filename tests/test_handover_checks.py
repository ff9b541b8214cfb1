"""Checks before submission: each is tripped by what it looks for, and by nothing else."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from standings import EDITION, FACTS, standing

import nok
from operator_app.handover import checks
from operator_app.handover.desk import Desk, Scans, Visits, differing
from operator_app.handover.finding import BLOCKS, EXPLAIN, NOTE, Finding
from operator_app.handover.unfinished import warned
from operator_app.sample.accessible import Accessible
from surveys.batches import Batch, Kind, State
from surveys.models import Campaign, Stage
from surveys.results import CampaignResults, Standing
from surveys.visits import Visit

FULL: dict[str, Any] = {"responses": 300, "target": 240}
CODES = ("K7M4PX2D", "A2B3C4D5")


def desk(*standings: Standing, share: Fraction | None = Fraction(1, 4), **given: Any) -> Desk:
    """A desk on which everything is in order, but for what is given."""
    rows = standings or tuple(standing(code, **FULL) for code in CODES)
    results = CampaignResults(FACTS, rows, {}, sum(one.responses for one in rows), share)
    told = {"accessible": {one.code: Accessible(12, 10) for one in rows}, **given}
    return Desk(**{"campaign": Campaign(stage=Stage.COLLECTING), "results": results, **told})


def batch(**given: Any) -> Batch:
    """A counted file that warns of nothing."""
    report = {"accepted": 5, "refused": [], "refused_rows": 0, "warnings": []}
    return Batch(**{"id": 3, "file_name": "анкеты.xlsx", "kind": Kind.ANSWERS, "state": State.COUNTED,
                    "report": report, **given})  # fmt: skip


def visits(**given: Any) -> Visits:
    """One organisation with one confirmed visit."""
    told = {"drafts": 0, "unconfirmed": 0, "confirmed": 1, "differ": (), **given}
    return Visits("K7M4PX2D", "Поликлиника № 12", **told)


def refused() -> Standing:
    """A result that the practice refuses to compute."""
    nothing: dict[str, Any] = dict.fromkeys(EDITION.indicators)
    warning = nok.Warning_("refused", "3.3", "Расчёт не выполнен: никто не ответил.")
    result = replace(standing().result, indicators=nothing, total=None, warnings=(warning,))
    return standing(result=result, **FULL)


def undefined() -> Standing:
    """Nobody with a disability was asked."""
    return standing(answers={"accessibility": None}, **FULL)


def untimed() -> Standing:
    """An inspection that wrote down no waiting time."""
    seen = replace(standing().observations, waiting_points=None)
    return standing(observations=seen, result=nok.assess(seen, EDITION, FACTS.practice), **FULL)


def unverified() -> Standing:
    """A sphere whose rules nobody compared with the official text."""
    seen = replace(standing().observations, sector="social")
    return standing(observations=seen, result=nok.assess(seen, EDITION, FACTS.practice), **FULL)


SECOND = standing(CODES[1], **FULL)
WARNS = {"refused": [{"row": 7}], "refused_rows": 1, "warnings": [{"row": 9}]}
TRIPS: dict[str, tuple[str, Desk]] = {
    "rules_changed": (BLOCKS, desk(results=None, changed="Редакция изменилась.")),
    "no_organizations": (BLOCKS, desk(results=CampaignResults(FACTS, [], {}, 0, None))),
    "no_answers": (BLOCKS, desk(standing(responses=0), share=None)),
    "empty": (EXPLAIN, desk(standing(responses=0), SECOND)),
    "thin": (EXPLAIN, desk(standing(responses=239, target=240), SECOND)),
    "no_target": (NOTE, desk(standing(responses=10, target=None), SECOND)),
    "undefined": (EXPLAIN, desk(undefined(), SECOND)),
    "untimed": (EXPLAIN, desk(untimed(), SECOND)),
    "refused": (EXPLAIN, desk(refused(), SECOND)),
    "not_inspected": (EXPLAIN, desk(standing(inspected=False, **FULL), SECOND)),
    "official_share": (EXPLAIN, desk(share=Fraction(199, 1000))),
    "disability_floor": (
        EXPLAIN,
        desk(accessible={CODES[0]: Accessible(9, 10), CODES[1]: Accessible(10, 10)}),
    ),
    "unverified": (NOTE, desk(unverified(), SECOND)),
    "open_remarks": (BLOCKS, desk(unanswered=2)),
    "uncounted": (BLOCKS, desk(batches=[batch(state=State.CHECKED)])),
    "unreviewed": (BLOCKS, desk(batches=[batch(report=WARNS)])),
    "waiting_sheets": (BLOCKS, desk(waiting_sheets={"Пачка 1 (№ 4)": 3})),
    "unread_scans": (BLOCKS, desk(scans=Scans(unread=["Пакет № 5"]))),
    "waiting_scans": (BLOCKS, desk(scans=Scans(waiting={"Пакет № 5": 3}))),
    "disputed_scans": (BLOCKS, desk(scans=Scans(disputed={"Пакет № 5": 1}))),
    "unseen_samples": (EXPLAIN, desk(scans=Scans(samples={"Пакет № 5": 12}))),
    "untyped_words": (EXPLAIN, desk(scans=Scans(words={"Пакет № 5": 2}))),
    "held_answers": (EXPLAIN, desk(held={"Поликлиника № 12": 7})),
    "unconfirmed": (BLOCKS, desk(visits=[visits(unconfirmed=1)])),
    "differ": (BLOCKS, desk(visits=[visits(differ=["stand.list"])])),
    "drafts": (EXPLAIN, desk(visits=[visits(drafts=1)])),
    "appointments": (EXPLAIN, desk(appointments=4)),
}


@pytest.mark.parametrize("key", ["unread_scans", "waiting_scans", "disputed_scans"])
def test_what_nobody_can_mend_any_more_is_explained_and_blocks_no_longer(key: str) -> None:
    scans = TRIPS[key][1].scans
    (found,) = checks.findings(desk(campaign=Campaign(stage=Stage.REVIEW), scans=scans))
    assert (found.key, found.gravity) == (key, EXPLAIN)


def keys(found: list[Finding]) -> set[str]:
    return {finding.key for finding in found}


def test_a_desk_in_order_raises_nothing() -> None:
    scanned = batch(kind=Kind.SCANS, report=WARNS)
    quiet = desk(batches=[batch(), scanned], visits=[visits()], waiting_sheets={}, appointments=0)
    assert checks.findings(quiet) == []


def test_every_check_has_something_that_trips_it() -> None:
    assert {finding.key for _gravity, at in TRIPS.values() for finding in checks.findings(at)} == TRIPS.keys()
    assert len(checks.CHECKS) == 25


@pytest.mark.parametrize("key", TRIPS)
def test_a_check_sees_what_it_looks_for_and_no_other_does(key) -> None:
    gravity, at = TRIPS[key]
    [finding] = checks.findings(at)
    assert (finding.key, finding.gravity) == (key, gravity)
    assert finding.title and finding.advice.endswith(".")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("thin", "239 из 240 (99,6 %), не хватает 1"),
        ("undefined", "Показатель 3.3 (Пдост.уд) не определен"),
        ("disability_floor", "9 из 10"),
        ("unreviewed", "строк отклонено: 1, предупреждений: 1"),
        ("refused", "Расчёт не выполнен"),
    ],
)
def test_a_finding_says_where_and_how_much(key, told) -> None:
    [finding] = checks.findings(TRIPS[key][1])
    assert [told in place.told.replace("\u202f", " ") for place in finding.places] == [True]


def test_a_waiting_time_that_is_not_there_is_the_inspectors_to_write() -> None:
    [finding] = checks.findings(TRIPS["untimed"][1])
    assert "Впишите время ожидания в проверку" in finding.advice
    assert finding.door == "inspections.index"


def test_what_blocks_stops_whatever_is_written() -> None:
    found = checks.findings(TRIPS["uncounted"][1])
    assert checks.in_the_way(found, {"uncounted": "Файл нам не нужен, честное слово."}) == found


@pytest.mark.parametrize(
    ("written", "stops"), [("", True), ("нет", True), ("Закрыта на ремонт с марта.", False)]
)
def test_what_is_to_be_explained_stops_until_it_is(written, stops) -> None:
    found = checks.findings(TRIPS["empty"][1])
    assert bool(checks.in_the_way(found, {"empty": written})) is stops


def test_a_note_stops_nobody() -> None:
    assert checks.in_the_way(checks.findings(TRIPS["unverified"][1]), {}) == []


def test_the_gravest_stand_first() -> None:
    at = desk(standing(responses=10, target=None), SECOND, unanswered=1, appointments=2)
    assert [finding.gravity for finding in checks.findings(at)] == [BLOCKS, EXPLAIN, NOTE]


@pytest.mark.parametrize("state", [State.COUNTED, State.UNDONE, State.DROPPED, State.REFUSED])
def test_a_file_that_is_settled_is_no_trouble(state) -> None:
    assert "uncounted" not in keys(checks.findings(desk(batches=[batch(state=state)])))


def test_a_file_whose_warnings_somebody_read_is_no_trouble() -> None:
    assert checks.findings(desk(batches=[batch(report=WARNS, reviewed_by="petrov")])) == []


def test_a_report_without_warnings_warns_of_nothing() -> None:
    assert warned({}) == warned({"accepted": 9, "refused_rows": 0}) == ""


def test_inspectors_differ_in_what_both_looked_at() -> None:
    one = Visit(items={"a": {"value": "yes"}, "b": {"value": "no"}, "c": {"value": ""}})
    other = Visit(items={"a": {"value": "no"}, "b": {"value": "no"}, "d": {"value": "yes"}})
    assert differing([one, other]) == ["a"]
