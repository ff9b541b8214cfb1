"""One row of the list: what each column may hold, and what to do when it holds something else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import nok
from surveys.registry import numbers

COLUMNS = (
    "name", "short_name", "inn", "ogrn", "kpp", "oktmo", "agency_id", "region", "municipality", "sector",
    "kind", "address", "website", "recipients_per_year", "parent_inn",
)  # fmt: skip
REQUIRED = ("name", "sector")
LENGTHS = {"name": 400, "short_name": 400, "address": 500, "region": 200, "municipality": 200, "website": 300}
MAX_RECIPIENTS = 150_000_000

SECTORS = {
    **{sector: sector for sector in nok.SECTORS},
    **{title.casefold(): sector for sector, title in nok.SECTOR_TITLES.items()},
    "соцобслуживание": "social",
    "мсэ": "mse",
}
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_BY_EXCEL = re.compile(r"\d([.,]\d+)?[eе]\+?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class OrganizationRow:
    """One organisation as the list tells it; what it does not tell is empty."""

    name: str
    sector: str
    short_name: str = ""
    inn: str = ""
    ogrn: str = ""
    kpp: str = ""
    oktmo: str = ""
    agency_id: str = ""
    region: str = ""
    municipality: str = ""
    kind: str | None = None
    address: str = ""
    website: str = ""
    recipients_per_year: int | None = None
    parent_inn: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why a row was not taken: `row` as Excel numbers it, the header being 1; the reason says what to do."""

    row: int
    column: str
    value: str
    reason: str


class _Unfit(ValueError):
    """The value of one cell cannot be taken; the text is the reason."""


def check(raw: Mapping[str, str], row: int = 0) -> OrganizationRow | list[Refusal]:
    """The row as we keep it, or everything that is wrong with it, a refusal for each cell."""
    values: dict[str, str] = {}
    refused = []
    for column in COLUMNS:
        try:
            values[column] = _CHECKS[column](_clean(raw.get(column, "")))
        except _Unfit as unfit:
            refused.append(Refusal(row, column, raw.get(column, "")[:100], str(unfit)))
    if "kind" in values and "sector" in values and not _known_kind(values["kind"], values["sector"]):
        refused.append(Refusal(row, "kind", values["kind"], _kinds_in_words(values["sector"])))
    if refused:
        return refused
    recipients, kind = values.pop("recipients_per_year"), values.pop("kind")
    return OrganizationRow(
        **values, kind=kind or None, recipients_per_year=int(recipients) if recipients else None
    )


def _clean(text: str) -> str:
    """One space between words, no invisible signs; what could disturb a page or a document is refused."""
    if not text.isprintable():
        text = text.translate(_INVISIBLE)
    text = " ".join(text.split())
    if "\ufffd" in text:
        raise _Unfit("Часть букв потеряна при сохранении: сохраните файл в UTF-8 заново из исходного.")
    if not text.isprintable():
        raise _Unfit("В ячейке есть управляющие символы: введите текст заново.")
    return text


def _digits(text: str) -> str:
    """Digits of a number as people and Excel write it: with spaces, an apostrophe before, «.0» after."""
    if _BY_EXCEL.fullmatch(text):
        raise _Unfit("Excel округлил число: задайте столбцу текстовый формат и введите номер заново.")
    return re.sub(r"[.,]0$", "", text.replace(" ", "").removeprefix("'"))


def _numeric(text: str, *lengths: int) -> str:
    digits = _digits(text)
    if not digits:
        return ""
    allowed = " или ".join(map(str, lengths))
    if not (digits.isascii() and digits.isdigit()):
        raise _Unfit(f"Должны быть только цифры, {allowed}.")
    if len(digits) + 1 in lengths:
        raise _Unfit(
            f"Цифр {len(digits)}, нужно {allowed}. Похоже, Excel потерял ноль в начале: 0{digits}? "
            "Задайте столбцу текстовый формат."
        )
    if len(digits) not in lengths:
        raise _Unfit(f"Цифр {len(digits)}, нужно {allowed}.")
    return digits


def _inn(text: str) -> str:
    digits = _numeric(text, 10, 12)
    if digits and not numbers.inn(digits):
        raise _Unfit("Контрольная цифра ИНН не сходится: сверьте номер с выпиской.")
    return digits


def _ogrn(text: str) -> str:
    digits = _numeric(text, 13, 15)
    if digits and not numbers.ogrn(digits):
        raise _Unfit("Контрольная цифра ОГРН не сходится: сверьте номер с выпиской.")
    return digits


def _kpp(text: str) -> str:
    kpp = _digits(text).upper()
    if len(kpp) == 8 and kpp.isdigit():
        raise _Unfit(f"Знаков 8, нужно 9. Похоже, Excel потерял ноль в начале: 0{kpp}?")
    if kpp and not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", kpp):
        raise _Unfit("КПП — девять знаков, например 770101001.")
    return kpp


def _agency(text: str) -> str:
    digits = _digits(text)
    if digits and not re.fullmatch(r"[0-9]{1,20}", digits):
        raise _Unfit("Номер карточки на bus.gov.ru состоит из цифр.")
    return digits


def _sector(text: str) -> str:
    if not text:
        raise _Unfit("Сфера не указана: health, culture, education, social или mse.")
    if (sector := SECTORS.get(text.casefold())) is None:
        raise _Unfit("Такой сферы нет. Напишите health, culture, education, social или mse, можно по-русски.")
    return sector


def _website(text: str) -> str:
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        fit = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
    except ValueError:
        fit = False
    if not fit:
        raise _Unfit("Адрес сайта начинается с https:// или http://, например https://school.example.ru.")
    return _limited("website")(text)


def _recipients(text: str) -> str:
    digits = _digits(text)
    if not digits:
        return ""
    if not re.fullmatch(r"[0-9]{1,9}", digits) or int(digits) > MAX_RECIPIENTS:
        raise _Unfit("Число получателей за год — целое, от 0 до 150 миллионов.")
    return digits


def _limited(column: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > LENGTHS[column]:
            raise _Unfit(f"Знаков {len(text)}, помещается {LENGTHS[column]}: сократите.")
        return text

    return check


def _name(text: str) -> str:
    if not any(char.isalpha() for char in text):
        raise _Unfit("Наименование не указано." if not text else "В наименовании нет ни одной буквы.")
    return _limited("name")(text)


@cache
def _kinds() -> Mapping[str, frozenset[str]]:
    return {kind: frozenset(rule.sectors) for kind, rule in nok.edition().kinds.items()}


def _known_kind(kind: str, sector: str) -> bool:
    return not kind or sector in _kinds().get(kind, ())


def _kinds_in_words(sector: str) -> str:
    known = [kind for kind, sectors in _kinds().items() if sector in sectors]
    return f"Для этой сферы вид бывает: {', '.join(known)}." if known else "Для этой сферы вид не указывают."


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "name": _name,
    "inn": _inn,
    "ogrn": _ogrn,
    "kpp": _kpp,
    "oktmo": lambda text: _numeric(text, 8, 11),
    "agency_id": _agency,
    "sector": _sector,
    "kind": str.casefold,
    "website": _website,
    "recipients_per_year": _recipients,
    "parent_inn": _inn,
    **{column: _limited(column) for column in ("short_name", "region", "municipality", "address")},
}
