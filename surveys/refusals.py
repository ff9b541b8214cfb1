"""Refusals of this floor: plain exceptions; errors.py turns each into a page, the commands into a line."""


class Refusal(Exception):
    """Something was refused; the text says in Russian what and what to do."""


class UnknownCode(Refusal):
    """No organisation has this code."""


class NothingOpen(Refusal):
    """The organisation is known, but no campaign collects answers about it today."""


class BadKey(Refusal):
    """The form's key was not made by this service for this organisation."""


class PinnedChanged(Refusal):
    """A file that a campaign pinned by hash has changed since (norms A1: a refusal, not a recalculation)."""


class Busy(Refusal):
    """The document is being drawn for somebody else: come back in a minute."""


class Undrawn(Refusal):
    """The document could not be made a short while ago: it is not tried again at once."""


class NotFound(Refusal):
    """There is no such campaign, organisation or result."""


class NotAsked(NotFound):
    """What a form was about is not published, or not any more: a score, a measure of a plan."""


class Stale(Refusal):
    """Somebody changed it meanwhile: what was written is not saved over theirs."""


class Held(Refusal):
    """Somebody else works on it now; the text says who and until when."""
