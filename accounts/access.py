"""Signing in and the guard: every blueprint of the staff says here whom it lets in."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from accounts.models import Duty, Role, Seat, User
from surveys import queries
from surveys.db import db
from surveys.models import Campaign
from surveys.refusals import NotFound

SHORTEST_PASSWORD = 10
GUARDED: dict[str, frozenset[Role]] = {}
ENTRUSTED: dict[str, frozenset[Duty]] = {}
READING = frozenset({"GET", "HEAD"})  # a curator reads everything and changes nothing
HOMES = {
    Role.OPERATOR: "operator.index",
    Role.COUNCIL: "council.index",
    Role.AUTHORITY: "council.index",
    Role.ORGANIZATION: "organization.index",
    Role.CURATOR: "council.index",
    Role.ADMIN: "admin.index",
}

View = TypeVar("View", bound=Callable[..., Any])

_hasher = PasswordHasher()
_nobody = _hasher.hash("nobody has this password")
manager = LoginManager()


class WeakPassword(Exception):
    """The password is too short; the text says how long it must be."""


def init_app(app: Flask) -> None:
    """Let the application know its staff, and how often one may try a password."""
    manager.init_app(app)
    storage = storage_from_string(app.config["REDIS_URL"] or "memory://")
    app.extensions["nok_attempts"] = FixedWindowRateLimiter(storage)


def may_try(login: str) -> bool:
    """May this login be tried once more now? Counts the try. By login, not by address: a clinic has one address."""
    attempts = cast(FixedWindowRateLimiter, current_app.extensions["nok_attempts"])
    return attempts.hit(parse(current_app.config["SIGN_IN_LIMIT"]), "sign-in", login.strip().lower())


@manager.user_loader  # type: ignore[untyped-decorator]
def _user_of_session(identity: str) -> User | None:
    number, _, epoch = identity.partition(".")
    try:
        user = db.session.get(User, int(number)) if number.isdigit() else None
    except OperationalError:
        g._login_user = manager.anonymous_user()  # the page that says so must not ask again
        raise
    return user if user and user.active and str(user.epoch) == epoch else None


def hashed(password: str) -> str:
    """The password's argon2id hash. Raises WeakPassword."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword(f"Пароль слишком короткий: нужно не меньше {SHORTEST_PASSWORD} знаков.")
    return _hasher.hash(password)


def recognised(session: Session, login: str, password: str) -> User | None:
    """The active user with this login and password; an unknown login takes as long as a wrong password."""
    user = session.scalar(select(User).where(User.login == login.strip().lower()))
    try:
        _hasher.verify(user.password_hash if user else _nobody, password)
    except (VerificationError, InvalidHashError):
        return None
    return user if user and user.active else None


def sign_in(user: User) -> None:
    """Open this user's session."""
    login_user(user)


def sign_out() -> None:
    """End the session."""
    logout_user()


def the_user() -> User:
    """The one who is signed in; only behind a guard."""
    return cast(User, current_user._get_current_object())


def only(blueprint: Blueprint, *roles: Role, duties: Collection[Duty] = tuple(Duty)) -> None:
    """Let nobody but these roles into the blueprint (the administrator is not let in silently: name it).

    Of the operator's team these duties only, and the head always.
    """
    GUARDED[blueprint.name] = frozenset(roles)
    ENTRUSTED[blueprint.name] = frozenset({Duty.HEAD, *duties})

    @blueprint.before_request
    def guard() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            back = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("accounts.sign_in", next=back))
        if not _let_in(the_user(), str(request.endpoint)):
            abort(403)
        if the_user().role == Role.CURATOR and request.method not in READING:
            abort(403)
        return None


def entrusted(*duties: Duty) -> Callable[[View], View]:
    """A view inside a blueprint that only these duties may open, and the head: put it right under the route."""

    def marked(view: View) -> View:
        vars(view)["duties"] = frozenset({Duty.HEAD, *duties})
        return view

    return marked


def seated(*seats: Seat) -> Callable[[View], View]:
    """A view that of a council only these seats may open; it says nothing of other roles."""

    def marked(view: View) -> View:
        vars(view)["seats"] = frozenset(seats)
        return view

    return marked


def takes(most_bytes: int, parts: int = 1000, *, anybody: bool = False) -> Callable[[View], View]:
    """A view that takes files: for those whom it lets in, the service's limit on a request is raised to this.

    A view without a guard says so: `anybody`.

    It must be known before the body is read, and the token in the form is looked for before any view is called.
    """

    def marked(view: View) -> View:
        vars(view)["takes"] = (most_bytes, parts, anybody)
        return view

    return marked


def sized() -> None:
    """Before each request: how much its view takes."""
    view = current_app.view_functions.get(str(request.endpoint))
    limits: tuple[int, int, bool] | None = getattr(view, "takes", None)
    if limits and (limits[2] or may_open(str(request.endpoint))):
        request.max_content_length, request.max_form_parts, _anybody = limits


def may_open(endpoint: str) -> bool:
    """May the one who is signed in open this endpoint? A page offers no door that is shut."""
    if not current_user.is_authenticated or not _let_in(the_user(), endpoint):
        return False
    return the_user().role != Role.CURATOR or _reads(endpoint)


def _reads(endpoint: str) -> bool:
    return any(READING & (rule.methods or set()) for rule in current_app.url_map.iter_rules(endpoint))


def duties_of(endpoint: str) -> frozenset[Duty]:
    """Which of the operator's team may open an endpoint."""
    own: frozenset[Duty] | None = getattr(current_app.view_functions.get(endpoint), "duties", None)
    return own or ENTRUSTED[endpoint.rpartition(".")[0]]


def _let_in(user: User, endpoint: str) -> bool:
    if user.role not in GUARDED[endpoint.rpartition(".")[0]]:
        return False
    if user.role == Role.COUNCIL:
        seats: frozenset[Seat] | None = getattr(current_app.view_functions.get(endpoint), "seats", None)
        return seats is None or (user.seat or Seat.MEMBER) in seats
    return user.role != Role.OPERATOR or user.duty in duties_of(endpoint)


def may_see(user: User, region_id: int) -> bool:
    """A user without a region sees every region."""
    return user.region_id is None or user.region_id == region_id


def campaigns_seen(session: Session) -> list[Campaign]:
    """Every campaign that the one who is signed in may see, newest first."""
    return [campaign for campaign in queries.campaigns(session) if may_see(the_user(), campaign.region_id)]


def campaign_seen(session: Session, campaign_id: int) -> Campaign:
    """This campaign, if the one who is signed in may see it. Raises NotFound."""
    found = queries.campaign(session, campaign_id)
    if found is None or not may_see(the_user(), found.region_id):
        raise NotFound(str(campaign_id))
    return found
