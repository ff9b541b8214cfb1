"""Средние: отрасль, муниципалитет, регион, страна; организация с филиалами. Округление — после среднего."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from nok.assessment import Result, assess
from nok.figure import Figure, weighted
from nok.observations import Norm, Observations, Share
from nok.practice import Practice
from nok.refusal import Refused
from nok.rules import BLOCKS, QUESTIONS, Edition
from nok.scores import staged


def mean(figures: Iterable[Fraction]) -> Fraction | None:
    """Простое среднее: организация с тысячей анкет и организация с десятью весят одинаково."""
    return weighted((figure, 1) for figure in figures)


@dataclass(frozen=True, slots=True)
class Territory:
    """Муниципалитет, регион или страна: средние отраслей (Sou) и среднее этих средних (Su)."""

    sectors: Mapping[str, Fraction]
    overall: Fraction | None


def territory(totals: Iterable[tuple[str, Fraction]]) -> Territory:
    """(отрасль, итог организации) → Sou = ΣSoun/Nou и Su = ΣSou/Qu; у муниципалитета и региона одинаково."""
    by_sector: dict[str, list[Fraction]] = {}
    for sector, total in totals:
        by_sector.setdefault(sector, []).append(total)
    return _of_sectors({sector: mean(values) for sector, values in by_sector.items()})


def country(regions: Iterable[Territory]) -> Territory:
    """Среднее регионов: по каждой отрасли — среди регионов, где она оценена; в целом — среднее регионов."""
    parts = list(regions)
    sectors = dict.fromkeys(sector for part in parts for sector in part.sectors)
    means = {s: mean(part.sectors[s] for part in parts if s in part.sectors) for s in sectors}
    overall = mean(part.overall for part in parts if part.overall is not None)
    return replace(_of_sectors(means), overall=overall)


def _of_sectors(means: Mapping[str, Fraction | None]) -> Territory:
    known = {sector: value for sector, value in means.items() if value is not None}
    return Territory(known, mean(known.values()))


def averages(results: Iterable[Result], places: int = 2) -> dict[str, Figure | None]:
    """Средние показателей («1.1»…«5.3»), критериев («K1»…«K5») и итога («total»).

    Неопределенное в среднем не участвует: ни нулем, ни ста баллами.
    """
    known: dict[str, list[Fraction]] = {}
    for result in results:
        for at, figure in figures(result).items():
            known.setdefault(at, []).extend([figure.exact] if figure else [])
    means = {at: mean(values) for at, values in known.items()}
    return {at: None if value is None else Figure(value, places) for at, value in means.items()}


def figures(result: Result) -> dict[str, Figure | None]:
    """Все цифры одной организации: показатели, критерии и итог под именами «1.1»…«5.3», «K1»…«K5», «total»."""
    return {**result.indicators, **result.criteria, "total": result.total}


def branches(units: Sequence[Observations], edition: Edition, practice: Practice) -> dict[str, Figure | None]:
    """Организация с филиалами одной строкой: ключи как у `averages`, способ — по решению `branches`.

    `pool` — ответы и материалы складываются, и считается одна организация; `mean` — среднее итогов каждой.
    """
    if practice.branches == "pool":
        return figures(assess(pool(units), edition, practice))
    means = averages((assess(unit, edition, practice) for unit in units), practice.places)
    staged_at = {"K": "criteria", "t": "total"}
    return {
        at: figure
        and replace(figure, exact=staged(figure.exact, staged_at.get(at[0], "indicators"), practice))
        for at, figure in means.items()
    }


def pool(units: Sequence[Observations]) -> Observations:
    """Головная организация (первая) вместе с филиалами: складывается то, что считали людьми и материалами.

    Пункты чек-листов не складываются (четыре условия в двух зданиях — не восемь): у каждого подразделения
    свои баллы, показатель — их среднее. Сожид — среднее подразделений.
    """
    if not units:
        raise Refused("", "складывать нечего: ни одного подразделения")
    head = units[0]
    if any((unit.sector, unit.kind) != (head.sector, head.kind) for unit in units):
        raise Refused("sector", "головная организация и филиалы — одной сферы и одного вида")
    return replace(
        head,
        respondents=_sum(unit.respondents for unit in units),
        stand=_norms(unit.stand for unit in units),
        site=_norms(unit.site for unit in units),
        information_required=_sum(unit.information_required for unit in units),
        checklist=_together(units),
        waiting_points=mean(u.waiting_points for u in units if u.waiting_points is not None),
        answers={name: share for name in QUESTIONS if (share := _shares(units, name))},
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)


def _norms(norms: Iterable[Norm | None]) -> Norm | None:
    known = [norm for norm in norms if norm is not None]
    return Norm(sum(n.present for n in known), sum(n.required for n in known)) if known else None


def _together(units: Sequence[Observations]) -> dict[str, tuple[int, ...]]:
    together = {block: tuple(n for unit in units for n in unit.checklist.get(block, ())) for block in BLOCKS}
    return {block: counts for block, counts in together.items() if counts}


def _shares(units: Sequence[Observations], name: str) -> Share | None:
    known = [unit.answers[name] for unit in units if name in unit.answers]
    return Share(sum(s.satisfied for s in known), sum(s.answered for s in known)) if known else None
