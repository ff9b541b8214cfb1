"""A main page, looked through for the code: links first, then pictures, those that look like a code before others."""

import codecs
import re
import time
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html.parser import HTMLParser
from io import BytesIO
from threading import BoundedSemaphore
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from PIL import Image

from council.placement import meaning
from council.placement.meaning import Meaning
from council.placement.sites import NotOpened, Opener, Time, home
from surveys import hosts, qr
from surveys.pictures import JPEG, UNREADABLE, over_and_over
from surveys.placement import SiteState

LINK, PICTURE = "link", "picture"
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
MOST_PIXELS = 8_000_000
MOST_ADDRESSES = 3000
LIKELY = re.compile(
    r"qr|bus\.?gov|nok|opros|anket|оцен|опрос|код|нок|анкет|banner|баннер|widget", re.IGNORECASE
)
_READING = BoundedSemaphore(2)  # pictures unpacked at a time: each may be tens of megabytes
_NO_CHARSETS = frozenset({"idna", "punycode"})  # names of hosts; a long text would take them hours
_CHARSET = re.compile(rb"""<meta[^>]+charset=["']?([\w-]+)""", re.IGNORECASE)
_ADDRESS = re.compile(r"""https?://[^\s"'<>]+""")


class Sought(NamedTuple):
    """Whose code is looked for, and where."""

    organization_id: int
    code: str
    agency_id: str
    website: str


class Look(NamedTuple):
    """What came of it."""

    state: SiteState
    how: str = ""
    leads_to: str = ""
    address: str = ""


class _CutShort(Exception):
    """Not every picture of a page was looked at."""


class MainPage(HTMLParser):
    """Where a page leads, and its pictures with whatever is said of them."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.base = address
        self.links: list[str] = []
        self.pictures: dict[str, str] = {}
        self._link = ""
        with suppress(AssertionError):  # what the parser says of marks that it does not know
            self.feed(html)
            self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link, a picture; a base for the rest."""
        told = {name: value for name, value in attrs if value}
        if tag == "base" and "href" in told:
            self.base = self._whole(told["href"])
        if tag == "a":
            self._link = told.get("href", "")
        if tag in ("a", "area") and "href" in told and len(self.links) < MOST_ADDRESSES:
            self.links.append(self._whole(told["href"]))
        if tag in ("img", "source", "input", "image", "object", "embed"):
            words = " ".join([*told.values(), self._link])
            for name in ("src", "data-src", "data-lazy-src", "data-original", "href", "xlink:href", "data"):
                if name in told:
                    self._picture(told[name], words)
            for name in ("srcset", "data-srcset"):
                if name in told:
                    self._picture(told[name].strip().split(",")[0].split(" ")[0], words)

    def handle_endtag(self, tag: str) -> None:
        """The end of a link."""
        if tag == "a":
            self._link = ""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """«<![if !IE]>» and «<![foo[» are a remark up to the next «>», as they are to browsers."""
        end = self.rawdata.find(">", i)
        return end + 1 if end >= 0 else -1

    def likely_first(self) -> list[str]:
        """The pictures, those that speak of a code or an assessment before others."""
        return sorted(self.pictures, key=lambda one: not LIKELY.search(self.pictures[one]))

    def _picture(self, address: str, words: str) -> None:
        if len(self.pictures) < MOST_ADDRESSES:
            self.pictures.setdefault(self._whole(address), words[:500])

    def _whole(self, address: str) -> str:
        try:
            return urljoin(self.base, address.strip())
        except ValueError:
            return ""


def look(opener: Opener, sought: Sought, base_url: str) -> Look:
    """Open an organisation's main page and look for its code."""
    left = Time(time.monotonic() + opener.manners.whole)
    try:
        answer = opener.opened(home(sought.website), left, opener.manners.page_bytes)
    except NotOpened as refused:
        gone = refused.state is SiteState.MISSING  # there is no such page at the address of the register
        return Look(SiteState.UNREACHABLE if gone else refused.state)
    page = MainPage(_text(answer.content, answer.kind), answer.address)
    others: list[Meaning] = []
    for how, text in [*((LINK, one) for one in page.links), *((PICTURE, one) for one in page.pictures)]:
        told = meaning.meant(text, base_url)
        if told and meaning.is_of(told, sought.code, sought.agency_id):
            return Look(SiteState.FOUND, how, told.leads_to, answer.address)
        others += [told] if told else []
    whole = len(answer.content) < opener.manners.page_bytes
    try:
        for text in _codes(opener, page, answer.address, left):
            told = meaning.meant(text, base_url)
            if told and meaning.is_of(told, sought.code, sought.agency_id):
                return Look(SiteState.FOUND, PICTURE, told.leads_to, answer.address)
            others += [told] if told else []
    except _CutShort:
        whole = False
    return Look(_without(others, whole), address=answer.address)


def _without(others: Sequence[Meaning], whole: bool) -> SiteState:
    """What to say of a page on which only other codes were found; was it looked through as a whole?"""
    if not others:
        return SiteState.MISSING if whole else SiteState.CUT_SHORT
    return SiteState.STALE if all(one.elsewhere for one in others) else SiteState.ANOTHER


def _codes(opener: Opener, page: MainPage, address: str, left: Time) -> Iterator[str]:
    """What the pictures of a page hold, one after another; only those of the site itself are asked for.

    Raises _CutShort after the last, when some were left out: too many of them, too little time, not given, or another
    site's that speak of a code (its other pictures are counters and the like).
    """
    seen, cut, manners = {True: 0, False: 0}, False, opener.manners
    for picture in page.likely_first():
        inside = picture.startswith("data:")  # in the page itself: no request, but counted all the same
        if not inside and not _same_site(picture, address):
            cut = cut or bool(LIKELY.search(page.pictures[picture]))
            continue
        if left.over or seen[inside] == manners.pictures:
            cut = True
            continue
        seen[inside] += 1
        try:
            if inside:
                content = _given(picture)[: manners.picture_bytes]
            else:
                content = opener.opened(picture, left, manners.picture_bytes).content
        except NotOpened as refused:
            cut = cut or refused.state is not SiteState.MISSING
        except ValueError:
            continue
        else:
            with left.waiting():
                _READING.acquire()
            try:
                found = _decoded(content)
            finally:
                _READING.release()
            yield from found
    if cut:
        raise _CutShort


def _decoded(content: bytes) -> list[str]:
    """The codes of a picture; of a drawing, the addresses written in it (ours says where its code leads)."""
    if b"<svg" in content[:1000]:
        return _ADDRESS.findall(content.decode("utf-8", "replace"))
    if content.startswith(JPEG) and over_and_over(content):
        return []
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:  # a photograph is read smaller
                picture.draft("L", (picture.width // 2, picture.height // 2))
            if picture.width * picture.height > MOST_PIXELS:
                return []
            if not picture.has_transparency_data:
                return qr.decode(picture)
            layered = picture.convert("LA")
            paper = Image.new("L", layered.size, "white")
            paper.paste(layered.getchannel("L"), mask=layered.getchannel("A"))
            return qr.decode(paper)
    except UNREADABLE:
        return []


def _given(address: str) -> bytes:
    """What a data: address holds."""
    head, _comma, body = address.partition(",")
    return b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)


def _same_site(one: str, other: str) -> bool:
    """Are both on one host, or on a host below it?"""
    try:
        here, there = (hosts.plain(urlsplit(a).hostname or "").removeprefix("www.") for a in (other, one))
    except ValueError:
        return False
    return bool(here) and (there == here or there.endswith(f".{here}"))


def _text(content: bytes, kind: str) -> str:
    """A page as text, in the character set that it or its header names."""
    told = re.search(r"charset=[\"']?([\w-]+)", kind)
    named = told[1].encode() if told else None
    inside = _CHARSET.search(content[:4096])
    name = named or (inside[1] if inside else b"utf-8")
    try:
        known = codecs.lookup(name.decode("ascii")).name
        return content.decode("utf-8" if known in _NO_CHARSETS else known, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")
