"""Other people's sites, opened politely and with suspicion: one request a host a second, only public hosts, in limits.

The number that was looked up is the one that is called, so a name cannot lead us into our own network a moment later.
"""

import ipaddress
import socket
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import urllib3
from cachetools import TTLCache
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError

from surveys.placement import SiteState

REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNICAST = ipaddress.ip_network("2000::/3")
PORTS = frozenset({80, 443, 8080, 8443})
CHUNK = 64 * 1024
ROBOTS = "/robots.txt"
ROBOTS_SECONDS = 3600
ADDRESS_LENGTH = 2000


class NotOpened(Exception):
    """A page was not had; `state` says why."""

    def __init__(self, state: SiteState) -> None:
        super().__init__(state.value)
        self.state = state


@dataclass
class Time:
    """When a look must end; waiting for one's turn is not counted, else the last in a queue would see nothing."""

    until: float

    @property
    def over(self) -> bool:
        """Is it past the end?"""
        return time.monotonic() > self.until

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """What is done in here does not take from the time."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.until += time.monotonic() - began


@dataclass(frozen=True, slots=True)
class Manners:
    """How sites are opened: as whom, how often, how long, how much; `private` hosts, any port are for tests alone."""

    agent: str
    private: bool = False
    pause: float = 1.0
    connect: float = 5.0
    silence: float = 10.0
    whole: float = 25.0
    page_bytes: int = 3 * 1024 * 1024
    picture_bytes: int = 2 * 1024 * 1024
    pictures: int = 12
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gave: where it came from in the end, its type, its bytes."""

    address: str
    kind: str
    content: bytes


@dataclass
class Opener:
    """Opens addresses for a whole patrol, several threads at once; remembers when it was where."""

    manners: Manners
    _last: dict[str, float] = field(default_factory=dict)
    _turns: defaultdict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))
    _robots: TTLCache[str, RobotFileParser] = field(default_factory=lambda: TTLCache(2000, ROBOTS_SECONDS))
    _door: Lock = field(default_factory=Lock)

    def opened(self, address: str, left: Time, most: int, *, rules: bool = False) -> Answer:
        """Whatever is at this address, after a few redirects, if every site on the way lets robots read it.

        `rules`: it is a robots.txt, which everybody may read. Raises NotOpened.
        """
        for _step in range(self.manners.redirects + 1):
            if not rules:
                self._let_in(address, left)
            parts = _parts(address)
            with self._turn(str(parts.hostname), left):
                answer, onward = self._asked(parts, left, most)
            if answer is not None:
                return answer
            address = urljoin(address, onward)[:ADDRESS_LENGTH]
        raise NotOpened(SiteState.UNREACHABLE)

    def _let_in(self, address: str, left: Time) -> None:
        """Does the site's robots.txt let us read this page? Where there is none, everybody may."""
        parts = _parts(address)
        site = f"{parts.scheme}://{parts.netloc}"
        with self._door:
            rules = self._robots.get(site)
        if rules is None:
            rules, sites = RobotFileParser(), {site}
            try:
                told = self.opened(f"{site}{ROBOTS}", left, CHUNK * 4, rules=True)
                if told.address.endswith(ROBOTS):  # from http to https: the other's own as well
                    sites.add(told.address.removesuffix(ROBOTS))
                rules.parse(told.content.decode("utf-8", "replace").splitlines())
            except NotOpened as refused:
                if refused.state is not SiteState.MISSING:
                    raise
                rules.parse([])
            with self._door:
                self._robots.update(dict.fromkeys(sites, rules))
        if not rules.can_fetch(self.manners.agent, address):
            raise NotOpened(SiteState.ROBOTS)

    def _turn(self, host: str, left: Time) -> "_Turn":
        with self._door:
            lock = self._turns[host]
        return _Turn(self, host, lock, left)

    def _asked(self, parts: SplitResult, left: Time, most: int) -> tuple[Answer | None, str]:
        """One request: an answer, or where it leads on."""
        host, secure = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        try:
            with _pool(self._looked_up(host, port), port, host if secure else "") as pool:
                return self._read(pool, parts, left, most)
        except SSLError as error:
            raise NotOpened(SiteState.CERTIFICATE) from error
        except MaxRetryError as error:
            state = SiteState.CERTIFICATE if isinstance(error.reason, SSLError) else SiteState.UNREACHABLE
            raise NotOpened(state) from error
        except (HTTPError, OSError, zlib.error, ValueError) as error:
            raise NotOpened(SiteState.UNREACHABLE) from error

    def _read(
        self, pool: urllib3.HTTPConnectionPool, parts: SplitResult, left: Time, most: int
    ) -> tuple[Answer | None, str]:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Host": parts.netloc.rpartition("@")[2],
            "User-Agent": self.manners.agent,
            "Accept-Encoding": "gzip",
            "Accept": "text/html,image/*,*/*;q=0.5",
        }
        timeout = urllib3.Timeout(connect=self.manners.connect, read=self.manners.silence)
        response = pool.urlopen(
            "GET", path, headers=headers, timeout=timeout, retries=False, redirect=False,
            preload_content=False, decode_content=False,
        )  # fmt: skip
        try:
            if response.status in REDIRECTS and (onward := response.headers.get("Location", "")):
                return None, onward
            if response.status != 200:
                gone = 400 <= response.status < 500
                raise NotOpened(SiteState.MISSING if gone else SiteState.UNREACHABLE)
            content = b"".join(self._parts_of(response, left, most))
        finally:
            response.close()
        return Answer(parts.geturl(), response.headers.get("Content-Type", ""), content), ""

    def _parts_of(self, response: urllib3.BaseHTTPResponse, left: Time, most: int) -> Iterator[bytes]:
        """The body piece by piece, unpacked, no more than `most` and while there is time."""
        packed = response.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip")
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None
        while most > 0 and (piece := response.read1(CHUNK)):
            if left.over:
                raise NotOpened(SiteState.UNREACHABLE)
            piece = unpack.decompress(piece, most) if unpack else piece[:most]
            most -= len(piece)
            yield piece

    def _looked_up(self, host: str, port: int) -> str:
        """The number of a host; a host with any number that is not for everybody is refused, so is an odd port."""
        if not self.manners.private and port not in PORTS:
            raise NotOpened(SiteState.REFUSED)
        numbers = [str(told[4][0]) for told in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not self.manners.private and not all(map(public, numbers)):
            raise NotOpened(SiteState.REFUSED)
        return min(numbers, key=lambda number: ":" in number)  # not every machine has a way out by IPv6


@dataclass
class _Turn:
    """One request at a host, not sooner than a pause after the last."""

    opener: Opener
    host: str
    lock: Lock
    left: Time

    def __enter__(self) -> None:
        with self.left.waiting():
            self.lock.acquire()
            wait = self.opener._last.get(self.host, 0.0) + self.opener.manners.pause - time.monotonic()
            if wait > 0:
                time.sleep(wait)

    def __exit__(self, *_error: object) -> None:
        self.opener._last[self.host] = time.monotonic()
        self.lock.release()


def public(number: str) -> bool:
    """Is this an address on the open network, and no door to a closed one?"""
    found = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return public(str(found.ipv4_mapped))
        if found not in UNICAST or found.sixtofour or found.teredo:  # NAT64 is outside, fec0:: too
            return False
    return found.is_global and not found.is_multicast


def home(website: str) -> str:
    """A site's address as the register has it, as an address to be opened. Raises NotOpened."""
    told = website.strip()
    if not told:
        raise NotOpened(SiteState.NO_ADDRESS)
    address = told if "://" in told else f"http://{told}"
    _parts(address)
    return address


def _parts(address: str) -> SplitResult:
    """An address taken apart; only http and https, only plain characters. Raises NotOpened."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise NotOpened(SiteState.REFUSED) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise NotOpened(SiteState.REFUSED)
    path = urllib3.util.parse_url(parts._replace(netloc="x").geturl())
    where = host if ":" not in host else f"[{host}]"
    return SplitResult(
        parts.scheme, where if port is None else f"{where}:{port}", path.path or "/", path.query or "", ""
    )


def _pool(number: str, port: int, secure_host: str) -> urllib3.HTTPConnectionPool:
    if not secure_host:
        return urllib3.HTTPConnectionPool(number, port, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        number, port, maxsize=1, server_hostname=secure_host, assert_hostname=secure_host
    )
