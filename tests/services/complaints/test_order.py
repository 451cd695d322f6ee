"""The dates of acts on a complaint, which fit its order: none is before what it follows."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from shared.clock import Clock
from tests.services.complaints.complaining import ANSWER, UNDERSTOOD, Team
from tests.services.repairs.reporting import london, zulu
from tests.support.clock import house_clock

Act = tuple[str, str, Mapping[str, Any]]

RECEIVED = "Monday 2026-06-01 09:00"
OLA = {"route": "stage_1", "handler": {"name": "Ola Reyes", "subject": "ola"}}
REFUSAL = {"route": "refused", "reason": "Considered before.", "handler": "Ola Reyes"}
AGAIN, OVERRULED = {"reason": "The Ombudsman said so."}, {"outcome": "jurisdiction"}
LIMIT = {"restriction": "By letter.", "reason": "Threats.", "review_on": "2026-12-01"}
MEND = {"description": "Mend the roof.", "by": "2026-06-30"}
LONGER = {"reason": "A survey.", "working_days": 5}

ACKNOWLEDGED: list[Act] = [("Wednesday 2026-06-03 12:00", "acknowledgement", UNDERSTOOD)]
EXTENDED: list[Act] = [("Wednesday 2026-06-03 12:00", "extension", LONGER)]
ANSWERED: list[Act] = [
    ("Tuesday 2026-06-02 12:00", "triage", OLA),
    ("Wednesday 2026-06-03 12:00", "response", {**ANSWER, "understanding": "x", "actions": [MEND]}),
]
TWICE: list[Act] = [
    *[("Tuesday 2026-06-02 12:00", act, body) for _, act, body in ANSWERED],
    ("Tuesday 2026-06-02 13:00", "escalation", {}),
    ("Wednesday 2026-06-03 12:00", "response", {**ANSWER, "understanding": "x"}),
]
REFUSED: list[Act] = [("Wednesday 2026-06-03 12:00", "triage", REFUSAL)]
REFERRED: list[Act] = [
    ("Tuesday 2026-06-02 12:00", "triage", REFUSAL),
    ("Wednesday 2026-06-03 12:00", "ombudsman-referral", {}),
]
DECIDED: list[Act] = [
    ("Tuesday 2026-06-02 12:00", "triage", REFUSAL),
    ("Wednesday 2026-06-03 12:00", "ombudsman-determination", OVERRULED),
]
REOPENED: list[Act] = [
    ("Tuesday 2026-06-02 12:00", "triage", REFUSAL),
    ("Wednesday 2026-06-03 12:00", "reopening", AGAIN),
]
LIMITED: list[Act] = [("Wednesday 2026-06-03 12:00", "contact-restriction", LIMIT)]


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Within the ten working days after the first of June, on which every complaint was received."""
    house_clock.show(london("Thursday 2026-06-11 10:00"))
    yield house_clock
    house_clock.show(None)


@pytest.mark.parametrize(
    ("before", "act", "body", "what"),
    [
        (ACKNOWLEDGED, "response", ANSWER, "acknowledged"),
        (ACKNOWLEDGED, "withdrawal", {}, "acknowledged"),
        (EXTENDED, "response", {**ANSWER, "understanding": "x"}, "needs longer"),
        (ANSWERED, "escalation", {}, "answered"),
        (ANSWERED, "actions/1/completion", {}, "promised"),
        (ANSWERED, "actions/1/failure", {"reason": "x", "alternative": "y"}, "promised"),
        (TWICE, "ombudsman-referral", {}, "answered"),
        (TWICE, "ombudsman-determination", OVERRULED, "answered"),
        (REFUSED, "ombudsman-referral", {}, "decided how"),
        (REFUSED, "ombudsman-determination", OVERRULED, "decided how"),
        (REFUSED, "reopening", AGAIN, "decided how"),
        (REFERRED, "ombudsman-determination", OVERRULED, "went to the ombudsman"),
        (DECIDED, "reopening", AGAIN, "the ombudsman decided"),
        (REOPENED, "acknowledgement", UNDERSTOOD, "taken up again"),
        (REOPENED, "triage", REFUSAL, "taken up again"),
        (LIMITED, "contact-restriction-lifting", {"reason": "Calm."}, "last restricted"),
    ],
)
async def test_an_act_is_not_before_what_it_follows(
    team: Team, before: list[Act], act: str, body: Mapping[str, Any], what: str
) -> None:
    """Refused with the field and the reason; at the very instant it is taken."""
    reference = await team.complain(received_at=zulu(london(RECEIVED)))
    for at, earlier, said in before:
        by = team.officer("bo" if (before, at) == (TWICE, "Wednesday 2026-06-03 12:00") else "ola")
        await team.act(earlier, reference, by, **said, occurred_at=zulu(london(at)))
    early = {"occurred_at": zulu(london("Wednesday 2026-06-03 11:59"))}
    refused = await team.try_to(act, reference, **{**body, **early})
    assert refused.status_code == 422, refused.text
    [error] = refused.json()["errors"]
    assert error["pointer"] == "/occurred_at"
    assert what in error["detail"]
    await team.act(act, reference, **{**body, "occurred_at": zulu(london("Wednesday 2026-06-03 12:00"))})
