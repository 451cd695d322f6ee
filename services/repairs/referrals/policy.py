"""Rules of referrals: which events of other services are for us, and since when the repair counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.events import Event

COMPLAINTS, ESTATES = "complaints", "estates"
COMPLAINT, PROBLEM = "CMP", "EST"
"""The prefixes of the cases that ask for repairs."""
ASKED_OF: Mapping[str, str] = {COMPLAINT: COMPLAINTS, PROBLEM: ESTATES}
SERVICE_REQUESTED, HAZARD_MENTIONED = "complaints.service-requested", "complaints.hazard-mentioned"
ISSUE_REFERRED = "estates.issue-referred"


def is_ours(event: Event) -> bool:
    """Tell whether we are to take up what an event refers: a hazard only where the home is known."""
    if event.type == SERVICE_REQUESTED:
        return bool(event.facts["service"] == "repairs")
    if event.type == ISSUE_REFERRED:
        return bool(event.facts["to"] == "repairs")
    return bool(event.facts["home_known"])


def referral_of(event: Event) -> str:
    """The name by which complaints knows what it referred."""
    return "hazard" if event.type == HAZARD_MENTIONED else "service_request"


def asked_at(event: Event) -> datetime:
    """The instant from which the repair counts: of a hazard, since we have been aware of it."""
    facts: Mapping[str, Any] = event.facts
    return datetime.fromisoformat(facts["aware_at"]) if "aware_at" in facts else event.occurred_at
