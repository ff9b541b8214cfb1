"""What a code on a wall or a link on a site means: ours or the official one, and whose."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import SplitResult, parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import codes, hosts, queries
from surveys.doors import Way
from surveys.models import Organization

OURS, OFFICIAL = "ours", "official"
OFFICIAL_HOSTS = frozenset({"bus.gov.ru", "www.bus.gov.ru"})
_OWN = re.compile(r"/(?:q|o)/([^/?#]+)(?:/widget[^/]*)?/?")
_CARD = re.compile(r"/(?:qrcode/rate|(?:pub/)?info-card)/(\d{1,20})/?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an address says: where it leads (OURS, OFFICIAL), whose code or numbers it holds, which place.

    `elsewhere`: of our form, but on another host.
    """

    leads_to: str
    code: str = ""
    place: int = 0
    numbers: frozenset[str] = frozenset()
    elsewhere: bool = False


class Verdict(Enum):
    """What the codes of a photograph come to."""

    RIGHT = "right"
    ANOTHER = "another"
    STALE = "stale"
    FOREIGN = "foreign"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict, and the organisation and place that it is about, where there is one."""

    verdict: Verdict
    organization: Organization | None = None
    place: int = 0
    leads_to: str = ""


def meant(text: str, base_url: str) -> Meaning | None:
    """What this text means to us; None for the address of something else, or for no address."""
    try:
        parts, own = urlsplit(text.strip()), urlsplit(base_url)
        here = _where(parts) == _where(own)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    if parts.hostname in OFFICIAL_HOSTS:
        return _official(parts)
    found = _OWN.fullmatch(parts.path)
    if found is None or not codes.possible(code := codes.typed(found[1])):
        return None
    return Meaning(OURS, code, Way.of(code, parts.query).place, elsewhere=not here)


def judged(
    session: Session, texts: Sequence[str], base_url: str, expected: Organization | None = None
) -> Found:
    """What the codes of a photograph come to; `expected`: whose they should be, if anybody's in particular.

    Ours counts before the official one: it also says the place.
    """
    if not texts:
        return Found(Verdict.NOTHING)
    told = sorted((m for text in texts if (m := meant(text, base_url))), key=lambda m: m.leads_to != OURS)
    found = [one for meaning in told for one in _whose(session, meaning)]
    for wanted in (expected, None):
        for organization, meaning in found:
            if not meaning.elsewhere and (wanted is None or organization.id == wanted.id):
                right = expected is None or organization.id == expected.id
                verdict = Verdict.RIGHT if right else Verdict.ANOTHER
                return Found(verdict, organization, meaning.place, meaning.leads_to)
    return Found(Verdict.STALE if any(m.leads_to == OURS for m in told) else Verdict.FOREIGN)


def is_of(meaning: Meaning, code: str, agency_id: str) -> bool:
    """Does an address lead to this organisation? An official one of an unknown number is believed."""
    if meaning.leads_to == OURS:
        return meaning.code == code and not meaning.elsewhere
    return not agency_id or agency_id in meaning.numbers


def _official(parts: SplitResult) -> Meaning | None:
    found = _CARD.fullmatch(parts.path)
    if found is None:
        return None
    numbers: Iterable[str] = [found[1], *parse_qs(parts.query).get("agencyId", [])]
    return Meaning(OFFICIAL, numbers=frozenset(numbers))


def _whose(session: Session, meaning: Meaning) -> Iterator[tuple[Organization, Meaning]]:
    if meaning.leads_to == OURS:
        organization = queries.organization(session, meaning.code)
        if organization is not None:
            yield organization, meaning
        return
    known = select(Organization).where(Organization.agency_id.in_(meaning.numbers))
    for one in session.scalars(known.order_by(Organization.id)):
        yield one, meaning


def _where(parts: SplitResult) -> tuple[str, int | None]:
    """Host and port; a code printed before https came leads to the same place, so does a host in Cyrillic."""
    port = parts.port
    return hosts.plain(parts.hostname or ""), None if port in (80, 443) else port
