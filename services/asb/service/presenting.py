"""Presenters: a case as its caller may see it, with the acts that the caller may do now."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.asb import queries
from services.asb.events import Every, Risk
from services.asb.models import AsbCase, CaseReview, Damage, DiaryEntry, Incident, Read
from services.asb.policy import LIFECYCLE, Category, Reporter, in_words
from services.asb.schemas.answers import (
    AllegedPerpetratorOut,
    AsbOut,
    BrokenGlassOut,
    DamageOut,
    IncidentOut,
    RiskOut,
    Suggestion,
    Suggestions,
    survey_of,
    told_by,
)
from services.asb.schemas.case_review import CaseReviewOut
from services.asb.service.acting import situation
from shared.cases.access import is_worked_by
from shared.cases.address_book import spelt_both_ways
from shared.cases.contact import ContactOut
from shared.cases.deadlines import deadlines_of
from shared.cases.property import Property
from shared.cases.reads import note_reads
from shared.cases.schemas import common_fields
from shared.db.encrypted import Unreadable
from shared.encryption import CannotDecrypt
from shared.standards.deadlines import Deadline
from shared.standards.periods import civil_date
from shared.work import Creation, UnitOfWork, Work


class Ties(NamedTuple):
    """The cases that a case is joined with, as far as the caller sees them: their teams may be others."""

    joined_to: str | None
    joined: Sequence[str]


NO_TIES = Ties(None, ())
INSTEAD: Mapping[str, Any] = {
    "description": "This cannot be read at the moment.",
    "contact": {"safe_to_contact": False},
    "property": None,
    "alleged_perpetrators": (),
}
"""The values of encrypted columns that cannot be read. Nobody is contacted whose wishes are not known."""

FOR_ITS_REPORTER = dict.fromkeys(("alleged_perpetrators", "risk", "team", "joined_to", "joined"))


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a case allows the caller now; asked after an act on it was refused."""
    return _allowed(work, await queries.visible_case(work, reference))


async def present(work: UnitOfWork, case: AsbCase) -> AsbOut:
    """One case as the caller may see it."""
    [shown] = await present_all(work, [case])
    return shown


async def present_all(work: UnitOfWork, cases: Sequence[AsbCase]) -> list[AsbOut]:
    """Cases that the caller sees, each as they may see it."""
    opened = [work.opened(case) for case in cases]
    references = [case.reference for case in cases]
    await work.session.flush()
    promises = await deadlines_of(work, references)
    incidents = await queries.parts(work, Incident, references)
    diary = await queries.parts(work, DiaryEntry, references)
    damages = await queries.parts(work, Damage, references)
    reviews = await queries.parts(work, CaseReview, references)
    joined = await queries.joined(work, references)
    shown = await queries.visible_among(work, [case.joined_to for case in cases if case.joined_to])
    homes = await spelt_both_ways(work, [case.property or {} for case in opened])
    return [
        _out(
            work,
            case,
            home,
            promises[case.reference],
            incidents.get(case.reference, []),
            diary.get(case.reference, []),
            damages.get(case.reference, []),
            reviews.get(case.reference, []),
            Ties(case.joined_to if case.joined_to in shown else None, joined.get(case.reference, [])),
        )
        for case, home in zip(opened, homes, strict=True)
    ]


async def present_listed(work: UnitOfWork, cases: Sequence[AsbCase]) -> list[AsbOut]:
    """Cases in a list: one that cannot be decrypted is shown without what was said, and hides no other."""
    try:
        return await present_all(work, cases)
    except CannotDecrypt:
        return [await _present_as_far_as_readable(work, case) for case in cases]


async def _present_as_far_as_readable(work: UnitOfWork, case: AsbCase) -> AsbOut:
    try:
        return await present(work, case)
    except CannotDecrypt:
        promises = await deadlines_of(work, [case.reference])
        shown = _out(work, Unreadable(case, INSTEAD), {}, promises[case.reference], ())
        return shown.model_copy(update={"readable": False})


async def present_report(work: Creation, case: AsbCase, incidents: Sequence[Incident]) -> AsbOut:
    """The answer to a report: nothing more is known of it yet."""
    promises = await deadlines_of(work, [case.reference])
    known = work.opened(case)
    told = [work.opened(incident) for incident in incidents]
    return _out(work, known, known.property or {}, promises[case.reference], told)


def _out(
    work: Work,
    case: Any,
    home: Mapping[str, Any],
    promises: Sequence[Deadline],
    incidents: Sequence[Incident],
    diary: Sequence[DiaryEntry] = (),
    damages: Sequence[Damage] = (),
    reviews: Sequence[CaseReview] = (),
    ties: Ties = NO_TIES,
) -> AsbOut:
    # an officer's own report is shown to them as to any resident
    to_officer = is_worked_by(case, work.caller)
    bodies = work.state.settings.case_review_bodies
    risk = case.risk if to_officer else None
    summary = in_words(case.category, case.status, civil_date(case.received_at), risk=risk)
    return AsbOut.model_construct(
        **common_fields(
            case, promises, work.now, _allowed(work, case), summary=summary, to_officer=to_officer
        ),
        category=Category(case.category),
        hate_incident=case.hate_incident,
        priority=case.priority,
        reporter=Reporter(case.reporter),
        description=case.description,
        contact=ContactOut.of(case.contact),
        property=Property.model_construct(**home) if home else None,
        update_frequency=Every(case.update_frequency),
        incidents=[IncidentOut.of(each) for each in incidents],
        told=told_by(diary),
        damages=[DamageOut.of(each) for each in damages],
        survey=survey_of(case.survey_sent_at, case.survey_answered_at, case.satisfied),
        case_reviews=[CaseReviewOut.of(each, bodies, to_officer=to_officer) for each in reviews],
        **(_for_officers(case, ties) if to_officer else FOR_ITS_REPORTER),
    )


def _for_officers(case: Any, ties: Ties) -> dict[str, Any]:
    """The part that its reporter is not shown: who is named, other people's reports, how we see the risk."""
    risk = RiskOut.model_construct(
        score=Risk(case.risk) if case.risk else None,
        assessed_at=case.risk_assessed_at,
        to_assess=case.risk_to_assess,
        review_due=case.risk_review_due,
    )
    alleged = [AllegedPerpetratorOut.model_validate(each) for each in case.alleged_perpetrators]
    return {
        "alleged_perpetrators": alleged,
        "risk": risk,
        "team": case.team,
        "joined_to": ties.joined_to,
        "joined": [*ties.joined],
    }


def _allowed(work: Work, case: AsbCase) -> list[str]:
    return sorted(LIFECYCLE.allowed(work.caller.roles, situation(case, work.caller)))


async def suggest(work: UnitOfWork, reference: str) -> Suggestions:
    """The cases that may be about the same people as a report; nothing is joined by it."""
    case = await queries.read_case(work, reference, "looked for others like it")
    found = await queries.about_the_same_people(work, case)
    note_reads(work, Read, [other.reference for other, _ in found], "suggested it")
    return Suggestions(
        items=[
            Suggestion(
                reference=other.reference,
                status=other.status,
                received_at=other.received_at,
                category=Category(other.category),
                matches=matches,
            )
            for other, matches in found
        ]
    )


async def diary_of(work: UnitOfWork, reference: str) -> Sequence[DiaryEntry]:
    """All acts on a case that the caller sees, in order, its reading noted; raises NotFound."""
    case = await queries.read_case(work, reference, "read its diary")
    return (await queries.parts(work, DiaryEntry, [case.reference])).get(case.reference, [])


def broken_glass(entry: Any) -> BrokenGlassOut:
    """One emergency in which a case was opened."""
    return BrokenGlassOut(
        reference=entry.reference, by=entry.told_by, at=entry.occurred_at, reason=entry.said["reason"]
    )
