"""Presenting complaints: each with its deadlines, its parts, and the acts that the caller may do now."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel

from services.complaints import policy, queries
from services.complaints.events import About, Origin
from services.complaints.letters import LetterKind
from services.complaints.models import Complaint, Referral
from services.complaints.policy import LIFECYCLE, Situation, Status
from services.complaints.queries import Parts
from services.complaints.schemas.answers import (
    ActionOut,
    ComplaintOut,
    OmbudsmanCaseOut,
    ReferralOut,
    StageOut,
)
from services.complaints.service.judging import has_lapsed
from shared.caller import Role
from shared.cases.access import reference_shown
from shared.cases.deadlines import deadlines_of
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words
from shared.standards.deadlines import Deadline
from shared.work import UnitOfWork, Work

NOTHING_YET = Parts()
NOTES = frozenset({"approved_by", "learning", "notes"})
Part = TypeVar("Part", bound=BaseModel)


async def present(work: UnitOfWork, *complaints: Complaint) -> list[ComplaintOut]:
    """Complaints that the caller sees."""
    references = [complaint.reference for complaint in complaints]
    parts = await queries.parts_of(work, references)
    promised = await deadlines_of(work, references)
    return [
        _shown(work, complaint, parts[complaint.reference], promised[complaint.reference])
        for complaint in complaints
    ]


async def present_one(work: UnitOfWork, complaint: Complaint) -> ComplaintOut:
    """One complaint that the caller sees."""
    [shown] = await present(work, complaint)
    return shown


async def present_new(work: Work, complaint: Complaint) -> ComplaintOut:
    """The answer to a complaint that came in just now: there is nothing to read."""
    promised = await deadlines_of(work, [complaint.reference])
    return _shown(work, complaint, NOTHING_YET, promised[complaint.reference])


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a complaint allows the caller now; asked after an act on it was refused."""
    complaint = await queries.complaint(work, reference)
    parts = await queries.parts_of(work, [complaint.reference])
    promised = await deadlines_of(work, [complaint.reference])
    return _allowed(work, complaint, parts[complaint.reference], promised[complaint.reference])


def _allowed(work: Work, complaint: Complaint, parts: Parts, promises: Sequence[Deadline]) -> list[str]:
    status = Status(complaint.status)
    number = policy.stage_of(status)
    stage = parts.stages.get(number)
    situation = Situation(
        status=status,
        is_extended=stage is not None and stage.extended_by is not None,
        has_lapsed=has_lapsed(promises, number, work.now),
        open_actions={Origin(action.origin) for action in parts.actions if action.open},
        is_restricted=complaint.restriction is not None,
    )
    return sorted(LIFECYCLE.allowed(work.caller.roles, situation))


def _shown(work: Work, complaint: Complaint, parts: Parts, promises: Sequence[Deadline]) -> ComplaintOut:
    acts = _allowed(work, complaint, parts, promises)
    to_officer = work.caller.is_a(Role.OFFICER)
    summary = in_words(policy.WHAT_IT_IS[About(complaint.about)], complaint)
    return ComplaintOut(
        **common_fields(complaint, promises, work.now, acts, summary=summary, to_officer=to_officer),
        **ComplaintOut.kept(complaint, to_officer=to_officer)
        | {"about_reference": reference_shown(work, complaint.about_reference)},
        stage=policy.stage_of(Status(complaint.status)),
        conflicts=[each["name"] for each in complaint.conflicts] if to_officer else [],
        stages=[_for(to_officer, StageOut.of(parts.stages[number])) for number in sorted(parts.stages)],
        actions=[_for(to_officer, ActionOut.of(action)) for action in parts.actions],
        referrals=[_referral(work, referral) for referral in parts.referrals],
        ombudsman_case=OmbudsmanCaseOut.of(parts.ombudsman) if parts.ombudsman else None,
        letters=[LetterKind(kind) for kind in parts.letters],
    )


def _referral(work: Work, referral: Referral) -> ReferralOut:
    """A referral; the case of a service that a scope guards is named to officers with that scope."""
    shown = ReferralOut.of(referral)
    return shown.model_copy(update={"taken_up_as": reference_shown(work, referral.taken_up_as)})


def _for(to_officer: bool, part: Part) -> Part:
    """A part of a complaint, without the notes that are for officers."""
    hidden = () if to_officer else NOTES & type(part).model_fields.keys()
    return part.model_copy(update=dict.fromkeys(hidden))
