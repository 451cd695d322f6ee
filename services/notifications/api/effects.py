"""The route of the effects that an act would have."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, Field

from services.notifications.notices import effects
from services.notifications.notices.channels import Form
from services.notifications.notices.effects import Meeting, Telling
from services.notifications.notices.queries import cases
from shared.caller import OFFICER
from shared.cases.access import is_worked_by
from shared.cases.filters import Term
from shared.cases.formats import Instant
from shared.cases.routers import Reference
from shared.errors import Invalid, NotFound
from shared.http.auth import requires
from shared.http.case_route import routes_of
from shared.http.problems import problems
from shared.standards.deadlines import State, deadlines
from shared.standards.vocabulary import Value
from shared.work import UnitOfWork

router = routes_of(prefix="/v1", tags=["notifications"])

Officer = Annotated[UnitOfWork, requires(OFFICER)]
Events = Annotated[
    list[Term],
    Query(alias="event", min_length=1, max_length=20, description="Types of events, of the case's service"),
]
Facts = dict[str, list[Value]]


class MetPromise(BaseModel):
    """An open promise that the event meets, if its facts are among those of `when`."""

    standard: str
    promise: str
    due_at: Instant
    state: State
    started_at: Instant
    when: Facts
    by_letter: bool = Field(description="It is open again if the letter of the event comes back")
    of_one: bool = Field(
        description="Only that of one thing among several, such as one of the actions that were promised"
    )

    @classmethod
    def of(cls, meeting: Meeting, work: UnitOfWork) -> Self:
        """The promise as it stands now."""
        deadline, condition = meeting.deadline, meeting.condition
        return cls(
            standard=deadline.standard,
            promise=deadline.promise,
            due_at=deadline.due_at,
            state=deadline.state(work.now),
            started_at=deadline.started_at,
            when=_facts(condition.when),
            by_letter=work.state.catalogue.vocabulary.is_by_letter(condition.event),
            of_one=deadline.row.matched_on is not None,
        )


class Told(BaseModel):
    """A message to the resident about the event, if its facts are among those of `when`."""

    when: Facts
    needs: list[str] = Field(description="Facts without which it is not sent")
    is_certain: bool = Field(description="It leaves whatever else is known of the case")
    form: Form | None = Field(description="Null: it may not be sent to them, and goes to the department")

    @classmethod
    def of(cls, telling: Telling) -> Self:
        """The message, by its row."""
        row = telling.message
        return cls(
            when=_facts(row.when), needs=[*row.needs], is_certain=telling.is_certain, form=telling.form
        )


class Effect(BaseModel):
    """The effect of one event."""

    event: str
    meets: list[MetPromise]
    tells: list[Told] | None = Field(description="Null: the case's owner gives no answer just now")
    may_change_dates: bool = Field(
        description="An open promise may move by it, of which the resident is told"
    )


class Effects(BaseModel):
    """The effects of events that have not happened yet."""

    reference: str
    items: list[Effect]


@router.get(
    "/cases/{reference}/effects",
    summary="What would follow from an event of the case",
    responses=problems(NotFound),
)
async def read_effects(reference: Reference, events: Events, work: Officer) -> Effects:
    """The effects of each event: promises that it meets, and how the resident is told; it changes nothing."""
    case = await cases.visible_case(work, reference)
    if not is_worked_by(case, work.caller):
        raise NotFound("There is no such case for this caller.")
    _check(work, case.service, events)
    history = (await cases.histories(work, [case.reference]))[case.reference]
    counted = deadlines(history, work.state.catalogue, work.state.calendar)
    told = await effects.tellings(work, case, events)
    items = [
        Effect(
            event=event,
            meets=[MetPromise.of(each, work) for each in effects.meetings(event, counted)],
            tells=None if told is None else [Told.of(each) for each in told[event]],
            may_change_dates=effects.may_change_dates(event, counted),
        )
        for event in dict.fromkeys(events)
    ]
    return Effects(reference=case.reference, items=items)


def _check(work: UnitOfWork, service: str, events: Sequence[str]) -> None:
    """Raise Invalid for an event that is none of the case's service."""
    known = work.state.catalogue.vocabulary.events
    if not all(event in known and event.partition(".")[0] == service for event in events):
        raise Invalid(f"An event is one of {service}, by its type.", "/event")


def _facts(when: Mapping[str, Sequence[Value]]) -> Facts:
    return {fact: [*values] for fact, values in when.items()}
