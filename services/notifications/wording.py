"""The words of notices, in plain English; pure functions of what is known at the moment of sending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from services.notifications.channels import Message
from services.notifications.policy import Kind
from shared.standards.calendar import LONDON


@dataclass(frozen=True, slots=True)
class Promise:
    """One deadline, as a notice speaks of it."""

    standard: str
    promise: str
    source: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class About:
    """The case a notice is about, and who deals with it."""

    reference: str
    handler_name: str | None
    department: str

    @property
    def handler(self) -> str:
        """The name to ask for: a person where one is named, else the department."""
        team = f"the {self.department} team"
        return f"{self.handler_name} of {team}" if self.handler_name else team


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment, as the event that tells of it has it."""

    starts_at: datetime
    ends_at: datetime
    contractor: str | None
    instead_of: datetime | None
    because: str | None

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """From an event's facts; raises KeyError and ValueError for those of another event."""
        instead_of = facts.get("instead_of")
        return cls(
            datetime.fromisoformat(facts["starts_at"]),
            datetime.fromisoformat(facts["ends_at"]),
            facts.get("contractor"),
            datetime.fromisoformat(instead_of) if instead_of else None,
            facts.get("because"),
        )

    @property
    def window(self) -> str:
        """The time in which somebody comes: "on Friday 5 December 2025 between 09:00 and 12:00"."""
        starts, ends = self.starts_at.astimezone(LONDON), self.ends_at.astimezone(LONDON)
        if starts.date() == ends.date():
            return f"on {_date(starts)} between {_clock(starts)} and {_clock(ends)}"
        first = _day(starts) if starts.year == ends.year else _date(starts)
        return f"between {_clock(starts)} on {first} and {_clock(ends)} on {_date(ends)}"


# What follows from a visit's being called off, by why it was.
CALLED_OFF = {
    "asked": "You can choose another time: give us your reference.",
    "another_firm": "Another firm does your repair now. Please choose another time with us.",
    "emergency": "Your repair is an emergency now: somebody comes as soon as they can, at any hour.",
    "repair_ended": "The repair has been completed or cancelled, so nobody needs to come.",
}

# What a resident may do now, by the promise that was not kept.
RIGHTS = {
    "repairs.right-to-repair": (
        "You now have the right to ask us for another contractor to do the repair: the right to repair. "
        "You need only tell us that you want one, and give us your reference. They have the same time "
        "again; if they are late too, we owe you £10, and £2 for each further day, up to £50."
    ),
}


def spoken(instant: datetime) -> str:
    """An instant as one says it in London: "Friday 5 December 2025 at 16:55"."""
    local = instant.astimezone(LONDON)
    return f"{_date(local)} at {_clock(local)}"


def _day(local: datetime) -> str:
    return f"{local:%A} {local.day} {local:%B}"


def _date(local: datetime) -> str:
    return f"{_day(local)} {local.year}"


def _clock(local: datetime) -> str:
    """The time on London's clocks; of the two that are 01:30 on the night they go back, it says which."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} ({'after' if local.fold else 'before'} the clocks go back)"


def acknowledgement(about: About, promises: Sequence[Promise], council: str) -> Message:
    """To the resident: we have it, who deals with it, and what we promise by when."""
    lines = [
        "Thank you for telling us.",
        "",
        f"Your reference is {about.reference}. Please give it when you contact us.",
        f"Your case is with {about.handler}.",
        "",
        *[f"{promise.promise}\nThat is by {spoken(promise.due_at)}." for promise in promises],
        "",
        f"Yours, {council}",
    ]
    return Message(f"We have your report: {about.reference}", "\n".join(lines))


def new_dates(about: About, promises: Sequence[Promise], because: Sequence[str], council: str) -> Message:
    """To the resident who was told dates that have since moved: these as they are now, and why."""
    lines = [
        f"We wrote to you about {about.reference}. A date that we gave you then has changed.",
        "",
        *[f"{promise.promise}\nThat is now by {spoken(promise.due_at)}." for promise in promises],
        "",
        *[f"It changed because {reason}." for reason in because],
        f"Your case is with {about.handler}.",
        "",
        f"Yours, {council}",
    ]
    return Message(f"A new date for {about.reference}", "\n".join(lines))


def visit(kind: Kind, about: About, agreed: Visit, council: str) -> Message:
    """To the resident: when somebody comes, or that nobody does, and what they can do."""
    booked = kind is Kind.APPOINTMENT_BOOKED
    lines = [f"Your appointment for {about.reference} {'is' if booked else 'was'} {agreed.window}."]
    if booked:
        if agreed.instead_of is not None:
            lines.append(f"It takes the place of the one on {spoken(agreed.instead_of)}.")
        lines += [
            f"{agreed.contractor or 'Our operative'} will come, and will show you identification.",
            "If you cannot be in, please tell us, so that we can agree another time.",
        ]
    else:
        lines += ["It has been cancelled.", CALLED_OFF[agreed.because or "asked"]]
    lines += [f"Your case is with {about.handler}.", "", f"Yours, {council}"]
    subject = "Your appointment" if booked else "Your appointment is cancelled"
    return Message(f"{subject}: {about.reference}", "\n".join(lines))


def to_the_resident(kind: Kind, about: About, promise: Promise, council: str) -> Message:
    """To the resident, of a promise made to them: that it was not kept, and what they may do about it."""
    when = spoken(promise.due_at)
    subject, opening = {
        Kind.REMINDER: ("What we promised", f"We promised you something that is due on {when}."),
        Kind.BREACH: ("We are late", f"We are sorry: we did not keep a promise that was due on {when}."),
        Kind.ESCALATION: ("We are still late", f"We are sorry: what was due on {when} is still not done."),
        Kind.WITHDRAWAL: (
            "We were not late after all",
            f"We wrote that we missed a promise due on {when}. We did not: that letter counts no more.",
        ),
    }[kind]
    lines = [opening, "", f"The promise: {promise.promise}", f"It stands in: {promise.source}", ""]
    if kind in {Kind.BREACH, Kind.ESCALATION} and promise.standard in RIGHTS:
        lines += [RIGHTS[promise.standard], ""]
    lines += [
        f"Your reference is {about.reference}. Your case is with {about.handler}.",
        "",
        f"Yours, {council}",
    ]
    return Message(f"{subject}: {about.reference}", "\n".join(lines))


def at_once(kind: Kind, about: About, promises: Sequence[Promise]) -> Message:
    """To the department: somebody must act now, and by when what is still open was promised."""
    subject, opening = {
        Kind.EMERGENCY: ("Emergency", "An emergency repair needs somebody now, at whatever hour this comes."),
        Kind.FLAGGED: (
            "No appointment",
            "No slot could be offered for this repair. Please agree a visit with the resident.",
        ),
    }[kind]
    lines = [
        opening,
        "",
        f"Case: {about.reference}, with {about.handler}.",
        *[f"Promised by {spoken(promise.due_at)}: {promise.promise}" for promise in promises],
    ]
    return Message(f"{subject}: {about.reference}", "\n".join(lines))


def in_the_residents_place(about: About, meant: Message) -> Message:
    """To the department, when it is not safe to write to the resident: somebody must see to it."""
    lines = [
        "It is not safe to write to the resident in this case, and nothing has been sent to them.",
        "Please tell them what follows, only in a way that they have agreed to.",
        "",
        f"Case: {about.reference}, with {about.handler}.",
        "",
        *[f"> {line}".rstrip() for line in meant.text.splitlines()],
    ]
    return Message(f"Do not write to the resident: {about.reference}", "\n".join(lines))


def about_a_deadline(kind: Kind, about: About, promise: Promise, stands_for: Sequence[str]) -> Message:
    """To those who deal with the case: it comes due, it is overdue, or that was taken back."""
    when = spoken(promise.due_at)
    subject, opening = {
        Kind.REMINDER: ("Due soon", f"This promise comes due on {when}."),
        Kind.BREACH: ("Overdue", f"This promise was due on {when} and has not been kept."),
        Kind.ESCALATION: ("Still overdue", f"This promise was due on {when} and still has not been kept."),
        Kind.WITHDRAWAL: (
            "No longer overdue",
            f"We said that the promise due on {when} was missed. It was not.",
        ),
    }[kind]
    lines = [
        opening,
        "",
        f"Case: {about.reference}, with {about.handler}.",
        f"Promise: {promise.promise}",
        f"Standard: {promise.standard} ({promise.source})",
    ]
    if stands_for:
        lines += [
            "",
            f"This also stands for earlier notices that could not be sent: {', '.join(stands_for)}.",
        ]
    return Message(f"{subject}: {about.reference}, {promise.standard}", "\n".join(lines))
