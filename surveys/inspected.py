"""An inspection as the calculator takes it, and what it did not find."""

from collections.abc import Sequence
from typing import Any

import nok
from surveys.checklists import MATERIALS
from surveys.models import Inspection

ITEM_BLOCKS = ("remote_ways", "comfort", "equipment", "accessibility")


def counts(inspection: Inspection | None) -> dict[str, Any] | None:
    """What was counted on the spot, as the calculator takes it; None: nobody was there."""
    if inspection is None:
        return None
    return {
        "stand": _pair(inspection.stand_present, inspection.stand_required),
        "site": _pair(inspection.site_present, inspection.site_required),
        "information_required": inspection.information_required,
        **{block: len(getattr(inspection, block)) for block in ITEM_BLOCKS},
        "waiting_points": inspection.waiting_points,
    }


def _pair(present: int | None, required: int | None) -> dict[str, int] | None:
    return None if present is None or required is None else {"present": present, "required": required}


def deficiencies(
    inspection: Inspection | None, sector: str, edition: nok.Edition
) -> dict[str, Sequence[str]]:
    """What the inspection did not find, by block."""
    if inspection is None:
        return {}
    return {
        block: titles
        for block in (*MATERIALS, *ITEM_BLOCKS)
        if (titles := _absent(inspection, block, sector, edition))
    }


def _absent(inspection: Inspection, block: str, sector: str, edition: nok.Edition) -> Sequence[str]:
    """What was named as missing; of the edition's items else all that are neither there nor inapplicable."""
    if block in MATERIALS or block in inspection.missing:
        named: Sequence[str] = inspection.missing.get(block, ())
        return named
    settled = {*getattr(inspection, block), *inspection.not_applicable.get(block, ())}
    return [item.title for item in edition.items(block, sector) if item.code not in settled]
