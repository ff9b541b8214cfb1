"""Open to everybody: the document of a published release, drawn once, and the signatures under it."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from council import bound, signatures
from council.approval.report import as_file, signature_file
from council.shelf import shelf
from surveys import frozen
from surveys.db import db
from surveys.refusals import NotFound
from surveys.releases import Release

AT = "/ratings/<int(max=2147483647):campaign_id>/versions/<int(max=32767):version>"
bp = Blueprint("signed", __name__, url_prefix=AT)


@bp.get('/report.<any(pdf, "a2u.pdf"):variant>')
def document(campaign_id: int, version: int, variant: str) -> ResponseReturnValue:
    """The document of a release. Raises Busy while it is drawn."""
    found = shelf().released(_published(campaign_id, version))
    content = bound.pdf_of(found, variant, "public", inside=False)
    return as_file(content, f"nok-otchet-{campaign_id}-{version}.{variant}")


@bp.get("/signatures/<int(max=32767):number>")
def signature(campaign_id: int, version: int, number: int) -> ResponseReturnValue:
    """A signed document, or a signature that lies beside it."""
    return signature_file(_published(campaign_id, version), number)


@bp.app_context_processor
def _told() -> dict[str, Any]:
    """What pages of releases say of signatures."""
    return {"signatures_of": signatures.of}


def _published(campaign_id: int, version: int) -> Release:
    found = frozen.release(db.session(), campaign_id, version)
    if found is None or found.published_at is None:
        raise NotFound(f"{campaign_id}/{version}")
    return found
