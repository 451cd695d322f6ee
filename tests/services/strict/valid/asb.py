"""Valid requests to asb."""

from collections.abc import Mapping

from tests.services.strict.valid.common import AT, CONTACT, HOME, LISTED, PAGE, Body, Valid, of_every_owner

ASB_ROUTE = "/v1/asb/{reference}"

ON_ASB = {"reference": "CAS-7K3M-Q9TX"}

INCIDENT = {
    "description": "They shouted.",
    "happened_on": "2026-11-20",
    "reported_on": "2026-11-21",
    "reported_to": "police",
}

ASB_REPORT = {
    "category": "noise",
    "hate_incident": False,
    "description": "Every night.",
    "contact": CONTACT,
    "reporter": "witness",
    "property": HOME,
    "incidents": [INCIDENT],
    "alleged_perpetrator": {
        "name": "Robin Loud",
        "address": "3 Mercury Gardens",
        "description": "Tall.",
        "subject": "somebody",
    },
    "channel": "phone",
    "received_at": AT,
    "imported": False,
}

APPLICATION = {
    "grounds": "It goes on.",
    "applicant": {"name": "Bo Smith", "contact": CONTACT},
    "consent": True,
    "occurred_at": AT,
}

DECISION = {"threshold_met": True, "persistence": "Weekly.", "harm": "Fear.", "adequacy": "Little."}

RECOMMENDATION = {"recommendation": "Patrol.", "body": "police", "by": "2026-12-24"}


def asb_act(*bodies: Body) -> Valid:
    """An act on a case that there is not, by an officer of that team."""
    return Valid(tuple({**body, "occurred_at": AT} for body in bodies), path=ON_ASB)


ASB: Mapping[tuple[str, str], Valid] = {
    ("post", "/v1/asb"): Valid((ASB_REPORT,)),
    ("get", "/v1/asb"): Valid(
        query={
            **LISTED,
            "status": "open",
            "category": "noise",
            "priority": "2",
            "risk": "high",
            "risk_to_assess": "true",
            "department": "asb",
        },
        alone={"updated_since": AT},
    ),
    ("get", "/v1/asb/break-glass"): Valid(query=PAGE),
    ("get", "/v1/asb/reads"): Valid(query={**PAGE, "read_by": "officer-7"}),
    ("get", "/v1/asb/case-reviews"): Valid(query={"year": "2026"}),
    ("get", ASB_ROUTE): Valid(path=ON_ASB),
    ("get", f"{ASB_ROUTE}/diary"): Valid(path=ON_ASB),
    ("get", f"{ASB_ROUTE}/reads"): Valid(query=PAGE, path=ON_ASB),
    ("get", f"{ASB_ROUTE}/suggestions"): Valid(path=ON_ASB),
    ("post", f"{ASB_ROUTE}/category"): asb_act(
        {"category": "hate_crime", "hate_incident": True, "reason": "She told us."}
    ),
    ("post", f"{ASB_ROUTE}/priority"): asb_act({"priority": 1, "reason": "Threats."}),
    ("post", f"{ASB_ROUTE}/victim-contact"): asb_act({"method": "phone", "reached": True, "notes": "Well."}),
    ("post", f"{ASB_ROUTE}/visit"): asb_act(
        {"action_plan_agreed": True, "plan": "A diary.", "identification_shown": True}
    ),
    ("post", f"{ASB_ROUTE}/action-plan"): asb_act({"plan": "A diary."}),
    ("post", f"{ASB_ROUTE}/updates"): asb_act({"message": "We wrote to them."}),
    ("post", f"{ASB_ROUTE}/update-frequency"): asb_act({"every": "weekly", "reason": "Asked."}),
    ("post", f"{ASB_ROUTE}/risk"): asb_act({"score": "high", "reason": "Threats."}),
    ("post", f"{ASB_ROUTE}/risk/review"): asb_act({"outcome": "Patrols."}),
    ("post", f"{ASB_ROUTE}/incidents"): asb_act({**INCIDENT, "category": "noise", "hate_incident": False}),
    ("post", f"{ASB_ROUTE}/actions"): asb_act(
        {"kind": "warning", "reference": "W-1", "date": "2026-11-20", "notes": "By hand."}
    ),
    ("post", f"{ASB_ROUTE}/joining"): asb_act({"reference": "CAS-7K3M-Q9TX", "reason": "The same people."}),
    ("post", f"{ASB_ROUTE}/home"): asb_act({"property": HOME}),
    ("post", f"{ASB_ROUTE}/damage/outcome"): asb_act(
        {"damage": 1, "outcome": "not_ours", "reason": "The glazier's own fault."}
    ),
    ("post", f"{ASB_ROUTE}/damage"): asb_act(
        {
            "fault": "window-frames",
            "for_contractor": "One pane.",
            "description": "A stone.",
            "repair_responsibility": True,
        }
    ),
    ("post", f"{ASB_ROUTE}/closure"): asb_act(
        {"reason": "It has stopped.", "agreed_with_victim": False, "why_not": "Not reached."}
    ),
    ("post", f"{ASB_ROUTE}/survey"): asb_act({}),
    ("post", f"{ASB_ROUTE}/survey/answers"): asb_act(
        {"satisfied": False, "comments": "Slow.", "complaint": True}
    ),
    ("post", f"{ASB_ROUTE}/review"): asb_act({"outcome": "reopen", "reason": "It goes on."}),
    ("post", f"{ASB_ROUTE}/case-review"): Valid((APPLICATION,), path=ON_ASB),
    ("post", f"{ASB_ROUTE}/case-review/referrals"): asb_act({"body": "police", "sent_on": "2026-11-20"}),
    ("post", f"{ASB_ROUTE}/case-review/decision"): asb_act(DECISION),
    ("post", f"{ASB_ROUTE}/case-review/outcome"): asb_act(
        {"outcome": "More patrols.", "recommendations": [RECOMMENDATION], "told_on": "2026-11-20"}
    ),
    ("post", f"{ASB_ROUTE}/case-review/completion"): asb_act(
        {"case_review": 1, "recommendation": 1, "completed_on": "2026-11-20"}
    ),
    ("post", f"{ASB_ROUTE}/team"): asb_act(
        {
            "members": ["officer-7"],
            "handler": {"name": "Ola Reyes", "department": "asb", "subject": "officer-7"},
        }
    ),
    ("post", f"{ASB_ROUTE}/alleged-perpetrators"): asb_act(
        {"people": [ASB_REPORT["alleged_perpetrator"]], "reason": "The police told us."}
    ),
    ("post", f"{ASB_ROUTE}/break-glass"): asb_act({"reason": "Somebody is in danger."}),
    ("post", f"{ASB_ROUTE}/contact"): asb_act(CONTACT),
    ("get", "/internal/access/{reference}"): Valid(path=ON_ASB, role="service"),
    ("get", "/internal/damages/{reference}/{number}"): Valid(path={**ON_ASB, "number": "1"}, role="service"),
    ("get", "/internal/letters/{reference}/{sequence}"): Valid(
        path={**ON_ASB, "sequence": "1"}, role="service"
    ),
    ("get", "/internal/complaints/{reference}"): Valid(query={"answers": "3"}, path=ON_ASB, role="service"),
    **of_every_owner("asb"),
}
