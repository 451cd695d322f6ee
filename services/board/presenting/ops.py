"""Faults of the service in sentences, each with its limit and its place in the runbook; no case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.board.presenting.dead_letters import COMMAND, Listed, messages

OLDEST_EVENT_SECONDS = 60
OLDEST_NOTICE_SECONDS = 300
HEALTHY = "ok"


class Kind(StrEnum):
    """A kind of finding. Its value is its anchor on the page and in the runbook, to which alerts link."""

    STATUS = "status"
    DOWN = "down"
    DATABASE = "database"
    BROKER = "broker"
    UNPUBLISHED = "unpublished"
    OWED = "owed"
    WITHOUT_PROMISES = "without-promises"
    DISPUTED = "disputed"
    UNDECRYPTABLE = "undecryptable"
    CALENDAR = "calendar"
    DEAD_LETTERS = "dead-letters"
    UNREAD = "unread-dead-letters"


RUNBOOK = "docs/running.md"
SECTIONS: Mapping[Kind, str] = {
    Kind.STATUS: "The status gives no answer",
    Kind.DOWN: "A service does not answer",
    Kind.DATABASE: "A service has no database",
    Kind.BROKER: "A service has no broker",
    Kind.UNPUBLISHED: "An event is not published",
    Kind.OWED: "A notice has not left",
    Kind.WITHOUT_PROMISES: "A case has no promises",
    Kind.DISPUTED: "Two events of a case disagree",
    Kind.UNDECRYPTABLE: "A value cannot be decrypted",
    Kind.CALENDAR: "A service counts with an old calendar",
    Kind.DEAD_LETTERS: "Messages could not be handled",
    Kind.UNREAD: "Dead letters cannot be read",
}
"""The heading in the runbook under which each kind is."""

LIMITS = (
    (Kind.UNPUBLISHED, "oldest_unpublished_seconds", OLDEST_EVENT_SECONDS, "an event that is not published"),
    (Kind.OWED, "oldest_owed_notice_seconds", OLDEST_NOTICE_SECONDS, "a notice that has not left"),
)
NONE_AT_ALL = (
    (Kind.WITHOUT_PROMISES, "cases_without_promises", "without their promises"),
    (Kind.DISPUTED, "disputed_cases", "of which two events disagree"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with the service that it is about; `command` shows more of it."""

    kind: Kind
    about: str
    said: str
    command: str

    @property
    def anchor(self) -> str:
        """The address on the page to which an alert about one service links."""
        return f"{self.about}-{self.kind}" if self.about else ""


def span(seconds: float) -> str:
    """A length of time as people say it: "45 seconds", "12 minutes", "3 hours"."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}" + ("" if count == 1 else "s")
    count = int(seconds)
    return f"{count} second" + ("" if count == 1 else "s")


def findings(
    status: Mapping[str, Any] | None, buried: Sequence[Listed], silent: Sequence[str]
) -> list[Finding]:
    """Everything that is wrong; `silent` are the queues whose dead letters cannot be read now."""
    found = _of_status(status)
    found += [_of_dead_letters(queue) for queue in buried if queue.total]
    if silent:
        said = f"Dead letters cannot be read now: {', '.join(silent)}."
        found.append(Finding(Kind.UNREAD, "", said, f"{COMMAND} list {' '.join(silent)}"))
    return found


def by_kind(found: Sequence[Finding]) -> list[tuple[Kind, str, list[Finding]]]:
    """The findings of each kind, with the place in the runbook that says what to do."""
    grouped: dict[Kind, list[Finding]] = {}
    for each in found:
        grouped.setdefault(each.kind, []).append(each)
    return [(kind, f"{RUNBOOK}, “{SECTIONS[kind]}”", some) for kind, some in grouped.items()]


def heading(found: Sequence[Finding]) -> str:
    """The first line: "2 things are wrong", or "All well"."""
    if not found:
        return "All well"
    return f"{len(found)} thing{' is' if len(found) == 1 else 's are'} wrong"


def _of_status(status: Mapping[str, Any] | None) -> list[Finding]:
    if status is None:
        said = "The gateway does not say how the services are: no answer within a second."
        return [Finding(Kind.STATUS, "", said, "curl -i $GATEWAY_URL/status")]
    found = [
        finding for name, service in status["services"].items() for finding in _of_service(name, service)
    ]
    found += [_down(name) for name, state in status["front_ends"].items() if state == "down"]
    return found + [
        Finding(Kind.CALENDAR, name, f"{name.capitalize()} counts with an old calendar.", _log(name))
        for name in status["behind_calendar"]
    ]


def _of_service(name: str, service: Mapping[str, Any]) -> list[Finding]:
    said, reported = name.capitalize(), service["reported"]
    if reported is None:
        return [_down(name)]
    found = [
        Finding(kind, name, f"{said} has no {kind}: {reported[kind]}.", _log(name))
        for kind in (Kind.DATABASE, Kind.BROKER)
        if reported[kind] != HEALTHY
    ]
    for kind, figure, limit, words in LIMITS:
        if (waits := reported[figure] or 0) > limit:
            sentence = f"{said} has had {words} for {span(waits)}; the limit is {span(limit)}."
            found.append(Finding(kind, name, sentence, _log(name)))
    for kind, figure, words in NONE_AT_ALL:
        if count := reported[figure] or 0:
            sentence = f"{said} has {count} case{'' if count == 1 else 's'} {words}; there should be none."
            found.append(Finding(kind, name, sentence, _log(name)))
    if reported.get("undecryptable_values"):
        sentence = f"{said} has an encrypted value that it cannot read: a key is missing, or it was changed."
        command = f".venv/bin/python -m deploy.keys list {name}"
        found.append(Finding(Kind.UNDECRYPTABLE, name, sentence, command))
    return found


def _of_dead_letters(queue: Listed) -> Finding:
    said = f"{queue.queue.capitalize()} could not handle {messages(queue.total)}; there should be none."
    return Finding(Kind.DEAD_LETTERS, queue.queue, said, f"{COMMAND} list {queue.queue}")


def _down(name: str) -> Finding:
    return Finding(Kind.DOWN, name, f"{name.capitalize()} does not answer within a second.", _log(name))


def _log(name: str) -> str:
    return f"tail -n 50 var/log/{name}.log"
