"""Everything that is published, read out of the releases in force and kept small: a line an organisation.

One catalogue a process, the same until another release is published; asking which are in force is one narrow query.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property, lru_cache
from sys import intern
from threading import Lock
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

import nok
from council.portal.index import Index
from council.portal.words import slug, words
from surveys import frozen
from surveys.releases import Release


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation in one release."""

    code: str
    name: str
    short_name: str
    inn: str
    ogrn: str
    address: str
    municipality: str
    campaign_id: int
    year: int
    sector: str
    region: str
    total: nok.Figure | None
    place: int | None
    rated: int
    responses: int
    target: int | None
    inspected: bool

    @property
    def display_name(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Published:
    """A campaign's release in force: its facts, who answered, a line for each organisation in the rating's order."""

    id: int
    title: str
    year: int
    sector: str
    region: str
    operator: str
    council: str
    starts_on: date
    ends_on: date
    demo: bool
    version: int
    sha256: str
    short: str
    published_at: datetime
    first_at: datetime
    mean: nok.Figure | None
    responses: int
    digital_share: Fraction | None
    own_digital_share: Fraction | None
    digital_target: Fraction
    channels: Mapping[str, int]
    profile: Mapping[str, int]
    forms: Mapping[str, str]
    lines: Sequence[Line]


class Catalogue:
    """What is published now; `key` names the releases it was read from."""

    def __init__(self, key: Sequence[str], campaigns: Iterable[Published]) -> None:
        self.key = "".join(key)
        self.campaigns = sorted(campaigns, key=lambda one: (-one.year, one.sector, one.region, one.id))
        self.by_id = {one.id: one for one in self.campaigns}
        found: defaultdict[str, list[Line]] = defaultdict(list)
        for campaign in self.campaigns:
            for line in campaign.lines:
                found[line.code].append(line)
        self.by_code: Mapping[str, Sequence[Line]] = dict(found)
        self._indexing = Lock()

    @property
    def changed_at(self) -> datetime | None:
        """When the newest of the releases was published."""
        return max((one.published_at for one in self.campaigns), default=None)

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """Part of an address → region, by name."""
        return _addresses({one.region for one in self.campaigns})

    @cached_property
    def municipalities(self) -> Mapping[str, Mapping[str, str]]:
        """Region → part of an address → municipality, by name."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for line in self.lines():
            if line.municipality:
                found[line.region].add(line.municipality)
        return {region: _addresses(names) for region, names in found.items()}

    def lines(self) -> Iterator[Line]:
        """Every organisation of every campaign, the newest year first."""
        return (line for campaign in self.campaigns for line in campaign.lines)

    def index(self) -> Index:
        """The index of the search, made when somebody first asks; its documents are `codes` in their order."""
        with self._indexing:
            return self._index

    @cached_property
    def codes(self) -> Sequence[str]:
        """Every organisation, by name."""
        return sorted(self.by_code, key=lambda code: (self.by_code[code][0].display_name, code))

    @cached_property
    def _index(self) -> Index:
        return Index(_said(self.by_code[code]) for code in self.codes)


def _said(lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    """An organisation's words, of every year: who knows it by an old name finds it."""
    names = dict.fromkeys(part for line in lines for part in (line.name, line.short_name))
    addresses = dict.fromkeys(
        part for line in lines for part in (line.address, line.municipality, line.region)
    )
    numbers = [number for number in (lines[0].inn, lines[0].ogrn) if number]
    said = [word for name in names for word in _words(name)]
    return [*said, *numbers], [word for address in addresses for word in _words(address)]


@lru_cache(maxsize=1024)  # a region is named by thousands
def _words(text: str) -> Sequence[str]:
    return tuple(word.text for word in words(text))


def _addresses(names: Iterable[str]) -> Mapping[str, str]:
    """Names under parts of addresses; of two that look alike the later by alphabet gets a number."""
    found: dict[str, str] = {}
    for name in sorted(names):
        own = part = slug(name)
        count = 1
        while part in found:
            count += 1
            part = f"{own}-{count}"
        found[part] = name
    return found


class Catalogues:
    """The catalogue of this process; a campaign is read again only when another release of it is in force."""

    def __init__(self) -> None:
        self._kept = Catalogue((), ())
        self._reading = Lock()

    def now(self, session: Session) -> Catalogue:
        """What is published at this moment."""
        published = frozen.published(session)
        key = [releases[0].sha256 for releases in published.values()]
        with self._reading:  # a crowd after a publication waits for one reading
            if self._kept.key != "".join(key):
                known = {one.sha256: one for one in self._kept.campaigns}
                read = [known.get(found[0].sha256) or _read(session, found) for found in published.values()]
                self._kept = Catalogue(key, read)
            return self._kept


def init_app(app: Flask) -> None:
    """Give the application its catalogue."""
    app.extensions["nok_catalogue"] = Catalogues()


def catalogue(session: Session) -> Catalogue:
    """What is published at this moment."""
    return cast(Catalogues, current_app.extensions["nok_catalogue"]).now(session)


def _read(session: Session, releases: Sequence[Release]) -> Published:
    """A release's content, of which little is kept; `releases` are the campaign's published ones, in force first."""
    newest, first = releases[0], releases[-1]
    content = session.scalar(select(Release.content).where(Release.id == newest.id))
    told = json.loads(cast(str, content))
    facts, organizations = told["campaign"], told["organizations"]
    places = nok.Practice.of(facts["practice"]).places
    return Published(
        id=newest.campaign_id,
        **{name: intern(facts[name]) for name in ("title", "sector", "region", "operator", "council")},
        year=facts["year"],
        starts_on=date.fromisoformat(facts["starts_on"]),
        ends_on=date.fromisoformat(facts["ends_on"]),
        demo=facts["demo"],
        version=newest.version,
        sha256=newest.sha256,
        short=newest.short,
        published_at=cast(datetime, newest.published_at),
        first_at=cast(datetime, first.published_at),
        mean=frozen.figure(told["means"].get("total"), places),
        responses=told["responses"],
        digital_share=frozen.share(told["digital_share"]),
        own_digital_share=frozen.share(told["own_digital_share"]),
        digital_target=frozen.edition_in(told).digital.target,
        channels=_summed(one["channels"] for one in organizations),
        profile=_summed(one["profile"] for one in organizations),
        forms=facts["questionnaires"],
        lines=tuple(_line(one, newest.campaign_id, facts, places) for one in organizations),
    )


def _line(one: Mapping[str, Any], campaign_id: int, facts: Mapping[str, Any], places: int) -> Line:
    own = ("name", "short_name", "inn", "ogrn", "address", "place", "rated", "responses", "target")
    return Line(
        **{name: one[name] for name in own},
        code=intern(one["code"]),
        municipality=intern(one["municipality"]),
        campaign_id=campaign_id,
        year=facts["year"],
        sector=intern(facts["sector"]),
        region=intern(facts["region"]),
        total=frozen.figure(one["result"]["total"], places),
        inspected=one.get("inspected", True),
    )


def _summed(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: defaultdict[str, int] = defaultdict(int)
    for each in counts:
        for name, count in each.items():
            total[name] += count
    return dict(total)
