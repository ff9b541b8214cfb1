"""Answers to programs: readable JSON, an ETag, how long it may be kept, where the list goes on."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import Response, request

from api.contract.document import BY_ENDPOINT
from documents.exports import json_text


def data(told: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """An answer, or word that whoever asks has it already."""
    response = kept(json_text(told).encode(), status)
    if told.get("next"):
        response.headers["Link"] = f'<{told["next"]}>; rel="next"'
    response.headers.extend(headers)
    return response


def kept(content: bytes, status: int = 200, fingerprint: str = "") -> Response:
    """Bytes as they are, to be kept as the contract says."""
    how = BY_ENDPOINT[str(request.endpoint)].kept
    response = Response(content, status, {"Cache-Control": how}, content_type="application/json")
    if how == "no-store":
        return response
    response.set_etag(fingerprint or sha256(content).hexdigest()[:32])
    conditional = response.make_conditional(request)
    assert isinstance(conditional, Response)  # noqa: S101  # Werkzeug's own type, which it was
    return conditional
