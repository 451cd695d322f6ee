"""Following what other services tell: complaints that ask for something, and cases about our problems.

A problem is referred by one event; the service that takes it up says so, and says when its case has ended.
Both name the problem, so they may come in any order, twice or late.
"""

from collections.abc import Mapping, Sequence

from services.estates import events
from services.estates.events import IssueKind, Referee, Resolution
from services.estates.models import Issue, IssueReferral, TakenUp
from services.estates.policy import DEPARTMENT
from services.estates.policy.issue import IssueStatus, after_referral
from services.estates.queries import issues as queries
from services.estates.schemas.issues import IssueResolution
from services.estates.service.issues import end
from services.estates.service.reporting import record_report
from shared.cases.schemas import Channel
from shared.cases.times import act_now
from shared.errors import NotFound
from shared.events import Event
from shared.references import new_reference
from shared.telemetry import get_logger
from shared.work import UnitOfWork

log = get_logger(__name__)

SERVICE_REQUESTED = "complaints.service-requested"
TAKEN_UP: Mapping[str, Referee] = {f"{service}.issue-taken-up": service for service in Referee}
ENDED: Mapping[str, Referee] = {f"{service}.issue-ended": service for service in Referee}
BY_COMPLAINTS = "the complaints service"
NOT_TOLD_YET = "Asked for in a complaint; the complaints team knows what is wrong."
NOT_KNOWN_YET = "Not known yet; the complaints team has been asked"


async def follow(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Note what became of each problem that was passed on, and take up what complaints ask us for."""
    for event in sorted(received, key=lambda each: (each.reference, each.sequence)):
        if event.type in TAKEN_UP or event.type in ENDED:
            await _note(work, event)
    asked = [event for event in received if event.type == SERVICE_REQUESTED]
    await _take_up(work, [event for event in asked if event.facts["service"] == DEPARTMENT])


async def _note(work: UnitOfWork, event: Event) -> None:
    reference, to = event.facts["issue_reference"], {**TAKEN_UP, **ENDED}[event.type]
    try:
        issue = await queries.locked(work, reference)
    except NotFound:  # of a database that was restored since
        log.warning("a problem that another service tells of is not here", extra={"reference": reference})
        return
    referral = await queries.referral(work, issue.reference, to)
    if referral is None:
        return
    if event.type in TAKEN_UP:
        await _note_taken_up(work, issue, referral, event)
    else:
        await _note_ended(work, issue, referral, event)
    await work.session.flush()  # the next event may be about the same problem, which is read anew


async def _note_taken_up(work: UnitOfWork, issue: Issue, referral: IssueReferral, event: Event) -> None:
    if referral.taken_up_as is None:
        referral.taken_up_as = event.reference
        is_guarded = event.service in work.state.catalogue.vocabulary.guarded_services
        named = None if is_guarded else event.reference  # a timeline is read without the scope
        fact = events.IssueTakenUp(to=Referee(referral.to), taken_up_as=named)
        work.record(issue, fact, at=await act_now(work, issue))


async def _note_ended(work: UnitOfWork, issue: Issue, referral: IssueReferral, event: Event) -> None:
    """Keep how the other case ended; a problem of theirs ends with it, what was not dealt with comes back."""
    dealt_with = bool(event.facts["dealt_with"])
    if referral.ended_at is not None and (referral.dealt_with or not dealt_with):
        return
    referral.taken_up_as = referral.taken_up_as or event.reference
    referral.ended_at, referral.dealt_with = event.occurred_at, dealt_with
    at = await act_now(work, issue)
    fact = events.IssueReferralEnded(to=Referee(referral.to), dealt_with=dealt_with)
    work.record(issue, fact, at=at)
    others = (await queries.referrals(work, [issue.reference]))[issue.reference]
    status = after_referral(
        issue.issue_kind,
        IssueStatus(issue.status),
        dealt_with=dealt_with,
        others_at_work=any(each.ended_at is None for each in others),
        has_handler=issue.handler_name is not None,
    )
    if status is IssueStatus.RESOLVED and issue.status != status:
        end(work, issue, IssueResolution(resolution=Resolution.DEALT_WITH), at)
    else:
        issue.status = status


async def _take_up(work: UnitOfWork, received: Sequence[Event]) -> None:
    """Open a problem for each complaint that asks for one and has none, and tell complaints which it is."""
    told = {event.reference: event for event in received}
    known = await queries.taken_up(work, list(told)) if told else {}
    for complaint in sorted(told):
        issue = known.get(complaint) or await _open(work, complaint, told[complaint])
        fact = events.ReferralTakenUp(complaint_reference=complaint, referral="service_request")
        work.record(issue, fact, at=await act_now(work, issue))


async def _open(work: UnitOfWork, complaint: str, event: Event) -> Issue:
    issue = Issue(
        reference=new_reference("EST"),
        status=IssueStatus.REPORTED,
        channel=Channel.OFFICER,
        received_at=min(event.occurred_at, work.now),
        imported=False,
        department=DEPARTMENT,
        contact={},  # complaints is asked for it
        reported_by=BY_COMPLAINTS,
        kind=IssueKind.OTHER,
        offensive=False,
        urgent=False,
        location=NOT_KNOWN_YET,
        description=NOT_TOLD_YET,
        property={},
        by_appointment=False,
        made_from=complaint,
    )
    work.add(issue)
    record_report(work, issue)
    await work.session.flush()  # the problem, to which the next row refers
    work.add(TakenUp(complaint=complaint, reference=issue.reference, ask_again_at=work.now))
    return issue
