"""Verifying: a published result recomputed from the counts and by the rules that it encloses."""

import hashlib
from dataclasses import dataclass
from typing import Any

from nok.difference import Difference
from nok.enclosed import RELEASE, Enclosed, is_object, read, respelt
from nok.recount import Recount
from nok.refusal import Refused, shown
from nok.rulebook import Rulebook, rulebook

SHORTEST_HASH = 12
FROM_COUNTS = (
    "Проверено, что цифры следуют из счётов и правил. Верны ли сами счёты, файл доказать не может:"
    " ответы людей анонимны и в нём не лежат."
)
ALONE = "Место в рейтинге и средние по одной организации не проверить: возьмите файл всей кампании."
BRANCHES = "Цифры вместе с филиалами не проверены: в файле не названо, какие организации — филиалы."
WORDS = (
    "Слова (названия, адреса, недостатки, особые мнения), пол и возраст, ответы по каналам и советы, что повысило бы"
    " оценку, не пересчитываются."
)
BY_HASH = (
    "Тот ли это выпуск, что утвердил совет, с теми же словами и организациями, покажет хэш: сравните SHA-256 данных"
    " с хэшем на документе и на странице /verify/ службы."
)
BY_SERVICE = (
    "Это не сам выпуск, хэш его не удостоверяет. Те ли здесь организации, названия и места, что утвердил совет,"
    " покажет только проверка этого файла на странице /verify/ службы, которая его выдала."
)
#: What a service that holds the release tells by itself.
SETTLED = (ALONE, BY_HASH, BY_SERVICE)


@dataclass(frozen=True, slots=True)
class Report:
    """What came out: how many figures were compared, which differ, what could not be looked at."""

    enclosed: Enclosed
    rules: Rulebook
    checked: int
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Every figure is the one that the counts give."""
        return not self.differences

    def lines(self) -> list[str]:
        """For a person."""
        given, campaign = self.enclosed, self.enclosed.campaign
        title, year = shown(str(campaign.get("title")), 200), shown(str(campaign.get("year")))
        named = title if year in title else f"{title}, {year}"
        made = [f"Результат: {named}", self.rules.sentence(), f"SHA-256 данных: {given.sha256}"]
        if given.format == RELEASE:
            made.insert(1, f"Версия {shown(str(given.content.get('version')))}, утверждена советом")
        made.append(f"Организаций: {len(given.organizations)}; сверено цифр: {self.checked}")
        if self.agrees:
            made.append("Сошлось всё: каждая цифра получается из приложенных счётов.")
        else:
            made.append(f"Не сошлось: {len(self.differences)}")
            made += [f"  {difference.sentence()}" for difference in self.differences]
        return [*made, *self.notes]

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        given = self.enclosed
        return {
            "agrees": self.agrees,
            "format": given.format,
            "sha256": given.sha256,
            "campaign": given.campaign.get("title"),
            "year": given.campaign.get("year"),
            "version": given.content.get("version"),
            "edition": {
                "name": self.rules.edition.id,
                "sha256": self.rules.edition.content_hash,
                "known": self.rules.known,
            },
            "organizations": len(given.organizations),
            "checked": self.checked,
            "differences": [difference.as_dict() for difference in self.differences],
            "notes": list(self.notes),
        }


def verify(content: bytes, expected: str = "") -> Report:
    """A file's bytes → what agrees and what does not; `expected` is the hash, or its beginning. Raises Refused."""
    given = read(content)
    rules = rulebook(given)
    count = Recount(rules)
    count.all_of(given)
    hashed = [] if not expected else _hashed(content, expected)
    found = (*rules.differences, *hashed, *count.differences)
    return Report(given, rules, count.checked + bool(expected), found, tuple(_notes(given)))


def hash_of(text: str) -> str:
    """A hash as somebody pasted it, with spaces and in capitals, or its beginning. Raises Refused."""
    plain = "".join(text.split()).lower()
    if not SHORTEST_HASH <= len(plain) <= 64 or set(plain) - set("0123456789abcdef"):
        raise Refused("sha256", "хэш — это 64 знака 0–9 и a–f или первые 12 из них")
    return plain


def _hashed(content: bytes, expected: str) -> list[Difference]:
    """A file saved with other spaces holds the same data; its bytes are no longer those that were hashed."""
    wanted = hash_of(expected)
    own = hashlib.sha256(content).hexdigest()
    if own.startswith(wanted) or respelt(content).startswith(wanted):
        return []
    return [Difference("", "", "sha256", own, wanted, "ожидалось")]


def _notes(given: Enclosed) -> list[str]:
    notes = [FROM_COUNTS, WORDS, BY_HASH if given.format == RELEASE else BY_SERVICE]
    if not given.whole:
        notes.append(ALONE)
    houses = [one.get("with_branches") for one in given.organizations]
    if any(is_object(house) and not (given.whole and "codes" in house) for house in houses):
        notes.append(BRANCHES)
    return notes
