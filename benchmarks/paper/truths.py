"""What a person did with a question, and what may be read out of it without an error."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PLAIN, BLANK, ASTRAY, SPECK = "plain", "blank", "astray", "speck"
NOT_ASKED, OFF_PATH = "not asked", "off path"  # left alone by the rule; answered against it
TWO, CORRECTED, CROSSED_OUT, WITHDRAWN = "two", "corrected", "crossed out", "withdrawn"
STRUCK = "struck"  # one line through a box and its word
WORD_STRUCK = "word struck"  # … through the word alone
ON_WORD = "on the word"  # ticked, underlined or ringed, and the box left alone
FAR = "far"  # the whole mark beside its box
RINGED = "ringed"  # a large ring round the box, or round box and word
OTHER_PEN = "other pen"  # somebody else's dot or small fill
ERASED = "erased"  # what a rubber left of a pencil's mark
TAIL = "tail"  # a tick whose tail runs through a neighbour's box
PUT_RIGHT = "put right"  # corrected, not as the form asks
COLUMN = "column"  # one line down through the boxes of several questions

MARKED, FILLED, STRUCK_OUT = "marked", "filled", "struck out"
BESIDE = "beside"  # what is meant for this box is drawn beside it, round it or on its word
STRAY = (
    "stray"  # ink in it that nobody meant for it, or that nobody can read: a speck, a tail, a trace, a line
)

HARD = (
    *(TWO, CORRECTED, CROSSED_OUT, WITHDRAWN),
    *(STRUCK, WORD_STRUCK, ON_WORD, FAR, PUT_RIGHT, COLUMN),
)
"""Must be flagged or right."""

UNASKED_FOR = (STRUCK, WORD_STRUCK, ON_WORD, FAR, RINGED, OTHER_PEN, ERASED, TAIL, PUT_RIGHT, COLUMN)
"""What the form says nothing of."""
UNNAMED = tuple(kind for kind in UNASKED_FOR if kind not in (FAR, RINGED))
"""What the list of what must be read does not name either; a mark far off is outside its box, a ring is round it."""


@dataclass(frozen=True, slots=True)
class Truth:
    """One question of one sheet. A sure verdict outside `allowed` is a silent error; when it is empty, any is.

    `marked`: the values with a mark that counts by the person's own meaning: two of them when they marked two.
    `held`: value → MARKED, FILLED, STRUCK_OUT, BESIDE or STRAY: what its box holds; a box that is not there is empty.
    """

    kind: str
    allowed: frozenset[str]
    marked: frozenset[str]
    held: Mapping[str, str] = field(default_factory=dict)

    @property
    def must_flag(self) -> bool:
        """Nobody can know what was meant: only a doubt is right."""
        return not self.allowed


# How often, of a hundred questions on the path. «usual» is our guess at ordinary people; «hard» is there to count what
# is rare in it. The odd ones are `Hand.odd` times as frequent.
RATES: Mapping[str, Mapping[str, float]] = {
    "usual": {BLANK: 3, TWO: 0.3, CORRECTED: 0.8, CROSSED_OUT: 0.2, WITHDRAWN: 0.05, ASTRAY: 0.5, SPECK: 0.5},
    "hard": {BLANK: 3, TWO: 5, CORRECTED: 6, CROSSED_OUT: 4, WITHDRAWN: 1, ASTRAY: 4, SPECK: 3},
}
ODD_RATES: Mapping[str, Mapping[str, float]] = {
    "usual": {
        **{STRUCK: 0.15, WORD_STRUCK: 0.05, ON_WORD: 0.2, FAR: 0.1, RINGED: 0.2},
        **{OTHER_PEN: 0.1, ERASED: 0.2, TAIL: 0.15, PUT_RIGHT: 0.15},
    },
    "hard": {
        **{STRUCK: 5, WORD_STRUCK: 2.5, ON_WORD: 5, FAR: 3, RINGED: 3},
        **{OTHER_PEN: 2.5, ERASED: 3, TAIL: 3, PUT_RIGHT: 5},
    },
}
MOST_ODD = 60
"""Of a hundred questions, whoever the person is."""
COLUMNS = {
    "usual": 0.004,
    "hard": 0.08,
}  # of the people: a line down through the answers of several questions
DOODLES = {"usual": 0.03, "hard": 0.25}  # … something in the margin that means nothing
