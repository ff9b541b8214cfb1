"""A campaign's document for a test to read: drawn at once, in this process."""

from pathlib import Path
from tempfile import TemporaryDirectory

from council import documents
from documents.bound import press
from surveys.results import CampaignResults


def campaign_pdf(results: CampaignResults, *, url: str, release: bytes = b"") -> bytes:
    """The bytes of the document; `release` are those that were hashed."""
    with TemporaryDirectory() as folder:
        documents.put_down(Path(folder), results, url=url, release=release)
        press.draw(Path(folder))
        return (Path(folder) / press.WHOLE).read_bytes()
