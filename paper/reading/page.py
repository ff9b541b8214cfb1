"""One picture → which page it is, where its boxes are, what is in them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from paper import frame
from paper.geometry import Geometry, Side, Spot
from paper.marks import BoxSeen, How, Mark, PageSeen, Trouble
from paper.reading import codes, corners, digits, glass, hands, loose, writing
from paper.reading.cells import Cells, cells
from paper.reading.corners import Found, Placed
from paper.reading.judging import EMPTY, around, judged, untouched
from paper.reading.learned import chances
from paper.reading.picture import Floats, Matrix, Picture, picture
from paper.reading.views import FAINTEST, HEIGHT, WIDTH, before, beside, beyond, black, views, within
from paper.serials import PageCode, is_cover

Resolve = Callable[[PageCode], Geometry | None]

BROKEN = (cv2.error, ValueError, ArithmeticError, LookupError, TypeError, RuntimeError)
"""What an image made to hurt may raise out of the libraries; such a picture is not our form."""
HELD = 0.25
"""Share of the frames' own darkness by which most of them must stand out: otherwise the places are wrong."""
BARE = 0.03
"""Share of a box that is ink up to which it may be bare: when all of a question's are, its words are looked at too."""
TRACES = 0.0015
"""Share of dark points below which a picture is of an empty sheet."""


@dataclass(frozen=True)
class Known:
    """What is known of a page before its boxes are looked at."""

    picture: Picture
    even: bool
    place: Placed | None = None
    code: PageCode | None = None
    how: How = How.NOT
    two: bool = False
    cover: bool = False
    marks: int = 0


def read(image: Any, resolve: Resolve) -> PageSeen:
    """See `paper.reading.read_page`."""
    try:
        shown = picture(image)
        known = recognised(shown) if shown else None
    except BROKEN:
        known = None
    if known is None:
        return PageSeen(trouble=Trouble.FOREIGN, size=_size(image))
    even = known.even if known.place else None
    seen = PageSeen(code=known.code, how=known.how, size=_size(image), places=_places(known), even=even)
    if known.two or known.cover:
        return replace(seen, trouble=Trouble.TWO_SHEETS if known.two else Trouble.COVER)
    if known.code is None:
        return replace(seen, trouble=_nameless(known))
    geometry = resolve(known.code)
    side = geometry.side(known.code.side) if geometry else None
    if geometry is None or side is None:
        return replace(seen, trouble=Trouble.FOREIGN)
    if known.place is None or known.even != (known.code.side % 2 == 0):
        return replace(seen, trouble=Trouble.NO_PLACES, places=())
    try:
        return _boxes(known.picture, known.place, geometry, side, seen)
    except BROKEN:
        return replace(seen, trouble=Trouble.NO_PLACES)


def boxes(image: Any, places: Sequence[float], geometry: Geometry, number: int) -> PageSeen:
    """See `paper.reading.read_boxes`."""
    side = geometry.side(number)
    seen = PageSeen(how=How.HAND, size=_size(image), places=tuple(places))
    shown = picture(image)
    if side is None or shown is None or len(places) != 9:
        return replace(seen, trouble=Trouble.NO_PLACES)
    matrix = _scaled(np.array(places, np.float64).reshape(3, 3), shown.scale)
    try:
        return _boxes(shown, Placed(matrix, (), 0.0, {}), geometry, side, seen)
    except BROKEN:
        return replace(seen, trouble=Trouble.NO_PLACES)


def recognised(shown: Picture) -> Known:
    """Which page it is and where on the picture; its boxes are not looked at."""
    found = corners.quickly(shown)
    known = _located(shown, found)
    if known.place and not known.two:
        named = codes.ours(codes.at_place(shown, known.place.matrix, frame.CODE))
        if len(named) == 1:
            return replace(known, code=named[0], how=How.CODE)
    return _patiently(shown, found)


def _patiently(shown: Picture, found: Found) -> Known:
    """The long way, for what the short one did not read."""
    every = codes.anywhere(shown, patient=True)
    named = codes.ours(tuple(text for text, _quad in every))
    if not named and any(is_cover(text) for text, _quad in every):
        return Known(shown, even=False, cover=True)
    more = [(quad, frame.CODE) for text, quad in every] if len(every) == 1 and named else []
    known = _located(shown, found, more)
    if known.place is None or (not named and len(known.place.marks) < corners.SIDE):
        known = _located(shown, corners.patiently(shown, found), more)
    if len(named) > 1:
        return replace(known, two=True, code=named[0], how=How.CODE)
    if known.place and not named:
        named = codes.ours(codes.at_place(shown, known.place.matrix, frame.CODE, patient=True))
    if named:
        return replace(known, code=named[0], how=How.CODE)
    if known.place:
        code = digits.read(shown, known.place.matrix, frame.DIGITS)
        if code and known.even == (code.side % 2 == 0):
            return replace(known, code=code, how=How.DIGITS)
    return known


def _located(shown: Picture, found: Found, more: Sequence[tuple[Matrix, Spot]] = ()) -> Known:
    even = found.even
    place = corners.placed(found.of(even), frame.marks(2 if even else 1), more)
    two = corners.others(found, place) if place else found.doubled
    return Known(shown, even, place, two=two, marks=len(found.quads))


def _nameless(known: Known) -> Trouble:
    if known.place or known.marks >= 2:
        return Trouble.NO_NUMBER
    grey, (white, _scale) = known.picture.small[0], known.picture.white
    height, width = grey.shape
    paper = cv2.resize(white, (width, height))
    edge_y, edge_x = height // 25, width // 25
    dark = (grey < 0.72 * paper)[edge_y : height - edge_y, edge_x : width - edge_x]
    return Trouble.BLANK if float(dark.mean()) < TRACES else Trouble.FOREIGN


@dataclass(frozen=True)
class _Group:
    """Boxes of one size: their numbers on the side, themselves cut out, and what the learned judge sees of them."""

    numbers: list[int]
    cut: Cells
    views: Floats


def cut_out(shown: Picture, place: Placed, geometry: Geometry, side: Side) -> Iterator[_Group]:
    """All boxes of a side, as the judge looks at them."""
    bent = {side.markers[number]: shift for number, shift in place.shifts.items() if number in side.markers}
    for numbers in _sizes(side):
        spots = [side.boxes[number].spot for number in numbers]
        cut = cells(shown, place.matrix, spots, geometry.line, bent)
        yield _Group(numbers, cut, views(shown, place.matrix, cut.at, spots[0].width, black(cut)))


def further(
    shown: Picture, place: Placed, side: Side, groups: Sequence[_Group], questions: Collection[str]
) -> tuple[list[tuple[int, float]], Floats]:
    """Beyond the views of these questions' boxes: see `views.beyond` and `before`; and what is seen there."""
    places = beyond(side.boxes, questions) + before(side.boxes, questions)
    told: list[tuple[int, float]] = []
    seen: list[Floats] = []
    for group in groups:
        at = dict(zip(group.numbers, group.cut.at, strict=True))
        own = [(number, off) for number, off in places if number in at]
        if own:
            lefts = np.array([at[number] + (off, 0.0) for number, off in own])
            width = side.boxes[own[0][0]].spot.width
            told += own
            seen.append(views(shown, place.matrix, lefts, width, black(group.cut)))
    return told, np.concatenate(seen) if seen else np.zeros((0, HEIGHT, WIDTH), np.float32)


def _boxes(shown: Picture, place: Placed, geometry: Geometry, side: Side, seen: PageSeen) -> PageSeen:
    shown = glass.wiped(shown)
    groups = list(cut_out(shown, place, geometry, side))
    if not groups:
        return replace(seen, words=writing.written(shown, place.matrix, side.words))
    every = np.concatenate([group.views for group in groups])
    held = np.concatenate([group.cut.held / max(FAINTEST, np.median(group.cut.frame)) for group in groups])
    if float(np.median(held)) < HELD:
        return replace(seen, trouble=Trouble.NO_PLACES)
    inks = within(every)
    boxes = [side.boxes[number] for group in groups for number in group.numbers]
    inked = {box.question for box, ink in zip(boxes, inks, strict=True) if ink > BARE}
    places, more = further(shown, place, side, groups, {box.question for box in boxes} - inked)
    said = chances(np.concatenate([every, more]))
    words: dict[int, float] = {}  # how probably nothing is drawn on them, nor before the box
    for (number, off), clean in zip(places, said[len(every) :, EMPTY].tolist(), strict=True):
        words[number] = min(words.get(number, 1.0), around(off, clean))
    verdicts = zip(judged(said[: len(every)], held, inks, beside(every)), inks.tolist(), strict=True)
    told: dict[int, BoxSeen] = {}
    drawn: list[tuple[int, Any]] = []
    for group in groups:
        for at, number in enumerate(group.numbers):
            one, ink = next(verdicts)
            if number in words and one.mark == Mark.EMPTY:
                one = untouched(one, words[number])
            box, sure = side.boxes[number], round(one.confidence, 6)
            told[number] = BoxSeen(
                box.question, box.value, one.mark, sure, round(ink, 4), round(one.meant, 4)
            )
            drawn.append((number, (one.mark, group.cut.dark[at], group.cut.box)))
    for number in _strange(shown, place, side, groups, told):
        told[number] = replace(told[number], mark=Mark.UNCLEAR, confidence=0.0)
    return replace(
        seen,
        boxes=tuple(told[number] for number in sorted(told)),
        words=writing.written(shown, place.matrix, side.words),
        hand=hands.fingerprint(drawn),
    )


def _strange(
    shown: Picture, place: Placed, side: Side, groups: Sequence[_Group], told: Mapping[int, BoxSeen]
) -> set[int]:
    """Boxes of questions that seem blank, near which there is ink all the same."""
    filled = {box.question for box in told.values() if box.mark != Mark.EMPTY}
    bare = [number for number, box in told.items() if box.question not in filled]
    if not bare:
        return set()
    off = np.zeros((len(side.boxes), 2))
    for group in groups:
        off[group.numbers] = group.cut.at - [side.boxes[number].spot[:2] for number in group.numbers]
    print_ = float(np.median([black(group.cut) for group in groups]))
    return loose.beside(shown, place.matrix, side, off, print_, bare)


def _sizes(side: Side) -> list[list[int]]:
    """Numbers of the boxes, those of one size together."""
    sizes: dict[tuple[float, float], list[int]] = {}
    for number, box in enumerate(side.boxes):
        sizes.setdefault((round(box.spot.width, 1), round(box.spot.height, 1)), []).append(number)
    return list(sizes.values())


def _places(known: Known) -> tuple[float, ...]:
    if known.place is None:
        return ()
    matrix = _scaled(known.place.matrix, 1 / known.picture.scale)
    return tuple(float(number) for number in (matrix / matrix[2, 2]).ravel())


def _scaled(matrix: Matrix, by: float) -> Matrix:
    """The same way, to the pixels of a picture so many times as large."""
    half = (by - 1) / 2
    told: Matrix = np.array([(by, 0, half), (0, by, half), (0, 0, 1.0)]) @ matrix
    return told


def _size(image: Any) -> tuple[int, int]:
    """Width and height."""
    shape = np.shape(image)
    return (shape[1], shape[0]) if len(shape) >= 2 else (0, 0)
