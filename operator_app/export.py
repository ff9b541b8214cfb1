"""A table for a spreadsheet, as an answer to whoever asked for it."""

from collections.abc import Iterable, Sequence

from flask import Response

from surveys import inert


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The table as a file under this name."""
    cells = (["" if cell is None else str(cell) for cell in row] for row in rows)
    answer = Response(
        inert.table([headings, *cells]), mimetype="text/csv", headers={"Cache-Control": "no-store"}
    )
    if name.isascii():
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
