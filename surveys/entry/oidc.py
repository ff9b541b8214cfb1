"""Signing in by any OpenID Connect provider: of all that it knows of a person, the subject is heard and hashed at once.

Authlib speaks the protocol: code flow with PKCE, state and nonce; the ID token is checked with the provider's own keys.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from cachetools import TTLCache, cached
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from surveys.refusals import Refusal

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
PATIENCE_SECONDS = 10
LEEWAY_SECONDS = 120
HOUR = 3600
CHOOSE = "select_account"
BASIC, POST = "client_secret_basic", "client_secret_post"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class SignInFailed(Refusal):
    """The provider did not answer, or what it answered cannot be believed."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where the person is sent, and what will prove that the answer belongs to it."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider, as the service was told of it."""

    issuer: str
    client_id: str
    client_secret: str

    def begin(self, back: str, *, another: bool = False) -> Begun:
        """Where to send the person, who is to come back to this address. Raises SignInFailed.

        `another`: somebody else than the provider remembers on this device, so it has to ask who.
        """
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        told = self._told()
        with self._session(back, told) as session:
            asked = {"prompt": _asking(told)} if another else {}
            url, state = session.create_authorization_url(
                told["authorization_endpoint"], nonce=nonce, code_verifier=verifier, **asked
            )
        return Begun(url, state, nonce, verifier)

    def finish(self, back: str, begun: Begun, answer: Mapping[str, str]) -> str:
        """The subject of whoever came back. Raises SignInFailed."""
        ours = hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode())
        if not ours or not answer.get("code") or answer.get("iss", self.issuer) != self.issuer:
            raise SignInFailed("Ответ не от того входа или вход отменён.")
        told = self._told()
        try:
            with self._session(back, told) as session:
                token = session.fetch_token(
                    told["token_endpoint"],
                    code=answer["code"],
                    code_verifier=begun.verifier,
                    timeout=PATIENCE_SECONDS,
                )
                keys = session.get(told["jwks_uri"], withhold_token=True, timeout=PATIENCE_SECONDS).json()
            return self._subject(token, KeySet.import_key_set(keys), begun.nonce)
        except (RequestException, AuthlibBaseError, JoseError, KeyError, TypeError, ValueError) as error:
            raise SignInFailed("Ответу нельзя верить.") from error

    def _subject(self, token: Mapping[str, Any], keys: KeySet, nonce: str) -> str:
        decoded = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
            },
            {"nonce": nonce, "client_id": self.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise ValueError("no subject")
        return subject

    def _session(self, back: str, told: Mapping[str, Any]) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method=_proving(told) if self.client_secret else "none",
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
        )

    def _told(self) -> Mapping[str, Any]:
        return _metadata(self.issuer)


def _asking(told: Mapping[str, Any]) -> str:
    """The prompt that lets a person choose; of a provider that says it knows no choice, the one that signs in anew."""
    return CHOOSE if CHOOSE in _known(told, "prompt_values_supported", CHOOSE) else "login"


def _proving(told: Mapping[str, Any]) -> str:
    """How the service shows its secret: in the header, as all must understand who say nothing, or else in the form."""
    known = _known(told, "token_endpoint_auth_methods_supported", BASIC)
    for way in (BASIC, POST):
        if way in known:
            return way
    raise SignInFailed("Служба входа не принимает секрет ни одним из известных способов.")


def _known(told: Mapping[str, Any], name: str, unsaid: str) -> list[Any]:
    """What the provider lists under this name, or what is meant when it lists nothing."""
    known = told.get(name)
    return known if isinstance(known, list) else [unsaid]


@cached(TTLCache(8, HOUR))
def _metadata(issuer: str) -> Mapping[str, Any]:
    """What the provider says of itself, asked once an hour. Raises SignInFailed."""
    try:
        with OAuth2Session() as session:
            answer = session.get(
                issuer.rstrip("/") + WELL_KNOWN, withhold_token=True, timeout=PATIENCE_SECONDS
            )
            answer.raise_for_status()
            told = answer.json()
    except (RequestException, ValueError) as error:
        raise SignInFailed("Служба входа не отвечает.") from error
    if not isinstance(told, dict) or told.get("issuer") != issuer:
        raise SignInFailed("Служба входа называет себя иначе.")
    if not all(_is_address(told.get(name)) for name in ADDRESSES):
        raise SignInFailed("Служба входа не называет своих адресов.")
    return told


def _is_address(given: object) -> bool:
    try:
        return isinstance(given, str) and urlsplit(given).scheme in ("http", "https")
    except ValueError:
        return False
