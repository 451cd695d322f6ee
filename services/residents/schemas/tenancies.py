"""Requests and answers about tenancies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, Field, model_validator

from services.residents.models import Tenancy
from services.residents.policy import Status
from shared.cases.contact import ContactOut, ReportedContact
from shared.cases.filters import PropertyFilters, Sort
from shared.cases.formats import Day, Instant
from shared.cases.property import Property, ReportedProperty
from shared.cases.schemas import CaseOut, Channel, RequestModel, common_fields, wrong_at
from shared.cases.summaries import in_words
from shared.cases.words import Line, Words
from shared.standards.deadlines import Deadline

MOST_JOINT_TENANTS = 10


class JointTenant(RequestModel):
    """A tenant besides the first, whom letters may endanger or reach as well."""

    tenant: Line
    contact: ReportedContact


JointTenants = Annotated[list[JointTenant], Field(max_length=MOST_JOINT_TENANTS)]


class NewTenancy(RequestModel):
    """A tenancy as it is recorded; the settling-in visit is promised from the day that it starts on."""

    imported: bool = False  # the first: home and contact are judged by it
    tenant: Line
    joint_tenants: JointTenants = Field(default_factory=list)
    property: ReportedProperty
    started_on: Day
    care_leaver: bool = False
    vulnerable: bool = False
    channel: Channel = Channel.OFFICER
    contact: ReportedContact
    resident: Line | None = Field(None, description="The tenant's subject at the council's sign-in, if known")
    received_at: Instant | None = None


class SupportPlan(RequestModel):
    """A support plan, as it was agreed with the tenant; at least one part of it."""

    summary: Words | None = None
    needs: Words | None = None
    goals: Words | None = None
    actions: Words | None = None
    review_on: Day | None = None

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """An empty plan is none, and that needs a reason."""
        if not any((self.summary, self.needs, self.goals, self.actions)):
            raise ValueError("a support plan says what was agreed")
        return self


class Booking(RequestModel):
    """The time that was agreed for the settling-in visit."""

    at: Instant
    occurred_at: Instant | None = None


class Visit(RequestModel):
    """The settling-in visit as it was made, with the support plan, or the reason for which there is none."""

    completed_at: Instant | None = None
    support_plan: SupportPlan | None
    why_no_plan: Words | None = None
    identification_shown: bool | None = None

    @model_validator(mode="after")
    def has_a_plan_or_a_reason(self) -> Self:
        """Section 8 promises a plan in the visit, so its absence is explained."""
        if self.support_plan is None and self.why_no_plan is None:
            raise wrong_at("/why_no_plan", "say why no support plan was made")
        if self.support_plan is not None and self.why_no_plan is not None:
            raise wrong_at("/why_no_plan", "a support plan was made; give no reason against it")
        return self


class PlanRequest(RequestModel):
    """The wish for a support plan, by default now."""

    occurred_at: Instant | None = None


class PlanMade(RequestModel):
    """A support plan, made after the visit, on request, or anew."""

    support_plan: SupportPlan
    occurred_at: Instant | None = None


class TenantsNow(RequestModel):
    """All tenants besides the first, in the place of those that were kept."""

    joint_tenants: JointTenants
    occurred_at: Instant | None = None


class VulnerabilityNow(RequestModel):
    """The word on the household's vulnerability, corrected by the person or an officer."""

    vulnerable: bool
    occurred_at: Instant | None = None


class VisitingInPairs(RequestModel):
    """The word on whether two people must go to the household, with its reason."""

    visit_in_pairs: bool
    reason: Words
    review_on: Day | None = Field(None, description="Needed where two must go: the day it is looked at again")
    occurred_at: Instant | None = None

    @model_validator(mode="after")
    def is_reviewed(self) -> Self:
        """A warning about somebody that nobody looks at again is soon a wrong one."""
        if self.visit_in_pairs and self.review_on is None:
            raise wrong_at("/review_on", "say on which day it is looked at again")
        return self


class End(RequestModel):
    """The end of a tenancy: on a day, or at an instant; now unless either is given."""

    ended_on: Day | None = None
    occurred_at: Instant | None = None

    @model_validator(mode="after")
    def has_one_time(self) -> Self:
        """Two times could contradict each other."""
        if self.ended_on is not None and self.occurred_at is not None:
            raise ValueError("give ended_on or occurred_at, not both")
        return self


@dataclass(frozen=True, kw_only=True)
class TenancyFilters(PropertyFilters):
    """Filters of the list of tenancies."""

    status: Status | None = None
    sort: Sort | None = None


class JointTenantOut(BaseModel):
    """A tenant besides the first."""

    tenant: str
    contact: ContactOut | None = Field(description="For officers: one tenant is not told how to find another")


class TenancyOut(CaseOut):
    """A tenancy, with what is kept of the household."""

    collection: ClassVar[str] = "/v1/tenancies"

    tenant: str
    joint_tenants: list[JointTenantOut]
    property: Property
    contact: ContactOut
    written_to: str | None = Field(description="For officers: the tenant who is written to, if it is safe")
    started_on: date
    care_leaver: bool
    vulnerable: bool
    visit_in_pairs: bool | None = Field(description="For officers: nobody goes there alone")
    visit_in_pairs_reason: str | None = Field(description="For officers: that of the latest word on it")
    visit_in_pairs_review_on: date | None = Field(description="For officers: the day it is looked at again")
    settling_in_visit_at: Instant | None
    settling_in_visit_completed_at: Instant | None
    identification_shown: bool | None
    support_plan: SupportPlan | None
    why_no_plan: str | None
    support_plan_requested_at: Instant | None = Field(description="While a request waits for its plan")
    ended_on: date | None

    @classmethod
    def of(
        cls,
        tenancy: Tenancy,
        home: dict[str, Any],
        promises: Sequence[Deadline],
        now: datetime,
        allowed: Sequence[str],
        *,
        to_officer: bool,
    ) -> Self:
        """The tenancy at its home, with its deadlines as they stand at `now`."""
        plan = tenancy.support_plan
        return cls.model_construct(
            **common_fields(
                tenancy,
                promises,
                now,
                allowed,
                summary=in_words("Tenancy", tenancy),
                to_officer=to_officer,
            ),
            tenant=tenancy.tenant,
            joint_tenants=[_joint_tenant(joint, to_officer) for joint in tenancy.joint_tenants],
            property=Property.model_construct(**home),
            contact=ContactOut.of(tenancy.contact),
            written_to=tenancy.tenant if to_officer and tenancy.needs.safe_to_contact else None,
            started_on=tenancy.started_on,
            care_leaver=tenancy.care_leaver,
            vulnerable=tenancy.vulnerable,
            visit_in_pairs=tenancy.visit_in_pairs if to_officer else None,
            visit_in_pairs_reason=tenancy.visit_in_pairs_reason if to_officer else None,
            visit_in_pairs_review_on=tenancy.visit_in_pairs_review_on if to_officer else None,
            settling_in_visit_at=tenancy.visit_at,
            settling_in_visit_completed_at=tenancy.visited_at,
            identification_shown=tenancy.identification_shown,
            support_plan=None if plan is None else SupportPlan.of_parsed(plan),
            why_no_plan=tenancy.why_no_plan,
            support_plan_requested_at=tenancy.plan_asked_for_at,
            ended_on=tenancy.ended_on,
        )


def _joint_tenant(kept: dict[str, Any], to_officer: bool) -> JointTenantOut:
    contact = ContactOut.of(kept["contact"]) if to_officer else None
    return JointTenantOut.model_construct(tenant=kept["tenant"], contact=contact)
