"""Rulebook: the rules that a result names and encloses, held against those that this installation has."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nok.difference import Difference
from nok.enclosed import Enclosed, is_object
from nok.loading import edition, editions, read
from nok.practice import Practice
from nok.refusal import Refused, shown
from nok.rules import Edition

MOST_TOML = 512 * 1024


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Rules to recompute by. `known`: this installation has an edition of that name."""

    edition: Edition
    practice: Practice
    known: bool
    enclosed: bool
    differences: tuple[Difference, ...]

    def sentence(self) -> str:
        """Where the rules came from, for a reader."""
        name = f"Правила: редакция {self.edition.id}, SHA-256 {self.edition.content_hash}"
        if not self.known:
            return (
                f"{name}. Этой редакции у программы нет: пересчитано по тексту правил из самого файла."
                " Сверьте этот хэш с опубликованным порядком."
            )
        if not self.enclosed:
            return f"{name}. Текста правил в файле нет, взяты правила этой программы с тем же хэшем."
        if self.differences:
            return f"{name}. Пересчитано по правилам этой программы, а не по тексту из файла."
        return f"{name}. Правила в файле те же, что у этой программы."


def rulebook(given: Enclosed) -> Rulebook:
    """The rules of a file. An edition of this installation is believed before the text enclosed. Raises Refused."""
    rules = given.content.get("rules")
    enclosed = rules.get("edition") if is_object(rules) else None
    name = _text(given.campaign.get("edition"), "campaign.edition")
    hashes = given.campaign.get("hashes")
    pinned = hashes if is_object(hashes) else {}
    if is_object(enclosed):
        return _from_file(name, rules if is_object(rules) else {}, enclosed, given.campaign, pinned)
    if name not in editions():
        raise Refused("rules", f"редакции «{shown(name)}» у программы нет, а текста правил в файле нет")
    ours = edition(name)
    if pinned.get("edition") != ours.content_hash:
        raise Refused(
            "rules", f"у программы другая редакция «{shown(name)}», а текста правил в файле нет: не сверить"
        )
    practice = _practice(given.campaign.get("practice"), "campaign.practice")
    return Rulebook(ours, practice, True, False, tuple(_of_practice(practice, given.campaign, pinned, {})))


def _from_file(
    name: str,
    rules: Mapping[str, Any],
    enclosed: Mapping[str, Any],
    campaign: Mapping[str, Any],
    pinned: Mapping[str, Any],
) -> Rulebook:
    toml = _text(enclosed.get("toml"), "rules.edition.toml").encode()
    own_name = _text(enclosed.get("name"), "rules.edition.name")
    if len(toml) > MOST_TOML:
        raise Refused("rules.edition.toml", "текст правил слишком длинный")
    real = hashlib.sha256(toml).hexdigest()
    found = list(_of_edition((name, own_name), real, enclosed, pinned))
    known = name in editions()
    if known:
        ours = edition(name)
        if ours.content_hash != real:
            found.append(Difference.rules("текст редакции", real, ours.content_hash))
    else:
        ours = read(shown(own_name), toml)
    practice = _practice(rules.get("practice"), "rules.practice")
    found += _of_practice(practice, campaign, pinned, rules)
    return Rulebook(ours, practice, known, True, tuple(found))


def _of_edition(
    names: tuple[str, str], real: str, enclosed: Mapping[str, Any], pinned: Mapping[str, Any]
) -> Iterator[Difference]:
    """Where the file's own words about its edition disagree; the hash of the text is what counts."""
    if names[0] != names[1]:
        yield Difference.rules("имя редакции", names[0], names[1])
    for where, named in (
        ("хэш редакции рядом с её текстом", enclosed.get("sha256")),
        ("закреплённый хэш редакции", pinned.get("edition")),
    ):
        if named != real:
            yield Difference.rules(where, _said(named), real)


def _of_practice(
    practice: Practice, campaign: Mapping[str, Any], pinned: Mapping[str, Any], rules: Mapping[str, Any]
) -> Iterator[Difference]:
    told = _practice(campaign.get("practice"), "campaign.practice")
    for key, choice in practice.as_dict().items():
        other = told.as_dict()[key]
        if other != choice:
            yield Difference.rules(f"решение {key}", str(other), str(choice))
    named = [("закреплённый хэш решений", pinned.get("practice"))]
    if rules:
        named.append(("хэш решений рядом с их текстом", rules.get("practice_sha256")))
    for where, said in named:
        if said != practice.content_hash:
            yield Difference.rules(where, _said(said), practice.content_hash)


def _practice(given: object, place: str) -> Practice:
    if not is_object(given):
        raise Refused(place, "нет этой части файла, без неё не проверить")
    try:
        return Practice.of(given)
    except Refused as refused:
        raise refused.within(place) from None


def _said(value: object) -> str:
    return shown(value, 64) if isinstance(value, str) else "не назван"


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise Refused(place, "нет этой части файла, без неё не проверить")
    return value
