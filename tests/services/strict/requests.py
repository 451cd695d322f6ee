"""A valid request for every route that takes a body or a parameter: the hostile ones are made from these."""

from collections.abc import Mapping

from services.estates.schemas.rounds import Tick
from services.repairs.actions.update_schemas import BatchedUpdate
from shared.cases.schemas import RequestModel
from tests.services.strict.valid.asb import ASB
from tests.services.strict.valid.common import PAGE, REFERENCE, Body, Valid
from tests.services.strict.valid.complaints import COMPLAINTS
from tests.services.strict.valid.enquiries import ENQUIRIES
from tests.services.strict.valid.estates import ESTATES, TICKS
from tests.services.strict.valid.notifications import NOTIFICATIONS
from tests.services.strict.valid.repairs import REPAIRS, UPDATES
from tests.services.strict.valid.residents import RESIDENTS

SERVICES = {
    "repairs": REPAIRS,
    "complaints": COMPLAINTS,
    "notifications": NOTIFICATIONS,
    "residents": RESIDENTS,
    "asb": ASB,
    "enquiries": ENQUIRIES,
    "estates": ESTATES,
}

GATEWAY: Mapping[tuple[str, str], Valid] = {
    ("get", "/v1/me"): Valid(role="officer"),
    ("get", "/v1/me/cases"): Valid(query=PAGE, role="resident"),
    ("post", "/v1/me/cases/claims"): Valid(role="resident"),  # its owner judges the body, at /internal/claims
    ("post", "/v1/search"): Valid(
        (
            {"reference": REFERENCE},
            {"references": [REFERENCE]},
            {"postcode": "RM1 3SL", "surname": "Jones"},
        ),
        query=PAGE,
    ),
    ("post", "/v1/token"): Valid(),  # its form is OAuth's, with errors of its own (RFC 6749, section 5.2)
    ("get", "/status"): Valid(),
    ("get", "/metrics"): Valid(role="ops"),
}

# Monitors and browsers may add what they like to these: nothing of a query is looked at.
ANY_QUERY = {("get", path) for path in ("/health/live", "/health/ready", "/.well-known/jwks.json")}

ITEMS: Mapping[tuple[str, str], tuple[str, type[RequestModel], tuple[Body, ...]]] = {
    ("post", "/v1/repairs/updates"): (
        "updates",
        BatchedUpdate,
        tuple({"reference": REFERENCE, **update} for update in UPDATES),
    ),
    ("post", "/v1/estates/rounds/ticks"): (
        "ticks",
        Tick,
        tuple({"reference": REFERENCE, **tick} for tick in TICKS),
    ),
}
"""For each batch, the field with the items, which are judged one by one; their model; and valid ones."""
