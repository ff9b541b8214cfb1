"""Which organisation of the campaign a line is about: by INN, then by name; the doubtful is asked, not guessed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

from flask_babel import gettext as _

from surveys.answers.likeness import stems
from surveys.answers.places import Assessed, Nowhere, Places, plain
from surveys.old_reports.rows import Line

NOBODY = "-"
HALF = 0.5
SHOWN = 5


class Candidate(NamedTuple):
    """An organisation of the campaign that a line may be about."""

    code: str
    shown: str


class Match(NamedTuple):
    """Where a line leads: a code; or nowhere, with those it may be about, and why they are doubtful."""

    code: str = ""
    name: str = ""
    why: str = ""
    candidates: tuple[Candidate, ...] = ()

    @property
    def asked(self) -> bool:
        """Must a person say which it is?"""
        return not self.code and bool(self.candidates)


def matched(lines: Sequence[Line], places: Places, chosen: Mapping[int, str]) -> dict[int, Match]:
    """Row → its organisation; `chosen` is what a person has said: row → code, or NOBODY."""
    by_code = {one.code: one for one in places.all.values()}
    sharing = Counter(line.inn for line in lines)
    alike = Alike(places)
    found = {}
    for line in lines:
        told = chosen.get(line.row, "")
        if told == NOBODY:
            found[line.row] = Match(why=_("вы решили, что в кампании этой организации нет"))
        elif told in by_code:
            found[line.row] = _sure(by_code[told])
        else:
            found[line.row] = _match(line, places, alike, alone=sharing[line.inn] == 1)
    return _apart(lines, found, chosen, by_code)


def _match(line: Line, places: Places, alike: "Alike", *, alone: bool) -> Match:
    for exact in (line.code, line.ogrn):
        if exact and places.knows(exact):
            return _of(places.find((exact,)))
    named = places.find((line.name,)) if line.name and places.knows(line.name) else None
    if line.inn and places.knows(line.inn):
        by_inn = places.find((line.inn,))
        if isinstance(named, Assessed) and named.inn == line.inn:
            return _sure(named)
        if isinstance(by_inn, Assessed) and alone and not isinstance(named, Assessed):
            return _sure(by_inn)
        both = [*_candidates(by_inn), *(_candidates(named) if isinstance(named, Assessed) else ())]
        return Match(why=_("по ИНН подходит, а название другое"), candidates=tuple(dict.fromkeys(both)))
    if isinstance(named, Assessed):
        if line.inn and named.inn:
            return Match(why=_("название то же, а ИНН другой"), candidates=_candidates(named))
        return _sure(named)
    if named is not None:
        return _of(named)
    near = tuple(candidate for one in alike.to(line.name) for candidate in _candidates(one))
    if near:
        return Match(why=_("точно такой в кампании нет, есть похожие"), candidates=near)
    return Match(why=_("в этой кампании такой организации нет"))


def _of(found: Assessed | Nowhere) -> Match:
    if isinstance(found, Assessed):
        return _sure(found)
    return Match(why=_("подходит сразу нескольким"), candidates=_candidates(found))


class Alike:
    """Organisations called nearly so: by the words that few others share, numbers among them."""

    def __init__(self, places: Places) -> None:
        self._all = places.all
        self._words: defaultdict[str, set[int]] = defaultdict(set)
        for one in places.all.values():
            for word in stems(one.name):
                self._words[word].add(one.assessment_id)

    def to(self, name: str) -> list[Assessed]:
        """The most alike first; none where less than half of what sets the name apart is shared."""
        words = set(stems(name))
        whole = sum(map(self._weight, words))
        shared: defaultdict[int, float] = defaultdict(float)
        for word in words:
            for one in self._words.get(word, ()):
                shared[one] += self._weight(word)
        found = [(share, one) for one, share in shared.items() if whole and share / whole >= HALF]
        return [self._all[one] for share, one in sorted(found, key=lambda pair: (-pair[0], pair[1]))[:SHOWN]]

    def _weight(self, word: str) -> float:
        return log(1 + len(self._all) / (1 + len(self._words.get(word, ()))))


def _sure(one: Assessed) -> Match:
    return Match(one.code, one.name)


def _candidates(found: Assessed | Nowhere) -> tuple[Candidate, ...]:
    several = (found,) if isinstance(found, Assessed) else found.candidates
    return tuple(Candidate(one.code, one.shown) for one in several)


def _apart(
    lines: Sequence[Line], found: dict[int, Match], chosen: Mapping[int, str], by_code: Mapping[str, Assessed]
) -> dict[int, Match]:
    """Two lines about one organisation: the one called exactly so, or chosen, stays; the others are asked about."""
    leading: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if found[line.row].code:
            leading[found[line.row].code].append(line)
    for code, several in leading.items():
        if len(several) == 1:
            continue
        own = plain(by_code[code].name)
        kept = [one for one in several if one.row in chosen] or [
            one for one in several if plain(one.name) == own
        ]
        for one in several:
            if kept[:1] != [one]:
                found[one.row] = Match(
                    why=_("на эту же организацию указывает другая строка отчёта"),
                    candidates=_candidates(by_code[code]),
                )
    return found
