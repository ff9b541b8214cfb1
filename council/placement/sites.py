"""Other people's sites, opened politely and with suspicion: one request a host a second, only public hosts, in limits.

The number that was looked up is the one that is called, so a name cannot lead us into our own network a moment later.
"""

import ipaddress
import socket
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import urllib3
from cachetools import TTLCache
from urllib3.exceptions import HTTPError, MaxRetryError, SSLError

from surveys.placement import SiteState

REDIRECTS = frozenset({301, 302, 303, 307, 308})
NAT64 = ipaddress.ip_network("64:ff9b::/96")
CHUNK = 64 * 1024
ROBOTS_SECONDS = 3600
ADDRESS_LENGTH = 2000


class NotOpened(Exception):
    """A page was not had; `state` says why."""

    def __init__(self, state: SiteState) -> None:
        super().__init__(state.value)
        self.state = state


@dataclass(frozen=True, slots=True)
class Manners:
    """How sites are opened: as whom, how often, how long, how much; `private` hosts are for tests alone."""

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

    def page(self, address: str, until: float) -> Answer:
        """The page at this address, if the site lets robots read it. Raises NotOpened."""
        self._let_in(address, until)
        return self.opened(address, until, self.manners.page_bytes)

    def opened(self, address: str, until: float, most: int) -> Answer:
        """Whatever is at this address, after a few redirects. Raises NotOpened."""
        for _step in range(self.manners.redirects + 1):
            parts = _parts(address)
            with self._turn(str(parts.hostname)):
                answer, onward = self._asked(parts, until, most)
            if answer is not None:
                return answer
            address = urljoin(address, onward)[:ADDRESS_LENGTH]
        raise NotOpened(SiteState.UNREACHABLE)

    def _let_in(self, address: str, until: float) -> None:
        """Does the site's robots.txt let us read this page? Where there is none, everybody may."""
        parts = _parts(address)
        site = f"{parts.scheme}://{parts.netloc}"
        with self._door:
            rules = self._robots.get(site)
        if rules is None:
            rules = RobotFileParser()
            try:
                told = self.opened(f"{site}/robots.txt", until, CHUNK * 4)
                rules.parse(told.content.decode("utf-8", "replace").splitlines())
            except NotOpened as refused:
                if refused.state is not SiteState.MISSING:
                    raise
                rules.parse([])
            with self._door:
                self._robots[site] = rules
        if not rules.can_fetch(self.manners.agent, address):
            raise NotOpened(SiteState.ROBOTS)

    def _turn(self, host: str) -> "_Turn":
        with self._door:
            lock = self._turns[host]
        return _Turn(self, host, lock)

    def _asked(self, parts: SplitResult, until: float, most: int) -> tuple[Answer | None, str]:
        """One request: an answer, or where it leads on."""
        host, secure = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        try:
            with _pool(self._looked_up(host, port), port, host if secure else "") as pool:
                return self._read(pool, parts, until, most)
        except SSLError as error:
            raise NotOpened(SiteState.CERTIFICATE) from error
        except MaxRetryError as error:
            state = SiteState.CERTIFICATE if isinstance(error.reason, SSLError) else SiteState.UNREACHABLE
            raise NotOpened(state) from error
        except (HTTPError, OSError, zlib.error, ValueError) as error:
            raise NotOpened(SiteState.UNREACHABLE) from error

    def _read(
        self, pool: urllib3.HTTPConnectionPool, parts: SplitResult, until: float, most: int
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
            content = b"".join(self._parts_of(response, until, most))
        finally:
            response.close()
        return Answer(parts.geturl(), response.headers.get("Content-Type", ""), content), ""

    def _parts_of(self, response: urllib3.BaseHTTPResponse, until: float, most: int) -> Iterator[bytes]:
        """The body piece by piece, unpacked, no more than `most` and no later than `until`."""
        packed = response.headers.get("Content-Encoding", "").strip().lower() in ("gzip", "x-gzip")
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None
        while most > 0 and (piece := response.read1(CHUNK)):
            if time.monotonic() > until:
                raise NotOpened(SiteState.UNREACHABLE)
            piece = unpack.decompress(piece, most) if unpack else piece[:most]
            most -= len(piece)
            yield piece

    def _looked_up(self, host: str, port: int) -> str:
        """The number of a host; a host with any number that is not for everybody is refused."""
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

    def __enter__(self) -> None:
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
        if found.sixtofour or found.teredo or found in NAT64:
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
