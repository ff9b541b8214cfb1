"""Counts → norm: the results of one campaign, read from the tallies in O(organisations).

The only file that knows both a questionnaire's measures and the Order's answers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy.orm import Session

import nok
from surveys import inspected, queries, ratings
from surveys.campaigns import rules
from surveys.channels import BY_NUMBER
from surveys.counts import Heard, heard
from surveys.models import Campaign, Inspection, Organization


class Issue(NamedTuple):
    """Which release the figures are of, and the meeting that approved it."""

    version: int
    sha256: str
    short: str
    note: str
    meeting: str
    held_on: date | None


@dataclass(frozen=True)
class CampaignFacts:
    """A campaign as a document names it; `hashes` says what is pinned, name → SHA-256.

    Facts of a release name it in `issue` and carry its own edition in `rules`.
    """

    id: int
    title: str
    year: int
    sector: str
    region: str
    edition: str
    practice: nok.Practice
    starts_on: date
    ends_on: date
    stage: str
    operator: str
    council: str
    order: str
    demo: bool
    hashes: Mapping[str, str]
    questionnaires: Mapping[str, str]
    rules: nok.Edition | None = None
    issue: Issue | None = None

    @property
    def norm(self) -> nok.Edition:
        """The edition that these figures follow: a release's own, or the one that ships."""
        return self.rules or nok.edition(self.edition)


@dataclass(frozen=True)
class Standing:
    """One organisation in one campaign: its counts, its figures and its place.

    `rated` says how many organisations of the campaign have a place.
    A head office with branches in the same campaign has `together` as well: the figures of all its `units` by the
    practice's way with branches (pooled or averaged), keys as in `CampaignResults.means`; `branches` are their codes.
    `recipients` are those of the last year. Beside the figures, never in them (nok.uncertainty, nok.groups):
    `intervals`, keys as in `means`, of those that chance could have made others; `place_range`, the places the
    data allow; `by_channel`, question → way of asking → answers, None where they are too few to be shown.
    """

    code: str
    name: str
    short_name: str
    inn: str
    ogrn: str
    address: str
    municipality: str
    region: str
    sector: str
    kind: str | None
    target: int | None
    responses: int
    channels: Mapping[str, int]
    profile: Mapping[str, int]
    observations: nok.Observations
    result: nok.Result
    place: int | None
    deficiencies: Mapping[str, Sequence[str]]
    rated: int = 0
    inspected: bool = True
    units: int = 1
    together: Mapping[str, nok.Figure | None] | None = None
    together_intervals: ratings.Bounds = field(default_factory=dict)
    branches: Sequence[str] = ()
    recipients: int | None = None
    intervals: ratings.Bounds = field(default_factory=dict)
    place_range: tuple[int, int] | None = None
    by_channel: Mapping[str, Mapping[str, nok.Share | None]] = field(default_factory=dict)

    @cached_property
    def gains(self) -> Sequence[nok.gains.Gain]:
        """Every step that would raise the score, the most rewarding first; counted when first asked for."""
        if not any(self.result.indicators.values()):
            return ()  # refused: no score, nothing to raise
        missing = {block: len(titles) for block, titles in self.deficiencies.items()}
        return nok.gains.gains(self.result, missing if self.inspected else None)


@dataclass(frozen=True)
class CampaignResults:
    """A whole campaign: standings by place (those without one last), plain means at full precision.

    Places and means are of those that were inspected: a total out of answers alone compares with no other.

    `digital_share` counts what Order 777n counts (bus.gov.ru), `own_digital_share` our own posters, sites and kiosks.
    """

    facts: CampaignFacts
    standings: Sequence[Standing]
    means: Mapping[str, nok.Figure | None]
    responses: int
    digital_share: Fraction | None
    own_digital_share: Fraction | None = None

    @cached_property
    def by_code(self) -> Mapping[str, Standing]:
        """A standing by the organisation's public code."""
        return {standing.code: standing for standing in self.standings}


def facts(campaign: Campaign) -> CampaignFacts:
    """A campaign as a document names it. Raises PinnedChanged."""
    _edition, practice = rules(campaign)
    asked = {BY_NUMBER[row.channel].id: row.questionnaire for row in campaign.questionnaires}
    return CampaignFacts(
        id=campaign.id,
        title=campaign.title,
        year=campaign.year,
        sector=campaign.sector,
        region=campaign.region.name,
        edition=campaign.edition.name,
        practice=practice,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        stage=campaign.stage,
        operator=campaign.operator,
        council=campaign.council,
        order=campaign.order,
        demo=campaign.demo,
        hashes={
            "edition": campaign.edition.sha256,
            "practice": campaign.practice_sha256,
            **{f"questionnaire:{pinned.name}": pinned.sha256 for pinned in asked.values()},
        },
        questionnaires={channel: pinned.name for channel, pinned in asked.items()},
    )


def of_campaign(session: Session, campaign: Campaign) -> CampaignResults:
    """Every organisation's figures, places and the means. Raises PinnedChanged."""
    edition, practice = rules(campaign)
    counted = heard(session, campaign.id)
    assessed = queries.assessed(session, campaign.id)
    standings = [
        _standing(
            assessment.organization, assessment.target, inspection, counted[assessment.id], edition, practice
        )
        for assessment, inspection in assessed
    ]
    organizations = [assessment.organization for assessment, _inspection in assessed]
    standings = _with_branches(organizations, standings, edition, practice)
    channels = _channels(standings)
    return CampaignResults(
        facts=facts(campaign),
        standings=_placed(standings, practice),
        means={
            **dict.fromkeys((*edition.indicators, *edition.criteria, "total")),
            **nok.aggregate.averages((one.result for one in standings if one.inspected), practice.places),
        },
        responses=sum(channels.values()),
        digital_share=nok.sample.digital_share(channels, edition),
        own_digital_share=nok.sample.own_digital_share(channels, edition),
    )


def _channels(standings: Iterable[Standing]) -> dict[str, int]:
    total: defaultdict[str, int] = defaultdict(int)
    for standing in standings:
        for channel, count in standing.channels.items():
            total[channel] += count
    return total


def _with_branches(
    organizations: Sequence[Organization],
    standings: Sequence[Standing],
    edition: nok.Edition,
    practice: nok.Practice,
) -> list[Standing]:
    """Give each head office the figures of the whole house."""
    branches: defaultdict[int, list[Standing]] = defaultdict(list)
    for organization, standing in zip(organizations, standings, strict=True):
        if organization.parent_id is not None:
            branches[organization.parent_id].append(standing)
    return [
        _headed(standing, branches[organization.id], edition, practice)
        if organization.id in branches
        else standing
        for organization, standing in zip(organizations, standings, strict=True)
    ]


def _headed(
    standing: Standing,
    branches: Sequence[Standing],
    edition: nok.Edition,
    practice: nok.Practice,
) -> Standing:
    """A head office with its branches; those of another sphere or kind are not put together with it."""
    try:
        observed = [one.observations for one in (standing, *branches)]
        together = nok.aggregate.branches(observed, edition, practice)
        asked = [one.recipients for one in (standing, *branches)]
        spans = nok.uncertainty.of_house(observed, asked, edition, practice)
    except nok.Refused:
        return standing
    codes = [branch.code for branch in branches]
    units = 1 + len(branches)
    return replace(standing, units=units, branches=codes, together=together, together_intervals=spans)


def _standing(
    organization: Organization,
    target: int | None,
    inspection: Inspection | None,
    counted: Heard,
    edition: nok.Edition,
    practice: nok.Practice,
) -> Standing:
    observations = nok.Observations.read(observed(organization, inspection, counted))
    result = nok.assessed(observations, edition, practice)
    recipients = organization.recipients_per_year
    return Standing(
        code=organization.code,
        name=organization.name,
        short_name=organization.short_name,
        inn=organization.inn,
        ogrn=organization.ogrn,
        address=organization.address,
        municipality=organization.municipality.name if organization.municipality else "",
        region=organization.region.name if organization.region else "",
        sector=organization.sector,
        kind=organization.kind,
        target=target,
        responses=counted.responses,
        channels=counted.channels,
        profile=counted.profile(),
        observations=observations,
        result=result,
        place=None,
        deficiencies=inspected.deficiencies(inspection, organization.sector, edition),
        inspected=inspection is not None,
        recipients=recipients,
        intervals=nok.uncertainty.bounds(result, recipients),
        by_channel=counted.by_channel(current_app.config["SMALLEST_GROUP"]),
    )


def observed(organization: Organization, inspection: Inspection | None, counted: Heard) -> dict[str, Any]:
    """What was observed, as `nok indicators` takes it (contracts §3): anyone can recompute from this."""
    return {
        "id": organization.code,
        "sector": organization.sector,
        "kind": organization.kind,
        "respondents": counted.responses,
        "inspection": inspected.counts(inspection),
        "answers": counted.answers(),
    }


def _placed(standings: Sequence[Standing], practice: nok.Practice) -> list[Standing]:
    rated = {s.code: s.result.total if s.inspected else None for s in standings}
    places, ranges = ratings.placed(rated, {s.code: s.intervals for s in standings}, str(practice.ties))
    count = sum(place is not None for place in places.values())
    placed = [
        replace(one, place=places[one.code], place_range=ranges[one.code], rated=count) for one in standings
    ]
    return sorted(placed, key=lambda s: (s.place is None, s.place or 0, s.short_name or s.name))
