"""The annual report, of the complaints that the caller may see."""

from collections.abc import Sequence
from datetime import time

from services.complaints import events, queries
from services.complaints.events import Ground, Origin, Route
from services.complaints.models import Complaint
from services.complaints.policy import not_recorded
from services.complaints.queries import Parts
from services.complaints.report import AnsweredStage, Refusal, ReportedCase, Summary, summed_up
from shared.events import Event
from shared.standards.periods import close_of, reporting_year
from shared.work import UnitOfWork


async def report(work: UnitOfWork, year: int) -> Summary:
    """Sum up the complaints received in a reporting year, and what became of them so far."""
    first, last = reporting_year(year)
    received = await queries.received_between(work, close_of(first, time.min), close_of(last, time.max))
    references = [complaint.reference for complaint in received]
    parts, decided = await queries.parts_of(work, references), await queries.refusals(work, references)
    return summed_up([_reported(each, parts[each.reference], decided[each.reference]) for each in received])


def _reported(complaint: Complaint, parts: Parts, decided: Sequence[Event]) -> ReportedCase:
    orders = [action for action in parts.actions if action.origin == Origin.OMBUDSMAN]
    return ReportedCase(
        reference=complaint.reference,
        about=complaint.about,
        route=complaint.route,
        refusals=_refusals(decided),
        not_recorded=not_recorded(complaint.route, complaint.triage, complaint.code),
        is_escalated=complaint.escalated_at is not None,
        with_ombudsman=parts.ombudsman is not None and parts.ombudsman.referred_at is not None,
        determination=None if parts.ombudsman is None else parts.ombudsman.determination,
        orders=len(orders),
        orders_outstanding=sum(order.open for order in orders),
        answers=_answers(parts),
    )


def _refusals(decided: Sequence[Event]) -> list[Refusal]:
    """The refusals among triages and reopenings, in order: a reopening overrules the one before it."""
    found: list[Refusal] = []
    for event in decided:
        if event.type == events.ComplaintTriaged.type:
            is_refusal = event.facts["route"] == Route.REFUSED
            found += [Refusal(event.facts.get("ground") or Ground.OTHER)] if is_refusal else []
        elif found:
            found[-1] = Refusal(found[-1].ground, overruled=True)
    return found


def _answers(parts: Parts) -> Sequence[AnsweredStage]:
    return [
        AnsweredStage(stage=number, outcome=stage.outcome, remedies=stage.remedies, learning=stage.learning)
        for number, stage in sorted(parts.stages.items())
        if stage.outcome is not None
    ]
