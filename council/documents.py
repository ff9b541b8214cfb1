"""Result documents on paper: one organisation, one campaign. Tagged PDF/UA-1 with its own input enclosed."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _

import nok
from documents import charts, exports, sealing
from documents.bound import press
from documents.council_annexes import annexes
from documents.council_report import council_sections, cover, stamp
from documents.dossier import Means, dossier, steps
from documents.drawing import drawn, made
from documents.figures import organization_view, pinned
from documents.overview import campaign_view
from documents.presentation import dated, with_year
from surveys import hosts, qr
from surveys.display import sector
from surveys.results import CampaignFacts, CampaignResults, Standing
from surveys.spoken import HEADINGS, REASONS, Spoken


def organization_pdf(
    standing: Standing,
    facts: CampaignFacts,
    *,
    url: str,
    means: Means | None = None,
    words: Spoken | None = None,
) -> bytes:
    """An organisation's dossier: two to four pages, annexes after them; `url` is where its page is.

    `means` are the campaign's: they stand beside the organisation's figures. `words`: an annex of what people said.
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
        words=words,
        headings=HEADINGS,
        reasons=REASONS,
    )
    files = {**_input(standing.observations.as_dict()), **_result(exports.organization_json(standing, facts))}
    return sealing.sealed(pdf, files, made())


def put_down(
    folder: Path, results: CampaignResults, *, url: str, release: bytes = b"", proposals: str = ""
) -> int:
    """Put the document of a campaign down as sections to be drawn; how many parts they make."""
    facts = results.facts
    day = approved_on(facts) or made()
    printed = printed_hash(facts)
    told = stamp(facts, day.date().isoformat())
    preliminary = facts.stage != "published"
    foot = _("Составлено %(day)s", day=dated(day))
    book = press.Book(
        title=_("Результаты независимой оценки, %(year)s: %(name)s", year=facts.year, name=facts.title),
        campaign=with_year(facts.title, facts.year),
        cover=cover(results),
        stamp={
            "state": told["state"],
            "head": _("Предварительные результаты") if preliminary else told["foot"],
            "foot": f"{foot} · {hosts.shown(url)}" if url else foot,
        },
        at=day,
        verify=printed._asdict() if printed else None,
    )
    view = campaign_view(results, facts.norm, charts.WIDE)
    sections = chain(council_sections(results, proposals), annexes(results, view, released=bool(release)))
    inputs = [standing.observations.as_dict() for standing in results.standings]
    files = {**_input(inputs), **(_release(release) if release else _result(exports.campaign_json(results)))}
    return press.put_down(folder, book, sections, files)


def approved_on(facts: CampaignFacts) -> datetime | None:
    """The day a release's document bears, so that it is the same whenever it is drawn; None: not approved."""
    if facts.issue is None or facts.issue.held_on is None:
        return None
    return datetime.combine(facts.issue.held_on, datetime.min.time(), UTC)


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
    """What leads from the paper to the release: an address, the same as a code, the hash in groups to be typed.

    `url` is for people, with a Cyrillic host in Cyrillic, `address` for programs.
    """

    url: str
    code: str
    words: str
    address: str


def printed_hash(facts: CampaignFacts) -> PrintedHash | None:
    """None: what was not approved has no hash."""
    return printed(facts.issue.short) if facts.issue else None


def printed(short: str) -> PrintedHash:
    """Of the release with this beginning of its hash."""
    url = f"{current_app.config['BASE_URL']}/verify/{short}"
    drawn_code = qr.svg(url, title=_("Код со ссылкой на проверку: %(url)s", url=url))
    code = "data:image/svg+xml;base64," + b64encode(drawn_code.encode()).decode()
    words = " ".join(short[at : at + 4] for at in range(0, len(short), 4))
    return PrintedHash(hosts.shown(url), code, words, url)


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
