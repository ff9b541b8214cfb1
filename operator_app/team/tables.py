"""Who is to do what, and who holds what at this moment."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.db import Base, Day


class Assignment(Base):
    """One of the team is to do this task at this organisation."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("task in ('interview', 'inspection', 'mystery', 'phone', 'keying')", name="task"),
    )
    assessment_id: Mapped[int] = mapped_column(
        ForeignKey("assessment.id"), primary_key=True, autoincrement=False
    )
    task: Mapped[str] = mapped_column(String(20), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    due_on: Mapped[date | None] = mapped_column(Day)
    given_by: Mapped[str] = mapped_column(String(60))


class Hold(Base):
    """Somebody works on this now; a hold that is not renewed ends by itself. Times are UTC."""

    __tablename__ = "hold"
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    until: Mapped[datetime] = mapped_column(DateTime)
