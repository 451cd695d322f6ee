"""Staff who read a letter: departments, handlers and managers, each at the addresses that are theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.notifications import policy
from services.notifications.models import Notice
from services.notifications.notices.channels import PermanentFailure, Recipient
from services.notifications.notices.recipients import EMAIL, TEXT, Department, recipients_of
from services.notifications.policy import Urgency
from shared.cases.schemas import ContactForNotice
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Told:
    """One of the staff who is told something, and of which rung or kind; `at_once` if it cannot wait."""

    reader: str
    rungs: frozenset[str] = frozenset()
    at_once: bool = False

    @classmethod
    def by(cls, notice: Notice) -> "Told":
        """Whom a notice to staff tells, and of what."""
        rungs = frozenset({notice.rung, notice.kind, *notice.stands_for})
        reader = policy.staff_reader(notice.audience, notice.failed_forms or ()) or policy.MANAGER
        return cls(reader, rungs, notice.urgency == Urgency.AT_ONCE)


DEPARTMENT_IN_PLACE = Told(policy.DEPARTMENT)
"""The department that is told in a resident's place."""


def addresses(settings: Settings, told: Told, department: str, handler: str | None) -> Sequence[str]:
    """The addresses at which one of the staff reads of a case that is with this department and handler.

    `handler` is the subject of a token. A handler without an address of their own reads at the department's.
    """
    known = recipients_of(settings.recipients_file)
    name, role = policy.other_department(told.reader) or department, told.reader
    if policy.other_department(told.reader):
        role = policy.DEPARTMENT
    if role == policy.HANDLER:
        own = known.handlers.get(handler or "")
        found = [own] if own else known.addresses(name, role, told.rungs)
        if found:
            return found
        role = policy.DEPARTMENT
    duty = known.department(name).duty_email
    if told.at_once and role == policy.DEPARTMENT and duty:
        return [duty]
    default = settings.department_email.format(department=name, audience=role)
    return known.addresses(name, role, told.rungs) or [default]


def recipients(
    settings: Settings, told: Iterable[Told], owner: ContactForNotice, handler: str | None
) -> list[Recipient]:
    """The staff who read a letter, each address once, in the order in which a letter names them."""
    found: dict[str, Recipient] = {}
    for one in sorted(told, key=_order):
        for email in addresses(settings, one, owner.handler.department, handler):
            found.setdefault(email, Recipient(_name(one, owner), email))
    return list(found.values())


def is_told_by_text(settings: Settings, notice: Notice, owner: ContactForNotice) -> bool:
    """Tell whether its department is to be texted, too, what a letter tells, unless that failed before."""
    by_letter = notice.is_for_staff and not notice.to_duty_phone and TEXT not in (notice.failed_forms or ())
    cannot_wait = notice.urgency == Urgency.AT_ONCE and notice.audience != policy.MANAGER
    return by_letter and cannot_wait and TEXT in _row(settings, notice, owner).emergencies_by


def is_told_by_email(settings: Settings, notice: Notice, owner: ContactForNotice) -> bool:
    """Tell whether its department is told by email of what cannot wait, and not by text alone."""
    return EMAIL in _row(settings, notice, owner).emergencies_by


def duty_phone(settings: Settings, notice: Notice, owner: ContactForNotice) -> Recipient:
    """The telephone on which its department is told of a notice; raises PermanentFailure."""
    row = _row(settings, notice, owner)
    if row.duty_phone is None:
        raise PermanentFailure("no-duty-phone")
    return Recipient(f"{row.name} {policy.DEPARTMENT}", phone=row.duty_phone)


def _row(settings: Settings, notice: Notice, owner: ContactForNotice) -> Department:
    name = policy.other_department(notice.audience) or owner.handler.department
    return recipients_of(settings.recipients_file).department(name)


def _name(one: Told, owner: ContactForNotice) -> str:
    department = owner.handler.department
    if policy.other_department(one.reader):
        return one.reader
    if one.reader == policy.HANDLER:
        return owner.handler.name or f"{department} {policy.DEPARTMENT}"
    return f"{department} {one.reader}"


def _order(one: Told) -> tuple[int, str, Sequence[str]]:
    place = policy.STAFF.index(one.reader) if one.reader in policy.STAFF else len(policy.STAFF)
    return place, one.reader, sorted(one.rungs)
