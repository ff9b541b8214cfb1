"""Who asks, how often, and what every answer says: tokens in a header, never a cookie."""

from typing import cast

from flask import Blueprint, Response, current_app, g, request
from flask_babel import gettext as _
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from accounts import tokens
from accounts.access import may_see
from accounts.models import ApiToken
from api import problems
from api.contract.document import BY_ENDPOINT, PREFIX
from api.problems import Problem
from surveys import queries
from surveys.db import db
from surveys.models import Campaign
from surveys.refusals import NotFound, Refusal

reading = Blueprint("api", __name__, url_prefix=PREFIX)
filing = Blueprint("api_files", __name__, url_prefix=PREFIX)

READ = ("GET", "HEAD")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
    "Access-Control-Max-Age": "86400",
}
BEARER = "Bearer "


@reading.before_request
def _counted() -> None:
    """Readers without a token share one allowance: by address nobody is counted, and none is kept."""
    if request.method in READ:
        _hit(current_app.config["API_LIMIT"], "anybody")


@reading.after_request
def _open_to_other_sites(response: Response) -> Response:
    response.headers.extend(CORS)
    return response


@filing.before_request
def _let_in() -> None:
    """Know the token, count it, see that it allows this. Raises Problem."""
    if request.method == "OPTIONS":
        return
    g.api_token = _known()
    _hit(current_app.config["API_TOKEN_LIMIT"], f"token-{g.api_token.id}")
    tokens.used(g.api_token)
    right = BY_ENDPOINT[str(request.endpoint)].right
    if right is not None and right not in g.api_token.rights:
        raise Problem(
            403,
            _("У этого ключа нет права %(right)s. Попросите ключ с ним.", right=right.value),
            headers={"WWW-Authenticate": 'Bearer realm="nok", error="insufficient_scope"'},
        )


def _known() -> ApiToken:
    said = request.headers.get("Authorization", "")
    if not said.startswith(BEARER):
        raise _stranger(_("Пришлите ключ заголовком Authorization: Bearer nok_…"), "")
    found = tokens.bearer(db.session(), said.removeprefix(BEARER).strip())
    if found is None:
        _hit(current_app.config["API_LIMIT"], "strangers")
        raise _stranger(_("Такого ключа нет. Проверьте, что он скопирован целиком."))
    if why := tokens.ended(found):
        raise _stranger(_("%(why)s Попросите новый.", why=why))
    return found


def _stranger(detail: str, error: str = ', error="invalid_token"') -> Problem:
    return Problem(401, detail, headers={"WWW-Authenticate": f'Bearer realm="nok"{error}'})


def _hit(limit: str, who: str) -> None:
    limiter = cast(FixedWindowRateLimiter, current_app.extensions["nok_attempts"])
    item = parse(limit)
    if not limiter.hit(item, "api", who):
        wait = str(item.get_expiry())
        raise Problem(
            429, _("Подождите минуту и повторите с той же страницы."), headers={"Retry-After": wait}
        )


def token() -> ApiToken:
    """The token of this request; only behind the door."""
    return cast(ApiToken, g.api_token)


def in_reach(campaign_id: int) -> Campaign:
    """This campaign, if the token reaches it and its owner still sees it. Raises Problem."""
    mine = token()
    found = queries.campaign(db.session(), campaign_id)
    if found is None or campaign_id not in {one.campaign_id for one in mine.scope}:
        raise problems.nothing(_("Такой кампании нет, или ключ выдан не для неё."))
    if not may_see(mine.user, found.region_id):
        raise problems.nothing(_("Такой кампании нет, или ключ выдан не для неё."))
    return found


@reading.errorhandler(Problem)
@filing.errorhandler(Problem)
def _refused(problem: Problem) -> Response:
    return problems.answer(problem)


@reading.errorhandler(NotFound)
@filing.errorhandler(NotFound)
def _nothing(_refusal: NotFound) -> Response:
    return problems.answer(problems.nothing())


@filing.errorhandler(Refusal)
def _said(refusal: Refusal) -> Response:
    """What the desk refuses in a sentence, a program reads in the same words."""
    return problems.of(409, str(refusal))
