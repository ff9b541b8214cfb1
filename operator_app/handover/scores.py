"""Sections 6 and 7: the values of each indicator in points, criterion by criterion; totals and places (ПП 638, г)."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from flask_babel import gettext as _

import nok
from documents import blocks
from documents.blocks import FIGURE, TEXT
from documents.overview import Spread
from documents.presentation import CAPTIONS, called, cell, scored
from operator_app.handover.material import Draft, Material
from surveys.display import thousands


def criterion(id: str) -> Callable[[Material], Draft]:
    """The section of one criterion."""

    def drafted(m: Material) -> Draft:
        own = {n: rule for n, rule in m.edition.indicators.items() if rule.criterion == id}
        spread = next((spread for spread in m.view.spreads if spread.id == id), None)
        words = "\n\n".join(filter(None, [_defined(m, id, own), _spread(spread), _ends(spread)]))
        return Draft(words, [_means(m, id, own), _table(m, id, own)])

    return drafted


def _defined(m: Material, id: str, own: Mapping[str, nok.Indicator]) -> str:
    weights = m.edition.weights(m.facts.sector)
    told = "\n".join(f"- {number} {rule.title}{_weight(weights, number)}" for number, rule in own.items())
    return str(
        _(
            "Критерий «%(title)s» складывается из показателей:\n%(list)s",
            title=m.edition.criteria[id].title,
            list=told,
        )
    )


def _weight(weights: Mapping[str, Fraction], number: str) -> str:
    if number not in weights:
        return str(_("; в этой сфере не измеряется и выводится из остальных"))
    weight = nok.comma(nok.printed(weights[number], 2).rstrip("0"))
    return str(_("; вес %(weight)s", weight=weight))


def _spread(spread: Spread | None) -> str:
    if spread is None:
        return str(_("Критерий не рассчитан ни для одной организации."))
    told = _(
        "Меньше всего баллов — %(low)s, больше всего — %(high)s, среднее по организациям — %(mean)s.",
        low=scored(spread.low),
        high=scored(spread.high),
        mean=scored(spread.mean),
    )
    missing = _("Не рассчитан у организаций: %(n)s.", n=thousands(spread.missing)) if spread.missing else ""
    return f"{told} {missing}".strip()


def _ends(spread: Spread | None) -> str:
    if spread is None or not spread.best:
        return ""
    return "\n\n".join(
        f"{title}\n" + "\n".join(f"- {called(one)} — {scored(figure)}" for one, figure in pairs)
        for title, pairs in ((_("Выше других:"), spread.best), (_("Ниже других:"), spread.worst))
    )


def _means(m: Material, id: str, own: Mapping[str, nok.Indicator]) -> blocks.Block:
    lines = [(f"{key} {CAPTIONS.get(key, '')}".strip(), m.results.means.get(key)) for key in (id, *own)]
    return blocks.chart(_("%(id)s: средние баллы по организациям", id=id), lines)


def _table(m: Material, id: str, own: Mapping[str, nok.Indicator]) -> blocks.Block:
    head = ((_("Организация"), TEXT, 56), *((key, FIGURE, 11) for key in (*own, id)))
    rows = [
        (called(one), *(cell(one.result.indicators[number]) for number in own), cell(one.result.criteria[id]))
        for one in m.standings
    ]
    return blocks.table(_("%(id)s: баллы организаций", id=id), head, rows)


def rating(m: Material) -> Draft:
    """Totals and places."""
    total = m.results.means.get("total")
    words = [_("Средняя итоговая оценка по организациям — %(total)s из 100 баллов.", total=scored(total))]
    rated = [one for one in m.results.standings if one.place is not None and one.result.total]
    if rated:
        first, last = rated[0], rated[-1]
        words.append(
            _(
                "Больше всего баллов — %(high)s (%(first)s), меньше всего — %(low)s (%(last)s).",
                high=scored(first.result.total),
                first=called(first),
                low=scored(last.result.total),
                last=called(last),
            )
        )
    without = [one for one in m.results.standings if one.place is None]
    if without:
        words.append(
            _(
                "Без места: %(names)s. Места нет, если не проведена проверка или не рассчитан итог.",
                names="; ".join(map(called, without)),
            )
        )
    head = (
        (_("Место"), FIGURE, 11),
        (_("Организация"), TEXT, 42),
        *((id, FIGURE, 10) for id in m.edition.criteria),
        (_("Итог"), FIGURE, 10),
    )
    rows = [
        (
            one.place or "—",
            called(one),
            *(cell(one.result.criteria[id]) for id in m.edition.criteria),
            cell(one.result.total),
        )
        for one in m.results.standings
    ]
    means = [(f"{id} {CAPTIONS[id]}", m.results.means.get(id)) for id in m.edition.criteria]
    return Draft(
        "\n\n".join(words),
        [blocks.chart(_("Средние по критериям"), means), blocks.table(_("Итоговые оценки"), head, rows)],
    )
