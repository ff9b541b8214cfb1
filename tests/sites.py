"""Somebody else's site on a loopback port of its own: pages by path, and who asked for what and when."""

import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

HTML = "text/html; charset=utf-8"


class Given(NamedTuple):
    """What a path answers."""

    status: int
    headers: dict[str, str]
    content: bytes


class Site:
    """A site; `policy` is the Content-Security-Policy of everything it gives."""

    def __init__(self) -> None:
        self.pages: dict[str, Given] = {}
        self.asked: list[tuple[float, str, str]] = []
        self.policy = ""
        self.put("/favicon.ico", b"<svg/>", "image/svg+xml")
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((time.monotonic(), self.path, self.headers.get("User-Agent", "")))
                found = site.pages.get(self.path, Given(404, {}, b""))
                self.send_response(found.status)
                for name, value in {"Content-Security-Policy": site.policy, **found.headers}.items():
                    if value:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(found.content)))
                self.end_headers()
                self.wfile.write(found.content)

            def log_message(self, *_told: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.home = f"http://127.0.0.1:{self.server.server_port}"

    def put(
        self, path: str, content: str | bytes, kind: str = HTML, status: int = 200, **headers: str
    ) -> None:
        """This path answers so; `Content_Encoding="gzip"` is a header."""
        told = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.pages[path] = Given(status, told, content if isinstance(content, bytes) else content.encode())

    def says(self, inside: str) -> None:
        """The main page holds this."""
        self.put(
            "/",
            f'<!doctype html><html lang="ru"><title>Сайт</title><main><h1>Сайт</h1>{inside}</main></html>',
        )


def standing() -> Iterator[Site]:
    """A site for as long as somebody asks."""
    made = Site()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on a port of its own."""
    yield from standing()


@pytest.fixture
def sealed(site: Site, tmp_path: Path) -> Path:
    """The site answers by https, under a certificate that it gave itself for «localhost»; the certificate's file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day - timedelta(days=1))
        .not_valid_after(day + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "site.pem", tmp_path / "site.key"
    pem.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    return pem
