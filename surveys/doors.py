"""A door: all that a recipient's page and answer need about one organisation, looked up once and kept for seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from surveys import languages, library, queries
from surveys.channels import CHANNELS, Channel
from surveys.headers import MANNERS, policy
from surveys.languages import RUSSIAN
from surveys.models import Assessment
from surveys.page import KEY_MARK, KeyedPage, style_source
from surveys.paper.words import how_long
from surveys.queries import OpenDoor
from surveys.questionnaire import Error, Questionnaire
from surveys.refusals import NothingOpen, UnknownCode

MOST_PLACES = 999
MOST_ANSWERS = 99  # of one device that are told apart


@dataclass(frozen=True, slots=True)
class Way:
    """How the visitor came: the address's own parameters, cut down to what is known."""

    code: str
    place: int = 0
    by_site: bool = False
    large: bool = False
    language: str = RUSSIAN
    again: int = 0  # a clean form for another person, asked for on a device that has answered so many times
    contrast: bool = False

    @classmethod
    def of(cls, code: str, query: str) -> "Way":
        """The way that an address tells; what it does not know it leaves out."""
        told = dict(reversed(parse_qsl(query))) if query else {}
        place = told.get("p", "")
        known = place.isascii() and place.isdigit() and len(place) < 10 and int(place) <= MOST_PLACES
        return cls(
            code,
            int(place) if known else 0,
            told.get("via") == "site",
            told.get("size") == "large",
            told["lang"] if told.get("lang") in languages.languages() else RUSSIAN,
            counted(told.get("again", "")),
            told.get("contrast") == "high",
        )

    @property
    def channel(self) -> Channel:
        """The site's link or the poster's QR."""
        return CHANNELS["site" if self.by_site else "poster"]

    def query(self, *, large: bool | None = None, contrast: bool | None = None, language: str = "") -> str:
        """The same way as a query string, "" or "?p=3&via=site&lang=tt&size=large&contrast=high".

        What is asked for here is told even when it is the ordinary: a device may remember something else.
        """
        parts = [f"p={self.place}"] if self.place else []
        parts += ["via=site"] if self.by_site else []
        if language or self.language != RUSSIAN:
            parts.append(f"lang={language or self.language}")
        if large is not None or self.large:
            parts.append(f"size={'large' if (self.large if large is None else large) else 'normal'}")
        if contrast is not None or self.contrast:
            parts.append(
                f"contrast={'high' if (self.contrast if contrast is None else contrast) else 'normal'}"
            )
        return "?" + "&".join(parts) if parts else ""

    def form(self, beneath: str = "") -> str:
        """The address of the form itself, a clean one if it was such; or of something beneath it, «/enter»."""
        query = self.query()
        return f"/q/{self.code}{beneath}{clean(query, self.again)}"


def clean(query: str, again: int) -> str:
    """A query string that asks for a clean form as well, where one is meant."""
    return f"{query}{'&' if query else '?'}again={again}" if again else query


def counted(told: str) -> int:
    """How many answers an address or a device's mark speaks of; 0 when that is no such number."""
    return min(int(told), MOST_ANSWERS) if told.isascii() and told.isdigit() and len(told) < 4 else 0


@dataclass(frozen=True, slots=True)
class Door:
    """An open door: where an answer goes and what is asked."""

    way: Way
    place: OpenDoor
    questionnaire: Questionnaire


@dataclass(frozen=True, slots=True)
class DoorPage:
    """The survey page behind a door, drawn and compressed, with its headers."""

    door: Door
    page: KeyedPage
    headers: list[tuple[str, str]]
    headers_gzip: list[tuple[str, str]]


def open_door(session: Session, way: Way, today: date) -> Door:
    """Find the organisation's open campaign. Raises UnknownCode, NothingOpen, PinnedChanged."""
    place = queries.open_door(session, way.code, way.channel.number, today)
    if place is None:
        organization = queries.organization(session, way.code)
        raise NothingOpen(organization.display_name) if organization else UnknownCode(way.code)
    return Door(way, place, library.pinned(place.questionnaire_name, place.questionnaire_sha256))


def page_of(session: Session, door: Door, core_css: str) -> DoorPage:
    """Draw a door's page."""
    html = drawn(session, door, core_css)
    headers = page_headers(core_css)
    return DoorPage(door, KeyedPage(html), headers, [*headers, ("Content-Encoding", "gzip")])


def page_headers(core_css: str) -> list[tuple[str, str]]:
    """Headers of a survey page: its styles stand in the page itself and are named by their hash."""
    return [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy(f"'self' {style_source(core_css)}")),
        ("Cache-Control", "no-store"),
        ("Vary", "Accept-Encoding, Cookie"),
        *MANNERS,
    ]


def drawn(
    session: Session,
    door: Door,
    core_css: str,
    given: dict[str, str] | None = None,
    errors: Sequence[Error] = (),
    key: str = KEY_MARK,
    *,
    stale: bool = False,
    held: str = "",
) -> str:
    """The survey page as HTML, with what was entered and what was wrong, if anything.

    `held`: the pass, sealed, that goes with the answers; "" where none is asked for.
    """
    way, told = door.way, languages.told(door.questionnaire, door.way.language)
    assessment = session.get_one(Assessment, door.place.assessment_id)
    with force_locale(way.language):
        return render_template(
            "survey/form.html",
            organization=assessment.organization,
            place=queries.place_name(session, assessment.organization_id, way.place),
            questionnaire=told.questionnaire,
            russian=told.russian,
            total=len(told.questionnaire.numbered),
            time=how_long(len(told.questionnaire.numbered)),
            given=given or {},
            errors={error.question.id: to_mend(error) for error in errors},
            way=way,
            action=way.form(),
            demo=assessment.campaign.demo,
            core_css=core_css,
            key=key,
            stale=stale,
            held=held,
        )


def to_mend(error: Error) -> str:
    """What to do about an answer that cannot be taken, in the reader's language."""
    question = error.question
    if error.kind == "missing":
        return str(_("Выберите ответ") if question.closed else _("Напишите ответ"))
    if error.kind == "too_long":
        told = _("Сократите, пожалуйста: знаков %(count)s, а можно до %(most)s")
        return str(told % {"count": len(error.value), "most": question.max_length})
    if question.kind == "number":
        return str(_("Напишите целое число цифрами"))
    return str(_("Такого ответа здесь нет. Выберите один из предложенных"))
