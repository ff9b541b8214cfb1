"""Rude words: marked, never taken out. By roots, by dictionary form, and by the stars somebody hid them behind."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from surveys.screening import people
from surveys.screening.letters import words
from surveys.screening.marks import Kind, Mark

_STARRED = re.compile(
    r"(?<![^\W_])(?:[хпбесмгжxpcbe])[а-яё]{0,2}(?:[*#@$_]{1,6}|\.{2,4}(?=[а-яё]))[а-яё*#@$]{0,6}(?![^\W_])",
    re.I,
)
_MIXED = re.compile(r"(?<![^\W_])[а-яёa-z]+[\d@$][а-яёa-z\d@$]*[а-яёa-z](?![^\W_])", re.I)
_FIGURES = str.maketrans("0346@$1x", "озчбаси" + "х")


def found(text: str) -> Iterator[Mark]:
    """Every rude word."""
    for one in _STARRED.finditer(text):
        if any(c in "*#@$." for c in one[0]):
            yield Mark(one.start(), one.end(), Kind.RUDE)
    for one in _MIXED.finditer(text):
        if _rude(one[0].lower().translate(_FIGURES)):
            yield Mark(one.start(), one.end(), Kind.RUDE)
    for word in words(text):
        if _rude(word.low):
            yield Mark(word.start, word.end, Kind.RUDE)


def _rude(word: str) -> bool:
    roots, kept, lemmas = _told()
    plain = re.sub(r"(.)\1{2,}", r"\1", word.replace("ё", "е") if "ё" in word else word)
    if kept.search(plain):
        return False
    return bool(roots.search(plain)) or not people.form(word).lemmas.isdisjoint(lemmas)


@cache
def _told() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    with Path(__file__).with_name("rude.toml").open("rb") as file:
        told = tomllib.load(file)
    return re.compile("|".join(told["roots"])), re.compile(told["kept"]), frozenset(told["lemmas"].split())
