"""A long document is drawn in a process of its own: its memory goes with it, and its death harms nobody else.

That process lets each part be drawn by a copy of itself, which has everything read already and is gone after it: memory
is that of one part however many there are, and nobody looks for circles in what it leaves.
"""

import gc
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask.cli import with_appcontext

from documents.bound import press

ROOT = Path(__file__).resolve().parent.parent.parent
#: Parts: so few are drawn sooner than a process begins.
FEW = 2


def draw(folder: Path, parts: int, progress: press.Told | None = None) -> None:
    """Draw what was put down in the folder. Raises RuntimeError when the process ended without the document."""
    if parts <= FEW:
        press.draw(folder, progress)
        return
    way_in = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from app import main; main()"
    line = [sys.executable, "-c", way_in, "draw", str(folder)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603  # our own module
        try:
            for told in child.stdout or ():
                done, total = told.split()
                if progress:
                    progress(int(done), int(total))
        except BaseException:
            child.kill()
            raise
    if child.returncode or not (folder / press.ARCHIVE).exists():
        raise RuntimeError(f"drawing ended with {child.returncode}")


@click.command("draw", hidden=True)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def draw_command(folder: Path) -> None:
    """Нарисовать документ, разложенный по разделам в папке: так его рисует фоновая работа."""
    parent = os.getppid()

    def tell(done: int, total: int) -> None:
        if os.getppid() != parent:  # whoever asked is gone; an heir goes on from here
            raise SystemExit(1)
        click.echo(f"{done} {total}")

    press.draw(folder, tell, by_a_copy)


def by_a_copy(work: Callable[[], None]) -> None:
    """Have the work done by a copy of this process. RuntimeError when it failed. Only where there is one thread."""
    copy = multiprocessing.get_context("fork").Process(target=_unswept, args=(work,))
    copy.start()
    copy.join()
    if copy.exitcode:
        raise RuntimeError(f"a part's drawing ended with {copy.exitcode}")


def _unswept(work: Callable[[], None]) -> None:
    gc.disable()
    work()
