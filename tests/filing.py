"""A campaign's files in somebody's hands: an upload and the buttons of its pages, as a browser sends them."""

import io
import re
from pathlib import Path

from build import TOKEN
from flask import Flask
from manners import MannerlyClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from surveys.batches import Batch
from surveys.db import db

SEEN = re.compile(r'name="seen" value="([^"]*)"')
TABLE = (
    "Организация;Удовлетворены ли Вы в целом;Заметки\n"
    "Школа № 1;да;-\nШкола № 1;нет;-\nШкола № 2;может быть;-\n"
)


class Desk:
    """The files of one campaign in somebody's hands."""

    def __init__(self, client: MannerlyClient, campaign_id: int) -> None:
        self.client, self.address = client, f"/operator/campaigns/{campaign_id}/files"

    def token(self) -> str:
        found = TOKEN.search(self.client.get("/sign-in", follow_redirects=True).text)
        assert found is not None
        return found[1]

    def brought(self, content: bytes | str = TABLE, name: str = "ответы.csv", **given: str) -> TestResponse:
        raw = content.encode() if isinstance(content, str) else content
        told = {"kind": "answers", "channel": "paper", **given, "csrf_token": self.token()}
        file = FileStorage(io.BytesIO(raw), name, "file", "application/octet-stream")
        boundary, body = encode_multipart({**told, "file": file})  # in memory, however large
        return self.client.post(
            self.address, data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )

    def sent(self, what: str, page: str | None = None, **given: str) -> TestResponse:
        """A button of the file's page as it stands, or as it stood when `page` was drawn."""
        seen = SEEN.search(page if page is not None else self.shown())
        told = {"csrf_token": self.token(), "seen": seen[1] if seen else "", **given}
        return self.client.post(f"{self.address}/{batch().id}/{what}", data=told)

    def shown(self, what: str = "") -> str:
        return self.client.get(f"{self.address}/{batch().id}{what}").text


def batch() -> Batch:
    """The newest one."""
    db.session.rollback()
    return db.session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()


def kept(app: Flask) -> list[str]:
    """What lies in the folder of uploads."""
    folder = Path(app.config["DATA_DIR"], "uploads")
    return sorted(file.name.partition(".")[2] for file in folder.iterdir()) if folder.exists() else []
