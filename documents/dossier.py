"""A dossier's own tables: an organisation's figures beside the plain means of its campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flask_babel import gettext as _

import nok
from documents import charts
from documents.beside import Raising
from documents.figures import captioned
from documents.presentation import CAPTIONS, scored
from surveys.results import Standing

FIRST = 6  # steps on the first pages
Means = Mapping[str, nok.Figure | None]


@dataclass(frozen=True)
class Line:
    """One figure and the mean; `apart` is the difference of the two as they are printed, with its sign."""

    key: str
    title: str
    own: str
    mean: str
    apart: str


@dataclass(frozen=True)
class Dossier:
    """What the first pages show: five criteria with a chart, the total, fifteen indicators."""

    criteria: Sequence[Line]
    total: Line
    indicators: Sequence[Line]
    chart: charts.Chart


def dossier(standing: Standing, edition: nok.Edition, means: Means) -> Dossier:
    """Nothing is computed but differences of printed figures."""
    result = standing.result
    titles = {id: criterion.title for id, criterion in edition.criteria.items()}
    drawn = charts.chart(
        _("Критерии: организация и среднее по кампании"), captioned(result.criteria), charts.WIDE
    )
    return Dossier(
        criteria=[_line(id, titles[id], result.criteria[id], means.get(id)) for id in edition.criteria],
        total=_line("total", _("Итог"), result.total, means.get("total")),
        indicators=[
            _line(number, str(CAPTIONS.get(number, rule.title)), result.indicators[number], means.get(number))
            for number, rule in edition.indicators.items()
        ],
        chart=drawn.beside([means.get(id) for id in edition.criteria]),
    )


def steps(table: Raising, edition: nok.Edition) -> tuple[Raising, Raising]:
    """What would raise the score: the weightiest for the first pages, the rest for the annex.

    The first do not name what is missing: the list of it stands right above them.
    """
    listed = {number for number, rule in edition.indicators.items() if rule.measure in ("materials", "items")}
    first = [replace(line, note="") if line.number in listed else line for line in table.lines[:FIRST]]
    return replace(table, lines=first), replace(table, lines=table.lines[FIRST:])


def _line(key: str, title: str, own: nok.Figure | None, mean: nok.Figure | None) -> Line:
    apart = "—"
    if own is not None and mean is not None:
        difference = Fraction(own.printed) - Fraction(mean.printed)
        sign = "+" if difference > 0 else "−" if difference < 0 else ""
        apart = sign + nok.comma(nok.printed(abs(difference), own.places))
    return Line(key, title, scored(own), "—" if mean is None else scored(mean), apart)
