"""Names of hosts: in plain letters for programs and codes, in the letters of the country for people."""

from urllib.parse import urlsplit

MARK = "xn--"


def plain(host: str) -> str:
    """A host as programs write it: нок.рф is xn--j1afd.xn--p1ai. Raises ValueError when it cannot be a name."""
    return host.encode("idna").decode("ascii").lower()


def plain_address(address: str) -> str:
    """The same address with its host in plain letters. Raises ValueError."""
    parts = urlsplit(address)
    host = plain(parts.hostname or "")
    where = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=where if parts.port is None else f"{where}:{parts.port}").geturl()


def shown(address: str) -> str:
    """The same address as it is shown to people: a Cyrillic host in Cyrillic."""
    host = urlsplit(address).hostname or ""
    if MARK not in host:
        return address
    try:
        return address.replace(host, host.encode("ascii").decode("idna"), 1)
    except UnicodeError:
        return address
