"""Telephones, mail, links and names in networks, addresses with a flat."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from surveys.screening.marks import Kind, Mark

_FIGURES = str.maketrans("ОоOoЗзIl", "00003311")
_UNITS = "ноль один два три четыре пять шесть семь восемь девять".split()
_TEENS = (
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать "
    "восемнадцать девятнадцать"
).split()
_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()
NUMERALS = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 10 + number for number, word in enumerate(_TEENS)},
    **{word: 20 + 10 * number for number, word in enumerate(_TENS)},
    **{word: 100 + 100 * number for number, word in enumerate(_HUNDREDS)},
    "нуль": 0,
    "одна": 1,
    "раз": 1,
    "две": 2,
}
_SAID = "|".join(sorted(NUMERALS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:\d|(?<=\d[- ])[IlОоOoЗз](?=\d))[\dОоOoЗзIl]*|(?<![^\W_])(?:{_SAID})(?![^\W_])", re.I
)
_BETWEEN = re.compile(r"[\s\-–—‑().,/_*·•:+]{0,4}(?:плюс\s+)?$", re.I)
_CALLED = re.compile(
    r"(?:домашн\w*|городск\w*|факс|тел|телефон\w*|звон\w*|номер\w*|сот\w*|моб\w*|набер\w*|пишите|ватсап\w*|whats\w*)\W*$",
    re.I,
)
_LOCAL = re.compile(
    r"(?<![\d\-])(?:\d{3}[- ]\d{2}[- ]\d{2}|\d{2}[- ]\d{2}[- ]\d{2}|\d[- ]\d{2}[- ]\d{2})(?![\d\-])"
)
_SEVEN = re.compile(r"\d{3}-\d{2}-\d{2}$")

_ZONES = "ru|ру|рф|com|ком|net|org|su|by|kz|info|biz|me|io|pro|online|site|team|рус|москва"
_AT = r"\s*(?:@|\(at\)|\[at\]|\s(?:собака|собачка|эт)\s)\s*"
_DOT = r"\s*(?:\.|,(?=ru|com)|\s(?:точка|dot)\s)\s*"
_EMAIL = re.compile(rf"[a-zа-яё0-9][\w.+-]*{_AT}[\w-]+(?:{_DOT}[\w-]+)*?{_DOT}(?:{_ZONES})\b", re.I)
_EMAIL_BARE = re.compile(r"[a-z0-9][a-z0-9.+_-]*@[a-z][a-z0-9.-]*[a-z0-9]", re.I)
_LINK = re.compile(
    rf"(?:https?\s*:\s*//|www\.)\S+[\w/]|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:{_ZONES})\b(?!\.\w)(?:/\S*[\w/])?",
    re.I,
)
_OFFICIAL = re.compile(
    r"(?:https?://)?(?:www\.)?(?:[\w-]+\.)*(?:gosuslugi\.ru|gov\.ru|mos\.ru|mosreg\.ru)(?:$|/)", re.I
)
_NETWORKS = (
    r"(?:т(?:еле)?г(?:рам+\w*|е|у|а)?|телега|telegram|tg|вк|vk|вконтакте|инст(?:а|аграм\w*)|instagram|insta|"
    r"what'?s?app|ватсап\w*|вацап\w*|вайбер\w*|viber|скайп\w*|skype|дискорд\w*|ник(?:нейм)?|аккаунт|одноклассник\w*)"
)
_HANDLE = re.compile(
    rf"(?<![\w@.])@[a-z_][\w.]{{3,}}\b|\b{_NETWORKS}[\s:—–-]+(@?(?:[a-z][\w.]{{3,}}|\w+_\w+))\b", re.I
)

_FLAT = re.compile(
    r"\b(?:кв(?:арт(?:ир[аеуы])?|-ра)?\b\.?|комн(?:\.|ат[аеуы]\b))\s*(?:№\s*|номер\s*)?\d{1,4}\b", re.I
)
_HOUSE = (
    r"(?:,?\s*(?:д(?:ом\w{0,2})?\b\.?\s*)?№?\s*\d{1,3}\s*(?:[а-яё]\b|/\d{1,3})?"
    r"(?:,?\s*(?:к(?:орп)?(?:ус)?|стр)\b\.?\s*\d{1,2})?)"
)
_ROAD = (
    r"(?:ул(?:иц[аеыу])?|пр(?:осп|-т|-д|оспект[еау]?|оезд[еа]?)?|пер(?:еул(?:ок|к[еау]))?|б(?:ул)?(?:-р|ьвар[еа]?)|"
    r"ш(?:оссе)?|наб(?:ережн\w+)?|пл(?:ощад[ьи])?|мкр(?:н|-н)?|микрорайон\w?|кварт(?:ал\w?)|пос(?:[её]л\w+)?|дер(?:евн\w+)?)\b\.?"
)
_NAMED_PLACE = re.compile(
    rf"(?:\b{_ROAD}\s*)?\b(?:\d\w*-?\w*\s+)?[\w-]+(?:\s+[А-ЯЁ][\w-]+)?(?:\s+{_ROAD})?{_HOUSE}\s*,?\s*$", re.I
)
_HOUSE_ONLY = re.compile(r"\bд(?:ом\w{0,2})?\b\.?\s*№?\s*\d{1,3}\s*[а-яё]?\s*,?\s*$", re.I)
_FLAT_BY_DASH = re.compile(
    rf"\b{_ROAD}\s*(?:[\w-]+\s+){{1,2}}?(?:д\w*\.?\s*)?\d{{1,3}}[а-яё]?\s*[-–—/]\s*\d{{1,3}}\b", re.I
)
_LIVES = re.compile(
    rf"\b(?:жив(?:у|[её]м|[её]т|ут)|прожива\w+|прописа\w+|зарегистрирован\w*|мой\s+адрес|адресу?\s+проживания|"
    rf"домашний\s+адрес)\b[\s:,—–-]*(?:(?:по\s+адресу|на|в|по)\s*:?\s*)?(?P<where>(?:(?:[гсдп]|пос|дер)\.\s*[\w-]+,?\s*)?"
    rf"(?:{_ROAD}\s*)?(?:[\w-]+\s*){{1,3}}?(?:{_ROAD}\s*)?{_HOUSE}(?:\s*[-–/,]?\s*(?:кв\.?\s*)?\d{{1,3}})?)(?!\s*(?:год|лет|мес))",
    re.I,
)


class _Number(NamedTuple):
    start: int
    end: int
    digits: str


def found(text: str) -> Iterator[Mark]:
    """Every way to reach a person at home, by telephone or in a network."""
    yield from _emails(text)
    yield from _links(text)
    yield from _phones(text)
    yield from _addresses(text)


def _emails(text: str) -> Iterator[Mark]:
    for pattern in (_EMAIL, _EMAIL_BARE):
        for one in pattern.finditer(text):
            yield Mark(one.start(), one.end(), Kind.EMAIL)


def _links(text: str) -> Iterator[Mark]:
    for one in _LINK.finditer(text):
        if not _OFFICIAL.match(one[0]):
            yield Mark(one.start(), one.end(), Kind.LINK)
    for one in _HANDLE.finditer(text):
        yield Mark(*(one.span(1) if one[1] else one.span()), Kind.LINK)


def _phones(text: str) -> Iterator[Mark]:
    for run in _runs(text):
        at = 0
        while at < len(run):
            upto = _phone(run, at)
            if upto is None:
                at += 1
                continue
            start = run[at].start
            before = text[max(0, start - 8) : start]
            plus = re.search(r"(?:\+|плюс\s{1,2})\s?$", before, re.I)
            yield Mark(start - len(before) + plus.start() if plus else start, run[upto - 1].end, Kind.PHONE)
            at = upto
    for one in _LOCAL.finditer(text):
        if _SEVEN.match(one[0]) or _CALLED.search(text[max(0, one.start() - 24) : one.start()]):
            yield Mark(one.start(), one.end(), Kind.PHONE)


def _phone(run: list[_Number], at: int) -> int | None:
    """Where a telephone that begins with this number ends in the run."""
    digits = ""
    for upto in range(at, len(run)):
        digits += run[upto].digits
        if len(digits) > 11:
            return None
        if (len(digits) == 11 and digits[0] in "78" and digits[1] in "34589") or (
            len(digits) == 10 and digits[0] == "9" and not _goes_on(run, upto)
        ):
            return upto + 1
    return None


def _goes_on(run: list[_Number], upto: int) -> bool:
    return upto + 1 < len(run) and len(run[upto + 1].digits) == 1


def _runs(text: str) -> Iterator[list[_Number]]:
    """Numbers beside one another, in figures or in words: «8 9 2 6», «восемь девятьсот двадцать шесть»."""
    run: list[_Number] = []
    parts: list[tuple[int, int, int]] = []  # of a number in words: start, end, value
    end = 0
    for one in _NUMBER.finditer(text):
        if run or parts:
            if not _BETWEEN.match(text[end : one.start()]):
                run += _said(parts)
                parts = []
                yield run
                run = []
        if one[0].lower() not in NUMERALS:
            run += _said(parts)
            parts = []
            digits = one[0].translate(_FIGURES)
            run.append(_Number(one.start(), one.end(), digits))
        else:
            parts.append((one.start(), one.end(), NUMERALS[one[0].lower()]))
        end = one.end()
    run += _said(parts)
    if run:
        yield run


def _said(parts: list[tuple[int, int, int]]) -> list[_Number]:
    """Numbers in words put together: «девятьсот двадцать шесть» is one number of three digits."""
    whole: list[_Number] = []
    room = 0  # what may still be added to the last number: below its last word's magnitude
    for start, end, value in parts:
        if whole and 0 < value < room:
            last = whole[-1]
            whole[-1] = _Number(last.start, end, str(int(last.digits) + value))
        else:
            whole.append(_Number(start, end, str(value)))
        room = 100 if value >= 100 else 10 if value >= 20 else 0
    return whole


def _addresses(text: str) -> Iterator[Mark]:
    for one in _FLAT.finditer(text):
        start = one.start()
        before = text[max(0, start - 80) : start]
        place = _NAMED_PLACE.search(before) or _HOUSE_ONLY.search(before)
        if place:
            start = start - len(before) + place.start()
        yield Mark(start, one.end(), Kind.ADDRESS)
    for one in _FLAT_BY_DASH.finditer(text):
        yield Mark(one.start(), one.end(), Kind.ADDRESS)
    for one in _LIVES.finditer(text):
        yield Mark(*one.span("where"), Kind.ADDRESS)
