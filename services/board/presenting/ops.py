"""Faults of the service in sentences, each with its limit; of no case anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

OLDEST_EVENT_SECONDS = 60
OLDEST_NOTICE_SECONDS = 300
HEALTHY = "ok"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `anchor` is what an alert links to, `command` shows more of it."""

    anchor: str
    said: str
    command: str


@dataclass(frozen=True, slots=True)
class Buried:
    """Dead letters of one queue that failed for one reason."""

    queue: str
    reason: str
    ids: Sequence[str]
    oldest: str

    @property
    def count(self) -> int:
        """Their number."""
        return len(self.ids)


def span(seconds: float) -> str:
    """A length of time as people say it: "45 seconds", "12 minutes", "3 hours"."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}" + ("" if count == 1 else "s")
    count = int(seconds)
    return f"{count} second" + ("" if count == 1 else "s")


def findings(
    status: Mapping[str, Any] | None, buried: Sequence[Buried], silent: Sequence[str]
) -> list[Finding]:
    """Everything that is wrong; `silent` are the queues whose dead letters cannot be read now."""
    if status is None:
        said = "The gateway does not say how the services are: no answer within a second."
        return [Finding("status", said, "curl -i $URL/status")]
    found = [
        finding for name, service in status["services"].items() for finding in _of_service(name, service)
    ]
    found += [
        Finding(f"{name}-down", f"{name.capitalize()} does not answer within a second.", _log(name))
        for name, state in status["front_ends"].items()
        if state == "down"
    ]
    found += [
        Finding(f"{name}-calendar", f"{name.capitalize()} counts with an old calendar.", _log(name))
        for name in status["behind_calendar"]
    ]
    found += [_of_dead_letters(queue, list(some)) for queue, some in groupby(buried, lambda each: each.queue)]
    if silent:
        said = f"Dead letters cannot be read now: {', '.join(silent)}."
        found.append(Finding("dead-letters", said, "curl -i $URL/v1/dead-letters?queue=" + silent[0]))
    return found


def heading(found: Sequence[Finding]) -> str:
    """The first line: "2 things are wrong", or "All well"."""
    if not found:
        return "All well"
    return f"{len(found)} thing{' is' if len(found) == 1 else 's are'} wrong"


def buried_in(queue: str, letters: Sequence[Mapping[str, Any]]) -> list[Buried]:
    """The dead letters of a queue by reason, the most first; the API gives the oldest first."""
    by_reason: dict[str, list[Mapping[str, Any]]] = {}
    for letter in letters:
        by_reason.setdefault(letter["reason"], []).append(letter)
    found = [
        Buried(queue, reason, [each["id"] for each in some], some[0]["type"] or "no event")
        for reason, some in by_reason.items()
    ]
    return sorted(found, key=lambda each: -each.count)


def _of_service(name: str, service: Mapping[str, Any]) -> list[Finding]:
    said, reported = name.capitalize(), service["reported"]
    if reported is None:
        return [Finding(f"{name}-down", f"{said} does not answer within a second.", _log(name))]
    found = [
        Finding(f"{name}-{part}", f"{said} has no {part}: {reported[part]}.", _log(name))
        for part in ("database", "broker")
        if reported[part] != HEALTHY
    ]
    for figure, limit, words in (
        ("oldest_unpublished_seconds", OLDEST_EVENT_SECONDS, "an event that is not published"),
        ("oldest_owed_notice_seconds", OLDEST_NOTICE_SECONDS, "a notice that has not left"),
    ):
        if (waits := reported[figure] or 0) > limit:
            sentence = f"{said} has had {words} for {span(waits)}; the limit is {span(limit)}."
            found.append(Finding(f"{name}-{figure.replace('_', '-')}", sentence, _log(name)))
    for figure, words in (
        ("cases_without_promises", "without their promises"),
        ("disputed_cases", "of which two events disagree"),
    ):
        if count := reported[figure] or 0:
            sentence = f"{said} has {count} case{'' if count == 1 else 's'} {words}; there should be none."
            found.append(Finding(f"{name}-{figure.replace('_', '-')}", sentence, _log(name)))
    if reported.get("undecryptable_values"):
        sentence = f"{said} has an encrypted value that it cannot read: a key is missing, or it was changed."
        found.append(Finding(f"{name}-undecryptable-values", sentence, f"python -m deploy.keys list {name}"))
    return found


def _of_dead_letters(queue: str, some: Sequence[Buried]) -> Finding:
    count = sum(each.count for each in some)
    said = f"{queue.capitalize()} could not handle {count} message{'' if count == 1 else 's'}."
    return Finding(f"{queue}-dead-letters", said, f"curl $URL/v1/dead-letters?queue={queue}")


def _log(name: str) -> str:
    return f"tail -n 50 var/log/{name}.log"
