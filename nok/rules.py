"""Edition: one edition of the Order, with numbers as printed; a campaign pins it by its file's SHA-256."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from nok.refusal import Refused
from nok.sphere import SECTORS

QUESTIONS = (
    "stand",
    "site",
    "on_time",
    "comfort",
    "accessibility",
    "first_contact",
    "service_staff",
    "remote_staff",
    "recommend",
    "schedule",
    "overall",
)
BLOCKS = ("remote_ways", "comfort", "equipment", "accessibility")
MEASURES = ("materials", "items", "openness", "waiting", "share")
CRITERIA = ("K1", "K2", "K3", "K4", "K5")
UNIT = "баллы"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of five: `K1` … `K5`."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of fifteen: how the Order calls it, what it is measured by and which observations feed it."""

    number: str
    criterion: str
    symbol: str
    title: str
    paragraph: str
    formula: str
    measure: str
    answers: tuple[str, ...] = ()
    denominator: str = "separate"
    block: str = ""
    points_per_item: Fraction = Fraction(0)
    at_most: Fraction = Fraction(100)
    unit: str = UNIT


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a check-list, with a code that never changes."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The scale of Сожид: points for a mean wait against the term, in whole units of time."""

    units: tuple[str, ...]
    equals: Fraction
    half_or_less: Fraction
    bands: tuple[tuple[int, Fraction], ...]
    exceeds: Fraction
    under_one_step: Fraction


@dataclass(frozen=True, slots=True)
class Sample:
    """The target of a survey: this share of last year's recipients, but no more than `at_most`."""

    share: Fraction
    at_most: int


@dataclass(frozen=True, slots=True)
class Digital:
    """The share of official digital services: its target and which channels count towards it."""

    target: Fraction
    counts: tuple[str, ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sphere:
    """What a sector uses: weights, and indicators it has not of its own, with those whose mean they are."""

    taken_as: Mapping[str, tuple[str, ...]]
    weights: Mapping[str, Fraction]
    proportions: Mapping[str, tuple[tuple[str, int], ...]]  # criterion → (indicator, whole proportion)
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of organisation with a rule of its own: only these criteria are measured."""

    title: str
    sectors: tuple[str, ...]
    measured: tuple[str, ...]
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """The Order's rules. `unverified`: a Russian line for each rule not checked with the official text.

    `source` is the file's own text, so that a result can carry the rules it was counted by.
    """

    id: str
    title: str
    act: str
    amended_by: tuple[str, ...]
    in_force_from: date
    content_hash: str
    source: str
    unverified: list[str]
    criteria: Mapping[str, Criterion]
    indicators: Mapping[str, Indicator]
    spheres: Mapping[str, Sphere]
    kinds: Mapping[str, Kind]
    lists: Mapping[str, Mapping[str, tuple[Item, ...]]]
    waiting: Waiting
    sample: Sample
    digital: Digital

    def sphere(self, sector: str) -> Sphere:
        """Rules of one sector; an unknown one is refused at `sector`."""
        if sector not in self.spheres:
            raise Refused("sector", f"нет такой сферы, есть: {', '.join(SECTORS)}")
        return self.spheres[sector]

    def kind(self, kind: str, sector: str) -> Kind:
        """Rules of one kind of organisation; unknown, or of another sector, is refused at `kind`."""
        if kind not in self.kinds:
            raise Refused("kind", f"редакция не знает такого вида организаций, есть: {', '.join(self.kinds)}")
        if sector not in self.kinds[kind].sectors:
            raise Refused("kind", f"в сфере {sector} нет вида организаций {kind}")
        return self.kinds[kind]

    def applies(self, number: str, sector: str, kind: str | None = None) -> bool:
        """Whether the sector measures this indicator itself; culture and education do not measure 2.2."""
        if kind is not None:
            self.kind(kind, sector)
        return number in self.indicators and number not in self.sphere(sector).taken_as

    def weights(self, sector: str, kind: str | None = None) -> Mapping[str, Fraction]:
        """Weight of each measured indicator inside its criterion: in culture 2.1 and 2.3 weigh ½ each."""
        if kind is not None:
            self.kind(kind, sector)
        return self.sphere(sector).weights

    def items(self, block: str, sector: str) -> Sequence[Item]:
        """Check-list of a block: `remote_ways`, `comfort`, `equipment` or `accessibility`."""
        self.sphere(sector)
        return self.lists[block].get(sector) or self.lists[block]["common"]
