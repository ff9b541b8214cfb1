"""What is published, as programs read it: the same words in a list and by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app, url_for

from documents import exports
from surveys.models import Organization
from surveys.questionnaire import Questionnaire
from surveys.releases import Release
from surveys.results import CampaignFacts, CampaignResults, Standing

Told = dict[str, Any]


def address(endpoint: str, **given: Any) -> str:
    """A whole address of ours, as it is known outside."""
    return f"{current_app.config['BASE_URL']}{url_for(endpoint, **given)}"


def links(**endpoints: tuple[str, Mapping[str, Any]]) -> dict[str, str]:
    """Names of links → addresses."""
    return {name: address(endpoint, **given) for name, (endpoint, given) in endpoints.items()}


def organization(one: Organization) -> Told:
    """An organisation as the service knows it."""
    here = {"code": one.code}
    return {
        "code": one.code,
        "name": one.name,
        "short_name": one.short_name,
        "inn": one.inn,
        "ogrn": one.ogrn,
        "region": one.region.name if one.region else "",
        "municipality": one.municipality.name if one.municipality else "",
        "sector": one.sector,
        "kind": one.kind,
        "address": one.address,
        "website": one.website,
        "links": links(self=("api.organization", here), page=("public.organization", here)),
    }


def card(one: Organization, results: Sequence[CampaignResults]) -> Told:
    """An organisation with its published results."""
    return {**organization(one), "results": [_result(found, found.by_code[one.code]) for found in results]}


def _result(found: CampaignResults, standing: Standing) -> Told:
    here = {"campaign_id": found.facts.id, "code": standing.code}
    page = {"code": standing.code, "year": found.facts.year}
    return {
        "campaign": found.facts.id,
        "title": found.facts.title,
        "year": found.facts.year,
        "place": standing.place,
        "rated": standing.rated,
        "total": standing.result.total and standing.result.total.as_dict(),
        "release": _issue(found.facts),
        "links": links(self=("api.result", here), page=("public.year", page)),
    }


def _issue(facts: CampaignFacts) -> str:
    return facts.issue.short if facts.issue else ""


def release(one: Release) -> Told:
    """Which release figures are of."""
    return {
        "version": one.version,
        "sha256": one.sha256,
        "short": one.short,
        "note": one.note,
        "published_at": f"{one.published_at.isoformat(timespec='seconds')}Z" if one.published_at else None,
    }


def campaign(found: CampaignResults, versions: Sequence[Release]) -> Told:
    """A published campaign; the first of `versions` is in force."""
    here = {"campaign_id": found.facts.id}
    ways = links(
        self=("api.campaign", here),
        results=("api.results", here),
        release=("api.release", {"typed": versions[0].short}),
        page=("public.rating", here),
        verify=("verify.release", {"typed": versions[0].short}),
    )
    files = {kind: f"{ways['page']}.{kind}" for kind in ("pdf", "xlsx", "csv", "json")}
    return {
        **exports.facts_json(found.facts),
        **exports.means_json(found),
        "organizations": len(found.standings),
        "release": release(versions[0]),
        "versions": [release(one) for one in versions],
        "links": {**ways, **files},
    }


def provenance(found: CampaignResults, one: Release) -> Told:
    """Which campaign, rules and release figures are of."""
    return {
        "campaign": found.facts.id,
        "edition": found.facts.edition,
        "practice": found.facts.practice.as_dict(),
        "release": release(one),
    }


def result(found: CampaignResults, one: Release, standing: Standing, *, trace: bool) -> Told:
    """One organisation in a campaign, with every step of the sum where that is asked."""
    whole = exports.organization_json(standing, found.facts)["organization"]
    here = {"campaign_id": found.facts.id, "code": standing.code}
    page = {"code": standing.code, "year": found.facts.year}
    told = {
        **provenance(found, one),
        "organization": exports.row_json(standing),
        "gains": whole["gains"],
        "channel_differences": whole["channel_differences"],
        "links": links(
            self=("api.result", here),
            page=("public.year", page),
            release=("api.release", {"typed": one.short}),
        ),
    }
    return {**told, "trace": whole["result"]["trace"]} if trace else told


def questionnaire(one: Questionnaire) -> Told:
    """A questionnaire of the library."""
    return {
        "id": one.id,
        "version": one.version,
        "title": one.title,
        "source": one.source,
        "verified": one.verified,
        "sectors": list(one.spheres),
        "feeds_344n": one.feeds_344n,
        "sha256": one.content_hash,
        "questions": len(one.questions),
        "links": links(self=("api.questionnaire", {"questionnaire": one.id})),
    }


def questionnaire_text(one: Questionnaire) -> Told:
    """A questionnaire with its questions."""
    asked = [
        {
            "id": question.id,
            "number": question.number,
            "caption": question.caption,
            "wording": question.wording,
            "kind": question.kind,
            "required": question.required,
            "when": dict(question.when),
            "choices": [{"value": choice.value, "text": choice.text} for choice in question.choices],
        }
        for question in one.questions
    ]
    return {**questionnaire(one), "intro": one.intro, "asked": asked}
