"""Cases that should have a promise are told from those that are promised nothing by design."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from shared.standards.coverage import always_promised, lacks_promises
from tests.shared.standards.histories import CATALOGUE, Happening, fold, history, london
from tests.shared.standards.riverton import FILE, ROW, load

TODAY = london("Monday 2026-11-30 10:00").date()
BOILER: Happening = ("repairs.appliance-registered", "Monday 2026-11-30 10:00", {"kind": "heating"})


@pytest.mark.parametrize(
    ("event_type", "always"),
    [
        ("repairs.repair-reported", True),
        ("repairs.appliance-registered", True),
        ("repairs.second-contractor-appointed", True),
        ("complaints.complaint-received", True),
        ("asb.case-opened", True),
        ("asb.incident-reported", True),
        ("estates.site-registered", True),
        ("residents.tenancy-started", True),
        ("enquiries.call-queued", True),
        ("enquiries.enquiry-received", False),
        ("estates.issue-reported", False),
        ("repairs.hazard-reported", False),
        ("asb.victim-visited", False),
        ("repairs.appliance-serviced", False),
    ],
)
def test_the_catalogue_says_which_kinds_always_have_promises(event_type: str, always: bool) -> None:
    """Those whose every foreseen value starts a row: each priority, each kind; not each channel."""
    assert always_promised(CATALOGUE, event_type, TODAY) is always


@pytest.mark.parametrize(
    ("type", "facts"),
    [
        ("repairs.repair-reported", {"priority": 4, "fault": "window-frames"}),
        ("repairs.repair-reported", {}),
        ("repairs.appliance-registered", {"kind": "gas_fire"}),
        ("asb.incident-reported", {"priority": 9}),
    ],
)
def test_a_case_that_no_row_foresees_lacks_promises(type: str, facts: Mapping[str, Any]) -> None:
    """A value outside the closed list of its kind is how a case falls through the rows."""
    happened: Happening = (type, "Monday 2026-11-30 10:00", facts)
    assert fold(happened) == []
    assert lacks_promises(history(happened), CATALOGUE)


@pytest.mark.parametrize(
    "happened",
    [
        [("enquiries.enquiry-received", "Monday 2026-11-30 10:00",
          {"channel": "phone", "resolved_at_first_contact": True})],
        [("enquiries.enquiry-received", "Monday 2026-11-30 10:00",
          {"channel": "phone", "resolved_at_first_contact": False})],
        [("estates.issue-reported", "Monday 2026-11-30 10:00", {"kind": "needles"})],
        [("repairs.repair-completed", "Monday 2026-11-30 10:00")],
        [("repairs.repair-reported", "Friday 1999-12-31 10:00", {"priority": 3})],
        [("repairs.appliance-registered", "Monday 2026-11-30 10:00", {"kind": "gas_fire"}),
         ("repairs.appliance-removed", "Tuesday 2026-12-01 10:00")],
        [("repairs.repair-reported", "Monday 2026-11-30 10:00", {"priority": 4}),
         ("repairs.repair-cancelled", "Tuesday 2026-12-01 10:00")],
    ],
    ids=[
        "settled at once", "referred without a date", "no promise for needles", "its report is on its way",
        "before anything was promised", "removed", "cancelled",
    ],
)  # fmt: skip
def test_a_case_that_is_promised_nothing_by_design_lacks_nothing(happened: list[Happening]) -> None:
    """No alarm for what the rows foresee, nor for what is over."""
    assert fold(*happened) == []
    assert not lacks_promises(history(*happened), CATALOGUE)


def test_a_service_does_not_end_a_recurring_promise() -> None:
    """An appliance without a clock stays without one when it is serviced."""
    unknown = {"kind": "gas_fire"}
    serviced = ("repairs.appliance-serviced", "Tuesday 2026-12-01 10:00")
    assert lacks_promises(history((BOILER[0], BOILER[1], unknown), serviced), CATALOGUE)


def test_another_councils_files_say_what_its_cases_should_have(tmp_path: Path) -> None:
    """If boilers are promised nothing, none lacks anything; nor does a repair from before the promises."""
    catalogue = load(tmp_path, FILE + ROW)
    assert not lacks_promises(history(BOILER), catalogue)
    before: Happening = ("repairs.repair-reported", "Tuesday 2019-12-31 10:00")
    assert fold(before, catalogue=catalogue) == []
    assert not lacks_promises(history(before), catalogue)
