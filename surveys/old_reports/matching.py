"""Which organisation of the campaign a line is about: by INN, then by name; the doubtful is asked, not guessed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from surveys.answers.places import Assessed, Nowhere, Places, plain
from surveys.old_reports.rows import Line

NOBODY = "-"


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
    sharing: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        sharing[line.inn] += 1
    found = {}
    for line in lines:
        told = chosen.get(line.row)
        if told == NOBODY:
            found[line.row] = Match(why=_("вы решили, что в кампании этой организации нет"))
        elif told in by_code:
            found[line.row] = _sure(by_code[told])
        else:
            found[line.row] = _match(line, places, alone=sharing[line.inn] == 1)
    return _apart(lines, found, chosen, by_code)


def _match(line: Line, places: Places, *, alone: bool) -> Match:
    for exact in (line.code, line.ogrn):
        if exact and places.knows(exact):
            return _of(places.find((exact,)))
    named = places.find((line.name,)) if line.name else None
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
    return _of(named) if named else Match(why=_("в кампании нет организации с таким ИНН"))


def _of(found: Assessed | Nowhere) -> Match:
    if isinstance(found, Assessed):
        return _sure(found)
    if found.candidates:
        return Match(why=_("точно такой в кампании нет, есть похожие"), candidates=_candidates(found))
    return Match(why=_("в этой кампании такой организации нет"))


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
