"""The way to a form that asks for a pass. Looking at a link spends nothing: programs look at links before people do."""

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from surveys import admitting, desk, doors, keys, queries, reading
from surveys.admitting import CODE, PERSON, Ticket
from surveys.clock import today
from surveys.db import db, writing
from surveys.doors import Door, Way
from surveys.entry import tickets
from surveys.passes import Entry
from surveys.refusals import BadKey

if TYPE_CHECKING:
    from surveys.entry.oidc import Provider

UNPROCESSABLE, CONFLICT, BAD_GATEWAY = 422, 409, 502
BACK = "/q/signed-in"

bp = Blueprint("entry", __name__)
keys.instead_of_tokens(bp)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _door(code: str, query: str) -> Door:
    return doors.open_door(db.session(), Way.of(code, query), today())


def held() -> str:
    """The pass that goes with this request, sealed: the form's own, or else the one that this device has shown.

    A form brings its own because somebody else may have shown theirs here before it is sent.
    """
    return request.form.get(tickets.FIELD, request.cookies.get(tickets.SHOWN, ""))


def ticket_of(door: Door) -> Ticket | None:
    """The pass that goes with this request, if it is asked for here; it may have been used since."""
    ticket = tickets.shown(_secret(), door.place.assessment_id, held())
    return ticket if ticket and _asked(door, ticket.kind) else None


def used_up(door: Door, answer: Response, ticket: Ticket) -> None:
    """Have the device forget a pass that has admitted an answer; another's, shown since, stays."""
    if tickets.shown(_secret(), door.place.assessment_id, request.cookies.get(tickets.SHOWN)) == ticket:
        answer.headers.add("Set-Cookie", tickets.forgotten(door.way.code, secure=_secure()))


def _key(code: str) -> str:
    """Our page's own proof, as of every form of a recipient."""
    return keys.minted(_secret().encode(), f"{code}/enter").decode()


def answered(campaign_id: int) -> int:
    """How many answers this device has given in this campaign about the organisation of the address."""
    return desk.answered(request.cookies.get(desk.ANSWERED), str(campaign_id))


def _asked(door: Door, kind: str) -> bool:
    entry = Entry(door.place.entry)
    return entry.by_code if kind == CODE else entry.by_sign_in


def good(door: Door, ticket: Ticket) -> bool:
    """Would this pass admit an answer now?"""
    return admitting.good(db.session(), ticket, door.place.campaign_id, today())


def asking(door: Door, error: str = "", code: str = "", *, sent: bool = False, failed: str = "") -> str:
    """The page that asks for a pass.

    `error`: of the code that was shown; `failed`: of signing in; `sent`: answers came without a pass and are not kept.
    """
    entry = Entry(door.place.entry)
    return render_template(
        "survey/enter.html",
        organization_name=door.place.organization_name,
        organization=queries.organization(db.session(), door.way.code),
        way=door.way,
        by_code=entry.by_code,
        provider=current_app.config["OIDC_NAME"] if entry.by_sign_in else "",
        error=error,
        failed=failed,
        code=code[:40],
        sent=sent,
        key=_key(door.way.code),
        here=f"/q/{door.way.code}",
    )


def spent(door: Door, kind: str, *, sent: bool) -> str:
    """This pass has admitted an answer; `sent`: another one came with it, and was not kept."""
    whose = queries.organization(db.session(), door.way.code)
    name = door.place.organization_name
    return render_template(
        "survey/spent.html",
        organization_name=name,
        organization=whose,
        way=door.way,
        another=replace(door.way, again=max(1, answered(door.place.campaign_id))).form("/sign-in"),
        kind=kind,
        sent=sent,
        here=f"/q/{door.way.code}",
    )


def _admitted(door: Door, ticket: Ticket) -> ResponseReturnValue:
    answer = redirect(door.way.form(), 303)
    mark = tickets.cookie(_secret(), door.way.code, door.place.assessment_id, ticket, secure=_secure())
    answer.headers.add("Set-Cookie", mark)
    return answer


@bp.post("/q/<code>/enter")
def enter(code: str) -> ResponseReturnValue:
    """A code, typed or brought by a link."""
    door, told = _door(code, reading.query()), request.form.get("code", "")
    if not _asked(door, CODE):
        return redirect(door.way.form(), 303)
    try:
        keys.opened(_secret().encode(), f"{code}/enter", request.form.get("key", ""))
    except BadKey:
        return asking(door, _("Страница устарела. Нажмите кнопку ещё раз."), told), UNPROCESSABLE
    known = tickets.read(_secret(), told)
    if not known:
        words = _("В коде ошибка. Проверьте: на листке десять знаков, буквы латинские.")
        return asking(door, words if told.strip() else _("Введите код с листка."), told), UNPROCESSABLE
    ticket = Ticket(CODE, admitting.mark_of(_secret(), door.place.assessment_id, known))
    if not good(door, ticket):
        return spent(door, CODE, sent=False), CONFLICT
    return _admitted(door, ticket)


@bp.get("/q/<code>/one/<told>")
def link(code: str, told: str) -> ResponseReturnValue:
    """A one-time link: a page with one button."""
    door = _door(code, reading.query())
    if not _asked(door, CODE):
        return redirect(door.way.form(), 303)
    known = tickets.read(_secret(), told)
    if not known:
        words = _("Ссылка повреждена: в ней не хватает знаков. Откройте её ещё раз или введите код с листка.")
        return asking(door, words), UNPROCESSABLE
    ticket = Ticket(CODE, admitting.mark_of(_secret(), door.place.assessment_id, known))
    if not good(door, ticket):
        return spent(door, CODE, sent=False), CONFLICT
    name = door.place.organization_name
    return render_template(
        "survey/begin.html", organization_name=name, way=door.way, code=known, key=_key(code)
    )


@bp.get("/q/<code>/sign-in")
def sign_in(code: str) -> ResponseReturnValue:
    """To the provider, who will send the person back."""
    from surveys.entry import oidc  # the protocol is fetched when somebody signs in, not at every start

    door = _door(code, reading.query())
    provider = _provider()
    if provider is None or not _asked(door, PERSON):
        return redirect(door.way.form(), 303)
    try:
        begun = provider.begin(_back(), another=bool(door.way.again))
    except oidc.SignInFailed:
        return asking(door, failed=_failed()), BAD_GATEWAY
    held = [code, reading.query(), begun.state, begun.nonce, begun.verifier]
    value = tickets.packed(_secret(), BACK, held, tickets.SIGN_IN_SECONDS)
    answer = redirect(begun.url, 303)
    answer.set_cookie(
        tickets.UNDER_WAY, value, tickets.SIGN_IN_SECONDS, path=BACK, secure=_secure(), httponly=True,
        samesite="Lax",
    )  # fmt: skip
    return answer


@bp.get(BACK)
def signed_in() -> ResponseReturnValue:
    """Back from the provider: the subject becomes a mark of this campaign and is forgotten."""
    from surveys.entry import oidc

    held = tickets.unpacked(_secret(), BACK, request.cookies.get(tickets.UNDER_WAY))
    provider = _provider()
    if held is None or provider is None:
        return render_template("survey/lost.html"), UNPROCESSABLE
    code, query, state, nonce, verifier = held
    door = _door(code, query)
    try:
        subject = provider.finish(_back(), oidc.Begun("", state, nonce, verifier), request.args)
    except oidc.SignInFailed:
        return asking(door, failed=_failed()), UNPROCESSABLE
    with writing() as session:
        mark = admitting.person_mark(session, _secret(), door.place.campaign_id, provider.issuer, subject)
    answer = make_response(_welcomed(door, Ticket(PERSON, mark)))
    answer.delete_cookie(tickets.UNDER_WAY, BACK, secure=_secure(), httponly=True, samesite="Lax")
    return answer


def _welcomed(door: Door, ticket: Ticket) -> ResponseReturnValue:
    if not _asked(door, PERSON):
        return redirect(door.way.form(), 303)
    return _admitted(door, ticket) if good(door, ticket) else (spent(door, PERSON, sent=False), CONFLICT)


def _provider() -> "Provider | None":
    from surveys.entry import oidc

    told = current_app.config
    if not told["OIDC_ISSUER"]:
        return None
    return oidc.Provider(told["OIDC_ISSUER"], told["OIDC_CLIENT_ID"], told["OIDC_CLIENT_SECRET"])


def _back() -> str:
    return f"{current_app.config['BASE_URL']}{BACK}"


def _failed() -> str:
    return str(_("Войти не получилось. Ответы ещё не отправлялись: попробуйте ещё раз."))
