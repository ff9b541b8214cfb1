"""Words → whoever has them, typos forgiven: an inverted index with the trigrams of its own vocabulary.

A query's word stands for every known word that it equals, begins, or misses by a letter or two; a number stands for
itself. Rare words weigh more. Memory is linear in names; the work of a query does not grow with its length.
"""

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log
from typing import NamedTuple

from council.portal.words import LONG_NUMBER, MOST_WORDS, Word

SHORTEST_BEGINNING = 3
MOST_BEGUN = 400  # words that a short beginning may stand for
NEAREST = 60  # words measured letter by letter
COMMON = 5000  # of a commoner word only those found by rarer ones are looked at
MOST_FOUND = 12_000  # documents looked at, when even the rarest word has more
IN_ADDRESS = 0.8
HOUSE = 0.55  # a number in an address is a house
ENOUGH = 0.55  # of the weight of a query, when not every word was found
CLOSE = 0.72  # of the best
TAIL = "\uffff"


class Found(NamedTuple):
    """Documents, the best first; `whole` when every word of the query was found in each, `score` of the best."""

    documents: Sequence[int]
    whole: bool
    score: float


NOTHING = Found((), False, 0.0)


class Index:
    """An unchanging index over documents numbered from 0; each gives the words of its names and of its address."""

    def __init__(self, documents: Iterable[tuple[Iterable[str], Iterable[str]]]) -> None:
        names: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        addresses: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        lengths = array("H")
        for number, (name, address) in enumerate(documents):
            own = set(name)
            for word in own:
                names[word].append(number)
            for word in set(address) - own:
                addresses[word].append(number)
            lengths.append(min(len(own), 999))
        self._lengths = lengths
        self._words = sorted({*names, *addresses})
        self._names: Mapping[str, array[int]] = dict(names)
        self._addresses: Mapping[str, array[int]] = dict(addresses)
        self._grams = self._trigrams()

    def __len__(self) -> int:
        return len(self._lengths)

    def find(self, query: Sequence[Word]) -> Found:
        """Whoever has every word; when nobody has, whoever has most of what weighs."""
        asked = [_Asked(word, self._alike(word), self) for word in dict.fromkeys(query[:MOST_WORDS])]
        if not any(one.size for one in asked):
            return NOTHING
        known = sorted((one for one in asked if one.size), key=lambda one: one.size)
        scores, said = self._scored(known)
        everything = (1 << len(known)) - 1
        weight = (
            sum(one.weight for one in known) * len(asked) / len(known)
        )  # an unknown word is one of the others
        whole = len(known) == len(asked) and any(mask == everything for mask in said.values())
        kept = {
            document: score - 0.01 * self._lengths[document]
            for document, score in scores.items()
            if (said[document] == everything if whole else score >= ENOUGH * weight)
        }
        if not kept:
            return NOTHING
        best = max(kept.values())
        near = [document for document, score in kept.items() if score >= CLOSE * best]
        return Found(sorted(near, key=lambda one: (-kept[one], one)), whole, best / weight)

    def _scored(self, known: Sequence["_Asked"]) -> tuple[dict[int, float], dict[int, int]]:
        scores: dict[int, float] = {}
        said: dict[int, int] = {}
        for bit, asked in enumerate(known):
            among: Collection[int] | None = scores.keys() if scores and asked.size > COMMON else None
            if not scores and asked.size > MOST_FOUND:
                among = range(MOST_FOUND)
            for document, quality in asked.documents(among).items():
                scores[document] = scores.get(document, 0.0) + asked.weight * quality
                said[document] = said.get(document, 0) | 1 << bit
        return scores, said

    def _alike(self, word: Word) -> dict[str, float]:
        """Known words that this one may stand for, with how surely."""
        text, known = word.text, {}
        if word.number:
            return {text: 1.0} if self._knows(text) else {}
        for other in self._nearest(text):
            apart = distance(text, other, _most(text))
            if apart is not None:
                known[other] = 1 - 0.9 * apart / len(text)
        if len(text) >= SHORTEST_BEGINNING:
            for other in self._begun(text):
                known[other] = max(known.get(other, 0.0), 0.8 + 0.2 * len(text) / len(other))
        elif self._knows(text):
            known[text] = 1.0
        return known

    def _knows(self, text: str) -> bool:
        return text in self._names or text in self._addresses

    def _begun(self, text: str) -> Sequence[str]:
        first = bisect_left(self._words, text)
        return self._words[first : min(bisect_left(self._words, text + TAIL), first + MOST_BEGUN)]

    def _nearest(self, text: str) -> list[str]:
        most = _most(text)
        if not most:
            return []
        shared: Counter[int] = Counter()
        for gram in _grams(text):
            shared.update(self._grams.get(gram, ()))
        near = (at for at, _count in shared.most_common(NEAREST * 4))
        close = [word for at in near if abs(len(word := self._words[at]) - len(text)) <= most]
        return close[:NEAREST]

    def _trigrams(self) -> Mapping[str, "array[int]"]:
        grams: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        for at, word in enumerate(self._words):
            if _most(word):
                for gram in _grams(word):
                    grams[gram].append(at)
        return dict(grams)


class _Asked:
    """A word of the query: whom it leads to, and how much it says."""

    def __init__(self, word: Word, alike: Mapping[str, float], index: Index) -> None:
        house = HOUSE if word.number else IN_ADDRESS
        self._lists = [
            (found, quality * field)
            for postings, field in ((index._names, 1.0), (index._addresses, 0.0 if word.named else house))
            for text, quality in alike.items()
            if field and (found := postings.get(text))
        ]
        self.size = sum(len(found) for found, _quality in self._lists)
        self.weight = log(1 + len(index) / (0.5 + min(self.size, len(index))))

    def documents(self, among: Collection[int] | None) -> dict[int, float]:
        """Document → the best quality; only `among` these, if told."""
        best: dict[int, float] = {}
        for found, quality in sorted(self._lists, key=lambda one: one[1]):
            best.update(dict.fromkeys(found if among is None else _both(found, among), quality))
        return best


def _both(found: "array[int]", among: Collection[int]) -> Iterable[int]:
    if len(among) * 16 > len(found):
        yield from set(found).intersection(among)
        return
    for document in among:
        at = bisect_left(found, document)
        if at < len(found) and found[at] == document:
            yield document


def _most(text: str) -> int:
    """How many letters may be wrong."""
    size = len(text)
    if text.isdigit():
        return int(size >= LONG_NUMBER)
    return 0 if size < 4 else 1 if size < 6 else 2 if size < 10 else 3


def _grams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def distance(one: str, other: str, most: int) -> int | None:
    """Letters to change, add, drop or swap with the next; None when more than `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, above, row = row, before, [at]
        for place, its in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != its))
            if at > 1 < place and letter == other[place - 2] and one[at - 2] == its:
                cost = min(cost, above[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
