"""What stands at the same place on every side of every printed form, in millimetres of A4. Pure.

A reader that knows nothing yet of a page finds the marks, and by them the code and the line of digits. The six marks of
a side are numbered clockwise from the upper left corner: upper left, upper right, middle right, lower right, lower
left, middle left: 0–5 on odd sides, 6–11 on even ones, so that a mark says which way up the page is and which side.
"""

from paper.geometry import Spot

WIDTH, HEIGHT = 210.0, 297.0
EDGE = 8.0
"""Nothing is printed nearer to the edge of the paper: old office printers leave it white."""

MARK = 10.0
PLACES: tuple[Spot, ...] = tuple(
    Spot(x, y, MARK, MARK)
    for x, y in (
        (EDGE, EDGE),
        (WIDTH - EDGE - MARK, EDGE),
        (WIDTH - EDGE - MARK, (HEIGHT - MARK) / 2),
        (WIDTH - EDGE - MARK, HEIGHT - EDGE - MARK),
        (EDGE, HEIGHT - EDGE - MARK),
        (EDGE, (HEIGHT - MARK) / 2),
    )
)
QUIET = 2.0
"""White round each mark."""

CODE = Spot(160.0, 9.0, 24.0, 24.0)
CODE_QUIET = 3.4
"""White round the code: four modules of the largest code there is (29 × 29)."""

CELL = 3.6
DIGITS = Spot((WIDTH - 18 * CELL) / 2, 281.0, 18 * CELL, 6.0)
"""The line of digits: 18 cells, «000012 000123 1 45», each digit in the middle of its cell, 4.1 mm high."""
DIGIT_HEIGHT = 4.1

# DICT_4X4_50 of OpenCV, marks 0–11: rows from the top, 1 is white; a black border of one module goes round them.
BITS: tuple[tuple[str, str, str, str], ...] = (
    ("1011", "0101", "0011", "0010"),
    ("0000", "1111", "1001", "1010"),
    ("0011", "0011", "0010", "1101"),
    ("1001", "1001", "0100", "0110"),
    ("0101", "0100", "1001", "1110"),
    ("0111", "1001", "1100", "1101"),
    ("1001", "1110", "0010", "1110"),
    ("1100", "0100", "1111", "0010"),
    ("1111", "1110", "1101", "1010"),
    ("1100", "1111", "0101", "0110"),
    ("1111", "1001", "1001", "0001"),
    ("0001", "0001", "1010", "0111"),
)


def marks(side: int) -> dict[int, Spot]:
    """The marks of a side (from 1): number → its outer square."""
    first = 0 if side % 2 else len(PLACES)
    return {first + place: spot for place, spot in enumerate(PLACES)}


def drawing(number: int) -> str:
    """A mark as an SVG of 6 × 6 modules: the black square, then its white modules, so that no seam shows."""
    white = "".join(
        f"M{x + 1} {y + 1}h1v1h-1z"
        for y, row in enumerate(BITS[number])
        for x, bit in enumerate(row)
        if bit == "1"
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 6" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path d="M0 0h6v6h-6z"/><path fill="#fff" d="{white}"/></svg>'
    )
