"""A batch taken back, in whatever order it and its corrections came: as if it had never been."""

import pytest
from build import CONTENT, a_campaign, an_organization, heard_about
from spoken import said
from sqlalchemy import func, select
from tables import NAME, figures, google, numbered, responses, stored, take, told, xlsx

from surveys import answers, recount
from surveys.batches import Declared
from surveys.db import db, writing
from surveys.models import Campaign, Organization, Stage
from surveys.refusals import Refusal


@pytest.fixture
def campaign(session) -> int:
    an_organization(NAME)
    return a_campaign()


def undo(batch: int | None) -> answers.Undone:
    with writing() as session:
        return answers.undo(session, batch or 0, "head")


def agreed(campaign: int) -> bool:
    db.session.rollback()
    return list(recount.disagreements(db.session(), campaign)) == []


def test_a_batch_undone_leaves_what_was_there_before(campaign, tmp_path) -> None:
    code = db.session.scalars(select(Organization.code)).one()
    heard_about(code, campaign, CONTENT, key=1, proposal="Спасибо")
    before = figures(campaign), responses(campaign)
    batch = take(
        xlsx(tmp_path / "a.xlsx", google({"proposals": "Скамейку"}, {"overall": "Нет"})), campaign
    ).batch
    assert undo(batch) == answers.Undone(2, 0, 1, 0)
    assert (figures(campaign), responses(campaign), stored(), agreed(campaign)) == (*before, 1, True)
    assert said() == ["Спасибо"]
    with pytest.raises(Refusal, match="уже отменён"):
        undo(batch)


def test_what_was_undone_may_come_again(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}))
    undo(take(file, campaign).batch)
    assert told(take(file, campaign)) == (2, 0, 0, 0)


#: One questionnaire as it came, corrected, and corrected again.
VERSIONS: list[dict[str, object]] = [
    {"overall": "Да"},
    {"overall": "Нет"},
    {"overall": "Да", "comfort": "Да"},
]


def version(campaign: int) -> int | None:
    """Which of them is counted now."""
    found = figures(campaign)
    known = {((1, 1), (0, 1)): 0, ((0, 1), (0, 1)): 1, ((1, 1), (1, 1)): 2}
    return known[found["overall"], found["comfort"]] if found else None  # type: ignore[index]


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ([0, 1, 2], [2, 2, None]),
        ([0, 2, 1], [2, 1, None]),
        ([1, 0, 2], [2, 2, None]),
        ([1, 2, 0], [2, 0, None]),
        ([2, 0, 1], [1, 1, None]),
        ([2, 1, 0], [1, 0, None]),
    ],
)
def test_corrections_are_undone_in_any_order(campaign, tmp_path, order, left) -> None:
    files = [xlsx(tmp_path / f"{n}.xlsx", numbered(said)) for n, said in enumerate(VERSIONS)]
    batches = [take(file, campaign).batch for file in files]
    assert version(campaign) == 2
    for place, expected in zip(order, left, strict=True):
        undo(batches[place])
        assert (version(campaign), agreed(campaign)) == (expected, True)
    assert stored() == 0


def test_what_a_later_file_holds_too_stays_counted(campaign, tmp_path) -> None:
    people: list[dict[str, object]] = [{"overall": "Нет"}, {}, {}]
    first = take(xlsx(tmp_path / "a.xlsx", google(*people[:2])), campaign).batch
    whole = xlsx(tmp_path / "b.xlsx", google(*people))
    later, again = take(whole, campaign), take(whole, campaign)
    assert (told(later), told(again)) == ((1, 0, 2, 0), (0, 0, 3, 0))
    assert undo(first) == answers.Undone(0, 0, 0, 0, kept=2)
    assert (figures(campaign)["overall"], stored(), agreed(campaign)) == ((2, 3), 3, True)
    assert undo(later.batch) == answers.Undone(0, 0, 0, 0, kept=1)
    assert undo(again.batch) == answers.Undone(3, 0, 0, 0)
    assert (stored(), responses(campaign), agreed(campaign)) == (0, 0, True)


def test_a_file_undone_holds_nothing_any_more(campaign, tmp_path) -> None:
    file = xlsx(tmp_path / "a.xlsx", google({}, {}))
    first, again = take(file, campaign).batch, take(file, campaign).batch
    assert undo(again) == answers.Undone(0, 0, 0, 0)
    assert undo(first) == answers.Undone(2, 0, 0, 0)


@pytest.mark.parametrize(
    ("order", "left"),
    [
        ([0, 2, 1], [2, 1, None]),
        ([1, 0, 2], [2, 2, None]),
        ([1, 2, 0], [2, 0, None]),
        ([2, 1, 0], [1, 0, None]),
        ([0, 1, 2], [2, 2, None]),
        ([2, 0, 1], [1, 1, None]),
    ],
)
def test_corrections_that_came_twice_are_undone_in_any_order(campaign, tmp_path, order, left) -> None:
    files = [xlsx(tmp_path / f"{n}.xlsx", numbered(said)) for n, said in enumerate(VERSIONS)]
    pairs = [(take(file, campaign).batch, take(file, campaign).batch) for file in files]
    for place, expected in zip(order, left, strict=True):
        before = version(campaign)
        undo(pairs[place][0])
        assert (version(campaign), agreed(campaign)) == (before, True)
        undo(pairs[place][1])
        assert (version(campaign), agreed(campaign)) == (expected, True)
    assert stored() == 0


def test_nothing_is_undone_when_the_campaign_is_closed(campaign, tmp_path) -> None:
    batch = take(xlsx(tmp_path / "a.xlsx", google({})), campaign).batch
    with writing() as session:
        session.get_one(Campaign, campaign).stage = Stage.REVIEW
    with pytest.raises(Refusal, match="не собирает"):
        undo(batch)
    assert stored() == 1


def counters(*values: int) -> list[list[object]]:
    return [["Наименование организации", "Уреком", "Чобщ3"], [NAME, *values]]


def test_declared_counts_are_undone_to_those_before_them(campaign, tmp_path) -> None:
    rows = [counters(5, 9), counters(6, 10), counters(7, 12)]
    files = [
        xlsx(
            tmp_path / f"{n}.xlsx",
            [[*row, "Ууд", "Чобщ5"] if not n_ else [*row, 1, 2] for n_, row in enumerate(one)],
        )
        for n, one in enumerate(rows)
    ]
    batches = [take(file, campaign) for file in files]
    assert [told(report) for report in batches] == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0)]
    assert figures(campaign)["recommend"] == (7, 12)
    undo(batches[1].batch)
    assert figures(campaign)["recommend"] == (7, 12)
    undo(batches[2].batch)
    assert figures(campaign)["recommend"] == (5, 9)
    assert undo(batches[0].batch).declared == 1
    assert db.session.scalar(select(func.count()).select_from(Declared)) == 0
