"""What a notice says and where it goes, from what is known of its case at the moment of sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.notifications import policy, wording
from services.notifications.channels import Message, Recipient
from services.notifications.models import Notice, WatchedDeadline
from services.notifications.policy import Kind
from services.notifications.wording import About, Promise, Visit
from shared.app_state import AppState
from shared.http.schemas import ContactForNotice
from shared.standards.periods import civil_date


class NoLongerTrue(Exception):
    """What a notice was to say holds no more: after an outage nobody is rung up about what is long done."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of one case: its deadlines, the facts a notice speaks of, and what its owner answered."""

    owner: ContactForNotice
    deadlines: Sequence[WatchedDeadline]
    facts: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def composed(resources: AppState, notice: Notice, known: Dossier) -> tuple[str, Recipient, Message]:
    """Who is really told, where they are reached, and what is said; raises NoLongerTrue."""
    owner = known.owner
    about = About(notice.reference, owner.handler.name, owner.handler.department)
    deadlines = sorted(known.deadlines, key=lambda row: row.due_at)
    message = _message(resources, notice, about, known.facts.get(notice.started_by, {}), deadlines)
    safe = owner.contact.get("safe_to_contact", True)
    audience = policy.audience_of(notice.audience, safe_to_contact=safe)
    if audience != notice.audience:
        message = wording.in_the_residents_place(about, message)
    return audience, _recipient(resources, audience, owner), message


def _message(
    resources: AppState,
    notice: Notice,
    about: About,
    facts: Mapping[str, Any],
    deadlines: Sequence[WatchedDeadline],
) -> Message:
    council = resources.settings.council
    if notice.kind == Kind.ACKNOWLEDGEMENT:
        promises = [_promise(resources, row) for row in deadlines]
        return wording.acknowledgement(about, promises, council)
    if notice.kind in policy.ABOUT_WHAT_IS_OPEN:
        still_open = [row for row in deadlines if row.met_at is None and row.cancelled_at is None]
        if deadlines and not still_open:
            raise NoLongerTrue
        promises = [_promise(resources, row) for row in still_open]
        return wording.at_once(Kind(notice.kind), about, promises)
    if notice.kind in policy.ABOUT_A_VISIT:
        return wording.visit(Kind(notice.kind), about, Visit.of(facts), council)
    if notice.kind == Kind.NEW_DATES:
        moved = [row for row in deadlines if row.moves]
        because = sorted({row.moves[-1]["because"] for row in moved})
        promises = [_promise(resources, row) for row in moved]
        return wording.new_dates(about, promises, because, council)
    promise = _promise_of(resources, notice, deadlines)
    if notice.audience == policy.RESIDENT:
        return wording.to_the_resident(Kind(notice.kind), about, promise, council)
    return wording.about_a_deadline(Kind(notice.kind), about, promise, notice.stands_for)


def _promise(resources: AppState, deadline: WatchedDeadline) -> Promise:
    words = resources.catalogue.words_of(deadline.standard, deadline.version_day)
    return Promise(deadline.standard, *words, deadline.due_at)


def _promise_of(resources: AppState, notice: Notice, deadlines: Sequence[WatchedDeadline]) -> Promise:
    """With the date the notice is about, which may have moved since, or the deadline be gone."""
    for deadline in deadlines:
        if (deadline.standard, deadline.started_by) == (notice.standard, notice.started_by):
            return replace(_promise(resources, deadline), due_at=notice.due_at)
    words = resources.catalogue.words_of(notice.standard, civil_date(notice.due_at))
    return Promise(notice.standard, *words, notice.due_at)


def _recipient(resources: AppState, audience: str, owner: ContactForNotice) -> Recipient:
    if audience == policy.RESIDENT:
        contact = owner.contact
        return Recipient(
            contact.get("name"), contact.get("email"), contact.get("phone"), contact.get("address")
        )
    department, name = owner.handler.department, f"{owner.handler.department} {audience}"
    if audience == policy.HANDLER:  # nobody gave us an address of their own: their department's, for them
        name, audience = owner.handler.name or f"{department} {policy.DEPARTMENT}", policy.DEPARTMENT
    email = resources.settings.department_email.format(department=department, audience=audience)
    return Recipient(name, email)
