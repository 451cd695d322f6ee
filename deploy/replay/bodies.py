"""Requests by which an old case goes in, by the service whose case it is: its report, and its ending."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.replay.mapping import Mapping, Outcome
from deploy.replay.meanings import Behaviour, Enquiry, Problem, Repair, Service
from deploy.replay.rows import OldCase

COLLECTIONS = {
    Service.REPAIRS: "/v1/repairs",
    Service.ASB: "/v1/asb",
    Service.ESTATES: "/v1/estates/issues",
    Service.ENQUIRIES: "/v1/enquiries",
}
NO_PLACE = "Not recorded in the old system"
NOT_RECORDED = "The old system did not record whether the victim agreed."
# What a report may say on one line.
LONGEST_LINE = 200

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ending:
    """One way in which a case ends: the act on it, and its body."""

    act: str
    body: Callable[[OldCase, Mapping], Body]


def report_of(case: OldCase) -> Body:
    """The case as its service takes it; the old system knows the resident by the address alone."""
    place = ", ".join(filter(None, (case.address, case.postcode))) or NO_PLACE
    common: Body = {
        "imported": True,
        "received_at": _zulu(case.received_at),
        "channel": case.channel,
        "contact": {"address": place},
    }
    return common | _own(case, place)


def _own(case: OldCase, place: str) -> Body:
    match case.meaning:
        case Repair():
            return _repair(case, case.meaning)
        case Behaviour():
            home = {"address": case.address, "postcode": case.postcode}
            known = {"property": home} if all(home.values()) else {}
            return {"category": case.meaning.category, "description": case.description, **known}
        case Problem():
            told = {"kind": case.meaning.kind, "offensive": case.meaning.offensive}
            return {**told, "location": place[:LONGEST_LINE], "description": case.description}
        case Enquiry():
            return {"subject": case.subject[:LONGEST_LINE], "message": case.description}
    raise AssertionError(f"no report is known of {case.meaning}")


def _repair(case: OldCase, meaning: Repair) -> Body:
    report: Body = {
        "property": {"address": case.address, "postcode": case.postcode},
        "fault": meaning.fault,
        "description": case.description,
    }
    if meaning.hazard is not None:
        report["hazard"] = {"hazard": meaning.hazard, "severity": meaning.severity}
    return report


def _done_repair(_: OldCase, mapping: Mapping) -> Body:
    return {"type": "completed", **mapping.completed.model_dump()}


def _called_off_repair(_: OldCase, mapping: Mapping) -> Body:
    return mapping.called_off.model_dump()


def _closed_behaviour(case: OldCase, mapping: Mapping) -> Body:
    why = mapping.called_off.reason if case.outcome is Outcome.CALLED_OFF else mapping.completed.notes
    return {"reason": why, "agreed_with_victim": False, "why_not": NOT_RECORDED}


def _done_problem(_: OldCase, mapping: Mapping) -> Body:
    return {"resolution": "dealt_with", "notes": mapping.completed.notes}


def _called_off_problem(_: OldCase, mapping: Mapping) -> Body:
    return {"resolution": "called_off", "notes": mapping.called_off.reason}


def _answered_enquiry(_: OldCase, mapping: Mapping) -> Body:
    return {"message": mapping.completed.notes}


def _called_off_enquiry(_: OldCase, mapping: Mapping) -> Body:
    return {"ground": "withdrawn", "reason": mapping.called_off.reason}


ENDINGS = {
    (Service.REPAIRS, Outcome.DONE): Ending("updates", _done_repair),
    (Service.REPAIRS, Outcome.CALLED_OFF): Ending("cancellation", _called_off_repair),
    (Service.ASB, Outcome.DONE): Ending("closure", _closed_behaviour),
    (Service.ASB, Outcome.CALLED_OFF): Ending("closure", _closed_behaviour),
    (Service.ESTATES, Outcome.DONE): Ending("resolution", _done_problem),
    (Service.ESTATES, Outcome.CALLED_OFF): Ending("resolution", _called_off_problem),
    (Service.ENQUIRIES, Outcome.DONE): Ending("response", _answered_enquiry),
    (Service.ENQUIRIES, Outcome.CALLED_OFF): Ending("closure", _called_off_enquiry),
}


def ending_of(case: OldCase, mapping: Mapping) -> tuple[str, Body]:
    """The act that ends a case that was done or called off, and its body."""
    assert case.ended_at is not None
    ending = ENDINGS[case.meaning.service, case.outcome]
    return ending.act, {"occurred_at": _zulu(case.ended_at), **ending.body(case, mapping)}


def _zulu(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
