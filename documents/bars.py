"""A bar chart as a PNG, for documents that take no SVG: the same geometry, captions and figures as on the page."""

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from documents.charts import Bar, Chart

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
SCALE = 3  # dots for a unit of the chart: 190 to the inch at the width of a page
INK, QUIET, TRACK, VALUE = "#16202b", "#4b5866", "#e6ebee", "#0b4f6c"


def picture(chart: Chart) -> bytes:
    """The chart drawn; what it says in words is `chart.spoken`."""
    at = chart.layout
    image = Image.new("RGB", (at.width * SCALE, chart.height * SCALE), "white")
    pen = ImageDraw.Draw(image)
    for x, points in chart.marks:
        pen.line([_at(x, 0), _at(x, chart.height - 18)], fill="#d5dbe1", width=SCALE)
        _write(pen, x, chart.height - 4, points, at.font - 1.5, QUIET, "ms")
    for bar in chart.bars:
        _bar(pen, chart, bar)
    out = BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bar(pen: ImageDraw.ImageDraw, chart: Chart, bar: Bar) -> None:
    at, top = chart.layout, float(bar.bar_y)
    _write(pen, 0, float(bar.label_y), bar.label, at.font, INK, "ls")
    for width, colour in ((float(at.track), TRACK), (float(bar.width), VALUE)):
        if width:
            pen.rectangle([_at(at.track_x, top), _at(at.track_x + width, top + at.thick)], fill=colour)
    _write(pen, at.width, float(bar.text_y), bar.text, at.font, INK, "rs")


def _at(x: float, y: float) -> tuple[float, float]:
    return (x * SCALE, y * SCALE)


def _write(
    pen: ImageDraw.ImageDraw, x: float, y: float, text: str, size: float, colour: str, anchor: str
) -> None:
    """Figures are in the Latin file of the face, letters in the Cyrillic one: written run by run."""
    runs = _runs(text)
    widths = [_font(cyrillic, size).getlength(run) for run, cyrillic in runs]
    left = x * SCALE - {"l": 0.0, "m": sum(widths) / 2, "r": sum(widths)}[anchor[0]]
    for (run, cyrillic), width in zip(runs, widths, strict=True):
        pen.text((left, y * SCALE), run, fill=colour, font=_font(cyrillic, size), anchor="ls")
        left += width


def _runs(text: str) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for letter in text:
        cyrillic = "\u0400" <= letter <= "\u04ff"
        if runs and runs[-1][1] == cyrillic:
            runs[-1] = (runs[-1][0] + letter, cyrillic)
        else:
            runs.append((letter, cyrillic))
    return runs


@cache
def _font(cyrillic: bool, size: float) -> ImageFont.FreeTypeFont:
    name = "cyrillic" if cyrillic else "latin"
    return ImageFont.truetype(FONTS / f"golos-text-{name}-400-normal.woff2", size * SCALE)
