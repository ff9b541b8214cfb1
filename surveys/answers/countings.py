"""Columns of a table of ready counters: «Устенд», «Уобщ-стенд», «Чобщ1»…, our own measures, a bare number of forms."""

from collections.abc import Iterable, Sequence

from surveys.answers.places import Places
from surveys.answers.shapes import ORGANIZATION, SKIP, UNKNOWN, Column, Target
from surveys.answers.stamps import stamp
from surveys.answers.values import shown
from surveys.answers.wordings import known, plain
from surveys.measures import FEEDS, MEASURE
from surveys.tabular import Cells, column_letter

RESPONSES: Target = "responses"
EVERYBODY = "чобщ"  # how many were asked: of the question to its left, where there are several
PANDAS = ".1 .2 .3 .4 .5 .6 .7".split()  # as a script that read the table names its twins


def titles() -> list[tuple[Target, str]]:
    """What a column of counts may be."""
    pairs = [
        pair
        for id in FEEDS
        for pair in (
            (f"{id}_yes", f"{MEASURE[id].yes}: {MEASURE[id].title.lower()}"),
            (f"{id}_of", f"{MEASURE[id].of}: ответили на вопрос «{MEASURE[id].title.lower()}»"),
        )
    ]
    return [(RESPONSES, "Всего анкет"), *pairs]


def proposed(headings: Sequence[str], rows: Sequence[Cells], places: Places) -> list[Column]:
    """A column of `Look` for each heading."""
    targets = _targets(headings)
    columns = []
    for index, heading in enumerate(headings):
        cells = [row[index] for row in rows if index < len(row) and row[index] != ""]
        samples = tuple(dict.fromkeys(shown(cell, 60) for cell in cells))[:5]
        target, why = targets[index], known().aside.get(heading.strip(), "")
        if target in (SKIP, UNKNOWN) and _names(cells, places) or plain(heading) in _organizations():
            target = ORGANIZATION
        elif target == UNKNOWN:
            target = SKIP
        if (
            target not in (SKIP, ORGANIZATION)
            and cells
            and all(stamp(cell) for cell in cells if isinstance(cell, str))
        ):
            if any(isinstance(cell, str) for cell in cells):
                target, why = SKIP, "в ячейках даты, а не числа"
        columns.append(Column(index, column_letter(index), heading, target, 1.0, True, (), samples, why))
    return columns


def _organizations() -> frozenset[str]:
    return frozenset(map(plain, known().places[ORGANIZATION]))


def _names(cells: Iterable[object], places: Places) -> bool:
    told = list(cells)
    return bool(told) and sum(places.knows(cell) for cell in told) >= 0.6 * len(told)  # type: ignore[arg-type]


def _targets(headings: Sequence[str]) -> list[Target]:
    """By the literal name; «Чобщ» without a number belongs to the question on its left when there are several."""
    names = [plain(heading) for heading in headings]
    bare = [_bare(name) == EVERYBODY for name in names]
    found: list[Target] = []
    for index, name in enumerate(names):
        target = known().counters.get(name, UNKNOWN)
        if bare[index] and sum(bare) > 1:
            target = _of_neighbour(found)
        if target in found and target not in (UNKNOWN, SKIP):
            target = SKIP
        found.append(target)
    numbered = {"чобщ0", "чобщ1", "чобщ2", "чобщ3", "чобщ4", "чобщ5"} & set(names)
    if numbered and RESPONSES in found and sum(bare) == 1 and "on_time_yes" in found:
        found[found.index(RESPONSES)] = (
            "on_time_of"  # «…Усвоевр, Чобщ, Укомф, Чобщ0…»: each question has its own
        )
    return found


def _bare(name: str) -> str:
    for tail in PANDAS:
        name = name.removesuffix(tail)
    return name


def _of_neighbour(found: Sequence[Target]) -> Target:
    left = found[-1] if found else UNKNOWN
    return left.removesuffix("_yes") + "_of" if left.endswith("_yes") else UNKNOWN
