"""People who have signed in: their session, and how long it lasts untouched. No I/O, no clock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from shared.caller import Role

OFFICE_SECONDS = 60 * 60
"""An officer at a desk, and everybody else but those of the field."""

FIELD_SECONDS = 12 * 60 * 60
"""A contractor's day and a caretaker's round: a phone lies in a pocket between two visits."""

BEHAVIOUR_SECONDS = 10 * 60
"""Pages about somebody's behaviour, which may be read by the one whom they are about."""

LONGEST_SECONDS = 24 * 60 * 60
"""No session is older, however often it is used."""

CARETAKERS = frozenset({"estates"})
"""The department whose officers, if they manage nobody, walk a round."""

RENEW_SECONDS = 60
"""A token that ends within this is renewed before a page needs it."""

SETS = ("roles", "departments", "scopes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who has signed in, and what they may, as the API says of their token.

    `person` is the subject with its issuer. Times are in seconds since 1970: `signed_in_at` when they came
    here, `proved_at` when they proved who they are, `seen_at` when they last asked for a page, `ends_at` when
    the token ends, `everything_at` when they asked to see what is on no list. `idle_seconds` shortens how
    long it may lie untouched.
    """

    token: str = field(repr=False)
    person: str
    name: str
    roles: frozenset[str]
    departments: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    firm: str = ""
    signed_in_at: int
    proved_at: int
    seen_at: int
    ends_at: int
    idle_seconds: int = 0
    everything_at: int = 0
    demo_person: str = ""
    refresh_token: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)

    def proved_within(self, seconds: int, now: float) -> bool:
        """Tell if they proved who they are so short a time ago."""
        return now - self.proved_at <= seconds

    def is_over(self, now: float) -> bool:
        """Tell if it lay untouched for too long to go on, at whatever page, or has become too old."""
        usual = FIELD_SECONDS if self.is_of_the_field else OFFICE_SECONDS
        limit = min(usual, self.idle_seconds or usual)
        return now - self.seen_at > limit or now - self.signed_in_at > LONGEST_SECONDS

    @property
    def is_caretaker(self) -> bool:
        """Tell if their work is the round."""
        walks = self.departments == CARETAKERS and "manager" not in self.scopes
        return walks and Role.OFFICER in self.roles

    @property
    def is_of_the_field(self) -> bool:
        """Tell if they work by a phone, away from a desk."""
        return Role.CONTRACTOR in self.roles or self.is_caretaker

    def needs_renewal(self, now: float) -> bool:
        """Tell if its token is over, or will be in a moment."""
        return self.ends_at - now < RENEW_SECONDS

    @property
    def keep_seconds(self) -> int | None:
        """The time that a browser keeps it beyond its own end: a phone ends browsers as it likes."""
        return FIELD_SECONDS if self.is_of_the_field else None

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON; what is empty is left out, as cookies are small."""
        values = {name: sorted(value) if name in SETS else value for name, value in asdict(self).items()}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """The session that was written so; raises TypeError for what is none."""
        known = {each.name for each in fields(cls)}
        read = {name: value for name, value in values.items() if name in known}
        return cls(**{"roles": (), **read, **{name: frozenset(read.get(name, ())) for name in SETS}})
