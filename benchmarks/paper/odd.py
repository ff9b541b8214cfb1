"""What people do that the form does not ask for: strike out, underline, ring, miss, correct in their own ways.

Each draws with a `Pen` and says what may be read out of it. A person is to be asked wherever two readings are left.
"""

from dataclasses import replace

import numpy as np

from benchmarks.paper import people
from benchmarks.paper.gestures import Doing, apart, arrow, joined, ring, say, strike
from benchmarks.paper.truths import (
    BESIDE,
    ERASED,
    FAR,
    MARKED,
    ON_WORD,
    OTHER_PEN,
    PUT_RIGHT,
    RINGED,
    STRAY,
    STRUCK,
    STRUCK_OUT,
    TAIL,
    WORD_STRUCK,
    Truth,
)
from paper.geometry import Spot


def answered(doing: Doing) -> Truth:
    """Draws what its kind is and says what is true."""
    return WAYS[doing.kind](doing)


def _struck(doing: Doing) -> Truth:
    """A line through box and word of the one that is not meant."""
    other = doing.other
    before, chosen = doing.chance(0.55), doing.chance(0.65)
    if before:
        doing.mark(other)
    strike(doing, joined(doing.place.boxes[other], doing.place.words[other]))
    doing.held[other] = STRUCK_OUT if before else STRAY
    if not chosen:
        return doing.right()  # taken back? the only one marked? «strike out what does not apply»?
    doing.mark(doing.value)
    if not before and doing.hand.habit in ("dash", "slash"):
        return doing.right(marked=doing.value)  # the line is as this hand's marks are
    return doing.right(doing.value)


def _word_struck(doing: Doing) -> Truth:
    """A line through the word alone; its box may keep a mark."""
    other = doing.other
    before, chosen = doing.chance(0.7), doing.chance(0.6)
    if before or not chosen:
        doing.mark(other)
    strike(
        replace(doing, hand=replace(doing.hand, wide=min(doing.hand.wide, 1.0) / 2)), doing.place.words[other]
    )
    doing.held[other] = STRUCK_OUT if before or not chosen else STRAY
    if not chosen:
        return doing.right()
    doing.mark(doing.value)
    return doing.right(doing.value)


def _on_word(doing: Doing) -> Truth:
    """The printed word is marked and not its box."""
    rng = doing.rng
    word, side = doing.place.words[doing.value], doing.place.boxes[doing.value].width
    doing.held[doing.value] = BESIDE
    how = doing.one_of("tick", "cross", "underline", "underline", "ring", "ring")
    if how in ("tick", "cross"):
        x = word.x + word.width * rng.uniform(0.4, 0.9)
        spot = Spot(x - side / 2, word.centre[1] - side / 2, side, side)
        doing.drawn.extend(doing.pen.mark(how, spot, doing.hand, rng))
    elif how == "ring":
        ring(doing, word, (0.3, 1.4))
    else:
        for number in range(2 if doing.chance(0.2) else 1):
            y = word.y + word.height + rng.uniform(0.2, 1.1) + number * rng.uniform(0.8, 1.4)
            left, right = word.x - rng.uniform(-0.5, 1.5), word.x + word.width + rng.uniform(-0.5, 2)
            doing.line(
                [(left, y), ((left + right) / 2, y + rng.normal(0, 0.25)), (right, y + rng.normal(0, 0.4))]
            )
    if doing.chance(0.1):
        doing.mark(doing.other)
        return doing.right()
    if doing.chance(0.12):
        doing.mark(doing.value)
        return doing.right(doing.value)
    # A cross over a word chooses it or strikes it out.
    return doing.right(marked=doing.value) if how == "cross" else doing.right(doing.value)


def _far(doing: Doing) -> Truth:
    """The whole mark stands beside its box, and nearer to it than to any other."""
    rng = doing.rng
    box = doing.place.boxes[doing.value]
    kind = doing.hand.habit if doing.hand.habit in ("tick", "cross", "plus", "slash") else "tick"
    for _try in range(8):
        away = rng.uniform(5, 9) * min(doing.hand.wide, 1.4) * box.width / 6
        way = rng.choice([0.0, 0.5, 1.0, 1.5], p=[0.1, 0.3, 0.3, 0.3]) * np.pi + rng.normal(0, 0.25)
        spot = box._replace(x=box.x + away * np.cos(way), y=box.y + away * np.sin(way))
        nearest = min((apart(spot, one) for one in doing.place.around if one != box), default=99.0)
        if nearest > 1.6 * away:
            theirs = replace(doing.hand, size=min(doing.hand.size, 1.0))
            doing.drawn.extend(doing.pen.mark(kind, spot, theirs, rng))
            doing.held[doing.value] = BESIDE
            return doing.right(doing.value)
    doing.mark(doing.value)
    return doing.right(doing.value)


def _ringed(doing: Doing) -> Truth:
    """A large ring."""
    box, word = doing.place.boxes[doing.value], doing.place.words[doing.value]
    doing.held[doing.value] = BESIDE
    if doing.chance(0.5):
        ring(doing, box, (0.6, 3.2))
    else:
        ring(doing, joined(box, word), (0.3, 1.8))
    if doing.chance(0.2):
        doing.mark(doing.value)
    elif doing.chance(0.1):
        doing.mark(doing.other)
        return doing.right()
    return doing.right(doing.value)


def _other_pen(doing: Doing) -> Truth:
    """Somebody showed where to mark, or counted: a dot or a small fill of another pen."""
    rng = doing.rng
    tool = people.tool(doing.one_of("ballpoint", "gel", "pencil", "felt"), rng)
    theirs = replace(doing.hand, tool=tool, size=1.0, aim=(0.0, 0.0), slant=float(rng.uniform(-0.3, 0.3)))
    chosen, small = doing.chance(0.75), doing.chance(0.7)
    where = doing.other if doing.chance(0.8) else doing.value
    kind = "dot" if small else "small fill"
    doing.drawn.extend(doing.pen.mark(kind, doing.place.boxes[where], theirs, rng))
    doing.held[where] = STRAY
    if chosen:
        doing.mark(doing.value)
    if chosen and (small or where == doing.value) and doing.hand.habit not in ("dot", *people.FILLING):
        return doing.right(doing.value)
    return doing.right(doing.value) if chosen and where == doing.value else doing.right()


def _erased(doing: Doing) -> Truth:
    """A pencil's mark rubbed out, and mostly another put instead."""
    rng = doing.rng
    shade = int(rng.integers(90, 140))
    cover, soft = float(rng.uniform(0.06, 0.22)), float(rng.uniform(0.08, 0.3))
    tool = people.Tool("erased", float(rng.uniform(0.4, 0.8)), (shade, shade, shade), cover, 0.5, soft)
    gone = replace(doing.hand, tool=tool, again=0.0)
    kind = doing.one_of("tick", "cross", "tick", doing.hand.habit)
    doing.drawn.extend(doing.pen.mark(kind, doing.place.boxes[doing.other], gone, rng))
    doing.held[doing.other] = STRAY
    if doing.chance(0.3):
        return doing.right("")
    doing.mark(doing.value)
    return doing.right(doing.value)


def _tail(doing: Doing) -> Truth:
    """A tick in one's own box, its tail through another: upwards or to the right."""
    rng = doing.rng
    box = doing.place.boxes[doing.value]
    x, y = box.centre
    side = box.width
    ahead = [
        one
        for one in doing.place.around
        if one != box and one.centre[1] < y + 1 and x - 1 <= one.centre[0] and apart(one, box) < 48
    ]
    if not ahead:
        doing.mark(doing.value)
        return doing.right(doing.value)
    weights = np.array([apart(one, box) ** -2 for one in ahead])
    goal = ahead[int(rng.choice(len(ahead), p=weights / weights.sum()))]
    gx, gy = np.array(goal.centre) + rng.normal(0, 0.25 * side, 2)
    low = (x + rng.normal(0, 0.1 * side), y + rng.uniform(0.15, 0.45) * side)
    beyond = rng.uniform(0.5, 1.6) * side / max(1.0, float(np.hypot(gx - low[0], gy - low[1])))
    bend = rng.normal(0, 0.04, 2) * apart(goal, box)
    middle = ((low[0] + gx) / 2 + bend[0], (low[1] + gy) / 2 + abs(bend[1]))
    end = (gx + (gx - low[0]) * beyond, gy + (gy - low[1]) * beyond)
    doing.line([(x - rng.uniform(0.25, 0.5) * side, y + rng.normal(0, 0.1) * side), low])
    doing.line([low, middle, (float(gx), float(gy)), (float(end[0]), float(end[1]))])
    doing.held[doing.value] = MARKED
    doing.crossed.append(goal)
    return doing.right(doing.value)


def _put_right(doing: Doing) -> Truth:
    """Corrected in one's own way."""
    rng, pen, hand = doing.rng, doing.pen, doing.hand
    wrong, box = doing.place.boxes[doing.other], doing.place.boxes[doing.value]
    how = doing.one_of(
        "scratched", "scratched", "overwritten", "said", "said", "arrow", "ringed", "half filled"
    )
    doing.mark(doing.other)
    if how == "scratched":
        for _time in range(int(rng.integers(2, 5))):
            doing.drawn.extend(pen.scribble(wrong, hand, rng))
        doing.held[doing.other] = STRUCK_OUT
    elif how == "half filled":
        doing.drawn.extend(pen.mark("scrawl", wrong, replace(hand, size=max(1.1, hand.size)), rng))
        doing.held[doing.other] = STRUCK_OUT
    elif how == "said":
        say(doing, doing.value, doing.one_of("верно", "да", "верно", "вот"))
        if doing.chance(0.3):
            say(doing, doing.other, "нет")
    if how == "arrow":
        arrow(doing, wrong, box)
    if how != "arrow" or doing.chance(0.6):
        doing.mark(doing.value)
    else:
        doing.held[doing.value] = BESIDE
    if how == "overwritten":
        for _time in range(int(rng.integers(1, 4))):
            doing.mark(doing.value)
        return doing.right(marked=doing.value)  # the heavier of two: probably, and no more
    if how == "ringed":
        ring(doing, box, (0.6, 2.5))
    if (how == "half filled" and hand.habit in people.FILLING) or (
        how == "ringed" and hand.habit == "circle"
    ):
        return doing.right(marked=doing.value)
    return doing.right(doing.value)


WAYS = {
    STRUCK: _struck,
    WORD_STRUCK: _word_struck,
    ON_WORD: _on_word,
    FAR: _far,
    RINGED: _ringed,
    OTHER_PEN: _other_pen,
    ERASED: _erased,
    TAIL: _tail,
    PUT_RIGHT: _put_right,
}
