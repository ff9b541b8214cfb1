"""Teaches the judge of boxes by made-up lessons and writes it where the reader finds it.

    python -m benchmarks.paper.train lessons FOLDER 0 4000     # draw the lessons of these sheets
    python -m benchmarks.paper.train teach FOLDER              # learn from all of them
    python -m benchmarks.paper.train mean FOLDER KEPT.pt       # with what was kept before: half of each
    python -m benchmarks.paper.train look FOLDER               # how true its confidence is

Needs `torch` and `onnx`, which the project itself does not depend on: a virtual environment of one's own with
`pip install torch==2.13.0 onnx` beside the extra `[omr]`. Sheets from `studying.CHECKED` on teach nothing: by them the
confidence is set, and it is told how good the judge has become.
"""

import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from benchmarks.paper import studying, wearing
from benchmarks.paper.network import Judge, direct
from paper.reading import learned
from paper.reading.views import HEIGHT, WIDTH

SEED = 22
KINDS = range(len(learned.HELD))
EPOCHS, PAGES, RATE = 6, 24, 1e-3
SPARSE = 0.25
"""Pages of a step on which hardly anything is drawn."""


def teach(folder: Path, epochs: int) -> Judge:
    """From all the lessons in a folder, pages in an order of chance, each worn a little differently each time.

    It goes on from what was taught before.
    """
    views, held, pages = studying.learnt(folder, checked=False)
    torch.manual_seed(SEED)
    judge: Judge = Judge().to(memory_format=torch.channels_last)
    if (folder / "judge.pt").exists():
        judge.load_state_dict(torch.load(folder / "judge.pt"))
        judge.cooled.data.fill_(1.0)
    starts = np.flatnonzero(np.diff(pages, prepend=-1))
    spans = list(zip(starts.tolist(), [*starts[1:].tolist(), len(pages)], strict=True))
    each = len(spans) // PAGES
    learning = torch.optim.AdamW(judge.parameters(), RATE, weight_decay=1e-3)
    rates = torch.optim.lr_scheduler.OneCycleLR(learning, RATE, total_steps=epochs * each, pct_start=0.15)
    began = time.monotonic()
    judge.train()
    for at, (taken, page, worn) in enumerate(_ahead(_steps(views, held, spans, epochs))):
        told = judge.together(worn.to(memory_format=torch.channels_last), page)
        loss = nn.functional.cross_entropy(told, torch.from_numpy(held[taken]))
        learning.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(judge.parameters(), 5.0)
        learning.step()
        rates.step()
        if at % 50 == 0:
            print(
                f"{at} of {epochs * each}: {float(loss.detach()):.4f}, {time.monotonic() - began:.0f} s",
                flush=True,
            )
        if at % each == each - 1:
            torch.save(judge.state_dict(), folder / "judge.pt")
    return judge


def mean(folder: Path, before: Path) -> Judge:
    """What was taught last and what was kept before it, half of each: better than either when they lie near."""
    last, first = torch.load(folder / "judge.pt"), torch.load(before)
    judge = Judge()
    judge.load_state_dict(
        {name: (one + first[name]) / 2 if one.is_floating_point() else one for name, one in last.items()}
    )
    judge.cooled.data.fill_(1.0)
    return judge


_Step = tuple[NDArray[np.int64], Tensor, Tensor]


def _steps(
    views: NDArray[np.uint8], held: NDArray[np.int64], spans: Sequence[tuple[int, int]], epochs: int
) -> Iterator[_Step]:
    """For each step which views are taken, of which of its pages each is, and what they look like this time.

    Of some pages hardly anything but what is empty: somebody who answers two questions, or none.
    """
    chance = np.random.default_rng(SEED)
    for _epoch in range(epochs):
        shuffled = chance.permutation(len(spans))
        for at in range(len(spans) // PAGES):
            taken = [np.arange(*spans[one]) for one in shuffled[at * PAGES : (at + 1) * PAGES]]
            for place in np.flatnonzero(chance.random(PAGES) < SPARSE):
                left = (held[taken[place]] == 0) | (chance.random(len(taken[place])) < chance.uniform(0, 0.3))
                taken[place] = taken[place][left] if left.any() else taken[place]
            every = np.concatenate(taken)
            page = np.repeat(np.arange(len(taken)), [len(one) for one in taken])
            worn = wearing.worn(views[every], page, chance)
            yield every, torch.from_numpy(page), torch.from_numpy(worn)


def _ahead(steps: Iterator[_Step]) -> Iterator[_Step]:
    """The next step is made ready while this one is learnt from."""
    with ThreadPoolExecutor(1) as other:
        coming = other.submit(next, steps, None)
        while (step := coming.result()) is not None:
            coming = other.submit(next, steps, None)
            yield step


def asked(judge: Judge, views: NDArray[np.uint8], pages: NDArray[np.int64]) -> Tensor:
    """What it says of every view, page by page."""
    judge.eval()
    told = []
    starts = np.flatnonzero(np.diff(pages, prepend=-1))
    with torch.no_grad():
        for first, last in zip(starts, [*starts[1:], len(pages)], strict=True):
            told.append(judge(torch.from_numpy(views[first:last, None].astype(np.float32) / 255)))
    return torch.cat(told)


def cool(judge: Judge, told: Tensor, held: Tensor) -> None:
    """One number, by which all its answers are made as sure as they are right."""
    tries = torch.linspace(0.3, 2.0, 69)
    losses = [float(nn.functional.cross_entropy(told * by, held)) for by in tries]
    judge.cooled.data *= tries[int(np.argmin(losses))]


def look(told: Tensor, held: Tensor) -> None:
    """How often it is right when it is so and so sure, and what it takes for what."""
    chances, said = told.softmax(1).max(1)
    print("| sure | boxes | right |\n|---|--:|--:|")
    edges = (0.2, 0.5, 0.7, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997, 1.0001)
    for low, high in pairwise(edges):
        among = (chances >= low) & (chances < high)
        count = int(among.sum())
        if count:
            right = float((said[among] == held[among]).float().mean())
            print(
                f"| {low}–{min(high, 1.0)} | {count:,} | {right:.4%} (said {float(chances[among].mean()):.4%}) |"
            )
    print(np.array([[int(((held == a) & (said == b)).sum()) for b in KINDS] for a in KINDS]))


def write(judge: Judge) -> None:
    """As ONNX."""
    views = torch.zeros(7, 1, HEIGHT, WIDTH)
    names = {"views": {0: "boxes"}, "held": {0: "boxes"}}
    torch.onnx.export(
        direct(judge), (views,), str(learned.FILE), input_names=["views"], output_names=["held"],
        dynamic_axes=names, dynamo=False, opset_version=17,
    )  # fmt: skip
    told = hashlib.sha256(learned.FILE.read_bytes()).hexdigest()
    learned.FILE.with_suffix(".sha256").write_text(told + "\n", "ascii")
    print(learned.FILE.name, learned.FILE.stat().st_size, told)


def main(words: list[str]) -> None:
    """See the top of this file."""
    folder = Path(words[1])
    if words[0] == "lessons":
        studying.draw(folder, int(words[2]), int(words[3]))
        return
    judge = Judge()
    if words[0] == "teach":
        judge = teach(folder, int(words[2]) if len(words) > 2 else EPOCHS)
    elif words[0] == "mean":
        judge = mean(folder, Path(words[2]))
    else:
        judge.load_state_dict(torch.load(folder / "judge.pt"))
    views, kept, pages = studying.learnt(folder, checked=True)
    known = torch.from_numpy(kept) >= 0
    held = torch.from_numpy(kept)[known]
    cool(judge, asked(judge, views, pages)[known], held)
    look(asked(judge, views, pages)[known], held)
    write(judge)


if __name__ == "__main__":
    main(sys.argv[1:])
