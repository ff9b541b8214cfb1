"""Users and the audit trail."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext
from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveys.db import Base, Day
from surveys.models import Campaign, Organization, Region


class Role(StrEnum):
    """The chain of norms A6 and the one who keeps the service."""

    OPERATOR = "operator"
    COUNCIL = "council"
    AUTHORITY = "authority"
    ORGANIZATION = "organization"
    CURATOR = "curator"
    ADMIN = "admin"


ROLE_TITLES = {
    Role.OPERATOR: lazy_gettext("Оператор"),
    Role.COUNCIL: lazy_gettext("Общественный совет"),
    Role.AUTHORITY: lazy_gettext("Уполномоченный орган"),
    Role.ORGANIZATION: lazy_gettext("Организация"),
    Role.CURATOR: lazy_gettext("Куратор"),
    Role.ADMIN: lazy_gettext("Администратор"),
}


class Duty(StrEnum):
    """What one of the operator's team does; the head may do everything."""

    HEAD = "head"
    VERIFIER = "verifier"
    INTERVIEWER = "interviewer"
    INSPECTOR = "inspector"


DUTY_TITLES = {
    Duty.HEAD: lazy_gettext("Руководитель"),
    Duty.VERIFIER: lazy_gettext("Верификатор"),
    Duty.INTERVIEWER: lazy_gettext("Интервьюер"),
    Duty.INSPECTOR: lazy_gettext("Инспектор"),
}


class Seat(StrEnum):
    """A place in the public council: each votes, the chair closes the vote, the secretary keeps the protocol."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"


SEAT_TITLES = {
    Seat.CHAIR: lazy_gettext("Председатель"),
    Seat.SECRETARY: lazy_gettext("Секретарь"),
    Seat.MEMBER: lazy_gettext("Член совета"),
}


class User(UserMixin, Base):
    """One of the staff. `region_id` empty: every region; an organisation's user sees its own organisation only.

    An operator's user has a duty in the team, a council's user a seat in it; nobody else has one.

    `epoch` grows with each change of password, and a session of an older epoch is no longer signed in.
    """

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint(
            "role in ('operator', 'council', 'authority', 'organization', 'curator', 'admin')", name="role"
        ),
        CheckConstraint("role <> 'organization' or organization_id is not null", name="organization"),
        CheckConstraint("duty is null or role = 'operator'", name="duty"),
        CheckConstraint("seat is null or role = 'council'", name="seat"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(20))
    duty: Mapped[str | None] = mapped_column(String(20))
    seat: Mapped[str | None] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=0)

    region: Mapped[Region | None] = relationship()
    organization: Mapped[Organization | None] = relationship()

    @property
    def role_title(self) -> str:
        """The role in Russian."""
        return str(ROLE_TITLES[Role(self.role)])

    @property
    def duty_title(self) -> str:
        """The duty in Russian; empty outside the operator's team."""
        return str(DUTY_TITLES[Duty(self.duty)]) if self.duty else ""

    @property
    def seat_title(self) -> str:
        """The seat in Russian; empty outside a council."""
        return str(SEAT_TITLES[Seat(self.seat or Seat.MEMBER)]) if self.role == Role.COUNCIL else ""

    @property
    def is_active(self) -> bool:
        """Flask-Login's question: may this user sign in at all?"""
        return self.active

    def get_id(self) -> str:
        """What the session holds."""
        return f"{self.id}.{self.epoch}"


class AuditEvent(Base):
    """One thing that somebody of the staff did, chained by hash to the one before it."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime)
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))


class Right(StrEnum):
    """What a machine's token may do in its campaigns."""

    UPLOAD = "upload"  # bring files and read what became of them
    COMMIT = "commit"  # count a checked file
    UNDO = "undo"  # take a counted file back


RIGHT_TITLES = {
    Right.UPLOAD: lazy_gettext("загружать файлы и читать отчёты о них"),
    Right.COMMIT: lazy_gettext("учитывать проверенные файлы"),
    Right.UNDO: lazy_gettext("отменять учтённые файлы"),
}


class ApiToken(Base):
    """A machine's leave to act for one of the staff; of the secret itself only the SHA-256 is kept.

    It reaches the campaigns of `scope` and does what `rights` name, while its owner may do the same.
    """

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    rights: Mapped[list[str]] = mapped_column(JSON, default=list)
    made_at: Mapped[datetime] = mapped_column(DateTime)
    ends_on: Mapped[date] = mapped_column(Day)
    used_on: Mapped[date | None] = mapped_column(Day)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime)

    user: Mapped[User] = relationship()
    scope: Mapped[list["ApiTokenCampaign"]] = relationship(lazy="selectin")

    @property
    def rights_title(self) -> str:
        """What it may do, in Russian."""
        return "; ".join(str(title) for right, title in RIGHT_TITLES.items() if right in self.rights)


class ApiTokenCampaign(Base):
    """A campaign that a token reaches."""

    __tablename__ = "api_token_campaign"
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"), primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)

    campaign: Mapped[Campaign] = relationship(lazy="joined")


class ApiUpload(Base):
    """An upload that a machine named by a key: asked again, it is answered with the same batch."""

    __tablename__ = "api_upload"
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"), primary_key=True, autoincrement=False)
    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_sha256: Mapped[str] = mapped_column(String(64))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
