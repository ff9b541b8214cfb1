"""What the staff did, told to whoever keeps the trail: this floor does not know who that is."""

from blinker import Signal

closing = Signal(
    "Sent with the session of the act: campaign. It stops collecting; what must not outlive that goes."
)
held = Signal(
    "Asked with the session: campaign_id. Who keeps devices says what they have not sent: organisation → how many."
)
happened = Signal("Sent with the session of the act: session, actor, action, subject, detail.")


def tell(session: object, actor: str, action: str, subject: str, **detail: str | int | None) -> None:
    """Something was done in this session's transaction."""
    happened.send(session, actor=actor, action=action, subject=subject, detail=detail)
