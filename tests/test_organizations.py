"""Organisations in the database: branches find their heads, nothing is doubled, nothing known is forgotten."""

from pathlib import Path

import pytest
from sqlalchemy import select

from surveys import organizations, registry
from surveys.db import db, writing
from surveys.models import Organization
from surveys.organizations import Report

pytestmark = pytest.mark.usefixtures("session")
HEAD = "Поликлиника № 1;7718084659;1037700041554;771801001;health;Мира, 1;"
BRANCH = "Поликлиника № 1, филиал;7718084659;1037700041554;771802002;health;Мира, 2;7718084659"
COLUMNS = "name;inn;ogrn;kpp;sector;address;parent_inn"


def taken(folder: Path, *rows: str, strict: bool = False) -> Report:
    file = folder / "list.csv"
    file.write_text("\n".join([COLUMNS, *rows]), "utf-8")
    with writing() as session:
        return organizations.take_in(session, registry.parsed(file), strict=strict)


def stored() -> list[Organization]:
    db.session.rollback()
    return list(db.session.scalars(select(Organization).order_by(Organization.id)))


@pytest.mark.parametrize("order", [(HEAD, BRANCH), (BRANCH, HEAD)])
def test_a_branch_with_its_heads_numbers_stays_a_branch(tmp_path, order):
    report = taken(tmp_path, *order)
    assert (report.accepted, report.refused) == (2, [])
    head, branch = sorted(stored(), key=lambda one: one.parent_id is not None)
    assert (head.address, branch.address) == ("Мира, 1", "Мира, 2")
    assert branch.parent_id == head.id
    assert organizations.facts(branch)["parent"] == head.code
    again = taken(tmp_path, *order)
    assert (again.accepted, again.updated, again.repeated) == (0, 0, 2)


def test_a_branch_may_come_after_its_head(tmp_path):
    taken(tmp_path, HEAD)
    assert taken(tmp_path, BRANCH).accepted == 1
    assert [one.parent_id is None for one in stored()] == [True, False]


@pytest.mark.parametrize("strict", [False, True])
def test_a_branch_without_its_head_waits_and_is_named(tmp_path, strict):
    lone = "Филиал;7718095724;;771803003;health;Мира, 3;7718084659"
    report = taken(tmp_path, "Музей;;;;culture;Лесная, 5;", lone, strict=strict)
    assert [(one.row, one.column, one.value) for one in report.refused] == [(3, "parent_inn", "7718084659")]
    assert report.accepted == (0 if strict else 1)
    assert [one.name for one in stored()] == ([] if strict else ["Музей"])


def test_an_empty_cell_forgets_nothing(tmp_path):
    taken(tmp_path, HEAD)
    report = taken(tmp_path, "Поликлиника № 1;;1037700041554;;health;Мира, 1а;")
    assert report.updated == 1
    [one] = stored()
    assert (one.inn, one.kpp, one.address) == ("7718084659", "771801001", "Мира, 1а")
