"""Print runs: serials are given out once in a campaign, the form's places are kept, the same run can be drawn again."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import audit
from paper import heading
from paper.geometry import Geometry
from paper.layout import DoesNotFit, Form, laid
from paper.serials import HIGHEST, PageCode
from paper.stamping import stamped
from paper.tables import FormEdition, PrintRun
from surveys import library
from surveys.channels import CHANNELS
from surveys.clock import to_the_second
from surveys.models import Assessment, Campaign, Pinned, Stage
from surveys.refusals import Refusal

MOST = 2_000
"""Sheets printed at once: four reams of paper."""
SALT_LENGTH = 16


def print_run(
    session: Session, campaign: Campaign, assessment: Assessment, count: int, *, print: str = "usual", by: str
) -> PrintRun:
    """Give out serials for so many new sheets, inside writing(). Raises Refusal.

    Whoever prints for the same campaign meanwhile waits: no two sheets have one serial.
    """
    if not 1 <= count <= MOST:
        raise Refusal(_("За один раз печатают от 1 до %(most)s анкет.", most=f"{MOST:,}".replace(",", " ")))
    if campaign.stage != Stage.COLLECTING:
        raise Refusal(_("Кампания больше не собирает ответы: новые анкеты ей не нужны."))
    if assessment.campaign_id != campaign.id:
        raise Refusal(_("Этой организации нет в кампании."))
    pinned = campaign.questionnaire_of(CHANNELS["paper"].number)
    edition = _edition(session, pinned, form_of(pinned, print))
    session.execute(select(Campaign.id).where(Campaign.id == campaign.id).with_for_update())
    last = session.scalar(
        select(func.max(PrintRun.first + PrintRun.count)).where(PrintRun.campaign_id == campaign.id)
    )
    first = last or 1
    if first + count - 1 > HIGHEST:
        raise Refusal(_("Номера листов этой кампании кончились: их не больше миллиона."))
    run = PrintRun(
        campaign_id=campaign.id,
        assessment_id=assessment.id,
        edition_id=edition.id,
        first=first,
        count=count,
        salt=secrets.token_bytes(SALT_LENGTH),
        made_by=by,
        made_at=to_the_second(),
    )
    session.add(run)
    session.flush()
    code = assessment.organization.code
    audit.record(
        session,
        by,
        "sheets printed",
        f"{campaign.id}/{code}",
        run=run.id,
        first=first,
        count=count,
        print=print,
    )
    return run


def pdf(
    session: Session, run: PrintRun, *, cover: bool = True, tick: Callable[[], None] = lambda: None
) -> bytes:
    """The sheets of a run; `tick` is called after each. Raises Refusal: the form has been laid out anew since."""
    edition = session.get_one(FormEdition, run.edition_id)
    form = form_of(session.get_one(Pinned, edition.questionnaire_id), edition.print)
    if form.geometry.sha256 != edition.sha256:
        raise Refusal(
            _(
                "С тех пор бланк изменился, и под старыми номерами его не напечатать. Напечатайте новые анкеты."
            )
        )
    assessment = session.get_one(Assessment, run.assessment_id)
    told = heading.Run(
        number=run.id,
        campaign=run.campaign_id,
        title=assessment.campaign.title,
        organization=assessment.organization.name,
        code=assessment.organization.code,
        first=run.first,
        count=run.count,
        sides=form.sides,
        print=edition.print,
        demo=assessment.campaign.demo,
    )
    sheets = (PageCode(run.campaign_id, serial, 1, told.code) for serial in range(told.first, told.last + 1))
    return stamped(
        form,
        sheets,
        run.salt,
        head=heading.head(told),
        cover=heading.cover(told) if cover else b"",
        tick=tick,
    )


def edition_of(session: Session, run: PrintRun) -> Geometry:
    """Where the boxes of its sheets are, as they were when it was printed."""
    return Geometry.from_dict(session.get_one(FormEdition, run.edition_id).geometry)


def form_of(pinned: Pinned, print: str = "usual") -> Form:
    """The form of a pinned questionnaire as it would be printed now. Raises Refusal."""
    try:
        return laid(library.pinned(pinned.name, pinned.sha256), print)
    except DoesNotFit as error:
        raise Refusal(
            _("Анкета «%(name)s» не помещается на бланк: в ней слишком длинный вопрос.", name=pinned.name)
        ) from error


def _edition(session: Session, pinned: Pinned, form: Form) -> FormEdition:
    """The places of this form, kept once; another campaign may be keeping the same at this moment."""
    known = select(FormEdition).where(
        FormEdition.questionnaire_id == pinned.id, FormEdition.sha256 == form.geometry.sha256
    )
    if found := session.scalar(known):
        if not all(side.get("printed") for side in found.geometry["sides"]):
            found.geometry = form.geometry.as_dict()  # the same places; of old ones the print was not kept
        return found
    try:
        with session.begin_nested():
            made = FormEdition(
                questionnaire_id=pinned.id,
                print=form.print,
                sha256=form.geometry.sha256,
                geometry=form.geometry.as_dict(),
            )
            session.add(made)
            session.flush()
    except IntegrityError:
        return session.scalars(known).one()
    return made
