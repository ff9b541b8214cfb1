"""Loading editions: from the bytes of a TOML file to `Edition`; what is misspelt or missing is refused."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from math import lcm

from nok.refusal import Refused
from nok.rules import (
    BLOCKS,
    CRITERIA,
    MEASURES,
    QUESTIONS,
    Criterion,
    Digital,
    Edition,
    Indicator,
    Item,
    Kind,
    Sample,
    Sphere,
    Waiting,
)
from nok.sphere import SECTORS
from nok.table import Table

DEFAULT = "344n-2024"
FOLDER = files("nok") / "editions"


def edition(id: str = DEFAULT) -> Edition:
    """An edition that ships with the project, read once; any other name is refused."""
    return _shipped(id)


@cache
def _shipped(id: str) -> Edition:
    if id not in editions():
        raise Refused("edition", f"нет такой редакции, есть: {', '.join(editions())}")
    return read(id, (FOLDER / f"{id}.toml").read_bytes())


@cache
def editions() -> tuple[str, ...]:
    """Names of the editions that ship, oldest first."""
    names = (file.name for file in FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read(id: str, content: bytes) -> Edition:
    """An edition from the bytes of its file. An unknown or missing key is refused by its place."""
    table = Table.read(f"{id}.toml", content)
    act, sample, digital = table.block("act"), table.block("sample"), table.block("digital")
    criteria = table.block("criteria")
    titles = {key: Criterion(key, criteria.text(key)) for key in CRITERIA}
    weights = table.block("weights")
    indicators = table.tables("indicators")
    numbers = {number: _indicator(number, inner) for number, inner in indicators.items()}
    plain = {number: weights.number(number) for number in numbers}
    common = [*act.notes, *criteria.notes, *weights.notes, *(n for i in indicators.values() for n in i.notes)]
    spheres = {
        name: _sphere(inner, numbers, plain, common) for name, inner in table.tables("spheres").items()
    }
    if tuple(spheres) != SECTORS:
        raise Refused(f"{id}.toml: spheres", f"сферы по порядку: {', '.join(SECTORS)}")
    made = Edition(
        id=id,
        title=table.text("title"),
        act=act.text("name"),
        amended_by=act.texts("amended_by"),
        in_force_from=act.day("in_force_from"),
        content_hash=sha256(content).hexdigest(),
        source=content.decode("utf-8"),
        unverified=table.root.unverified,
        criteria=titles,
        indicators=numbers,
        spheres=spheres,
        kinds={name: _kind(inner) for name, inner in table.tables("kinds").items()},
        lists={name: _lists(inner) for name, inner in table.plain_tables("items", BLOCKS).items()},
        waiting=_waiting(table.block("waiting")),
        sample=Sample(sample.number("share"), sample.count("at_most")),
        digital=Digital(digital.number("target"), digital.texts("counts"), digital.texts("own")),
    )
    table.done()
    return made


def _indicator(number: str, table: Table) -> Indicator:
    measure = table.text("measure", MEASURES)
    two_sided, items = measure in ("materials", "openness"), measure == "items"
    asked = measure in ("openness", "waiting", "share")
    return Indicator(
        number=number,
        criterion=table.text("criterion", CRITERIA),
        symbol=table.text("symbol"),
        title=table.text("title"),
        paragraph=table.text("paragraph"),
        formula=table.text("formula"),
        measure=measure,
        answers=table.texts("answers", QUESTIONS) if asked else (),
        denominator=table.text("denominator", ("separate", "common")) if two_sided else "separate",
        block=table.text("block", BLOCKS) if items else "",
        points_per_item=table.number("points_per_item") if items else Fraction(0),
        at_most=table.number("at_most") if items else Fraction(100),
    )


def _sphere(table: Table, numbers: Mapping[str, Indicator], plain: Mapping[str, Fraction],
            common: Sequence[str]) -> Sphere:  # fmt: skip
    """An indicator taken as the mean of others hands its weight to them in equal parts: 0.3 + 0.4/2 = 0.5."""
    taken_as = table.lists("taken_as", tuple(numbers))
    weights = {number: weight for number, weight in plain.items() if number not in taken_as}
    for number, siblings in taken_as.items():
        for sibling in siblings:
            weights[sibling] += plain[number] / len(siblings)
    proportions = {}
    for criterion in CRITERIA:
        own = {number: weights[number] for number in weights if numbers[number].criterion == criterion}
        if sum(own.values()) != 1:
            raise Refused(table.place, f"веса критерия {criterion} в сумме не дают единицу")
        scale = lcm(*[weight.denominator for weight in own.values()])
        proportions[criterion] = tuple((number, int(weight * scale)) for number, weight in own.items())
    return Sphere(taken_as, weights, proportions, (*common, *table.notes))


def _kind(table: Table) -> Kind:
    return Kind(
        table.text("title"), table.texts("sectors", SECTORS), table.texts("measured", CRITERIA), table.notes
    )


def _lists(table: Table) -> Mapping[str, tuple[Item, ...]]:
    lists = {}
    for name, inner in table.tables_here(("common", *SECTORS)).items():
        lists[name] = tuple(Item(row.text("code"), row.text("title")) for row in inner.rows("list"))
    if "common" not in lists:
        raise Refused(table.place, "нет общего списка common")
    return lists


def _waiting(table: Table) -> Waiting:
    bands = tuple((row.count("less_by"), row.number("points")) for row in table.rows("bands"))
    if any(lower[0] >= higher[0] for lower, higher in pairwise(bands)):
        raise Refused(table.place, "ступени идут по возрастанию less_by")
    return Waiting(
        units=table.texts("units"),
        equals=table.number("equals"),
        half_or_less=table.number("half_or_less"),
        bands=bands,
        exceeds=table.block("exceeds").number("points"),
        under_one_step=table.block("under_one_step").number("points"),
    )
