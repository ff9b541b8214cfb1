"""Check-lists of an inspection: `checklists/*.toml` by name, the four blocks of the Order out of the edition itself.

A visit holds answers by an item's code («stand.hours», «comfort.navigation») and the hash of the list it was made by:
a list that changed since is a refusal, never a silent recount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

import nok
from nok.table import Table

FOLDER = Path(__file__).with_name("checklists")
COMMON = "common"
INSPECTION, MYSTERY = "inspection", "mystery"
KINDS = (INSPECTION, MYSTERY)
#: What the operator's own acts list (stand and site), then what the edition lists.
MATERIALS = ("stand", "site")
EDITION_BLOCKS = {
    "remote_ways": "Способы обратной связи: есть на сайте и работают",
    "comfort": "Комфортные условия",
    "equipment": "Оборудование для людей с инвалидностью",
    "accessibility": "Условия доступности",
}
#: How a remote way was tried: the norm wants it present and working.
TRIES = {"called": "позвонили", "wrote": "написали", "opened": "открыли и попробовали"}


@dataclass(frozen=True, slots=True)
class Item:
    """One line: `code` («stand.hours») never changes, `how` says what counts as done, `tried` how a way is tried."""

    code: str
    block: str
    title: str
    how: str
    tried: str = ""

    @property
    def name(self) -> str:
        """The code inside its block, as the edition and the inspection hold it."""
        return self.code.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Block:
    """Items looked at in one place."""

    code: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Checklist:
    """All that is to be looked at; `unverified` says what of it was not checked with the act."""

    id: str
    version: str
    title: str
    kind: str
    spheres: tuple[str, ...]
    unverified: tuple[str, ...]
    blocks: tuple[Block, ...]
    reasons: tuple[str, ...]
    content_hash: str

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        """An item by its code, in the order of the list."""
        return {item.code: item for block in self.blocks for item in block.items}

    def block(self, code: str) -> Block:
        """A block by its code; LookupError when the list has none."""
        for block in self.blocks:
            if block.code == code:
                return block
        raise LookupError(code)


def checklist(kind: str, sector: str, edition: nok.Edition) -> Checklist:
    """The list by which this sphere is inspected, or visited by a mystery client. Raises nok.Refused."""
    return _checklist(MYSTERY if kind == MYSTERY else sector, edition.id, edition.content_hash)


def names() -> list[str]:
    """Every list that ships, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != COMMON)


@cache
def _checklist(name: str, edition_id: str, edition_hash: str) -> Checklist:
    content, common = (FOLDER / f"{name}.toml").read_bytes(), (FOLDER / f"{COMMON}.toml").read_bytes()
    return read(name, content, common, nok.edition(edition_id))


def read(name: str, content: bytes, common: bytes, edition: nok.Edition) -> Checklist:
    """A list from the bytes of its file and of the common one. Raises nok.Refused with the place in the file."""
    shared, table = Table.read(f"{COMMON}.toml", common), Table.read(f"{name}.toml", content)
    reasons = shared.texts("reasons")
    how = {row.text("code"): row.text("text") for row in shared.rows("how")}
    tries = {row.text("code"): row.text("by", tuple(TRIES)) for row in shared.rows("tries")}
    shared.done()
    kind, spheres = table.text("kind", KINDS), table.texts("spheres", nok.SECTORS)
    blocks = _own_blocks(table)
    if kind == INSPECTION:
        blocks += [_edition_block(code, edition, spheres[0], how, tries) for code in EDITION_BLOCKS]
    made = Checklist(
        id=table.text("id", (name,)),
        version=table.text("version"),
        title=table.text("title"),
        kind=kind,
        spheres=spheres,
        unverified=_provenance(table),
        blocks=tuple(blocks),
        reasons=reasons,
        content_hash=sha256(b"\0".join((content, common, edition.content_hash.encode()))).hexdigest(),
    )
    table.done()
    if len(made.by_code) != sum(len(block.items) for block in made.blocks):
        raise nok.Refused(f"{name}.toml: item", "два пункта с одним кодом")
    return made


def _provenance(table: Table) -> tuple[str, ...]:
    table.block("about")
    return tuple(table.root.unverified)


def _own_blocks(table: Table) -> list[Block]:
    places = {row.text("code"): row.text("title") for row in table.rows("places")}
    lines = [
        (row.texts("on", tuple(places)), row.text("code"), row.text("title"), row.text("how"))
        for row in table.rows("item")
    ]
    return [
        Block(
            place,
            title,
            tuple(Item(f"{place}.{code}", place, name, how) for on, code, name, how in lines if place in on),
        )
        for place, title in places.items()
    ]


def _edition_block(
    code: str, edition: nok.Edition, sector: str, how: Mapping[str, str], tries: Mapping[str, str]
) -> Block:
    """A block whose lines are the edition's own; an item without advice on how to check is refused."""
    items = edition.items(code, sector)
    untold = [item.code for item in items if item.code not in how]
    if untold:
        raise nok.Refused(f"{COMMON}.toml: how", f"не сказано, как проверять: {', '.join(untold)}")
    return Block(
        code,
        EDITION_BLOCKS[code],
        tuple(
            Item(
                f"{code}.{item.code}",
                code,
                item.title,
                how[item.code],
                tries.get(item.code, "opened") if code == "remote_ways" else "",
            )
            for item in items
        ),
    )
