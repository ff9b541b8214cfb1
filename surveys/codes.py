"""Public codes: eight characters a person can read off a wall and type, in whatever layout the keyboard is."""

import secrets

from surveys.models import CODE_LENGTH

# Without 0 O Q, 1 I L, 2/Z, 5/S, 8/B, 6/G, U/V pairs: one of each is left out.
ALPHABET = "23456789ACDEFHJKMNPRTUWXY"
CYRILLIC = str.maketrans("АСЕНКМРТХУВ", "ACEHKMPTXY8")


def fresh() -> str:
    """A new random code: one of 1.5·10¹¹."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def typed(text: str) -> str:
    """What a person meant: spaces and dashes dropped, Cyrillic look-alikes read as Latin."""
    bare = "".join(character for character in text.upper() if character not in " -–—_.")
    return bare.translate(CYRILLIC)[: CODE_LENGTH * 2]


def possible(text: str) -> bool:
    """Could this be a code at all? Anything else need not be asked of the database."""
    return len(text) == CODE_LENGTH and set(text) <= set(ALPHABET)
