"""Geometry of the bar charts: where each bar, label and number stands in an SVG; a macro draws it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _

import nok
from documents.presentation import scored


@dataclass(frozen=True)
class Layout:
    """Measures of a chart in SVG units: `above` puts captions over the bars, as a phone needs."""

    width: int
    track_x: int
    track: int
    step: int
    thick: int
    font: float
    above: bool


NARROW = Layout(width=290, track_x=0, track=232, step=46, thick=12, font=15, above=True)
WIDE = Layout(width=640, track_x=246, track=334, step=25, thick=13, font=12.5, above=False)


@dataclass(frozen=True)
class Bar:
    """One line of a chart: a caption, a bar on a track of 100 points, the figure as the tables print it."""

    label: str
    text: str
    label_y: str
    bar_y: str
    text_y: str
    width: str
    measured: bool
    mean_x: str = ""


@dataclass(frozen=True)
class Chart:
    """Captioned figures in one of the two layouts."""

    title: str
    lines: tuple[tuple[str, nok.Figure | None], ...]
    layout: Layout
    means: tuple[nok.Figure | None, ...] = ()

    @property
    def spoken(self) -> str:
        """The text alternative: it names every figure, so that nothing is in the picture alone."""
        told = [f"{label} — {scored(figure)}" for label, figure in self.lines]
        if self.means:
            told = [
                f"{one}, {_('среднее')} {scored(mean)}" for one, mean in zip(told, self.means, strict=True)
            ]
        return f"{self.title}: " + "; ".join(told)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """From the exact value; a figure that is undefined has a track and a word, not a bar of zero."""
        means = self.means or (None,) * len(self.lines)
        return tuple(
            _bar(place, label, figure, mean, self.layout)
            for place, ((label, figure), mean) in enumerate(zip(self.lines, means, strict=True))
        )

    @property
    def height(self) -> int:
        """With the axis under the last bar."""
        return len(self.lines) * self.layout.step + 22

    @property
    def marks(self) -> tuple[tuple[int, str], ...]:
        """Places of 0, 50 and 100 points on the axis."""
        start, track = self.layout.track_x, self.layout.track
        return ((start, "0"), (start + track // 2, "50"), (start + track, "100"))

    @property
    def wide(self) -> "Chart":
        """The same chart for a desk: captions at the left of the bars."""
        return replace(self, layout=WIDE)

    def beside(self, means: Iterable[nok.Figure | None]) -> "Chart":
        """The same chart with a mark at the mean of each line."""
        return replace(self, means=tuple(means))


def chart(title: str, lines: Iterable[tuple[str, nok.Figure | None]], layout: Layout) -> Chart:
    """A chart of figures under their captions."""
    return Chart(title, tuple(lines), layout)


def _bar(place: int, label: str, figure: nok.Figure | None, mean: nok.Figure | None, layout: Layout) -> Bar:
    top = place * layout.step
    middle = top + layout.step / 2
    label_y = top + 17.0 if layout.above else middle + 4.5
    bar_y = top + 25.0 if layout.above else middle - layout.thick / 2
    text_y = bar_y + layout.thick - 1 if layout.above else label_y
    width = f"{float(figure.exact) * layout.track / 100:.2f}" if figure else "0"
    mean_x = f"{layout.track_x + float(mean.exact) * layout.track / 100:.2f}" if mean else ""
    told, measured = scored(figure), figure is not None
    return Bar(label, told, f"{label_y:g}", f"{bar_y:g}", f"{text_y:g}", width, measured, mean_x)
