"""Posters in bulk against a naive WeasyPrint loop of the same poster, in the same run.

The loop is what a first version does: a document, fonts and a style sheet anew for each poster, one code as an SVG of
the same modules, no tags, nothing read back; its letters are one usual font of the system, of which a subset is
embedded, or (`naive_golos`) the six files of which ours are drawn. Ours is the bundle itself: two codes, tagged, read
back, written to the disk with its list. Each runs in a process of its own that tells its seconds of the processor and
its highest memory. Ours and the loop take turns, and the ratio is of medians: a load that comes and goes hits both.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from config import ROOT

SIZES = (1_000, 5_000)
KINDS, FONTS = ("pdf", "zip"), ("naive", "naive_golos")
ROUNDS, NAIVE = 3, 30
NAME = "Государственное бюджетное учреждение здравоохранения «Городская поликлиника № {}» Департамента здравоохранения"
STEPS = ("Откройте камеру телефона", "Наведите на код", "Ответьте «да» или «нет»", "Без имени и телефона")


def measure() -> dict[str, Any]:
    """Milliseconds a poster, memory at two sizes, and the ratios that the goals speak of."""
    spent: dict[str, list[float]] = {name: [] for name in (*KINDS, *FONTS)}
    found: dict[str, Any] = {"naive_font": _usual_font()}
    few, many = SIZES
    for _round in range(ROUNDS):
        for font in FONTS:
            spent[font].append(1000 * _told("naive", font, NAIVE)["seconds"] / NAIVE)
        for kind in KINDS:
            told = _told("ours", kind, few)
            spent[kind].append(1000 * told["seconds"] / few)
            found |= {f"{kind}_{key}_{few}": value for key, value in told.items()}
    found |= {f"{name}_ms": median(rounds) for name, rounds in spent.items()}
    for kind in KINDS:
        found |= {f"{kind}_{key}_{many}": value for key, value in _told("ours", kind, many).items()}
        for font in FONTS:
            found[f"{font}_over_{kind}"] = found[f"{font}_ms"] / found[f"{kind}_ms"]
        found[f"{kind}_peak_{many}_over_{few}"] = (
            found[f"{kind}_peak_mib_{many}"] / found[f"{kind}_peak_mib_{few}"]
        )
    return found


def _usual_font() -> str:
    """DejaVu Sans where it is, else what stands for it."""
    line = ["fc-match", "--format=%{file}", "DejaVu Sans"]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


def _told(mode: str, kind: str, size: int) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        line = [sys.executable, "-m", "benchmarks.posters", mode, kind, str(size), folder]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _feed(size: int) -> Iterator[tuple[int, Any]]:
    from surveys.paper import Poster

    for number in range(1, size + 1):
        code = f"K7M{number:05}"
        yield (
            number,
            Poster(
                NAME.format(number), code, f"https://nok.example.ru/q/{code}", "Регистратура, 1 этаж", 3,
                f"https://bus.gov.ru/qrcode/rate/{700_000 + number}",
            ),
        )  # fmt: skip


def _ours(kind: str, size: int, folder: Path) -> dict[str, Any]:
    from flask import Flask
    from flask_babel import Babel

    from surveys.bundles import Order, make
    from surveys.paper import Choice

    app = Flask("drawing")
    Babel(app, default_locale="ru")
    with app.app_context():
        began = time.process_time()
        made = make(
            folder / "made", Order(kind, Choice.of()), lambda _after: _feed(size), lambda _count: None
        )
        seconds = time.process_time() - began
    return {"seconds": seconds, "file_mib": made.file.stat().st_size / 2**20}


def _naive(size: int, font: str) -> dict[str, Any]:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from surveys import qr

    faces, family = _golos() if font == "naive_golos" else _usual()
    css = (
        f"{faces}@page{{size:A4;margin:15mm}}body{{font:14pt {family}}}h1{{font-size:34pt}}"
        "h2{font-size:18pt;font-weight:600}svg{width:100mm}"
    )
    began = time.process_time()
    for _number, poster in _feed(size):
        fonts = FontConfiguration()
        steps = "".join(f"<li>{step}</li>" for step in STEPS)
        html = (
            f'<html lang="ru"><title>{poster.name}</title><h1>Как вас здесь приняли?</h1>'
            f"<p>Ответьте на 13 вопросов — это полторы минуты</p><h2>{poster.name}</h2><p>{poster.place}</p>"
            f"{qr.svg(poster.link, title='Код опроса')}<ol>{steps}</ol><p>Нет камеры? Наберите в браузере</p>"
            f"<h3>{poster.typed}</h3>"
        )
        HTML(string=html).write_pdf(font_config=fonts, stylesheets=[CSS(string=css, font_config=fonts)])
    return {"seconds": time.process_time() - began}


def _usual() -> tuple[str, str]:
    return f'@font-face{{font-family:"Usual";src:url({Path(_usual_font()).as_uri()})}}', '"Usual"'


def _golos() -> tuple[str, str]:
    faces = "".join(
        f'@font-face{{font-family:"Golos {script}";font-weight:{weight};'
        f"src:url({(ROOT / 'static/fonts').as_uri()}/golos-text-{script}-{weight}-normal.woff2)}}"
        for script in ("latin", "cyrillic")
        for weight in (400, 600, 700)
    )
    return faces, '"Golos latin","Golos cyrillic"'


if __name__ == "__main__":
    mode, kind, size, folder = sys.argv[1:]
    told = _naive(int(size), kind) if mode == "naive" else _ours(kind, int(size), Path(folder))
    # Not getrusage: that remembers how large the process was from which this one was started.
    peak = int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))[0]) / 1024
    sys.stdout.write(json.dumps({**told, "peak_mib": peak}) + "\n")
