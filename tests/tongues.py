"""What a page says in which language: the eyes of the tests about languages."""

import re
from html.parser import HTMLParser

from manners import VOID

CYRILLIC = re.compile("[А-Яа-яЁё]")
READ_ALOUD = frozenset({"aria-label", "title", "alt", "placeholder"})
SILENT = frozenset({"style", "script", "title"})  # the title of a page carries a name


class Russian(HTMLParser):
    """`found`: Cyrillic words outside every element that is said to be Russian."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element says its language, or has that of the one around it."""
        told = {name: value or "" for name, value in attrs}
        language = told.get("lang") or self._open[-1][1]
        self._seen(language, *(told[name] for name in READ_ALOUD & told.keys()))
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        """What is said next is outside."""
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._open[-1][0] not in SILENT:
            self._seen(self._open[-1][1], data)

    def _seen(self, language: str, *words: str) -> None:
        self.found += [one.strip() for one in words if language == "en" and CYRILLIC.search(one)]
