"""Sections of blocks cut into parts that are laid out by themselves: memory is that of one part."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

Piece = dict[str, Any]

#: Rows laid out at once.
PART = 500
WIDE = 8  # columns: a table of more costs about as much as two narrow ones


def parts(sections: Iterable[Mapping[str, Any]], most: int = 0) -> Iterator[list[Piece]]:
    """Sections in groups of about so many rows; a longer table goes on in the next group."""
    most = most or PART
    group: list[Piece] = []
    weight = 0
    for section in sections:
        for piece in _pieces(section, most):
            if group and weight + piece["weight"] > most:
                yield group
                group, weight = [], 0
            group.append(piece)
            weight += piece["weight"]
    if group:
        yield group


def _pieces(section: Mapping[str, Any], most: int) -> Iterator[Piece]:
    side = any(block.get("side") for block in section["blocks"])
    fresh = {
        "title": section["title"],
        "text": section["text"],
        "side": side,
        "own": section.get("own", False),
    }
    piece: Piece = {**fresh, "blocks": [], "weight": 1}
    for block in section["blocks"]:
        for cut in _cuts(block, most):
            weight = _weight(cut)
            if piece["weight"] + weight > most and piece["blocks"]:
                yield piece
                piece = {**fresh, "title": "", "text": "", "blocks": [], "weight": 0}
            piece["blocks"].append(cut)
            piece["weight"] += weight
    yield piece


def _weight(block: Mapping[str, Any]) -> int:
    return len(block.get("rows", ())) * _cost(block) + 1


def _cost(block: Mapping[str, Any]) -> int:
    return 2 if len(block.get("head", ())) > WIDE else 1


def _cuts(block: Mapping[str, Any], most: int) -> Iterator[Mapping[str, Any]]:
    rows = most // _cost(block)
    if block["kind"] != "table" or len(block["rows"]) <= rows:
        yield block
        return
    for at in range(0, len(block["rows"]), rows):
        more = _("%(caption)s, продолжение", caption=block["caption"])
        yield {**block, "rows": block["rows"][at : at + rows], "caption": more if at else block["caption"]}
