"""One file on its way in, as those who take it share it."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from surveys.answers.settings import Setting
from surveys.answers.shapes import Column, Options
from surveys.answers.sheets import Opened


@dataclass(frozen=True)
class Work:
    """The file, what it is taken into, the mapping in force; `options` name all that was decided."""

    path: Path
    here: Setting
    file: Opened
    columns: list[Column]
    options: Options
    by: str
    batch_id: int | None
    file_name: str

    @cached_property
    def sha256(self) -> str:
        """Of the file's bytes: the same file is known by it."""
        digest = sha256()
        with self.path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()
