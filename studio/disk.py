"""Is there room for a bundle? A disk that fills up in the middle would take the answers down with the posters."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from surveys import display
from surveys.bundles import Order
from surveys.refusals import Refusal

MEGABYTE = 2**20
SPARE = 500 * MEGABYTE
"""Left to the database, whatever is made."""
_EACH = {"page": 10_000, "pdf": 50_000, "svg": 6_000, "png": 300_000}
"""Bytes of one poster in a bundle, as measured, and some more."""


class NoRoom(Refusal):
    """The disk is too small for what was asked; the text says by how much."""


def wanted(order: Order, count: int) -> int:
    """Bytes that so many posters will take."""
    return count * _EACH["page" if order.kind == "pdf" else order.files]


def room(home: Path, order: Order, count: int, made: int = 0) -> None:
    """So many posters, `made` bytes of which are there, must fit beside everything else. Raises NoRoom."""
    needed = max(0, wanted(order, count) - made) + SPARE
    free = shutil.disk_usage(home).free
    if free < needed:
        raise NoRoom(
            _(
                "На диске мало места: нужно %(needed)s МБ, свободно %(free)s МБ. "
                "Сделайте плакаты по частям или попросите администратора освободить место.",
                needed=display.thousands(-(-needed // MEGABYTE)),
                free=display.thousands(free // MEGABYTE),
            )
        )


@contextmanager
def filling(folder: Path) -> Iterator[None]:
    """What grows in this folder takes no room when it cannot be finished for want of it. Raises NoRoom."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        shutil.rmtree(folder, ignore_errors=True)
        raise NoRoom(
            _("На диске кончилось место, начатое стёрто. Когда место появится, закажите плакаты снова.")
        ) from error
