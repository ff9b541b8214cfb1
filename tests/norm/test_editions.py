"""Редакция порядка — файл с данными: числа, как напечатаны, источник и отметка о сверке у каждого блока."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
from norm.published import FIRST_ORDER, ORDER, assessed

import nok
from nok.loading import read
from nok.refusal import Refused

FOLDER = Path(nok.__file__).parent / "editions"
TEXT = (FOLDER / "344n-2024.toml").read_text("utf-8")


def test_two_editions_ship_and_the_one_in_force_is_the_default():
    assert nok.editions() == ("344n-2018", "344n-2024")
    assert nok.edition() is ORDER
    assert (FIRST_ORDER.in_force_from, ORDER.in_force_from) == (date(2018, 10, 23), date(2024, 10, 5))
    assert "№ 344н" in ORDER.act
    assert ORDER.amended_by == ("Приказ Минтруда России от 20.08.2024 № 408н",)


def test_an_edition_is_pinned_by_the_bytes_of_its_file():
    content = (FOLDER / "344n-2018.toml").read_bytes()
    assert FIRST_ORDER.content_hash == sha256(content).hexdigest()
    assert read("344n-2018", content + b"\n").content_hash != FIRST_ORDER.content_hash


@pytest.mark.parametrize("id", ["344n-2019", "", "../editions/344n-2024", "344n-2024.toml"])
def test_an_edition_that_does_not_ship_is_refused(id: str):
    with pytest.raises(nok.Refused, match="344n-2018, 344n-2024"):
        nok.edition(id)


@pytest.mark.parametrize("edition", [FIRST_ORDER, ORDER], ids=lambda edition: edition.id)
def test_the_weights_of_every_criterion_of_every_sector_make_one_whole(edition: nok.Edition):
    assert tuple(edition.spheres) == nok.SECTORS == tuple(nok.SECTOR_TITLES)
    for sector in nok.SECTORS:
        for criterion in edition.criteria:
            own = {n for n, rule in edition.indicators.items() if rule.criterion == criterion}
            assert sum(w for n, w in edition.weights(sector).items() if n in own) == 1


def test_the_numbers_of_the_order():
    tenths = {number: weight * 10 for number, weight in ORDER.weights("health").items()}
    assert tenths == {
        "1.1": 3,
        "1.2": 3,
        "1.3": 4,
        "2.1": 3,
        "2.2": 4,
        "2.3": 3,
        "3.1": 3,
        "3.2": 4,
        "3.3": 3,
        "4.1": 4,
        "4.2": 4,
        "4.3": 2,
        "5.1": 3,
        "5.2": 2,
        "5.3": 5,
    }
    per_item = {n: int(i.points_per_item) for n, i in ORDER.indicators.items() if i.block}
    assert per_item == {"1.2": 30, "2.1": 20, "3.1": 20, "3.2": 20}
    assert all(rule.at_most == 100 for rule in ORDER.indicators.values())
    assert (ORDER.sample.share, ORDER.sample.at_most, ORDER.digital.target) == (
        Fraction(2, 5),
        600,
        Fraction(1, 5),
    )


def test_the_editions_differ_only_in_the_denominators_of_1_1_and_1_3():
    for number, rule in ORDER.indicators.items():
        if number not in ("1.1", "1.3"):
            assert rule == FIRST_ORDER.indicators[number]
    assert [ORDER.indicators[n].denominator for n in ("1.1", "1.3")] == ["separate", "separate"]
    assert [FIRST_ORDER.indicators[n].denominator for n in ("1.1", "1.3")] == ["common", "common"]


def test_every_answer_feeds_exactly_one_indicator():
    fed = [answer for rule in ORDER.indicators.values() for answer in rule.answers]
    assert sorted(fed) == sorted(nok.QUESTIONS)
    assert ORDER.indicators["1.3"].answers == ("stand", "site")
    assert ORDER.indicators["2.2"].answers == ("on_time",)


def test_the_glossary_knows_every_symbol():
    for rule in ORDER.indicators.values():
        assert f"| {rule.symbol} " in (nok.__doc__ or "")
        assert f'`indicators["{rule.number}"]`' in (nok.__doc__ or "")


def test_check_lists_have_stable_codes_and_titles():
    sizes = {block: len(ORDER.items(block, "health")) for block in nok.BLOCKS}
    assert sizes == {"remote_ways": 5, "comfort": 7, "equipment": 5, "accessibility": 6}
    assert len(ORDER.items("comfort", "education")) == 5
    assert len(ORDER.items("comfort", "culture")) == 7
    for lists in ORDER.lists.values():
        for items in lists.values():
            assert len({item.code for item in items}) == len(items)
            assert all(re.fullmatch("[a-z_]+", item.code) and item.title for item in items)
    assert ORDER.items("equipment", "mse")[0] == nok.Item(
        "ramps", "Входные группы с пандусами (подъемными платформами)"
    )


def test_a_sector_or_kind_nobody_knows_is_refused_everywhere():
    for name in (ORDER.weights, ORDER.sphere):
        with pytest.raises(nok.Refused, match="^sector: "):
            name("sport")
    with pytest.raises(nok.Refused, match="^sector: "):
        ORDER.items("comfort", "sport")
    with pytest.raises(nok.Refused, match="^kind: "):
        ORDER.weights("culture", "circus")
    with pytest.raises(nok.Refused, match="^kind: "):
        ORDER.applies("1.1", "health", "performing_arts")
    assert ORDER.applies("1.1", "culture", "performing_arts")
    assert not ORDER.applies("6.1", "culture")
    assert ORDER.weights("culture", "performing_arts") == ORDER.weights("culture")


def test_every_block_says_where_it_comes_from():
    blocks = re.findall(r'^source = "(.+)"$', TEXT, re.M)
    assert len(blocks) == TEXT.count("\nverified = ") == TEXT.count("\nnote = ")
    assert len(ORDER.unverified) == TEXT.count("\nverified = false")
    assert all("источник: " in line for line in ORDER.unverified)


@pytest.mark.parametrize(
    ("sector", "edition", "words"),
    [
        ("health", ORDER, None),
        ("culture", ORDER, None),
        ("education", ORDER, "образование"),
        ("social", ORDER, "социальное обслуживание"),
        ("mse", ORDER, "медико-социальная экспертиза"),
        ("health", FIRST_ORDER, "Инорм"),
    ],
)
def test_a_result_says_in_one_line_which_unverified_rules_it_used(
    sector: str, edition: nok.Edition, words: str | None
):
    lines = [w.text for w in assessed({"information_required": 20}, sector=sector, edition=edition).warnings]
    if words is None:
        assert lines == []
    else:
        (line,) = lines
        assert words in line


def replaced(old: str, new: str) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (lambda: replaced("[act]\n", "[act]\ncolour = 1\n"), "t.toml: act.colour"),
        (lambda: replaced("[act]\n", "mood = 1\n[act]\n"), "t.toml: mood"),
        (lambda: replaced('symbol = "Пинф"\n', ""), "t.toml: indicators.1.1.symbol"),
        (lambda: replaced('symbol = "Пинф"', "symbol = 1"), "t.toml: indicators.1.1.symbol"),
        (lambda: replaced('symbol = "Пинф"', 'symbol = ""'), "t.toml: indicators.1.1.symbol"),
        (lambda: replaced('measure = "share"', 'measure = "luck"'), "t.toml: indicators.2.3.measure"),
        (lambda: replaced('answers = ["comfort"]', 'answers = ["colour"]'), "t.toml: indicators.2.3.answers"),
        (lambda: replaced('answers = ["comfort"]', 'answers = "comfort"'), "t.toml: indicators.2.3.answers"),
        (lambda: replaced('"1.1" = 0.3', '"1.1" = 0.2'), "t.toml: spheres.health"),
        (lambda: replaced('"1.1" = 0.3', '"1.1" = -0.3'), "t.toml: weights.1.1"),
        (lambda: replaced('"1.1" = 0.3', '"1.1" = nan'), "t.toml"),
        (lambda: replaced("points = 20", "points = true"), "t.toml: waiting.bands[0].points"),
        (lambda: replaced("less_by = 1", "less_by = 0"), "t.toml: waiting.bands[0].less_by"),
        (lambda: replaced("less_by = 1", "less_by = 2"), "t.toml: waiting"),
        (lambda: replaced("verified = true\nnote", 'verified = "yes"\nnote'), "t.toml: act.verified"),
        (
            lambda: replaced("in_force_from = 2024-10-05", "in_force_from = 2024-10-05T00:00:00"),
            "t.toml: act.in_force_from",
        ),
        (lambda: replaced("[items.comfort.common]", "[items.comfort.social]"), "t.toml: items.comfort"),
        (
            lambda: replaced("[items.comfort.education]", "[items.comfort.sport]"),
            "t.toml: items.comfort.sport",
        ),
        (lambda: replaced("[spheres.mse]", "[spheres.sport]"), "t.toml: spheres"),
        (
            lambda: replaced('{ "2.2" = ["2.1", "2.3"] }', '{ "9.9" = ["2.1"] }'),
            "t.toml: spheres.culture.taken_as.9.9",
        ),
        (
            lambda: replaced('sectors = ["culture"]', 'sectors = ["sport"]'),
            "t.toml: kinds.performing_arts.sectors",
        ),
        (lambda: replaced("{ less_by = 1, points = 20 }", "20"), "t.toml: waiting.bands[0]"),
        (lambda: b"act = 5", "t.toml: act"),
        (lambda: b"= =", "t.toml"),
        (lambda: b"\xff", "t.toml"),
    ],
)
def test_a_misspelt_edition_is_refused_by_its_place(content: Callable[[], bytes], place: str):
    with pytest.raises(Refused) as refusal:
        read("t", content())
    assert refusal.value.place == place
