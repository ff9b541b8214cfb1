"""One page being drawn: rectangles, letters and codes in millimetres from the upper left, each with its meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from surveys import qr
from surveys.press import faces
from surveys.press.faces import Lines

WHITE, BLACK = "1 g", "0 g"
"""Colours as PDF says them; black and white stand alone, so that print needs one ink for them."""

_ROUND = 0.5523  # of a radius: where the handles of a quarter circle stand


@dataclass
class Element:
    """A thing with a meaning: a kind of PDF structure, what it holds (marks on the page or further elements)."""

    kind: str
    lang: str = ""
    alt: str = ""
    box: tuple[float, float, float, float] | None = None
    kids: list[int | Element] = field(default_factory=list)


class Seat(NamedTuple):
    """Where a code stands: its left and lower edge and its side in points, quiet zone included; how many modules."""

    left: float
    low: float
    side: float
    modules: int


@dataclass(frozen=True)
class Drawn:
    """A page: its size in millimetres, its drawing, its meanings, the letters of each weight that it uses, codes."""

    width: float
    height: float
    content: bytes
    meaning: Element
    marks: int
    chars: dict[int, set[str]]
    title: str
    lang: str
    codes: tuple[Seat, ...] = ()


class Canvas:
    """Ink for one page. Lengths are in units of the design; `scale` is how many millimetres one is."""

    def __init__(self, width: float, height: float, scale: float = 1.0) -> None:
        self.width, self.height, self.scale = width, height, scale
        self._ops: list[str] = []
        self._open: list[Element] = [Element("Sect")]
        self._marks = 0
        self._lines: dict[int, set[str]] = {}
        self._tagged = self._silent = self._turned = False
        self._codes: list[Seat] = []

    def drawn(self, title: str, lang: str) -> Drawn:
        """The page as it is now."""
        points = self.scale * 72 / 25.4
        down = f"{points:.5f} 0 0 {-points:.5f} 0 {self.height * points:.4f} cm\n"
        chars = {weight: {" ", *"".join(lines)} for weight, lines in self._lines.items()}
        content = (down + "\n".join(self._ops)).encode("ascii")
        return Drawn(
            self.width * self.scale, self.height * self.scale, content, self._open[0],
            self._marks, chars, title, lang, tuple(self._codes),
        )  # fmt: skip

    # Meaning

    @contextmanager
    def group(self, kind: str, lang: str = "") -> Iterator[None]:
        """What is drawn inside belongs to one element: a list, an item."""
        if self._silent:
            yield
            return
        made = Element(kind, lang)
        self._open[-1].kids.append(made)
        self._open.append(made)
        yield
        self._open.pop()

    @contextmanager
    def said(
        self, kind: str, lang: str = "", alt: str = "", box: tuple[float, float, float, float] | None = None
    ) -> Iterator[None]:
        """What is drawn inside is this element's own ink."""
        if self._silent:
            yield
            return
        self._open[-1].kids.append(Element(kind, lang, alt, self._points(box), [self._marks]))
        self._ops.append(f"/{kind} <</MCID {self._marks}>> BDC")
        self._marks += 1
        self._tagged = True
        yield
        self._tagged = False
        self._ops.append("EMC")

    @contextmanager
    def turned(self) -> Iterator[None]:
        """What is drawn inside stands on its head, about the middle of the page: the far side of a folded card."""
        self._ops.append(f"q -1 0 0 -1 {self.width:g} {self.height:g} cm")
        self._turned = True
        yield
        self._turned = False
        self._ops.append("Q")

    @contextmanager
    def untold(self) -> Iterator[None]:
        """What is drawn inside repeats what was said: ink without a meaning of its own."""
        self._silent = True
        self._ops.append("/Artifact BMC")
        yield
        self._ops.append("EMC")
        self._silent = False

    def _points(
        self, box: tuple[float, float, float, float] | None
    ) -> tuple[float, float, float, float] | None:
        """A box as PDF measures: in points from the lower left, corner to corner."""
        if box is None:
            return None
        x, y, width, height = box
        to = self.scale * 72 / 25.4
        return x * to, (self.height - y - height) * to, (x + width) * to, (self.height - y) * to

    def _ink(self, operators: str) -> None:
        self._ops.append(operators if self._tagged or self._silent else f"/Artifact BMC\n{operators}\nEMC")

    # Shapes

    def box(self, x: float, y: float, width: float, height: float, fill: str, round_: float = 0) -> None:
        """A filled rectangle, its corners rounded when asked."""
        self._ink(f"{fill}\n{_outline(x, y, width, height, round_)} f")

    def frame(
        self, x: float, y: float, width: float, height: float, line: float, ink: str, round_: float = 0
    ) -> None:
        """A rectangle's edge, the line lying inside it."""
        half = line / 2
        path = _outline(x + half, y + half, width - line, height - line, max(0, round_ - half))
        self._ink(f"{ink.upper()} {line:.3f} w\n{path} S")

    def rule(
        self, x: float, y: float, to_x: float, to_y: float, line: float, ink: str, dashes: str = ""
    ) -> None:
        """A straight line; `dashes` as PDF says them."""
        pattern = (f"[{dashes}] 0 d ", " [] 0 d") if dashes else ("", "")
        self._ink(
            f"{ink.upper()} {line:.3f} w {pattern[0]}{x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S{pattern[1]}"
        )

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """A filled circle about a point."""
        self.box(x - radius, y - radius, 2 * radius, 2 * radius, fill, radius)

    def ring(self, x: float, y: float, radius: float, line: float, ink: str) -> None:
        """A circle's edge about a point."""
        self.frame(x - radius, y - radius, 2 * radius, 2 * radius, line, ink, radius)

    def tick(self, x: float, y: float, size: float, ink: str) -> None:
        """A check mark about a point."""
        a, b, c = (
            (x - 0.5 * size, y + 0.02 * size),
            (x - 0.14 * size, y + 0.38 * size),
            (x + 0.5 * size, y - 0.36 * size),
        )
        path = f"{a[0]:.2f} {a[1]:.2f} m {b[0]:.2f} {b[1]:.2f} l {c[0]:.2f} {c[1]:.2f} l"
        self._ink(f"{ink.upper()} {0.19 * size:.3f} w {path} S")

    # Letters

    def lines(self, found: Lines, x: float, y: float, ink: str, centre: float | None = None) -> None:
        """Lines of text, the top of the first at y; about `centre` when it is given. Belongs to what is open."""
        told = [f"BT {ink}"]
        baseline = y + found.size * (found.leading / 2 + 0.35)
        self._lines.setdefault(found.weight, set()).update(found.lines)
        for line in found.lines:
            left = x if centre is None else centre - faces.width(line, found.size, found.weight) / 2
            told.append(f"1 0 0 -1 {left:.3f} {baseline:.3f} Tm")
            told.append(_shown(line + " ", found.weight, found.size))
            baseline += found.size * found.leading
        self._ink("\n".join([*told, "ET"]))

    def paragraph(
        self,
        kind: str,
        found: Lines,
        x: float,
        y: float,
        ink: str,
        centre: float | None = None,
        lang: str = "",
    ) -> float:
        """Lines that are an element of their own; how high they are."""
        if found.lines and found.lines != ("",):
            with self.said(kind, lang):
                self.lines(found, x, y, ink, centre)
        return found.height

    # Codes

    def code(self, text: str, alt: str, x: float, y: float, side: float, level: str = qr.LEVEL) -> None:
        """A QR code with its white ground and quiet zone, `side` wide with both; one path, so that no seams show."""
        modules = qr.side(text, level)
        module = side / modules
        start = qr.QUIET * module
        left, top = (self.width - x - side, self.height - y - side) if self._turned else (x, y)
        points = self.scale * 72 / 25.4
        low = (self.height - top - side) * points
        self._codes.append(Seat(left * points, low, side * points, modules))
        runs = qr.rectangles(text, level)
        with self.said("Figure", alt=alt, box=(x, y, side, side)):
            self._ink(
                f"q {WHITE} {x:.3f} {y:.3f} {side:.3f} {side:.3f} re f\n{BLACK}\n"
                f"{module:.5f} 0 0 {module:.5f} {x + start:.4f} {y + start:.4f} cm\n{runs} f Q"
            )


@lru_cache(maxsize=1024)
def _shown(line: str, weight: int, size: float) -> str:
    return "\n".join(
        f"/{font_name(weight, script)} {size:.3f} Tf <{run}> Tj" for script, run in faces.glyphs(line, weight)
    )


def font_name(weight: int, script: str) -> str:
    """What a part of a font is called on a page."""
    return f"F{weight // 100}{faces.SCRIPTS.index(script)}"


def spread(columns: int, room: float, gap: float) -> Sequence[tuple[float, float]]:
    """(left edge, width) of columns side by side."""
    wide = (room - gap * (columns - 1)) / columns
    return [(number * (wide + gap), wide) for number in range(columns)]


def _outline(x: float, y: float, width: float, height: float, r: float) -> str:
    if not r:
        return f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re"
    right, bottom, k = x + width, y + height, r * (1 - _ROUND)
    points = (
        f"{x + r:.3f} {y:.3f} m {right - r:.3f} {y:.3f} l",
        f"{right - k:.3f} {y:.3f} {right:.3f} {y + k:.3f} {right:.3f} {y + r:.3f} c",
        f"{right:.3f} {bottom - r:.3f} l",
        f"{right:.3f} {bottom - k:.3f} {right - k:.3f} {bottom:.3f} {right - r:.3f} {bottom:.3f} c",
        f"{x + r:.3f} {bottom:.3f} l",
        f"{x + k:.3f} {bottom:.3f} {x:.3f} {bottom - k:.3f} {x:.3f} {bottom - r:.3f} c",
        f"{x:.3f} {y + r:.3f} l",
        f"{x:.3f} {y + k:.3f} {x + k:.3f} {y:.3f} {x + r:.3f} {y:.3f} c h",
    )
    return " ".join(points)
