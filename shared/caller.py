"""The caller of a request, as the token says."""

from dataclasses import dataclass

SERVICE_ROLE = "service"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the token says: `subject` is a person or a client, `firm` a contractor's company.

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
        """The subject, told from one of the same name at another issuer."""
        return f"{self.issuer}\n{self.subject}" if self.issuer else self.subject
