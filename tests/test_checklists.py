"""The check-lists as data: every file reads, no second copy of the Order's items, nothing claimed beyond the source."""

import pytest

import nok
from nok import Refused
from surveys import checklists
from surveys.checklists import COMMON, EDITION_BLOCKS, FOLDER, INSPECTION, MYSTERY, checklist, names, read

ORDER = nok.edition("344n-2024")
SPHERES = ("health", "culture", "education", "social", "mse")
shared = (FOLDER / f"{COMMON}.toml").read_bytes()


def test_there_is_a_list_for_every_sphere_and_one_for_the_mystery_client() -> None:
    assert set(names()) == {*SPHERES, MYSTERY}


@pytest.mark.parametrize("edition", nok.editions())
@pytest.mark.parametrize("sphere", SPHERES)
def test_every_list_reads_with_every_edition(sphere, edition) -> None:
    found = checklist(INSPECTION, sphere, nok.edition(edition))
    assert (found.id, found.kind, found.spheres) == (sphere, INSPECTION, (sphere,))
    assert [block.code for block in found.blocks] == ["stand", "site", *EDITION_BLOCKS]
    assert all(item.title and item.how for item in found.by_code.values())
    assert {item.tried != "" for item in found.block("remote_ways").items} == {True}


@pytest.mark.parametrize("sphere", SPHERES)
def test_the_orders_items_come_from_the_edition_and_stand_in_no_list(sphere) -> None:
    found = checklist(INSPECTION, sphere, ORDER)
    for block in EDITION_BLOCKS:
        items = ORDER.items(block, sphere)
        assert [(i.name, i.title) for i in found.block(block).items] == [(i.code, i.title) for i in items]
        own = (FOLDER / f"{sphere}.toml").read_text("utf-8")
        assert not any(item.title in own for item in items)


@pytest.mark.parametrize("name", [*SPHERES, MYSTERY])
def test_a_list_written_from_memory_says_so(name) -> None:
    [line] = read(name, (FOLDER / f"{name}.toml").read_bytes(), shared, ORDER).unverified
    assert ("сверьте с приказом" in line) is (name != MYSTERY)
    assert "источник" in line


def test_the_mystery_list_holds_none_of_the_orders_blocks() -> None:
    found = checklist(MYSTERY, "health", ORDER)
    assert found.kind == MYSTERY
    assert not {block.code for block in found.blocks} & {"stand", "site", *EDITION_BLOCKS}
    assert found is checklist(MYSTERY, "culture", ORDER)


def test_any_change_is_another_list() -> None:
    content = (FOLDER / "culture.toml").read_bytes()
    first = read("culture", content, shared, ORDER).content_hash
    assert first == checklist(INSPECTION, "culture", ORDER).content_hash
    assert read("culture", content + b"\n# .\n", shared, ORDER).content_hash != first
    assert read("culture", content, shared + b"\n# .\n", ORDER).content_hash != first
    assert read("culture", content, shared, nok.edition("344n-2018")).content_hash != first


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('code = "hours"', 'code = "names"', "два пункта с одним кодом"),
        ('on = ["site"]', 'on = ["door"]', "door"),
        ('kind = "inspection"', 'kind = "stroll"', "stroll"),
        ('version = "1"', 'version = "1"\ncolour = "red"', "неизвестный ключ"),
        ('title = "Виды услуг"', 'title = ""', "title"),
        ('id = "culture"', 'id = "health"', "health"),
    ],
)
def test_a_spoiled_list_is_refused_by_its_place(old, new, place) -> None:
    content = (FOLDER / "culture.toml").read_text("utf-8")
    assert old in content
    with pytest.raises(Refused, match=place):
        read("culture", content.replace(old, new, 1).encode(), shared, ORDER)


def test_an_item_of_the_order_without_advice_is_refused() -> None:
    content = (FOLDER / "culture.toml").read_bytes()
    untold = shared.replace(b'{ code = "navigation"', b'{ code = "somewhere"')
    with pytest.raises(Refused, match="navigation"):
        read("culture", content, untold, ORDER)


def test_tries_are_known_by_name() -> None:
    assert {item.tried for item in checklist(INSPECTION, "mse", ORDER).by_code.values()} <= {
        *checklists.TRIES,
        "",
    }
