"""Names of people: by patronymics, initials, roles and relatives beside them, and by the dictionary.

A role stays («врач [имя]»). Streets, libraries and poets are nobody here, unless a role or a patronymic says otherwise.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from surveys.screening.letters import Word, words
from surveys.screening.marks import Kind, Mark

SURE = 0.5
SURELY = 0.9  # so sure one must be of a word in small letters with nothing beside it
DOUBT = 0.15
NEAR = 8
LONGEST = 60  # letters of a word that are looked at
TOWARDS = frozenset("в во из под около г город городе города".split())
THANKS = frozenset(
    "спасибо благодарю благодарна благодарен благодарность благодарим привет респект поклон".split()
)
LIKE_A_SURNAME = re.compile(
    r"[а-яё]{2,}(?:[оеё]в|[иы]н|[оеё]в(?:а|у|ой|ым|е|ы|ых|ыми)|[иы]н(?:а|у|ой|ым|е|ы|ых)|(?:ск|цк)(?:ий|ая|ого|ому|ой|им|ую)|"
    r"енко|чук(?:а|у|ом|е)?|[ую]к|[я]н(?:а|у|ом|е)?|дзе|швили|[иы]х|оглы|баев|беков)$"
)
PATRONYMIC = re.compile(
    r"[а-яё]{3,}(?:[оеё]вич|[иы]ч|ыч|ьич)(?:а|у|ем|е|ом)?$|[а-яё]{2,}(?:[оеё]вн|ичн|иничн)(?:а|ы|е|у|ой|ою)$|^(?:иван|пал|михал|сан|николав|алексев|сергев|василь|андрев|дмитрев)н[ауые]$|^(?:оглы|кызы|оглу|гызы)$"
)
NOT_PATRONYMIC = re.compile(
    r"(?:^|[^о])(?:ключ|кирпич|москвич|дич|бич|клич|обычн|личн|публичн|прилич|привыч|нич)\w*$"
)
_AFTER = re.compile(
    r"\s{0,2}(?P<all>[А-ЯЁA-Z]\s?\.\s?(?:[А-ЯЁA-Z](?![^\W_])\s?\.?)?|[А-ЯЁ]\s[А-ЯЁ](?![^\W_])|"
    r"[а-яё]\.\s?[а-яё]\.)(?!\s?[дпкт]\.)"
)
_BEFORE = re.compile(r"(?<![^\W_])(?:[А-ЯЁA-Z]\s?\.\s?){1,2}$|(?<![^\W_])(?:[а-яё]\.\s?){2}$")
_GAP = re.compile(r"[ \t\n]{1,3}$")
_SENTENCE = re.compile(r"(?:[.!?…\n:;«\"(—–]|\s-)\s*$")


class Form(NamedTuple):
    """What the dictionary says of a word: how sure it is a name, a patronymic, a surname, a place, another word."""

    name: float
    patronymic: bool
    surname: float
    place: float
    other: float
    known: bool
    living: bool
    lemmas: frozenset[str]
    cases: frozenset[str]

    @property
    def likely(self) -> float:
        """How sure it is a person's, between that and any other word."""
        own = self.name + self.surname
        return own / (own + self.other) if own else 0.0


def found(text: str) -> Iterator[Mark]:
    """Every name of a person."""
    said = words(text)
    shouted = _shouted(text)
    spans = sorted(_spans(text, said, shouted))
    last = -1
    for start, end in spans:
        if end > last:
            yield Mark(max(start, last), end, Kind.NAME)
            last = end


def _spans(text: str, said: Sequence[Word], shouted: bool) -> Iterator[tuple[int, int]]:
    taken: set[int] = set()
    for at, word in enumerate(said):
        if form(word.low).patronymic:
            taken |= _around(text, said, at, shouted)
    for at in range(len(said)):
        if at not in taken and _named(text, said, at, shouted):
            taken.add(at)
    for at in taken:
        yield _with_initials(text, said[at])


def _with_initials(text: str, word: Word) -> tuple[int, int]:
    after = _AFTER.match(text, word.end)
    before = _BEFORE.search(text[max(0, word.start - NEAR) : word.start])
    start = max(0, word.start - NEAR) + before.start() if before else word.start
    return start, after.end() if after and after["all"].strip() else word.end


def _around(text: str, said: Sequence[Word], at: int, shouted: bool) -> set[int]:
    """A patronymic with the name and the surname beside it."""
    taken = {at}
    if at and _beside(text, said, at - 1):
        before = form(said[at - 1].low)
        if before.name or before.surname or (said[at - 1].capital and not shouted and not before.known):
            taken.add(at - 1)
            if at > 1 and _beside(text, said, at - 2) and _surname_by(text, said, at - 2, shouted):
                taken.add(at - 2)
    if at + 1 < len(said) and _beside(text, said, at) and _surname_by(text, said, at + 1, shouted):
        taken.add(at + 1)
    return taken


def _surname_by(text: str, said: Sequence[Word], at: int, shouted: bool) -> bool:
    """Is this word beside a name or a patronymic a surname?"""
    word, one = said[at], form(said[at].low)
    if _is(one, "roles") or _is(one, "relatives") or one.patronymic:
        return False
    if one.surname >= 0.1 and one.surname >= one.other:
        return True
    if shouted or not word.capital:
        return not one.known and bool(LIKE_A_SURNAME.search(word.low))
    return not _begins(text, word) or not one.known


def _named(text: str, said: Sequence[Word], at: int, shouted: bool) -> bool:
    word, one = said[at], form(said[at].low)
    if len(word.form) < 2 or word.form.isascii():
        return False
    capital = word.capital and not shouted
    if len(word.form) > 2 and (capital or shouted or one.surname >= SURE) and _by_initials(text, word, one):
        return True
    if _place_before(text, said, at):
        return False
    if _role_before(text, said, at, one, capital):
        return True
    if _is(one, "famous"):
        return False
    if capital and not one.known and LIKE_A_SURNAME.search(word.low) and not _begins(text, word):
        return True
    if (
        capital
        and one.likely
        and (_pair(text, said, at, at + 1, shouted) or _pair(text, said, at - 1, at, shouted))
    ):
        return True
    if _is(one, "not_names"):
        return capital and one.name > 0 and not _begins(text, word) and len(word.form) > 3
    if one.place and at and said[at - 1].low in TOWARDS:
        return False
    if capital and one.known and one.likely >= SURE:
        return not _begins(text, word) or one.other < DOUBT or bool(LIKE_A_SURNAME.search(word.low))
    if capital and not one.known and at and said[at - 1].low in THANKS:
        return True
    return not one.place and one.likely >= SURELY and bool(one.known or one.name)


def _by_initials(text: str, word: Word, one: Form) -> bool:
    """Do initials stand after it, or before it and not after another surname: «Иванова М. П. Звоните»?"""
    after = _AFTER.match(text, word.end)
    if after:
        two = after["all"].count(".") > 1 and after["all"][0].isupper()
        if "." not in after["all"]:
            return one.surname >= SURE
        return (
            bool(one.surname) or not one.known or not (_is(one, "roles") or (_begins(text, word) and not two))
        )
    before = _BEFORE.search(text[max(0, word.start - NEAR) : word.start])
    return before is not None and (bool(one.surname) or not one.known)


def _pair(text: str, said: Sequence[Word], first: int, second: int, shouted: bool) -> bool:
    """A name and a surname beside one another, in either order."""
    if first < 0 or second >= len(said) or not _beside(text, said, first):
        return False
    one, other = form(said[first].low), form(said[second].low)
    if not (said[first].capital and said[second].capital) or shouted:
        return False
    return (one.name >= 0.05 and _like_surname(said[second], other)) or (
        other.name >= 0.05 and _like_surname(said[first], one)
    )


def _like_surname(word: Word, one: Form) -> bool:
    return one.surname >= 0.05 or (not one.known and bool(LIKE_A_SURNAME.search(word.low)))


def _role_before(text: str, said: Sequence[Word], at: int, one: Form, capital: bool) -> bool:
    if not at or not re.fullmatch(
        r"[\s,:–—«\"-]{1,4}(?:по имени\s+)?", text[said[at - 1].end : said[at].start]
    ):
        return False
    before = form(said[at - 1].low)
    if not (_is(before, "roles") or _is(before, "relatives")) or _is(one, "roles") or _is(one, "relatives"):
        return False
    if capital and not one.known:
        return True
    agrees = bool(before.cases & one.cases) or not before.cases
    if capital:
        by_look = bool(LIKE_A_SURNAME.search(said[at].low))
        return by_look or (agrees and (one.likely > 0 or one.living)) or one.likely >= SURE
    if not one.known:
        return one.likely >= SURE and bool(LIKE_A_SURNAME.search(said[at].low)) and agrees
    if "," in text[said[at - 1].end : said[at].start]:
        return False
    ambiguous = _is(one, "not_names") and one.name > 0
    return agrees and (one.likely >= SURE or ambiguous)


def _place_before(text: str, said: Sequence[Word], at: int) -> bool:
    """Is it a street's, a library's, a poet's? «улица Ленина», «им. С. П. Боткина», «святой Екатерины»."""
    for back in (1, 2):
        if at < back:
            return False
        before = said[at - back]
        if re.search(r"[!?;\n]", text[before.end : said[at].start]):
            return False
        if _is(form(before.low), "places") or before.low in ("им", "ул", "пр", "пл", "пер", "св"):
            between = said[at - 1] if back == 2 else None
            return between is None or len(between.form) == 1 or between.capital
    return False


def _beside(text: str, said: Sequence[Word], at: int) -> bool:
    """Does nothing but a space stand between this word and the next?"""
    return bool(_GAP.match(text[said[at].end : said[at + 1].start]))


def _begins(text: str, word: Word) -> bool:
    """Does it begin a sentence, where any word has a capital letter?"""
    before = text[max(0, word.start - NEAR) : word.start]
    return bool(_SENTENCE.search(before)) or (word.start <= NEAR and not before.strip())


def _shouted(text: str) -> bool:
    """Is the text written in capitals, or each word with one, so that they say nothing?"""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 8 and sum(map(str.isupper, letters)) > len(letters) / 2


def _is(one: Form, kind: str) -> bool:
    return not one.lemmas.isdisjoint(_lists()[kind])


@lru_cache(8_192)
def form(word: str) -> Form:
    """The dictionary's word on a word in small letters. A double surname is judged by its likelier part."""
    parts = [part for part in word[:LONGEST].split("-") if part] or [word[:LONGEST]]
    return max(map(_form, parts), key=lambda one: one.name + one.surname)


def _form(word: str) -> Form:
    parses = _morph().parse(word)
    sums = {"Name": 0.0, "Surn": 0.0, "Geox": 0.0, "": 0.0}
    patronymic = False
    cases: set[str] = set()
    for one in parses:
        kind = next((name for name in ("Name", "Surn", "Geox") if name in one.tag), "")
        patronymic = patronymic or ("Patr" in one.tag and one.score >= 0.2)
        sums[kind] += 0.0 if "Patr" in one.tag else one.score
        if one.tag.case and (kind or "NOUN" in one.tag or "PRTF" in one.tag):
            cases.add(str(one.tag.case))
    known = _morph().word_is_known(word)
    if not known:  # what the dictionary does not know it guesses by the ending alone
        patronymic = patronymic or bool(PATRONYMIC.search(word) and not NOT_PATRONYMIC.search(word))
    living = any("NOUN" in one.tag and "anim" in one.tag for one in parses)
    lemmas = frozenset(one.normal_form for one in parses) if known else frozenset({parses[0].normal_form})
    return Form(
        sums["Name"],
        patronymic,
        sums["Surn"],
        sums["Geox"],
        sums[""],
        known,
        living,
        lemmas,
        frozenset(cases),
    )


@cache
def _lists() -> dict[str, frozenset[str]]:
    with Path(__file__).with_name("words.toml").open("rb") as file:
        told = tomllib.load(file)
    return {name: frozenset(told[name].replace("ё", "ё").split()) for name in told}


@cache
def _morph() -> Any:
    """The dictionary, 15 MB: read when the first words are looked at, in no process that looks at none."""
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415

    return MorphAnalyzer()
