"""How alike two wordings are: the cosine of their stems, each weighed by how few questions it occurs in (TF-IDF).

All questions of the Order are about being satisfied, organisations and services; «стенд» against «сайт», «первичный»
against «непосредственное», «дистанционной» are what tells them apart, and these are rare.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from surveys.answers.shapes import Target
from surveys.answers.wordings import known, plain

_WORD = re.compile(r"[0-9a-zа-я]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_STOP = frozenset(
    "а б бы был была было были в вам вас ваш ваша ваше вашего ваши вашу вы да для до его ее если же за и из или "
    "им их к как какими каким ко который которую которые ли либо могли на над не нет ни но о об от по под при с "
    "со так то у чтобы что это этой данной данную организации организацию организация учреждения учреждение".split()
)
_ENDING = re.compile(
    r"(иями|остью|остями|ости|ость|ыми|ими|ами|ями|ого|его|ому|ему|ов|ев|ей|ах|ях|ая|яя|ое|ее|ые|ие|ый|ий|ой|ом|ем|"
    r"ам|ям|ую|юю|ых|их|ия|ию|ии|ья|а|я|о|е|ы|и|у|ю|ь|й)$"
)
LONGEST_STEM = 7
_ABOUT = (  # said in a few letters, they tell a question from its neighbours, which may have no column here
    (re.compile(r"инвалид|\bовз\b|маломобил"), {"disability", "accessibility"}),
    (
        re.compile(r"телефон|дистанц|\bзвон|\bпозвон|электронн\w* почт|по почте|удаленно|онлайн"),
        {"remote_used", "remote_staff"},
    ),
)
_USING = re.compile(
    r"\b(?:были|бывали|приходил|пользовал|обращал|смотрел|видели|заходил|посещал|открывал|читал|искал|знакомил)"
)
_JUDGING = re.compile(
    r"удовлетвор|довол|вежлив|доброжел|устраива|устроил|понрав|хорош|полн|понятн|удобн|достаточн|качеств|нравит"
)
NEAR = 0.9  # the very words of a questionnaire: nothing more is asked of them
Vector = Mapping[str, float]


def stems(text: str) -> list[str]:
    """The words of a wording that say something, cut to their stems."""
    same = _same()
    cut = (_stem(word) for word in _WORD.findall(plain(text)) if word not in _STOP)
    return [same.get(stem, stem) for stem in cut]


@cache
def _same() -> dict[str, str]:
    """Stem → the stem it is read as."""
    return {_stem(word): _stem(said) for word, said in known().same.items()}


def _stem(word: str) -> str:
    if len(word) > 4 and not word.isascii():
        word = _ENDING.sub("", word) if len(word) > 5 else _ENDING.sub("", word, count=1)
    return word[:LONGEST_STEM]


def forms(text: str) -> tuple[str, ...]:
    """The wording as it is, and without what stands in brackets."""
    bare = text
    while (shorter := _BRACKETS.sub(" ", bare)) != bare:
        bare = shorter
    return (text,) if bare == text or not stems(bare) else (text, bare)


def elsewhere(heading: str, measure: str, filtered: bool) -> bool:
    """Does a word of the heading say that it asks something else: of the telephone, of being there at all?"""
    text = plain(forms(heading)[-1])
    if any(word.search(text) and measure not in theirs for word, theirs in _ABOUT):
        return True
    return filtered and bool(_USING.search(text)) and not _JUDGING.search(text)


class Likeness:
    """Wordings of every target, ready to be compared with a heading."""

    def __init__(self, wordings: Mapping[Target, Iterable[str]]) -> None:
        documents = {
            target: [stems(form) for variant in variants for form in forms(variant)]
            for target, variants in wordings.items()
        }
        occurs: defaultdict[str, set[Target]] = defaultdict(set)
        for target, variants in documents.items():
            for words in variants:
                for word in words:
                    occurs[word].add(target)
        total = len(documents)
        self._weight = {word: 1 + math.log(total / len(where)) for word, where in occurs.items()}
        self._unknown = 1 + math.log(max(total, 1))
        self._exact = {
            plain(variant): target for target, variants in wordings.items() for variant in variants
        }
        self._vectors = {
            target: [vector for words in variants if (vector := self._vector(words))]
            for target, variants in documents.items()
        }
        self.to = lru_cache(4096)(self._to)

    def exact(self, heading: str) -> Target | None:
        """The target that is called by this very heading."""
        return self._exact.get(plain(heading))

    def thin(self, heading: str) -> bool:
        """Is one word all that is known of the heading, and is it not called so?"""
        return self.exact(heading) is None and sum(stem in self._weight for stem in set(stems(heading))) < 2

    def _to(self, heading: str) -> tuple[tuple[Target, float], ...]:
        """Every target with its likeness to the heading, best first; those with none are left out."""
        vectors = [vector for form in forms(heading) if (vector := self._vector(stems(form)))]
        exact = self.exact(heading)
        found = {
            target: min(0.99, max((_cosine(one, other) for one in vectors for other in known), default=0.0))
            for target, known in self._vectors.items()
        }
        if exact is not None:
            found = {target: min(like, 0.6) for target, like in found.items()} | {exact: 1.0}
        return tuple(sorted(((t, x) for t, x in found.items() if x > 0.05), key=lambda pair: -pair[1]))

    def _vector(self, words: list[str]) -> Vector:
        counted = Counter(words)
        raw = {word: (1 + math.log(n)) * self._weight.get(word, self._unknown) for word, n in counted.items()}
        length = math.sqrt(sum(x * x for x in raw.values()))
        return {word: x / length for word, x in raw.items()} if length else {}


def _cosine(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(x * other.get(word, 0.0) for word, x in one.items())
