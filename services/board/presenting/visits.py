"""A contractor's visits of a day in words: by window, with the promise, and the next word of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.board.presenting.cases import IN_PAIRS, what, where
from services.board.presenting.times import clock, day_of, due, parsed, weekday_date

Job = Mapping[str, Any]

OPEN = ("reported", "accepted", "en_route", "attended", "made_safe", "follow_on_needed")
"""The statuses of a job on which work is still to be done."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word about a job: the type of the update, the button that tells it, and what it has become."""

    type: str
    button: str
    told: str


ON_MY_WAY = Word("en_route", "On my way", "On the way")
HERE = Word("attended", "Here", "There")
MADE_SAFE = Word("made_safe", "Made safe", "Made safe")
DONE = Word("completed", "Done", "Done")
WORDS = (ON_MY_WAY, HERE, MADE_SAFE, DONE)
"""The words of a visit, each after the other; a phone shows the one after the last that was told."""

REACHED: Mapping[str, int] = {"en_route": 1, "attended": 2, "made_safe": 3, "completed": 4}
"""The number of the words that a status has behind it; for a job that needs another visit none."""


ACTS: Mapping[str, str] = {"made-safe": "Make safe", "completed": "Finish"}
"""The work by which a firm keeps a promise, by how the promise's standard ends."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A job as its firm sees it on the day."""

    reference: str
    what: str
    description: str
    where: str
    window: str
    promise: str
    needs: Sequence[str]
    status: str
    reached: int
    person: str
    phone: str
    safe_times: Sequence[str]
    hazard: str
    is_urgent: bool
    can_be_told: bool

    @property
    def next_word(self) -> Word | None:
        """The word that comes next; None once all are told."""
        return WORDS[self.reached] if self.can_be_told and self.reached < len(WORDS) else None

    @property
    def status_words(self) -> str:
        """The stage of the job; empty while nothing was told."""
        if self.status == "follow_on_needed":
            return "More work needed"
        if self.status == "cancelled":
            return "Called off"
        return WORDS[self.reached - 1].told if self.reached else ""


@dataclass(frozen=True, slots=True)
class Day:
    """The visits of a day, under the words by which they are grouped."""

    groups: Sequence[tuple[str, Sequence[Visit]]]

    @property
    def visits(self) -> Sequence[Visit]:
        """All of them in their order."""
        return [visit for _, visits in self.groups for visit in visits]


def day(jobs: Iterable[Job], now: datetime) -> Day:
    """The visits of today by window, what has no time, and what was not finished; later days are left out."""
    groups: dict[str, list[Job]] = {"Emergencies": [], "Today": [], "No time agreed": [], "Not finished": []}
    for job in {job["reference"]: job for job in jobs}.values():
        group = _group(job, now)
        if group:
            groups[group].append(job)
    return Day(
        [
            (words, [visit(job, now) for job in sorted(found, key=_place)])
            for words, found in groups.items()
            if found
        ]
    )


def _group(job: Job, now: datetime) -> str:
    """The group of a job; empty for one that is for another day."""
    is_open = job["status"] in OPEN
    appointment = job.get("appointment")
    if appointment and day_of(parsed(appointment["starts_at"])) == day_of(now):
        return "Today"
    if not is_open:
        return ""
    if job.get("emergency") and job["status"] not in {"made_safe", "follow_on_needed"}:
        return "Emergencies"
    if not appointment:
        return "No time agreed"
    return "Not finished" if parsed(appointment["ends_at"]) < now else ""


def _place(job: Job) -> tuple[str, str, str]:
    appointment, promise = job.get("appointment") or {}, job.get("next_deadline") or {}
    return appointment.get("starts_at", ""), promise.get("due_at", "9"), job["reference"]


def visit(job: Job, now: datetime) -> Visit:
    """A job of the caller's firm in words."""
    contact = job.get("contact") or {}
    hazard = job.get("hazard") or {}
    return Visit(
        reference=job["reference"],
        what=what(job),
        description=job["description"],
        where=where(job),
        window=_window(job.get("appointment"), now),
        promise=_promise(job.get("next_deadline"), now),
        needs=_needs(job),
        status=job["status"],
        reached=REACHED.get(job["status"], 0),
        person=contact.get("name") or "",
        phone=contact.get("phone") or "",
        safe_times=[_safe(each) for each in contact.get("safe_times") or ()],
        hazard=str(hazard.get("hazard") or "").replace("_", " ").replace("-", " "),
        is_urgent=bool(job.get("emergency")),
        can_be_told="updates" in job["allowed"],
    )


def _window(appointment: Mapping[str, str] | None, now: datetime) -> str:
    if not appointment:
        return ""
    begins, ends = parsed(appointment["starts_at"]), parsed(appointment["ends_at"])
    on = "" if day_of(begins) == day_of(now) else f"{weekday_date(day_of(begins), day_of(now))}, "
    return f"{on}{clock(begins)} to {clock(ends)}"


def _promise(deadline: Mapping[str, str] | None, now: datetime) -> str:
    """The promise that is due next: "Make safe by 12:20pm today", and that it is late where it is."""
    if not deadline:
        return ""
    at = parsed(deadline["due_at"])
    act = ACTS.get(deadline["standard"].rpartition(".")[2])
    by = f"by {due(at, now)}"
    promise = f"{act} {by}" if act else f"{deadline['promise'].rstrip('.')}: {by}"
    return f"Late. {promise}" if at < now.replace(microsecond=0) else promise


def _needs(job: Job) -> Sequence[str]:
    said = (
        (IN_PAIRS, job.get("visit_in_pairs")),
        (job.get("access_needs"), True),
        ("Vulnerable household", job.get("vulnerable")),
    )
    return [words for words, holds in said if words and holds]


def _safe(times: Mapping[str, Any]) -> str:
    days = ", ".join(str(each).capitalize() for each in times.get("days") or ())
    return f"{days}, {times.get('from')} to {times.get('to')}".removeprefix(", ")


def slot_words(slot: Mapping[str, str], now: datetime) -> str:
    """A slot of the firm: "Friday 4 December, 8am to midday"."""
    begins, ends = parsed(slot["starts_at"]), parsed(slot["ends_at"])
    return f"{weekday_date(day_of(begins), day_of(now))}, {clock(begins)} to {clock(ends)}"
