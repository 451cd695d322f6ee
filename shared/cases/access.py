"""Access to cases: the one rule that says which cases a caller sees."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_

from shared.caller import Caller, Role
from shared.cases.columns import CaseColumns
from shared.work import Work


def visible_to(table: type[CaseColumns], caller: Caller) -> ColumnElement[bool]:
    """The cases that a caller sees: officers their departments', residents their own, firms their jobs.

    A firm's jobs are those that have its `contractor_key`, on a table that has such a column. A front end
    sees none: it follows one case by what its resident knows.
    """
    if caller.is_a(Role.OFFICER):
        return worked_by(table, caller)
    if caller.is_a(Role.CONTRACTOR):
        contractor: Any = getattr(table, "contractor_key", None)
        return false() if contractor is None or caller.firm_key is None else contractor == caller.firm_key
    if caller.is_a(Role.RESIDENT):
        return own_of(table, caller)
    return false()


def worked_by(table: Any, caller: Caller) -> ColumnElement[bool]:
    """The cases that an officer works: those opened by their scopes, where they are in the team."""
    theirs, team = opened_by_scope(table, caller), getattr(table, "team", None)
    if team is None:
        return theirs
    return and_(theirs, or_(func.coalesce(func.cardinality(team), 0) == 0, team.contains([caller.subject])))


def is_worked_by(case: Any, caller: Caller) -> bool:
    """`worked_by` for one case that is here; a test holds the two to one another.

    An officer may be shown a case that they do not work: their own, as a resident.
    """
    return case.department in caller.departments and passes_guard(case, caller)


def passes_guard(case: Any, caller: Caller) -> bool:
    """Tell whether scope, team and those it is kept from let an officer of any department learn of a case.

    Another service that knows of a guarded case asks this, as far as the case's events have told it.
    """
    if not caller.is_a(Role.OFFICER):
        return False
    if not {*caller.pseudonyms}.isdisjoint(getattr(case, "kept_from", None) or ()):
        return False
    team = getattr(case, "team", None)
    return getattr(case, "needs_scope", None) in {None, *caller.scopes} and (
        not team or caller.subject in team
    )


def reference_shown(work: Work, reference: str | None) -> str | None:
    """A reference that somebody gave; none of a guarded case's to an officer without the scope."""
    directory, vocabulary = work.state.settings.directory, work.state.catalogue.vocabulary
    if reference is None or not work.caller.is_a(Role.OFFICER):
        return reference
    hidden = vocabulary.guarded_services - work.caller.scopes
    prefixes = {prefix for name in hidden if name in directory for prefix in directory.row(name).prefixes}
    return None if reference.partition("-")[0].upper() in prefixes else reference


def opened_by_scope(table: Any, caller: Caller) -> ColumnElement[bool]:
    """The cases of an officer's departments that need no scope, or one that they have, whatever the team.

    Not one that is kept from the caller: nobody reads what is said about themselves. A table without such
    columns (AccessColumns in shared/cases/columns.py) asks for the department alone.
    """
    conditions = [table.department.in_(sorted(caller.departments)), *_not_kept_from(table, caller)]
    if (needed := getattr(table, "needs_scope", None)) is not None:
        conditions.append(or_(needed.is_(None), needed.in_(sorted(caller.scopes))))
    return and_(*conditions)


def own_of(table: Any, caller: Caller) -> ColumnElement[bool]:
    """The cases that are the caller's own as a resident, whatever else they are, and not kept from them."""
    return and_(table.resident == caller.identity, *_not_kept_from(table, caller))


def _not_kept_from(table: Any, caller: Caller) -> Iterator[ColumnElement[bool]]:
    """The condition of a table that has people from whom its cases are kept."""
    if (kept_from := getattr(table, "kept_from", None)) is not None:
        yield or_(kept_from.is_(None), not_(kept_from.overlap(sorted(caller.pseudonyms))))
