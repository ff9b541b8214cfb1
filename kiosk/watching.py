"""What a device says of itself, and what the people who look after it should see in that."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from kiosk.tables import Kiosk
from surveys import happenings, hosts, queries
from surveys.clock import now, to_the_second, today
from surveys.models import Assessment

SILENT = timedelta(hours=24)
LONG = 2**31 - 1
FILLING_ANSWERS = 500
FILLING_SHARE = 80  # per cent of the room that the browser gives


class Line(NamedTuple):
    """A device in a list: its state in a word, its colour, and what to do about it."""

    kiosk: Kiosk
    place: str
    word: str
    kind: str
    advice: str


def said(session: Session, kiosk: Kiosk, told: Mapping[str, Any]) -> None:
    """Write down what a device said of itself; inside writing(). Whatever is no sense is not kept."""
    kiosk.seen_at = to_the_second()
    kiosk.waiting = _number(told.get("waiting")) or 0
    kiosk.stuck = _number(told.get("stuck")) or 0
    kiosk.full = told.get("full") is True
    kiosk.release = "".join(c for c in str(told.get("release") or "") if c.isalnum())[:16]
    kiosk.used_mb, kiosk.room_mb = _number(told.get("used_mb")), _number(told.get("room_mb"))
    kiosk.answered_on = _day(told.get("answered_on"))
    while former := session.scalar(select(Kiosk).where(Kiosk.moved_to == kiosk.id)):
        former.waiting = min(former.waiting, kiosk.waiting)  # of one screen: no more than it holds at all
        kiosk = former


def _number(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value <= LONG else None


def _day(value: Any) -> date | None:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return None
    return day if day <= today() else today()


def lines(session: Session, organization_id: int | None = None) -> list[Line]:
    """Every device, or one organisation's, those in trouble first."""
    found = select(Kiosk).where(Kiosk.moved_to.is_(None)).order_by(Kiosk.id)
    if organization_id is not None:
        found = found.where(Kiosk.organization_id == organization_id)
    listed = [line(session, one) for one in session.scalars(found)]
    return sorted(listed, key=lambda one: ("bad", "warn", "ok", "plain").index(one.kind))


def line(session: Session, kiosk: Kiosk) -> Line:
    """One device as people see it."""
    place = queries.place_name(session, kiosk.organization_id, kiosk.place)
    return Line(kiosk, place, *(str(part) for part in _state(kiosk)))


def _state(kiosk: Kiosk) -> tuple[str, str, str]:
    if kiosk.moved_to is not None:
        return (
            _("перенесён"),
            "plain",
            _("Экран теперь у другой организации. Данные на нём раньше ответы дойдут сюда."),
        )
    if kiosk.revoked_at is not None:
        return (
            _("отключён"),
            "plain",
            _("Ответы, если на нём остались, не пропали: уйдут, когда администратор подключит его снова."),
        )
    if kiosk.paired_on is None or kiosk.seen_at is None:
        address = f"{hosts.shown(current_app.config['BASE_URL'])}/kiosk/"
        advice = _("Откройте на нём %(address)s. Код с экрана введёт администратор службы.", address=address)
        return _("не подключён"), "plain", advice
    if kiosk.full:
        return (
            _("заполнен"),
            "bad",
            _("Не берёт ответов. Дайте ему сеть или сохраните с него файл и передайте оператору."),
        )
    if now() - kiosk.seen_at > SILENT:
        return _("молчит"), "bad", _("Больше суток нет связи. Проверьте, включён ли он и есть ли сеть.")
    if kiosk.stuck:
        return (
            _("не всё принято"),
            "warn",
            _("Сохраните с него файл и передайте оператору: отчёт о загрузке скажет, почему."),
        )
    if filling(kiosk):
        return _("заполняется"), "warn", _("Ответы копятся. Проверьте сеть: он отправит их сам.")
    return _("на связи"), "ok", ""


@happenings.held.connect
def _held(session: Session, campaign_id: int) -> dict[str, int]:
    """Answers that devices of a campaign's organisations last said they hold; a revoked one holds its own too."""
    found = (
        select(Kiosk)
        .join(Assessment, Assessment.organization_id == Kiosk.organization_id)
        .where(Assessment.campaign_id == campaign_id, Kiosk.waiting > 0)
        .order_by(Kiosk.id)
    )
    told: Counter[str] = Counter()
    for kiosk in session.scalars(found):
        told[kiosk.organization.display_name] += kiosk.waiting
    return dict(told)


def filling(kiosk: Kiosk) -> bool:
    """Do answers pile up on it?"""
    crowded = kiosk.room_mb and kiosk.used_mb and kiosk.used_mb * 100 > kiosk.room_mb * FILLING_SHARE
    return kiosk.waiting >= FILLING_ANSWERS or bool(crowded)
