"""A campaign's desk with one of each thing on it: what the addresses of the operator's pages are filled with."""

from typing import Any


def furnished(campaign_id: int, code: str) -> dict[str, Any]:
    """URL parameter → its value, after putting the thing on the desk of this campaign and organisation."""
    return {}
