"""Writing a letter: its values gathered, rendered once, and kept exactly as it is sent."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.complaints import policy, queries
from services.complaints.events import About
from services.complaints.letters import LetterKind, MissingParts, render
from services.complaints.models import Complaint, Letter
from services.complaints.policy import Status
from services.complaints.policy.points import whole_point
from services.complaints.service.judging import reply_promises
from shared.cases.deadlines import deadlines_of
from shared.errors import Invalid
from shared.standards.deadlines import Deadline
from shared.standards.ombudsmen import Ombudsman
from shared.standards.periods import Period, Unit, civil_date
from shared.standards.states import is_in_time
from shared.work import UnitOfWork

SOMEBODY = "Sir or Madam"
POINTERS = {"definition": "/understanding", "outcome sought": "/outcome_sought"}


async def write_letter(
    work: UnitOfWork,
    complaint: Complaint,
    kind: LetterKind,
    started_at: datetime,
    told: Mapping[str, Any],
) -> None:
    """Keep the letter about the event recorded last; raises Invalid, with the parts that it would lack."""
    values = {**await _values(work, complaint), "started_at": started_at, **told}
    try:
        letter = render(kind, values, large_print=bool((complaint.adjustments or {}).get("large_print")))
    except MissingParts as missing:
        pointer = next((POINTERS[part] for part in missing.parts if part in POINTERS), "")
        raise Invalid(f"The letter would lack: {', '.join(missing.parts)}.", pointer) from missing
    kept = {"subject": letter.subject, "text": letter.text, "html": letter.html}
    about = {"reference": complaint.reference, "sequence": complaint.version, "kind": kind}
    about["stage"] = values["stage"]
    work.add(Letter(**about, **kept, written_at=work.now))


async def _values(work: UnitOfWork, complaint: Complaint) -> dict[str, Any]:
    """The values that every letter has."""
    stage = policy.stage_of(Status(complaint.status))
    codes = policy.CODES.values()
    promises = (await deadlines_of(work, [complaint.reference]))[complaint.reference]
    owed = reply_promises(promises, stage)
    own = next((promise for promise in owed if promise.regime not in codes), None)
    code_by = next((promise.due_at for promise in owed if promise.regime in codes), None)
    extended_by = (await queries.stage_of(work, complaint.reference, stage)).extended_by or 0
    goes_beyond = policy.needs_good_reason(stage, extended_by)
    own_by = own.due_at if own else None
    answer_by = _beyond(own, code_by, extended_by) if goes_beyond else own_by
    team, handler = f"the {policy.DEPARTMENT} team", complaint.handler_name
    return {
        "reference": complaint.reference,
        "name": complaint.contact.get("name") or SOMEBODY,
        "stage": int(stage),
        "handler": f"{handler}, {team}" if handler else team.capitalize(),
        "handler_named": handler is not None,
        "council": work.state.settings.council,
        "code": complaint.code,
        "ombudsmen": _ombudsmen(work, complaint),
        "points": complaint.points,
        "outcome_sought": complaint.outcome_sought,
        "reply_by": own_by,
        "answer_by": answer_by,
        "reply_is_late": answer_by is not None and not is_in_time(work.now, answer_by),
        "code_by": code_by,
        "update_by": min(
            (each.due_at for each in promises if each.standard in policy.UPDATE_STANDARDS and each.open),
            default=None,
        ),
    }


def _beyond(own: Deadline | None, code_by: datetime | None, working_days: int) -> datetime | None:
    """The date that a reply extended beyond what we promise ourselves can be counted on by.

    It is the Code's, which runs once the complaint is acknowledged; until then the days are added to ours.
    """
    if code_by is not None or own is None:
        return code_by
    return Period(working_days, Unit.WORKING_DAY).after(own.first_due, own.calendar, own.row.regime.closing)


def _ombudsmen(work: UnitOfWork, complaint: Complaint) -> list[dict[str, Any]]:
    """The ombudsmen that it can be taken to; of a mixed complaint, each with its own points."""
    points: dict[Ombudsman, list[int]] = defaultdict(list)
    for number, point in enumerate(complaint.points, 1):
        points[Ombudsman(whole_point(point, About(complaint.about))["ombudsman"])].append(number)
    details = work.state.catalogue.ombudsman
    return [
        {"details": details(each, civil_date(work.now)), "points": points[each] if len(points) > 1 else ()}
        for each in sorted(points) or [complaint.code]
    ]
