"""An OpenID Connect provider of the tests' own, on loopback: vouches for whom it is told to, and lies when asked."""

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from browser import Quiet
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "nok-tests", "the-tests-own-secret"


@cache
def a_key() -> RSAKey:
    """Once a session: primes take their time."""
    return RSAKey.generate_key(2048, {"kid": "first"})


@dataclass
class Provider:
    """`subject`: who signs in; `lie`: claims that replace the true ones; `key`: what it signs with.

    `prompts`: which of them it says it knows, if it says; `proofs`: by which of them it takes the client's secret.
    `says`: what becomes of the truth about itself.
    """

    issuer: str = ""
    subject: str = "subject-77f1"
    lie: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=a_key)
    down: bool = False
    prompts: list[str] | None = None
    proofs: list[str] | None = None
    says: Callable[[dict[str, Any]], Any] = dict
    begun: dict[str, dict[str, str]] = field(default_factory=dict)

    def signs_in(self, address: str) -> str:
        """A person lets the provider tell who they are: where it sends them, with what."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["response_type"], asked["scope"], asked["client_id"]) == ("code", "openid", CLIENT_ID)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.begun)}"
        self.begun[code] = asked
        back = urlsplit(asked["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def app(self) -> Flask:
        """Its three addresses."""
        made = Flask("provider")
        made.add_url_rule("/.well-known/openid-configuration", view_func=self.metadata)
        made.add_url_rule("/jwks", view_func=self.jwks)
        made.add_url_rule("/token", view_func=self.token, methods=["POST"])
        return made

    def metadata(self) -> Any:
        """What it says of itself."""
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        told: dict[str, Any] = {name: f"{self.issuer}/{path}" for name, path in names.items()}
        if self.prompts is not None:
            told["prompt_values_supported"] = self.prompts
        if self.proofs is not None:
            told["token_endpoint_auth_methods_supported"] = self.proofs
        return ({}, 503) if self.down else jsonify(self.says({"issuer": self.issuer, **told}))

    def jwks(self) -> Any:
        """Its public key."""
        return {"keys": [a_key().as_dict(private=False, kid="first")]}

    def token(self) -> Any:
        """A code, which works once and with its verifier only, becomes an ID token."""
        asked = self.begun.pop(request.form["code"])
        verifier = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == asked["code_challenge"]
        assert self.proved() == (CLIENT_ID, CLIENT_SECRET)
        now = int(time.time())
        true = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        claims = {**true, "nonce": asked["nonce"], **self.lie}
        token = jwt.encode({"alg": "RS256", "kid": "first"}, claims, self.key)
        return {"access_token": "opaque", "token_type": "Bearer", "expires_in": 60, "id_token": token}

    def proved(self) -> tuple[Any, Any]:
        """The client and its secret: from the form when the header is not among the ways, and never in both."""
        in_form = request.form.get("client_id"), request.form.get("client_secret")
        if self.proofs is not None and "client_secret_basic" not in self.proofs:
            assert request.authorization is None
            return in_form
        assert in_form[1] is None and request.authorization is not None
        return request.authorization.username, request.authorization.password


@contextmanager
def answering() -> Iterator[Provider]:
    """The provider behind a real socket."""
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True, request_handler=Quiet)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
