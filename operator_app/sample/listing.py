"""The table of organisations: narrowed and ordered by its address, on the server."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from operator_app.sample.cockpit import Row, State
from operator_app.sample.figures import LAGGING, below_floor
from surveys.paging import words_of

Test = Callable[[Row], bool]

FILTERS: Mapping[str, tuple[Any, Test]] = MappingProxyType(
    {
        "short": (_l("Не успеют"), lambda row: row.state in LAGGING),
        "ontime": (_l("Успевают"), lambda row: row.state is State.ON_TIME),
        "enough": (_l("Набрано"), lambda row: row.state is State.ENOUGH),
        "early": (_l("Рано судить"), lambda row: row.state is State.EARLY),
        "unknown": (_l("Нет нормы"), lambda row: row.state is State.UNKNOWN),
        "silent": (_l("Нет ответов неделю"), lambda row: row.silent),
        "disabled": (_l("Мало ответов людей с инвалидностью"), below_floor),
        "unreachable": (_l("Норма недостижима"), lambda row: row.out_of_reach),
    }
)

ORDERS: Mapping[str, tuple[Any, Callable[[Row], Any]]] = MappingProxyType(
    {
        "": (_l("сначала отстающие"), lambda row: (-(row.shortfall or 0), -row.missing)),
        "missing": (_l("больше всего не хватает сейчас"), lambda row: -row.missing),
        "done": (_l("меньше всего анкет"), lambda row: row.done),
        "pace": (_l("медленнее всего"), lambda row: row.pace or 0),
        "last": (_l("давно нет ответов"), lambda row: row.last_day.toordinal() if row.last_day else 0),
        "town": (_l("по муниципалитету"), lambda row: row.municipality),
        "name": (_l("по названию"), lambda row: row.name),
    }
)


def narrowed(rows: list[Row], q: str, state: str, order: str) -> list[Row]:
    """Those that match, in this order; names settle what is equal."""
    sought, exact = words_of(q), q.strip()
    test = FILTERS[state][1] if state in FILTERS else None
    found = [
        row
        for row in rows
        if (test is None or test(row))
        and (
            not sought
            or all(word in row.search for word in sought)
            or exact.upper() == row.code
            or exact == row.inn
        )
    ]
    return sorted(found, key=lambda row: (ORDERS.get(order, ORDERS[""])[1](row), row.name, row.assessment_id))


def totals(rows: list[Row]) -> dict[str, int]:
    """Filter → how many organisations it finds; those that find none are not offered."""
    return {name: n for name, (_title, test) in FILTERS.items() if (n := sum(map(test, rows)))}
