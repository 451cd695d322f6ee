"""The report of a repair."""

from pydantic import Field, field_validator

from services.repairs.case.guide import GUIDE
from services.repairs.events.values import Tenure
from services.repairs.hazards.schemas import NamedHazard
from shared.cases.contact import ReportedContact
from shared.cases.formats import Instant
from shared.cases.property import ReportedProperty
from shared.cases.schemas import Channel, RequestModel
from shared.cases.words import Words


class Report(RequestModel):
    """A repair as it is reported."""

    imported: bool = False  # the first: home and contact are judged by it
    property: ReportedProperty
    fault: str = Field(description="A code of the repairs guide", max_length=60)
    description: Words
    channel: Channel
    contact: ReportedContact
    vulnerable: bool = False
    other_working_toilet: bool | None = None
    at_toilet_pan: bool | None = Field(None, description="A drain that is a toilet's, and not another one")
    tenure: Tenure | None = Field(None, description="Decides which law covers the repair; unknown is covered")
    caused_by_resident: bool = False
    handyperson: bool = False
    hazard: NamedHazard | None = None
    received_at: Instant | None = None

    @field_validator("fault")
    @classmethod
    def is_in_the_guide(cls, fault: str) -> str:
        """The guide is the list of faults; `other` is for all that it does not name."""
        if fault not in GUIDE:
            raise ValueError("no such fault; GET /v1/repairs/guide lists them")
        return fault
