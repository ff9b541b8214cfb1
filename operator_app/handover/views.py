"""The hand-over: checks, the operator's report, submission to the council, its remarks."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import access, people
from accounts.models import Duty, Role
from documents import folder
from documents.blocks import chart_on_screen
from documents.keeping import MIME
from documents.markup import passages
from operator_app import jobs
from operator_app.doors import DOORS
from operator_app.handover import desk, report, submitting, words
from operator_app.handover.checks import findings, in_the_way
from operator_app.handover.finding import EXPLAIN, GRAVITY, Finding
from operator_app.handover.forms import Act, AnswerForm, ExplanationForm, SectionForm
from operator_app.handover.report import BY_KEY, CHECK, PARTS
from operator_app.team import holds
from surveys import handover
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.refusals import Held, NotFound, Refusal, Stale
from surveys.submissions import ReportSection

bp = Blueprint(
    "handover", __name__, url_prefix="/operator/campaigns/<int(max=2147483647):campaign_id>/report"
)
access.only(bp, Role.OPERATOR, duties=(Duty.VERIFIER,))

MOST_BYTES = 512 * 1024
CONFLICT = 409


@bp.get("")
def index(campaign_id: int) -> ResponseReturnValue:
    """What stands in the way, the report, the packages."""
    return _index(campaign_id)


@bp.post("/explanations/<finding>")
@access.takes(MOST_BYTES)
def explain(campaign_id: int, finding: str) -> ResponseReturnValue:
    """Keep an explanation of one finding."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = next((f for f in report.found(db.session(), campaign) if f.key == finding), None)
    if found is None or found.gravity != EXPLAIN:
        raise Refusal(_("Этого уже не нужно объяснять: откройте страницу отчёта заново."))
    form = ExplanationForm()
    if not form.validate_on_submit():
        return _index(campaign_id, refused={finding: form}), 422
    basis = handover.digest(found.as_dict())
    try:
        with writing() as session:
            words.save(
                session, access.the_user(), campaign_id, CHECK + finding,
                text=form.text.data, basis=basis, version=form.version.data,
            )  # fmt: skip
    except (Stale, Held) as refusal:
        return _conflict(campaign, CHECK + finding, found.title, form.text.data, str(refusal)), CONFLICT
    flash(_("Пояснение сохранено."))
    return redirect(url_for(".index", campaign_id=campaign_id, _anchor=finding))


@bp.route("/sections/<part>", methods=["GET", "POST"])
@access.takes(MOST_BYTES)
def section(campaign_id: int, part: str) -> ResponseReturnValue:
    """One section as it stands; its words may be written over while the report is the operator's."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    if part not in BY_KEY:
        raise NotFound(part)
    if request.method == "POST":
        return _saved(campaign, part)
    editing, busy = _editing(campaign, part)
    return _section(campaign, part, editing=editing, busy=busy)


@bp.post("/documents")
def ask(campaign_id: int) -> ResponseReturnValue:
    """Have the report of this moment drawn."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    back = url_for(".index", campaign_id=campaign_id, _anchor="documents")
    with writing() as session:
        made = _live(campaign)
        job = folder.ask(session, made, folder.draft_stamp(), access.the_user().login, back)
        job_id = job.id if job else None
    return redirect(url_for("jobs.show", job_id=job_id) if job_id else back)


@bp.get("/document.<any(pdf, docx):paper>")
def document(campaign_id: int, paper: str) -> ResponseReturnValue:
    """The draft as a file; until it is drawn, a page that says so."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    made = _live_or_none(campaign)
    drawn = folder.of(db.session(), made, folder.draft_stamp()) if made else None
    if drawn is None or not drawn.ready:
        return _index(campaign_id)
    return file(folder.read(drawn.key, paper), paper, f"proekt-otcheta-{campaign.year}-{campaign.id}")


@bp.get("/submit")
@access.entrusted(Duty.HEAD)
def confirm(campaign_id: int) -> ResponseReturnValue:
    """The second step: what submission ends and erases, before it does."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    told = submitting.ahead(db.session(), campaign)
    return render_template("operator/report/submit.html", campaign=campaign, told=told)


@bp.post("/submit")
@access.entrusted(Duty.HEAD)
def submit(campaign_id: int) -> ResponseReturnValue:
    """Freeze the package and hand it to the council."""
    access.campaign_seen(db.session(), campaign_id)
    if not Act().validate_on_submit():
        raise Refusal(_("Откройте страницу отчёта заново."))
    back = url_for(".index", campaign_id=campaign_id)
    with writing() as session:
        made = submitting.submit(session, campaign_id, access.the_user().login, back)
        number = made.number
    flash(_("Пакет № %(number)s отправлен совету.", number=number))
    return redirect(back)


@bp.post("/packages/<int(max=2147483647):package>/remarks/<int(max=2147483647):remark_id>")
def answer(campaign_id: int, package: int, remark_id: int) -> ResponseReturnValue:
    """Answer a remark of the council."""
    access.campaign_seen(db.session(), campaign_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _index(campaign_id, answers={remark_id: form}), 422
    with writing() as session:
        found = handover.package(session, campaign_id, package)
        if found is None:
            raise NotFound(str(package))
        handover.answered(session, found, access.the_user().login, remark_id, form.text.data, form.seen.data)
    flash(_("Ответ записан."))
    return redirect(url_for(".index", campaign_id=campaign_id, _anchor=f"remark-{remark_id}"))


def file(content: bytes, kind: str, name: str) -> Response:
    """A drawn document under a name that says what it is."""
    headers = {"Content-Disposition": f'inline; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, content_type=MIME[kind])


def _index(
    campaign_id: int,
    refused: dict[str, ExplanationForm] | None = None,
    answers: dict[int, AnswerForm] | None = None,
) -> str:
    session = db.session()
    campaign = access.campaign_seen(session, campaign_id)
    held = report.written(session, campaign_id)
    lying = desk.of_campaign(session, campaign)
    m = report.material(session, lying, held) if lying.results is not None else None
    found = list(m.findings) if m else findings(lying)
    explained = report.explanations(held)
    packages = handover.packages(session, campaign_id)
    last = packages[0] if packages else None
    made = report.report(m, held) if m else None
    drawn = folder.of(session, made, folder.draft_stamp()) if made else None
    return render_template(
        "operator/report/index.html",
        campaign=campaign,
        open=handover.open_to_submission(campaign, last),
        correction_reason=handover.correction_reason(campaign, last),
        groups=_groups(found),
        stopping={one.key for one in in_the_way(found, explained)},
        held={key.removeprefix(CHECK): row for key, row in held.items() if key.startswith(CHECK)},
        moved={
            one.key
            for one in found
            if (row := held.get(CHECK + one.key)) and row.basis != handover.digest(one.as_dict())
        },
        refused=refused or {},
        answers=answers or {},
        sections=made["sections"] if made else [],
        packages=packages,
        job=jobs.shown(drawn.job) if drawn and drawn.job and not drawn.ready else None,
        ready=bool(drawn and drawn.ready),
        may_submit=access.may_open("handover.submit"),
        doors={endpoint: title for endpoint, title in DOORS if access.may_open(endpoint)},
    )


def _groups(found: list[Finding]) -> list[tuple[str, str, list[Finding]]]:
    return [
        (gravity, str(title), own)
        for gravity, title in GRAVITY.items()
        if (own := [finding for finding in found if finding.gravity == gravity])
    ]


def _live(campaign: Campaign) -> dict[str, Any]:
    made = _live_or_none(campaign)
    if made is None:
        raise Refusal(_("Отчёт не составить: закреплённые правила изменились."))
    return made


def _live_or_none(campaign: Campaign) -> dict[str, Any] | None:
    session = db.session()
    held = report.written(session, campaign.id)
    lying = desk.of_campaign(session, campaign)
    return report.report(report.material(session, lying, held), held) if lying.results is not None else None


def _editing(campaign: Campaign, key: str) -> tuple[bool, str]:
    """May this reader write here now, and if not, who does."""
    session = db.session()
    wanted = "edit" in request.args and BY_KEY[key].editable
    if not wanted or not handover.open_to_submission(campaign, handover.latest(session, campaign.id)):
        return False, ""
    try:
        with writing() as write:
            holds.take(write, words.subject(campaign.id, key), access.the_user())
    except Held as refusal:
        return False, str(refusal)
    return True, ""


def _saved(campaign: Campaign, key: str) -> ResponseReturnValue:
    form = SectionForm()
    if not form.validate_on_submit():
        return _section(campaign, key, editing=True, form=form), 422
    user, restore = access.the_user(), form.restore.data is not None
    if not BY_KEY[key].editable:
        raise Refusal(_("Этот раздел составляется сам: здесь нечего править."))
    try:
        basis = _drafted(campaign, key)["basis"]
        with writing() as session:
            if restore:
                words.restore(session, user, campaign.id, key, form.version.data)
            else:
                words.save(
                    session, user, campaign.id, key,
                    text=form.text.data, basis=basis, version=form.version.data,
                )  # fmt: skip
    except (Stale, Held) as refusal:
        title = str(BY_KEY[key].title)
        return _conflict(campaign, key, title, form.text.data, str(refusal)), CONFLICT
    flash(_("Вернули текст, составленный службой.") if restore else _("Текст раздела сохранён."))
    return redirect(url_for(".section", campaign_id=campaign.id, part=key))


def _drafted(campaign: Campaign, key: str) -> dict[str, Any]:
    session = db.session()
    held = report.written(session, campaign.id)
    lying = desk.of_campaign(session, campaign)
    if lying.results is None:
        raise Refusal(lying.changed)
    return report.section(BY_KEY[key], report.material(session, lying, held), held.get(key))


def _section(
    campaign: Campaign, key: str, *, editing: bool, busy: str = "", form: SectionForm | None = None
) -> str:
    shown = _drafted(campaign, key)
    if form is None:
        form = SectionForm(formdata=None, text=shown["text"], version=shown["version"])
    keys = [part.key for part in PARTS]
    at = keys.index(key)
    return render_template(
        "operator/report/section.html",
        campaign=campaign,
        section=shown,
        names=people.names(db.session(), [shown["by"]]),
        form=form,
        editing=editing,
        busy=busy,
        open=handover.open_to_submission(campaign, handover.latest(db.session(), campaign.id)),
        subject=words.subject(campaign.id, key),
        previous=keys[at - 1] if at else None,
        following=keys[at + 1] if at + 1 < len(keys) else None,
        passages=passages,
        drawn_chart=chart_on_screen,
    )


def _conflict(campaign: Campaign, key: str, title: str, mine: str, refusal: str) -> str:
    """Both texts side by side, one's own in a form that saves it over the other: nothing typed is lost."""
    db.session.rollback()
    theirs = db.session.get(ReportSection, (campaign.id, key))
    return render_template(
        "operator/report/conflict.html",
        campaign=campaign,
        title=title,
        mine=mine,
        theirs=theirs,
        names=people.names(db.session(), [theirs.edited_by] if theirs else []),
        refusal=refusal,
        passages=passages,
        address=url_for(".explain", campaign_id=campaign.id, finding=key.removeprefix(CHECK))
        if key.startswith(CHECK)
        else url_for(".section", campaign_id=campaign.id, part=key),
    )
