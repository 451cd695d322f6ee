"""The promises that no crash may break, each with the cases that break it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from tests.end_to_end.houses import House
from tests.faults.killing import Reports

ACKNOWLEDGED = """
SELECT reference, count(*) FROM notices WHERE kind = 'acknowledgement' AND audience = 'resident'
    AND status = 'sent' GROUP BY reference
"""


@dataclass(frozen=True)
class Verdict:
    """One promise, and all that speaks against it."""

    promise: str
    against: tuple[str, ...]

    def __str__(self) -> str:
        said = f"NOT KEPT ({len(self.against)}): {', '.join(self.against[:5])}" if self.against else "kept"
        return f"{self.promise}: {said}"


@dataclass(frozen=True)
class Stored:
    """All that the databases hold in the end."""

    cases: frozenset[str]
    owed: int
    events: Mapping[tuple[str, int], str]
    received: Mapping[tuple[str, int], str]
    deadlines: frozenset[tuple[str, str, datetime]]
    acknowledged: Mapping[str, int]

    @classmethod
    async def read(cls, house: House) -> "Stored":
        """Read all that is there now."""
        repairs = await asyncpg.connect(house.databases["repairs"])
        notifications = await asyncpg.connect(house.databases["notifications"])
        try:
            return cls(
                frozenset(row["reference"] for row in await repairs.fetch("SELECT reference FROM repairs")),
                await repairs.fetchval("SELECT count(*) FROM events WHERE published_at IS NULL"),
                {(row[0], row[1]): str(row[2]) for row in await repairs.fetch(EVENTS.format("events"))},
                {
                    (row[0], row[1]): str(row[2])
                    for row in await notifications.fetch(EVENTS.format("case_events"))
                },
                frozenset(
                    (row["reference"], row["standard"], row["due_at"])
                    for row in await notifications.fetch("SELECT reference, standard, due_at FROM deadlines")
                ),
                {row["reference"]: row["count"] for row in await notifications.fetch(ACKNOWLEDGED)},
            )
        finally:
            await repairs.close()
            await notifications.close()

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is on its way any more."""
        return not self.owed and self.events.keys() <= self.received.keys() and self.is_told

    @property
    def is_told(self) -> bool:
        """Tell whether every case is acknowledged."""
        return self.cases <= self.acknowledged.keys()


EVENTS = "SELECT reference, sequence, id FROM {} WHERE type LIKE 'repairs.%'"


def verdicts(reports: Reports, stored: Stored, letters: Counter[str], kills: int) -> list[Verdict]:
    """Each promise, judged; a letter that was leaving at a kill may leave again, once for each kill."""
    answered = {answer["reference"]: answer for answers in reports.answers.values() for answer in answers}
    named = {key: {answer["reference"] for answer in told} for key, told in reports.answers.items()}
    owners = Counter(reference for references in named.values() for reference in references)
    quoted = {
        (reference, each["standard"], datetime.fromisoformat(each["due_at"]))
        for reference, answer in answered.items()
        for each in answer["deadlines"]
    }
    twice = [f"{reference} {times} times" for reference, times in letters.items() if times > 1]
    return [
        _judged("Nothing that was accepted is lost", answered.keys() - stored.cases),
        _judged("Every report was accepted in the end", reports.refusals),
        _judged(
            "One key is one case",
            [key for key, references in named.items() if len(references) != 1]
            + [reference for reference, times in owners.items() if times > 1],
        ),
        _judged("No case was made that nobody was told of", stored.cases - answered.keys()),
        _judged("Every event is published", [f"{stored.owed} are owed"] if stored.owed else []),
        _judged(
            "Every event is received, once and unchanged",
            [f"{reference} {n}" for reference, n in stored.events.items() ^ stored.received.items()],
        ),
        _judged(
            "Every accepted case has the deadlines that it was told",
            [f"{reference} {standard}" for reference, standard, _ in quoted - stored.deadlines],
        ),
        _judged("Every resident is told", stored.cases - stored.acknowledged.keys()),
        _judged(
            "No acknowledgement is owed twice",
            [reference for reference, times in stored.acknowledged.items() if times > 1],
        ),
        _judged(
            f"Nobody is written to twice, but for one letter a kill ({len(twice)} of {kills})",
            twice if len(twice) > kills else [],
        ),
    ]


def _judged(promise: str, against: Iterable[object]) -> Verdict:
    return Verdict(promise, tuple(map(str, against)))
