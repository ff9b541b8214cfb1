"""What every answer says to the browser, whoever gives it."""

from collections.abc import Sequence


def policy(styles: str = "'self'") -> str:
    """The content security policy: our own files only, no script or style in the page but what is named here."""
    return (
        f"default-src 'self'; style-src {styles}; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


MANNERS: Sequence[tuple[str, str]] = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
COMMON = (("Content-Security-Policy", policy()), *MANNERS)
OWN = "Nok-Own"  # on a refused form: it is we who refuse, and no gateway on the way
