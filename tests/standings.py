"""Standings and campaigns without a database, and ways to read the documents made of them."""

import io
import re
import subprocess
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pikepdf
from flask import render_template
from norm.published import example
from pypdf import PdfReader

import nok
from documents import exports
from surveys.results import CampaignFacts, CampaignResults, Standing

URL = "https://nok.example.ru/o/K7M4PX2D"
EDITION = nok.edition("344n-2024")
VECTOR = example(id="K7M4PX2D")
FACTS = CampaignFacts(
    id=1,
    title="Независимая оценка поликлиник Восточного округа, 2026",
    year=2026,
    sector="health",
    region="Город Москва",
    edition="344n-2024",
    practice=nok.Practice(),
    starts_on=date(2026, 3, 1),
    ends_on=date(2026, 4, 30),
    stage="review",
    operator="ООО «Центр исследований»",
    council="Общественный совет при департаменте здравоохранения",
    order="Контракт № 17 от 2 февраля 2026 г.",
    demo=True,
    hashes={"edition": EDITION.content_hash, "practice": "ab" * 32, "questionnaire:bus-gov-13": "1c" * 32},
    questionnaires={"poster": "bus-gov-13"},
)
#: Some of the questions by the way people were asked: one way differs, one had too few.
BY_CHANNEL = {
    "comfort": {"digital": nok.Share(142, 160), "paper": nok.Share(28, 40)},
    "overall": {"digital": nok.Share(140, 150), "phone": None, "paper": None},
}


def standing(code: str = "K7M4PX2D", answers: dict[str, Any] | None = None, **changed: Any) -> Standing:
    """The published vector of the norm as an organisation; `answers` replaces some of its counts."""
    observed = {**VECTOR, "id": code, "answers": {**VECTOR["answers"], **(answers or {})}}
    observations = nok.Observations.read(observed)
    facts: dict[str, Any] = {
        "name": "Государственное бюджетное учреждение «Городская поликлиника № 12»",
        "short_name": "Поликлиника № 12",
        "inn": "7719023456",
        "ogrn": "1027739123456",
        "address": "111123, г. Москва, ул. Плеханова, д. 23",
        "municipality": "Перово",
        "region": "Город Москва",
        "sector": "health",
        "kind": None,
        "target": 240,
        "responses": 200,
        "channels": {"poster": 140, "site": 20, "paper": 40},
        "profile": {"sex_female": 121, "sex_male": 62, "age_18_29": 22},
        "observations": observations,
        "result": nok.assess(observations, EDITION, FACTS.practice),
        "place": 3,
        "rated": 8,
        "place_range": (2, 6),
        "recipients": 900,
        "by_channel": BY_CHANNEL,
        "deficiencies": {"comfort": ["Питьевая вода"], "accessibility": ["Надписи шрифтом Брайля"]},
        "inspected": True,
    }
    facts["intervals"] = nok.uncertainty.bounds(facts["result"], facts["recipients"])
    return Standing(code=code, **{**facts, **changed})


def campaign(size: int = 8) -> CampaignResults:
    """Organisations that differ in one answer; the last has nobody with a disability among those asked."""
    heard = [
        {"overall": [200 - 7 * i, 200], "accessibility": None if i == size - 1 else [9, 12]}
        for i in range(size)
    ]
    rows = [
        standing(f"C{i}", counts, place=i + 1, short_name=f"Поликлиника № {i + 1}", responses=1500 + i)
        for i, counts in enumerate(heard)
    ]
    totals = {row.code: row.result.total for row in rows}
    ranges = nok.rating.ranges(totals, {row.code: row.intervals["total"] for row in rows})
    rows = [replace(row, place_range=ranges[row.code]) for row in rows]
    keys = [*EDITION.indicators, *EDITION.criteria, "total"]
    values = {key: [f.exact for row in rows if (f := exports.figures_of(row.result)[key])] for key in keys}
    means = {
        key: nok.Figure(mean) if (mean := nok.aggregate.mean(found)) else None
        for key, found in values.items()
    }
    return CampaignResults(FACTS, rows, means, sum(row.responses for row in rows), Fraction(342, 1000))


def reading(pdf: bytes) -> str:
    """The text page by page; narrow spaces read as spaces, as a person copies them."""
    texts = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return "\f\n".join(re.sub(r"[\u00a0\u202f]", " ", text).strip() + "\n" for text in texts)


def lying(pdf: bytes) -> list[float]:
    """Of each page that lies on its side: millimetres between the top and the highest word."""
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    heights = []
    for page in re.findall(r'<page width="(.*?)</page>', told.stdout.decode(), re.DOTALL):
        wide, high = float(page.split('"')[0]), float(page.split('"')[2])
        if wide > high:
            heights.append(min(map(float, re.findall(r'yMin="([\d.]+)"', page))) / 72 * 25.4)
    return heights


def page_of(one: Standing, facts: CampaignFacts = FACTS) -> str:
    """The organisation's page on screen."""
    links = {"pdf": "/x.pdf", "json": "/x.json"}
    return render_template(
        "results/organization.html", standing=one, facts=facts, edition=EDITION, links=links
    )


def campaign_page_of(results: CampaignResults) -> str:
    """The campaign's page on screen."""
    context = {"results": results, "edition": EDITION, "links": {"csv": "/x.csv"}, "organization_base": "/o"}
    pages = {"page": 1, "pages": 1, "total": len(results.standings), "prev_url": None, "next_url": None}
    listed = {"shown": results.standings, "q": "", "pages": pages}
    return render_template("results/campaign.html", **context, **listed)


def seen(html: str) -> str:
    """What a person sees of a page."""
    text = re.sub(r"<title>.*?</title>|<[^>]+>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", text.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">"))


def enclosed(pdf: bytes, name: str) -> bytes:
    """A file out of a document."""
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        return whole.attachments[name].get_file().read_bytes()


def figures(result: nok.Result) -> set[str]:
    """All 21 figures of a result as people read them."""
    return {nok.comma(figure.printed) for figure in exports.figures_of(result).values() if figure}
