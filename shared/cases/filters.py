"""Filters of lists of cases: the query parameters that every service takes alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from fastapi import Query
from pydantic import StringConstraints

from shared.caller import Caller, Role
from shared.cases.formats import Instant
from shared.cases.schemas import check_range
from shared.errors import Invalid

MANY = 100
"""The references that one request may ask for."""
FOR_OFFICERS = ("department", "handler", "unassigned")

# PostgreSQL can keep no NUL, and so compares none
Term = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]+$")]


class Sort(StrEnum):
    """The order of a list; a service that has more has an enumeration of its own."""

    LATEST = "-received_at"
    EARLIEST = "received_at"


@dataclass(frozen=True, kw_only=True)
class CaseFilters:
    """Filters of a list of cases; a service narrows `status` and `sort` to its own, and adds what it has.

    `hidden_from` names the filters by which a role could learn what it is not shown.
    """

    hidden_from: ClassVar[Mapping[Role, tuple[str, ...]]] = {
        Role.RESIDENT: FOR_OFFICERS,
        Role.CONTRACTOR: FOR_OFFICERS,
    }

    status: StrEnum | None = None
    department: Annotated[Term | None, Query(description="One of the caller's")] = None
    handler: Annotated[Term | None, Query(description="The subject of a token, or me")] = None
    unassigned: Annotated[bool | None, Query(description="Those that no officer deals with")] = None
    reference: Annotated[list[Term] | None, Query(max_length=MANY, description="Any of these")] = None
    received_from: Instant | None = None
    received_to: Instant | None = None
    updated_since: Annotated[
        Instant | None,
        Query(
            description="Cases changed since, in the order of change, and none of them missing. "
            "Ask next with the largest updated_at that was seen; the last few come again."
        ),
    ] = None
    imported: bool | None = None
    mine: Annotated[bool | None, Query(description="The caller's own, as a resident")] = None
    sort: StrEnum | None = None

    def __post_init__(self) -> None:
        """Raise Invalid, or the error of `check_range`, for filters that contradict each other."""
        check_range(self.received_from, self.received_to, "/received_to")
        if self.updated_since is not None and self.sort is not None:
            raise Invalid("What was updated comes in the order of its changes, and in no other.", "/sort")

    def check_shown(self, caller: Caller) -> None:
        """Raise Invalid for a filter by what the caller is not shown."""
        for role, hidden in self.hidden_from.items():
            for name in hidden:
                if caller.is_a(role) and getattr(self, name) is not None:
                    raise Invalid("This caller is not shown this, and cannot filter by it.", f"/{name}")


@dataclass(frozen=True, kw_only=True)
class PropertyFilters(CaseFilters):
    """Filters of a list of cases about homes."""

    uprn: Annotated[Term | None, Query(description="Leading zeros do not count")] = None
    property_reference: Annotated[
        Term | None, Query(description="The council's own; letter case and leading zeros do not count")
    ] = None
    postcode: Term | None = None
