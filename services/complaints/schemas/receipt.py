"""Requests by which a complaint comes in, and the filters of their list."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, model_validator

from services.complaints.events import About, Severity
from services.complaints.policy import Status
from shared.cases.contact import ReportedContact
from shared.cases.filters import PropertyFilters, Sort
from shared.cases.formats import Day, Instant
from shared.cases.property import ReportedProperty
from shared.cases.schemas import Channel, RequestModel, wrong_at
from shared.cases.words import Line, ShortLine, Words
from shared.references import normalised
from shared.standards.vocabulary import Vocabulary

MOST_POINTS = 30
MOST_COMPLAINANTS = 100

_HAZARDS = Vocabulary.bundled().facts_of("repairs.hazard-reported")["hazard"]


def _known_hazard(given: str) -> str:
    if given not in _HAZARDS:
        raise ValueError("this is no hazard of the Housing Health and Safety Rating System")
    return given


class MentionedHazard(RequestModel):
    """A hazard that a complaint tells of; we are aware of it from then on, or since `aware_at`."""

    hazard: Annotated[
        Line, AfterValidator(_known_hazard), Field(json_schema_extra={"enum": [*map(str, _HAZARDS)]})
    ]
    severity: Severity
    aware_at: Instant | None = None


class Representative(RequestModel):
    """Somebody who brings the complaint for the resident, with the resident's consent."""

    name: Line
    relationship: Line | None = Field(None, description="As in daughter, advocate or councillor")
    consent: bool = Field(description="The resident has consented, and the record of it is kept")

    @model_validator(mode="after")
    def has_consent(self) -> "Representative":
        """Require consent: without it, nothing of the resident's may be told to anybody else."""
        if not self.consent:
            raise wrong_at("/consent", "a representative needs the resident's recorded consent")
        return self


class Complainant(RequestModel):
    """One of several people who complain together."""

    name: Line


_A_NAME: TypeAdapter[str] = TypeAdapter(Line)


def _by_name(given: Any) -> Any:
    return Complainant(name=_A_NAME.validate_python(given)) if isinstance(given, str) else given


ComplainantGiven = Annotated[
    Complainant, BeforeValidator(_by_name, json_schema_input_type=Line | Complainant)
]
AnyReference = Annotated[ShortLine, AfterValidator(lambda text: normalised(text) or text)]


class Point(RequestModel):
    """A point to be answered by itself; `about` where it is about another service than the complaint."""

    text: Words
    about: About | None = None


_POINT: TypeAdapter[str] = TypeAdapter(Words)


def _by_text(given: Any) -> Any:
    return Point(text=_POINT.validate_python(given)) if isinstance(given, str) else given


PointGiven = Annotated[Point, BeforeValidator(_by_text, json_schema_input_type=Words | Point)]
Points = Annotated[list[PointGiven], Field(min_length=1, max_length=MOST_POINTS)]


class NewComplaint(RequestModel):
    """A complaint as it comes in: any expression of dissatisfaction, however made."""

    imported: bool = False
    about: About
    about_reference: AnyReference | None = Field(None, description="The case that it is about")
    description: Words
    points: Points | None = Field(None, description="Points to be answered one by one")
    outcome_sought: Words | None = None
    property: ReportedProperty | None = None
    hazard: MentionedHazard | None = None
    occurred_on: Day | None = Field(None, description="The day of what is complained about")
    aware_on: Day | None = Field(None, description="The day on which the resident learnt of it, if later")
    channel: Channel
    contact: ReportedContact
    representative: Representative | None = None
    complainants: Annotated[list[ComplainantGiven], Field(max_length=MOST_COMPLAINANTS)] | None = None
    received_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class WhichLetter:
    """The letter meant, of several of one kind; by default the latest."""

    stage: Annotated[int | None, Query(ge=1, le=2)] = None
    sequence: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="Of the event that it tells of")
    ] = None


@dataclass(frozen=True, kw_only=True)
class ComplaintFilters(PropertyFilters):
    """Filters of the list of complaints."""

    status: Status | None = None
    sort: Sort | None = None
    about: Annotated[About | None, Query(description="The service complained about")] = None
