"""Use cases of a tenancy: record it, visit, plan, correct, end; and how it is presented."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.residents import events, policy, queries
from services.residents.models import Read, Tenancy
from services.residents.policy import DEPARTMENT, FOLLOWS, LIFECYCLE, Action, Status
from services.residents.schemas.tenancies import (
    Booking,
    End,
    JointTenant,
    NewTenancy,
    PlanMade,
    PlanRequest,
    SupportPlan,
    TenancyOut,
    TenantsNow,
    Visit,
    VisitingInPairs,
    VulnerabilityNow,
)
from services.residents.service.address_book import find_or_record
from shared.caller import Role, identity_of
from shared.cases import contact
from shared.cases.acts import check
from shared.cases.address_book import spelt_both_ways
from shared.cases.contact import ContactCorrection
from shared.cases.deadlines import deadlines_of
from shared.cases.opening import open_case
from shared.cases.reads import note_reads
from shared.cases.times import after_facts, in_order, instant_of_act, no_earlier, occurred_at
from shared.errors import Forbidden, Invalid
from shared.standards.periods import civil_date, close_of
from shared.work import UnitOfWork


async def start(work: UnitOfWork, body: NewTenancy) -> Tenancy:
    """Record a tenancy; a home that is not in the address book comes into it.

    Raises Forbidden for an officer of another department or for `imported` without the scope, Invalid for a
    time in the future.
    """
    if DEPARTMENT not in work.caller.departments:
        raise Forbidden("Only officers of the residents department keep tenancies.")
    home = await find_or_record(work, body.property)
    tenancy = open_case(
        work,
        Tenancy,
        "TEN",
        body,
        status=Status.STARTED,
        department=DEPARTMENT,
        home=home.id,
        property=body.property.model_dump(mode="json", exclude_none=True),
        tenant=body.tenant,
        joint_tenants=_kept(body.joint_tenants),
        started_on=body.started_on,
        care_leaver=body.care_leaver,
        vulnerable=body.vulnerable,
    )
    tenancy.contact = {"name": body.tenant, **tenancy.contact}
    if body.resident is not None:
        tenancy.resident = identity_of(body.resident, work.state.settings.oidc_issuer)
    started = events.TenancyStarted(
        started_on=body.started_on.isoformat(),
        care_leaver=body.care_leaver,
        department=DEPARTMENT,
        imported=body.imported,
        resident=tenancy.resident,
    )
    # on its first day, though it is recorded later: a visit that was made before the record meets the promise
    began_at = policy.first_moment(body.started_on)
    work.record(tenancy, started, at=min(tenancy.received_at, began_at))
    return tenancy


def _kept(joint_tenants: Sequence[JointTenant]) -> list[dict[str, Any]]:
    return [{"tenant": joint.tenant, "contact": joint.contact.kept()} for joint in joint_tenants]


async def _to_act_on(work: UnitOfWork, reference: str, action: Action) -> Tenancy:
    """A tenancy that allows the act, locked; raises NotFound, StaleVersion and MoveNotAllowed."""
    tenancy = await queries.tenancy_for_update(work, reference)
    check(LIFECYCLE, action, tenancy.situation)
    return tenancy


async def book_visit(work: UnitOfWork, reference: str, body: Booking) -> Tenancy:
    """Agree the time of the settling-in visit, or another; raises Invalid for one that is over."""
    tenancy = await _to_act_on(work, reference, Action.BOOKING)
    at = await occurred_at(work, tenancy, body)
    if body.at <= work.now:
        raise Invalid("A visit is booked before it begins.", "/at")
    if body.at < policy.first_moment(tenancy.started_on):
        raise Invalid("The tenancy has not started by then.", "/at")
    if body.at != tenancy.visit_at:
        tenancy.status, tenancy.visit_at = Status.VISIT_BOOKED, body.at
        work.record(tenancy, events.SettlingInVisitBooked(visit_at=body.at.isoformat()), at=at)
    return tenancy


async def record_visit(work: UnitOfWork, reference: str, body: Visit) -> Tenancy:
    """Record the settling-in visit, with the support plan or the reason for which there is none.

    Raises Invalid for a time in the future, or before the tenancy started: that visit settles nobody in.
    """
    tenancy = await _to_act_on(work, reference, Action.VISIT)
    earliest, pointer = policy.first_moment(tenancy.started_on), "/completed_at"
    given = await instant_of_act(work, tenancy, body.completed_at, pointer=pointer, not_before=earliest)
    at = no_earlier(given, earliest, "the tenancy started", pointer)
    tenancy.status, tenancy.visited_at = Status.VISITED, at
    tenancy.identification_shown, tenancy.why_no_plan = body.identification_shown, body.why_no_plan
    completed = events.SettlingInVisitCompleted(
        support_plan_made=body.support_plan is not None, identification_shown=body.identification_shown
    )
    work.record(tenancy, completed, at=at)
    if body.support_plan is not None:
        _make_plan(work, tenancy, body.support_plan, at)
    return tenancy


async def ask_for_plan(work: UnitOfWork, reference: str, body: PlanRequest) -> Tenancy:
    """Note that the tenant wishes a support plan; section 8 promises one as and when it is asked for."""
    tenancy = await _to_act_on(work, reference, Action.PLAN_REQUEST)
    at = await occurred_at(work, tenancy, body)
    tenancy.plan_asked_for_at = at
    work.record(tenancy, events.SupportPlanRequested(met=False), at=at)
    return tenancy


async def record_plan(work: UnitOfWork, reference: str, body: PlanMade) -> Tenancy:
    """Record a support plan made after the visit, on request, or anew."""
    tenancy = await _to_act_on(work, reference, Action.PLAN)
    at = await in_order(work, tenancy, body, FOLLOWS[Action.PLAN])
    _make_plan(work, tenancy, body.support_plan, at)
    return tenancy


def _make_plan(work: UnitOfWork, tenancy: Tenancy, plan: SupportPlan, at: datetime) -> None:
    tenancy.support_plan = plan.model_dump(mode="json", exclude_none=True)
    work.record(tenancy, events.SupportPlanMade(), at=at)
    if tenancy.plan_asked_for_at is not None:
        tenancy.plan_asked_for_at = None
        work.record(tenancy, events.SupportPlanRequested(met=True), at=at)


async def change_tenants(work: UnitOfWork, reference: str, body: TenantsNow) -> Tenancy:
    """Keep these as the tenants besides the first, in the place of those that were kept."""
    tenancy = await _to_act_on(work, reference, Action.JOINT_TENANTS)
    at = await occurred_at(work, tenancy, body)
    if (kept := _kept(body.joint_tenants)) != tenancy.joint_tenants:
        tenancy.joint_tenants = kept
        work.record(tenancy, events.TenantsChanged(), at=at)
    return tenancy


async def correct_vulnerability(work: UnitOfWork, reference: str, body: VulnerabilityNow) -> Tenancy:
    """Correct the word on the household's vulnerability, also once the tenancy has ended."""
    tenancy = await _to_act_on(work, reference, Action.VULNERABILITY)
    at = await occurred_at(work, tenancy, body)
    if body.vulnerable != tenancy.vulnerable:
        tenancy.vulnerable = body.vulnerable
        work.record(tenancy, events.NeedsCorrected(), at=at)
    return tenancy


async def decide_on_visits(work: UnitOfWork, reference: str, body: VisitingInPairs) -> Tenancy:
    """Keep that two people must go to the household, or need not any more; its people are not told.

    Raises Invalid for a review on a day that is past.
    """
    tenancy = await _to_act_on(work, reference, Action.VISITING_IN_PAIRS)
    at = await occurred_at(work, tenancy, body)
    needed = body.visit_in_pairs and tenancy.status != Status.ENDED
    review_on = body.review_on if needed else None
    if review_on is not None and review_on < civil_date(at):
        raise Invalid("This day is past.", "/review_on")
    tenancy.visit_in_pairs, tenancy.visit_in_pairs_reason = needed, body.reason
    tenancy.visit_in_pairs_review_on = review_on
    others = await queries.others_at_home(work, tenancy)
    decided = events.VisitingInPairsDecided(
        home=tenancy.home,
        home_needs_it=needed or any(other.visit_in_pairs for other in others),
        needed=needed,
        review_on=review_on.isoformat() if review_on else None,
    )
    work.record(tenancy, decided, at=at)
    return tenancy


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> Tenancy:
    """Correct the first tenant's contact: whom to tell, how to get in, how it is safe."""
    tenancy = await _to_act_on(work, reference, Action.CONTACT)
    await contact.correct(work, tenancy, body, events.ContactCorrected())
    return tenancy


async def end(work: UnitOfWork, reference: str, body: End) -> Tenancy:
    """End a tenancy; nothing more is promised about it.

    Raises Invalid for a time in the future, before the tenancy started, or before what was done in it.
    """
    tenancy = await _to_act_on(work, reference, Action.END)
    at = await _ended_at(work, tenancy, body)
    tenancy.status, tenancy.ended_on = Status.ENDED, civil_date(at)
    work.record(tenancy, events.TenancyEnded(), at=at)
    return tenancy


async def _ended_at(work: UnitOfWork, tenancy: Tenancy, body: End) -> datetime:
    """The instant of the end; a day without an hour is taken to its own end."""
    started_at, what = policy.first_moment(tenancy.started_on), "the tenancy started"
    if body.ended_on is None:
        return await in_order(work, tenancy, body, FOLLOWS[Action.END], not_before=started_at, what=what)
    if body.ended_on > civil_date(work.now):
        raise Invalid("This day is in the future.", "/ended_on")
    at = no_earlier(close_of(body.ended_on), started_at, what, "/ended_on")
    history = (await work.history([tenancy.reference]))[tenancy.reference]
    return min(after_facts(at, history, FOLLOWS[Action.END], "/ended_on"), work.now)


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a tenancy allows the caller now."""
    return _allowed(work, await queries.tenancy(work, reference))


def _allowed(work: UnitOfWork, tenancy: Tenancy) -> list[str]:
    return sorted(LIFECYCLE.allowed(work.caller.roles, tenancy.situation))


async def present(work: UnitOfWork, tenancy: Tenancy, purpose: str) -> TenancyOut:
    """One tenancy as the caller sees it; the reading of it is noted."""
    await work.session.flush()
    [shown] = await present_all(work, [tenancy], purpose)
    return shown


async def present_all(work: UnitOfWork, tenancies: Sequence[Tenancy], purpose: str) -> list[TenancyOut]:
    """Tenancies as the caller sees them, in the order given; the reading of each is noted."""
    references = [tenancy.reference for tenancy in tenancies]
    note_reads(work, Read, references, purpose)
    promises = await deadlines_of(work, references)
    homes = await spelt_both_ways(work, [tenancy.property for tenancy in tenancies])
    to_officer = work.caller.is_a(Role.OFFICER)
    return [
        TenancyOut.of(
            tenancy,
            home,
            promises[tenancy.reference],
            work.now,
            _allowed(work, tenancy),
            to_officer=to_officer,
        )
        for tenancy, home in zip(tenancies, homes, strict=True)
    ]
