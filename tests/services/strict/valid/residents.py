"""Valid requests to residents."""

from collections.abc import Mapping

from tests.services.strict.valid.common import (
    AT,
    AT_HOME,
    CONTACT,
    HOME,
    LISTED,
    ON,
    PAGE,
    UUID,
    Valid,
    act,
    of_every_owner,
)

PLAN = {
    "summary": "A good start.",
    "needs": "Help with electricity.",
    "goals": "Bills on time.",
    "actions": "We ring together.",
    "review_on": "2027-01-11",
}

TENANCY = {
    "tenant": "Ada Okafor",
    "joint_tenants": [{"tenant": "Ben Okafor", "contact": CONTACT}],
    "property": HOME,
    "started_on": "2026-11-02",
    "care_leaver": False,
    "vulnerable": False,
    "channel": "officer",
    "contact": CONTACT,
    "resident": "ada",
    "received_at": AT,
    "imported": False,
}

VISIT = "/v1/tenancies/{reference}/settling-in-visit"

SUPPORT_PLAN = "/v1/tenancies/{reference}/support-plan"

HOMES = (
    "address,postcode,uprn,property_reference,block,estate\n2 Mercury Gardens,RM1 3SL,12,HAV-0042,A,Town\n"
)

RESIDENTS: Mapping[tuple[str, str], Valid] = {
    ("post", "/v1/tenancies"): Valid((TENANCY,)),
    ("get", "/v1/tenancies"): Valid(
        query={"status": "started", **AT_HOME, **LISTED, "department": "residents"},
        alone={"updated_since": AT},
    ),
    ("get", "/v1/tenancies/{reference}"): Valid(path=ON),
    ("get", "/v1/tenancies/{reference}/reads"): Valid(path=ON, query=PAGE),
    ("post", f"{VISIT}/booking"): act({"at": "2026-12-01T09:00:00Z", "occurred_at": AT}),
    ("post", VISIT): act(
        {"completed_at": AT, "support_plan": PLAN, "identification_shown": True},
        {"completed_at": AT, "support_plan": None, "why_no_plan": "None wished."},
    ),
    ("post", f"{SUPPORT_PLAN}/request"): act({"occurred_at": AT}),
    ("post", SUPPORT_PLAN): act({"support_plan": PLAN, "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/joint-tenants"): act({"joint_tenants": [], "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/vulnerability"): act({"vulnerable": True, "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/visiting-in-pairs"): act(
        {"visit_in_pairs": True, "reason": "A dog bites.", "review_on": "2099-01-04", "occurred_at": AT}
    ),
    ("post", "/v1/tenancies/{reference}/contact"): act({**CONTACT, "occurred_at": AT}),
    ("post", "/v1/tenancies/{reference}/end"): act({"occurred_at": AT}, {"ended_on": "2026-11-23"}),
    ("get", "/v1/welfare"): Valid(
        query={"status": "open", **AT_HOME, **LISTED, "department": "residents"},
        alone={"updated_since": AT},
    ),
    ("get", "/v1/welfare/{reference}"): Valid(path=ON),
    ("post", "/v1/welfare/{reference}/assignment"): act(
        {"handler": {"name": "Ola Reyes", "subject": "ola"}, "occurred_at": AT}
    ),
    ("post", "/v1/welfare/{reference}/visit"): act({"seen": True, "notes": "All well.", "occurred_at": AT}),
    ("post", "/v1/welfare/{reference}/closure"): act(
        {"outcome": "helped", "notes": "A support plan was made.", "occurred_at": AT}
    ),
    ("post", "/v1/properties"): Valid(({**HOME, "block": "Mercury House", "estate": "Town"},)),
    ("post", "/v1/properties/register"): Valid(file=("text/csv", HOMES.encode())),
    ("post", "/v1/properties/announcement"): Valid(),
    ("get", "/v1/properties"): Valid(query={**AT_HOME, **PAGE}),
    ("get", "/v1/properties/{id}"): Valid(path={"id": UUID}),
    ("post", "/internal/households"): Valid(
        (
            {
                "questions": [
                    {
                        "purpose": "a repair is reported",
                        "request_id": "7f3a",
                        "uprn": "12",
                        "property_reference": "HAV-0042",
                    }
                ]
            },
        ),
        role="service",
    ),
    **of_every_owner("tenancies"),
}
