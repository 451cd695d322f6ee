"""Valid requests to repairs."""

from collections.abc import Mapping

from tests.services.strict.valid.common import (
    AT,
    AT_HOME,
    CONTACT,
    HOME,
    LATER,
    LISTED,
    ON,
    PAGE,
    REFERENCE,
    TRACKED,
    UUID,
    WHY,
    Valid,
    act,
    of_every_owner,
)

REPORT = {
    "property": HOME,
    "fault": "tap-not-turning",
    "description": "It does not turn.",
    "channel": "phone",
    "contact": CONTACT,
    "vulnerable": False,
    "other_working_toilet": True,
    "at_toilet_pan": False,
    "tenure": "secure",
    "caused_by_resident": False,
    "handyperson": False,
    "hazard": {
        "hazard": "damp-and-mould",
        "severity": "significant",
        "aware_at": AT,
        "household_health": "A child has asthma.",
    },
    "received_at": AT,
    "imported": False,
}

SLOT = {
    "trade": "plumbing",
    "starts_at": "2026-12-01T09:00:00Z",
    "ends_at": "2026-12-01T12:00:00Z",
    "capacity": 3,
    "contractor": "Fixit",
}

COMPLETED = {
    "type": "completed",
    "occurred_at": AT,
    "operative": "J. Mason",
    "notes": "A new washer.",
    "clean_and_tidy": True,
    "identification_shown": True,
}

NO_ACCESS = {"type": "no_access", "way": "knocked", "outcome": "no answer"}

FOLLOW_ON = {"type": "follow_on_needed", "appointment": {"starts_at": AT, "ends_at": LATER}}

IN_A_SLOT = {"type": "follow_on_needed", "appointment": {"slot_id": UUID}}

UPDATES = (COMPLETED, NO_ACCESS, FOLLOW_ON, IN_A_SLOT)

SERVICED = {"occurred_at": AT, "certificate": "GS-1", "notes": "Cleaned."}

CELLS = (
    "kind,address,postcode,uprn,property_reference,location,last_serviced_on\n"
    "heating,2 Mercury Gardens,RM1 3SL,12,HAV-0042,Hall,31/03/2026\n"
)

RIGHT = "/v1/repairs/{reference}/right-to-repair"

HAZARD = "/v1/repairs/{reference}/hazard"

REPAIRS: Mapping[tuple[str, str], Valid] = {
    ("get", "/v1/repairs/guide"): Valid(query={"on": "2026-11-23"}),
    ("post", "/v1/repairs"): Valid((REPORT,)),
    ("get", "/v1/repairs"): Valid(
        query={
            "status": "reported",
            "priority": "1",
            "queue": "handyperson",
            "contractor": "Fixit",
            "visit_on": "2026-11-23",
            **AT_HOME,
            **LISTED,
        },
        alone={"updated_since": AT},
    ),
    ("get", "/v1/repairs/{reference}"): Valid(path=ON),
    ("post", "/v1/repairs/{reference}/tracking"): Valid((TRACKED,), path=ON, role="frontend"),
    ("post", "/v1/repairs/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("post", "/v1/repairs/updates"): Valid(({"updates": [{"reference": REFERENCE, **NO_ACCESS}]},)),
    ("post", "/v1/repairs/{reference}/assignment"): act(
        {"contractor": "Fixit", "handler": "Ola Reyes"},
        {"contractor": "Fixit", "handler": {"name": "Ola Reyes", "department": "repairs", "subject": "o-1"}},
    ),
    ("post", "/v1/repairs/{reference}/handback"): act(
        {"reason": "not_our_trade", "notes": "It is the boiler.", "occurred_at": AT}
    ),
    ("post", "/v1/repairs/{reference}/updates"): act(*UPDATES),
    ("get", "/v1/repairs/{reference}/updates"): Valid(query=PAGE, path=ON),
    ("post", "/v1/repairs/{reference}/updates/{number}/decision"): Valid(
        ({"accepted": True, "reason": "The log book says so."},), path={**ON, "number": "7"}
    ),
    ("post", "/v1/repairs/{reference}/estimate"): act({"amount": "120.00", "occurred_at": AT}),
    ("post", "/v1/repairs/{reference}/priority"): act({**WHY, "priority": 1}),
    ("post", "/v1/repairs/{reference}/cancellation"): act(WHY),
    ("get", "/v1/repairs/{reference}/reasons"): Valid(path=ON),
    ("get", "/v1/repairs/{reference}/appointment-offers"): Valid(path=ON),
    ("post", "/v1/repairs/{reference}/appointment"): act({"slot_id": UUID, "occurred_at": AT}),
    ("post", "/v1/repairs/{reference}/appointment/cancellation"): act(WHY),
    ("post", "/v1/contractors"): Valid(({"name": "Fixit"},)),
    ("get", "/v1/contractors"): Valid(query=PAGE),
    ("get", "/v1/contractors/{contractor_id}"): Valid(path={"contractor_id": UUID}),
    ("post", "/v1/slots"): Valid((SLOT,)),
    ("get", "/v1/slots"): Valid(
        query={"trade": "plumbing", "contractor": "Fixit", "from": AT, "to": LATER, **PAGE}
    ),
    ("get", "/v1/slots/{slot_id}"): Valid(path={"slot_id": UUID}),
    ("post", "/v1/slots/{slot_id}/withdrawal"): Valid(path={"slot_id": UUID}),
    ("post", "/v1/repairs/{reference}/recharge"): act(
        {"reason": "Kicked in.", "estimated_cost": "120.00", "administration_charge": "18.00"}
    ),
    ("get", "/v1/repairs/{reference}/recharge"): Valid(path=ON),
    ("post", "/v1/repairs/{reference}/recharge/signature"): act(
        {"signed_by": "Ada Okafor", "signature": "Ada Okafor", "occurred_at": AT}
    ),
    ("post", "/v1/repairs/{reference}/recharge/decline"): act({"reason": "Not mine."}),
    ("post", "/v1/repairs/{reference}/recharge/waiver"): act({"reason": "Wear and tear."}),
    ("post", "/v1/repairs/{reference}/second-contractor"): act({"contractor": "Mendem", "occurred_at": AT}),
    ("post", f"{RIGHT}/suspension"): act(WHY),
    ("post", f"{RIGHT}/resumption"): act(WHY),
    ("post", f"{RIGHT}/end"): act({**WHY, "because": "no_access"}),
    ("post", "/v1/repairs/{reference}/compensation/set-off"): act({"amount": "12.00", "reason": "Rent."}),
    ("post", HAZARD): act(
        {
            "hazard": "damp-and-mould",
            "severity": "significant",
            "aware_at": AT,
            "household_health": "A child has asthma.",
        }
    ),
    ("post", f"{HAZARD}/material-change"): act(
        {
            "severity": "emergency",
            "change": "It spread.",
            "household_health": "A child has asthma.",
            "occurred_at": AT,
        }
    ),
    ("post", f"{HAZARD}/in-person-request"): act({"occurred_at": AT}),
    ("post", f"{HAZARD}/decant/answer"): act(
        {"accepted": True, "suitability": "Near school.", "occurred_at": AT}
    ),
    ("post", f"{HAZARD}/reasonable-step"): act({"kind": "specialist", "step": "Asked.", "occurred_at": AT}),
    ("post", f"{HAZARD}/end"): act({"because": "moved_out", "reason": "Keys returned.", "occurred_at": AT}),
    ("post", f"{HAZARD}/investigation"): act(
        {
            "finding": "significant",
            "further_work_needed": True,
            "in_person": False,
            "investigator": {"name": "A. Surveyor", "competence": "Chartered"},
            "occurred_at": AT,
        }
    ),
    ("post", f"{HAZARD}/summary"): act(
        {
            "hazard": "damp-and-mould",
            "action": "We treat it.",
            "begin_by": "2026-12-01",
            "complete_by": "2026-12-23",
            "contact": "01708 434343",
            "how_to_complain": "Write to us.",
            "delivery": "Posted.",
            "occurred_at": AT,
        },
        {
            "hazard": "none",
            "why_no_action": "It is dry.",
            "contact": "01708 434343",
            "how_to_complain": "Write to us.",
        },
        {"told": "All is done."},
    ),
    ("post", f"{HAZARD}/safety-work"): act({"work": "Taped off.", "occurred_at": AT}),
    ("post", f"{HAZARD}/preventive-work"): act(
        {"steps": "Ordered.", "occurred_at": AT},
        {"begun": True, "occurred_at": AT},
        {"begin_by": "2026-12-23", "reason": "Parts.", "occurred_at": AT},
    ),
    ("post", f"{HAZARD}/decant"): act(
        {
            "reason": "Damp.",
            "suitability": "Near school.",
            "from": "2026-11-23",
            "to": "2026-12-23",
            "occurred_at": AT,
        }
    ),
    ("post", f"{HAZARD}/access-attempt"): act({"way": "phoned", "outcome": "no answer", "occurred_at": AT}),
    ("post", "/v1/appliances"): Valid(
        (
            {
                "kind": "heating",
                "property": HOME,
                "location": "Hall",
                "last_serviced_on": "2026-01-05",
                "received_at": AT,
            },
        )
    ),
    ("get", "/v1/appliances"): Valid(
        query={"status": "registered", "kind": "heating", **AT_HOME, **LISTED},
        alone={"due_before": AT, "overdue": "true", "updated_since": AT},
    ),
    ("post", "/v1/appliances/register"): Valid(file=("text/csv", CELLS.encode())),
    ("get", "/v1/appliances/{reference}"): Valid(path=ON),
    ("get", "/v1/appliances/{reference}/services"): Valid(path=ON),
    ("post", "/v1/appliances/{reference}/services"): act(SERVICED, {"serviced_on": "2026-11-23"}),
    ("post", "/v1/appliances/{reference}/removal"): act(WHY),
    ("post", "/v1/appliances/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    **of_every_owner("repairs"),
}
