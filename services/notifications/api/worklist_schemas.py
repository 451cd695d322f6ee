"""Answers of the worklist."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from services.notifications.models import CaseEvent
from services.notifications.worklist.policy import Group, group_of
from services.notifications.worklist.queries import Row
from shared.cases.formats import Instant
from shared.cases.schemas import DeadlineOut
from shared.http.conditional import content_tag
from shared.http.paging import Page
from shared.standards.catalogue import Catalogue


class WorklistHandler(BaseModel):
    """The officer who deals with a case; their name is kept by the case's owner."""

    department: str | None
    subject: str | None = Field(description="The subject of their token, if it is known")


class Untold(BaseModel):
    """A failure to tell anybody of the staff about a case: notices of these kinds failed for good."""

    since: datetime
    kinds: list[str]
    tried: list[str] = Field(description="The channels by which it was tried, in order")

    @classmethod
    def of(cls, events: Sequence[CaseEvent]) -> Self | None:
        """All that the events of a case say; None where there are none."""
        if not events:
            return None
        return cls(
            since=min(event.occurred_at for event in events),
            kinds=list(dict.fromkeys(event.facts["kind"] for event in events)),
            tried=list(dict.fromkeys(way for event in events for way in event.facts["tried"])),
        )


class ToldOut(BaseModel):
    """A case of which somebody knows now what nobody could be told."""

    reference: str
    told_at: datetime


class WorklistItem(BaseModel):
    """A case to be worked, by the promise that is to be kept next."""

    reference: str
    service: str
    department: str | None
    handler: WorklistHandler | None
    high_risk: bool
    next_deadline: DeadlineOut
    promises: int = Field(description="The number of promises that are still to be kept")
    state: str
    group: Group
    untold: Untold | None = Field(description="Nobody could be told of it: see to it, or mark it as told")

    @classmethod
    def of(cls, row: Row, catalogue: Catalogue, now: datetime) -> Self:
        """The case, as it stands at `now`."""
        deadline = row.deadline
        words = catalogue.words_of(deadline.standard, deadline.version_day, deadline.period)
        following = DeadlineOut(
            standard=deadline.standard,
            regime=deadline.regime,
            promise=words.promise,
            source=words.source,
            due_at=deadline.due_at,
            state=deadline.state(now),
            started_at=deadline.started_at,
            met_at=None,
        )
        handler = WorklistHandler(department=deadline.department, subject=deadline.handler or None)
        return cls(
            reference=deadline.reference,
            service=deadline.service,
            department=deadline.department,
            handler=None if deadline.handler is None else handler,
            high_risk=deadline.high_risk,
            next_deadline=following,
            promises=row.promises,
            state=following.state,
            group=group_of(deadline.due_at, deadline.paused_at, now),
            untold=Untold.of(row.untold),
        )


class Worklist(Page[WorklistItem]):
    """Cases to be worked; `counts` are those of all groups, whatever is shown."""

    as_of: Instant
    counts: Mapping[Group, int]

    @property
    def content_tag(self) -> str:
        """The same as long as nothing but the time of the answer differs."""
        return content_tag(self.model_dump_json(exclude={"as_of"}))
