"""Requests and answers about the caretakers' rounds, and graffiti that came again."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from services.estates.events import Resolution
from services.estates.policy.rounds import Task
from services.estates.schemas.sites import WHICH_LANDINGS, CleanDone, Landings
from shared.cases.batch import BatchResult
from shared.cases.formats import Instant
from shared.cases.schemas import AnswerModel, RequestModel, wrong_at
from shared.cases.words import Words
from shared.references import normalised, prefix_of

MOST_TICKS = 500
PROBLEM = "EST"
OF_A_SITE = ("inside", "outside", "lifts", "lobbies", "landings", "swept", "follow_up")
OF_A_PROBLEM = ("attended", "resolution")


class StopOut(AnswerModel):
    """One thing to do on the round; what is urgent stands before the walking order."""

    task: Task
    reference: str
    caretaker: str | None
    caretaker_subject: str | None
    walking_order: int | None
    where: str
    what: str
    urgent: bool
    number: int | None = Field(description="Of a follow-up or a clearance in its site's list")
    due_at: Instant | None
    parts: list[str] = Field(description="The parts of a site without which a clean is only a part of one")
    landing: int | None = Field(description="The landing whose turn it is")


class RoundSheet(BaseModel):
    """The rounds of one day, a caretaker after the other."""

    on: date
    items: list[StopOut]


class Tick(RequestModel):
    """One thing that was done on a round: a clean of a site, or something about a problem.

    Of a site: the parts cleaned, or the number of a `follow_up` that was put right. Of a problem: it is
    resolved, unless only `attended`.
    """

    reference: Annotated[str, StringConstraints(max_length=40, pattern="[0-9A-Za-z]")]
    occurred_at: Instant | None = None
    inside: bool | None = None
    outside: bool | None = None
    lifts: bool | None = None
    lobbies: bool | None = None
    landings: Landings | None = Field(None, description=WHICH_LANDINGS)
    swept: bool | None = None
    follow_up: int | None = Field(None, ge=1, le=100_000)
    attended: bool | None = None
    resolution: Resolution | None = None
    notes: Words | None = None

    @model_validator(mode="after")
    def is_about_one_thing(self) -> Self:
        """A tick of a site says nothing of a problem, and the other way round."""
        is_site = prefix_of(normalised(self.reference) or "") != PROBLEM
        for name in OF_A_PROBLEM if is_site else OF_A_SITE:
            if getattr(self, name) is not None:
                raise wrong_at(f"/{name}", "this belongs to another kind of tick")
        if is_site and self.follow_up is None:
            for name in ("inside", "outside"):
                if getattr(self, name) is None:
                    raise wrong_at(f"/{name}", "say of inside and outside whether they were cleaned")
        return self

    @property
    def clean(self) -> CleanDone:
        """The clean that a tick of a site tells of."""
        told = {name: getattr(self, name) for name in CleanDone.model_fields}
        return CleanDone.model_construct(**{name: said for name, said in told.items() if said is not None})


class Ticks(RequestModel):
    """Up to 500 ticks, in any order; each is judged on its own, so they are read one by one."""

    ticks: list[object] = Field(min_length=1, max_length=MOST_TICKS)


class TicksOut(BaseModel):
    """The outcome of each tick, in the order they were sent."""

    results: list[BatchResult]


class RepeatedGraffiti(BaseModel):
    """A site to which offensive graffiti came again and again, with the problems that tell of it."""

    site: str
    name: str
    address: str
    times: int
    latest_at: Instant
    issues: list[str]


class RepeatedGraffitiOut(BaseModel):
    """The sites to which offensive graffiti came so many times in so many days, the latest first."""

    times: int
    within_days: int
    items: list[RepeatedGraffiti]
