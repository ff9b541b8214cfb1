"""The fingerprint of the marks on a page, under the campaign's key: it names boxes, and beside it stands the serial.

Opened only to compare two pictures of one number. Gone with the pictures, with the batch undone, with the publication.
"""

from base64 import b64decode, b64encode

from sqlalchemy.orm import Session

from paper import vault
from paper.tables import ScannedPage
from surveys import sealing
from surveys.batches import Batch
from surveys.sealing import Locked

LENGTH = 400  # whatever is marked: the length of the noise must not tell how much


def seal(key: bytes, campaign_id: int, page: ScannedPage) -> ScannedPage:
    """The page, its fingerprint as noise that opens for this page alone."""
    if page.seen:
        told = str(page.seen["hand"]).ljust(LENGTH).encode()
        noise = b64encode(sealing.sealed(key, told, _place(campaign_id, page))).decode()
        page.seen = {**page.seen, "hand": noise}
    return page


def of(session: Session, page: ScannedPage) -> str:
    """What is marked; of a page whose fingerprint is gone something like no other. Raises Locked, NotFound."""
    told = str(page.seen.get("hand", ""))
    if not told:
        return f"gone-{page.id}"
    campaign_id = session.get_one(Batch, page.batch_id).campaign_id
    key = vault.key_of(session, campaign_id)
    try:
        noise = b64decode(told, validate=True)
    except ValueError as error:
        raise Locked("Отпечаток отметок повреждён.") from error
    return sealing.opened(key, noise, _place(campaign_id, page)).decode().rstrip()


def _place(campaign_id: int, page: ScannedPage) -> str:
    return f"hand/{campaign_id}/{vault.place_of(page.batch_id, page.file, page.number)}"
