"""Manners of every HTML page: what a reader, a screen reader and a wary browser may expect of each answer."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from click.testing import Result
from flask.testing import FlaskClient, FlaskCliRunner
from werkzeug.test import TestResponse

from surveys.languages import languages

TONGUES = [[code] for code in languages()]
VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr".split()
)  # elements that have no end tag
UNLABELLED = frozenset({"hidden", "submit", "button", "reset", "image"})
DATA_SCRIPTS = frozenset({"application/json", "application/ld+json"})
LOADS = frozenset({"src", "srcset", "action", "formaction", "poster", "data", "xlink:href"})
TOLD_NOT_LOADED = frozenset({"canonical", "alternate", "author", "license", "next", "prev"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")
CSS_ADDRESS = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""")


@dataclass(eq=False)
class Element:
    """One element of a page; `text` is everything said inside it."""

    tag: str
    attrs: dict[str, str]
    parent: "Element | None"
    text: list[str] = field(default_factory=list)

    def inside(self, tag: str) -> "Element | None":
        """The nearest ancestor of this kind."""
        above = self.parent
        while above is not None and above.tag != tag:
            above = above.parent
        return above

    def says(self) -> bool:
        """Is there anything to read in it, or a name for those who listen?"""
        return bool("".join(self.text).strip() or self.attrs.get("aria-label", "").strip())

    def __str__(self) -> str:
        told = "".join(
            f' {k}="{v}"' for k, v in self.attrs.items() if k in ("id", "name", "type", "src", "action")
        )
        return f"<{self.tag}{told}>"


class Reading(HTMLParser):
    """A page as a list of elements in document order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: Element | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self.elements.append(element)
        if tag == "img":
            self.handle_data(element.attrs.get("alt", ""))
        if tag not in VOID:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        closed = self._open
        while closed is not None and closed.tag != tag:
            closed = closed.parent
        if closed is not None:
            self._open = closed.parent

    def handle_data(self, data: str) -> None:
        above = self._open
        while above is not None:
            above.text.append(data)
            above = above.parent

    def all(self, *tags: str) -> list[Element]:
        """Every element of these kinds."""
        return [element for element in self.elements if element.tag in tags]

    def ids(self) -> Counter[str]:
        """How often each id stands on the page."""
        return Counter(e.attrs["id"] for e in self.elements if "id" in e.attrs)


Complaints = Iterator[str]


def _introduces_itself(page: Reading) -> Complaints:
    titles = [t for t in page.all("title") if t.inside("svg") is None]
    if len(titles) != 1 or not titles[0].says():
        yield "needs one <title> with words in it"
    if [e.attrs.get("lang") for e in page.all("html")] not in TONGUES:
        yield 'needs <html lang="ru">, or a language of translations/'
    headings = page.all("h1")
    if len(headings) != 1 or not headings[0].says():
        yield f"needs one <h1> with words in it, has {len(headings)}"


def _names_each_thing_once(page: Reading) -> Complaints:
    ids = page.ids()
    yield from (f"id {name!r} stands on the page {count} times" for name, count in ids.items() if count > 1)
    for element in page.elements:
        for attribute in REFERENCES:
            for name in element.attrs.get(attribute, "").split():
                if name not in ids:
                    yield f"{element} points with {attribute} to {name!r}, which is not there"


def _labels_fields(page: Reading) -> Complaints:
    labelled = {e.attrs["for"] for e in page.all("label") if "for" in e.attrs and e.says()}
    for element in page.all("input", "select", "textarea"):
        if element.tag == "input" and element.attrs.get("type", "text").lower() in UNLABELLED:
            continue
        around = element.inside("label")
        by_itself = (
            element.attrs.get("aria-label", "").strip() or element.attrs.get("aria-labelledby", "").strip()
        )
        if not (by_itself or element.attrs.get("id") in labelled or (around is not None and around.says())):
            yield f"{element} has no label"


def _names_what_is_pressed(page: Reading) -> Complaints:
    for element in page.all("button", "a"):
        named = element.says() or element.attrs.get("aria-labelledby") or element.inside("svg")
        if not named:
            yield f"{element} has nothing to read in it"


def _describes_pictures(page: Reading) -> Complaints:
    yield from (f"{e} has no alt" for e in page.all("img") if "alt" not in e.attrs)


def _keeps_code_in_files(page: Reading) -> Complaints:
    for element in page.all("script"):
        if "src" not in element.attrs and element.attrs.get("type", "").lower() not in DATA_SCRIPTS:
            yield "has an inline script"
    for element in page.elements:
        for name, value in element.attrs.items():
            if name == "style":
                yield f"{element} has a style attribute"
            if name.startswith("on"):
                yield f"{element} has an {name} handler"
            if value.strip().lower().startswith("javascript:"):
                yield f"{element} has a javascript: address"


def _addresses(page: Reading) -> Iterator[tuple[Element, str]]:
    for element in page.elements:
        told = element.tag in ("a", "area") or bool(
            TOLD_NOT_LOADED & set(element.attrs.get("rel", "").split())
        )
        for name, value in element.attrs.items():
            if name in LOADS or (name == "href" and not told):
                yield from ((element, part.split()[0]) for part in value.split(",") if part.strip())
        if element.tag == "style":
            yield from ((element, address) for address in CSS_ADDRESS.findall("".join(element.text)))


def _stays_at_home(page: Reading, home: str) -> Complaints:
    for element, address in _addresses(page):
        if urlsplit(address).netloc not in ("", home):
            yield f"{element} refers to another host: {address}"


def _guards_forms(page: Reading) -> Complaints:
    by_id = {form.attrs["id"]: form for form in page.all("form") if form.attrs.get("id")}
    guarded = [
        by_id.get(field.attrs.get("form", ""), field.inside("form"))
        for field in page.all("input")
        if field.attrs.get("name") in {"csrf_token", "key"} and field.attrs.get("value")
    ]
    for form in page.all("form"):
        if form.attrs.get("method", "get").lower() == "post" and form not in guarded:
            yield f"{form} is posted without csrf_token or key"


def _policy(header: str) -> dict[str, list[str]]:
    parts = [directive.split() for directive in header.split(";") if directive.strip()]
    return {name.lower(): sources for name, *sources in parts}


def _warns_the_browser(response: TestResponse) -> Complaints:
    headers = response.headers
    policy = _policy(headers.get("Content-Security-Policy", ""))
    scripts = policy.get("script-src", policy.get("default-src"))
    if scripts is None:
        yield "needs a Content-Security-Policy that says where scripts come from"
    elif {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(scripts):
        yield f"its Content-Security-Policy lets any script in: {scripts}"
    if headers.get("X-Content-Type-Options", "").lower() != "nosniff":
        yield "needs X-Content-Type-Options: nosniff"
    if not headers.get("Referrer-Policy"):
        yield "needs a Referrer-Policy"
    if response.mimetype_params.get("charset", "").lower() != "utf-8":
        yield "needs charset=utf-8 in its Content-Type"


ON_THE_PAGE: tuple[Callable[[Reading], Complaints], ...] = (
    _introduces_itself,
    _names_each_thing_once,
    _labels_fields,
    _names_what_is_pressed,
    _describes_pictures,
    _keeps_code_in_files,
    _guards_forms,
)


def complaints(response: TestResponse) -> list[str]:
    """Everything an HTML answer does wrong, in words; an empty list is a well mannered page."""
    page = Reading(response.get_data(as_text=True))
    found = [complaint for look in ON_THE_PAGE for complaint in look(page)]
    found.extend(_stays_at_home(page, response.request.host))
    found.extend(_warns_the_browser(response))
    return found


def well_mannered(response: TestResponse) -> None:
    """Raises AssertionError with every complaint about this HTML answer."""
    found = complaints(response)
    assert not found, "\n  ".join([f"{response.request.path} ({response.status_code}):", *found])


class AloneClient(FlaskClient):
    """A test client whose every request has an application context of its own, as it has in life.

    Inside a test's own context a request would share its `g` and its database session with the test: a user once
    recognised would stay recognised, and what was not committed would be seen.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As in Flask."""
        return Context().run(super().open, *args, **kwargs)


class AloneRunner(FlaskCliRunner):
    """A test runner whose every command has a context of its own, as a process has: click may leave one open."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        """As in Flask."""
        return Context().run(super().invoke, *args, **kwargs)


class MannerlyClient(AloneClient):
    """A test client that looks at the manners of every page it is shown; redirects and files pass."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As in Flask, and then the look."""
        response = super().open(*args, **kwargs)
        shown = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if shown and response.request.method != "HEAD":
            well_mannered(response)
        return response
