"""A campaign's desk with one of each thing on it: what the addresses of the operator's pages are filled with."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from build import CONTENT, a_release, a_user, a_visit
from certificates import a_pair, apart
from old_table import HEADINGS, POINTS, a_book, reckoned, row
from PIL import Image
from scanning import scanned
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import ApiToken, ApiTokenCampaign, Duty, Right, Role, User
from council import signatures
from council.placement import seeing
from council.portal.catalogue import catalogue
from council.portal.datasets import id_of
from council.portal.pages import UNNAMED
from council.portal.words import slug
from kiosk import devices, watching
from kiosk.tables import Dispute
from operator_app.files import storage
from operator_app.handover import report, submitting
from operator_app.handover.desk import of_campaign as lying
from operator_app.inspections import evidence
from operator_app.keying.tables import Sheet, Stack
from paper import printing
from studio import work as making
from surveys import admitting, frozen, hidden, library, proofs, queries
from surveys.batches import Batch, Kind
from surveys.batches import State as BatchState
from surveys.channels import CHANNELS
from surveys.clock import monday, now, today
from surveys.db import db, writing
from surveys.handover import fingerprint
from surveys.jobs import Job, JobState
from surveys.models import Assessment, Campaign, Inspection, Organization, Stage
from surveys.old_reports import bringing
from surveys.passes import PassBatch
from surveys.placement import CodeScan
from surveys.plans import Measure, MeasureProof, Plan
from surveys.questionnaire import heard, packed
from surveys.releases import Objection
from surveys.submissions import Package, Remark
from surveys.visits import VisitState


def furnished(campaign_id: int, code: str) -> dict[str, Any]:
    """URL parameter → its value, after putting the thing on the desk of this campaign and organisation."""
    return {
        "user_id": _somebody(),
        "job_id": _a_job(),
        **_a_bundle(campaign_id),
        **_a_visit(campaign_id, code),
        **_a_stack(campaign_id, code),
        "batch_id": _a_file(campaign_id),
        **scanned(campaign_id, code),
        "print_id": _a_printing(campaign_id, code),
        "questionnaire": "675n-full",
        **_a_package(campaign_id, code),
        **_a_version(campaign_id),
        **_a_plan(campaign_id, code),
        **_an_old_report(campaign_id, code),
        **_a_cell(campaign_id, code),
        "token_id": _a_token(campaign_id),
        "comment_key": _a_comment(campaign_id, code),
        **_a_signature(campaign_id),
        "end": "thanks",
        **_a_kiosk(campaign_id, code),
        "passes_id": _codes(campaign_id, code),
        "variant": "pdf",
        **dict(zip(("shape", "colour", "picture"), ("wide", "dark", "svg"), strict=True)),
        "seen_id": _a_poster(code),
        "region_id": _scans(campaign_id, code),
    }


def _codes(campaign_id: int, code: str) -> int:
    """A batch of one-time codes."""
    with writing() as session:
        place = session.scalars(
            select(Assessment)
            .join(Assessment.organization)
            .where(Assessment.campaign_id == campaign_id, Organization.code == code)
        ).one()
        admitting.issue(session, "s" * 32, place.id, admitting.FEWEST, today(), today(), Role.OPERATOR.value)
        return session.scalars(select(PassBatch.id).where(PassBatch.assessment_id == place.id)).one()


def _a_poster(code: str) -> int:
    """A poster that an inspector photographed."""
    drawn = BytesIO()
    Image.new("RGB", (60, 80), "white").save(drawn, "JPEG")
    with writing() as session:
        organization = queries.organization(session, code)
        assert organization is not None
        picture = proofs.cleaned(drawn.getvalue())
        return seeing.by_official(session, organization, 0, picture, Role.OPERATOR.value).id


def _scans(campaign_id: int, code: str) -> int:
    """The code at the entrance was scanned in this week and in one before; its region."""
    with writing() as session:
        organization = queries.organization(session, code)
        assert organization is not None
        for ago, count in ((0, 2), (1, 40)):
            week = monday(today()) - timedelta(weeks=ago)
            session.add(CodeScan(organization_id=organization.id, place=0, week=week, scans=count))
        return session.get_one(Campaign, campaign_id).region_id


def _an_old_report(campaign_id: int, code: str) -> dict[str, Any]:
    """Last year's table with one total that is wrong, taken for comparison."""
    name = db.session.scalars(select(Organization.name).where(Organization.code == code)).one()
    wrong = row(1, name, "", {**reckoned(POINTS), "total": 12.34})
    with TemporaryDirectory() as folder, writing() as session:
        campaign = session.get_one(Campaign, campaign_id)
        file = a_book(Path(folder) / "report.xlsx", [HEADINGS, wrong])
        report = bringing.bring(session, campaign, campaign.year - 1, file, "отчёт.xlsx", Role.OPERATOR.value)
        bringing.take(report, *bringing.prepared(session, report, campaign))
        return {"report_id": report.id, "row": 2, "ending": "csv"}


def _somebody() -> int:
    login = a_user(Role.AUTHORITY, login="somebody")
    return db.session.scalars(select(User.id).where(User.login == login)).one()


def _a_bundle(campaign_id: int) -> dict[str, Any]:
    """Posters of the campaign, made."""
    wanted = {"format": "sticker", "skin": "copy", "languages": ["ru"], "places": [], "kind": "zip"}
    with writing() as session:
        job = making.ask(
            session, campaign_id, "https://nok.example.ru", Role.OPERATOR.value, "/operator/", wanted
        )
        bundle_id = job.id
    return {"bundle_id": bundle_id, "what": "list"}


def _a_job() -> str:
    """Long work of the operator's, half done."""
    with writing() as session:
        session.add(
            Job(
                id="j" * 32,
                name="files.check",
                arguments={},
                state=JobState.RUNNING,
                done=12_000,
                total=98_400,
                asked_by=Role.OPERATOR.value,
                asked_at=now(),
                heard_at=now(),
            )
        )
    return "j" * 32


def _a_comment(campaign_id: int, code: str) -> int:
    """Somebody's words that wait for a reviewer."""
    key = 4_611_686_018_427_387_904
    with writing() as session:
        about = _assessment(session, campaign_id, code).id
        said = "Врач Иванова нагрубила, позвоните 8 926 123-45-67. Еда — дерьмо"
        hidden.put(session, 3, about, today(), said, key=key)
    return key


def _a_kiosk(campaign_id: int, code: str) -> dict[str, int]:
    """A device at the registry that has said what it has, and an answer of it that waits for a decision."""
    with writing() as session:
        kiosk = devices.make(session, code, devices.Wanted("Терминал у входа", place="вход"), "admin")
        kiosk.paired_on, kiosk.token_sha256 = today(), "e" * 64
        watching.said(
            session, kiosk, {"waiting": 1200, "used_mb": 3, "room_mb": 9000, "answered_on": str(today())}
        )
        campaign = session.get_one(Campaign, campaign_id)
        assessment = session.query(Assessment).filter_by(campaign_id=campaign_id).first()
        pinned = campaign.questionnaire_of(CHANNELS["kiosk"].number)
        form = library.pinned(pinned.name, pinned.sha256)
        assert assessment is not None
        dispute = Dispute(
            key=344,
            kiosk_id=kiosk.id,
            assessment_id=assessment.id,
            questionnaire_id=pinned.id,
            place=kiosk.place,
            day=today(),
            answers=packed(form, heard(form, CONTENT, blanks=True).answers),
            arrived_on=today(),
        )
        session.add(dispute)
        session.flush()
        return {"kiosk_id": kiosk.id, "dispute_id": dispute.id}


def _a_signature(campaign_id: int) -> dict[str, Any]:
    """A signature made elsewhere under the document of its first release."""
    release = frozen.releases(db.session(), campaign_id)[-1]
    with writing() as session:
        kept = signatures.bring(session, release, b"%PDF-", apart(b"%PDF-", a_pair()), Role.COUNCIL.value)
    return {"variant": "pdf", "number": kept.number}


def _a_token(campaign_id: int) -> int:
    """A program's leave to bring files to this campaign, for the operator."""
    with writing() as session:
        owner = session.scalars(select(User).where(User.login == Role.OPERATOR.value)).one()
        token = ApiToken(
            user_id=owner.id,
            name="Выгрузка из CRM",
            sha256="0" * 64,
            rights=[Right.UPLOAD.value],
            scope=[ApiTokenCampaign(campaign_id=campaign_id)],
            made_at=now(),
            ends_on=today(),
        )
        session.add(token)
        session.flush()
        return token.id


def _a_visit(campaign_id: int, code: str) -> dict[str, Any]:
    """A finished inspection with a picture, waiting to be confirmed."""
    drawn = BytesIO()
    Image.new("RGB", (40, 30), "white").save(drawn, "JPEG")
    with writing() as session:
        visit = a_visit(session, campaign_id, code)
        file = proofs.kept(proofs.cleaned(drawn.getvalue()))
        login = visit.inspector
        proof = evidence.add_kept(session, visit, login, "comfort.navigation", file, day=visit.visited_on)
        return {"visit_id": visit.id, "evidence_id": proof.id}


def _a_stack(campaign_id: int, code: str) -> dict[str, Any]:
    """Paper of which one sheet was read differently by two people."""
    keyers = [a_user(Role.OPERATOR, login=name, duty=Duty.INTERVIEWER) for name in ("keyer-1", "keyer-2")]
    with writing() as session:
        one, other = (session.scalars(select(User).where(User.login == login)).one() for login in keyers)
        campaign, organization = session.get_one(Campaign, campaign_id), queries.organization(session, code)
        assert organization is not None
        assessment = queries.assessment(session, campaign_id, organization.id)
        assert assessment is not None
        batch = Batch(
            campaign_id=campaign_id,
            kind=Kind.KEYING,
            state=BatchState.COUNTED,
            made_by="keyer-1",
            made_at=now(),
        )
        session.add(batch)
        session.flush()
        pinned = campaign.questionnaire_of(CHANNELS["paper"].number)
        stack = Stack(
            batch_id=batch.id,
            assessment_id=assessment.id,
            questionnaire_id=pinned.id,
            channel=CHANNELS["paper"].number,
            filled_on=campaign.starts_on,
            second_share=10,
        )
        session.add(stack)
        session.flush()
        readings = {"first": "1" * 17, "second": "2-" + "1" * 15}
        session.add(
            Sheet(
                batch_id=batch.id,
                number=7,
                state="third",
                doubled=True,
                first_by=one.id,
                second_by=other.id,
                **readings,
            )
        )
        return {"stack_id": batch.id, "sheet_number": 7}


def _a_printing(campaign_id: int, code: str) -> int:
    """One sheet of the form as it is printed now."""
    with writing() as session:
        campaign, organization = session.get_one(Campaign, campaign_id), queries.organization(session, code)
        assert organization is not None
        assessment = queries.assessment(session, campaign_id, organization.id)
        assert assessment is not None
        stage, campaign.stage = campaign.stage, Stage.COLLECTING  # printed while it collected
        number = printing.print_run(session, campaign, assessment, 1, by=Role.OPERATOR.value).id
        campaign.stage = stage
        return number


def _a_file(campaign_id: int) -> int:
    """A counted file with a refused row and its list of them."""
    refused = {"row": 17, "column": "F", "value": "может быть", "reason": "непонятный ответ", "advice": ""}
    told = {"accepted": 3, "updated": 0, "repeated": 0, "refused_rows": 1, "warned_rows": 0, "notes": []}
    with writing() as session:
        batch = Batch(
            campaign_id=campaign_id,
            kind=Kind.ANSWERS,
            state=BatchState.COUNTED,
            channel=CHANNELS["paper"].number,
            file_name="ответы.xlsx",
            kept_as="f" * 32,
            report={**told, "refused": [refused], "warnings": [], "by_reason": {"непонятный ответ": 1}},
            made_by=Role.OPERATOR.value,
            made_at=now(),
        )
        session.add(batch)
        session.flush()
        place = storage.place_of(batch.kept_as, storage.REFUSED)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("строка;столбец", "utf-8")
        return batch.id


def _a_package(campaign_id: int, code: str) -> dict[str, Any]:
    """A submitted package with a remark; a section, a check and a kind of document by name."""
    campaign = db.session.get_one(Campaign, campaign_id)
    m = report.material(db.session(), lying(db.session(), campaign), {})
    checks, made = submitting.frozen(m.findings, {}), report.report(m, {})
    with writing() as session:
        package = Package(
            campaign_id=campaign_id,
            number=1,
            checks=checks,
            report=made,
            submitted_by="operator",
            submitted_at=now(),
        )
        package.sha256 = fingerprint(package)
        session.add(package)
        session.flush()
        remark = Remark(package_id=package.id, text="Проверьте стенд.", author="council", at=now())
        session.add(remark)
        session.flush()
        remark_id = remark.id
        package.objections_until = campaign.ends_on
        objection = Objection(
            package_id=package.id,
            assessment_id=_assessment(session, campaign_id, code).id,
            text="Стенд был закрыт на ремонт.",
            author="organization",
            at=now(),
        )
        session.add(objection)
        session.flush()
        objection_id = objection.id
    return {
        "package": 1,
        "remark_id": remark_id,
        "objection_id": objection_id,
        "part": "K1",
        "finding": "thin",
        "paper": "pdf",
    }


def _a_version(campaign_id: int) -> dict[str, Any]:
    """A published release and its short hash, the campaign going on as it did."""
    campaign = db.session.get_one(Campaign, campaign_id)
    stage, known = campaign.stage, frozen.releases(db.session(), campaign_id)
    if not known:
        a_release(campaign_id)
        with writing() as session:
            session.get_one(Campaign, campaign_id).stage = stage
    found = next(one for one in catalogue(db.session()).campaigns if one.id == campaign_id)
    return {
        "version": 1,
        "typed": found.short,
        "sector": found.sector,
        "region": slug(found.region),
        "municipality": UNNAMED,
        "dataset": id_of(found),
        "name": "meta.csv",
        "number": 1,
    }


def _assessment(session: Session, campaign_id: int, code: str) -> Assessment:
    organization = queries.organization(session, code)
    assert organization is not None
    found = queries.assessment(session, campaign_id, organization.id)
    assert found is not None
    return found


def _a_cell(campaign_id: int, code: str) -> dict[str, Any]:
    """A cell of the council's table, whose inspection is proven by a picture that the council may see."""
    drawn = BytesIO()
    Image.new("RGB", (20, 50), "white").save(drawn, "JPEG")
    with writing() as session:
        visit = a_visit(session, campaign_id, code)
        file = proofs.kept(proofs.cleaned(drawn.getvalue()))
        proof = evidence.add_kept(
            session, visit, visit.inspector, "comfort.navigation", file, day=visit.visited_on
        )
        visit.state = VisitState.CONFIRMED
        inspection = session.get(Inspection, visit.assessment_id)
        assert inspection is not None
        inspection.visit_id = visit.id
        return {"figure": "2.1", "sheet": "csv", "shown_id": proof.id}


def _a_plan(campaign_id: int, code: str) -> dict[str, Any]:
    """An approved plan of one measure, carried out, proven by a picture, open for changes again."""
    drawn = BytesIO()
    Image.new("RGB", (30, 40), "white").save(drawn, "JPEG")
    with writing() as session:
        campaign, organization = session.get_one(Campaign, campaign_id), queries.organization(session, code)
        assert organization is not None
        assessment = queries.assessment(session, campaign_id, organization.id)
        assert assessment is not None
        words = {"deficiency": "Нет указателей.", "text": "Повесить.", "responsible": "Завхоз"}
        plan = Plan(assessment_id=assessment.id, approver="Министр", sent_by="organization", sent_at=now())
        plan.approved_by, plan.approved_at = "authority", now()
        session.add(plan)
        session.flush()
        row = Measure(assessment_id=assessment.id, section=2, position=1, **words)
        row.agreed, row.agreed_due_on, row.due_on = words, campaign.ends_on, campaign.ends_on
        row.done, row.done_on = "Повесили.", campaign.starts_on
        row.edited_by, row.edited_at = "organization", now()
        session.add(row)
        session.flush()
        file = proofs.kept(proofs.cleaned(drawn.getvalue()))
        proof = MeasureProof(
            measure_id=row.id, kind="photo", file=file, day=campaign.starts_on, added_by="own"
        )
        session.add(proof)
        session.flush()
        return {"measure_id": row.id, "proof_id": proof.id, "section": 1}
