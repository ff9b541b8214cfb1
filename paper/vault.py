"""Scanned pages under lock: sealed by a key of their campaign, for as long as somebody may still look at them."""

from sqlalchemy.orm import Session

from paper.tables import ScanBatch, ScannedPage


def keep(session: Session, campaign_id: int, content: bytes, place: str) -> str:
    """Seal a page (`place`: «batch.file.number») and put it away; its name."""
    raise NotImplementedError


def open_(session: Session, campaign_id: int, name: str) -> bytes:
    """A kept page again: JPEG or PNG. Raises NotFound once it is destroyed, Locked when it does not open."""
    raise NotImplementedError


def open_page(session: Session, page: ScannedPage) -> bytes:
    """The same by the page's row. Raises NotFound, Locked."""
    raise NotImplementedError


def destroy(session: Session, batch: ScanBatch) -> int:
    """Destroy the pictures of a batch, after the commit of this transaction; how many there were."""
    raise NotImplementedError
