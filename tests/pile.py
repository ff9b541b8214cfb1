"""Piles of scanned sheets without pictures: a page carries in its pixels what a reader would see on it."""

import json
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile, ZipInfo

from PIL import Image
from sqlalchemy import select

from paper import taking
from paper.geometry import Geometry
from paper.marks import BoxSeen, How, Mark, PageSeen, Trouble
from paper.report import ScanReport
from paper.serials import PageCode
from paper.tables import FormEdition, PrintRun
from surveys import queries
from surveys.channels import CHANNELS
from surveys.clock import now
from surveys.db import db, writing
from surveys.models import Campaign

ON_SIDE = {1: ("stand_seen", "stand", "comfort"), 2: ("recommend", "overall")}
SALT = b"salt of the run!"
PLACES = (10.0, 0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0, 1.0)
FIRST = {"stand_seen": "yes", "stand": "yes", "comfort": "no"}
SECOND = {"recommend": "yes", "overall": "yes"}
SIDE = 64  # pixels


def geometry() -> dict[str, Any]:
    """Two sides with three and two questions; words on the second."""

    def side(questions: Sequence[str], words: Mapping[str, Any]) -> dict[str, Any]:
        boxes = [
            {"question": one, "value": value, "spot": [left, 40 + 10 * at, 5, 5]}
            for at, one in enumerate(questions)
            for value, left in (("yes", 20), ("no", 40))
        ]
        asked = {one: [15, 35 + 10 * at, 160, 9] for at, one in enumerate(questions)}
        code = {"code": [10, 10, 20, 20], "digits": [10, 32, 60, 5]}
        return {"markers": {}, **code, "boxes": boxes, "words": words, "asked": asked}

    sides = [side(ON_SIDE[1], {}), side(ON_SIDE[2], {"proposals": [15, 200, 160, 40]})]
    return {"width": 210, "height": 297, "line": 0.4, "sides": sides}


def a_run(campaign_id: int, code: str, first: int = 1, count: int = 100) -> int:
    """Sheets printed for an organisation; the number of the run."""
    with writing() as session:
        campaign, organization = session.get_one(Campaign, campaign_id), queries.organization(session, code)
        assert organization is not None
        assessment = queries.assessment(session, campaign_id, organization.id)
        assert assessment is not None
        pinned = campaign.questionnaire_of(CHANNELS["paper"].number)
        told = Geometry.from_dict(geometry())
        edition = session.scalar(select(FormEdition).where(FormEdition.sha256 == told.sha256))
        if edition is None:
            edition = FormEdition(
                questionnaire_id=pinned.id, print="usual", sha256=told.sha256, geometry=told.as_dict()
            )
            session.add(edition)
            session.flush()
        run = PrintRun(
            campaign_id=campaign_id, assessment_id=assessment.id, edition_id=edition.id, first=first,
            count=count, salt=SALT, made_by="operator", made_at=now(),
        )  # fmt: skip
        session.add(run)
        session.flush()
        return run.id


class Printer:
    """Pages of one run, filled in."""

    def __init__(self, campaign_id: int, code: str) -> None:
        self.campaign_id, self.code = campaign_id, code

    def page(self, serial: int, side: int, answers: Mapping[str, str], **more: Any) -> bytes:
        """One side; `hand` is who marked it, `doubtful` the questions read unsurely, `words` how much is written."""
        told = {"campaign": self.campaign_id, "organization": self.code, "serial": serial, "side": side}
        marks = {name: answers[name] for name in ON_SIDE[side] if answers.get(name)}
        hand = f"{more.pop('hand', 'one')} {sorted(marks.items())}" if marks else ""
        return drawn({**told, "answers": marks, "hand": hand, **more})

    def sheet(self, serial: int, answers: Mapping[str, str], **more: Any) -> list[bytes]:
        """Both sides."""
        return [self.page(serial, side, answers, **more) for side in ON_SIDE]


def drawn(told: Mapping[str, Any]) -> bytes:
    """A PNG whose pixels say what is on the page."""
    text = json.dumps(told, sort_keys=True).encode()
    pixels = bytes([*divmod(len(text), 256)]) + text
    image, file = Image.new("L", (SIDE, SIDE), 255), BytesIO()
    image.putdata(list(pixels.ljust(SIDE * SIDE, b"\xff")))
    image.save(file, "PNG")
    return file.getvalue()


def read(picture: Image.Image, resolve: Callable[[PageCode], Geometry | None]) -> PageSeen:
    """What a reader would see: a page that has a trouble, or one with a code whose boxes are marked."""
    pixels = picture.tobytes()
    told = json.loads(pixels[2 : 2 + pixels[0] * 256 + pixels[1]])
    trouble = Trouble(told["trouble"]) if told.get("trouble") else None
    if "serial" not in told:
        return PageSeen(trouble=trouble, size=picture.size)
    code = PageCode(told["campaign"], told["serial"], told["side"], told["organization"])
    code = code.checked(b"another salt" if told.get("forged") else SALT)
    geometry = resolve(code)
    if trouble or geometry is None:
        return PageSeen(trouble=trouble or Trouble.FOREIGN, code=code, how=How.CODE, size=picture.size)
    side = geometry.side(code.side)
    assert side is not None
    return PageSeen(
        code=code, how=How.CODE, places=PLACES, size=picture.size, hand=told["hand"],
        words={name: told.get("words", 0.0) for name in side.words},
        boxes=tuple(
            BoxSeen(
                box.question,
                box.value,
                Mark.MARKED if told["answers"].get(box.question) == box.value else Mark.EMPTY,
                0.6 if box.question in told.get("doubtful", ()) else 0.9999,
                0.2 if told["answers"].get(box.question) == box.value else 0.0,
            )
            for box in side.boxes
        ),
    )  # fmt: skip


def zipped(pages: Sequence[bytes]) -> BytesIO:
    """The pages as one file."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for number, page in enumerate(pages, 1):
            archive.writestr(ZipInfo(f"{number}.png"), page)
    file.seek(0)
    return file


def begun(campaign_id: int, *files: Sequence[bytes], share: int = 0) -> taking.Begun:
    """Files of these pages, sealed and waiting to be read."""
    campaign = db.session.get_one(Campaign, campaign_id)
    filled_on = campaign.starts_on
    db.session.rollback()
    given = [taking.Given(f"{number}.zip", zipped(pages)) for number, pages in enumerate(files, 1)]
    return taking.begin(
        campaign_id, given, filled_on=filled_on, by="operator", sample_share=share, background=False
    )


def taken(campaign_id: int, *files: Sequence[bytes], share: int = 0) -> ScanReport:
    """The same, read and counted."""
    made = begun(campaign_id, *files, share=share)
    assert made.batch_id is not None
    return taking.take(made.batch_id, lambda done, total: None, read=read)
