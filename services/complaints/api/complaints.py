"""The routes of complaints."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query
from fastapi.responses import Response as Download

from services.complaints import queries
from services.complaints.letters import LetterKind
from services.complaints.models import Attachment, Complaint
from services.complaints.policy import LIFECYCLE, Action
from services.complaints.report import as_rows
from services.complaints.schemas.acts import (
    Acknowledgement,
    Adjustments,
    Assignment,
    Completion,
    ConflictOfInterest,
    ContactRestriction,
    ContactRestrictionLifting,
    Escalation,
    Extension,
    MorePoints,
    OmbudsmanDetermination,
    OmbudsmanReferral,
    RemedyFailure,
    Reopening,
    Response,
    Triage,
    Update,
    UpdateInterval,
    Withdrawal,
)
from services.complaints.schemas.answers import ComplaintOut, LetterLine, LetterOut, Letters
from services.complaints.schemas.receipt import ComplaintFilters, NewComplaint, WhichLetter
from services.complaints.schemas.report import AnnualReport, ReportFormat
from services.complaints.service import (
    adjusting,
    answering,
    contact,
    failing,
    ombudsman,
    promising,
    receiving,
    replying,
    reporting,
    restricting,
    triage as triaging,
    updating,
)
from services.complaints.service.presenting import allowed, present, present_new, present_one
from shared.caller import FRONTEND, OFFICER, RESIDENT
from shared.cases.attachments.routers import attachments_router
from shared.cases.cells import written
from shared.cases.contact import ContactCorrection
from shared.cases.reasons import ReasonOut, Reasons
from shared.cases.routers import Reference, action, case_router
from shared.errors import NotFound
from shared.http.auth import may, requires
from shared.http.paging import Page, Paging
from shared.http.problems import problems
from shared.standards.calendar import FIRST_YEAR, LAST_YEAR
from shared.work import Creation, UnitOfWork

router = case_router("/v1/complaints", tags=["complaints"], allowed=allowed)
attachments = attachments_router(
    "/v1/complaints",
    Attachment,
    find=queries.complaint,
    find_for_update=queries.complaint_for_update,
    allowed=allowed,
    tags=["complaints"],
    brought=Complaint,
)

Complainant = Annotated[Creation, requires(RESIDENT | FRONTEND | OFFICER)]
Reader = Annotated[UnitOfWork, requires(RESIDENT | OFFICER)]
Officer = Annotated[UnitOfWork, requires(OFFICER)]
Triager = Annotated[UnitOfWork, may(LIFECYCLE, Action.TRIAGE)]
Assigner = Annotated[UnitOfWork, may(LIFECYCLE, Action.ASSIGNMENT)]
Declarer = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONFLICT)]
Acknowledger = Annotated[UnitOfWork, may(LIFECYCLE, Action.ACKNOWLEDGEMENT)]
PointAdder = Annotated[UnitOfWork, may(LIFECYCLE, Action.POINTS)]
Extender = Annotated[UnitOfWork, may(LIFECYCLE, Action.EXTENSION)]
Updater = Annotated[UnitOfWork, may(LIFECYCLE, Action.UPDATES)]
IntervalSetter = Annotated[UnitOfWork, may(LIFECYCLE, Action.INTERVAL)]
Adjuster = Annotated[UnitOfWork, may(LIFECYCLE, Action.ADJUSTMENTS)]
Responder = Annotated[UnitOfWork, may(LIFECYCLE, Action.RESPONSE)]
Escalator = Annotated[UnitOfWork, may(LIFECYCLE, Action.ESCALATION)]
Completer = Annotated[UnitOfWork, may(LIFECYCLE, Action.COMPLETION)]
Failer = Annotated[UnitOfWork, may(LIFECYCLE, Action.FAILURE)]
Referrer = Annotated[UnitOfWork, may(LIFECYCLE, Action.OMBUDSMAN_REFERRAL)]
Determiner = Annotated[UnitOfWork, may(LIFECYCLE, Action.OMBUDSMAN_DETERMINATION)]
Reopener = Annotated[UnitOfWork, may(LIFECYCLE, Action.REOPENING)]
Withdrawer = Annotated[UnitOfWork, may(LIFECYCLE, Action.WITHDRAWAL)]
Restricter = Annotated[UnitOfWork, may(LIFECYCLE, Action.RESTRICTION)]
Lifter = Annotated[UnitOfWork, may(LIFECYCLE, Action.LIFTING)]
Corrector = Annotated[UnitOfWork, may(LIFECYCLE, Action.CONTACT)]
Year = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR - 1, description="That of the first of April")]
REPORTED: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
ActionNumber = Annotated[int, Path(ge=1, le=10_000, description="The number of what was promised")]


@router.post("", status_code=201, summary="Complain")
async def make_complaint(body: NewComplaint, work: Complainant) -> ComplaintOut:
    """Take in any expression of dissatisfaction, and promise its dates under both regimes; section 10."""
    return await present_new(work, await receiving.receive(work, body))


@router.get("", summary="Complaints that the caller may see")
async def list_complaints(
    work: Reader, page: Paging, filters: Annotated[ComplaintFilters, Depends()]
) -> Page[ComplaintOut]:
    """The latest first, unless `sort` or `updated_since` says otherwise."""
    rows, following = await queries.listed(work, filters, page)
    return Page(items=await present(work, *rows), next=following)


@router.get("/annual-report", summary="The annual report", response_model=AnnualReport, responses=REPORTED)
async def read_annual_report(
    work: Officer, year: Year, format: ReportFormat = ReportFormat.JSON
) -> AnnualReport | Download:
    """Complaints received from 1 April of that year: by category, stage and outcome, refused and why."""
    summary = await reporting.report(work, year)
    if format is ReportFormat.JSON:
        return AnnualReport.of(year, summary)
    return Download(written(as_rows(summary)), media_type="text/csv; charset=utf-8")


@router.get("/{reference}", summary="One complaint", responses=problems(NotFound))
async def read_complaint(reference: Reference, work: Reader) -> ComplaintOut:
    """A complaint with the dates of both regimes, both stages, and what is still to be done."""
    return await present_one(work, await queries.complaint(work, reference))


@router.post("/{reference}/triage", **action("Decide how a complaint is dealt with"))
async def triage_complaint(reference: Reference, body: Triage, work: Triager) -> ComplaintOut:
    """Stage one, a request for a service, another body, refused with the Code's ground, or put right."""
    return await present_one(work, await triaging.triage(work, reference, body))


@router.post("/{reference}/assignment", **action("Give a complaint to an officer"))
async def assign_complaint(reference: Reference, body: Assignment, work: Assigner) -> ComplaintOut:
    """Give it to an officer; at stage two to nobody who dealt with stage one."""
    return await present_one(work, await triaging.assign(work, reference, body))


@router.post("/{reference}/conflict-of-interest", **action("Declare an officer's conflict of interest"))
async def declare_complaint_conflict(
    reference: Reference, body: ConflictOfInterest, work: Declarer
) -> ComplaintOut:
    """Keep an officer from being given the complaint and from deciding it."""
    return await present_one(work, await triaging.declare_conflict(work, reference, body))


@router.post("/{reference}/acknowledgement", **action("Acknowledge a complaint"))
async def acknowledge_complaint(
    reference: Reference, body: Acknowledgement, work: Acknowledger
) -> ComplaintOut:
    """Tell the complainant what we understood, which points are ours, and what happens next."""
    return await present_one(work, await answering.acknowledge(work, reference, body))


@router.post("/{reference}/points", **action("Add points to a complaint"))
async def add_complaint_points(reference: Reference, body: MorePoints, work: PointAdder) -> ComplaintOut:
    """Related points join it until its first answer; later ones are a new complaint."""
    return await present_one(work, await answering.add_points(work, reference, body))


@router.post("/{reference}/extension", **action("Tell the complainant that the answer needs longer"))
async def extend_complaint(reference: Reference, body: Extension, work: Extender) -> ComplaintOut:
    """Once a stage, before the promised day is past; beyond the Code's limit a manager approves it."""
    return await present_one(work, await answering.extend(work, reference, body))


@router.post("/{reference}/updates", **action("Write to the complainant how far we are"))
async def update_complainant(reference: Reference, body: Update, work: Updater) -> ComplaintOut:
    """Record an update, owed at intervals while an answer is late or a remedy outstanding."""
    return await present_one(work, await updating.give_update(work, reference, body))


@router.post("/{reference}/update-interval", **action("Agree how often the complainant is updated"))
async def agree_update_interval(
    reference: Reference, body: UpdateInterval, work: IntervalSetter
) -> ComplaintOut:
    """Agree how often updates come, also before an answer is late; without it every ten working days."""
    return await present_one(work, await updating.agree_interval(work, reference, body))


@router.post("/{reference}/adjustments", **action("Agree reasonable adjustments for the complainant"))
async def adjust_for_complainant(reference: Reference, body: Adjustments, work: Adjuster) -> ComplaintOut:
    """All that are in force, also to keep them at their review; an empty list ends them."""
    return await present_one(work, await adjusting.adjust(work, reference, body))


@router.post("/{reference}/response", **action("Answer a complaint"))
async def answer_complaint(reference: Reference, body: Response, work: Responder) -> ComplaintOut:
    """The full written reply of the stage that it is at, with every part that the Code asks for."""
    return await present_one(work, await replying.respond(work, reference, body))


@router.post("/{reference}/escalation", **action("Ask for stage two"))
async def escalate_complaint(reference: Reference, body: Escalation, work: Escalator) -> ComplaintOut:
    """Take it to stage two on the resident's request alone; no reason is needed."""
    return await present_one(work, await replying.escalate(work, reference, body))


@router.post("/{reference}/actions/{n}/completion", **action("Record that what was promised is done"))
async def complete_complaint_action(
    reference: Reference, n: ActionNumber, body: Completion, work: Completer
) -> ComplaintOut:
    """Complete an action or an order of the ombudsman's, also once the complaint is answered."""
    return await present_one(work, await promising.complete(work, reference, n, body))


@router.post("/{reference}/actions/{n}/failure", **action("Record that a remedy cannot be delivered"))
async def fail_complaint_action(
    reference: Reference, n: ActionNumber, body: RemedyFailure, work: Failer
) -> ComplaintOut:
    """The complainant is told why, and what is done instead, which is promised as an action of its own."""
    return await present_one(work, await failing.fail(work, reference, n, body))


@router.post("/{reference}/ombudsman-referral", **action("Record that it went to the ombudsman"))
async def refer_complaint(reference: Reference, body: OmbudsmanReferral, work: Referrer) -> ComplaintOut:
    """Record its referral to the ombudsman, after the final answer or a refusal."""
    return await present_one(work, await ombudsman.refer(work, reference, body))


@router.post("/{reference}/ombudsman-determination", **action("Record what the ombudsman decided"))
async def determine_complaint(
    reference: Reference, body: OmbudsmanDetermination, work: Determiner
) -> ComplaintOut:
    """Each order has its day, and is watched until it is complied with."""
    return await present_one(work, await ombudsman.determine(work, reference, body))


@router.post("/{reference}/reopening", **action("Take a complaint up again"))
async def reopen_complaint(reference: Reference, body: Reopening, work: Reopener) -> ComplaintOut:
    """Reopen it at stage one, its clocks counted from now, as where the ombudsman overrules a refusal."""
    return await present_one(work, await triaging.reopen(work, reference, body))


@router.post("/{reference}/withdrawal", **action("Take a complaint back"))
async def withdraw_complaint(reference: Reference, body: Withdrawal, work: Withdrawer) -> ComplaintOut:
    """Its promises fall away."""
    return await present_one(work, await triaging.withdraw(work, reference, body))


@router.post("/{reference}/contact", **action("Correct whom to tell, and how"))
async def correct_complaint_contact(
    reference: Reference, body: ContactCorrection, work: Corrector
) -> ComplaintOut:
    """Change only the fields given; `safe_to_contact` counts at once, also for letters that are owed."""
    return await present_one(work, await contact.correct_contact(work, reference, body))


@router.post("/{reference}/contact-restriction", **action("Restrict contact with a complainant"))
async def restrict_complaint_contact(
    reference: Reference, body: ContactRestriction, work: Restricter
) -> ComplaintOut:
    """Restrict contact, or keep a restriction at its review, with the day of the next."""
    return await present_one(work, await restricting.restrict(work, reference, body))


@router.post("/{reference}/contact-restriction-lifting", **action("Lift a restriction of contact"))
async def lift_complaint_restriction(
    reference: Reference, body: ContactRestrictionLifting, work: Lifter
) -> ComplaintOut:
    """End a restriction with the reason, for officers' eyes."""
    return await present_one(work, await restricting.lift(work, reference, body))


@router.get("/{reference}/letters", summary="The letters that were sent", responses=problems(NotFound))
async def list_complaint_letters(reference: Reference, work: Reader) -> Letters:
    """Each with its stage, and the sequence by which it is read, in order."""
    return Letters(items=[LetterLine.of(row) for row in await queries.letters(work, reference)])


@router.get("/{reference}/letters/{kind}", summary="A letter as it was sent", responses=problems(NotFound))
async def read_complaint_letter(
    reference: Reference, kind: LetterKind, work: Reader, which: Annotated[WhichLetter, Depends()]
) -> LetterOut:
    """The latest of its kind, or of a stage, or that of a sequence: word for word, as text and as HTML."""
    return LetterOut.of(await queries.letter(work, reference, kind, which))


@router.get("/{reference}/reasons", summary="Why acts were done", responses=problems(NotFound))
async def list_complaint_reasons(reference: Reference, work: Officer) -> Reasons:
    """The reasons in the words of those who did the acts, which no event carries."""
    return Reasons(items=[ReasonOut.of(row) for row in await queries.reasons(work, reference)])
