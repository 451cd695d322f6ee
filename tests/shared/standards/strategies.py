"""Histories of cases for hypothesis: whatever happened in them and however it reached us."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import settings, strategies as st

from shared.events import Event
from tests.shared.standards.histories import event, london

# A busy machine may be slow over one example; the tests are about dates, not speed.
thorough = settings(max_examples=200, deadline=None)

BEGINNING = london("Friday 2025-12-05 16:55")
MOMENTS = st.integers(0, 90 * 24 * 60).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))
INSTANTS = st.datetimes(
    min_value=london("Saturday 2011-01-01 00:00").replace(tzinfo=None),
    max_value=london("Wednesday 2031-12-31 00:00").replace(tzinfo=None),
).map(lambda naive: naive.replace(tzinfo=BEGINNING.tzinfo))


def happening(name: str, **facts: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Mapping[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(facts))


KINDS_OF_CASE = [
    (
        ("repairs.repair-reported", {"priority": 3, "fault": "leaking-roof"}),
        happening("repairs.priority-raised", priority=st.sampled_from([1, 2]))
        | happening("repairs.priority-corrected", priority=st.sampled_from([2, 3]))
        | happening("repairs.repair-made-safe")
        | happening("repairs.repair-completed")
        | happening("repairs.access-refused")
        | happening("repairs.repair-cancelled"),
    ),
    (
        ("complaints.complaint-received", {}),
        happening("complaints.complaint-acknowledged", stage=st.sampled_from([1, 2]))
        | happening("complaints.reply-extended", stage=st.just(1), working_days=st.integers(1, 30))
        | happening("complaints.complaint-responded", stage=st.sampled_from([1, 2]))
        | happening("complaints.complaint-escalated")
        | happening("complaints.complaint-withdrawn"),
    ),
    (
        ("asb.case-opened", {"priority": 1}),
        happening("asb.victim-contacted")
        | happening("asb.victim-visited", action_plan_agreed=st.booleans())
        | happening("asb.victim-updated")
        | happening("asb.update-frequency-set", every=st.sampled_from(["weekly", "ten_working_days"]))
        | happening("asb.action-plan-sent")
        | happening("asb.case-closed")
        | happening("asb.case-reopened"),
    ),
    (
        ("repairs.appliance-registered", {"kind": "heating"}),
        happening("repairs.appliance-serviced") | happening("repairs.appliance-removed"),
    ),
]


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """A case in the order in which it was recorded; later facts may have happened before earlier ones."""
    (opening, facts), later = draw(st.sampled_from(KINDS_OF_CASE))
    happenings = draw(st.lists(st.tuples(later, MOMENTS), max_size=8))
    return [event(1, opening, BEGINNING, facts)] + [
        event(sequence, name, moment, facts) for sequence, ((name, facts), moment) in enumerate(happenings, 2)
    ]
