"""The ready table of counters: declared beside the responses, counted in every figure, recounted in none."""

from fractions import Fraction
from pathlib import Path

import pytest
from build import CONTENT, a_campaign, an_organization, heard_about
from sqlalchemy import select
from tables import Rows, figures, google, responses, stored, take, told, xlsx

from surveys import answers, overview, queries, recount, results
from surveys.db import db
from surveys.models import Campaign, Organization

HEADINGS = (
    "Устенд, Усайт, Уобщ-стенд, Уобщ-сайт, ожид, Усвоевр, Чобщ, Укомф, Чобщ0, Удост, Чинв, Уперв.конт, Чобщ1, "
    "Уоказ.услуг, Чобщ2, Увежл.дист, Чобщ_ус, Уреком, Чобщ3, Уорг.усл, Чобщ4, Ууд, Чобщ5"
).split(", ")
VALUES = [
    150,
    120,
    160,
    130,
    7,
    180,
    200,
    170,
    200,
    9,
    12,
    190,
    200,
    188,
    200,
    88,
    95,
    176,
    200,
    182,
    200,
    184,
    200,
]
SHARES = {
    "stand": (150, 160), "site": (120, 130), "on_time": (180, 200), "comfort": (170, 200), "accessibility": (9, 12),
    "first_contact": (190, 200), "service_staff": (188, 200), "remote_staff": (88, 95), "recommend": (176, 200),
    "schedule": (182, 200), "overall": (184, 200),
}  # fmt: skip
NAMES = ("Поликлиника № 1", "Поликлиника № 2")


@pytest.fixture
def campaign(session) -> int:
    for name in NAMES:
        an_organization(name)
    return a_campaign()


def table(tmp_path, *changed: dict[str, object], headings: list[str] = HEADINGS) -> Path:
    rows: Rows = [["Наименование организации", *headings]]
    for name, change in zip(NAMES, changed, strict=False):
        values = dict(zip(HEADINGS, VALUES, strict=True)) | change
        rows.append([name, *(values[heading] for heading in HEADINGS)])
    return xlsx(tmp_path / "counters.xlsx", rows)


def test_the_literal_table_is_counted_in_every_figure(campaign, tmp_path) -> None:
    report = take(table(tmp_path, {}), campaign, channel="paper")
    assert (told(report), report.kind) == ((1, 0, 0, 0), "counters")
    assert any("ожид" in note and "не ответ" in note for note in report.notes)
    assert figures(campaign) == {**dict.fromkeys(SHARES), **SHARES}
    assert (stored(), responses(campaign)) == (0, 200)
    session = db.session()
    one = session.scalars(select(Organization).where(Organization.name == NAMES[0])).one()
    assessment = queries.assessment(session, campaign, one.id)
    assert assessment is not None and queries.responses_of(session, assessment.id) == 200
    assert [row[2] for row in queries.progress(session, campaign, "", 1, 10)[1]] == [200, 0]
    [line] = overview.lines(session, [session.get_one(Campaign, campaign)], lambda _campaign: "")
    assert line.responses == 200
    assert list(recount.disagreements(session, campaign)) == []


def test_declared_and_answered_are_added(campaign, tmp_path) -> None:
    code = db.session.scalars(select(Organization.code).where(Organization.name == NAMES[0])).one()
    heard_about(code, campaign, CONTENT, key=1)
    take(table(tmp_path, {}), campaign)
    assert figures(campaign)["overall"] == (185, 201)
    assert responses(campaign) == 201


def test_the_same_counts_again_are_a_repeat_and_others_replace(campaign, tmp_path) -> None:
    take(table(tmp_path, {}, {}), campaign)
    report = take(table(tmp_path, {}, {"Ууд": 100}), campaign, dry_run=True)
    assert told(report) == (0, 1, 1, 0)
    assert told(take(table(tmp_path, {}, {"Ууд": 100}), campaign)) == (0, 1, 1, 0)
    assert figures(campaign)["overall"] == (284, 400)


def test_counters_and_rows_of_one_channel_add_up_and_it_is_said(campaign, tmp_path) -> None:
    rows = xlsx(tmp_path / "rows.xlsx", google({"organization": NAMES[0]}, {"organization": NAMES[0]}))
    first = take(table(tmp_path, {}, {}), campaign, channel="paper")
    assert not any("складываются" in note for note in first.notes)
    assert not any(
        "складываются" in note for note in take(rows, campaign, channel="phone", dry_run=True).notes
    )
    for dry_run in (True, False):
        notes = take(rows, campaign, channel="paper", dry_run=dry_run).notes
        assert any("(1) в том же канале есть и готовые счётчики: 200" in note for note in notes)
    notes = take(table(tmp_path, {}, {"Ууд": 100}), campaign, channel="paper").notes
    assert any("(1) в том же канале посчитаны и анкеты: 2" in note for note in notes)


def test_the_same_table_by_another_channel_is_refused(campaign, tmp_path) -> None:
    file = table(tmp_path, {}, {})
    batch = take(file, campaign, channel="paper").batch
    for dry_run in (True, False):
        with pytest.raises(answers.FileUntakable, match=f"пакетом № {batch}"):
            take(file, campaign, channel="phone", dry_run=dry_run)
    assert responses(campaign) == 400


@pytest.mark.parametrize(
    ("changed", "column", "reason"),
    [
        ({"Устенд": 161}, "Устенд", "Устенд больше, чем Уобщ-стенд"),
        ({"Удост": 13}, "Удост", "больше, чем Чинв"),
        ({"Ууд": -1}, "Ууд", "не целое число"),
        ({"Ууд": "сто"}, "Ууд", "не целое число"),
        ({"Ууд": 1.5}, "Ууд", "не целое число"),
    ],
)
def test_counts_that_cannot_be_are_refused(campaign, tmp_path, changed, column, reason) -> None:
    report = take(table(tmp_path, changed, {}), campaign)
    assert told(report) == (1, 0, 0, 1)
    [one] = report.refused
    assert (one.row, column in one.column, reason in one.reason) == (2, True, True)


def test_an_organisation_twice_is_refused(campaign, tmp_path) -> None:
    rows: Rows = [["Организация", *HEADINGS], [NAMES[0], *VALUES], [NAMES[0], *VALUES]]
    report = take(xlsx(tmp_path / "a.xlsx", rows), campaign)
    assert (told(report), report.refused[0].row) == ((1, 0, 0, 1), 3)


def test_everybody_named_alike_belongs_to_the_question_on_the_left(campaign, tmp_path) -> None:
    alike = [
        "Чобщ" if heading.startswith("Чобщ") and heading != "Чобщ_ус" else heading for heading in HEADINGS
    ]
    take(table(tmp_path, {"Чобщ5": 190}, headings=alike), campaign)
    assert (figures(campaign)["overall"], figures(campaign)["schedule"]) == ((184, 190), (182, 200))


def test_our_own_names_of_counts_are_understood(campaign, tmp_path) -> None:
    counts = ["responses", "overall_yes", "recommend_yes", "recommend_of", "stand_yes", "stand_no"]
    rows: Rows = [["organization", *counts], [NAMES[0], 10, 8, 7, 9, 3, 1]]
    assert told(take(xlsx(tmp_path / "a.xlsx", rows), campaign)) == (1, 0, 0, 0)
    found = figures(campaign)
    assert (found["overall"], found["recommend"], found["stand"]) == ((8, 10), (7, 9), (3, 4))


def test_a_bare_number_of_forms_counts_for_the_share_of_bus_gov(campaign, tmp_path) -> None:
    rows: Rows = [["Наименование организации", "Количество анкет"], [NAMES[0], 30], [NAMES[1], 10]]
    take(table(tmp_path, {}), campaign)
    assert told(take(xlsx(tmp_path / "a.xlsx", rows), campaign, channel="official")) == (2, 0, 0, 0)
    found = results.of_campaign(db.session(), db.session.get_one(Campaign, campaign))
    assert (found.responses, found.digital_share) == (240, Fraction(40, 240))


def test_a_look_says_that_it_is_a_table_of_counters(campaign, tmp_path) -> None:
    seen = answers.look(
        db.session(), table(tmp_path, {}, {}), db.session.get_one(Campaign, campaign), "paper"
    )
    assert (seen.kind, seen.rows, seen.questionnaire) == ("counters", 2, "")
    assert seen.mapping[1] == "stand_yes"
    assert (seen.preview[0].organization, seen.preview[0].answers["stand_yes"]) == (NAMES[0], "150")
