"""The caller of a request, as the token says, and the roles that a token can give."""

from dataclasses import dataclass
from enum import StrEnum

from shared.text import compared


class Role(StrEnum):
    """A role in a token."""

    RESIDENT = "resident"
    FRONTEND = "frontend"
    OFFICER = "officer"
    CONTRACTOR = "contractor"
    OPS = "ops"
    SERVICE = "service"


ANYONE = frozenset[str]()
"""Any good token will do."""

RESIDENT = frozenset[str]({Role.RESIDENT})
FRONTEND = frozenset[str]({Role.FRONTEND})
OFFICER = frozenset[str]({Role.OFFICER})
CONTRACTOR = frozenset[str]({Role.CONTRACTOR})
OPS = frozenset[str]({Role.OPS})
SERVICE = frozenset[str]({Role.SERVICE})


def identity_of(subject: str, issuer: str) -> str:
    """The identity of a subject at a sign-in, of which our own gateway is the empty one."""
    return f"{issuer}\n{subject}" if issuer else subject


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a client: `subject` is its id, `firm` the company of a contractor.

    `issuer` is the sign-in that vouches for the subject, empty for our own gateway.
    """

    subject: str
    roles: frozenset[str]
    scopes: frozenset[str]
    departments: frozenset[str]
    firm: str | None
    issuer: str = ""

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


def system(service: str) -> Caller:
    """A service in its own name: what its consumers and workers do."""
    return Caller(
        subject=f"the {service} service",
        roles=SERVICE,
        scopes=frozenset(),
        departments=frozenset(),
        firm=None,
    )
