"""Which organisation of a campaign a cell names: by code, INN, OGRN or its exact name, never by a likeness."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from surveys import codes
from surveys.models import Assessment, Organization
from surveys.tabular import Value, said

SHOWN = 5
MOST_CANDIDATES = 20
HINTS = 100  # a likeness to every name of a campaign takes its time
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Assessed:
    """One organisation of the campaign."""

    assessment_id: int
    code: str
    name: str
    inn: str
    ogrn: str
    kpp: str
    address: str

    @property
    def shown(self) -> str:
        """As a refusal names a candidate."""
        return f"{self.code} — {self.name}" + (f", {self.address}" if self.address else "")


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Why the cells of a row lead to no single organisation, which of them is at fault, which ones it may be."""

    reason: str
    advice: str
    cell: int = 0
    candidates: tuple[Assessed, ...] = ()


class Places:
    """The organisations of one campaign, found by what tables call them."""

    def __init__(self, organizations: Iterable[Assessed], short: Iterable[tuple[int, str]] = ()) -> None:
        self.all = {one.assessment_id: one for one in organizations}
        self._by: defaultdict[str, set[int]] = defaultdict(set)
        for one in self.all.values():
            for told in (one.code, one.inn, one.ogrn, plain(one.name)):
                if told:
                    self._by[told].add(one.assessment_id)
        self._short: defaultdict[int, list[str]] = defaultdict(list)
        for assessment_id, name in short:
            if name:
                self._short[assessment_id].append(plain(name))
                self._by[plain(name)].add(assessment_id)
        self._hinted = 0
        self._known: dict[tuple[Value, ...], Assessed | Nowhere] = {}

    def find(self, cells: tuple[Value, ...]) -> Assessed | Nowhere:
        """The one organisation that all these cells of a row name; remembered, for rows repeat it."""
        found = self._known.get(cells)
        if found is None:
            found = self._known[cells] = self._find(cells)
        return found

    def knows(self, cell: Value) -> bool:
        """Does the cell name any organisation of the campaign?"""
        return bool(self._named(said(cell)))

    def _find(self, cells: Sequence[Value]) -> Assessed | Nowhere:
        """Codes and numbers first, for they are exact: a name beside them may be misspelt, but not another's."""
        told = [(place, text) for place, cell in enumerate(cells) if (text := said(cell))]
        if not told:
            return Nowhere("организация не указана", "Впишите код, ИНН, ОГРН или точное название.")
        left: set[int] = set()
        exact = False
        for place, text in sorted(told, key=lambda one: (not self._exactly(one[1]), not self._named(one[1]))):
            if torn := self._torn(text):
                return Nowhere(torn, "Оставьте в ячейке один код.", place)
            named = self._named(text)
            if not named and not exact:
                return self._unknown(text, place)
            if not named and _number(text) == "":
                continue  # the code says it better
            if left and not left & named:
                advice = "Сверьте название с ИНН, ОГРН или кодом."
                return Nowhere("столбцы называют разные организации", advice, place)
            left = left & named if left else named
            exact = exact or self._exactly(text)
        return self.all[next(iter(left))] if len(left) == 1 else self._several(left, told[0][0])

    def _several(self, left: Iterable[int], place: int) -> Nowhere:
        few = sorted((self.all[one] for one in left), key=lambda one: one.code)
        more = f"; и ещё {len(few) - SHOWN}" if len(few) > SHOWN else ""
        shown = "; ".join(one.shown for one in few[:SHOWN]) + more
        return Nowhere(
            f"подходит организациям ({len(few)}): {shown}",
            "Впишите код нужной организации.",
            place,
            tuple(few[:MOST_CANDIDATES]),
        )

    def _exactly(self, text: str) -> bool:
        """Is it a number or a code, with a name behind it or without?"""
        return bool(_number(text)) or _code(text) in self._by or _head(text) in self._by

    def _named(self, text: str) -> set[int]:
        for told in (_number(text), _code(text)):
            if told and (told == _number(text) or told in self._by):
                return self._by.get(told, set())
        return self._by.get(plain(text)) or self._by.get(_head(text), set())

    def _torn(self, text: str) -> str:
        """Why a code and the name behind it in the same cell do not go together; empty when they do."""
        head = _head(text)
        if head not in self._by or plain(text) in self._by:
            return ""
        rest, coded = plain(text.split(maxsplit=1)[1]), self._by[head]
        named = self._by.get(rest, set())
        if not rest or named & coded:
            return ""
        if not named and any(set(rest.split()) <= set(self._words(one)) for one in coded):
            return ""
        both = "; ".join(self.all[one].shown for one in (*sorted(coded), *sorted(named))[:SHOWN])
        return f"код одной организации, а название {'другой' if named else 'не её'}: {both}"

    def _words(self, one: int) -> list[str]:
        return plain(self.all[one].shown).split() + [
            word for name in self._short[one] for word in name.split()
        ]

    def _unknown(self, text: str, place: int) -> Nowhere:
        if number := _number(text):
            what = "ИНН" if len(number) in (10, 12) else "ОГРН" if len(number) in (13, 15) else "номером"
            advice = "Проверьте номер и список организаций кампании."
            return Nowhere(f"в кампании нет организации с таким {what}", advice, place)
        self._hinted += 1
        names = [name for name in self._by if " " in name] if self._hinted <= HINTS else []
        near = get_close_matches(plain(text), names, SHOWN, 0.6)
        hint = "; ".join(sorted(self.all[one].shown for name in near for one in self._by[name])[:SHOWN])
        advice = f"Похожие: {hint}." if hint else "Проверьте название и список организаций кампании."
        return Nowhere("в кампании нет организации с таким названием", advice, place)


def plain(name: str) -> str:
    """Letters and digits alone: case, ё, quotes, spaces and punctuation tell no two organisations apart."""
    return " ".join(_WORDS.findall(name.casefold().replace("ё", "е")))


def _number(text: str) -> str:
    """The digits of an INN or OGRN as Excel shows them."""
    digits = re.sub(r"[.,]0$", "", text.replace(" ", "").replace("\u00a0", "").removeprefix("'"))
    return digits if digits.isascii() and digits.isdigit() and len(digits) >= 9 else ""


def _code(text: str) -> str:
    """The cell as a code; empty when it cannot be one."""
    code = codes.typed(text)
    return code if codes.possible(code) else ""


def _head(text: str) -> str:
    """A code with a name behind it, as some lists have both in one cell."""
    words = text.split(maxsplit=1)
    return _code(words[0]) if len(words) > 1 else ""


def of_campaign(session: Session, campaign_id: int) -> Places:
    """Every organisation that the campaign assesses."""
    rows = session.execute(
        select(
            Assessment.id,
            Organization.code,
            Organization.name,
            Organization.inn,
            Organization.ogrn,
            Organization.kpp,
            Organization.address,
            Organization.short_name,
        )
        .join(Organization, Organization.id == Assessment.organization_id)
        .where(Assessment.campaign_id == campaign_id)
        .order_by(Assessment.id)
    ).all()
    return Places([Assessed(*row[:7]) for row in rows], [(row[0], row[7]) for row in rows])
