"""States of a repair, with the acts that bring each about and those that it then allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.services.repairs.hazards.homes import SUMMARY

Body = Mapping[str, Any]

WHY = {"reason": "It has to be."}
QUOTE = {"reason": "The door was kicked in.", "estimated_cost": "120.00", "administration_charge": "18.00"}
COMPLETED = {"type": "completed", "clean_and_tidy": True, "identification_shown": True}
ON_SITE = {"starts_at": timedelta(days=2), "ends_at": timedelta(days=2, hours=3)}
MOULD = {"hazard": "damp-and-mould", "severity": "significant"}
GAS = {"hazard": "uncombusted-fuel-gas", "severity": "emergency"}
# Something that can be told by each act; the slots and the priority are filled in for the repair at hand.
BODIES: Mapping[str, Body] = {
    "assignment": {"contractor": "Fixit"},
    "handback": {"reason": "not_our_trade", "notes": "It is the boiler."},
    "updates": {"type": "no_access"},
    "updates/{number}/decision": {**WHY, "accepted": False},
    "estimate": {"amount": "120.00"},
    "cancellation": WHY,
    "priority": WHY,
    "appointment": {},
    "appointment/cancellation": WHY,
    "recharge": QUOTE,
    "recharge/signature": {"signed_by": "Sam Jones", "signature": "Sam Jones"},
    "recharge/decline": WHY,
    "recharge/waiver": WHY,
    "second-contractor": {"contractor": "Mendem"},
    "right-to-repair/suspension": WHY,
    "right-to-repair/resumption": WHY,
    "right-to-repair/end": {**WHY, "because": "not_wanted"},
    "compensation/set-off": {**WHY, "amount": "12.00"},
    "hazard": GAS,
    "hazard/investigation": {"finding": "significant", "further_work_needed": True},
    "hazard/material-change": {"severity": "emergency", "change": "It has spread to the cot."},
    "hazard/in-person-request": {},
    "hazard/summary": SUMMARY,
    "hazard/safety-work": {},
    "hazard/preventive-work": {"begun": True},
    "hazard/decant": {**WHY, "from": "2026-11-27"},
    "hazard/decant/answer": {"accepted": False, "suitability": "Too far from school."},
    "hazard/access-attempt": {"way": "knocked", "outcome": "no answer"},
    "hazard/reasonable-step": {"kind": "specialist", "step": "A mycologist was asked to come."},
    "hazard/end": {"because": "moved_out", "reason": "The keys were handed in."},
    "contact": {"phone": "07700 900123"},
}
# A firm that has a job tells of these.
OF_A_HAZARD = {
    "hazard/safety-work",
    "hazard/access-attempt",
    "hazard/material-change",
    "hazard/reasonable-step",
}

# People are written to after the end too.
ALWAYS = {"contact"}
ANY_OPEN = ALWAYS | {"assignment", "updates", "cancellation"}
RIGHT_TO_REPAIR = {"right-to-repair/suspension", "right-to-repair/end"}
FRESH = (
    ANY_OPEN
    | RIGHT_TO_REPAIR
    | {"estimate", "priority", "appointment", "hazard", "recharge", "recharge/waiver"}
)
WITH_A_FIRM = FRESH | {"handback"}
WHILE_REPORTED = OF_A_HAZARD | {"hazard/investigation", "hazard/decant", "hazard/end"}
QUOTED_UNSAFE = FRESH | WHILE_REPORTED | {"recharge/signature"}
ONCE_FOUND = OF_A_HAZARD | {"hazard/summary", "hazard/preventive-work", "hazard/decant", "hazard/end"}


@dataclass(frozen=True)
class State:
    """A repair as it was reported, what was done to it and told of it, and which acts it then allows."""

    name: str
    allowed: set[str]
    acts: tuple[tuple[str, Body], ...] = ()
    report: Body = field(default_factory=dict)
    firm: str = "Fixit"
    told: tuple[Body, ...] = ()

    def __str__(self) -> str:
        return self.name


BOOKED: tuple[str, Body] = ("appointment", {})
DONE: tuple[str, Body] = ("updates", COMPLETED)
FOUND: tuple[str, Body] = ("hazard/investigation", BODIES["hazard/investigation"])
FOUND_REMOTELY: tuple[str, Body] = (
    "hazard/investigation",
    {**BODIES["hazard/investigation"], "in_person": False},
)
NOT_FOUND: tuple[str, Body] = ("hazard/investigation", {"finding": "none", "further_work_needed": False})
MADE_SAFE: tuple[str, Body] = ("hazard/safety-work", {})
SAFE_ON_SITE: tuple[str, Body] = ("updates", {"type": "made_safe"})
QUOTED: tuple[str, Body] = ("recharge", QUOTE)
SIGNED: tuple[str, Body] = ("recharge/signature", BODIES["recharge/signature"])
SECOND: tuple[str, Body] = ("second-contractor", {"contractor": "Bodgit"})
NOT_WANTED = BODIES["right-to-repair/end"]
TO_AN_EMERGENCY: tuple[str, Body] = ("priority", {**WHY, "priority": 1})
FOLLOW_ON: tuple[str, Body] = ("updates", {"type": "follow_on_needed", "appointment": ON_SITE})

GIVEN: tuple[str, Body] = ("assignment", {"contractor": "Fixit"})
EARLIER = {**COMPLETED, "occurred_at": timedelta(hours=-3)}

GAS_LEAK = {"fault": "loss-of-gas"}
LATE_TAP = {"fault": "tap-not-turning", "received_at": timedelta(days=-30)}
STATES = [
    State("reported", FRESH),
    State("given to a firm", WITH_A_FIRM, (GIVEN,)),
    State("handed back", FRESH, (GIVEN, ("handback", BODIES["handback"]))),
    State("visit ahead", WITH_A_FIRM | {"appointment/cancellation"}, (BOOKED,)),
    State("visit called off", WITH_A_FIRM, (BOOKED, ("appointment/cancellation", WHY))),
    State("emergency", FRESH - {"appointment", "priority"}, report=GAS_LEAK),
    State(
        "emergency with a follow-on visit ahead",
        FRESH - {"appointment", "priority"} | {"appointment/cancellation"},
        (FOLLOW_ON,),
        GAS_LEAK,
    ),
    State("raised to an emergency", WITH_A_FIRM - {"appointment"}, (BOOKED, TO_AN_EMERGENCY)),
    State("raised and taken back", FRESH, (TO_AN_EMERGENCY, ("priority", {**WHY, "priority": 3}))),
    State("caused by the resident", FRESH - RIGHT_TO_REPAIR, report={"caused_by_resident": True}),
    State("quoted", FRESH | {"recharge/signature", "recharge/decline"}, (QUOTED,)),
    State("signed", FRESH - {"recharge"}, (QUOTED, SIGNED)),
    State("waived", FRESH - {"recharge/waiver"}, (("recharge/waiver", WHY),)),
    State("declined", ALWAYS, (QUOTED, ("recharge/decline", WHY))),
    State("significant hazard", FRESH | WHILE_REPORTED, report={"hazard": MOULD}),
    State("emergency hazard", FRESH - {"hazard", "appointment"} | WHILE_REPORTED, report={"hazard": GAS}),
    State(
        "investigated remotely",
        FRESH | ONCE_FOUND | {"hazard/in-person-request"},
        (FOUND_REMOTELY,),
        {"hazard": MOULD},
    ),
    State(
        "an investigation in person asked for",
        FRESH | ONCE_FOUND | {"hazard/investigation"},
        (FOUND_REMOTELY, ("hazard/in-person-request", {})),
        {"hazard": MOULD},
    ),
    State(
        "somewhere to stay offered",
        FRESH | WHILE_REPORTED | {"hazard/decant/answer"},
        (("hazard/decant", BODIES["hazard/decant"]),),
        {"hazard": MOULD},
    ),
    State(
        "hazard ended",
        FRESH | {"hazard/summary"},
        (FOUND, ("hazard/end", BODIES["hazard/end"])),
        {"hazard": MOULD},
    ),
    State("significant hazard found", FRESH | ONCE_FOUND, (FOUND,), {"hazard": MOULD}),
    State("emergency hazard found", FRESH - {"hazard"} | ONCE_FOUND, (FOUND,), {"hazard": GAS}),
    State("hazard made safe", FRESH | ONCE_FOUND, (FOUND, MADE_SAFE), {"hazard": GAS}),
    State("hazard made safe on the job", FRESH | ONCE_FOUND, (FOUND, SAFE_ON_SITE), {"hazard": GAS}),
    State(
        "hazard not found",
        FRESH | {"hazard/summary", "hazard/material-change"},
        (NOT_FOUND,),
        {"hazard": GAS},
    ),
    State("completed with a hazard reported", ALWAYS | WHILE_REPORTED, (DONE,), {"hazard": MOULD}),
    State("completed with a hazard found", ALWAYS | ONCE_FOUND, (FOUND, DONE), {"hazard": MOULD}),
    State("quoted with a hazard", QUOTED_UNSAFE, (QUOTED,), {"hazard": MOULD}),
    State(
        "quoted with a hazard made safe",
        FRESH | ONCE_FOUND | {"recharge/signature", "recharge/decline"},
        (FOUND, MADE_SAFE, QUOTED),
        {"hazard": MOULD},
    ),
    State("late", FRESH | {"second-contractor"}, report=LATE_TAP),
    State(
        "with its right suspended",
        FRESH - {"right-to-repair/suspension"} | {"right-to-repair/resumption"},
        (("right-to-repair/suspension", WHY),),
    ),
    State("with its right ended", FRESH - RIGHT_TO_REPAIR, (("right-to-repair/end", NOT_WANTED),)),
    State(
        "with a second contractor who is late too",
        WITH_A_FIRM | {"compensation/set-off"},
        (("second-contractor", {"contractor": "Bodgit", "occurred_at": timedelta(days=-20)}),),
        LATE_TAP,
        firm="Bodgit",
    ),
    State("with a second contractor", WITH_A_FIRM, (SECOND,), LATE_TAP, firm="Bodgit"),
    State("late and completed", ALWAYS, (DONE,), LATE_TAP),
    State(
        "completed, and told again for an earlier time",
        ALWAYS | {"updates/{number}/decision"},
        (GIVEN,),
        {"received_at": timedelta(hours=-6)},
        told=({**COMPLETED, "occurred_at": timedelta(hours=-1)}, EARLIER),
    ),
    State("late and cancelled", ALWAYS, (("cancellation", WHY),), LATE_TAP),
    State("cancelled with a hazard", ALWAYS, (("cancellation", WHY),), {"hazard": GAS}),
]
