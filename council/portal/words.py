"""Names, addresses and queries as one bag of words: abbreviations opened, numbers bare, slips of the keyboard undone.

Pure: a query and what it is compared with go through the same hands.
"""

import re
from typing import NamedTuple

LONGEST_QUERY = 200
MOST_WORDS = 16
#: Digits: a number so long is an INN or an OGRN, not a house or the number of a school.
LONG_NUMBER = 8

_OPENED = {
    "ул": "улица",
    "пр": "проспект",
    "просп": "проспект",
    "прт": "проспект",
    "пркт": "проспект",
    "прд": "проезд",
    "пер": "переулок",
    "наб": "набережная",
    "ш": "шоссе",
    "бр": "бульвар",
    "бул": "бульвар",
    "бульв": "бульвар",
    "пл": "площадь",
    "пос": "поселок",
    "им": "имени",
    "обл": "область",
    "респ": "республика",
    "рн": "район",
    "мкр": "микрорайон",
    "мкрн": "микрорайон",
    "корп": "корпус",
    "стр": "строение",
    "дер": "деревня",
    "спб": "санкт петербург",
    "мск": "москва",
}
#: Said or left out alike.
_IDLE = frozenset("улица имени номер на по для при из от до во со об корпус строение".split())
_PARTS = re.compile(r"№|\d+|[^\W\d_]+")
_ORDINAL = re.compile(r"(\d)\s?-?(?:ая|ый|ой|го|му|ом|ти|[яйеах])\b")
_JOINED = re.compile(r"\b(пр|р|б)-(т|кт|д|н|р)\b")
_SPACED_DIGITS = re.compile(r"[\d\s-]+")
_NUMBER_SIGN = re.compile(r"(?:\bn|#|№)\s*(?=\d)")

_LATIN_ROW = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`#"
_CYRILLIC_ROW = "йцукенгшщзхъфывапролджэячсмитьбюё№"
_BY_LAYOUT = str.maketrans(_LATIN_ROW, _CYRILLIC_ROW)
_LOOK_ALIKE = str.maketrans("aceopxykmtbh", "асеорхукмтвн")
_SOUNDS = (
    *(("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш")),
    *(
        ("yu", "ю"),
        ("ju", "ю"),
        ("iu", "ю"),
        ("ya", "я"),
        ("ja", "я"),
        ("ia", "ия"),
        ("yo", "е"),
        ("ye", "е"),
    ),
    *(("iy", "ий"), ("yy", "ый"), ("ay", "ай"), ("ey", "ей"), ("oy", "ой"), ("x", "кс"), ("'", "ь")),
)
_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwyz", "абкдефгхийклмнопкрстуввыз")
_SLUG = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".split(),
        strict=True,
    )
)


class Word(NamedTuple):
    """One word; a number after «№» is looked for in names alone."""

    text: str
    named: bool = False

    @property
    def number(self) -> bool:
        """A number that means another house or school when one digit differs."""
        return self.text.isdigit() and len(self.text) < LONG_NUMBER


def words(text: str) -> list[Word]:
    """The words of a text in their order; single letters and words that are left out as often as said are dropped."""
    found, named = [], False
    for part in _PARTS.findall(_plain(text)):
        if part == "№":
            named = True
            continue
        for word in _OPENED.get(part, part).split():
            word = _cyrillic(word)
            if word.isdigit():
                found.append(Word(word.lstrip("0") or "0" if len(word) < LONG_NUMBER else word, named))
            elif len(word) > 1 and word not in _IDLE:
                found.append(Word(word))
        named = False
    return found


def readings(query: str) -> list[str]:
    """What a query may mean: as typed; of Latin letters alone also as typed in the other layout, and by sound."""
    query = query[:LONGEST_QUERY]
    digits = re.sub(r"[\s-]", "", query)
    if _SPACED_DIGITS.fullmatch(query) and len(digits) >= LONG_NUMBER:
        return [digits]
    lower = query.lower()
    if not re.search("[a-z]", lower) or re.search("[а-яё]", lower):
        return [query]
    return [query, lower.translate(_BY_LAYOUT), _by_sound(lower)]


def slug(name: str) -> str:
    """A name as a part of an address: «г. Москва» → «g-moskva»."""
    letters = (_SLUG.get(letter, letter) for letter in name.lower().replace("ё", "е"))
    latin = "".join(letters).replace("_", "")
    return re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:80] or "-"


def _plain(text: str) -> str:
    lower = text.lower().replace("ё", "е")
    lower = _NUMBER_SIGN.sub("№ ", lower)
    return _ORDINAL.sub(r"\1 ", _JOINED.sub(r"\1\2", lower))


def _cyrillic(word: str) -> str:
    """A Russian word in which somebody typed Latin letters of the same looks."""
    return word.translate(_LOOK_ALIKE) if re.search("[а-я]", word) and re.search("[a-z]", word) else word


def _by_sound(latin: str) -> str:
    for sound, letter in _SOUNDS:
        latin = latin.replace(sound, letter)
    return latin.translate(_LETTERS)
