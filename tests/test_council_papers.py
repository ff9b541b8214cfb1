"""Papers of the council: the protocol of a meeting and the document to be edited say what the tables hold."""

import io
import re
import subprocess
from datetime import date
from typing import Any

import pikepdf
import pytest
from build import a_release, a_user
from docx import Document
from docx.document import Document as Paper
from handing import a_ready_campaign, teams
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from standings import FACTS, campaign, figures, standing

from accounts.models import Role, User
from documents import folder
from documents.council_report import council_report, stamp
from documents.keeping import MIME
from documents.report_docx import report_docx
from surveys import frozen, qr
from surveys.clock import now, today
from surveys.db import db, writing
from surveys.models import Assessment, Campaign, Organization
from surveys.releases import Meeting, Objection, Vote
from surveys.submissions import Package

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LONG = "Государственное бюджетное учреждение здравоохранения «" + "Оченьдлинноеназвание" * 8 + "»"
CRUEL = "<b>О'Нил & K</b> =SUM(A1)"


def flat(text: str) -> str:
    """A document's words on one line."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " "))


def of_pdf(content: bytes) -> str:
    return flat(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def of_docx(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [p.text for table in paper.tables for cell in table._cells for p in cell.paragraphs]
    return flat(" ".join([*(p.text for p in paper.paragraphs), *cells]))


class Council:
    """A package on the council's table, and the protocol upon it as a member takes it."""

    def __init__(self, app: Any) -> None:
        self.campaign_id, self.codes = a_ready_campaign()
        head, _verifier, self.page = teams(app, self.campaign_id)
        for login in ("ivanova", "petrov"):
            a_user(Role.COUNCIL, login=login)
        head.explained("official_share")
        assert head.submitted().status_code == 302
        db.session.rollback()
        self.package_id = db.session.query(Package).one().id
        db.session.rollback()

    def held(self, **given: Any) -> None:
        told = {
            "number": "7",
            "held_on": date(2026, 11, 20),
            "place": "Москва, Вознесенский переулок, 22",
            "chair": "Иванова М. П.",
            "secretary": "Петров А. С.",
            "present": ["Иванова М. П., председатель совета", "Петров А. С., секретарь"],
            "text": "Выступила Иванова: данные полны.\n\n- проверить стенды\n- ответить оператору",
            **given,
        }
        with writing() as session:
            session.add(Meeting(package_id=self.package_id, edited_by="petrov", edited_at=now(), **told))

    def voted(self, login: str, choice: str, opinion: str = "") -> None:
        with writing() as session:
            vote = Vote(package_id=self.package_id, login=login, choice=choice, opinion=opinion, at=now())
            session.add(vote)

    def protocol(self, kind: str) -> bytes:
        answer = self.page.page.get(f"{self.page.packages}/1/protocol.{kind}")
        assert answer.status_code == 200
        content: bytes = answer.data
        return content

    def both(self) -> list[str]:
        return [of_pdf(self.protocol("pdf")), of_docx(self.protocol("docx"))]


@pytest.fixture
def council(app, session, monkeypatch) -> Council:
    monkeypatch.setattr(
        folder, "report_pdf", lambda *_given: b"%PDF-"
    )  # the operator's own, another file's matter
    monkeypatch.setattr(folder, "report_docx", lambda *_given: b"PK")
    return Council(app)


def test_the_protocol_holds_the_meeting_the_votes_and_the_opinions(council) -> None:
    council.held()
    council.voted("ivanova", "for")
    council.voted("petrov", "against", "Стенды проверены не везде: <b>выборочно</b>.")
    for text in council.both():
        for said in (
            "Протокол № 7",
            "заседания общественного совета Совет",
            "20 ноября 2026 г.",
            "Вознесенский переулок, 22",
            "Председательствовал: Иванова М. П.",
            "Петров А. С., секретарь",
            "Выступила Иванова: данные полны.",
            "проверить стенды",
            "Рассмотрен пакет оператора № 1",
            "Организаций: 2, анкет: 24.",
            "За — 1, против — 1, воздержались — 0.",
            "Стенды проверены не везде: <b>выборочно</b>.",
            "Проект: решение не принято",
        ):
            assert said in text, said
        assert "г.." not in text
    assert council.both()[0].count("ivanova за") == 1


@ON_SQLITE
def test_an_accepted_package_has_a_protocol_to_be_signed(council) -> None:
    council.held()
    council.voted("ivanova", "for")
    with writing() as session:
        package = session.get_one(Package, council.package_id)
        package.state, package.decided_by, package.decided_at = "accepted", "ivanova", now()
    for text in council.both():
        assert "Проект" not in text
        assert "Принять пакет оператора." in text
        assert text.count("Председатель") >= 1 and "______" in text


@ON_SQLITE
def test_the_protocol_of_a_release_leads_to_its_check(council, tmp_path) -> None:
    council.held()
    assert "/verify/" not in council.both()[0]
    a_release(council.campaign_id)
    with writing() as session:
        package = session.get_one(Package, council.package_id)
        package.state, package.decided_by, package.decided_at = "accepted", "ivanova", now()
        (release,) = frozen.releases(session, council.campaign_id)
        release.package_id = package.id
        address = f"http://127.0.0.1:8000/verify/{release.short}"
    for text in council.both():
        assert address in text and "Проверить утверждённые результаты" in text
    line = ["pdftoppm", "-r", "150", "-png", "-", str(tmp_path / "sheet")]
    subprocess.run(line, input=council.protocol("pdf"), capture_output=True, check=True)
    sheets = [qr.decode(Image.open(sheet)) for sheet in sorted(tmp_path.glob("sheet*.png"))]
    assert sum(sheets, []) == [address]
    (shape,) = Document(io.BytesIO(council.protocol("docx"))).inline_shapes
    assert address in shape._inline.docPr.get("descr")
    assert council.page.page.get(f"/verify/{address.rpartition('/')[2]}").status_code == 200


@ON_SQLITE
def test_a_protocol_of_what_is_decided_keeps_the_names_of_the_package(council) -> None:
    council.held()
    with writing() as session:
        campaign = session.get_one(Campaign, council.campaign_id)
        campaign.title, campaign.council = "Переименованная", "Новый совет"
    text = of_docx(council.protocol("docx"))
    assert "Переименованная" in text and "Новый совет" in text
    with writing() as session:
        package = session.get_one(Package, council.package_id)
        package.state, package.decided_by, package.decided_at = "accepted", "ivanova", now()
    for text in council.both():
        assert "Переименованная" not in text and "Новый совет" not in text
        assert "общественного совета Совет" in text and "Поликлиники Москвы" in text


@ON_SQLITE
def test_the_protocol_counts_the_council_alone(council) -> None:
    council.held()
    for login, choice in (("ivanova", "for"), ("petrov", "against")):
        council.voted(login, choice)
    with writing() as session:
        session.scalars(select(User).where(User.login == "petrov")).one().active = False
    text = of_docx(council.protocol("docx"))
    assert "За — 1, против — 0, воздержались — 0." in text and "вышел из совета" in text


def test_objections_of_organisations_are_in_it_with_the_answers(council) -> None:
    council.held()
    with writing() as session:
        asked = session.query(Assessment).join(Organization).filter(Organization.code == council.codes[0])
        told = {"package_id": council.package_id, "assessment_id": asked.one().id, "author": "o", "at": now()}
        session.add(Objection(figure="1.1", text="Стенд был на ремонте.", **told))
        answered = {"upheld": False, "answer": "Акт подписан.", "answered_by": "petrov", "answered_at": now()}
        session.add(Objection(figure="", text="Мало времени.", **told, **answered))
    for text in council.both():
        assert "Стенд был на ремонте." in text and "Ответа нет." in text
        assert "Не обосновано. Акт подписан." in text


@ON_SQLITE
def test_a_protocol_before_the_meeting_has_lines_to_write_on(council) -> None:
    for text in council.both():
        assert "Протокол № ____" in text
        assert "Голосования не было." in text
        assert "Список не заполнен." in text


@ON_SQLITE
def test_the_protocol_is_tagged_and_speaks_russian(council) -> None:
    council.held(present=[LONG] * 40, place=LONG[:300], text=CRUEL)
    content = council.protocol("pdf")
    with pikepdf.open(io.BytesIO(content)) as whole:
        assert str(whole.Root.Lang) == "ru" and whole.Root.MarkInfo.Marked
        assert b"pdfuaid" in whole.Root.Metadata.read_bytes()
        assert "Протокол № 7" in str(whole.docinfo["/Title"])
        assert len(whole.pages) > 1
    assert "О'Нил & K" in of_pdf(content)
    assert "О'Нил & K" in of_docx(council.protocol("docx"))


@ON_SQLITE
def test_of_a_package_that_is_not_there_there_is_no_protocol(council) -> None:
    assert council.page.page.get(f"{council.page.packages}/9/protocol.pdf").status_code == 404


@pytest.fixture
def paper(app) -> Paper:
    with app.test_request_context("/"):
        report = council_report(campaign(8))
        return Document(io.BytesIO(report_docx(report, stamp(FACTS, "2026-11-20"))))


@ON_SQLITE
def test_the_document_has_every_organisation_every_figure_and_what_is_missing(app, paper) -> None:
    out = io.BytesIO()
    paper.save(out)
    text = of_docx(out.getvalue())
    numbers = set(re.findall(r"\d+,\d\d", text))
    for one in campaign(8).standings:
        assert one.short_name in text
        assert figures(one.result) - numbers == set()
    for said in (
        FACTS.order,
        FACTS.operator,
        FACTS.council,
        "Питьевая вода",
        "Минимум —",
        "Плакат с QR-кодом",
    ):
        assert said in text, said
    titles = [p.text for p in paper.paragraphs if p.style and p.style.name == "Heading 1"]
    assert titles[0] == "1. Выборка и каналы" and "11. Показатели организаций" in titles
    assert "организаций: 8" in text


@ON_SQLITE
def test_a_document_of_nothing_opens_too(app) -> None:
    with app.test_request_context("/"):
        report = council_report(campaign(0))
        content = report_docx(report, stamp(FACTS, "2026-11-20"))
    assert "Критерий не рассчитан" in of_docx(content)


@ON_SQLITE
def test_cruel_names_are_only_names(app) -> None:
    with app.test_request_context("/"):
        found = campaign(1)
        one = standing("C0", name=LONG, short_name=CRUEL, deficiencies={"comfort": [CRUEL]}, inspected=True)
        report = council_report(type(found)(FACTS, [one], found.means, 200, None))
        text = of_docx(report_docx(report, stamp(FACTS, "2026-11-20")))
    assert text.count(CRUEL) >= 4


@ON_SQLITE
def test_the_council_takes_the_document_with_the_operators_proposals(council) -> None:
    answer = council.page.page.get(f"/council/campaigns/{council.campaign_id}.docx")
    assert answer.status_code == 200 and answer.content_type == MIME["docx"]
    text = of_docx(answer.data)
    proposals = next(s for s in db.session.query(Package).one().report["sections"] if s["key"] == "proposals")
    assert flat(proposals["text"])[:60] in text
    assert ".docx" in council.page.page.get(f"/council/campaigns/{council.campaign_id}").text


@ON_SQLITE
def test_nobody_else_reads_the_operators_proposals_before_they_are_approved(app, council) -> None:
    with writing() as session:
        session.get_one(Campaign, council.campaign_id).shows_interim = True
    [section] = (s for s in db.session.query(Package).one().report["sections"] if s["key"] == "proposals")
    said = flat(section["text"])[:60]
    inside = council.page.page.get(f"/council/campaigns/{council.campaign_id}.pdf")
    outside = app.test_client().get(f"/ratings/{council.campaign_id}.pdf")
    assert inside.status_code == outside.status_code == 200
    assert said in of_pdf(inside.data) and said not in of_pdf(outside.data)


@ON_SQLITE
def test_the_command_writes_the_document(app, council, tmp_path) -> None:
    file = tmp_path / "itog.docx"
    asked = ["results", "--campaign", str(council.campaign_id), "--format", "docx", "--output", str(file)]
    done = app.test_cli_runner().invoke(args=asked)
    assert done.exit_code == 0, done.output
    assert "Предварительные результаты" in of_docx(file.read_bytes())
    assert str(today().year) in of_docx(file.read_bytes())
