"""Staff who read a letter: departments, handlers and managers, each at the addresses that are theirs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    """One of the staff who is told something, and the addresses at which they are."""

    reader: str
    emails: Sequence[str]


def told_of(settings: Settings, notice: Notice, department: str, handler: str | None) -> Told:
    """The readers of a notice about a case with this department, and with the handler of this subject."""
    chain = chain_of(settings, notice, department, handler)
    reader = policy.staff_reader([*chain], notice.failed_forms or ()) or [*chain][-1]
    return Told(reader, chain[reader])


def in_place_of_resident(settings: Settings, department: str) -> Told:
    """The department that is told in a resident's place."""
    return Told(policy.DEPARTMENT, _of_role(settings, department, policy.DEPARTMENT))


def chain_of(
    settings: Settings, notice: Notice, department: str, handler: str | None
) -> Mapping[str, Sequence[str]]:
    """The staff who are told of a notice, each if none before them could be, and where: no address twice."""
    rungs = frozenset({notice.rung, notice.kind, *notice.stands_for})
    at_once = notice.urgency == Urgency.AT_ONCE
    found, tried = dict[str, Sequence[str]](), set[str]()
    for reader in policy.staff_chain(notice.audience, at_once=at_once):
        read_at = _addresses(settings, reader, department, handler, rungs, at_once=at_once)
        if fresh := [email for email in read_at if email not in tried]:
            found[reader] = fresh
            tried |= {*fresh}
    return found


def _addresses(
    settings: Settings,
    reader: str,
    department: str,
    handler: str | None,
    rungs: Collection[str],
    *,
    at_once: bool,
) -> Sequence[str]:
    """The addresses of one of the staff; a handler without one of their own reads at the department's."""
    known, off_duty = recipients_of(settings.recipients_file), reader.removesuffix(policy.ON_DUTY)
    other = policy.other_department(off_duty)
    name, role = other or department, policy.DEPARTMENT if other else off_duty
    duty = known.department(name).duty_email
    if role == policy.HANDLER:
        own = known.handlers.get(handler or "")
        if found := [own] if own else known.addresses(name, role, rungs):
            return found
        if at_once and duty:
            return [duty]
    if reader != off_duty:
        return [duty] if duty else []
    return _of_role(settings, name, policy.DEPARTMENT if role == policy.HANDLER else role, rungs)


def _of_role(settings: Settings, department: str, role: str, rungs: Collection[str] = ()) -> Sequence[str]:
    default = settings.department_email.format(department=department, audience=role)
    return recipients_of(settings.recipients_file).addresses(department, role, rungs) or [default]


def recipients(told: Iterable[Told], owner: ContactForNotice) -> list[Recipient]:
    """The staff who read a letter, each address once, in the order in which a letter names them."""
    found: dict[str, Recipient] = {}
    for one in sorted(told, key=_order):
        for email in one.emails:
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
    department, reader = owner.handler.department, one.reader.removesuffix(policy.ON_DUTY)
    if policy.other_department(reader):
        return reader
    if reader == policy.HANDLER:
        return owner.handler.name or f"{department} {policy.DEPARTMENT}"
    return f"{department} {reader}"


def _order(one: Told) -> tuple[int, str]:
    reader = one.reader.removesuffix(policy.ON_DUTY)
    return policy.STAFF.index(reader) if reader in policy.STAFF else len(policy.STAFF), reader
