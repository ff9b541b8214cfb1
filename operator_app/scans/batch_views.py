"""Batches of scans: the list and the upload, one batch, its list as a table."""

from collections.abc import Iterator

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access
from operator_app.export import csv_file
from operator_app.files import storage
from operator_app.scans import batches, pages
from operator_app.scans.blueprint import BATCH, bp
from operator_app.scans.forms import UploadForm
from operator_app.stages import collecting
from paper import reading, taking
from paper.tables import SheetState
from surveys.db import db
from surveys.models import Campaign
from surveys.refusals import Refusal

MOST_BYTES = 500 * 2**20
PARTS = 300
UNCOUNTED = (SheetState.WAITING, SheetState.SPOILED, SheetState.REPEATED)


@bp.get("/")
def index(campaign_id: int) -> ResponseReturnValue:
    """What was scanned, and the door for more."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    return pages.listed(campaign, UploadForm(campaign, data={"filled_on": pages.usual_day(campaign)}))


@bp.post("/")
@access.takes(2 * MOST_BYTES, PARTS)  # a little too much is told so beside its field
def upload(campaign_id: int) -> ResponseReturnValue:
    """Take files down and begin to read them."""
    campaign = collecting(campaign_id)
    form = UploadForm(campaign)
    if not reading.available():
        raise Refusal(_("Служба ещё не умеет читать сканы: администратор должен установить дополнение."))
    if not form.validate():
        return pages.listed(campaign, form)
    if (request.content_length or 0) > MOST_BYTES:
        form.files.errors = [_("Вместе эти файлы больше 500 МБ. Загрузите их в несколько приёмов.")]
        return pages.listed(campaign, form)
    given = [taking.Given(storage.plain_name(one.filename), one.stream) for one in form.files.data]
    leads_to = f"{url_for('.index', campaign_id=campaign_id)}{{batch_id}}"
    db.session.rollback()
    try:
        begun = taking.begin(
            campaign_id,
            given,
            filled_on=form.filled_on.data,
            by=access.the_user().login,
            leads_to=leads_to,
        )
    except Refusal as refusal:
        form.files.errors = [*form.files.errors, str(refusal)]
        return pages.listed(access.campaign_seen(db.session(), campaign_id), form)
    return redirect(_after(campaign, campaign_id, begun), 303)


def _after(campaign: Campaign, campaign_id: int, begun: taking.Begun) -> str:
    """To the new batch; or, when there was nothing new, to the one where the files are."""
    for name, batch_id in begun.same:
        told = {"name": name, "number": batch_id}
        flash(_("Файл «%(name)s» уже загружали: он в пакете № %(number)s. Второй раз не считается.", **told))
    if begun.resumed:
        flash(_("Эти файлы уже начинали читать. Чтение продолжено с того места, где прервалось."))
    number = begun.batch_id or (begun.same[0][1] if begun.same else None)
    if number is None:
        return url_for(".index", campaign_id=campaign_id)
    return url_for(".batch", campaign_id=campaign_id, scans_id=number)


@bp.get(BATCH)
def batch(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """One batch: how far it is read, and what became of every sheet."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    return pages.of(campaign, batches.one(db.session(), campaign_id, scans_id))


@bp.get(f"{BATCH}/sheets.csv")
def sheets_table(campaign_id: int, scans_id: int) -> ResponseReturnValue:
    """Every sheet that is not counted, for those who go and look for it in the stack."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = batches.one(db.session(), campaign.id, scans_id)
    headings = (_("Что с листом"), _("Причина"), _("Файл"), _("Страницы"), _("Номер листа"), _("Организация"))
    return csv_file(_("неучтённые листы, пакет %(number)s", number=scans_id) + ".csv", headings, _rows(found))


def _rows(found: batches.Found) -> Iterator[tuple[object, ...]]:
    for place in batches.places(db.session(), found, UNCOUNTED):
        yield (
            pages.STATES[SheetState(place.state)],
            place.words,
            place.file,
            ", ".join(map(str, place.pages)),
            place.serial,
            place.organization,
        )
    for line in batches.files(db.session(), found):
        if line.refusal:
            yield (_("файл не принят"), line.refusal, line.name, "", "", "")
