"""The questions of other services about households, and their answers."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.cases.formats import Uprn
from shared.cases.property import PropertyReference
from shared.cases.schemas import AnswerModel, RequestModel
from shared.cases.words import Line
from shared.clients.joint_questions import MOST
from shared.http.middleware import REQUEST_ID


class HouseholdQuestion(RequestModel):
    """A question about the household in a home, with the request that it is asked for."""

    purpose: Line = Field(description="For the audit, as in `a repair is reported`")
    request_id: Annotated[str, StringConstraints(pattern=f"^{REQUEST_ID}$")] | None = Field(
        None, description="Finds in the logs what the answer was wanted for"
    )
    uprn: Uprn | None = None
    property_reference: PropertyReference | None = None


class HouseholdQuestions(RequestModel):
    """Questions that are answered together, each for itself."""

    questions: Annotated[list[HouseholdQuestion], Field(min_length=1, max_length=MOST)]


class HouseholdOut(AnswerModel):
    """The needs of the household in a home, for the service that asks; of a home without tenants none."""

    vulnerable: bool
    access_needs: str | None
    safe_to_contact: bool
    visit_in_pairs: bool


class HouseholdsOut(BaseModel):
    """The households in the order of the questions."""

    answers: list[HouseholdOut]
