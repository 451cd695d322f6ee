"""The caller of a request, as the token says, and the roles that a token can give."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from shared.text import compared, digest_of


class Role(StrEnum):
    """A role in a token."""

    RESIDENT = "resident"
    FRONTEND = "frontend"
    OFFICER = "officer"
    CONTRACTOR = "contractor"
    OPS = "ops"
    SERVICE = "service"
    PROVIDER = "provider"


ANYONE = frozenset[str]()
"""Any good token will do."""

RESIDENT = frozenset[str]({Role.RESIDENT})
FRONTEND = frozenset[str]({Role.FRONTEND})
OFFICER = frozenset[str]({Role.OFFICER})
CONTRACTOR = frozenset[str]({Role.CONTRACTOR})
OPS = frozenset[str]({Role.OPS})
SERVICE = frozenset[str]({Role.SERVICE})
PROVIDER = frozenset[str]({Role.PROVIDER})


def identity_of(subject: str, issuer: str) -> str:
    """The identity of a subject at a sign-in, of which our own gateway is the empty one."""
    return f"{issuer}\n{subject}" if issuer else subject


def pseudonyms_of(subject: str, key: str) -> Collection[str]:
    """The names by which a case is kept from a subject; those from before there was a key are plain."""
    return {pseudonym_of(subject, key), digest_of(subject)}


def pseudonym_of(subject: str, key: str) -> str:
    """A name of a subject by which services tell each other of them, and which names nobody.

    By a plain digest whoever reads a table finds the officer: there are few to try. Without a key it is that.
    """
    digest = digest_of(subject)
    return hmac.digest(key.encode(), digest.encode(), "sha256").hex() if key else digest


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a client: `subject` is its id, `firm` the company of a contractor.

    `issuer` is the sign-in that vouches for the subject, empty for our own gateway. `pseudonym` is the
    subject's, by `pseudonym_of`.
    """

    subject: str
    roles: frozenset[str]
    scopes: frozenset[str]
    departments: frozenset[str]
    firm: str | None
    issuer: str = ""
    pseudonym: str = field(default="", compare=False)

    @property
    def pseudonyms(self) -> Collection[str]:
        """The names by which a case is kept from them, as `pseudonyms_of` has them."""
        return {self.pseudonym, digest_of(self.subject)} - {""}

    @property
    def identity(self) -> str:
        """The subject with its issuer, which only together name one person: by it a case is theirs."""
        return identity_of(self.subject, self.issuer)

    @property
    def firm_key(self) -> str | None:
        """The firm in the form in which firms are compared; None for whoever has none."""
        return compared(self.firm or "") or None

    def is_a(self, role: Role) -> bool:
        """Tell whether the token gives that role."""
        return role in self.roles


def provider(name: str) -> Caller:
    """A provider that sends our messages, and calls back about them."""
    return Caller(name, PROVIDER, frozenset(), frozenset(), firm=None)


def system(service: str) -> Caller:
    """A service in its own name: what its consumers and workers do."""
    return Caller(
        subject=f"the {service} service",
        roles=SERVICE,
        scopes=frozenset(),
        departments=frozenset(),
        firm=None,
    )
