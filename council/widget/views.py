"""The widget's two files, which any site may show, and the page where its HTML is copied."""

from collections.abc import Callable
from hashlib import sha256

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from accounts import access
from accounts.models import Role
from council.portal import caching
from council.widget import drawing, saying, script, snippets
from council.widget.snippets import AUTO, Choice
from surveys import queries
from surveys.db import db
from surveys.models import Organization
from surveys.refusals import NotFound

#: A site's visitors need not ask at every look; whoever asks is told in ten minutes at most of another score.
KEEP = "public, max-age=600, stale-while-revalidate=3600, stale-if-error=604800"
#: These files may be shown by any site, and by no other address of ours (what they say is public, nobody is known).
ANYWHERE = (("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"))
TYPES = {"svg": "image/svg+xml", "png": "image/png"}

bp = Blueprint("widget", __name__, url_prefix="/o/<code>")

own = Blueprint("own_widget", __name__, url_prefix="/organization/widget")
access.only(own, Role.ORGANIZATION)

desk = Blueprint("widget_desk", __name__, url_prefix="/council")
access.only(desk, Role.OPERATOR, Role.COUNCIL, Role.AUTHORITY, Role.CURATOR)


@bp.get("/widget-<any(wide, tall):shape>-<any(light, dark):colour>.<any(svg, png):picture>")
def image(code: str, shape: str, colour: str, picture: str) -> ResponseReturnValue:
    """The picture: the code, the name, the last published score."""
    said = saying.about(code)
    draw = drawing.svg if picture == "svg" else drawing.png
    answer = _given("\n".join(said), lambda: draw(said, shape, colour), TYPES[picture])
    if "save" in request.args:
        name = snippets.file_name(said, Choice(shape, colour, picture), colour)
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/widget.js")
def inplace(code: str) -> ResponseReturnValue:
    """The script: the same in words in place of the picture."""
    source = script.source(saying.about(code))
    return _given(source, source.encode, "text/javascript; charset=utf-8")


@own.get("")
def mine() -> ResponseReturnValue:
    """An organisation's own widget, to be copied."""
    organization = access.the_user().organization
    if organization is None:
        raise NotFound("organization")
    back = (url_for("organization.index"), _("Организация"))
    return _page(organization, back)


@desk.get("/campaigns/<int(max=2147483647):campaign_id>/organizations/<code>/widget")
def show(campaign_id: int, code: str) -> ResponseReturnValue:
    """The widget of an organisation of a campaign."""
    campaign = access.campaign_seen(db.session(), campaign_id)
    organization = queries.organization(db.session(), code)
    if organization is None or queries.assessment(db.session(), campaign_id, organization.id) is None:
        raise NotFound(code)
    back = (url_for("council.campaign", campaign_id=campaign_id), campaign.title)
    return _page(organization, back)


def _given(words: str, draw: Callable[[], bytes], content_type: str) -> Answer:
    """A file named by the words in it: the same words, the same name, wherever they came from."""
    key = sha256(words.encode()).hexdigest()
    answer = caching.file(key, None, lambda: make_response(Response(draw(), content_type=content_type)), KEEP)
    answer.headers.extend(ANYWHERE)
    return answer


def _page(organization: Organization, back: tuple[str, str]) -> ResponseReturnValue:
    said, choice = saying.of(organization), _choice()
    return render_template(
        "widget/page.html",
        organization=organization,
        said=said,
        choice=choice,
        form=drawing.SHAPES[choice.shape],
        back=back,
        preview=[f"/o/{said.code}/widget-{choice.shape}-{c}.{choice.kind}" for c in snippets.colours(choice)],
        linked=snippets.linked(said, choice),
        scripted=snippets.scripted(said, choice),
        hosted=snippets.hosted(said, choice),
        names=[snippets.file_name(said, choice, colour) for colour in snippets.colours(choice)],
        host=current_app.config["BASE_URL"],
    )


def _choice() -> Choice:
    told = request.args

    def one_of(name: str, *known: str) -> str:
        return told[name] if told.get(name) in known else known[0]

    return Choice(
        one_of("shape", *drawing.SHAPES), one_of("colour", *drawing.COLOURS, AUTO), one_of("kind", *TYPES)
    )
