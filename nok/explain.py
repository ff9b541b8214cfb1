"""Explain: ответ на вопрос «почему 86,10, а не 85,50?» обычным русским текстом, строки до 96 знаков."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from textwrap import TextWrapper

from nok.assessment import Result, assess
from nok.figure import Figure, comma, printed
from nok.loading import edition, editions
from nok.practice import CHOICES, Practice
from nok.refusal import Refused, shown
from nok.sphere import SECTOR_TITLES
from nok.trace import Step, number

WIDTH = 96
FEW = 4  # digits after the comma in a sum: enough to see why the second one is what it is


def explained(result: Result) -> str:
    """Весь расчет одной организации: итог, критерии и показатели с числами, решения и что было бы иначе."""
    return "\n".join(_lines(result)) + "\n"


def _lines(result: Result) -> Iterator[str]:
    seen, steps = result.observations, {step.at: step for step in result.trace}
    name = f"Организация «{shown(seen.id, 200)}»" if seen.id else "Организация без имени"
    about = f"сфера «{SECTOR_TITLES[seen.sector].lower()}», {result.edition.title} ({result.edition.id})"
    yield from _wrapped(f"{name}: {about}.", 0)
    yield ""
    yield f"Итог: {_printed(result.total)}"
    yield from _figure(steps["total"], result.total, 2)
    for criterion in result.edition.criteria.values():
        yield ""
        yield from _criterion(result, steps, criterion.id, criterion.title)
    yield from _section("Как считали там, где порядок молчит", _applied(result))
    yield from _section("На что обратить внимание", [warning.text for warning in result.warnings])
    yield from _section("Почему не другое число", [*_measured_otherwise(result), *_decided_otherwise(result)])


def _criterion(result: Result, steps: dict[str, Step], id: str, title: str) -> Iterator[str]:
    yield from _wrapped(f"{id}. {title}: {_printed(result.criteria[id])}", 0)
    yield from _figure(steps[id], result.criteria[id], 2)
    for at, rule in result.edition.indicators.items():
        if rule.criterion == id:
            yield from _wrapped(f"{at}. {rule.title}: {_printed(result.indicators[at])}", 4)
            yield from _figure(steps[at], result.indicators[at], 8)


def _figure(step: Step, figure: Figure | None, indent: int) -> Iterator[str]:
    """The formula, the same with numbers in it, what comes out, and why so."""
    if figure is None:
        yield from _wrapped(f"{step.symbol} = {step.formula}: {step.substituted}", indent)
    else:
        sums = "" if step.substituted == _value(figure)[2:] else f" = {step.substituted}"
        yield from _wrapped(f"{step.symbol} = {step.formula}{sums} {_value(figure)}", indent)
    yield from _wrapped(step.note, indent, hanging=0)


def _value(figure: Figure) -> str:
    few = printed(figure.exact, FEW)
    return f"= {number(figure.exact)}" if Fraction(few) == figure.exact else f"≈ {comma(few)}"


def _applied(result: Result) -> list[str]:
    """Only the decisions this organisation met, and how its figures are rounded."""
    met = {warning.rule for warning in result.warnings} | {"rounding", "places"}
    met |= {"performing_arts"} if result.observations.kind else set()
    return [CHOICES[key][choice] for key, choice in result.practice.as_dict().items() if key in met]


def _measured_otherwise(result: Result) -> Iterator[str]:
    """An indicator the sector does not measure: what its data would have given, were it measured."""
    seen, rules = result.observations, result.edition
    measuring = next(sector for sector, sphere in rules.spheres.items() if not sphere.taken_as)
    for at in rules.sphere(seen.sector).taken_as:
        try:
            other = assess(replace(seen, sector=measuring, kind=None), rules, result.practice)
        except Refused:
            continue
        own, alien = result.indicators[at], other.indicators[at]
        if seen.kind is None and own and alien:
            id = rules.indicators[at].criterion
            yield (
                f"В сфере «{SECTOR_TITLES[seen.sector].lower()}» показатель {at} равен среднему остальных"
                f" показателей {id}: {at} = {_printed(own)}, {id} = {_printed(result.criteria[id])},"
                f" итог {_printed(result.total)}. Если бы он измерялся, как в сфере"
                f" «{SECTOR_TITLES[measuring].lower()}», по тем же данным вышло бы: {at} = {_printed(alien)},"
                f" {id} = {_printed(other.criteria[id])}, итог {_printed(other.total)}."
            )


def _decided_otherwise(result: Result) -> Iterator[str]:
    """Totals under every other edition and decision, only where they differ."""
    seen, rules, practice = result.observations, result.edition, result.practice
    others = [(f"В редакции {id}", edition(id), practice) for id in editions() if id != rules.id]
    for key, choice in _other_choices(practice):
        others.append((f"При {key}={choice}", rules, Practice.of({**practice.as_dict(), key: choice})))
    for words, other_rules, other_practice in others:
        try:
            other = assess(seen, other_rules, other_practice)
        except Refused as refused:
            if other_rules is rules:
                yield f"{words} расчета бы не было: {refused.reason}."
            continue
        if _missing(other) == _missing(result) and _printed(other.total) != _printed(result.total):
            yield f"{words} итог был бы {_printed(other.total)}."


def _missing(result: Result) -> list[str]:
    return [at for at, figure in result.indicators.items() if figure is None]


def _other_choices(practice: Practice) -> Iterator[tuple[str, str | int]]:
    for key, chosen in practice.as_dict().items():
        if key not in ("places", "branches", "ties"):
            yield from ((key, choice) for choice in CHOICES[key] if choice != chosen)


def _section(title: str, texts: list[str]) -> Iterator[str]:
    if texts:
        yield ""
        yield f"{title}:"
        for text in texts:
            yield from _wrapped(f"— {text}", 2)


def _printed(figure: Figure | None) -> str:
    return comma(figure.printed) if figure else "не определен"


def _wrapped(text: str, indent: int, hanging: int = 2) -> list[str]:
    wrapper = TextWrapper(WIDTH, " " * indent, " " * (indent + hanging), break_on_hyphens=False)
    return wrapper.wrap(text)
