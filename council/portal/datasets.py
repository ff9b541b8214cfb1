"""Data sets: one a campaign, named and described as the methodical recommendations of data.gov.ru (3.0) ask.

A published version keeps its address for ever; the passport names all of them, the newest first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import cast

from flask import current_app, url_for
from flask_babel import gettext as _

from council.portal import rows
from council.portal.catalogue import Published
from council.shelf import shelf
from documents import keeping
from surveys import frozen
from surveys.clock import local
from surveys.db import db
from surveys.display import sector
from surveys.releases import Release
from surveys.results import CampaignFacts

STANDARD = "http://opendata.gosmonitor.ru/standard/3.0"
LICENSE = "CC BY 4.0"
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/deed.ru"
KINDS = ("csv", "json", "xlsx")
MIME = {**keeping.MIME, "json": "application/json; charset=utf-8"}
AGAIN_WITHIN = 3  # years
#: Grows when the same release would make another file.
MAKING = 1
_ID = re.compile(r"(?:(?:\d{10}|\d{12})-)?nok(\d{4})([a-z]+)(\d{1,9})")


@dataclass(frozen=True)
class Version:
    """One published release as files: `name` is «data-20261122-structure-20261122»."""

    name: str
    release: Release

    def file(self, kind: str) -> str:
        """The name of its file."""
        return f"{self.name}.{kind}"


@dataclass(frozen=True)
class DataSet:
    """A campaign's data set."""

    id: str
    facts: CampaignFacts
    versions: Sequence[Version]

    @property
    def newest(self) -> Version:
        """The version in force."""
        return self.versions[0]

    @property
    def title(self) -> str:
        """What it is called."""
        words = _(
            "Результаты независимой оценки качества условий оказания услуг: %(title)s, %(year)s год",
            title=self.facts.title,
            year=self.facts.year,
        )
        return str(words)

    @property
    def description(self) -> str:
        """What lies in it."""
        words = _(
            "Одна строка — одна организация: итог, критерии K1–K5, показатели, место, число анкет по каналам."
            " Сфера: %(sector)s. Регион: %(region)s.",
            sector=sector(self.facts.sector).lower(),
            region=self.facts.region,
        )
        return str(words)

    @cached_property
    def created(self) -> datetime:
        """When its first version was published."""
        return published(self.versions[-1].release)

    @cached_property
    def modified(self) -> datetime:
        """When the version in force was published."""
        return published(self.newest.release)

    @property
    def valid(self) -> date:
        """Until when they are of use: an organisation is assessed again within so many years."""
        return date(self.facts.year + AGAIN_WITHIN, 12, 31)

    def passport(self) -> list[tuple[str, str]]:
        """Properties in the order of the recommendations; files by their whole addresses."""
        publisher = current_app.config["PUBLISHER"] or self.facts.council or self.facts.operator
        told = [
            ("standardversion", STANDARD),
            ("identifier", self.id),
            ("title", self.title),
            ("description", self.description),
            ("creator", publisher),
            ("created", f"{self.created:%Y%m%d}"),
            ("modified", f"{self.modified:%Y%m%d}"),
            (
                "subject",
                _(
                    "независимая оценка качества, %(sector)s, рейтинг",
                    sector=sector(self.facts.sector).lower(),
                ),
            ),
            ("format", "csv,json,xlsx"),
            ("provenance", self.newest.release.note or _("Первая публикация")),
            ("valid", f"{self.valid:%Y%m%d}"),
            ("license", f"{LICENSE} {LICENSE_URL}"),
            ("publishername", publisher),
            ("publishermbox", current_app.config["PUBLISHER_EMAIL"]),
        ]
        return [*told, *self._files()]

    def _files(self) -> list[tuple[str, str]]:
        names = [version.file(kind) for version in self.versions for kind in KINDS]
        return [(name, self.address(name)) for name in (*names, structure_name())]

    def address(self, file: str) -> str:
        """A file's whole address."""
        return f"{current_app.config['BASE_URL']}{url_for('opendata.file', dataset=self.id, name=file)}"

    def version(self, name: str) -> tuple[Version, str] | None:
        """The version and the kind that a file's name says."""
        known = {version.file(kind): (version, kind) for version in self.versions for kind in KINDS}
        return known.get(name)

    def content(self, version: Version, kind: str) -> bytes:
        """A file of a version; kept beside the documents under the set's own name, for JSON says that name."""
        place = shelf().folder / f"opendata-{MAKING}-{self.id}-{version.release.sha256}.{kind}"
        if not place.exists():
            keeping.put(place, self._made(version, kind))
        return place.read_bytes()

    def _made(self, version: Version, kind: str) -> bytes:
        results = shelf().released(version.release)
        if kind == "csv":
            return rows.as_csv(results)
        if kind == "xlsx":
            return rows.as_xlsx(results, results.facts.title, cast(datetime, version.release.published_at))
        told = {
            "identifier": self.id,
            "version": version.release.version,
            "published": f"{published(version.release):%Y-%m-%d}",
            "release_sha256": version.release.sha256,
            "license": LICENSE,
        }
        return rows.as_json(results, told)

    def sums(self, version: Version) -> Mapping[str, tuple[int, str]]:
        """File → its size and SHA-256."""
        files = {version.file(kind): self.content(version, kind) for kind in KINDS}
        return {name: (len(content), sha256(content).hexdigest()) for name, content in files.items()}


def structure_name() -> str:
    """The file that says what the columns are."""
    return f"structure-{rows.STRUCTURE:%Y%m%d}.csv"


def id_of(facts: CampaignFacts | Published) -> str:
    """«7710000000-nok2026health5»; without the number of a publisher, what follows it."""
    own = f"nok{facts.year}{facts.sector}{facts.id}"
    inn = current_app.config["PUBLISHER_INN"]
    return f"{inn}-{own}" if inn else own


def campaign_of(dataset: str) -> int | None:
    """The campaign that a data set's name says, whoever its publisher was then."""
    found = _ID.fullmatch(dataset)
    return int(found[3]) if found and int(found[3]) < 2**31 else None


def dataset(campaign_id: int) -> DataSet | None:
    """A campaign's data set; None while nothing is published."""
    releases = [one for one in frozen.releases(db.session(), campaign_id) if one.published_at]
    if not releases:
        return None
    facts = shelf().released(releases[0]).facts
    return DataSet(id_of(facts), facts, _versions(releases))


def _versions(releases: Sequence[Release]) -> list[Version]:
    """The first of a day has the day's name, a later one of the same day its hour as well; the newest first."""
    named: dict[str, Release] = {}
    for release in reversed(releases):
        moment, name = published(release), f"data-{published(release):%Y%m%d}"
        while name in named:
            name, moment = f"data-{moment:%Y%m%dT%H%M%S}", moment + timedelta(seconds=1)
        named[name] = release
    suffix = f"structure-{rows.STRUCTURE:%Y%m%d}"
    return [Version(f"{name}-{suffix}", release) for name, release in reversed(named.items())]


def published(release: Release) -> datetime:
    """When it was published, by the clock of the service's own place."""
    return local(cast(datetime, release.published_at))
