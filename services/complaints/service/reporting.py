"""The annual report, of the complaints that the caller may see."""

from collections.abc import Sequence
from datetime import time

from services.complaints import queries
from services.complaints.models import Complaint
from services.complaints.queries import Parts
from services.complaints.report import AnsweredStage, ReportedCase, Summary, summed_up
from shared.standards.periods import close_of, reporting_year
from shared.work import UnitOfWork


async def report(work: UnitOfWork, year: int) -> Summary:
    """Sum up the complaints received in a reporting year, and what became of them so far."""
    first, last = reporting_year(year)
    received = await queries.received_between(work, close_of(first, time.min), close_of(last, time.max))
    parts = await queries.parts_of(work, [complaint.reference for complaint in received])
    return summed_up([_reported(complaint, parts[complaint.reference]) for complaint in received])


def _reported(complaint: Complaint, parts: Parts) -> ReportedCase:
    return ReportedCase(
        reference=complaint.reference,
        about=complaint.about,
        route=complaint.route,
        ground=(complaint.triage or {}).get("ground", "other"),
        is_escalated=complaint.escalated_at is not None,
        with_ombudsman=parts.ombudsman is not None and parts.ombudsman.referred_at is not None,
        answers=_answers(parts),
    )


def _answers(parts: Parts) -> Sequence[AnsweredStage]:
    return [
        AnsweredStage(stage=number, outcome=stage.outcome, remedies=stage.remedies, learning=stage.learning)
        for number, stage in sorted(parts.stages.items())
        if stage.outcome is not None
    ]
