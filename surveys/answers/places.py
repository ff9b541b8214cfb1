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
    """Why a cell leads to no single organisation."""

    reason: str
    advice: str


class Places:
    """The organisations of one campaign, found by what tables call them."""

    def __init__(self, organizations: Iterable[Assessed], short: Iterable[tuple[int, str]] = ()) -> None:
        self.all = {one.assessment_id: one for one in organizations}
        self._by: defaultdict[str, set[int]] = defaultdict(set)
        for one in self.all.values():
            for told in (one.code, one.inn, one.ogrn, plain(one.name)):
                if told:
                    self._by[told].add(one.assessment_id)
        for assessment_id, name in short:
            if name:
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
        told = [text for cell in cells if (text := said(cell))]
        if not told:
            return Nowhere("организация не указана", "Впишите код, ИНН, ОГРН или точное название.")
        left: set[int] | None = None
        for text in told:
            named = self._named(text)
            if not named and _number(text) == "" and left is None and len(told) > 1:
                continue  # another column may say it better
            left = named if left is None else left & named
        if not left:
            return self._unknown(told, [self._named(text) for text in told])
        if len(left) == 1:
            return self.all[next(iter(left))]
        few = sorted((self.all[one] for one in left), key=lambda one: one.code)
        shown = "; ".join(one.shown for one in few[:SHOWN]) + (
            f"; и ещё {len(few) - SHOWN}" if len(few) > SHOWN else ""
        )
        return Nowhere(f"подходит организациям ({len(few)}): {shown}", "Впишите код нужной организации.")

    def _named(self, text: str) -> set[int]:
        number = _number(text)
        if number:
            return self._by.get(number, set())
        code = codes.typed(text)
        if codes.possible(code) and code in self._by:
            return self._by[code]
        if found := self._by.get(plain(text)):
            return found
        head = codes.typed(text.split(maxsplit=1)[0]) if text.split() else ""
        return self._by.get(head, set()) if codes.possible(head) else set()

    def _unknown(self, told: Sequence[str], each: Sequence[set[int]]) -> Nowhere:
        if sum(map(bool, each)) > 1:
            return Nowhere("столбцы называют разные организации", "Сверьте название с ИНН, ОГРН или кодом.")
        text = told[0]
        if number := _number(text):
            what = "ИНН" if len(number) in (10, 12) else "ОГРН" if len(number) in (13, 15) else "номером"
            return Nowhere(
                f"в кампании нет организации с таким {what}", "Проверьте номер и список организаций кампании."
            )
        self._hinted += 1
        names = [name for name in self._by if " " in name] if self._hinted <= HINTS else []
        near = get_close_matches(plain(text), names, SHOWN, 0.6)
        hint = "; ".join(sorted(self.all[one].shown for name in near for one in self._by[name])[:SHOWN])
        advice = f"Похожие: {hint}." if hint else "Проверьте название и список организаций кампании."
        return Nowhere("в кампании нет организации с таким названием", advice)


def plain(name: str) -> str:
    """Letters and digits alone: case, ё, quotes, spaces and punctuation tell no two organisations apart."""
    return " ".join(_WORDS.findall(name.casefold().replace("ё", "е")))


def _number(text: str) -> str:
    """The digits of an INN or OGRN as Excel shows them."""
    digits = re.sub(r"[.,]0$", "", text.replace(" ", "").replace("\u00a0", "").removeprefix("'"))
    return digits if digits.isascii() and digits.isdigit() and len(digits) >= 9 else ""


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
