"""Sheets that were read, drawn and sealed, with doubts, samples and words for people to look at."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO

import scanning
from build import PLEASED
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from paper import settling, vault
from paper.geometry import Box, Geometry, Side, Spot
from paper.marks import BoxSeen, How, Mark, PageSeen
from paper.tables import Doubt, FormEdition, PrintRun, ScanBatch, ScannedPage, ScannedSheet, SheetState
from surveys import library
from surveys.batches import Batch
from surveys.db import db

FORM = library.questionnaire("675n-full")
STEP = 13.0
SCALE = 100 / 25.4
PLACES = (SCALE, 0.0, 0.0, 0.0, SCALE, 0.0, 0.0, 0.0, 1.0)
SIZE = (827, 1170)
#: A whole form by somebody content who used neither the site nor remote ways.
CONTENT = {
    "stand_seen": "yes",
    "stand": "yes",
    "site_seen": "no",
    **PLEASED,
    "sex": "female",
    "age": "45_59",
}


@cache
def geometry() -> Geometry:
    """Every question under the other on one side."""
    boxes, words, asked = [], {}, {}
    for place, question in enumerate(FORM.questions):
        y = 30 + place * STEP
        asked[question.id] = Spot(15, y, 180, 12)
        if question.kind == "text":
            words[question.id] = Spot(60, y, 130, 12)
        boxes += [
            Box(question.id, choice.value, Spot(90 + 16 * number, y + 3, 5, 5))
            for number, choice in enumerate(question.choices)
        ]
    side = Side({}, Spot(180, 5, 20, 20), Spot(10, 5, 60, 5), tuple(boxes), words, asked)
    return Geometry(210, 297, 0.4, (side,))


def a_batch(session: Session, campaign_id: int, code: str, *, share: int = 0) -> tuple[Batch, PrintRun]:
    """A batch that holds nothing yet and the run its sheets are of, inside writing()."""
    batch, run = scanning.a_batch(session, campaign_id), session.scalar(select(PrintRun))
    run = run or scanning.a_run(session, campaign_id, code)
    edition = session.get_one(FormEdition, run.edition_id)
    edition.geometry, edition.sha256 = geometry().as_dict(), geometry().sha256
    session.get_one(ScanBatch, batch.id).sample_share = share
    session.flush()
    return batch, run


def a_sheet(
    session: Session, batch: Batch, run: PrintRun, serial: int, answers: Mapping[str, str] = CONTENT,
    *, two: tuple[str, ...] = (), words: bool = False,
) -> ScannedSheet:  # fmt: skip
    """A sheet as the reader saw it, settled; questions in `two` bear two marks. Inside writing()."""
    marked = {(question, value) for question, value in answers.items()}
    marked |= {(one.question, one.value) for one in geometry().sides[0].boxes if one.question in two}
    boxes = tuple(
        BoxSeen(one.question, one.value, Mark.MARKED if hit else Mark.EMPTY, 0.9999, 0.3 if hit else 0.0)
        for one in geometry().sides[0].boxes
        for hit in [(one.question, one.value) in marked]
    )
    seen = PageSeen(
        how=How.CODE,
        places=PLACES,
        size=SIZE,
        boxes=boxes,
        words={"proposals": 0.05 if words else 0.0},
        hand="",
    )
    sheet = ScannedSheet(batch_id=batch.id, run_id=run.id, serial=serial, state=SheetState.WAITING)
    session.add(sheet)
    session.flush()
    kept = vault.keep(session, batch.campaign_id, picture(marked), f"{batch.id}.1.{serial}")
    session.add(
        ScannedPage(
            batch_id=batch.id,
            file=1,
            number=serial,
            sheet_id=sheet.id,
            side=1,
            kept_as=kept,
            seen=seen.as_dict(),
        )
    )
    session.flush()
    settling.settle_sheet(session, sheet)
    return sheet


def picture(marked: set[tuple[str, str]]) -> bytes:
    """The page: frames, and crosses in the marked ones."""
    drawn, file = Image.new("L", SIZE, 252), BytesIO()
    pen = ImageDraw.Draw(drawn)
    for question in FORM.questions:
        x, y, _width, _height = geometry().sides[0].asked[question.id]
        pen.text((x * SCALE, (y + 4) * SCALE), f"{question.number}. {question.id}", fill=20, font_size=16)
    for box in geometry().sides[0].boxes:
        x, y, w, h = (value * SCALE for value in box.spot)
        pen.rectangle((x, y, x + w, y + h), outline=20, width=2)
        if (box.question, box.value) in marked:
            pen.line((x + 3, y + 2, x + w - 3, y + h - 2), fill=40, width=3)
            pen.line((x + 2, y + h - 3, x + w - 2, y + 3), fill=40, width=3)
    drawn.save(file, "PNG")
    return file.getvalue()


def user(login: str) -> User:
    """One of the team."""
    return db.session.scalars(select(User).where(User.login == login)).one()


def doubts(session: Session, **given: object) -> list[Doubt]:
    """Everything people look at, as it stands in the database."""
    return list(session.scalars(select(Doubt).filter_by(**given).order_by(Doubt.id)))
