"""The claims map: roles, departments and scopes of the people whom the council's own sign-in lets in.

Providers say who somebody is in claims of their own choosing. A TOML file (`OIDC_CLAIMS_FILE`) says which
claim has the subject, and what each value of another grants; whatever it does not name grants nothing.
Without a file the claims are read under the names that our own tokens have.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.caller import Role
from shared.directory import Directory
from shared.errors import Unauthenticated
from shared.settings import Settings
from shared.text import compared, kept

Claims = Mapping[str, Any]

LISTS_OF_WORDS = frozenset({"scope", "scp"})
"""The claims that may be one text of several values, with blanks between."""

EMAIL, EMAIL_VERIFIED = "email", "email_verified"

REASSIGNED = frozenset({"preferred_username", "upn", "unique_name", "name", "nickname", "phone_number"})
"""Claims that a person can change or inherit from another: by them somebody would find another's cases."""

OVERAGE = (
    "The sign-in left your groups out of the access token, as you are in too many of them. Ask whoever runs "
    "the sign-in to send the groups of this application alone, or its roles."
)
UNVERIFIED = "The sign-in has not verified your email address. Have it verified there, and sign in again."


class BadClaimsMap(ValueError):
    """A claims map that cannot be kept to; says the file, the row and the reason."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Everything that a token says of its bearer; departments in the form in which they are compared."""

    subject: str
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    firm: str | None = None


Read = Callable[[Claims], Granted]
"""Reads the claims of a verified token; raises Unauthenticated where they are not as they should be."""

ClaimPath = Annotated[str, Field(min_length=1)] | Annotated[list[str], Field(min_length=1)]
"""The name of a claim, as `realm_access.roles` of one inside another; a list where a name has dots."""

Scope = Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]+$")]


class Grant(BaseModel):
    """The roles, departments and scopes that come together; `firm` is that of a contractor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: frozenset[Role] = frozenset()
    departments: frozenset[str] = frozenset()
    scopes: frozenset[Scope] = frozenset()
    firm: str | None = None

    def check(self, directory: Directory) -> None:
        """Raise ValueError for a grant that nobody could use, or that no sign-in may give."""
        if not (self.roles or self.departments or self.scopes or self.firm):
            raise ValueError("it grants nothing")
        if self.roles & {Role.SERVICE, Role.PROVIDER}:
            raise ValueError("roles: service and provider are not for people")
        known = {compared(department) for department in directory.departments}
        if unknown := [name for name in sorted(self.departments) if compared(name) not in known]:
            raise ValueError(
                f"departments: no service has {', '.join(unknown)}; there are {', '.join(sorted(known))}"
            )
        if Role.CONTRACTOR in self.roles and not self.firm:
            raise ValueError("firm: a contractor has one, whose jobs they see")


class Row(Grant):
    """A grant to whoever has a value in a claim, which is the map's own where the row names none."""

    value: str = Field(min_length=1)
    claim: ClaimPath | None = None


class ClaimsMap(BaseModel):
    """The whole file: one `[[grant]]` for each value, and `[everyone]` for whoever was let in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: ClaimPath = "sub"
    claim: ClaimPath = "roles"
    grant: list[Row] = []
    everyone: Grant | None = None

    def check(self, directory: Directory) -> None:
        """Raise ValueError with the row that cannot be kept to, and the reason."""
        if self.subject in REASSIGNED:
            raise ValueError(f"subject: {self.subject} may be another person's tomorrow")
        if not self.grant and self.everyone is None:
            raise ValueError("it has no grant")
        for where, grant in self._grants():
            try:
                grant.check(directory)
            except ValueError as wrong:
                raise ValueError(f"{where}: {wrong}") from None

    def _grants(self) -> Iterator[tuple[str, Grant]]:
        for number, row in enumerate(self.grant, start=1):
            yield f"grant {number}, {row.value}", row
        if self.everyone is not None:
            yield "everyone", self.everyone

    def read(self, claims: Claims) -> Granted:
        """Everything that the rows grant to the bearer of these claims; raises Unauthenticated."""
        grants: list[Grant] = [row for row in self.grant if row.value in self._values(claims, row)]
        if self.everyone is not None:
            grants.append(self.everyone)
        firms = {grant.firm for grant in grants if grant.firm}
        if len(firms) > 1:
            raise Unauthenticated("The access token is of more than one firm, and a contractor has one.")
        return Granted(
            subject=self._subject(claims),
            roles=frozenset(role for grant in grants for role in grant.roles),
            scopes=frozenset(scope for grant in grants for scope in grant.scopes),
            departments=frozenset(compared(name) for grant in grants for name in grant.departments),
            firm=kept(firms.pop()) if firms else None,
        )

    def _values(self, claims: Claims, row: Row) -> frozenset[str]:
        path = row.claim or self.claim
        steps = path.split(".") if isinstance(path, str) else path
        _refuse_overage(claims, steps[0])
        return _texts(_at(claims, path), steps[-1])

    def _subject(self, claims: Claims) -> str:
        """The verified claim by which this person's cases are theirs; an address is put in small letters."""
        subject = _at(claims, self.subject)
        if not isinstance(subject, str) or not kept(subject):
            raise Unauthenticated("The access token lacks the claim by which people are known here.")
        if self.subject != EMAIL:
            return subject
        if claims.get(EMAIL_VERIFIED) is not True:
            raise Unauthenticated(UNVERIFIED)
        return subject.lower()


def _at(claims: Claims, path: ClaimPath) -> object:
    """The value of a claim, None where there is none; a name that has dots itself is tried whole."""
    if isinstance(path, str):
        if path in claims:
            return claims[path]
        path = path.split(".")
    found: object = claims
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _refuse_overage(claims: Claims, name: str) -> None:
    """Refuse a token that only points at where its groups are: to go on without them would be a guess.

    Microsoft Entra leaves out more than 200 groups, or six in a token that is handed over in an address.
    """
    elsewhere = claims.get("_claim_names")
    if (isinstance(elsewhere, Mapping) and name in elsewhere) or (
        name == "groups" and claims.get("hasgroups")
    ):
        raise Unauthenticated(OVERAGE)


def _texts(value: object, name: str) -> frozenset[str]:
    if value is None:
        return frozenset()
    if isinstance(value, str):
        return frozenset(value.split() if name in LISTS_OF_WORDS else [value])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Unauthenticated(f"The access token's {name} are not a list of texts.")
    return frozenset(value)


def as_named(claims: Claims) -> Granted:
    """The claims under the names that our own tokens have, `scp` beside `scope`; raises Unauthenticated."""
    firm = claims.get("firm")
    if firm is not None and not isinstance(firm, str):
        raise Unauthenticated("The access token's firm is not a text.")
    for name in ("roles", "departments"):
        if isinstance(claims.get(name), str):
            raise Unauthenticated(f"The access token's {name} are not a list of texts.")
    return Granted(
        subject=claims["sub"],
        roles=_texts(claims.get("roles"), "roles"),
        scopes=_texts(claims.get("scope"), "scope") | _texts(claims.get("scp"), "scp"),
        departments=frozenset(map(compared, _texts(claims.get("departments"), "departments"))),
        firm=kept(firm) if firm else None,
    )


@dataclass(frozen=True, slots=True)
class SignIn:
    """The council's own sign-in: the audience of its tokens, and how their claims are read."""

    audience: str
    read: Read = field(default=as_named)


def sign_in_of(settings: Settings) -> SignIn:
    """The sign-in that the settings name; raises BadClaimsMap."""
    path = settings.oidc_claims_file
    audience = settings.oidc_audience or settings.audience
    if path is None:
        return SignIn(audience)
    return SignIn(audience, read_claims_map(path, settings.directory).read)


def read_claims_map(path: Path, directory: Directory) -> ClaimsMap:
    """The map in a file; raises BadClaimsMap."""
    try:
        claims_map = ClaimsMap.model_validate(tomllib.loads(path.read_text("utf-8")))
        claims_map.check(directory)
    except OSError as wrong:
        raise BadClaimsMap(f"{path}: cannot be read ({wrong.strerror})") from None
    except ValidationError as wrong:
        raise BadClaimsMap(f"{path}: {_first_fault(wrong)}") from None
    except ValueError as wrong:
        raise BadClaimsMap(f"{path}: {wrong}") from None
    return claims_map


def _first_fault(wrong: ValidationError) -> str:
    """The place of the first thing that is wrong, rows counted from one, and the reason."""
    fault = wrong.errors()[0]
    place = [str(part + 1) if isinstance(part, int) else part for part in fault["loc"]]
    reason = "there is no such key" if fault["type"] == "extra_forbidden" else fault["msg"]
    return f"{' '.join(place)}: {reason}"
