"""Known mistakes of old reports: each is put into a right table and must be named, and nothing else."""

from fractions import Fraction
from typing import Any

import pytest
from old_table import POINTS, printed, reckoned

import nok
from surveys.old_reports.comparing import Compared, Rules, compared, likeliest, summary
from surveys.old_reports.numbers import number
from surveys.old_reports.rows import Line
from surveys.refusals import Refusal


def rules(sector: str = "health", places: int = 2, practice: nok.Practice | None = None) -> Rules:
    """Our own rules, every column printed to so many places."""
    edition = nok.edition()
    at = (*edition.indicators, *edition.criteria, "total")
    return Rules(edition, practice or nok.Practice(), sector, dict.fromkeys(at, places))


def line(told: dict[str, Any], **counts: int) -> Line:
    """A line of a report that says this."""
    figures = {at: None if value is None else Fraction(str(value)) for at, value in told.items()}
    return Line(2, "Поликлиника", figures=figures, counts={at: Fraction(n) for at, n in counts.items()})


def differing(told: dict[str, Any], by: Rules | None = None, **counts: int) -> dict[str, Compared]:
    """What differs in a line, by figure."""
    found = compared(line(told, **counts), by or rules())
    return {one.at: one for one in found if one.state in ("explained", "unexplained", "empty", "odd")}


@pytest.mark.parametrize("sector", ["health", "culture"])
def test_a_right_table_has_no_differences(sector: str) -> None:
    points = dict(POINTS) if sector == "health" else {**POINTS, "2.2": 82.5}
    assert differing(reckoned(points, sector=sector), rules(sector)) == {}


def test_rounding_to_the_printed_place_is_no_difference() -> None:
    """The operator counted with what the table prints more shortly."""
    exact = {**POINTS, "5.1": 88.444, "5.2": 91.333}
    told = reckoned(exact)
    assert differing({**told, "5.1": 88.44, "5.2": 91.33}) == {}


def test_an_indicator_nobody_was_asked_about_counted_as_nought() -> None:
    points = {**POINTS, "3.3": None}
    right = reckoned(points)
    told = reckoned({**POINTS, "3.3": 0})
    assert right["K3"] != told["K3"]
    found = differing({**told, "3.3": None}, rules())
    assert found.keys() == {"K3"}
    assert found["K3"].keys[0] == "zero|3.3"
    found = differing(told, accessibility_of=0, accessibility_yes=0)
    assert found["3.3"].keys[0] == "zero"
    assert differing(told)["3.3"].keys == ("doubtful_zero",)


@pytest.mark.parametrize(
    ("key", "k2"),
    [
        ("two_of_three", Fraction(80 + 85, 2)),
        ("equal", Fraction(80 + 75 + 85, 3)),
        ("swapped|0,4;0,3;0,3", Fraction(4 * 80 + 3 * 75 + 3 * 85, 10)),
        ("sum", Fraction(240)),
        ("to_whole", Fraction(80)),
        ("scale_five", Fraction(159, 40)),
        ("weight|2.2|0,5", Fraction(3 * 80 + 5 * 75 + 3 * 85, 10)),
        ("left_out|2.1", Fraction(4 * 75 + 3 * 85, 7)),
        ("as_zero|2.3", Fraction(3 * 80 + 4 * 75, 10)),
    ],
)
def test_a_criterion_counted_in_another_way(key: str, k2: Fraction) -> None:
    told = reckoned(POINTS)
    told["K2"] = printed(k2)
    told["total"] = printed(sum(Fraction(str(told[f"K{n}"])) for n in range(1, 6)) / 5)
    found = differing(told)
    assert key in found["K2"].keys
    assert found.keys() == {"K2"}, "the total follows from the criteria as they are in the report"


def test_the_time_of_waiting_where_it_is_not_measured() -> None:
    told = reckoned({**POINTS, "2.2": 40}, sector="culture")
    told["2.2"] = 40
    told["K2"] = printed(Fraction(3 * 80 + 4 * 40 + 3 * 85, 10))
    assert differing(told, rules("culture"))["K2"].keys[0] == "three_of_two"


def test_rounded_on_the_way() -> None:
    points = {**POINTS, "5.1": 88.46, "5.2": 91.47, "5.3": 92.45}
    told = reckoned(points)
    told["K5"] = printed(Fraction(3 * 88 + 2 * 91 + 5 * 92, 10))
    assert differing(told)["K5"].keys[0] == "steps_whole"


@pytest.mark.parametrize(
    ("key", "of"),
    [
        ("by_four", lambda k: sum(k) / 4),
        ("not_divided", sum),
        ("criterion_left|K3", lambda k: (sum(k) - k[2]) / 4),
        ("performing", lambda k: (k[0] + k[2]) / 2),
        ("of_indicators", None),
    ],
)
def test_a_total_counted_in_another_way(key: str, of) -> None:
    told = reckoned(POINTS)
    criteria = [Fraction(str(told[f"K{n}"])) for n in range(1, 6)]
    value = of(criteria) if of else sum(Fraction(str(p)) for p in POINTS.values()) / 15
    told["total"] = printed(value)
    found = differing(told)
    assert found.keys() == {"total"}
    assert found["total"].keys[0] == key


def test_a_total_of_a_right_criterion_beside_a_wrong_one() -> None:
    told = reckoned(POINTS)
    told |= {"K2": 12.34, "K4": 56.78}
    told["total"] = printed(sum(Fraction(str({**told, "K2": 79.5}[f"K{n}"])) for n in range(1, 6)) / 5)
    assert differing(told)["total"].keys[0] == "right_criterion|K2"


def test_what_nothing_explains_is_said_so() -> None:
    told = reckoned(POINTS)
    told["K4"] = 12.34
    found = differing({**told, "total": None})
    assert (found["K4"].state, found["K4"].keys) == ("unexplained", ())
    assert found["total"].state == "empty"


COUNTS = {
    "stand_present": 14, "stand_required": 17, "site_present": 18, "site_required": 19, "items_remote_ways": 3,
    "stand_yes": 150, "stand_of": 160, "site_yes": 120, "site_of": 130, "items_comfort": 4,
    "waiting_points": 60, "on_time_yes": 180, "responses": 200, "comfort_yes": 170, "items_equipment": 3,
    "items_accessibility": 4, "accessibility_yes": 9, "accessibility_of": 12, "first_contact_yes": 190,
    "service_staff_yes": 188, "remote_staff_yes": 88, "remote_staff_of": 95, "recommend_yes": 176,
    "schedule_yes": 182, "overall_yes": 184,
}  # fmt: skip


def test_a_table_of_counts_gives_the_published_vector() -> None:
    """norms §1.5."""
    found = {one.at: one for one in compared(line({}, **COUNTS), rules())}
    assert nok.printed(found["K1"].recomputed or Fraction(0), 4) == "90.7750"
    assert nok.printed(found["total"].recomputed or Fraction(0), 4) == "85.5003"


@pytest.mark.parametrize(
    ("at", "value", "key"),
    [
        ("1.1", Fraction(100 * 14, 17), "side|stand"),
        ("1.1", Fraction(100 * 32, 36), "pooled"),
        ("1.2", Fraction(60), "points|20"),
        ("1.3", Fraction(50 * 270, 200), "edition|344n-2018"),
        ("2.2", Fraction(60), "only_waiting"),
        ("2.2", Fraction(90), "only_share"),
        ("3.3", Fraction(900, 200), "of_all"),
        ("4.3", Fraction(8800, 200), "of_all"),
        ("5.1", Fraction(88, 100), "scale_share"),
    ],
)
def test_an_indicator_counted_from_its_counts_in_another_way(at: str, value: Fraction, key: str) -> None:
    found = differing({at: printed(value)}, None, **COUNTS)
    assert found[at].keys[0] == key
    assert found.keys() == {at}


def test_counts_that_cannot_be_are_named() -> None:
    found = differing({"5.1": 99.0}, None, **{**COUNTS, "recommend_yes": 201})
    assert found["5.1"].keys == ("torn",)


@pytest.mark.parametrize(
    ("at", "value", "odd"), [("2.1", 60, False), ("2.1", 66.67, True), ("1.2", 90, False)]
)
def test_points_for_items_come_in_steps(at: str, value: float, odd: bool) -> None:
    assert (at in differing({at: value})) is odd


def test_of_two_mistakes_the_one_that_explains_more_is_named() -> None:
    """5.1 = 5.3 = 80 gives the same number with two of the weights swapped; the other lines tell which it was."""
    lines = []
    for number_, (first, second, third) in enumerate([(80, 90, 80), (80, 90, 70), (60, 90, 75)], start=2):
        told: dict[str, Any] = {"5.1": first, "5.2": second, "5.3": third}
        told["K5"] = printed(Fraction(2 * first + 3 * second + 5 * third, 10))
        figures = {at: Fraction(str(value)) for at, value in told.items()}
        lines.append(Line(number_, str(number_), figures=figures))
    found = summary(lines, rules())
    assert found.kinds["K5", "swapped|0,2;0,3;0,5"] == 3
    (one,) = [one for one in compared(lines[0], rules()) if one.at == "K5"]
    assert likeliest(one, found.ranks) == "swapped|0,2;0,3;0,5"


@pytest.mark.parametrize(
    ("cell", "value", "places"),
    [
        ("83,50", "83.5", 1),
        (83.5, "83.5", 1),
        (83.33000000000001, "83.33", 2),
        (250 / 3, "83.333333333", 9),
        ("92 балла", "92", 0),
        ("1 000,5", "1000.5", 1),
        (1e-07, "0.0000001", 7),
    ],
)
def test_a_number_is_exact_and_knows_its_places(cell: object, value: str, places: int) -> None:
    found = number(cell)
    assert found is not None
    assert (found.value, found.places) == (Fraction(value), places)


@pytest.mark.parametrize("cell", ["", "-", "н/д", "нет данных", "#ДЕЛ/0!", float("nan"), " — "])
def test_a_cell_that_says_there_is_none(cell: object) -> None:
    assert number(cell) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cell", [True, "-5", "сто", "9" * 40, "5 из 7", float("inf"), "1.2.3"])
def test_a_cell_that_is_no_number_is_refused(cell: object, app) -> None:
    with app.app_context(), pytest.raises(Refusal):
        number(cell)
