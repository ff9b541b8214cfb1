"""The authority's list of plans, and the plan on paper: counts, filters, tables, the official form."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pikepdf
import pytest
from build import a_user
from docx import Document
from planning import APPROVER, PERSON, Desk, a_published_campaign, lines, people
from pypdf import PdfReader
from sqlalchemy import select
from standings import lying, standing

from accounts.models import Role, User
from council.plans import form, overview, proposing, reading
from council.plans.reading import Progress, said, stands
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign, Region
from surveys.plans import Measure

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
DAY = today()


@pytest.fixture
def region(app, session) -> tuple[int, list[str], Desk, Desk]:
    """Three organisations: the first has an approved plan with a late line, the second waits, the third has none."""
    campaign_id, codes = a_published_campaign(3)
    own, authority = people(app, campaign_id, codes[0])
    own.planned()
    authority.approved()
    with writing() as write:
        row = write.get_one(Measure, lines(write)[0].id)
        row.due_on = row.agreed_due_on = DAY - timedelta(days=3)
    a_user(Role.ORGANIZATION, login="second", code=codes[1])
    Desk(app, "second", campaign_id, codes[1]).sent(f"/organization/plans/{campaign_id}/begin")
    db.session.rollback()
    return campaign_id, codes, own, authority


def listed(page: str) -> list[str]:
    """Names in the list, in order."""
    return re.findall(r'class="row-link" href="[^"]+/plans/(\w+)"', page)


def test_the_list_counts_filters_and_says_who_is_late(region) -> None:
    _campaign, codes, _own, authority = region
    shown = authority.opened("/council/plans")
    assert listed(shown) == [codes[0], codes[1], codes[2]]
    assert "план не составлен: 1, составляют: 1" in shown
    for state, expected in {
        "none": [codes[2]],
        "draft": [codes[1]],
        "sent": [],
        "approved": [codes[0]],
        "overdue": [codes[0]],
        "nonsense": codes,
    }.items():
        assert listed(authority.opened(f"/council/plans?state={state}")) == expected, state
    assert listed(authority.opened("/council/plans?q=Поликлиника № 2")) == [codes[1]]
    assert listed(authority.opened(f"/council/plans?q={codes[2]}&campaign=1")) == [codes[2]]
    assert listed(authority.opened("/council/plans?campaign=99999999999999999999&page=7")) == codes
    assert "Ничего не найдено" in authority.opened("/council/plans?campaign=77")


def test_the_list_is_a_table_too(region) -> None:
    _campaign, codes, _own, authority = region
    answer = authority.page.get("/council/plans.csv?state=overdue")
    assert answer.mimetype == "text/csv"
    head, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    told = dict(zip(head, row, strict=True))
    assert told["Код"] == codes[0]
    assert (told["План"], told["Просрочено"], told["Выполнено"]) == ("утверждён", "1", "0")
    assert int(told["Мероприятий"]) == sum(row.agreed is not None for row in lines())


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.COUNCIL, Role.CURATOR])
def test_the_council_and_the_curator_read_and_change_nothing(app, region, role) -> None:
    campaign_id, codes, _own, _authority = region
    reader = Desk(app, a_user(role), campaign_id, codes[0])
    assert listed(reader.opened("/council/plans?state=overdue")) == [codes[0]]
    assert "просрочено" in reader.opened(reader.council)
    assert "Утвердить план" not in reader.opened(reader.council)
    assert reader.sent(f"{reader.council}/approve", version=1, approver="Я").status_code == 403
    assert reader.sent(f"{reader.council}/return", version=1, note="Нет").status_code == 403


@ON_SQLITE
def test_another_regions_authority_sees_no_plan(region) -> None:
    _campaign, _codes, _own, authority = region
    with writing() as session:
        other = Region(name="Тульская область")
        session.add(other)
        session.flush()
        session.scalars(select(User).where(User.login == "authority")).one().region_id = other.id
    assert listed(authority.opened("/council/plans")) == []
    authority.opened(authority.council, 404)
    assert authority.sent(f"{authority.council}/return", version=1, note="Нет").status_code == 404


@ON_SQLITE
def test_what_is_being_written_is_not_shown_to_the_authority(region) -> None:
    _campaign, codes, _own, authority = region
    address = authority.council.replace(codes[0], codes[1])
    assert "План ещё не отправлен" in authority.opened(address)
    authority.opened(f"{address}.pdf", 404)


@ON_SQLITE
def test_the_official_form_says_everything_and_is_tagged(region) -> None:
    campaign_id, codes, own, _authority = region
    year = db.session.get_one(Campaign, campaign_id).year
    row = lines()[0]
    own.done(row, done="Повесили <новый> стенд & указатели.")
    answer = own.page.get(f"/o/{codes[0]}/plan/{year}.pdf")
    assert answer.mimetype == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "ru"
        assert all(page.mediabox[2] > page.mediabox[3] for page in pdf.pages)
        assert min(lying(answer.data)) > 28  # filed by the top
        pages = len(pdf.pages)
    reader = PdfReader(io.BytesIO(answer.data))
    texts = [" ".join((page.extract_text() or "").split()) for page in reader.pages]
    whole = " ".join(texts)
    the_form = form.the_form()
    for words in (APPROVER, "УТВЕРЖДАЮ", "Руководитель организации", "Повесили <новый> стенд & указатели."):
        assert words in whole
    for number in range(1, 6):
        assert the_form.section(number) in whole
    assert pages > 1
    assert all("Плановый срок" in text for text in texts[: pages - 1]), "the head stands on every page"
    assert "по памяти" in whole


@ON_SQLITE
def test_the_form_in_word_and_in_a_table_holds_the_same(region) -> None:
    campaign_id, _codes, own, _authority = region
    word = Document(io.BytesIO(own.page.get(f"{own.own}/plan.docx").data))
    top = word.sections[0].top_margin
    assert top is not None and round(top.cm, 1) == 3
    (table,) = word.tables
    cells = [cell.text for row in table.rows for cell in row.cells]
    rows = list(
        csv.reader(io.StringIO(own.page.get(f"{own.own}/plan.csv").data.decode("utf-8-sig")), delimiter=";")
    )
    kept = [row for row in lines() if row.agreed is not None]
    assert len(rows) == 1 + len(kept) + sum(not any(r.section == n for r in kept) for n in range(1, 6))
    for row in kept:
        assert row.deficiency in cells
        assert any(row.deficiency == line[1] for line in rows)
    assert PERSON in cells
    width, height = word.sections[0].page_width, word.sections[0].page_height
    assert width is not None and height is not None and width > height
    assert table.rows[1]._tr.trPr is not None


@ON_SQLITE
def test_a_draft_says_that_it_is_one(region) -> None:
    _campaign, _codes, own, _authority = region
    own.sent(f"{own.own}/reopen")
    text = Document(io.BytesIO(own.page.get(f"{own.own}/plan.docx").data)).paragraphs
    assert any("Проект" in line.text for line in text)
    assert not any(APPROVER in line.text for line in text)


@ON_SQLITE
def test_what_is_proposed_names_the_figure_in_words(region) -> None:
    told = {row.source: row.deficiency for row in lines() if row.source.startswith("share:")}
    assert told["share:overall"] == "Удовлетворены в целом 75,00 % ответивших: 9 из 12 (показатель 5.3)"
    assert "share:comfort" not in told, "everybody was content"


@ON_SQLITE
def test_a_share_at_the_threshold_is_no_deficiency(session) -> None:
    found = {gap.source for gap in proposing.gaps(standing(), form.the_form())}
    strict = replace(form.the_form(), threshold=Fraction(100))
    kind = replace(form.the_form(), threshold=Fraction(0))
    assert not {gap for gap in proposing.gaps(standing(), kind) if gap.source.startswith("share:")}
    assert found < {gap.source for gap in proposing.gaps(standing(), strict)}


@pytest.mark.parametrize(
    ("done", "done_on", "due_on", "state"),
    [
        ("", None, DAY, Progress.PLANNED),
        ("Начали", None, DAY, Progress.GOING),
        ("Начали", None, DAY - timedelta(days=1), Progress.OVERDUE),
        ("Сделали", DAY, DAY, Progress.DONE),
        ("Сделали", DAY, DAY - timedelta(days=1), Progress.LATE),
        ("", None, None, Progress.PLANNED),
    ],
)
def test_where_a_measure_stands(done, done_on, due_on, state) -> None:
    assert stands(done, done_on, due_on, DAY) == state


@ON_SQLITE
def test_every_state_has_words(app) -> None:
    with app.test_request_context():
        words = [said(one, DAY, DAY - timedelta(days=5), DAY) for one in Progress]
        assert len(set(words)) == len(words)
        assert said(Progress.PLANNED, None, None, DAY) == "срок не назван"
        assert reading.state(None) == "не составлен"
        assert all(str(title) for title in overview.STATES.values())


def test_the_form_refuses_what_it_does_not_know() -> None:
    content = form.FILE.read_bytes()
    assert form.read("form.toml", content).unverified, "it rests on memory, and says so"
    with pytest.raises(Exception, match="неизвестный ключ"):
        form.read("form.toml", content.replace(b"threshold", b"treshold = 1\nthreshold", 1))
    with pytest.raises(ValueError, match="пять разделов"):
        form.read(
            "form.toml", content.replace('    "Комфортность условий предоставления услуг",\n'.encode(), b"")
        )
