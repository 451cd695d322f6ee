"""What notices say, in plain English; pure functions of what is known at the moment of sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
        """Who to ask for: a person where one is named, else the department."""
        team = f"the {self.department} team"
        return f"{self.handler_name} of {team}" if self.handler_name else team


def spoken(instant: datetime) -> str:
    """An instant as one says it in London: "Friday 5 December 2025 at 16:55"."""
    local = instant.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y} at {local:%H:%M}"


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
    """To the resident who was told a date that has since moved: all dates as they are now, and why."""
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
