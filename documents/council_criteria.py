"""Each criterion in the council's report: what it is made of, the least and the greatest, best and worst, its chart.

Figures are those of the results, nothing is computed here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

import nok
from documents import blocks
from documents.blocks import FIGURE, TEXT
from documents.figures import captioned
from documents.overview import Overview, Spread
from documents.presentation import called, cell, scored
from surveys.results import CampaignResults, Standing

LISTED = 100  # organisations: with more of them their figures stand in the annex alone


def criteria(results: CampaignResults, view: Overview) -> Iterator[blocks.Section]:
    """A section for each criterion."""
    norm = results.facts.norm
    spreads = {spread.id: spread for spread in view.spreads}
    for id, criterion in norm.criteria.items():
        own = [rule for rule in norm.indicators.values() if rule.criterion == id]
        keys = (id, *(rule.number for rule in own))
        words = "\n\n".join(filter(None, (_defined(results, own), *_spread(spreads.get(id)))))
        chart = blocks.chart(
            _("%(id)s: средние баллы по организациям", id=id), list(captioned(means_of(results, keys)))
        )
        made = [_summary(results, id, keys), chart]
        if 1 < len(results.standings) <= LISTED:
            made.append(_listed(results, id, keys))
        yield blocks.section(id, f"{id}. {criterion.title}", words, made)


def _summary(results: CampaignResults, id: str, keys: Sequence[str]) -> blocks.Block:
    """Of a criterion and its indicators: the least, the greatest, the mean."""
    norm = results.facts.norm
    head = (
        ("№", TEXT, 8),
        (_("Критерий, показатель"), TEXT, 44),
        (_("Минимум"), FIGURE, 16),
        (_("Максимум"), FIGURE, 17),
        (_("Среднее"), FIGURE, 15),
    )
    rows = []
    for key in keys:
        figures = [one for standing in results.standings if (one := _figure(standing, key))]
        ends = (min(figures, key=_exact), max(figures, key=_exact)) if figures else (None, None)
        title = norm.criteria[key].title if key == id else norm.indicators[key].title
        rows.append((key, title, *(scored(end) for end in ends), scored(results.means.get(key))))
    return blocks.table(_("%(id)s: от минимума до максимума", id=id), head, rows)


def _listed(results: CampaignResults, id: str, keys: Sequence[str]) -> blocks.Block:
    head = ((_("Организация"), TEXT, 48), *((key, FIGURE, 13) for key in (*keys[1:], id)))
    rows = [(called(one), *(cell(_figure(one, key)) for key in (*keys[1:], id))) for one in results.standings]
    return blocks.table(_("%(id)s: организации в порядке рейтинга", id=id), head, rows)


def _figure(standing: Standing, key: str) -> nok.Figure | None:
    found: Mapping[str, nok.Figure | None] = {**standing.result.indicators, **standing.result.criteria}
    return found.get(key)


def _exact(figure: nok.Figure) -> Fraction:
    return figure.exact


def _defined(results: CampaignResults, own: Sequence[nok.Indicator]) -> str:
    weights = results.facts.norm.weights(results.facts.sector)
    listed = "\n".join(f"- {rule.number} {rule.title}{_weight(weights.get(rule.number))}" for rule in own)
    return f"{_('Из чего складывается критерий:')}\n{listed}"


def _weight(weight: Any) -> str:
    if weight is None:
        return str(_("; в этой сфере не измеряется и выводится из остальных"))
    return str(_("; вес %(weight)s", weight=nok.comma(nok.printed(weight, 2).rstrip("0"))))


def _spread(spread: Spread | None) -> Iterator[str]:
    if spread is None:
        yield str(_("Критерий не рассчитан ни для одной организации."))
        return
    low, high, mean = scored(spread.low), scored(spread.high), scored(spread.mean)
    yield str(_("Минимум — %(low)s, максимум — %(high)s, среднее — %(mean)s.", low=low, high=high, mean=mean))
    for title, pairs in ((_("Выше других:"), spread.best), (_("Ниже других:"), spread.worst)):
        if pairs:
            yield f"{title}\n" + "\n".join(f"- {called(one)} — {scored(figure)}" for one, figure in pairs)


def means_of(results: CampaignResults, keys: Iterable[str]) -> dict[str, nok.Figure | None]:
    """The campaign's means of these figures."""
    return {key: results.means.get(key) for key in keys}
