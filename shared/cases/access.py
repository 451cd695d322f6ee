"""Access to cases: the one rule that says which cases a caller sees."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from shared.caller import Caller, Role
from shared.cases.columns import CaseColumns


def visible_to(table: type[CaseColumns], caller: Caller) -> ColumnElement[bool]:
    """The cases that a caller sees: officers their departments', residents their own, firms their jobs.

    A firm's jobs are those that have its `contractor_key`, on a table that has such a column. A front end
    sees none: it follows one case by what its resident knows. An officer needs the scope that a case names in
    `needs_scope`, on a table that has such a column.
    """
    if caller.is_a(Role.OFFICER):
        theirs = table.department.in_(sorted(caller.departments))
        needed: Any = getattr(table, "needs_scope", None)
        return theirs if needed is None else and_(theirs, has_scope(needed, caller))
    if caller.is_a(Role.CONTRACTOR):
        contractor: Any = getattr(table, "contractor_key", None)
        return false() if contractor is None or caller.firm_key is None else contractor == caller.firm_key
    if caller.is_a(Role.RESIDENT):
        return own_of(table, caller)
    return false()


def has_scope(needed: Any, caller: Caller) -> ColumnElement[bool]:
    """The rows that need no scope of their reader, or one that the caller has."""
    return or_(needed.is_(None), needed.in_(sorted(caller.scopes)))


def own_of(table: type[CaseColumns], caller: Caller) -> ColumnElement[bool]:
    """The cases that are the caller's own as a resident, whatever else they are."""
    return table.resident == caller.identity
