"""Отказ: вход, по которому нельзя честно посчитать."""


class Refused(ValueError):
    """Вход не принят. `place` — где именно (`[3].answers.stand`), `reason` — почему, по-русски."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason

    def within(self, outer: str) -> "Refused":
        """The same refusal, seen from one level up."""
        return Refused(at(outer, self.place), self.reason)


def at(outer: str, inner: str) -> str:
    """Join two places: `[3]` and `answers` → `[3].answers`; an index needs no dot."""
    dot = "." if outer and inner and not inner.startswith("[") else ""
    return f"{outer}{dot}{inner}"


def shown(text: str, limit: int = 40) -> str:
    """A stranger's text, cut and safe for a terminal: control characters and lone surrogates as escapes."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:limit]) or '""'
