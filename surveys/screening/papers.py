"""Numbers of papers and cars: passport, SNILS, policy, card, contract, plate; the day of birth."""

import re
from collections.abc import Iterator

from surveys.screening.marks import Kind, Mark

_PLATE_LETTER = "[АВЕКМНОРСТУХABEKMHOPCTYX]"
_PLATE = re.compile(
    rf"(?<![^\W_]){_PLATE_LETTER}\s?\d{{3}}\s?{_PLATE_LETTER}{{2}}(?:\s?\d{{2,3}}(?:\s?(?:rus|рус))?)(?!\w)|"
    rf"(?<![^\W_]){_PLATE_LETTER}\d{{3}}{_PLATE_LETTER}{{2}}(?!\w)",
    re.I,
)
_NAMED = re.compile(
    r"\b(?:паспорт\w*|снилс\w*|полис\w*|омс|инн|карт[аыеуо]\w{0,2}(?:\s+(?:пациента|больного|москвича))?|"
    r"истори\w\s+болезни|удостоверени\w+|свидетельств\w+|договор\w*|дел[оау]|сч[её]т\w{0,2}|военн\w+\s+билет\w*)\b"
    r"(?:[\s:.,—–-]|сери\w+|номер\w*|№|мой|моего|моя|моей|ОМС){0,6}"
    r"(?P<number>[а-яёa-z]{0,3}[-\s]?(?:\d[\d\s/-]{2,}\d)(?:\s*(?:№|номер)\s*\d{4,})?)",
    re.I,
)
_PASSPORT = re.compile(r"(?<!\d)\d{2}\s?\d{2}\s*(?:№|номер)?\s?\d{6}(?!\d)", re.I)
_SNILS = re.compile(r"(?<!\d)\d{3}[-\s]\d{3}[-\s]\d{3}[-\s]?\d{2}(?!\d)")
_GROUPED = re.compile(r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?!\d)")
_LONG = re.compile(r"(?<![\d.,])\d{9,20}(?![\d.,]*\d)(?!\s*(?:руб|р\b|₽|тыс|млн))", re.I)
_MONTHS = "янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек"
_DATE = (
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:19|20)?\d{2}|"
    rf"\d{{1,2}}\s+(?:{_MONTHS})\w*\s+(?:19|20)\d{{2}}(?:\s*г(?:ода?|\.)?(?!\w))?"
)
_BIRTH = re.compile(
    rf"\b(?:род(?:ил\w+|\.)|дата\s+рожд\w+|д\.\s?р\.|др)\s*[:—–-]?\s*(?P<after>{_DATE})|(?P<before>{_DATE}|(?:19|20)\d{{2}})"
    r"\s*(?:г(?:\.|ода?)?\s*)?(?:р\.|рожд\w+|г\.\s?р)",
    re.I,
)


def found(text: str) -> Iterator[Mark]:
    """Every number by which papers or a car are found."""
    for one in _BIRTH.finditer(text):
        yield Mark(*one.span("after" if one["after"] else "before"), Kind.BIRTH)
    for one in _NAMED.finditer(text):
        yield Mark(*_stripped(text, *one.span("number")), Kind.DOCUMENT)
    for pattern in (_SNILS, _GROUPED, _PASSPORT, _LONG):
        for one in pattern.finditer(text):
            yield Mark(one.start(), one.end(), Kind.DOCUMENT)
    for one in _PLATE.finditer(text):
        yield Mark(one.start(), one.end(), Kind.PLATE)


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while text[start].isspace() or text[start] == "-":
        start += 1
    return start, end
