"""The search of what is published: typos, the other layout, numbers that matter, queries that mean harm."""

import pytest

from council.portal import words
from council.portal.index import Index, distance

NAMES = (
    ("Городская поликлиника № 12", "ул. Домодедовская, д. 34"),
    ("Детская городская поликлиника № 5", "Семёновская наб., д. 12"),
    ("Городская поликлиника № 112", "Мира проспект, 5"),
    ("Школа № 5 имени Чехова", "улица Ленина, 7"),
    ("Детская музыкальная школа № 17", "г. Москва, б-р Яна Райниса, 1"),
    ("Театр юного зрителя", "Пушкинская площадь, 2"),
    ("Центр «Ёлочка»", "1-я Тверская-Ямская ул., 12"),
)
INN = "7718084659"


@pytest.fixture(scope="module")
def index() -> Index:
    """The seven of them; the last by its INN too."""
    texts = [([*_texts(name)], [*_texts(address)]) for name, address in NAMES]
    texts[-1][0].append(INN)
    return Index(texts)


def _texts(text: str) -> list[str]:
    return [word.text for word in words.words(text)]


def found(index: Index, query: str) -> list[str]:
    """Names that a query finds, by the reading that says most."""
    answers = [index.find(words.words(reading)) for reading in words.readings(query)]
    best = max(answers, key=lambda one: (one.whole, one.score))
    return [NAMES[at][0] for at in best.documents]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("поликлиника 12", NAMES[0]),
        ("поликлинка № 12", NAMES[0]),
        ("ПОЛИКЛИНИКА №12", NAMES[0]),
        ("gjkbrkbybrf 12", NAMES[0]),
        ("poliklinika 12", NAMES[0]),
        ("поликлиники 5", NAMES[1]),
        ("дет. гор. поликлиника 5", NAMES[1]),
        ("шокла 5", NAMES[3]),
        ("irjkf #5", NAMES[3]),
        ("школа чехова", NAMES[3]),
        ("музыкальной школе", NAMES[4]),
        ("бульвар райниса", NAMES[4]),
        ("ул Ленина 7", NAMES[3]),
        ("улица ленина", NAMES[3]),
        ("пушкинская пл", NAMES[5]),
        ("елочка", NAMES[6]),
        ("1 тверская ямская", NAMES[6]),
        ("771808 4659", NAMES[6]),
        ("7718084658", NAMES[6]),
    ],
)
def test_what_people_type_finds_what_they_mean(index: Index, query: str, first: tuple[str, str]) -> None:
    assert found(index, query)[:1] == [first[0]]


def test_a_number_is_that_number(index: Index) -> None:
    assert found(index, "поликлиника № 12") == [NAMES[0][0]]
    assert NAMES[2][0] not in found(index, "поликлиника 12")
    assert not index.find(words.words("школа № 6")).whole


def test_after_a_number_sign_a_house_does_not_count(index: Index) -> None:
    assert NAMES[1][0] in found(index, "поликлиника семеновская 12"), "a house"
    assert NAMES[1][0] not in found(index, "поликлиника № 12"), "not the number of the clinic"


def test_when_not_everything_is_found_the_nearest_are_shown_as_such(index: Index) -> None:
    answer = index.find(words.words("музыкальная школа чайковского"))
    assert not answer.whole
    assert NAMES[answer.documents[0]] == NAMES[4]


@pytest.mark.parametrize(
    "query", ["", "   ", "№", "а б в", "'; DROP TABLE organization --", "\x00" * 50, "%_%", "😀"]
)
def test_a_query_of_nothing_finds_nothing(index: Index, query: str) -> None:
    assert found(index, query) == []


def test_the_work_of_a_long_query_is_bounded(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    alike = Index._alike

    def counted(self: Index, word: words.Word) -> dict[str, float]:
        asked.append(word.text)
        return alike(self, word)

    monkeypatch.setattr(Index, "_alike", counted)
    index.find(
        words.words(" ".join(f"слово{'абвгдежзик'[n % 10]}{'лмнопрстуф'[n // 10]}" for n in range(99)))
    )
    assert len(asked) == 16
    assert all(len(reading) <= words.LONGEST_QUERY for reading in words.readings("ы" * 9000))


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("школа", "школа", 0),
        ("шокла", "школа", 1),
        ("шкла", "школа", 1),
        ("школла", "школа", 1),
        ("шкура", "школа", 2),
    ],
)
def test_letters_are_counted_a_swap_for_one(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 3) == distance(other, one, 3) == apart
    assert apart == 0 or distance(one, other, apart - 1) is None


def test_a_name_becomes_a_part_of_an_address() -> None:
    assert words.slug("г. Москва") == "g-moskva"
    assert (
        words.slug("Ханты-Мансийский автономный округ — Югра") == "khanty-mansiyskiy-avtonomnyy-okrug-yugra"
    )
    assert words.slug("") == words.slug("!!!") == "-"
