"""The council receives a package: reads it whole, writes remarks, returns it; everybody else only reads."""

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from accounts import access, people
from accounts.models import Duty, Role, Seat
from council.package_forms import COLLECT, CloseForm, RemarkForm, ReturnForm
from documents import folder
from documents.blocks import chart_on_screen
from documents.keeping import MIME
from documents.markup import clean, passages
from surveys import handover
from surveys.clock import today
from surveys.db import db, writing
from surveys.models import Campaign
from surveys.refusals import NotFound
from surveys.submissions import Package, Remark

AT = "/council/campaigns/<int(max=2147483647):campaign_id>/packages"
bp = Blueprint("packages", __name__, url_prefix=AT)
access.only(bp, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR, Role.OPERATOR)
deciding = Blueprint("deciding", __name__, url_prefix=AT)
access.only(deciding, Role.COUNCIL)

ONE = "/<int(max=2147483647):package>"


@bp.get("")
def index(campaign_id: int) -> ResponseReturnValue:
    """Every package of a campaign."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    return render_template(
        "council/packages.html",
        campaign=campaign,
        packages=handover.packages(db.session(), campaign_id),
        shown_remarks=shown_remarks,
    )


@bp.get(ONE)
def show(campaign_id: int, package: int) -> ResponseReturnValue:
    """One package: checks with explanations, sections, what changed, remarks, the decision."""
    return _shown(*_found(campaign_id, package))


@bp.get(f"{ONE}/sections/<part>")
def section(campaign_id: int, package: int, part: str) -> ResponseReturnValue:
    """One section of the report as it was submitted."""
    campaign, found = _found(campaign_id, package)
    sections = found.report["sections"]
    at = next((n for n, one in enumerate(sections) if one["key"] == part), None)
    if at is None:
        raise NotFound(part)
    return render_template(
        "council/package_section.html",
        campaign=campaign,
        package=found,
        section=sections[at],
        previous=sections[at - 1]["key"] if at else None,
        following=sections[at + 1]["key"] if at + 1 < len(sections) else None,
        remarks=[one for one in shown_remarks(found) if one.place.startswith(sections[at]["title"])],
        may_decide=_may_decide(found),
        passages=passages,
        drawn_chart=chart_on_screen,
    )


@bp.get(f"{ONE}/document.<any(pdf, docx):paper>")
def document(campaign_id: int, package: int, paper: str) -> ResponseReturnValue:
    """The package's report as a file, drawn out of the package alone; until it is drawn, the page that says so."""
    campaign, found = _found(campaign_id, package)
    drawn = folder.of(db.session(), found.report, folder.package_stamp(found))
    if not drawn.ready:
        return _shown(campaign, found)
    name = f"otchet-{campaign.year}-{campaign.id}-paket-{found.number}.{paper}"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(folder.read(drawn.key, paper), headers=headers, content_type=MIME[paper])


@bp.post(f"{ONE}/documents")
@access.entrusted(Duty.VERIFIER)
def ask(campaign_id: int, package: int) -> ResponseReturnValue:
    """Have the package's documents drawn again, if they were swept away or failed."""
    _campaign, found = _found(campaign_id, package)
    back = url_for("packages.show", campaign_id=campaign_id, package=package, _anchor="documents")
    with writing() as session:
        found = session.get_one(Package, found.id)
        folder.ask(session, found.report, folder.package_stamp(found), access.the_user().login, back)
    return redirect(back)


@deciding.post(f"{ONE}/remarks")
def remark(campaign_id: int, package: int) -> ResponseReturnValue:
    """Write a remark."""
    campaign, found = _found(campaign_id, package)
    form = _remark_form(found)
    if not form.validate_on_submit():
        return _shown(campaign, found, remark=form), 422
    code = _code(found, form)
    if code is None:
        errors = [*form.organization.errors, _("Такой организации в пакете нет: выберите её из списка.")]
        form.organization.errors = errors
        return _shown(campaign, found, remark=form), 422
    with writing() as session:
        held, words = session.get_one(Package, found.id), clean(form.text.data)
        figure = form.indicator.data or ""
        made = handover.remark(session, held, _login(), _place(found, form, code), words, code, figure)
        number, place = made.id, (made.code, made.figure)
    flash(_("Замечание записано."))
    return redirect(_back(campaign_id, package, f"remark-{number}", place))


@deciding.post(f"{ONE}/remarks/<int(max=2147483647):remark_id>/withdraw")
def withdraw(campaign_id: int, package: int, remark_id: int) -> ResponseReturnValue:
    """Take a remark back before the decision."""
    _campaign, found = _found(campaign_id, package)
    with writing() as session:
        place = _cell(session, remark_id)
        handover.withdrawn(session, session.get_one(Package, found.id), _login(), remark_id)
    flash(_("Замечание снято."))
    return redirect(_back(campaign_id, package, "remarks", place))


@deciding.post(f"{ONE}/return")
@access.seated(Seat.CHAIR)
def send_back(campaign_id: int, package: int) -> ResponseReturnValue:
    """Return the package with its remarks."""
    campaign, found = _found(campaign_id, package)
    form = ReturnForm()
    if form.validate_on_submit() and form.way.data == COLLECT and form.until.data is None:
        form.until.errors = [*form.until.errors, _("Укажите последний день сбора.")]
    if form.errors or form.until.errors or not form.is_submitted():
        return _shown(campaign, found, send_back=form), 422
    until = form.until.data if form.way.data == COLLECT else None
    with writing() as session:
        held = session.get_one(Package, found.id)
        handover.returned(session, held, _login(), clean(form.note.data or ""), until, today())
    flash(_("Пакет возвращён оператору."))
    return redirect(_back(campaign_id, package))


@deciding.post(f"{ONE}/remarks/<int(max=2147483647):remark_id>/close")
def close(campaign_id: int, package: int, remark_id: int) -> ResponseReturnValue:
    """The operator's answer is good: the remark is closed. Leads on to where the answer was read."""
    _campaign, found = _found(campaign_id, package)
    with writing() as session:
        handover.closed(session, session.get_one(Package, found.id), _login(), remark_id)
        newest = handover.latest(session, campaign_id)
        number, place = newest.number if newest else package, _cell(session, remark_id)
    flash(_("Замечание закрыто."))
    return redirect(_back(campaign_id, number, "remarks", place))


@deciding.post(f"{ONE}/remarks/<int(max=2147483647):remark_id>/settle")
@access.seated(Seat.CHAIR)
def settle(campaign_id: int, package: int, remark_id: int) -> ResponseReturnValue:
    """End a remark without the operator, with words that say why."""
    campaign, found = _found(campaign_id, package)
    form = CloseForm(prefix=f"r{remark_id}")
    if not form.validate_on_submit():
        return _shown(campaign, found, **{f"close-{remark_id}": form}), 422
    with writing() as session:
        held = session.get_one(Package, found.id)
        handover.closed(session, held, _login(), remark_id, clean(form.text.data or ""))
    flash(_("Замечание закрыто."))
    return redirect(_back(campaign_id, package, f"remark-{remark_id}"))


def _shown(campaign: Campaign, found: Package, **forms: FlaskForm) -> str:
    drawn = folder.of(db.session(), found.report, folder.package_stamp(found))
    forms.setdefault("remark", _remark_form(found, fresh=True))
    forms.setdefault("send_back", ReturnForm(formdata=None, until=_next_day(campaign)))
    data = found.report["data"]
    ends = access.may_open("deciding.settle") and not handover.awaits_answers(db.session(), found)
    for one in found.remarks if ends else ():
        forms.setdefault(f"close-{one.id}", CloseForm(formdata=None, prefix=f"r{one.id}"))
    return render_template(
        "council/package.html",
        campaign=campaign,
        package=found,
        whole=handover.fingerprint(found) == found.sha256,
        drawn=drawn,
        remarks=shown_remarks(found),
        forms=forms,
        organizations=[(one["code"], one["short_name"] or one["name"]) for one in data["organizations"]],
        changes=found.report.get("changes"),
        before=handover.package(db.session(), campaign.id, found.number - 1),
        newest=handover.latest(db.session(), campaign.id),
        may_decide=_may_decide(found),
        may_return=found.state == "submitted" and access.may_open("deciding.send_back"),
        access_to={
            "approval": access.may_open("approval.show"),
            "ending": ends,
            "closing": access.may_open("deciding.close"),
            "documents": access.may_open("packages.ask"),
        },
        names=people.names(db.session(), _people(found)),
    )


def shown_remarks(found: Package) -> Sequence[Remark]:
    """The remarks that the one who is signed in may read: the operator's people once the council has decided."""
    return found.remarks if handover.told(found) or access.the_user().role != Role.OPERATOR else ()


def _people(found: Package) -> list[str | None]:
    return [found.submitted_by, found.decided_by, *(one.author for one in found.remarks)]


def _remark_form(found: Package, *, fresh: bool = False) -> RemarkForm:
    """`fresh`: nothing of this request's form; the section may be asked for in the address."""
    asked = {"section": request.args.get("section", "")} if fresh else {}
    form = RemarkForm(formdata=None, **asked) if fresh else RemarkForm()
    titles = [SelectChoice(one["key"], one["title"]) for one in found.report["sections"]]
    form.section.choices = [SelectChoice("", _("Весь пакет")), *titles]
    first = found.report["data"]["organizations"][:1]
    figures = [
        key for one in first for key in ("total", *one["result"]["criteria"], *one["result"]["indicators"])
    ]
    named = [SelectChoice(key, _("Итог") if key == "total" else key) for key in figures]
    form.indicator.choices = [SelectChoice("", _("Не выбран")), *named]
    return form


def _code(found: Package, form: RemarkForm) -> str | None:
    """The organisation that was typed, empty for none; None when it is not of this package."""
    typed = (form.organization.data or "").strip()
    told = _names(found)
    return next((c for c, name in told.items() if typed in (c, name, f"{c} {name}")), None) if typed else ""


def _place(found: Package, form: RemarkForm, code: str) -> str:
    """Where the remark belongs, in words."""
    titles = {one["key"]: one["title"] for one in found.report["sections"]}
    place = [titles[form.section.data]] if form.section.data else []
    if code:
        place.append(f"{_names(found)[code][:80]} ({code})")
    if form.indicator.data:
        place.append(_("итог") if form.indicator.data == "total" else form.indicator.data)
    return " · ".join(place)[:120]


def _names(found: Package) -> dict[str, str]:
    return {one["code"]: one["short_name"] or one["name"] for one in found.report["data"]["organizations"]}


def _next_day(campaign: Campaign) -> date:
    return max(campaign.ends_on, today())


def _may_decide(found: Package) -> bool:
    return found.state == "submitted" and access.may_open("deciding.remark")


def _found(campaign_id: int, number: int) -> tuple[Campaign, Package]:
    campaign = access.campaign_seen(db.session(), campaign_id)
    found = handover.package(db.session(), campaign_id, number)
    if found is None:
        raise NotFound(f"{campaign_id}/{number}")
    return campaign, found


def _cell(session: Session, remark_id: int) -> tuple[str, str]:
    found = session.get(Remark, remark_id)
    return (found.code, found.figure) if found else ("", "")


def _back(
    campaign_id: int, package: int, anchor: str | None = None, cell: tuple[str, str] | None = None
) -> str:
    """To the package; from the page of a cell back to that cell."""
    if cell and cell[0] and request.form.get("cell"):
        figure = request.form["cell"] if not cell[1] else cell[1]
        return url_for(
            "table.figure", campaign_id=campaign_id, code=cell[0], figure=figure, _anchor="remarks"
        )
    return url_for("packages.show", campaign_id=campaign_id, package=package, _anchor=anchor)


def _login() -> str:
    return access.the_user().login
