"""The council's table: what stands in it and beside it, how it is narrowed, sorted and taken away, who sees it."""

import csv
import io
import re
from typing import Any

import pytest
from build import (
    CONTENT,
    a_campaign,
    a_release,
    a_user,
    an_inspection,
    an_organization,
    heard_about,
    signed_in,
    within,
)
from flask import Flask
from handing import Hands, a_ready_campaign, teams
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from accounts.models import Role
from documents import folder
from surveys.clock import now
from surveys.db import writing
from surveys.models import Campaign, Municipality, Organization, Stage
from surveys.releases import OldReport

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
CRUEL = "=HYPERLINK(1)"
SILENT = "Поликлиника тишины"


class World:
    """Last year's release and this year's campaign: two organisations heard, one never inspected nor heard."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.good = an_organization("Поликлиника № 10", inn="7701000010", recipients_per_year=20)
        self.bad = an_organization("Поликлиника № 2", inn="7702000022", recipients_per_year=400)
        self.old = a_campaign(title="Прежняя", year=self._year() - 1)
        self._heard(self.old, {self.good: 3, self.bad: 1})
        a_release(self.old)
        self.silent = an_organization(SILENT, inn="7703000033", short_name=CRUEL)
        self.id = a_campaign(title="Нынешняя")
        self._heard(self.id, {self.good: 0, self.bad: 4})
        with writing() as session:
            one = session.query(Organization).filter_by(code=self.bad).one()
            district = Municipality(region_id=one.region_id, name="Арбат")
            session.add(district)
            session.flush()
            one.municipality_id = district.id
        for role in (Role.COUNCIL, Role.CURATOR, Role.OPERATOR, Role.ORGANIZATION):
            a_user(role, code=self.good if role is Role.ORGANIZATION else None)
        self.page = signed_in(app.test_client(), "council")
        self.here = f"/council/campaigns/{self.id}/table"

    @staticmethod
    def _year() -> int:
        return now().year

    def _heard(self, campaign_id: int, unhappy: dict[str, int]) -> None:
        for code, count in unhappy.items():
            an_inspection(campaign_id, code)
            for number in range(8):
                said = {**CONTENT, "overall": "no" if number < count else "yes"}
                heard_about(code, campaign_id, said, key=(campaign_id, code, number))

    def seen(self, query: str = "") -> str:
        """The table as the council reads it."""
        answer = self.page.get(f"{self.here}{query}")
        assert answer.status_code == 200, answer.text
        return flat(answer.text)

    def listed(self, query: str = "") -> list[str]:
        """Codes of the organisations, in the order of the page."""
        return list(dict.fromkeys(re.findall(r"/organizations/(\w{8})\"", self.seen(query))))

    def file(self, query: str = "") -> list[dict[str, str]]:
        """The same as CSV."""
        content = self.page.get(f"{self.here}.csv{query}").data.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(content), delimiter=";"))


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    return World(app)


def flat(html: str) -> str:
    return re.sub(r"\s+", " ", html.replace("\u00a0", " ").replace("\u202f", " "))


def heard(html: str) -> str:
    """What a reader that speaks says of the page's body: nothing that is hidden from it."""
    body = html[html.find("<tbody") :]
    spoken = re.sub(r'<span aria-hidden="true">[^<]*</span>', "", body)
    return flat(re.sub(r"<[^>]+>", " ", spoken))


def test_the_table_is_narrowed_by_everything_it_offers(world: World) -> None:
    every = {world.good, world.bad, world.silent}
    assert set(world.listed()) == every
    for query, expected in {
        "?q=поликлиника": every,
        "?q=№ 10": {world.good},
        "?q=02000": {world.bad},
        f"?q={world.silent.lower()}": {world.silent},
        "?q=%00%25": set(),
        "?municipality=Арбат": {world.bad},
        "?sector=culture": set(),
        "?below=100&figure=5.3": {world.bad},
        "?below=1": set(),
        "?flag=few": {world.bad},
        "?flag=unseen": {world.silent},
        "?flag=undefined": every,  # nobody there has a disability: 3.3 has no denominator
        "?flag=worse": {world.bad},
        "?flag=worse&flag=few&q=2": {world.bad},
        "?flag=worse&flag=unseen": set(),
        "?flag=nothing&sort=nothing&open=9&page=99&figure=nothing": every,
    }.items():
        assert set(world.listed(query)) == expected, query


@ON_SQLITE
def test_a_score_that_is_no_number_is_asked_for_again(world: World) -> None:
    text = world.seen("?below=много")
    assert "Это не число" in text and 'aria-invalid="true"' in text
    assert len(world.listed("?below=много")) == 3


@ON_SQLITE
def test_any_column_sorts_both_ways_and_what_has_no_figure_is_last(world: World) -> None:
    assert world.listed("?sort=5.3") == [world.bad, world.good, world.silent]
    assert world.listed("?sort=5.3&down=1") == [world.good, world.bad, world.silent]
    assert world.listed("?sort=grown") == [world.bad, world.good, world.silent]
    assert world.listed("?sort=name") == [world.silent, world.bad, world.good], "№ 2 before № 10"
    assert world.listed("?sort=answers&down=1")[-1] == world.silent
    text = world.seen("?sort=K1&down=1")
    assert 'aria-sort="descending"' in text and "sort=K1" in text


@ON_SQLITE
def test_columns_fold_to_the_criteria_and_the_address_keeps_everything(world: World) -> None:
    folded, unfolded = world.seen(), world.seen("?open=25&q=2&flag=worse")
    assert 'data-label="K2' in folded and 'data-label="2.1' not in folded
    assert 'data-label="2.1' in unfolded and 'data-label="5.3' in unfolded
    assert 'data-label="1.1' not in unfolded
    link = within(r'href="(\?[^"]*)">K2: свернуть', unfolded).replace("&amp;", "&")
    assert "open=5" in link and "q=2" in link and "flag=worse" in link


@ON_SQLITE
def test_an_undefined_figure_is_a_word_and_never_a_zero(world: World) -> None:
    page = world.seen(f"?open=3&q={world.silent}")
    assert "нет данных" in page and ">0,00<" not in page
    [row] = world.file(f"?open=3&q={world.silent}")
    assert row["3.3 Довольны доступностью"] == "" and row["Итог"] == ""


@ON_SQLITE
def test_each_figure_says_in_words_what_it_was_and_what_the_campaign_has(world: World) -> None:
    told = heard(world.seen(f"?open=5&q={world.bad}"))
    year = now().year - 1
    assert f"на 37,50 меньше, чем в {year} году" in told  # 5.3: 4 of 8 content, 7 of 8 then
    assert "на 25,00 меньше, чем в среднем по кампании" in told  # of 50 and 100
    assert "▼" not in told and "▼ 37,50" in world.seen(f"?open=5&q={world.bad}")
    told = heard(world.seen(f"?open=5&q={world.silent}"))
    assert "чем в" not in told, "nothing was there, nothing is here"


@ON_SQLITE
def test_the_mean_of_the_campaign_is_of_those_that_were_inspected(world: World) -> None:
    for number in range(5):
        said = {**CONTENT, "overall": "no"}
        heard_about(world.silent, world.id, said, key=(world.silent, number))
    assert "на 25,00 больше, чем в среднем по кампании" in heard(world.seen(f"?open=5&q={world.good}"))


def test_each_organisation_is_compared_with_the_newest_year_that_knows_it(world: World) -> None:
    """Once in three years each: the newest campaign of the sphere and region knows only some of them."""
    year = now().year
    for title, ago, unhappy in (
        ("Две трети", 3, {world.silent: 8, world.bad: 8}),
        ("Другая половина того же года", 1, {world.good: 8}),
    ):
        earlier = a_campaign(title=title, year=year - ago)
        world._heard(earlier, unhappy)
        a_release(earlier)
    heard_about(world.silent, world.id, {**CONTENT, "overall": "yes"}, key="silence is over")
    told = {row["Код"]: (row["Прежний год"], row["5.3: прежде"]) for row in world.file("?open=5")}
    assert told == {
        world.silent: (str(year - 3), "0,00"),
        world.bad: (str(year - 1), "87,50"),
        world.good: (str(year - 1), "0,00"),
    }, "of one year the campaign begun later goes first"
    assert f"на 100,00 больше, чем в {year - 3} году" in heard(world.seen(f"?open=5&q={world.silent}"))


@ON_SQLITE
def test_a_figure_of_another_operators_report_is_told_as_such(world: World) -> None:
    year = now().year - 2
    figures = {world.silent: {"5.3": "50"}, world.bad: {"5.3": "10"}}
    with writing() as session:
        session.add(
            OldReport(
                campaign_id=world.id,
                year=year,
                file_name="отчёт.xlsx",
                file_sha256="0" * 64,
                content={"taken": True, "figures": figures},
                made_by="operator",
                made_at=now(),
            )
        )
    heard_about(world.silent, world.id, {**CONTENT, "overall": "yes"}, key="silence is over")
    told = heard(world.seen(f"?open=5&q={world.silent}"))
    assert f"на 50,00 больше, чем в отчёте за {year} год" in told
    assert "чем в отчёте" not in heard(world.seen(f"?open=5&q={world.bad}")), (
        "a newer release of ours is there"
    )
    page = flat(world.page.get(f"{world.here}/{world.silent}/5.3").text)
    assert f"В отчёте за {year} год" in page and "служба этого не считала" in page


@ON_SQLITE
def test_files_hold_exactly_what_is_shown_and_compute_nothing(world: World) -> None:
    rows = world.file("?flag=worse&open=5")
    assert [row["Код"] for row in rows] == [world.bad]
    assert rows[0]["5.3 Довольны в целом"] == "50,00" and rows[0]["5.3: прежде"] == "87,50"
    assert rows[0]["5.3: среднее по кампании"] == "75,00" and rows[0]["Пометки"].count(";") == 2
    assert "2.1 Комфортные условия" not in rows[0]
    with writing() as session:
        session.query(Organization).filter_by(code=world.silent).one().name = CRUEL
    assert world.file(f"?q={world.silent}")[0]["Организация"] == f"'{CRUEL}"
    book = load_workbook(io.BytesIO(world.page.get(f"{world.here}.xlsx?open=5&sort=5.3").data))
    cells = list(book.active.values)[3:]
    at = cells[0].index("5.3 Довольны в целом")
    assert [row[at] for row in cells[2:]] == [50, 100, None]
    assert [row[1] for row in cells[2:]] == [world.bad, world.good, world.silent]
    assert cells[-1][3] == f"'{CRUEL}"


@ON_SQLITE
def test_a_year_puts_every_sphere_into_one_table(world: World) -> None:
    museum = an_organization("Музей", sector="culture")
    other = a_campaign(sector="culture", title="Музеи")
    an_inspection(other, museum)
    heard_about(museum, other, CONTENT, key="museum")
    here = f"/council/table/{now().year}"
    text = flat(world.page.get(f"{here}?open=2").text)
    assert "Музей" in text and "Поликлиника № 2" in text
    text = world.page.get(f"{here}?sector=culture").text
    assert "Музей" in text and "Поликлиника № 2" not in text
    table = world.page.get(f"{here}.csv?sector=culture").data.decode("utf-8-sig")
    assert "Культура" in table and "Поликлиника" not in table
    assert world.page.get("/council/table/1999").status_code == 404


@ON_SQLITE
def test_one_campaign_whose_rules_changed_is_named_and_the_year_goes_on(world: World) -> None:
    other = a_campaign(sector="culture", title="Музеи")
    with writing() as session:
        session.get_one(Campaign, other).practice_sha256 = "0" * 64
    text = flat(world.page.get(f"/council/table/{now().year}").text)
    assert "Кампании «Музеи» здесь нет" in text and "Поликлиника № 2" in text


@ON_SQLITE
def test_a_page_holds_fifty_and_leads_on_with_the_same_question(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("council.table.views.PAGE_SIZE", 2)
    first = world.seen("?sort=name&open=1")
    link = within(r'rel="next" href="([^"]+)"', first).replace("&amp;", "&")
    assert "open=1" in link and "sort=name" in link
    assert world.listed("?sort=name&open=1") == [world.silent, world.bad]
    assert world.listed(link.removeprefix(world.here)) == [world.good]


@ON_SQLITE
def test_the_curator_and_the_operator_see_what_the_council_sees_and_an_organisation_nothing(
    world: World,
) -> None:
    def told(login: str) -> tuple[int, str]:
        client = signed_in(world.app.test_client(), login)
        answer = client.get(f"{world.here}?open=12345")
        return answer.status_code, within(
            r"(?s)<tbody(.*)</tbody>", answer.text
        ) if answer.status_code == 200 else ""

    assert told("curator") == told("operator") == told("council")
    assert told("organization")[0] == 403


@ON_SQLITE
def test_the_list_of_campaigns_reads_a_published_one_out_of_its_release(world: World) -> None:
    with writing() as session:  # what was counted before is touched: what was approved does not move
        session.connection().exec_driver_sql("UPDATE tally SET responses = responses + 1000")
    lines = flat(world.page.get("/council/").text)
    row = {title: within(rf"(?s){title}.*?Анкет\"[^>]*>([^<]*)<", lines) for title in ("Прежняя", "Нынешняя")}
    assert row["Прежняя"].startswith("16 ") and row["Нынешняя"].startswith("2 016 ")
    with writing() as session:
        session.get_one(Campaign, world.old).stage = Stage.REVIEW  # a correction goes on: what is counted now
    lines = flat(world.page.get("/council/").text)
    assert within(r"(?s)Прежняя.*?Анкет\"[^>]*>([^<]*)<", lines).startswith("2 016 ")


@ON_SQLITE
def test_while_a_package_is_decided_upon_the_table_is_of_that_package(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "report_pdf", lambda *_given: b"%PDF-")
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")
    campaign_id, codes = a_ready_campaign()
    head, _verifier, council = teams(app, campaign_id)
    here = f"/council/campaigns/{campaign_id}/table"
    assert "Цифры пакета" not in council.page.get(here).text
    head.explained("official_share")
    assert head.submitted().status_code == 302
    before = flat(council.page.get(here).text)
    assert "Цифры пакета № 1" in before
    with writing() as session:
        session.connection().exec_driver_sql("UPDATE tally SET overall_yes = 0, overall_no = 12")
    assert within(r"(?s)<tbody(.*)</tbody>", flat(council.page.get(here).text)) == within(
        r"(?s)<tbody(.*)</tbody>", before
    )
    council.remarked(organization=codes[0], indicator="K5")
    assert council.returned().status_code == 302
    text = flat(Hands(app, "council", campaign_id).page.get(f"{here}?flag=remarks").text)
    assert codes[0] in text and codes[1] not in text and "замечание не закрыто" in text
