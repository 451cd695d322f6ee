"""Answers about a case, for its officers and for whoever reported it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field

from services.asb.events import Every, Risk
from services.asb.models import AsbCase
from services.asb.policy import Action, Body, Category, Reporter
from services.asb.schemas.case_review import CaseReviewOut
from shared.cases.contact import Contact, ContactOut
from shared.cases.formats import Instant
from shared.cases.property import Property
from shared.cases.reads import ReadOut
from shared.cases.schemas import AnswerModel, CaseOut, RequestModel
from shared.cases.words import Words


class AllegedPerpetratorOut(BaseModel):
    """The person complained of, as they were described."""

    name: str | None = None
    address: str | None = None
    description: str | None = None
    subject: str | None = None


class IncidentOut(AnswerModel):
    """An incident of the diary."""

    number: int
    description: str | None
    happened_on: date
    reported_on: date
    reported_to: Body
    told_at: Instant


class DamageOut(AnswerModel):
    """A damage to the home."""

    number: int
    fault: str | None
    our_repair_responsibility: bool
    reported_at: Instant
    made_safe_at: Instant | None
    repair_cancelled_at: Instant | None = Field(description="Its repair was called off before it was safe")
    not_ours_at: Instant | None = Field(description="It was found to be somebody else's to repair")


class ToldOut(BaseModel):
    """Something that the victim was told: an update, or the written plan."""

    act: Action
    words: str
    told_at: Instant


class RiskOut(BaseModel):
    """The risk, and what is to be done about it."""

    score: Risk | None
    assessed_at: Instant | None
    to_assess: bool = Field(description="It was never assessed, or an incident has come since")
    review_due: bool = Field(description="A manager is to review it")


class SurveyOut(BaseModel):
    """The questionnaire after closing."""

    sent_at: Instant
    answered_at: Instant | None
    satisfied: bool | None


class AsbOut(CaseOut):
    """A case; what only officers are shown is null for its reporter."""

    collection: ClassVar[str] = "/v1/asb"

    readable: bool = Field(
        True, description="False in a list where what was said cannot be decrypted, and is left out"
    )
    category: Category
    hate_incident: bool
    priority: int
    reporter: Reporter
    description: str
    contact: ContactOut
    property: Property | None
    alleged_perpetrators: list[AllegedPerpetratorOut] | None
    update_frequency: Every
    incidents: list[IncidentOut]
    told: list[ToldOut] = Field(description="Updates and plans, as the victim was told them")
    damages: list[DamageOut]
    survey: SurveyOut | None
    case_reviews: list[CaseReviewOut]
    risk: RiskOut | None
    team: list[str] | None = Field(description="The subjects of the tokens of those who see it")
    joined_to: str | None
    joined: list[str] | None = Field(description="Reports about the same people that were joined to this one")


class DiaryEntryOut(AnswerModel):
    """An act, with all that was said in it."""

    act: str
    sequence: int
    said: dict[str, Any]
    told_by: str
    occurred_at: Instant


class Diary(BaseModel):
    """All acts on a case, in order."""

    items: list[DiaryEntryOut]


class Suggestion(BaseModel):
    """A case that may be about the same people; nothing is joined unless an officer does."""

    reference: str
    status: str
    received_at: Instant
    category: Category
    matches: int = Field(description="The number of things that both reports say alike")


class Suggestions(BaseModel):
    """The cases that may be about the same people, the likeliest first."""

    items: list[Suggestion]


class BrokenGlassOut(BaseModel):
    """An officer outside the team opened a case in an emergency."""

    reference: str
    by: str
    at: Instant
    reason: str


class ReadOfCaseOut(ReadOut):
    """One read of a case among those of all cases."""

    reference: str


class DamagedHome(BaseModel):
    """All that leaves for repairs: where the damage is, the fault, and the words for the contractor."""

    property: dict[str, Any]
    fault: str | None
    description: str | None


class Access(BaseModel):
    """The team of a case, and digests of those from whom it is kept, as of its latest event's sequence."""

    team: list[str]
    kept_from: list[str]
    as_of: int

    @classmethod
    def of(cls, case: AsbCase) -> Self:
        """The access to a case, as its events tell it."""
        return cls(team=case.team or [], kept_from=case.kept_from or [], as_of=case.version)


class ReferredCase(RequestModel):
    """A request or problem that another service referred; anything more that is said is left unread."""

    model_config = ConfigDict(extra="ignore")

    property: Property | None = None
    description: Words
    contact: Contact | None = None


def told_by(entries: Sequence[Any]) -> list[ToldOut]:
    """The words of updates and plans among acts, in order."""
    fields = {Action.UPDATES: "message", Action.ACTION_PLAN: "plan"}
    return [
        ToldOut.model_construct(
            act=Action(entry.act), words=entry.said[fields[Action(entry.act)]], told_at=entry.occurred_at
        )
        for entry in entries
        if entry.act in fields
    ]


def survey_of(
    sent_at: datetime | None, answered_at: datetime | None, satisfied: bool | None
) -> SurveyOut | None:
    """The questionnaire, once it was sent."""
    if sent_at is None:
        return None
    return SurveyOut.model_construct(sent_at=sent_at, answered_at=answered_at, satisfied=satisfied)
