"""Opening a case: its reference, who may bring over history, and what every case keeps of its report."""

from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.caller import Caller, Role
from shared.cases.columns import CaseColumns
from shared.cases.contact import ContactFields
from shared.cases.schemas import Channel
from shared.cases.times import past_instant
from shared.errors import Forbidden
from shared.references import new_reference
from shared.work import Work

IMPORT = "import"
"""The scope of an officer who may bring over cases of an old system."""

AnyCase = TypeVar("AnyCase", bound=CaseColumns)


class Report(Protocol):
    """A case as it is reported."""

    @property
    def channel(self) -> Channel: ...
    @property
    def contact(self) -> ContactFields | None: ...
    @property
    def received_at(self) -> datetime | None: ...
    @property
    def imported(self) -> bool: ...


def open_case(
    work: Work,
    table: type[AnyCase],
    prefix: str,
    body: Report,
    *,
    status: str,
    department: str,
    **own: Any,
) -> AnyCase:
    """A new case, added to the unit of work; its event is the service's own to record.

    One that nobody reported, such as a site, has an empty contact. Raises Invalid for a time in the future,
    Forbidden for `imported` without the scope.
    """
    if body.imported and not may_import(work.caller):
        raise Forbidden("Only an officer with the import scope may bring over old cases.")
    values: dict[str, Any] = {
        "reference": new_reference(prefix),
        "status": status,
        "channel": body.channel,
        "received_at": past_instant(work, body.received_at, "/received_at"),
        "imported": body.imported,
        "department": department,
        "reported_by": work.caller.identity,
        "resident": work.caller.identity if work.caller.is_a(Role.RESIDENT) else None,
    }
    case = table(**values)
    contact = {} if body.contact is None else body.contact.kept()
    work.assign(case, contact=contact, **own)
    work.add(case)
    work.keeps_answer = body.imported  # a file that is sent again years later must find its rows again
    return case


def may_import(caller: Caller) -> bool:
    """Tell whether a caller may bring over cases of an old system."""
    return caller.is_a(Role.OFFICER) and IMPORT in caller.scopes
