"""Votes upon a submitted package: each member's own, changed as often as one likes until the decision."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Role, User
from surveys import frozen
from surveys.clock import to_the_second
from surveys.happenings import tell
from surveys.models import Campaign
from surveys.refusals import Stale
from surveys.releases import Choice, Release, Vote
from surveys.submissions import Package, PackageState


class Tally(NamedTuple):
    """How the votes lie; an abstention is a vote cast, so it counts against a majority."""

    favour: int
    against: int
    abstain: int

    @property
    def cast(self) -> int:
        """All of them."""
        return self.favour + self.against + self.abstain

    @property
    def carried(self) -> bool:
        """More than half of those cast are in favour."""
        return 2 * self.favour > self.cast


def of(session: Session, package_id: int) -> Sequence[Vote]:
    """The votes cast, in the order of logins."""
    return session.scalars(select(Vote).where(Vote.package_id == package_id).order_by(Vote.login)).all()


def tally(votes: Sequence[Vote]) -> Tally:
    """The same as three numbers."""
    said = [vote.choice for vote in votes]
    return Tally(said.count(Choice.FOR), said.count(Choice.AGAINST), said.count(Choice.ABSTAIN))


def counted(found: Package, cast: Sequence[Vote], sitting: Collection[str], made: Release | None) -> Tally:
    """Votes that make the majority: those of the council's people of now; of a returned package all that were cast.

    `made`: the release that the package became; it says how the votes lay then, whoever has left since.
    """
    if made is not None:
        held = frozen.meeting(made)
        return Tally(held["for"], held["against"], held["abstain"])
    if found.state == PackageState.RETURNED:
        return tally(cast)
    return tally([vote for vote in cast if vote.login in sitting])


def members(session: Session, campaign: Campaign) -> Sequence[User]:
    """Who may vote now: the council's people of this region, by name."""
    return session.scalars(
        select(User)
        .where(
            User.active,
            User.role == Role.COUNCIL,
            or_(User.region_id.is_(None), User.region_id == campaign.region_id),
        )
        .order_by(User.name, User.login)
    ).all()


def cast(session: Session, found: Package, login: str, choice: Choice, opinion: str) -> None:
    """Put down a vote over one's earlier one. Raises Stale when the package is decided upon."""
    session.refresh(found, ["state"], with_for_update=True)
    if found.state != PackageState.SUBMITTED:
        raise Stale(_("По этому пакету решение уже принято: голосование закончено."))
    session.merge(
        Vote(
            package_id=found.id,
            login=login,
            choice=choice,
            opinion=opinion,
            at=to_the_second(),
        )
    )
    session.flush()
    tell(session, login, "vote", f"{found.campaign_id}/{found.number}", choice=choice.value)
