"""People, clients and codes of the OpenID provider, as Authlib asks for them."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import (
    AuthorizationCodeMixin,
    ClientMixin,
    OAuth2Request,
    TokenMixin,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from starlette.requests import Request


@dataclass
class Person:
    """Somebody who can sign in: the claims of their access tokens and of their ID tokens."""

    name: str
    claims: dict[str, Any] = field(default_factory=dict)
    id_claims: dict[str, Any] = field(default_factory=dict)
    seconds: int = 300


@dataclass
class Client(ClientMixin):
    """A registered application, as Authlib asks about one."""

    client_id: str
    redirect_uris: list[str]
    secret: str = ""
    jwk: dict[str, Any] = field(default_factory=dict)

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uris[0]

    def get_allowed_scope(self, scope: Any) -> str:
        return str(scope)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(self.secret) and secrets.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "private_key_jwt" if self.jwk else method.startswith("client_secret_")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return True


@dataclass
class Given(AuthorizationCodeMixin, TokenMixin):
    """A code or a refresh token that was given out, with what it is good for."""

    client_id: str
    person: Person
    scope: str
    redirect_uri: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    auth_time: int = 0

    def check_client(self, client: Any) -> bool:
        return bool(client.client_id == self.client_id)

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Form(OAuth2Request):
    """A request as Authlib reads it, its form read before."""

    def __init__(self, request: Request, form: dict[str, str]) -> None:
        super().__init__(request.method, str(request.url), headers=request.headers)
        self._args: dict[str, str | None] = {**request.query_params}
        self._form = form
        self.payload = BasicOAuth2Payload({**request.query_params, **form})

    @property
    def args(self) -> dict[str, str | None]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form
