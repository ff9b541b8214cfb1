"""What the council approved, as bytes that never change (nok-release/1), and a campaign's results read from them alone.

Nothing here looks at tallies, organisations or editions on the disk: a release carries all that it speaks of.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import nok
from nok.loading import read as read_edition
from surveys import ratings
from surveys.handover import Difference, canonical, differences, digest
from surveys.models import Campaign
from surveys.refusals import Refusal
from surveys.releases import SHORT, Release
from surveys.results import CampaignFacts, CampaignResults, Issue, Standing

FORMAT = "nok-release/1"
#: What of an organisation's facts the figures follow from; a name may be corrected while the council reads.
COUNTED = ("input", "responses", "channels", "profile", "place")
NO_MEETING: Mapping[str, Any] = {
    "number": "",
    "held_on": None,
    "for": 0,
    "against": 0,
    "abstain": 0,
    "opinions": [],
}


def releases(session: Session, campaign_id: int) -> Sequence[Release]:
    """Every release of a campaign, the newest first; their contents are not read."""
    found = select(Release).where(Release.campaign_id == campaign_id).order_by(Release.version.desc())
    return session.scalars(found).all()


def release(session: Session, campaign_id: int, version: int) -> Release | None:
    """One release by its number."""
    asked = select(Release).where(Release.campaign_id == campaign_id, Release.version == version)
    return session.scalar(asked)


def in_force(session: Session, campaign_id: int) -> Release | None:
    """The newest of those that were published."""
    return session.scalar(
        select(Release)
        .where(Release.campaign_id == campaign_id, Release.published_at.is_not(None))
        .order_by(Release.version.desc())
        .limit(1)
    )


def published(session: Session) -> dict[int, list[Release]]:
    """Published releases of every campaign that has one, the one in force first; their contents are not read."""
    asked = select(Release).where(Release.published_at.is_not(None))
    found: dict[int, list[Release]] = {}
    for one in session.scalars(asked.order_by(Release.campaign_id, Release.version.desc())):
        found.setdefault(one.campaign_id, []).append(one)
    return found


def content(
    data: Mapping[str, Any],
    campaign: Campaign,
    *,
    version: int,
    note: str = "",
    package: Mapping[str, Any] | None = None,
    meeting: Mapping[str, Any] = NO_MEETING,
) -> dict[str, Any]:
    """The content of a release; `data` are the results as machines read them, as a package holds them."""
    figures = {key: value for key, value in data.items() if key not in ("format", "campaign")}
    return {
        "format": FORMAT,
        "campaign": {**data["campaign"], "stage": "published", "approved": True},
        "version": version,
        "note": note,
        "package": None if package is None else dict(package),
        "rules": {
            "edition": {
                "name": campaign.edition.name,
                "sha256": campaign.edition.sha256,
                "toml": campaign.edition.content,
            },
            "practice": dict(campaign.practice),
            "practice_sha256": campaign.practice_sha256,
        },
        "meeting": dict(meeting),
        **figures,
    }


def made(
    session: Session, campaign_id: int, content: Mapping[str, Any], by: str, at: datetime, package: int | None
) -> Release:
    """Keep a content as the campaign's next release, inside writing() and under the campaign's lock."""
    last = session.scalar(select(func.max(Release.version)).where(Release.campaign_id == campaign_id)) or 0
    if content["version"] != last + 1:
        raise ValueError(f"version {content['version']} after {last}")
    sha256 = digest(content)
    kept = Release(
        campaign_id=campaign_id,
        version=last + 1,
        package_id=package,
        content=canonical(content).decode(),
        sha256=sha256,
        short=sha256[:SHORT],
        note=content["note"],
        approved_by=by,
        approved_at=at,
    )
    session.add(kept)
    session.flush()
    return kept


def agreed(data: Mapping[str, Any], live: Mapping[str, Any]) -> None:
    """What the package says is what is counted now. Raises Refusal, which names the first figure that is not."""
    found = differences({"data": data}, {"data": live})
    if found:
        one = found[0]
        raise Refusal(
            _(
                "Утвердить нельзя: цифры службы разошлись с пакетом. «%(name)s», %(figure)s: в пакете %(was)s,"
                " сейчас %(now)s; всего отличий: %(count)s. Верните пакет: оператор отправит его заново.",
                name=one.name,
                figure={"total": _("итог"), "responses": _("анкет")}.get(one.figure, one.figure),
                was=one.was or "—",
                now=one.now or "—",
                count=len(found),
            )
        )
    old, new = ({one["code"]: _counted(one) for one in each["organizations"]} for each in (data, live))
    for one in data["organizations"]:
        if old[one["code"]] != new[one["code"]]:
            raise Refusal(
                _(
                    "Утвердить нельзя: исходные данные «%(name)s» изменились после отправки пакета. Верните пакет:"
                    " оператор отправит его заново.",
                    name=one["short_name"] or one["name"],
                )
            )


def _counted(organization: Mapping[str, Any]) -> bytes:
    figures = [organization["result"][key] for key in ("indicators", "criteria", "total")]
    return canonical([figures, *(organization.get(key) for key in COUNTED)])


def changes(before: Release, after: Release) -> list[Difference]:
    """Figures of a release that are not those of an earlier one."""
    old, new = ({"data": json.loads(each.content)} for each in (before, after))
    return differences(old, new)


def results(found: Release) -> CampaignResults:
    """The results as they were approved: every figure is the one that is stored."""
    return read(json.loads(found.content), found.sha256)


def meeting(found: Release) -> Mapping[str, Any]:
    """The meeting in a release, with its votes."""
    told: Mapping[str, Any] = json.loads(found.content)["meeting"]
    return told


def read(told: Mapping[str, Any], sha256: str = "") -> CampaignResults:
    """The results in a release's content; the edition is the one that it carries."""
    edition, meeting = edition_in(told), told["meeting"]
    held_on = meeting["held_on"]
    issue = Issue(
        version=told["version"],
        sha256=sha256,
        short=sha256[:SHORT],
        note=told["note"],
        meeting=meeting["number"],
        held_on=date.fromisoformat(held_on) if held_on else None,
    )
    return of_data(told, edition, issue if sha256 else None)


def of_data(data: Mapping[str, Any], edition: nok.Edition, issue: Issue | None = None) -> CampaignResults:
    """Results out of the data of a release or of a package; nothing is counted."""
    facts = _facts(data["campaign"], edition, issue)
    places = facts.practice.places
    return CampaignResults(
        facts=facts,
        standings=[_standing(one, facts, edition) for one in data["organizations"]],
        means=_figures(data["means"], places),
        responses=data["responses"],
        digital_share=share(data["digital_share"]),
        own_digital_share=share(data["own_digital_share"]),
    )


@lru_cache(maxsize=16)
def _edition(name: str, toml: str) -> nok.Edition:
    return read_edition(name, toml.encode())


def edition_in(told: Mapping[str, Any]) -> nok.Edition:
    """The edition that a release's content carries."""
    pinned = told["rules"]["edition"]
    return _edition(pinned["name"], pinned["toml"])


def edition_of(campaign: Campaign) -> nok.Edition:
    """The edition as the campaign pinned it, whatever lies on the disk now."""
    return _edition(campaign.edition.name, campaign.edition.content)


def _facts(told: Mapping[str, Any], edition: nok.Edition, issue: Issue | None) -> CampaignFacts:
    named = ("id", "title", "year", "sector", "region", "edition", "stage", "operator", "council", "order")
    return CampaignFacts(
        **{name: told[name] for name in named},
        practice=nok.Practice.of(told["practice"]),
        starts_on=date.fromisoformat(told["starts_on"]),
        ends_on=date.fromisoformat(told["ends_on"]),
        demo=told["demo"],
        hashes=told["hashes"],
        questionnaires=told["questionnaires"],
        rules=edition,
        issue=issue,
    )


def _standing(one: Mapping[str, Any], facts: CampaignFacts, edition: nok.Edition) -> Standing:
    places, whole = facts.practice.places, one.get("with_branches")
    named = ("code", "name", "short_name", "inn", "ogrn", "address", "municipality", "region", "sector")
    told = ("kind", "place", "rated", "target", "responses", "channels", "profile", "deficiencies")
    observations = nok.Observations.read(one["input"])
    result = nok.Result(
        observations,
        edition,
        facts.practice,
        _figures(one["result"]["indicators"], places),
        _figures(one["result"]["criteria"], places),
        figure(one["result"]["total"], places),
        tuple(nok.Warning_(**warning) for warning in one["result"]["warnings"]),
    )
    return Standing(
        **{name: one[name] for name in (*named, *told)},
        observations=observations,
        result=result,
        inspected=one.get("inspected", bool(observations.checklist)),
        units=whole["units"] if whole else 1,
        together=_figures(whole["figures"], places) if whole else None,
        together_intervals=ratings.read(whole.get("intervals", {})) if whole else {},
        branches=whole.get("codes", ()) if whole else (),
        **_beside(one),
    )


def _beside(one: Mapping[str, Any]) -> dict[str, Any]:
    """What stands beside the figures; what was frozen before there was any of it has none."""
    span = one.get("place_range")
    return {
        "recipients": one.get("recipients"),
        "intervals": ratings.read(one.get("intervals", {})),
        "place_range": (span[0], span[1]) if span else None,
        "by_channel": {
            question: {group: pair and nok.Share(*pair) for group, pair in parts.items()}
            for question, parts in one.get("by_channel", {}).items()
        },
    }


def _figures(told: Mapping[str, Any], places: int) -> dict[str, nok.Figure | None]:
    return {at: figure(one, places) for at, one in told.items()}


def figure(told: Mapping[str, Any] | None, places: int) -> nok.Figure | None:
    """A figure as a release writes it down, to be printed to so many places."""
    return None if told is None else nok.Figure(Fraction(told["exact"]), places)


def share(told: Mapping[str, Any] | None) -> Fraction | None:
    """A share as a release writes it down."""
    return None if told is None else Fraction(told["exact"])
