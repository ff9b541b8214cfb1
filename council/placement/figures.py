"""How far the code has come: shares of campaigns and regions, and what is known of each organisation.

Answers by a poster's code are told by the week and without a count: who watches a page every day must not learn
that somebody answered at the registry this morning. Scans are told by the week too, their number when it is over and
not small.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from flask import current_app
from sqlalchemy import ColumnElement, and_, distinct, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from surveys import paging, queries
from surveys.channels import CHANNELS
from surveys.clock import monday, today
from surveys.models import Assessment, Campaign, Organization, Place, Response
from surveys.placement import CodeScan, PosterSeen, SiteCheck, SiteState, Watcher

PAGE_SIZE = 50
CHUNK = 500
NO_POSTER, NO_SITE, WITHOUT = "no_poster", "no_site", ("no_poster", "no_site")


class Shares(NamedTuple):
    """Of a campaign or a region: organisations, those whose poster was seen this year, whose site has the code.

    `cut_short`: of the opened, those on which nothing was found and not everything was seen. `scanned`: those whose
    code was scanned in a week of the year that is over: who watches must not see a visitor come.
    """

    organizations: int
    posters: int
    by_officials: int
    checked: int
    sites: int
    cut_short: int
    scanned: int

    def share(self, count: int) -> Fraction | None:
        """A count as a share of the organisations."""
        return Fraction(count, self.organizations) if self.organizations else None


class Scanned(NamedTuple):
    """The last week with a scan; the last one that is over and its scans, None where they were too few to be told."""

    last: date
    over: date | None
    scans: int | None


class Spot(NamedTuple):
    """One place of a poster: its name, who saw it last and when, its last scans, the week of the last answer."""

    place: int
    name: str
    visitor: date | None
    official: PosterSeen | None
    scanned: Scanned | None
    answered: date | None


@dataclass
class Known:
    """What is known of one organisation: its posters by place, its site."""

    organization: Organization
    assessment_id: int | None
    site: SiteCheck | None = None
    spots: list[Spot] = field(default_factory=list)

    @property
    def seen_on(self) -> date | None:
        """The last day somebody saw a poster of it."""
        days = [
            day for one in self.spots for day in (one.visitor, one.official and one.official.seen_on) if day
        ]
        return max(days, default=None)

    @property
    def by_official(self) -> PosterSeen | None:
        """The last photograph of an official."""
        seen = [one.official for one in self.spots if one.official]
        return max(seen, key=lambda one: one.seen_on, default=None)

    @property
    def answered(self) -> date | None:
        """The week of the last answer by any of its codes."""
        return max((one.answered for one in self.spots if one.answered), default=None)

    @property
    def scanned(self) -> date | None:
        """The last week in which any of its codes was scanned."""
        return max((one.scanned.last for one in self.spots if one.scanned), default=None)

    @property
    def on_site(self) -> bool:
        """Was the code on its site when that was last opened?"""
        return self.site is not None and self.site.state == SiteState.FOUND


def shares(session: Session, campaigns: Collection[Campaign]) -> Mapping[int, Shares]:
    """The shares of these campaigns, by their numbers."""
    return _shares(session, campaigns, Campaign.id)


def of_regions(session: Session, campaigns: Collection[Campaign]) -> Mapping[int, Shares]:
    """The same of whole regions, by their numbers: an organisation of two campaigns is one organisation."""
    return _shares(session, campaigns, Campaign.region_id)


def _shares(
    session: Session, campaigns: Collection[Campaign], by: InstrumentedAttribute[int]
) -> Mapping[int, Shares]:
    of_them = Campaign.id.in_([one.id for one in campaigns])
    same_year = Campaign.year == PosterSeen.year

    def counted(
        *more: ColumnElement[bool], table: type[PosterSeen | SiteCheck | CodeScan] | None = None
    ) -> Mapping[int, int]:
        found = select(by, func.count(distinct(Assessment.organization_id))).join_from(
            Campaign, Assessment, Campaign.id == Assessment.campaign_id
        )
        if table is not None:
            found = found.join(table, table.organization_id == Assessment.organization_id)
        return {one: count for one, count in session.execute(found.where(of_them, *more).group_by(by))}

    in_its_year = or_(
        false(), *(and_(Campaign.year == year, over(year)) for year in {one.year for one in campaigns})
    )
    told = (
        counted(),
        counted(same_year, table=PosterSeen),
        counted(same_year, PosterSeen.watcher == Watcher.OFFICIAL, table=PosterSeen),
        counted(table=SiteCheck),
        counted(SiteCheck.state == SiteState.FOUND, table=SiteCheck),
        counted(SiteCheck.state == SiteState.CUT_SHORT, table=SiteCheck),
        counted(in_its_year, table=CodeScan),
    )
    return {
        one: Shares(*(counts.get(one, 0) for counts in told))
        for one in {getattr(campaign, by.key) for campaign in campaigns}
    }


def page(
    session: Session, campaign: Campaign, words: str, without: str, number: int
) -> tuple[int, list[Known]]:
    """How many organisations of a campaign match, and one page of them by name."""
    where = _where(campaign, words, without)
    matching = select(func.count()).select_from(Assessment).join(Assessment.organization).where(*where)
    total = session.scalar(matching) or 0
    start = (min(number, paging.count(total, PAGE_SIZE)) - 1) * PAGE_SIZE
    return total, _known(session, campaign, _chosen(session, where, PAGE_SIZE, start))


def everything(session: Session, campaign: Campaign, words: str = "", without: str = "") -> Iterator[Known]:
    """All of them, in parts that memory holds."""
    where, start = _where(campaign, words, without), 0
    while found := _chosen(session, where, CHUNK, start):
        yield from _known(session, campaign, found)
        start += CHUNK


def of_one(session: Session, organization: Organization, campaign: Campaign | None, year: int) -> Known:
    """What is known of one organisation this year."""
    assessment = queries.assessment(session, campaign.id, organization.id) if campaign else None
    known = [(organization, assessment.id if assessment else None)]
    return _gathered(session, known, year)[0]


def _where(campaign: Campaign, words: str, without: str) -> Sequence[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Assessment.campaign_id == campaign.id]
    if paging.words_of(words):
        where.append(queries.named(words))
    if without == NO_POSTER:
        seen = select(PosterSeen.organization_id).where(PosterSeen.year == campaign.year)
        where.append(Assessment.organization_id.not_in(seen))
    if without == NO_SITE:
        found = select(SiteCheck.organization_id).where(SiteCheck.state == SiteState.FOUND)
        where.append(Assessment.organization_id.not_in(found))
    return where


def _chosen(
    session: Session, where: Sequence[ColumnElement[bool]], size: int, start: int
) -> Sequence[Assessment]:
    return session.scalars(
        select(Assessment)
        .join(Assessment.organization)
        .where(*where)
        .order_by(Organization.name, Organization.id)
        .limit(size)
        .offset(start)
    ).all()


def _known(session: Session, campaign: Campaign, chosen: Sequence[Assessment]) -> list[Known]:
    return _gathered(session, [(one.organization, one.id) for one in chosen], campaign.year)


def _gathered(session: Session, chosen: Sequence[tuple[Organization, int | None]], year: int) -> list[Known]:
    """What the tables know of these organisations, each asked once."""
    ids = [organization.id for organization, _assessment in chosen]
    names: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for place in session.scalars(select(Place).where(Place.organization_id.in_(ids))):
        names[place.organization_id][place.number] = place.name
    seen: defaultdict[int, list[PosterSeen]] = defaultdict(list)
    for one in session.scalars(
        select(PosterSeen).where(PosterSeen.organization_id.in_(ids), PosterSeen.year == year)
    ):
        seen[one.organization_id].append(one)
    checks = session.scalars(select(SiteCheck).where(SiteCheck.organization_id.in_(ids)))
    sites = {one.organization_id: one for one in checks}
    answers = _answers(session, [assessment for _one, assessment in chosen if assessment is not None])
    scans = _scans(session, ids)
    return [
        Known(
            one,
            assessment,
            sites.get(one.id),
            _spots(names[one.id], seen[one.id], scans[one.id], answers[assessment]),
        )
        for one, assessment in chosen
    ]


def _spots(
    names: Mapping[int, str],
    seen: Iterable[PosterSeen],
    scanned: Mapping[int, Scanned],
    answered: Mapping[int, date],
) -> list[Spot]:
    by = {(one.place, one.watcher): one for one in seen}
    places = sorted({0, *names, *scanned, *answered, *(place for place, _watcher in by)})
    return [
        Spot(
            place,
            names.get(place, ""),
            found.seen_on if (found := by.get((place, Watcher.VISITOR))) else None,
            by.get((place, Watcher.OFFICIAL)),
            scanned.get(place),
            monday(answered[place]) if place in answered else None,
        )
        for place in places
    ]


def _answers(session: Session, assessments: Sequence[int]) -> Mapping[int | None, Mapping[int, date]]:
    """Assessment → place → the day of the last answer by the poster's code."""
    found: defaultdict[int | None, dict[int, date]] = defaultdict(dict)
    last = (
        select(Response.assessment_id, Response.place, func.max(Response.day))
        .where(Response.assessment_id.in_(assessments), Response.channel == CHANNELS["poster"].number)
        .group_by(Response.assessment_id, Response.place)
    )
    for assessment, place, day in session.execute(last):
        found[assessment][place] = day
    return found


def _scans(session: Session, organizations: Collection[int]) -> Mapping[int, Mapping[int, Scanned]]:
    """Organisation → place → its last weeks with scans."""
    of_them = CodeScan.organization_id.in_(organizations)
    ended = _last(session, of_them, CodeScan.week < monday(today()))
    found: defaultdict[int, dict[int, Scanned]] = defaultdict(dict)
    for (organization_id, place), one in _last(session, of_them).items():
        past = ended.get((organization_id, place))
        told = (past.week, tellable(past.scans)) if past else (None, None)
        found[organization_id][place] = Scanned(one.week, *told)
    return found


def _last(session: Session, *which: ColumnElement[bool]) -> Mapping[tuple[int, int], CodeScan]:
    """(Organisation, place) → the last of these weeks: years of weeks stay in the database."""
    at = (CodeScan.organization_id, CodeScan.place)
    last = select(*at, func.max(CodeScan.week).label("week")).where(*which).group_by(*at).subquery()
    same = and_(*(column == last.c[column.key] for column in (*at, CodeScan.week)))
    rows = session.scalars(select(CodeScan).join(last, same))
    return {(one.organization_id, one.place): one for one in rows}


def over(year: int) -> ColumnElement[bool]:
    """Is it a week of this year, and over?"""
    return CodeScan.week.between(date(year, 1, 1), min(date(year, 12, 31), monday(today()) - timedelta(1)))


def tellable(scans: int) -> int | None:
    """Scans of a week that is over, unless they are too few to be told."""
    return scans if scans >= current_app.config["SMALLEST_GROUP"] else None
