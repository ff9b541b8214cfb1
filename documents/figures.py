"""One organisation's figures arranged for reading: criteria, indicators, counts, formulas and reasons."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

import nok
from documents import beside, charts
from documents.presentation import CAPTIONS
from nok.trace import number
from surveys.channels import CHANNELS
from surveys.display import thousands
from surveys.measures import PROFILE_TITLES
from surveys.results import CampaignFacts, Standing

NUMBER = re.compile(r"\d+(?:,\d+)?")
SIX = re.compile(r",\d{6}$")  # of a mean that stands for an undefined figure, which is no figure itself


@dataclass(frozen=True)
class Line:
    """One indicator as the tables show it; `reason` says why there is no figure."""

    number: str
    title: str
    symbol: str
    paragraph: str
    counts: tuple[str, ...]
    formula: str
    substituted: str
    figure: nok.Figure | None
    reason: str


@dataclass(frozen=True)
class Section:
    """One criterion with its indicators."""

    id: str
    title: str
    figure: nok.Figure | None
    formula: str
    substituted: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class View:
    """Everything that the page and the PDF of one organisation show beside its facts."""

    sections: tuple[Section, ...]
    trace: Sequence[nok.Step]
    signs: Mapping[str, str]
    criteria_chart: charts.Chart
    indicators_chart: charts.Chart
    channels: Sequence[tuple[str, int]]
    sexes: Sequence[tuple[str, int]]
    ages: Sequence[tuple[str, int]]
    deficiencies: Sequence[tuple[str, Sequence[str]]]
    unverified: Sequence[str]
    command: str
    raising: beside.Raising
    effect: beside.Effect


def organization_view(standing: Standing, edition: nok.Edition, layout: charts.Layout) -> View:
    """Read the result once: the trace is computed on demand and costs more than the figures."""
    trace = standing.result.trace
    steps = {step.at: step for step in trace}
    return View(
        sections=tuple(_section(standing, edition, steps, id) for id in edition.criteria),
        trace=trace,
        signs=signs(standing.result, trace),
        criteria_chart=charts.chart(_("Критерии"), captioned(standing.result.criteria), layout),
        indicators_chart=charts.chart(_("Показатели"), captioned(standing.result.indicators), layout),
        channels=counts_in_order(standing.channels, CHANNELS),
        sexes=_kin(standing.profile, "sex_"),
        ages=_kin(standing.profile, "age_"),
        deficiencies=[(block, titles) for block, titles in standing.deficiencies.items() if titles],
        unverified=unverified([standing.result]),
        command=command(standing.result.practice, edition, "input.json"),
        raising=beside.raising(standing),
        effect=beside.effect(standing, edition),
    )


def signs(result: nok.Result, trace: Iterable[nok.Step]) -> dict[str, str]:
    """What stands before a formula with numbers in it: «≈» when a figure of it was cut to six decimals."""
    figures = [*result.indicators.values(), *result.criteria.values()]
    written = {number(figure.exact): figure.exact for figure in figures if figure}
    cut = {text for text, exact in written.items() if Fraction(text.replace(",", ".")) != exact}
    return {
        step.at: "≈" if any(n in cut or SIX.search(n) for n in NUMBER.findall(step.substituted)) else "="
        for step in trace
    }


def captioned(figures: Mapping[str, nok.Figure | None]) -> Iterator[tuple[str, nok.Figure | None]]:
    """Figures under the short captions of charts: «1.1 Информация на стенде и сайте»."""
    return ((f"{key} {CAPTIONS.get(key, '')}".strip(), figure) for key, figure in figures.items())


def counts_in_order(counts: Mapping[str, int], order: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Non-zero counts, known codes first in their own order, unknown ones after them."""
    known = [code for code in order if counts.get(code)]
    return [
        (code, counts[code]) for code in known + sorted(c for c in counts if c not in order and counts[c])
    ]


def _kin(profile: Mapping[str, int], prefix: str) -> list[tuple[str, int]]:
    """As the questionnaire asks them: a release holds them by alphabet."""
    told = {code: count for code, count in profile.items() if code.startswith(prefix)}
    return counts_in_order(told, PROFILE_TITLES)


def command(practice: nok.Practice, edition: nok.Edition, file: str) -> str:
    """The line that recomputes a result on a bare Python, with every choice of the practice spelt out."""
    choices = " ".join(f"--practice {key}={value}" for key, value in practice.as_dict().items())
    return f"python -m nok indicators {file} --edition {edition.id} {choices}"


def unverified(results: Iterable[nok.Result]) -> list[str]:
    """Each sentence once about the rules these results used that were not checked with the official text."""
    warnings = (warning for result in results for warning in result.warnings)
    return list(dict.fromkeys(warning.text for warning in warnings if warning.rule == "unverified"))


def _section(standing: Standing, edition: nok.Edition, steps: Mapping[str, nok.Step], id: str) -> Section:
    step = steps.get(id)
    return Section(
        id=id,
        title=edition.criteria[id].title,
        figure=standing.result.criteria[id],
        formula=step.formula if step else "",
        substituted=step.substituted if step else "",
        lines=tuple(
            _line(standing, edition, indicator, steps.get(indicator.number))
            for indicator in edition.indicators.values()
            if indicator.criterion == id
        ),
    )


def _line(standing: Standing, edition: nok.Edition, indicator: nok.Indicator, step: nok.Step | None) -> Line:
    figure = standing.result.indicators.get(indicator.number)
    return Line(
        number=indicator.number,
        title=indicator.title,
        symbol=indicator.symbol,
        paragraph=indicator.paragraph,
        counts=tuple(counts(standing, edition, indicator)),
        formula=step.formula if step else indicator.formula,
        substituted=step.substituted if step else "",
        figure=figure,
        reason="" if figure else _reason(standing, edition, indicator.number),
    )


def _reason(standing: Standing, edition: nok.Edition, at: str) -> str:
    if not edition.applies(at, standing.sector, standing.kind):
        return str(_("не применяется в этой сфере"))
    told = [warning.text for warning in standing.result.warnings if warning.at == at]
    return str(told[0] if told else _("никто из опрошенных не ответил на вопрос"))


def counts(standing: Standing, edition: nok.Edition, indicator: nok.Indicator) -> Iterator[str]:
    """The observed numbers behind one indicator, in words, exactly as they went into the calculation."""
    at, observed = indicator.number, standing.observations.as_dict()
    inspection, answers = observed.get("inspection") or {}, observed.get("answers") or {}
    if not inspection and (at == "1.1" or indicator.block):
        yield _("проверки ещё не было")
    elif at == "1.1":
        yield from _posted(inspection)
    elif indicator.block:
        listed = len(edition.items(indicator.block, standing.sector))
        yield _("отмечено: %(n)s из %(of)s", n=inspection.get(indicator.block) or 0, of=listed)
    if at == "2.2" and inspection.get("waiting_points") is not None:
        yield _("Сожид: %(points)s", points=nok.comma(str(inspection["waiting_points"])))
    for key in indicator.answers:
        yield _satisfied(key, answers.get(key))


def _posted(inspection: Mapping[str, Any]) -> Iterator[str]:
    for key, template in (
        ("stand", _("на стенде: %(n)s из %(of)s")),
        ("site", _("на сайте: %(n)s из %(of)s")),
    ):
        seen = inspection.get(key)
        if seen:
            yield template % {"n": thousands(seen["present"]), "of": thousands(seen["required"])}
        else:
            yield _("стенда нет") if key == "stand" else _("сайта нет")


def _satisfied(key: str, pair: Sequence[int] | None) -> str:
    yes, asked = pair or (0, 0)
    said = {"n": thousands(yes), "of": thousands(asked)}
    what = _("да: %(n)s из %(of)s", **said) if asked else _("ответов нет")
    where = {"stand": _("стенд — "), "site": _("сайт — "), "on_time": _("вовремя — ")}
    return f"{where.get(key, '')}{what}"


def pinned(facts: CampaignFacts) -> list[tuple[str, str]]:
    """What the campaign pinned, under readable names, with the sha256 of each."""
    names = {"edition": _("Редакция порядка"), "practice": _("Практика")}
    return [
        (names.get(key) or _("Анкета %(id)s", id=key.removeprefix("questionnaire:")), value)
        for key, value in facts.hashes.items()
    ]
