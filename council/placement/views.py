"""Where the code hangs, for those who look after a region: shares, the list, its table, photographs that prove."""

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from accounts import access
from accounts.models import Duty, Role
from council.placement import figures, meaning, patrolling, seeing, wording
from council.placement.meaning import Verdict
from council.placement.wall import MOST_SENT
from documents.keeping import MIME
from surveys import inert, paging, proofs, queries
from surveys.db import db, writing
from surveys.models import Organization
from surveys.placement import PosterSeen
from surveys.refusals import NotFound, Refusal

CAMPAIGN = "/campaigns/<int(max=2147483647):campaign_id>/placement"
PHOTO = "/placement/photos/<int(max=2147483647):seen_id>"
ME = "placement_acts.photo"

READERS = (Role.OPERATOR, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR)

bp = Blueprint("placement", __name__, url_prefix="/council")
access.only(bp, *READERS)
acting = Blueprint("placement_acts", __name__, url_prefix="/council")
access.only(acting, Role.OPERATOR, Role.AUTHORITY, duties=(Duty.VERIFIER, Duty.INSPECTOR))


class PhotoForm(FlaskForm):
    """A photograph of a wall."""

    photo = FileField(
        _l("Снимок плаката"),
        [FileRequired(_l("Выберите снимок плаката."))],
        render_kw={"accept": "image/*", "capture": "environment"},
    )


@bp.get("/placement")
def index() -> ResponseReturnValue:
    """How far the code has come in every campaign one may see."""
    seen = access.campaigns_seen(db.session())
    return render_template(
        "placement/index.html",
        campaigns=seen,
        shares=figures.shares(db.session(), seen),
        may_photograph=access.may_open(ME),
    )


@bp.get(CAMPAIGN)
def campaign(campaign_id: int) -> ResponseReturnValue:
    """One campaign: its shares, and each organisation's poster and site."""
    session, found = db.session(), access.campaign_seen(db.session(), campaign_id)
    words, without = _asked()
    number = paging.asked(request.args)
    total, known = figures.page(session, found, words, without, number)
    here = url_for(".campaign", campaign_id=campaign_id)

    def address(page: int) -> str:
        return f"{here}?{urlencode({'q': words, 'without': without, 'page': page})}"

    return render_template(
        "placement/campaign.html",
        campaign=found,
        shares=figures.shares(session, [found])[found.id],
        known=known,
        words=words,
        without=without,
        said=wording,
        pages=paging.pages(number, total, figures.PAGE_SIZE, address),
        table_url=f"{here}.csv?{urlencode({'q': words, 'without': without})}",
        may_photograph=access.may_open(ME),
        may_check=access.may_open("placement_acts.check"),
    )


@bp.get(f"{CAMPAIGN}.csv")
def table(campaign_id: int) -> ResponseReturnValue:
    """The same list as a table, whole."""
    found = access.campaign_seen(db.session(), campaign_id)
    rows = wording.table(figures.everything(db.session(), found, *_asked()))
    headers = {
        "Content-Disposition": f'attachment; filename="razmeshchenie-{campaign_id}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(inert.table(rows), headers=headers, content_type=MIME["csv"])


@bp.get(PHOTO)
def seen(seen_id: int) -> ResponseReturnValue:
    """The photograph that proves a poster, and who took it."""
    found, organization = _seen(seen_id)
    return render_template(
        "placement/seen.html",
        seen=found,
        organization=organization,
        place=queries.place_name(db.session(), organization.id, found.place),
        may_take_back=access.may_open("placement_acts.take_back") and _may_take_back(found),
    )


@bp.get(f"{PHOTO}.jpg")
def shown(seen_id: int) -> ResponseReturnValue:
    """The photograph itself."""
    found, _organization = _seen(seen_id)
    return Response(proofs.picture(found.file), mimetype="image/jpeg", headers={"Cache-Control": "no-store"})


@acting.post(f"{CAMPAIGN}/check")
@access.entrusted(Duty.VERIFIER)
def check(campaign_id: int) -> ResponseReturnValue:
    """Open the sites of a campaign's organisations, in the background."""
    user, found = access.the_user(), access.campaign_seen(db.session(), campaign_id)
    here = url_for("placement.campaign", campaign_id=found.id)
    with writing() as session:
        job_id = patrolling.ask(session, user.login, campaign_id=campaign_id, leads_to=here)
    if user.role == Role.OPERATOR:
        return redirect(url_for("jobs.show", job_id=job_id), 303)
    flash(
        _("Открываем сайты: по одному запросу в секунду к каждому. Обновите страницу через несколько минут.")
    )
    return redirect(here, 303)


@acting.route("/placement/photo", methods=["GET", "POST"])
@access.takes(MOST_SENT, 10)
def photo() -> ResponseReturnValue:
    """An official photographs the poster: the code says whose it is, the photograph is kept as a proof."""
    form = PhotoForm()
    if form.validate_on_submit():
        try:
            told = _written_down(form)
        except Refusal as refused:
            form.photo.errors = [str(refused)]
        else:
            flash(told)
            return redirect(url_for(".photo"), 303)
    return render_template("placement/photo.html", form=form), 422 if form.errors else 200


@acting.post(f"{PHOTO}/delete")
def take_back(seen_id: int) -> ResponseReturnValue:
    """Delete a photograph that should not be there; its poster is then not seen."""
    user = access.the_user()
    found, organization = _seen(seen_id)
    if not _may_take_back(found):
        raise NotFound(str(seen_id))
    with writing() as session:
        seeing.take_back(session, session.get_one(PosterSeen, seen_id), organization, user.login)
    flash(_("Снимок удалён."))
    return redirect(url_for("placement.index"), 303)


def _written_down(form: PhotoForm) -> str:
    """What was written down, in words. Raises Refusal."""
    with form.photo.data.stream as stream:
        drawn, texts = seeing.read(stream.read(proofs.MOST_BYTES + 1))
    found = meaning.judged(db.session(), texts, current_app.config["BASE_URL"])
    organization = found.organization
    if found.verdict is not Verdict.RIGHT or organization is None:
        raise Refusal(seeing.said(found))
    if not _mine(organization):
        raise Refusal(
            _("Это плакат организации из другого региона: %(name)s.", name=organization.display_name)
        )
    login, name = access.the_user().login, organization.display_name
    with writing() as session:
        seeing.by_official(session, organization, found.place, drawn, login)
        place = queries.place_name(session, organization.id, found.place)
    if place:
        return str(_("Записано: %(name)s, плакат «%(place)s».", name=name, place=place))
    return str(_("Записано: %(name)s, плакат без места.", name=name))


def _may_take_back(seen: PosterSeen) -> bool:
    """Whoever took it, and those who answer for others."""
    user = access.the_user()
    return seen.seen_by == user.login or user.duty in (None, Duty.HEAD)


def _seen(seen_id: int) -> tuple[PosterSeen, Organization]:
    seen, organization = seeing.one(db.session(), seen_id)
    if not _mine(organization):
        raise NotFound(str(seen_id))
    return seen, organization


def _mine(organization: Organization) -> bool:
    """Is it in a region that the one who is signed in may see?"""
    user = access.the_user()
    return user.region_id is None or user.region_id == organization.region_id


def _asked() -> tuple[str, str]:
    """Words and a lack, by which the list is narrowed."""
    without = request.args.get("without", "")
    return request.args.get("q", "").replace("\0", ""), without if without in figures.WITHOUT else ""
