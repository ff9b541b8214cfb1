"""Scans on the desk: a batch with a sheet of every kind, its pages drawn and sealed, as the reader leaves it."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from paper import fingerprints, vault
from paper.marks import BoxSeen, How, Mark, PageSeen, Trouble
from paper.tables import (
    Doubt,
    DoubtKind,
    FormEdition,
    PrintRun,
    ScanBatch,
    ScannedPage,
    ScannedSheet,
    SheetState,
)
from paper.words import Reason
from surveys import queries
from surveys.batches import Batch, Kind, State
from surveys.channels import CHANNELS
from surveys.clock import now
from surveys.db import writing
from surveys.models import Campaign, Stage

SERIALS = 200  # of the run: 1 … 200
QUESTIONS = ("on_time", "overall")  # one on each side


def a_side(question: str) -> dict[str, Any]:
    """One printed side, on which one question is asked."""
    boxes = [
        {"question": question, "value": value, "spot": [left, 40, 5, 5]}
        for value, left in (("yes", 20), ("no", 40))
    ]
    asked = {question: [15, 35, 160, 14]}
    code = {"code": [10, 10, 20, 20], "digits": [10, 32, 60, 5]}
    return {"markers": {}, **code, "boxes": boxes, "words": {}, "asked": asked}


GEOMETRY = {"width": 210, "height": 297, "line": 0.4, "sides": [a_side(one) for one in QUESTIONS]}


def marks(question: str, value: str = "yes") -> tuple[BoxSeen, ...]:
    """A question answered plainly."""
    other = "no" if value == "yes" else "yes"
    ticked = BoxSeen(question, value, Mark.MARKED, 0.9999, 0.3)
    return (ticked, BoxSeen(question, other, Mark.EMPTY, 0.9999, 0.0))


def a_picture(words: str = "", size: tuple[int, int] = (620, 877)) -> bytes:
    """A page as the vault keeps it."""
    drawn, file = Image.new("L", size, 250), BytesIO()
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((30, 30, 90, 90), fill=10)
    pen.rectangle((60, 300, 90, 330), outline=10, width=3)
    pen.text((60, 200), words or "NOK1", fill=10)
    drawn.save(file, "PNG")
    return file.getvalue()


def a_run(session: Session, campaign_id: int, code: str) -> PrintRun:
    """Two hundred printed sheets of one organisation, inside writing()."""
    campaign, organization = session.get_one(Campaign, campaign_id), queries.organization(session, code)
    assert organization is not None
    assessment = queries.assessment(session, campaign_id, organization.id)
    assert assessment is not None
    pinned = campaign.questionnaire_of(CHANNELS["paper"].number)
    edition = FormEdition(questionnaire_id=pinned.id, print="usual", sha256="e" * 64, geometry=GEOMETRY)
    session.add(edition)
    session.flush()
    run = PrintRun(
        campaign_id=campaign_id,
        assessment_id=assessment.id,
        edition_id=edition.id,
        first=1,
        count=SERIALS,
        salt=b"s" * 16,
        made_by="operator",
        made_at=now(),
    )
    session.add(run)
    session.flush()
    return run


def a_batch(session: Session, campaign_id: int, **given: Any) -> Batch:
    """A batch that is read to the end and holds nothing yet, inside writing()."""
    told = {"kind": Kind.SCANS, "state": State.COUNTED, "made_by": "operator", "made_at": now(), **given}
    campaign, paper = session.get_one(Campaign, campaign_id), CHANNELS["paper"].number
    told.setdefault("questionnaire_id", campaign.questionnaire_of(paper).id)
    batch = Batch(campaign_id=campaign_id, channel=paper, **told)
    session.add(batch)
    session.flush()
    files = [
        {"name": "стопка.pdf", "sha256": "a" * 64, "size": 1000},
        {"name": "снимок.heic", "sha256": "b" * 64, "size": 10, "refusal": Reason.HEIC},
    ]
    kept = campaign.stage != Stage.PUBLISHED
    gone = {} if kept else {"destroyed_at": now()}
    session.add(
        ScanBatch(batch_id=batch.id, filled_on=campaign.starts_on, sample_share=20, files=files, **gone)
    )
    session.flush()
    if kept:
        vault.key_for(session, campaign_id)
    return batch


def a_sheet(
    session: Session, batch: Batch, run: PrintRun | None, number: int, state: SheetState, reason: str = "",
    *, sides: int = 1, places: tuple[float, ...] = (), **given: Any,
) -> ScannedSheet:  # fmt: skip
    """One sheet with its pictures, which are pages `number`… of the first file; inside writing()."""
    serial = number if run else None
    told = {"run_id": run.id if run else None, "serial": serial, "reason": reason, **given}
    sheet = ScannedSheet(batch_id=batch.id, state=state, **told)
    session.add(sheet)
    session.flush()
    seen = PageSeen(how=How.CODE if run else How.NOT, trouble=None if run else Trouble.NO_NUMBER)
    if places:
        seen = replace(seen, places=places)
    kept = session.get_one(ScanBatch, batch.id).destroyed_at is None
    for side in range(1, sides + 1):
        if run and state == SheetState.WAITING:
            seen = replace(seen, boxes=marks(QUESTIONS[side - 1]), hand=f"hand-{number}-{side}")
        place = f"{batch.id}.1.{number + side - 1}"
        page = ScannedPage(
            batch_id=batch.id,
            file=1,
            number=number + side - 1,
            sheet_id=sheet.id,
            side=side if run else None,
            kept_as=vault.keep(session, batch.campaign_id, a_picture(f"sheet {number}"), place)
            if kept
            else "",
            seen=seen.as_dict(),
        )
        if kept:
            fingerprints.seal(vault.key_of(session, batch.campaign_id), batch.campaign_id, page)
        session.add(page)
    session.flush()
    return sheet


def scanned(campaign_id: int, code: str) -> dict[str, Any]:
    """URL parameters of a batch in which sheets wait for every reason, one is spoiled, one is repeated."""
    with writing() as session:
        run, batch = a_run(session, campaign_id, code), a_batch(session, campaign_id)
        counted = a_sheet(session, batch, run, 1, SheetState.COUNTED, sides=2)
        waits = a_sheet(session, batch, None, 3, SheetState.WAITING, Reason.NO_NUMBER)
        a_sheet(session, batch, run, 4, SheetState.WAITING, Reason.MISSING_SIDE)
        a_sheet(session, batch, run, 5, SheetState.WAITING, Reason.COPY, of_id=counted.id)
        doubtful = a_sheet(session, batch, run, 6, SheetState.WAITING, Reason.DOUBTS)
        a_sheet(session, batch, None, 7, SheetState.SPOILED, Reason.FOREIGN)
        a_sheet(session, batch, run, 8, SheetState.REPEATED, of_id=counted.id)
        session.add(ScannedPage(batch_id=batch.id, file=1, number=9, reason=Reason.BLANK))
        refused = ScannedSheet(batch_id=batch.id, state=SheetState.SPOILED, reason=Reason.HEIC)
        session.add(refused)
        session.flush()
        session.add(ScannedPage(batch_id=batch.id, file=2, number=0, sheet_id=refused.id))
        page_id = session.scalars(select(ScannedPage.id).where(ScannedPage.sheet_id == doubtful.id)).one()
        told = {"question": QUESTIONS[0], "kind": DoubtKind.DOUBT, "why": "two", "read": "yes"}
        doubt = Doubt(batch_id=batch.id, sheet_id=doubtful.id, page_id=page_id, **told)
        session.add(doubt)
        session.flush()
        shown = session.scalars(select(ScannedPage.id).where(ScannedPage.sheet_id == waits.id)).one()
        return {"scans_id": batch.id, "sheet_id": waits.id, "page_id": shown, "place": doubt.place}
