"""The shelf: what is published, results computed seconds ago, and documents drawn of the very same figures.

What is published comes out of the release in force and of nothing else, what the council decides upon out of the
package; counts are asked only about the rest.

A campaign's document may take minutes; whoever asks, it is drawn once, and never two at a time in a process, so that
the recipients' pages stay quick while the council reads.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, cast

from cachetools import LRUCache, TTLCache
from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from documents import keeping
from surveys import frozen, handover, results
from surveys.clock import today
from surveys.db import db
from surveys.models import Campaign, Stage
from surveys.refusals import Busy, Refusal
from surveys.releases import Release
from surveys.results import CampaignFacts, CampaignResults
from surveys.submissions import Package, PackageState

KEPT_CAMPAIGNS = 64
KEPT_PACKAGES = 8
KEPT_SECONDS = 2 * 86_400
PATIENCE_SECONDS = 10


class Shelf:
    """One a process; its documents are shared through the data folder."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder = folder
        self._results: TTLCache[int, CampaignResults] = TTLCache(KEPT_CAMPAIGNS, seconds)
        self._released: LRUCache[str, CampaignResults] = LRUCache(KEPT_CAMPAIGNS)
        self._submitted: LRUCache[str, CampaignResults] = LRUCache(KEPT_PACKAGES)
        self._counting, self._drawing = Lock(), Lock()

    def results(self, session: Session, campaign: Campaign) -> CampaignResults:
        """The campaign's results, as they stood seconds ago at most. Raises PinnedChanged."""
        with self._counting:  # a crowd at one rating waits for one count
            found = self._results.get(campaign.id)
            if found is None or found.facts.stage != campaign.stage:
                found = self._results[campaign.id] = results.of_campaign(session, campaign)
        return found

    def released(self, release: Release) -> CampaignResults:
        """The results that a release holds."""
        with self._counting:
            found = self._released.get(release.sha256)
            if found is None:
                found = self._released[release.sha256] = frozen.results(release)
        return found

    def submitted(self, session: Session, package: Package, campaign: Campaign) -> CampaignResults:
        """The results that a package holds."""
        with self._counting:
            found = self._submitted.get(package.sha256)
            if found is None:
                data = package.report["data"]
                session.expire(package, ["report"])  # it is large, and nobody here needs it twice
                found = self._submitted[package.sha256] = frozen.of_data(data, frozen.edition_of(campaign))
        return found

    def document(self, name: str, figures: Mapping[str, Any], draw: Callable[[], bytes]) -> bytes:
        """The document of these figures, drawn now only if nobody has had it today. Raises Busy."""
        words = json.dumps([name, today().isoformat(), figures], ensure_ascii=False, sort_keys=True)
        file = self.folder / f"{sha256(words.encode()).hexdigest()}.pdf"
        if file.exists():
            return file.read_bytes()
        if not self._drawing.acquire(timeout=PATIENCE_SECONDS):
            raise Busy(name)
        try:
            return file.read_bytes() if file.exists() else self._drawn(file, draw)
        finally:
            self._drawing.release()

    def _drawn(self, file: Path, draw: Callable[[], bytes]) -> bytes:
        content = draw()
        keeping.sweep(self.folder.glob("*.pdf"), KEPT_SECONDS)
        keeping.put(file, content)
        return content


def init_app(app: Flask) -> None:
    """Give the application its shelf."""
    folder = Path(app.config["DATA_DIR"]) / "documents"
    app.extensions["nok_shelf"] = Shelf(folder, app.config["SURVEY_CACHE_SECONDS"])


def shelf() -> Shelf:
    """This application's shelf."""
    return cast(Shelf, current_app.extensions["nok_shelf"])


def is_open(campaign: Campaign) -> bool:
    """May anyone see its results? Those of a published release, or those that its owner shows while they grow."""
    return frozen.in_force(db.session(), campaign.id) is not None or shows_itself(campaign)


def shows_itself(campaign: Campaign) -> bool:
    """Does its owner show its results while they grow?"""
    return campaign.shows_interim and campaign.stage != Stage.PUBLISHED


def kept(campaign: Campaign) -> CampaignResults:
    """What everybody reads: the release in force; without one, what is counted. Raises PinnedChanged, Refusal."""
    release = frozen.in_force(db.session(), campaign.id)
    return live(campaign) if release is None else shelf().released(release)


def release_bytes(facts: CampaignFacts) -> bytes:
    """The very bytes whose hash is printed on this campaign's documents; nothing where nothing was approved."""
    if facts.issue is None:
        return b""
    found = frozen.release(db.session(), facts.id, facts.issue.version)
    return found.content.encode() if found else b""


def read_inside(campaign: Campaign) -> CampaignResults:
    """What the council reads: the package that it decides upon, else what is counted now, though a correction goes on.

    Raises PinnedChanged, Refusal.
    """
    if campaign.stage == Stage.PUBLISHED:
        return kept(campaign)
    session = db.session()
    newest = handover.latest(session, campaign.id) if campaign.stage == Stage.REVIEW else None
    if newest is not None and decided_upon(campaign, newest):
        return shelf().submitted(session, newest, campaign)
    return live(campaign)


def decided_upon(campaign: Campaign, newest: Package | None) -> bool:
    """Does the council decide upon a package now? Then it reads that package and nothing that came later."""
    return campaign.stage == Stage.REVIEW and newest is not None and newest.state == PackageState.SUBMITTED


def live(campaign: Campaign) -> CampaignResults:
    """What is counted now, as it stood seconds ago at most. Raises PinnedChanged, Refusal."""
    if campaign.stage == Stage.PUBLISHED:
        raise Refusal(
            _(
                "Результаты кампании № %(id)s опубликованы раньше, чем служба стала хранить выпуски. Попросите"
                " администратора выполнить команду nok campaigns freeze %(id)s.",
                id=campaign.id,
            )
        )
    return shelf().results(db.session(), campaign)
