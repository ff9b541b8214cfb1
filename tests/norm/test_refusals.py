"""Отказы: вход, по которому нельзя честно посчитать, не считается; место названо (`[3].answers.stand`)."""

import json
from copy import deepcopy
from typing import Any

import pytest
from norm.published import EXAMPLE, ORDER, example

import nok
from nok.strict_json import loads

NUMBERS = [-1, 1.0, 1.5, "1", "0", True, False, [], {}, 10**9 + 1, 10**31, float("nan"), float("inf")]
COUNTS = (
    "respondents",
    "inspection.information_required",
    "inspection.remote_ways",
    "inspection.comfort",
    "inspection.equipment",
    "inspection.accessibility",
    "inspection.stand.present",
    "inspection.site.required",
)


def changed(path: str, value: object) -> dict[str, Any]:
    """The example with one value put at a place."""
    made = deepcopy(EXAMPLE)
    *way, last = path.split(".")
    inner = made
    for key in way:
        inner = inner[key]
    inner[last] = value
    return made


def refused(text: str | bytes, place: str = "") -> str:
    """Reads JSON as the command does and gives the place of the refusal."""
    with pytest.raises(nok.Refused) as refusal:
        nok.Observations.read(loads(text.encode() if isinstance(text, str) else text), place)
    assert refusal.value.reason
    return refusal.value.place


@pytest.mark.parametrize("path", COUNTS)
@pytest.mark.parametrize("value", NUMBERS, ids=str)
def test_a_count_is_a_whole_number_not_below_zero_and_not_absurd(path: str, value: object):
    assert refused(json.dumps(changed(path, value))) == path


@pytest.mark.parametrize("question", nok.QUESTIONS)
@pytest.mark.parametrize("value", [-1, 1.0, "1", True, None, 10**31, float("nan")], ids=str)
def test_both_numbers_of_an_answer_are_counts(question: str, value: object):
    assert refused(json.dumps(changed(f"answers.{question}", [value, 200]))) == f"answers.{question}[0]"
    assert refused(json.dumps(changed(f"answers.{question}", [0, value]))) == f"answers.{question}[1]"


@pytest.mark.parametrize("question", nok.QUESTIONS)
@pytest.mark.parametrize(
    "value",
    [[201, 200], [1, 0], [1], [1, 2, 3], [], {}, {"0": 1, "1": 2}, 5, "5/6", True, False, 0, ""],
    ids=str,
)
def test_an_answer_is_a_pair_and_never_more_satisfied_than_answered(question: str, value: object):
    assert refused(json.dumps(changed(f"answers.{question}", value))) == f"answers.{question}"


@pytest.mark.parametrize("side", ["stand", "site"])
@pytest.mark.parametrize(
    ("value", "inner"),
    [
        ({"present": 18, "required": 17}, ""),
        ({"present": 1}, ".required"),
        ({"required": 1}, ".present"),
        ({"present": None, "required": 1}, ".present"),
        ({}, ".present"),
        ({"present": 1, "required": 1, "absent": 0}, ".absent"),
        ([14, 17], ""),
        (14, ""),
        (False, ""),
    ],
    ids=str,
)
def test_a_side_is_found_and_required_and_never_more_found(side: str, value: object, inner: str):
    assert refused(json.dumps(changed(f"inspection.{side}", value))) == f"inspection.{side}{inner}"


@pytest.mark.parametrize(
    "written",
    [
        "-1",
        "101",
        "100.0001",
        '"60"',
        '"60/0"',
        '"101/1"',
        '"-1/2"',
        '" 1/2"',
        '"1/2 "',
        '"1,5"',
        '"1/2/3"',
        '"٣/٤"',
        "true",
        "[]",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e3",
        "1e999999999",
        "1e-999999999",
        "0." + "1" * 40,
        f'"{"9" * 19}/{"9" * 19}"',
        '"½"',
        '"0x1/2"',
        '"1_0/2"',
        "-0.0000001",
    ],
)
def test_waiting_points_are_a_number_or_a_fraction_of_0_to_100(written: str):
    text = json.dumps(changed("inspection.waiting_points", "HERE")).replace('"HERE"', written)
    assert refused(text) == "inspection.waiting_points"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("66.7", "667/10"), ("1e1", "10/1"), ("-0.0", "0/1"), ('"1/3"', "1/3"), ("100", "100/1")],
)
def test_decimals_are_read_exactly(written: str, meant: str):
    text = json.dumps(changed("inspection.waiting_points", "HERE")).replace('"HERE"', written)
    points = nok.Observations.read(loads(text.encode())).waiting_points
    assert points is not None
    assert f"{points.numerator}/{points.denominator}" == meant


def test_a_binary_float_is_not_a_decimal():
    with pytest.raises(nok.Refused, match=r"inspection\.waiting_points"):
        nok.Observations.read(example({"waiting_points": 66.7}))


@pytest.mark.parametrize("path", ["colour", "inspection.colour", "answers.colour", "inspection.stand.colour"])
def test_a_key_nobody_knows_is_refused(path: str):
    assert refused(json.dumps(changed(path, 1))) == path


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"sector": "health", "sector": "culture"}', "sector"),
        ('{"sector": "health", "answers": {"stand": [1, 2], "stand": [2, 2]}}', "answers.stand"),
        (
            '{"sector": "health", "inspection": {"stand": {"present": 1, "present": 0, "required": 1}}}',
            "inspection.stand.present",
        ),
        ('{"sector": {"a": 1, "a": 2}}', "sector.a"),
        ('{"sector": {"": 1, "": 2}}', 'sector.""'),
        ('{"sector": "health", "respondents": {"a": 1, "a": 2}}', "respondents.a"),
    ],
)
def test_a_key_given_twice_is_refused_where_it_stands(text: str, place: str):
    assert refused(text) == place


@pytest.mark.parametrize("sector", ['"sport"', '""', '"Health"', "null", "1", "[]", "NaN", '"health "'])
def test_a_sector_nobody_knows_is_refused(sector: str):
    assert refused('{"sector": ' + sector + "}") == "sector"


def test_without_a_sector_nothing_can_be_calculated():
    assert refused("{}") == "sector"


@pytest.mark.parametrize("key", ["id", "kind"])
@pytest.mark.parametrize("value", ["1", "true", "[]", "{}", "NaN", '"\\ud800"'])
def test_a_name_and_a_kind_are_text(key: str, value: str):
    assert refused('{"sector": "health", "' + key + '": ' + value + "}") == key


@pytest.mark.parametrize("part", ["inspection", "answers"])
@pytest.mark.parametrize("value", [0, "", [], False, "null", 1], ids=repr)
def test_the_parts_are_objects_or_null(part: str, value: object):
    assert refused(json.dumps({"sector": "health", part: value})) == part


@pytest.mark.parametrize("text", ["5", '"text"', "null", "true", "NaN", "[]", "1e400"])
def test_an_organisation_is_an_object(text: str):
    assert refused(text, "[2]") == "[2]"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "это не JSON"), (b"{", "это не JSON"), (b"{} {}", "это не JSON"), (b"{'a': 1}", "это не JSON"),
        (b'{"id": "\xff"}', "это не UTF-8"), ('{"id": "Пример"}'.encode("cp1251"), "это не UTF-8"),
        (b"\xef\xbb\xbf{}", "BOM"), ("{}".encode("utf-16"), "BOM"),
        (b"[" * 100_000, "глубокая"), (b'{"a":' * 100_000, "глубокая"), (b'{"id": "a\nb"}', "это не JSON"),
    ],
)  # fmt: skip
def test_what_is_not_json_is_refused_as_a_whole(content: bytes, reason: str):
    with pytest.raises(nok.Refused, match=reason) as refusal:
        loads(content)
    assert refusal.value.place == ""


def test_a_place_inside_a_list_starts_with_its_index():
    assert refused(json.dumps(changed("answers.stand", [3, 2])), "[3]") == "[3].answers.stand"
    assert refused(json.dumps(changed("answers.stand", [3, -2])), "[3]") == "[3].answers.stand[1]"


def test_a_strangers_key_cannot_draw_on_the_terminal():
    place = refused(json.dumps({"sector": "health", "\x1b[31m\u202e" + "x" * 100: 1}))
    assert place == "\\u001b[31m\\u202e" + "x" * 34


def test_an_empty_key_is_shown_as_empty_quotes():
    assert refused('{"sector": "health", "answers": {"": [1, 2]}}') == 'answers.""'


def test_absent_is_the_same_as_null():
    bare = nok.Observations.read({"sector": "social"})
    nulls = {"inspection": dict.fromkeys(EXAMPLE["inspection"]), "answers": dict.fromkeys(EXAMPLE["answers"])}
    assert nok.Observations.read({"sector": "social", **nulls}) == bare
    assert nok.Observations.read({"sector": "social", "inspection": None, "answers": None}) == bare


def test_counts_over_their_caps_are_fine():
    assert nok.assess(nok.Observations.read(example({"remote_ways": 5, "accessibility": 6})), ORDER).total


def test_a_refusal_can_be_seen_from_one_level_up():
    inner = nok.Refused("answers.stand", "почему")
    assert str(inner.within("[3]")) == "[3].answers.stand: почему"
    assert str(nok.Refused("[1]", "почему").within("answers.stand")) == "answers.stand[1]: почему"
    assert str(nok.Refused("", "почему")) == "почему"
