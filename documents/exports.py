"""Results for machines: JSON that carries its own input, and a spreadsheet-safe CSV."""

import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask import Response
from flask_babel import gettext as _

import nok
from documents import beside
from surveys import inert, ratings, territories
from surveys.channels import CHANNELS
from surveys.results import CampaignFacts, CampaignResults, Standing

FORMAT = "nok-result/1"


def organization_json(standing: Standing, facts: CampaignFacts) -> dict[str, Any]:
    """One organisation: facts, sample, the calculator's exact input and its whole answer with the trace.

    Beside it, exact: what each step would bring (`gains`), and where a way of asking differs (`channel_differences`).
    """
    return {
        "format": FORMAT,
        "campaign": facts_json(facts),
        **_provenance(facts),
        "organization": {
            **_organization(standing),
            "result": standing.result.as_dict(),
            "gains": beside.gains_json(standing),
            "channel_differences": beside.differences(standing, facts.norm),
        },
    }


def campaign_json(results: CampaignResults) -> dict[str, Any]:
    """A campaign: means at full precision and every organisation in the order of the rating."""
    return {
        "format": FORMAT,
        "campaign": facts_json(results.facts),
        **_provenance(results.facts),
        **means_json(results),
        "organizations": [row_json(standing) for standing in results.standings],
    }


def row_json(standing: Standing) -> dict[str, Any]:
    """An organisation as a row of a campaign: facts, counts, figures; without the trace."""
    return {**_organization(standing), "result": _figures(standing.result)}


def means_json(results: CampaignResults) -> dict[str, Any]:
    """What a campaign is as a whole: how many were heard, how, and the means."""
    return {
        "responses": results.responses,
        "digital_share": _fraction(results.digital_share),
        "own_digital_share": _fraction(results.own_digital_share),
        "means": {key: _figure(figure) for key, figure in results.means.items()},
        "municipalities": [_municipality(one) for one in territories.municipalities(results)],
    }


def campaign_csv(results: CampaignResults) -> bytes:
    """The rating for a spreadsheet: BOM, semicolons, decimal commas; an undefined figure is an empty cell."""
    return _table(results.standings, results.facts)


def organization_csv(standing: Standing, facts: CampaignFacts) -> bytes:
    """One organisation as the one row of such a table."""
    return _table([standing], facts)


def json_text(data: object) -> str:
    """Readable, Cyrillic as it is."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_json(data: Mapping[str, Any]) -> Response:
    """An answer to a machine, or to a person who saves it: readable, Cyrillic as it is."""
    return Response(
        json_text(data), content_type="application/json; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def _table(standings: Sequence[Standing], facts: CampaignFacts) -> bytes:
    edition = facts.norm
    keys = [*edition.criteria, "total", *edition.indicators]
    headings = [*_headings(keys), *(channel.title for channel in CHANNELS.values())]
    return inert.table([headings, *(_cells(standing, keys) for standing in standings)])


def _headings(keys: list[str]) -> list[str]:
    named = [_("Место"), _("Код"), _("ИНН"), _("ОГРН"), _("Организация"), _("Муниципалитет")]
    figures = [_("Итог") if key == "total" else key for key in keys]
    beside_them = [_("Место от"), _("Место до"), _("Итог от"), _("Итог до")]
    return [*named, *figures, _("Анкет"), _("Норма анкет"), *beside_them]


def _cells(standing: Standing, keys: list[str]) -> Iterator[str]:
    yield str(standing.place or "")
    yield from (standing.code, standing.inn, standing.ogrn, standing.name, standing.municipality)
    figures = figures_of(standing.result)
    for key in keys:
        figure = figures.get(key)
        yield nok.comma(figure.printed) if figure else ""
    yield str(standing.responses)
    yield str(standing.target or "")
    yield from map(str, standing.place_range or ("", ""))
    total = standing.intervals.get("total")
    yield from (nok.comma(nok.printed(end)) for end in total) if total else ("", "")
    yield from (str(standing.channels.get(channel, 0)) for channel in CHANNELS)


def figures_of(result: nok.Result) -> dict[str, nok.Figure | None]:
    """Every figure of a result by its name in documents: "1.1"…"5.3", "K1"…"K5", "total"."""
    return {**result.indicators, **result.criteria, "total": result.total}


def facts_json(facts: CampaignFacts) -> dict[str, Any]:
    """A campaign as machines know it."""
    return {
        "id": facts.id,
        "title": facts.title,
        "year": facts.year,
        "sector": facts.sector,
        "region": facts.region,
        "edition": facts.edition,
        "practice": facts.practice.as_dict(),
        "starts_on": facts.starts_on.isoformat(),
        "ends_on": facts.ends_on.isoformat(),
        "stage": facts.stage,
        "approved": facts.stage == "published",
        "demo": facts.demo,
        "operator": facts.operator,
        "council": facts.council,
        "order": facts.order,
        "hashes": dict(facts.hashes),
        "questionnaires": dict(facts.questionnaires),
    }


def _provenance(facts: CampaignFacts) -> dict[str, Any]:
    """The rules themselves, so that nobody needs us to recompute, and which release the figures are of."""
    edition, practice, issue = facts.norm, facts.practice, facts.issue
    rules = {
        "edition": {"name": edition.id, "sha256": edition.content_hash, "toml": edition.source},
        "practice": practice.as_dict(),
        "practice_sha256": practice.content_hash,
    }
    if issue is None:
        return {"rules": rules}
    release = {"version": issue.version, "sha256": issue.sha256, "short": issue.short}
    return {"rules": rules, "release": release}


def _organization(standing: Standing) -> dict[str, Any]:
    return {
        "code": standing.code,
        "name": standing.name,
        "short_name": standing.short_name,
        "inn": standing.inn,
        "ogrn": standing.ogrn,
        "address": standing.address,
        "municipality": standing.municipality,
        "region": standing.region,
        "sector": standing.sector,
        "kind": standing.kind,
        "place": standing.place,
        "rated": standing.rated,
        "place_range": list(standing.place_range) if standing.place_range else None,
        "intervals": ratings.written(standing.intervals),
        "recipients": standing.recipients,
        "inspected": standing.inspected,
        "target": standing.target,
        "responses": standing.responses,
        "channels": dict(standing.channels),
        "by_channel": {
            question: {group: pair and list(pair) for group, pair in parts.items()}
            for question, parts in standing.by_channel.items()
        },
        "profile": dict(standing.profile),
        "deficiencies": {block: list(titles) for block, titles in standing.deficiencies.items()},
        "input": standing.observations.as_dict(),
        "with_branches": _with_branches(standing),
    }


def _municipality(one: territories.Municipality) -> dict[str, Any]:
    return {"name": one.name, "organizations": one.organizations, "total": _figure(one.total)}


def _with_branches(standing: Standing) -> dict[str, Any] | None:
    """A head office together with its branches, by the practice's way; None where there are no branches."""
    if standing.together is None:
        return None
    figures = {at: _figure(figure) for at, figure in standing.together.items()}
    return {
        "units": standing.units,
        "codes": list(standing.branches),
        "practice": standing.result.practice.branches,
        "figures": figures,
        "intervals": ratings.written(standing.together_intervals),
    }


def _figures(result: nok.Result) -> dict[str, Any]:
    """Without the trace, which would be nine tenths of a campaign's file and is drawn anew from the input."""
    return {
        "indicators": {at: _figure(figure) for at, figure in result.indicators.items()},
        "criteria": {at: _figure(figure) for at, figure in result.criteria.items()},
        "total": _figure(result.total),
        "warnings": [warning._asdict() for warning in result.warnings],
    }


def _figure(figure: nok.Figure | None) -> Mapping[str, Any] | None:
    return None if figure is None else figure.as_dict()


def _fraction(value: Fraction | None) -> Mapping[str, Any] | None:
    if value is None:
        return None
    return {"exact": f"{value.numerator}/{value.denominator}", "value": float(value)}
