"""Files that were drawn and may be drawn again: written whole, swept away when nobody needs them, and their kinds."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

#: A file's kind, as its name ends, and what a browser is told of it.
MIME: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def put(file: Path, content: bytes) -> None:
    """Write beside and rename: whoever reads sees the whole file or none; for the service's own user only."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{time.monotonic_ns()}.part")
    part.write_bytes(content)
    part.replace(file)


def sweep(files: Iterable[Path], seconds: float) -> None:
    """Drop those of the files that are older than this."""
    for file in files:
        if file.is_file() and file.stat().st_mtime < time.time() - seconds:
            file.unlink(missing_ok=True)


def sweep_parts(folder: Path, seconds: float) -> None:
    """Drop the folders of documents that were begun so long ago and never ended."""
    for left in folder.glob("*.parts"):
        sweep(left.glob("*"), seconds)
        if not any(left.iterdir()):
            left.rmdir()
