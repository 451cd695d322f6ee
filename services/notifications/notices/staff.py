"""Staff who read a letter: departments, handlers and managers, each at the addresses that are theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.notifications import policy
from services.notifications.models import Notice
from services.notifications.notices.channels import Recipient
from services.notifications.notices.recipients import EMAIL, TEXT, recipients_of
from services.notifications.policy import Urgency
from shared.cases.schemas import ContactForNotice
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Told:
    """One of the staff who is told something, and of which rung or kind; `at_once` if it cannot wait.

    A text to the department on duty is for whom it was `meant`, whoever reads the email in their place.
    """

    reader: str
    rungs: frozenset[str] = frozenset()
    at_once: bool = False
    meant: str = policy.DEPARTMENT

    @classmethod
    def by(cls, notice: Notice) -> "Told":
        """Whom a notice to staff tells, and of what."""
        rungs = frozenset({notice.rung, notice.kind, *notice.stands_for})
        reader = policy.staff_reader(notice.audience, notice.failed_forms or ()) or policy.MANAGER
        return cls(reader, rungs, notice.urgency == Urgency.AT_ONCE, notice.audience)


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


def duty_phones(settings: Settings, told: Iterable[Told], owner: ContactForNotice) -> list[Recipient]:
    """The telephones on which departments are told by text of what cannot wait."""
    found: dict[str, Recipient] = {}
    for one in told:
        name = policy.other_department(one.meant) or owner.handler.department
        row = recipients_of(settings.recipients_file).department(name)
        if one.at_once and one.meant != policy.MANAGER and TEXT in row.emergencies_by and row.duty_phone:
            found[row.duty_phone] = Recipient(f"{name} {policy.DEPARTMENT}", phone=row.duty_phone)
    return list(found.values())


def are_told_by_email(settings: Settings, told: Iterable[Told], owner: ContactForNotice) -> bool:
    """Tell whether anybody of these is told by email: a department may be told at once by text alone."""
    rows = recipients_of(settings.recipients_file)

    def is_told_so(one: Told) -> bool:
        department = policy.other_department(one.reader) or owner.handler.department
        by_text_alone = one.at_once and one.reader != policy.MANAGER
        return not by_text_alone or EMAIL in rows.department(department).emergencies_by

    return any(map(is_told_so, told))


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
