"""Access to cases: the one rule that says which cases a caller sees."""

from typing import Any

from sqlalchemy import ColumnElement, false

from shared.caller import Caller, Role
from shared.cases.columns import CaseColumns


def visible_to(table: type[CaseColumns], caller: Caller) -> ColumnElement[bool]:
    """The cases that a caller sees: officers their departments', residents their own, firms their jobs.

    A firm's jobs are those that have its `contractor_key`, on a table that has such a column. A front end
    sees none: it follows one case by what its resident knows.
    """
    if caller.is_a(Role.OFFICER):
        return table.department.in_(sorted(caller.departments))
    if caller.is_a(Role.CONTRACTOR):
        contractor: Any = getattr(table, "contractor_key", None)
        return false() if contractor is None or caller.firm_key is None else contractor == caller.firm_key
    if caller.is_a(Role.RESIDENT):
        return table.resident == caller.subject
    return false()
