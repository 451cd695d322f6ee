"""Dead letters as ops see them: by why, how many and since when, with the command of each act; no case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from shlex import quote
from typing import Any

from services.board.presenting.times import moment, parsed

COMMAND = ".venv/bin/python -m deploy.dead_letters"
Letter = Mapping[str, Any]
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Buried:
    """Dead letters of one queue that failed for one reason; `ids` are of those shown, the oldest first.

    `count` is their number as far as it is known: with `of_first` among so many of the queue's alone. The
    same message twice has one id.
    """

    queue: str
    reason: str
    ids: Sequence[str]
    shown: int
    count: int
    of_first: int
    oldest: str
    recorded_at: datetime | None
    died_at: datetime | None
    back: int

    @property
    def how_many(self) -> str:
        """The count in words, which say where it is not of all."""
        said = messages(self.count)
        return f"{said} of the first {self.of_first}" if self.of_first else said

    @property
    def is_whole(self) -> bool:
        """Tell if all of them are shown, so that an act can be on all."""
        return not self.of_first and self.shown == self.count

    @property
    def try_one(self) -> str:
        """The command that tries the oldest."""
        return f"{COMMAND} try {self.queue} --id {self.ids[0]}"

    @property
    def try_all(self) -> str:
        """The command that tries all that are shown."""
        return f"{COMMAND} try {self.queue} --reason {quote(self.reason)}"

    @property
    def discard(self) -> str:
        """The command that discards all that are shown."""
        return f"{COMMAND} discard {self.queue} --reason {quote(self.reason)} --because '…'"


@dataclass(frozen=True, slots=True)
class Listed:
    """The dead letters of a queue: how many in all, how many were looked at, and these by their reason."""

    queue: str
    total: int
    shown: int
    waiting: int
    groups: Sequence[Buried]
    replayed: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class Replay:
    """Dead letters of a queue that were queued at one instant, to be tried once more."""

    queue: str
    count: int
    at: datetime


def messages(count: int) -> str:
    """A number of messages in words."""
    return f"{count} message{'' if count == 1 else 's'}"


def listed(queue: str, answer: Mapping[str, Any]) -> Listed:
    """The dead letters of a queue as the API tells them; the version before told no more than the items."""
    letters: Sequence[Letter] = answer["items"]
    total = answer.get("total", len(letters))
    replayed = [parsed(letter["replayed_at"]) for letter in letters if letter.get("replayed_at")]
    known = {row["reason"]: row["count"] for row in answer.get("reasons") or ()}
    of_first = 0 if known or total <= len(letters) else len(letters)
    groups = _groups(queue, letters, known, of_first)
    return Listed(queue, total, len(letters), answer.get("waiting", 0), groups, replayed)


def became(replay: Replay, found: Listed | None, now: datetime) -> list[tuple[str, str]]:
    """The states of a replay: queued, tried, back again."""
    queued = ("Queued", f"{messages(replay.count)} of {replay.queue}, {moment(replay.at, now)}")
    if found is None:
        return [queued, ("Tried", "Cannot be read now"), ("Back again", "Cannot be read now")]
    tried = f"Up to {found.waiting} not yet: so many wait in the queue" if found.waiting else "All of them"
    back = found.replayed.count(replay.at)
    if back < replay.count and found.total > found.shown:
        said = f"{back} seen. Only the first {found.shown} of {found.total} are looked at, and they come last"
    else:
        said = f"{back}" if back else "None so far"
    return [queued, ("Tried", tried), ("Back again", said)]


def _groups(queue: str, letters: Sequence[Letter], known: Mapping[str, int], of_first: int) -> list[Buried]:
    """The letters by reason, the most first."""
    by_reason: dict[str, list[Letter]] = {}
    for letter in sorted(letters, key=_since):
        by_reason.setdefault(letter["reason"], []).append(letter)
    found = [
        Buried(
            queue=queue,
            reason=reason,
            ids=list(dict.fromkeys(letter["id"] for letter in some)),
            shown=len(some),
            count=known.get(reason, len(some)),
            of_first=of_first,
            oldest=some[0]["type"] or "no event",
            recorded_at=_instant(some[0], "recorded_at"),
            died_at=_instant(some[0], "died_at"),
            back=sum(1 for letter in some if letter.get("replayed_at")),
        )
        for reason, some in by_reason.items()
    ]
    return sorted(found, key=lambda each: -each.count)


def _since(letter: Letter) -> datetime:
    """The instant from which a letter is old: of its event where it is one, else of its death."""
    return _instant(letter, "recorded_at") or _instant(letter, "died_at") or END_OF_TIME


def _instant(letter: Letter, name: str) -> datetime | None:
    return parsed(letter[name]) if letter.get(name) else None
