"""Recount: every figure of one organisation and of a campaign counted anew and held against what the file says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from nok import aggregate, rating, sample, uncertainty
from nok.assessment import Result, assessed
from nok.difference import ABSENT, Difference
from nok.enclosed import Enclosed, is_object
from nok.figure import Figure, comma, printed
from nok.observations import Observations
from nok.refusal import Refused, shown
from nok.rulebook import Rulebook
from nok.rules import BLOCKS
from nok.uncertainty import PLACES, Range


@dataclass
class Recount:
    """Counts what it compared, keeps what differs."""

    rules: Rulebook
    checked: int = 0
    differences: list[Difference] = field(default_factory=list)
    _totals: list[Range | None] = field(default_factory=list)

    def all_of(self, given: Enclosed) -> None:
        """Every organisation, then what is said of all of them."""
        found = [self._organization(one, given.place(n)) for n, one in enumerate(given.organizations)]
        if not given.whole or any(result is None for result in found):
            return  # a place among uncounted ones would be a guess, and they are named already
        results = [result for result in found if result is not None]
        self._campaign(given.content, given.organizations, results)

    def plain(self, at: str, stated: object, counted: object, whose: tuple[str, str] = ("", "")) -> None:
        """A whole number or a word: a count, a place, a code."""
        self.checked += 1
        if stated != counted or isinstance(stated, bool):
            self._differs(at, _told(stated), _told(counted), whose)

    def figure(
        self, at: str, stated: object, counted: Figure | None, whose: tuple[str, str] = ("", "")
    ) -> None:
        """A figure as printed, as an exact fraction and as the number for charts."""
        self.checked += 1
        if counted is None or not is_object(stated):
            if counted is not None or stated is not None:
                self._differs(at, _printed(stated), comma(counted.printed) if counted else ABSENT, whose)
            return
        shown_as, exact = stated.get("printed"), stated.get("exact")
        if shown_as != counted.printed:
            self._differs(at, _told(shown_as), comma(counted.printed), whose)
        elif exact != counted.ratio:
            words = f"{comma(counted.printed)}, точно {_told(exact)}", f"точно {counted.ratio}"
            self._differs(at, *words, whose)
        elif not _near(stated.get("value"), counted.exact):
            words = f"для графика {_told(stated.get('value'))}", _told(counted.exact)
            self._differs(at, *words, whose)

    def _differs(self, at: str, stated: str, counted: str, whose: tuple[str, str]) -> None:
        self.differences.append(Difference(*whose, at, stated, counted))

    def _organization(self, one: Mapping[str, Any], place: str) -> Result | None:
        """One organisation; None where its counts cannot be counted with, which is a difference by itself."""
        whose = _whose(one)
        try:
            seen = Observations.read(one["input"], f"{place}.input")
            counted = assessed(seen, self.rules.edition, self.rules.practice)
        except Refused as refused:
            self._differs("input", refused.place, refused.reason, whose)
            return None
        self._facts(one, seen, whose)
        self._figures(one["result"], counted, whose)
        bounds = uncertainty.bounds(counted, _recipients(one)) if "intervals" in one else {}
        if "intervals" in one:
            self._bounds(one["intervals"], bounds, whose)
        self._totals.append(bounds.get("total"))
        return counted

    def _facts(self, one: Mapping[str, Any], seen: Observations, whose: tuple[str, str]) -> None:
        """What is said beside the counts must be what is counted with."""
        for at, stated, counted in (
            ("input.id", one["code"], seen.id),
            ("input.sector", one.get("sector"), seen.sector),
            ("input.kind", one.get("kind"), seen.kind),
            ("respondents", one.get("responses"), seen.respondents),
        ):
            self.plain(at, stated, counted, whose)
        if "inspected" in one:
            self.checked += 1
            if one["inspected"] is not inspected(seen):
                self._differs("inspected", _whether(one["inspected"]), _whether(inspected(seen)), whose)
        channels = one.get("channels")
        if is_object(channels):
            self.plain("channels", _sum(channels), one.get("responses"), whose)

    def _figures(self, told: Mapping[str, Any], counted: Result, whose: tuple[str, str]) -> None:
        own = {**counted.indicators, **counted.criteria}
        stated = {**told["indicators"], **told["criteria"]}
        for at in [*own, *(extra for extra in stated if extra not in own)]:
            self.figure(at, stated.get(at), own.get(at), whose)
        self.figure("total", told.get("total"), counted.total, whose)
        if "edition" in told:
            self.plain("edition", told["edition"], counted.edition.id, whose)
        if "practice" in told:
            self.plain("practice", told["practice"], counted.practice.as_dict(), whose)
        if "warnings" in told:
            warnings = [warning._asdict() for warning in counted.warnings]
            self._words("warnings", told["warnings"], warnings, whose)
        if "trace" in told:
            self._words("trace", told["trace"], [step._asdict() for step in counted.trace], whose)

    def _bounds(
        self, told: object, counted: Mapping[str, Range], whose: tuple[str, str], of: str = ""
    ) -> None:
        """Between which numbers chance leaves each figure."""
        stated = told if is_object(told) else {}
        for at in [*counted, *(extra for extra in stated if extra not in counted)]:
            self.checked += 1
            own, given = counted.get(at), stated.get(at)
            ours = {end: printed(value, PLACES) for end, value in own._asdict().items()} if own else None
            if given != ours:
                self._differs(f"{of}intervals.{at}", _span(given), _span(ours), whose)

    def _words(self, at: str, stated: object, counted: list[dict[str, Any]], whose: tuple[str, str]) -> None:
        self.checked += 1
        if stated == counted:
            return
        lines = stated if isinstance(stated, list) else []
        odd = next((n for n, line in enumerate(counted) if n >= len(lines) or lines[n] != line), len(counted))
        self._differs(at, _line(lines, odd), _line(counted, odd), whose)

    def _campaign(
        self, told: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], results: Sequence[Result]
    ) -> None:
        edition, practice = self.rules.edition, self.rules.practice
        self._places(rows, results)
        self._branches(rows, results)
        self.plain("responses", told.get("responses"), sum(r.observations.respondents or 0 for r in results))
        channels: dict[str, int] = {}
        for row in rows:
            for name, count in _counts(row.get("channels")):
                channels[name] = channels.get(name, 0) + count
        self._share("digital_share", told, sample.digital_share(channels, edition))
        self._share("own_digital_share", told, sample.own_digital_share(channels, edition))
        own = {at: None for at in (*edition.indicators, *edition.criteria, "total")}
        visited = (result for result in results if inspected(result.observations))
        means = {**own, **aggregate.averages(visited, practice.places)}
        given = told.get("means")
        stated = given if is_object(given) else {}
        for at in [*means, *(extra for extra in stated if extra not in means)]:
            self.figure(f"means.{at}", stated.get(at), means.get(at))
        self._municipalities(told.get("municipalities"), rows, results)

    def _places(self, rows: Sequence[Mapping[str, Any]], results: Sequence[Result]) -> None:
        seen: set[str] = set()
        for row in rows:
            if row["code"] in seen:
                self._differs("code", f"{shown(row['code'])} стоит дважды", "один раз", _whose(row))
            seen.add(row["code"])
        totals = {
            n: result.total if inspected(result.observations) else None for n, result in enumerate(results)
        }
        places = rating.places(totals, str(self.rules.practice.ties))
        rated = sum(place is not None for place in places.values())
        for n, row in enumerate(rows):
            self.plain("place", row.get("place"), places[n], _whose(row))
            self.plain("rated", row.get("rated"), rated, _whose(row))
        if any("place_range" in row for row in rows):
            self._ranges(rows, totals)

    def _ranges(self, rows: Sequence[Mapping[str, Any]], totals: Mapping[int, Figure | None]) -> None:
        """Places that the data allow, beside the official one."""
        known = {
            n: self._totals[n] or Range(figure.exact, figure.exact) if figure else None
            for n, figure in totals.items()
        }
        found = rating.ranges(totals, known, str(self.rules.practice.ties))
        for n, row in enumerate(rows):
            allowed = found[n]
            self.plain("place_range", row.get("place_range"), list(allowed) if allowed else None, _whose(row))

    def _branches(self, rows: Sequence[Mapping[str, Any]], results: Sequence[Result]) -> None:
        """A head office with its branches, where the file says which they are."""
        by_code = {row["code"]: result.observations for row, result in zip(rows, results, strict=True)}
        given = {row["code"]: row for row in rows}
        for row in rows:
            house = row.get("with_branches")
            codes = house.get("codes") if is_object(house) else None
            if not is_object(house) or not isinstance(codes, list):
                continue
            codes = [code for code in codes if isinstance(code, str) and code in by_code]
            units = [by_code[code] for code in codes]
            self.plain("branches.units", house.get("units"), 1 + len(units), _whose(row))
            seen = [by_code[row["code"]], *units]
            figures = aggregate.branches(seen, self.rules.edition, self.rules.practice)
            stated = house.get("figures")
            for at, figure in figures.items():
                told = stated.get(at) if is_object(stated) else None
                self.figure(f"branches.{at}", told, figure, _whose(row))
            if "intervals" in house:
                asked = [_recipients(one) for one in (row, *(given[code] for code in codes))]
                spans = uncertainty.of_house(seen, asked, self.rules.edition, self.rules.practice)
                self._bounds(house["intervals"], spans, _whose(row), "branches.")

    def _share(self, at: str, told: Mapping[str, Any], counted: Fraction | None) -> None:
        self.checked += 1
        stated = told.get(at)
        exact = stated.get("exact") if is_object(stated) else None
        ours = None if counted is None else f"{counted.numerator}/{counted.denominator}"
        near = counted is None or (is_object(stated) and _near(stated.get("value"), counted))
        if exact != ours or not near:
            self._differs(at, _told(exact), _told(ours), ("", ""))

    def _municipalities(
        self, told: object, rows: Sequence[Mapping[str, Any]], results: Sequence[Result]
    ) -> None:
        totals: dict[str, list[Fraction]] = {str(row.get("municipality") or ""): [] for row in rows}
        for row, result in zip(rows, results, strict=True):
            if inspected(result.observations) and result.total is not None:
                totals[str(row.get("municipality") or "")].append(result.total.exact)
        stated = {one["name"]: one for one in _named(told)}
        names = [name for name in totals if any(totals)]
        if set(names) != stated.keys():
            was, now = (shown(", ".join(sorted(each)), 200) for each in (stated, names))
            self._differs("municipalities", was, now, ("", ""))
        for name in (n for n in names if n in stated):
            mean = aggregate.mean(totals[name])
            figure = None if mean is None else Figure(mean, self.rules.practice.places)
            self.figure(f"municipalities.{name}", stated[name].get("total"), figure)
            self.plain(f"organizations.{name}", stated[name].get("organizations"), len(totals[name]))


def inspected(seen: Observations) -> bool:
    """Was it inspected? Whoever was has at least noughts in the check-list."""
    return any(seen.checklist.get(block) for block in BLOCKS)


def _whose(row: Mapping[str, Any]) -> tuple[str, str]:
    short = row.get("short_name")
    return row["code"], short if isinstance(short, str) and short else row["name"]


def _named(told: object) -> Iterator[Mapping[str, Any]]:
    for one in told if isinstance(told, list) else ():
        if is_object(one) and isinstance(one.get("name"), str):
            yield one


def _counts(channels: object) -> Iterator[tuple[str, int]]:
    for name, count in channels.items() if is_object(channels) else ():
        if type(count) is int:
            yield name, count


def _sum(channels: Mapping[str, Any]) -> int:
    return sum(count for _, count in _counts(channels))


def _near(stated: object, counted: Fraction) -> bool:
    """The same float, however many digits of it somebody's program wrote."""
    return isinstance(stated, int | Fraction) and float(stated) == float(counted)


def _printed(stated: object) -> str:
    if not is_object(stated):
        return _told(stated)
    return _told(stated.get("printed"))


def _told(value: object) -> str:
    if value is None:
        return ABSENT
    if isinstance(value, Fraction):
        value = float(value)
    return comma(shown(value, 80)) if isinstance(value, str) else comma(shown(str(value), 80))


def _recipients(row: Mapping[str, Any]) -> int | None:
    count = row.get("recipients")
    return count if type(count) is int and count >= 0 else None


def _span(told: object) -> str:
    return f"{_told(told.get('low'))}–{_told(told.get('high'))}" if is_object(told) else _told(told)


def _whether(value: object) -> str:
    return ("да" if value else "нет") if isinstance(value, bool) else _told(value)


def _line(lines: Sequence[Any], number: int) -> str:
    if number >= len(lines) or not is_object(lines[number]):
        return "нет строки"
    line = lines[number]
    return shown(f"{line.get('at')}: {line.get('text') or line.get('substituted')}", 160)
