"""The search among everything published: typos, the other layout, Latin letters; a query is answered and forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass

from council.portal.catalogue import Catalogue, Line
from council.portal.index import NOTHING
from council.portal.words import LONGEST_QUERY as LONGEST_QUERY
from council.portal.words import readings, words
from surveys import codes

MOST_SHOWN = 500


@dataclass(frozen=True)
class Answer:
    """What a query found; `read_as` when it was understood otherwise than typed, `state` in one word."""

    state: str
    lines: Sequence[Line] = ()
    found: int = 0
    read_as: str = ""


def search(catalogue: Catalogue, query: str) -> Answer:
    """Organisations by name, address, INN, OGRN or code. States: empty, long, thin, nothing, close, found."""
    query = query.strip()
    if not query:
        return Answer("empty")
    if len(query) > LONGEST_QUERY:
        return Answer("long")
    code = codes.typed(query)
    if len(query) <= 2 * len(code) and code in catalogue.by_code:
        return Answer("found", catalogue.by_code[code][:1], 1)
    asked = [(reading, said) for reading in readings(query) if (said := words(reading))]
    if not asked:
        return Answer("thin")
    index = catalogue.index()
    tried = [(index.find(said), reading) for reading, said in asked]
    best, reading = max(tried, key=lambda one: (one[0].whole, one[0].score))
    if best == NOTHING:
        return Answer("nothing")
    shown = [catalogue.by_code[catalogue.codes[at]][0] for at in best.documents[:MOST_SHOWN]]
    read_as = "" if reading in (query, "".join(query.split())) else reading
    return Answer("found" if best.whole else "close", shown, len(best.documents), read_as)
