"""Assessment: observations + edition + practice → indicators, criteria, total; the trace only when asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from nok import scores
from nok.figure import Figure
from nok.indicators import TWO_SIDED, Gap, measured, sides
from nok.observations import Observations
from nok.practice import Practice
from nok.refusal import Refused
from nok.rules import Edition, Kind
from nok.trace import Step, Trace

USUAL = Practice()
SIDES = {"stand": "стенду", "site": "сайту"}


class Warning_(NamedTuple):
    """Where a silence of the norm, or a rule that could not be checked, touched the result."""

    rule: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """Fifteen indicators, five criteria and the total; None is «undefined», never 0."""

    observations: Observations
    edition: Edition
    practice: Practice
    indicators: Mapping[str, Figure | None]
    criteria: Mapping[str, Figure | None]
    total: Figure | None
    warnings: tuple[Warning_, ...]

    @property
    def trace(self) -> tuple[Step, ...]:
        """How each figure came about; drawn anew on each call."""
        figures = {**self.indicators, **self.criteria, "total": self.total}
        kind = rule_of_kind(self.observations, self.edition, self.practice)
        return Trace(self.observations, self.edition, self.practice, kind, figures).steps()

    def as_dict(self) -> dict[str, Any]:
        """The JSON of contracts §3."""
        return {
            "id": self.observations.id,
            "edition": self.edition.id,
            "practice": self.practice.as_dict(),
            "indicators": {number: figure and figure.as_dict() for number, figure in self.indicators.items()},
            "criteria": {id: figure and figure.as_dict() for id, figure in self.criteria.items()},
            "total": self.total and self.total.as_dict(),
            "warnings": [warning._asdict() for warning in self.warnings],
            "trace": [step._asdict() for step in self.trace],
        }


def assess(observations: Observations, edition: Edition, practice: Practice = USUAL) -> Result:
    """One organisation. What edition or practice cannot accept is `Refused`, at a place inside the input."""
    kind = rule_of_kind(observations, edition, practice)
    points, gaps = _indicators(observations, edition, practice, kind)
    if practice.undefined == "refuse":
        for number, gap in gaps.items():
            raise Refused(gap.place, f"показатель {number} не определен: {gap.reason}")
    criteria = scores.criteria(points, edition.sphere(observations.sector), kind, practice)
    return Result(
        observations,
        edition,
        practice,
        {number: _figure(points[number], practice) for number in edition.indicators},
        {id: _figure(value, practice) for id, value in criteria.items()},
        _figure(scores.total(criteria, practice), practice),
        tuple(_warnings(observations, edition, practice, kind, gaps, criteria)),
    )


def assessed(observations: Observations, edition: Edition, practice: Practice = USUAL) -> Result:
    """The figures, or none of them with the reason, where the practice or the counts refuse a calculation."""
    try:
        return assess(observations, edition, practice)
    except Refused as refusal:
        nothing: dict[str, Figure | None] = dict.fromkeys(edition.indicators)
        criteria: dict[str, Figure | None] = dict.fromkeys(edition.criteria)
        warning = Warning_("refused", refusal.place or "total", f"Расчёт не выполнен: {refusal.reason}.")
        return Result(observations, edition, practice, nothing, criteria, None, (warning,))


def rule_of_kind(seen: Observations, edition: Edition, practice: Practice) -> Kind | None:
    """The rule of a kind of organisations (theatres), when the practice follows it."""
    kind = None if seen.kind is None else edition.kind(seen.kind, seen.sector)
    return kind if practice.performing_arts == "k1_k3_only" else None


def _figure(value: Fraction | None, practice: Practice) -> Figure | None:
    return None if value is None else Figure(value, practice.places)


def _indicators(
    seen: Observations, edition: Edition, practice: Practice, kind: Kind | None
) -> tuple[dict[str, Fraction | None], dict[str, Gap]]:
    """Points, and why some are missing; a gap in what has no say in the total (a theatre's K2) is no gap."""
    sphere = edition.sphere(seen.sector)
    points: dict[str, Fraction | None] = {}
    gaps: dict[str, Gap] = {}
    for number in sphere.weights:
        rule = edition.indicators[number]
        value = measured(rule, seen, practice)
        if not isinstance(value, Gap):
            points[number] = scores.staged(value, "indicators", practice)
            continue
        points[number] = None
        if kind is None or rule.criterion in kind.measured:
            gaps[number] = value
    for number, siblings in sphere.taken_as.items():
        points[number] = scores.staged(scores.mean(points[s] for s in siblings), "indicators", practice)
        lost = [sibling for sibling in siblings if sibling in gaps]
        if lost:
            gaps[number] = Gap(gaps[lost[0]].place, f"в этой сфере он выводится из {' и '.join(siblings)}")
    return points, gaps


def _warnings(
    seen: Observations,
    edition: Edition,
    practice: Practice,
    kind: Kind | None,
    gaps: Mapping[str, Gap],
    criteria: Mapping[str, Fraction | None],
) -> Iterator[Warning_]:
    sphere = edition.sphere(seen.sector)
    for number, gap in gaps.items():
        rule = edition.indicators[number]
        lost = criteria[rule.criterion] is None
        done = "" if number in sphere.taken_as else " " + _instead(rule.criterion, lost, practice)
        text = f"Показатель {number} ({rule.symbol}) не определен: {gap.reason}.{done}"
        yield Warning_("undefined", number, text)
    for number, rule in edition.indicators.items():
        if rule.measure in TWO_SIDED and len(found := sides(rule, seen)) == 1:
            text = (
                f"Показатель {number} посчитан только по {SIDES[found[0].name]}: о другой стороне данных нет."
            )
            yield Warning_("one_sided_openness", number, text)
    notes = sphere.unverified
    if kind is not None:
        rest = ", ".join(id for id in edition.criteria if id not in kind.measured)
        text = f"{kind.title}: измеряются {' и '.join(kind.measured)}, остальные ({rest}) равны их среднему."
        yield Warning_("performing_arts", "total", text)
        notes = (*notes, *kind.unverified)
    if notes:
        text = f"Применены правила, не сверенные с официальным текстом: {'; '.join(notes)}."
        yield Warning_("unverified", "edition", text)


def _instead(criterion: str, lost: bool, practice: Practice) -> str:
    if lost:
        return f"Других показателей в критерии {criterion} тоже нет, поэтому нет критерия и итога."
    if practice.undefined == "mean_of_siblings":
        return f"В критерии {criterion} вместо него взято среднее остальных показателей."
    return f"В критерии {criterion} он не учитывается, веса остальных увеличены пропорционально."
