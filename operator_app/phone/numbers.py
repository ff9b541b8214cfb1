"""A telephone number as people in Russia write it → +7…; a foreign one as E.164."""

import re
from typing import NamedTuple

RUSSIAN = re.compile(r"\+7(?:[349]\d|8[0-8])\d{8}")
KAZAKH = re.compile(r"\+7[67]\d{9}")
FOREIGN = re.compile(r"\+[1-689]\d{7,14}")
EXTENSION = re.compile(
    r"[,;]?\s*(?:доб(?:авочный)?|вн(?:утр)?|ext|#)\.?\s*[:№]?\s*(\d{1,6})\s*$", re.IGNORECASE
)
PUNCTUATION = re.compile(r"[\s().\-\u2010-\u2015\u00a0/~]+")
SPOILT = re.compile(r"\d[.,]\d+e\+?\d+", re.IGNORECASE)
SEPARATOR = re.compile(r"[,;|]|\s/\s|\n|\bили\b")
NATIONAL, WHOLE = 10, 11


class NotANumber(ValueError):
    """This is no telephone number; the text says in Russian why and what to do."""


class Number(NamedTuple):
    """A number in E.164 and the extension to dial after it."""

    e164: str
    extension: str = ""


def understood(typed: str) -> Number:
    """«8 (916) 123-45-67, доб. 12» → +79161234567 and 12. Raises NotANumber."""
    text = typed.strip().strip("'\u200b\ufeff").strip()
    if not text:
        raise NotANumber("Номера нет.")
    if SPOILT.fullmatch(text.replace(" ", "")):
        raise NotANumber("Excel округлил номер: задайте столбцу формат «Текстовый» и впишите номер заново.")
    extension = EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    bare = re.sub(r"^\s*(?:тел|моб|сот|дом|раб)\w*\.?\s*:?", "", text, flags=re.IGNORECASE)
    if SEPARATOR.search(bare) and len(re.sub(r"\D", "", bare)) > WHOLE:
        raise NotANumber("В ячейке несколько номеров: оставьте один, для второго заведите строку.")
    return Number(_e164(PUNCTUATION.sub("", bare)), extension[1] if extension else "")


def _e164(digits: str) -> str:
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise NotANumber("Это не номер телефона: в нём должны быть цифры, пробелы, скобки и дефисы.")
    found = _international(digits)
    if RUSSIAN.fullmatch(found) or KAZAKH.fullmatch(found) or FOREIGN.fullmatch(found):
        return found
    if found.startswith("+7"):
        raise NotANumber("После +7 или 8 должно быть десять цифр с кодом города или оператора.")
    raise NotANumber(
        "Такого номера не бывает: российский начинается с +7 или 8, иностранный — с + и кода страны."
    )


def _international(digits: str) -> str:
    if digits.startswith("+"):
        return digits
    if digits.startswith("810"):  # the way out of the country from a Russian line
        return "+" + digits[3:]
    if len(digits) == WHOLE and digits[0] in "78":
        return "+7" + digits[1:]
    if len(digits) == NATIONAL and RUSSIAN.fullmatch("+7" + digits):
        return "+7" + digits
    if digits[0] in "78":
        return "+7" + digits[1:]
    raise NotANumber("Номер без кода: впишите его целиком, с +7 или 8; иностранный — с + и кода страны.")


def readable(e164: str) -> str:
    """+79161234567 → «+7 916 123-45-67», with no-break spaces; a foreign one as it is."""
    if not e164.startswith("+7"):
        return e164
    d = e164[2:]
    return f"+7\u00a0{d[:3]}\u00a0{d[3:6]}\u2011{d[6:8]}\u2011{d[8:]}"
