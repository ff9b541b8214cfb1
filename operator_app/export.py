"""A table for a spreadsheet: BOM, semicolons, and no cell that a spreadsheet would take for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from surveys.inert import inert


def csv_file(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The table as a file under this name."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([inert(heading) for heading in headings])
    for row in rows:
        writer.writerow([inert("" if cell is None else str(cell)) for cell in row])
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(out.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=headers)
