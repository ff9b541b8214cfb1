"""Result documents on paper: one organisation, one campaign. Tagged PDF/UA-1 with its own input enclosed."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _

import nok
from documents import charts, exports, sealing
from documents.dossier import Means, dossier, steps
from documents.drawing import drawn, made
from documents.figures import organization_view, pinned
from documents.overview import campaign_view
from surveys import qr
from surveys.display import sector
from surveys.pdf_join import joined
from surveys.results import CampaignFacts, CampaignResults, Standing

#: Rows laid out at once: memory is that of one part, about 0.4 MiB a row.
PART = 400


def organization_pdf(
    standing: Standing, facts: CampaignFacts, *, url: str, means: Means | None = None
) -> bytes:
    """An organisation's dossier: two to four pages, annexes after them; `url` is where its page is.

    `means` are the campaign's: they stand beside the organisation's figures.
    """
    edition = facts.norm
    view = organization_view(standing, edition, charts.WIDE)
    pdf = drawn(
        "print/result_organization.html",
        url,
        steps=steps(view.raising, edition),
        standing=standing,
        facts=facts,
        edition=edition,
        view=view,
        dossier=None if means is None else dossier(standing, edition, means),
        details=organization_details(standing, facts, edition),
        pinned=pinned(facts),
        printed_hash=printed_hash(facts),
    )
    files = {**_input(standing.observations.as_dict()), **_result(exports.organization_json(standing, facts))}
    return sealing.sealed(pdf, files, made())


def campaign_pdf(results: CampaignResults, *, url: str, release: bytes = b"") -> bytes:
    """The document of a campaign, in parts of 400 rows: time linear in organisations, memory bounded.

    `release` are the bytes that were hashed: they are enclosed as they are, and nothing needs us to be recomputed.
    """
    title = _(
        "Результаты независимой оценки, %(year)s: %(name)s", year=results.facts.year, name=results.facts.title
    )
    # All parts are laid out before the first is joined: the two peaks of memory do not meet.
    whole = joined(list(_parts(results, url, "release.json" if release else "result.json")), title=title)
    inputs = [standing.observations.as_dict() for standing in results.standings]
    files = {**_input(inputs), **(_release(release) if release else _result(exports.campaign_json(results)))}
    return sealing.sealed(
        whole, files, made(), lambda pages: drawn("print/result_pages.html", "", pages=pages)
    )


def _parts(results: CampaignResults, url: str, file: str) -> Iterator[bytes]:
    edition = results.facts.norm
    context = {
        "results": results,
        "edition": edition,
        "view": campaign_view(results, edition, charts.WIDE),
        "details": campaign_details(results.facts, edition),
        "pinned": pinned(results.facts),
        "printed_hash": printed_hash(results.facts),
        "enclosed_file": file,
    }
    slices = [results.standings[at : at + PART] for at in range(0, len(results.standings), PART)] or [[]]
    for place, rows in enumerate(slices):
        yield _part("rating" if place else "opening", url, context, rows)
    for place, rows in enumerate(slices):
        yield _part("annex", url, context, rows, first=not place)
    yield _part("closing", url, context, [])


def _part(
    part: str, url: str, context: Mapping[str, Any], rows: Sequence[Standing], *, first: bool = True
) -> bytes:
    return drawn("print/result_campaign.html", url, part=part, rows=rows, first=first, **context)


def _input(observed: Any) -> dict[str, tuple[str, bytes]]:
    return {"input.json": (_("Что вошло в расчёт: вход команды nok indicators"), _json(observed))}


def _result(result: Mapping[str, Any]) -> dict[str, tuple[str, bytes]]:
    words = _("Что получилось: показатели, критерии, итог и ход расчёта")
    return {"result.json": (words, _json(result))}


def _release(content: bytes) -> dict[str, tuple[str, bytes]]:
    return {"release.json": (_("Выпуск целиком: счёты, правила, цифры; то, что утвердил совет"), content)}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


class PrintedHash(NamedTuple):
    """What leads from the paper to the release: an address, the same as a code, the hash in groups to be typed."""

    url: str
    code: str
    words: str


def printed_hash(facts: CampaignFacts) -> PrintedHash | None:
    """None: what was not approved has no hash."""
    if facts.issue is None:
        return None
    short = facts.issue.short
    url = f"{current_app.config['BASE_URL']}/verify/{short}"
    drawn_code = qr.svg(url, title=_("Код со ссылкой на проверку: %(url)s", url=url))
    code = "data:image/svg+xml;base64," + b64encode(drawn_code.encode()).decode()
    return PrintedHash(url, code, " ".join(short[at : at + 4] for at in range(0, len(short), 4)))


def organization_details(
    standing: Standing, facts: CampaignFacts, edition: nok.Edition
) -> list[tuple[str, str]]:
    """The head of an organisation's result: names and values, empty ones to be left out."""
    numbers = (standing.inn, standing.ogrn and _("ОГРН %(number)s", number=standing.ogrn))
    return [
        (_("ИНН"), ", ".join(filter(None, numbers))),
        (_("Адрес"), standing.address),
        (_("Кампания"), facts.title),
        *campaign_details(facts, edition, standing.municipality),
    ]


def campaign_details(
    facts: CampaignFacts, edition: nok.Edition, municipality: str = ""
) -> list[tuple[str, str]]:
    """The head of a campaign's result: names and values, empty ones to be left out."""
    return [
        (_("Сфера"), sector(facts.sector)),
        (_("Территория"), ", ".join(filter(None, (facts.region, municipality)))),
        (_("Порядок расчёта"), edition.title),
        (_("Основание"), facts.order),
        (_("Оператор"), facts.operator),
        (_("Общественный совет"), facts.council),
    ]
