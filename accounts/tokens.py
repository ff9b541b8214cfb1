"""Machines' tokens: made for one of the operator's team, shown once, kept as a hash, known by their bearer, revoked."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import access, audit
from accounts.models import ApiToken, ApiTokenCampaign, Duty, Right, Role, User
from surveys.clock import to_the_second, today
from surveys.db import writing
from surveys.models import Campaign, Stage
from surveys.refusals import NotFound, Refusal

PREFIX = "nok_"  # so that a token found in a place where it should not lie is known for what it is
LONGEST_NAME = 100
MOST_DAYS = 366
USUAL_DAYS = 90
DUTIES = (Duty.HEAD, Duty.VERIFIER)  # who handles files at the desk


def make(
    session: Session,
    owner: User,
    name: str,
    *,
    rights: Collection[str],
    campaigns: Collection[int],
    ends_on: date,
    by: str,
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody will see again; inside writing(). Raises Refusal."""
    _check(owner, name.strip(), rights, campaigns, ends_on)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=owner.id,
        name=name.strip(),
        sha256=hashed(secret),
        rights=[right.value for right in Right if right in rights],
        made_at=to_the_second(),
        ends_on=ends_on,
    )
    offered = {one.id for one in open_to(session, owner)}
    for campaign_id in sorted(set(campaigns)):
        if campaign_id not in offered:
            raise Refusal(_("Кампания № %(id)s не собирает ответы или не видна сотруднику.", id=campaign_id))
        token.scope.append(ApiTokenCampaign(campaign_id=campaign_id))
    session.add(token)
    session.flush()
    audit.record(session, by, "token-made", owner.login, token=token.name)
    return token, secret


def _check(
    owner: User, name: str, rights: Collection[str], campaigns: Collection[int], ends_on: date
) -> None:
    if not may_own(owner):
        raise Refusal(_("Ключ выдают руководителю оператора или верификатору, которому открыт вход."))
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refusal(_("Назовите ключ: от одного до ста знаков."))
    if not rights or set(rights) - {right.value for right in Right}:
        raise Refusal(_("Выберите, что можно делать с этим ключом."))
    if not campaigns:
        raise Refusal(_("Выберите кампании, в которых действует ключ."))
    if not today() <= ends_on <= today() + timedelta(days=MOST_DAYS):
        raise Refusal(_("Ключ действует не дольше года: выберите день не раньше сегодняшнего."))


def may_own(user: User) -> bool:
    """May a machine act for this one?"""
    return user.active and user.role == Role.OPERATOR and user.duty in DUTIES


def owners(session: Session) -> Sequence[User]:
    """Everybody for whom a machine may act, by login."""
    return session.scalars(
        select(User)
        .where(User.role == Role.OPERATOR, User.duty.in_(DUTIES), User.active.is_(True))
        .order_by(User.login)
    ).all()


def open_to(session: Session, owner: User) -> list[Campaign]:
    """Campaigns that collect answers and that this one sees, newest first."""
    collecting = select(Campaign).where(Campaign.stage == Stage.COLLECTING).order_by(Campaign.id.desc())
    return [one for one in session.scalars(collecting) if access.may_see(owner, one.region_id)]


def known(session: Session, owner_id: int | None = None) -> Sequence[ApiToken]:
    """Every token, or one owner's, the newest first."""
    found = select(ApiToken).order_by(ApiToken.id.desc())
    return session.scalars(found if owner_id is None else found.where(ApiToken.user_id == owner_id)).all()


def one(session: Session, token_id: int, owner_id: int | None = None) -> ApiToken:
    """A token by its number, one's own where an owner is named. Raises NotFound."""
    found = session.get(ApiToken, token_id)
    if found is None or owner_id not in (None, found.user_id):
        raise NotFound(str(token_id))
    return found


def revoke(session: Session, token: ApiToken, by: str) -> None:
    """End a token for good; inside writing()."""
    if token.revoked_at is None:
        token.revoked_at = to_the_second()
        audit.record(session, by, "token-revoked", token.user.login, token=token.name)


def bearer(session: Session, secret: str) -> ApiToken | None:
    """The token with this secret, though it may have ended."""
    if not secret.startswith(PREFIX):
        return None
    return session.scalar(select(ApiToken).where(ApiToken.sha256 == hashed(secret)))


def ended(token: ApiToken) -> str:
    """Why a token does nothing any more, in Russian; empty while it does."""
    if token.revoked_at is not None:
        return str(_("Ключ отозван."))
    if token.ends_on < today():
        return str(_("Срок ключа закончился."))
    if not may_own(token.user):
        return str(_("Сотруднику, за которого действует ключ, закрыт вход или изменена роль."))
    return ""


def used(token: ApiToken) -> None:
    """Write down the day of the last use, once a day: neither the hour nor from where."""
    if token.used_on == today():
        return
    with writing() as session:
        session.get_one(ApiToken, token.id).used_on = today()


def hashed(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash: nobody guesses it."""
    return hashlib.sha256(secret.encode()).hexdigest()
