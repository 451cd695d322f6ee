"""The promises to whoever complains: section 10."""

from typing import Any

from tests.end_to_end.houses import OFFICER, House
from tests.end_to_end.promises.telling import CONTACT, Case, Promise, at, reported

SECOND = "demo-officer-2"
UNDERSTOOD = {"method": "email", "understanding": "Nobody came.", "next_steps": "We ask the firm why."}
ANSWER = {"outcome": "upheld", "findings": "Nobody came. Our policy says that somebody does."}

Act = tuple[str, dict[str, Any], str]


def complained(*acts: Act) -> Case:
    """A complaint with these acts, a day after it was received and each a day after the last."""

    async def case(house: House) -> str:
        told = {"about": "repairs", "description": "Nobody came.", "outcome_sought": "Come, and say sorry."}
        contact = {"channel": "online", "contact": CONTACT, "received_at": at()}
        reference = await reported(house, "/v1/complaints", **told, **contact)
        for days, (act, body, by) in enumerate(acts, start=1):
            await house.act(
                f"/v1/complaints/{reference}/{act}", {**body, "occurred_at": at(days=days)}, by=by
            )
        return reference

    return case


TRIAGED: Act = ("triage", {"route": "stage_1", "handler": "Ola Reyes"}, OFFICER)
CONTACTED: Act = ("acknowledgement", UNDERSTOOD, OFFICER)
ANSWERED: Act = ("response", {**ANSWER, "remedies": ["apology"]}, OFFICER)
ESCALATED: Act = ("escalation", {}, OFFICER)
FINAL: tuple[Act, Act] = (("acknowledgement", UNDERSTOOD, SECOND), ("response", ANSWER, SECOND))
STAGE_1 = (TRIAGED, CONTACTED, ANSWERED)

PROMISES = (
    Promise("complaints.stage-1.contact", complained(TRIAGED, CONTACTED), complained()),
    Promise("complaints.stage-1.response", complained(*STAGE_1), complained(TRIAGED, CONTACTED)),
    Promise(
        "complaints.stage-2.response",
        complained(*STAGE_1, ESCALATED, *FINAL),
        complained(*STAGE_1, ESCALATED),
    ),
)
