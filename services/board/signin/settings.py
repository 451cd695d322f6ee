"""Settings of the sign-in, from the environment; docs/running.md has them in words."""

from pathlib import Path
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pydantic import field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.settings import SECURE_ADDRESS

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def private_key_in(path: Path) -> PrivateKey:
    """The private key in a PEM file; raises ValueError."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as away:
        raise ValueError(f"the file cannot be read ({away.strerror})") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("the file is no PEM file of a private key without a password") from None
    if not isinstance(key, PrivateKey):
        raise ValueError("the key is neither an RSA nor an EC key")
    return key


class SignInSettings(BaseSettings):
    """The board as a client of the council's OpenID provider, which `OIDC_ISSUER` names."""

    model_config = SettingsConfigDict(
        env_prefix="BOARD_", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    # the address by which people reach the board, without /board: the provider sends them back there
    url: str = ""
    client_id: str = ""
    # by one of the two the provider knows the board: a secret, or a PEM file of a private key
    client_secret: str = ""
    client_key: Path | None = None
    # our client at the gateway, where the provider's access tokens are good at itself alone: an ID token is
    # then exchanged for one of ours
    exchange_client: str = ""
    exchange_secret: str = ""
    # besides openid; offline_access has a token renewed, and one of the provider's own names our interface
    scopes: str = "profile email"

    @property
    def is_secure(self) -> bool:
        """Tell if browsers come by https, so that cookies are theirs alone."""
        return self.url.startswith("https://")

    @property
    def private_key(self) -> PrivateKey | None:
        """The key by which the provider knows the board, if it does by one; raises ValueError."""
        return private_key_in(self.client_key) if self.client_key else None

    @field_validator("client_key")
    @classmethod
    def is_a_private_key(cls, path: Path | None) -> Path | None:
        """Find a file that has no key to sign with."""
        if path is not None:
            private_key_in(path)
        return path

    @model_validator(mode="after")
    def is_whole(self) -> Self:
        """Find a client that no provider could send people back to, or know."""
        if self.url and (not SECURE_ADDRESS.match(self.url) or self.url.endswith("/")):
            raise ValueError("BOARD_URL is an https address without a path, such as https://housing.example")
        if self.client_id and not self.url:
            raise ValueError("BOARD_URL is missing: the provider has to know where to send people back to")
        if self.client_id and not (self.client_secret or self.client_key):
            raise ValueError("BOARD_CLIENT_SECRET or BOARD_CLIENT_KEY is missing")
        if self.exchange_client and not self.exchange_secret:
            raise ValueError("BOARD_EXCHANGE_SECRET is missing")
        return self
