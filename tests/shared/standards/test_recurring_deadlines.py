"""Promises that come round again: yearly services, and updates to whoever waits."""

import pytest

from tests.shared.standards.histories import Happening, fold, london, only, told

EVENING = london("Friday 2025-12-05 18:00")


@pytest.mark.parametrize(
    ("serviced", "due"),
    [
        ("Tuesday 2028-02-29 10:00", "Wednesday 2029-02-28 23:59:59"),
        ("Sunday 2027-02-28 10:00", "Monday 2028-02-28 23:59:59"),
        ("Saturday 2025-10-25 01:30", "Sunday 2026-10-25 23:59:59"),
        ("Sunday 2026-10-25 01:30 again", "Monday 2027-10-25 23:59:59"),
        ("Saturday 2026-03-28 23:30", "Sunday 2027-03-28 23:59:59"),
    ],
)
def test_a_year_after_a_day_unlike_others_is_a_year(serviced: str, due: str) -> None:
    """A boiler serviced on 29 February is due on the 28th; clock changes move no day."""
    found = fold(
        ("repairs.appliance-registered", "Wednesday 2025-01-01 10:00", {"kind": "heating"}),
        ("repairs.appliance-serviced", serviced),
    )
    assert told(found[-1].due_at) == due


@pytest.mark.parametrize(
    ("last_serviced_on", "serviced", "due"),
    [
        ("2025-06-02", "Monday 2025-12-01 10:00", "Tuesday 2026-12-01 23:59:59"),
        ("2025-12-01", "Monday 2025-06-02 10:00", "Tuesday 2026-12-01 23:59:59"),
        (None, "Monday 2025-12-01 10:00", "Tuesday 2026-12-01 23:59:59"),
    ],
)
def test_a_year_counts_from_the_last_service_before_the_registration(
    last_serviced_on: str | None, serviced: str, due: str
) -> None:
    """By the word of the registration or by a service that became known later: the latest of both."""
    facts = {"kind": "heating"} | ({"last_serviced_on": last_serviced_on} if last_serviced_on else {})
    [found] = fold(
        ("repairs.appliance-registered", "Tuesday 2026-03-03 09:00", facts),
        ("repairs.appliance-serviced", serviced),
    )
    assert (told(found.due_at), found.open) == (due, True)


def test_the_next_round_does_not_outlive_a_removal_heard_of_late() -> None:
    """Serviced in May, then found to have been removed in April: the service stands, no next one is owed."""
    kept, following = fold(
        ("repairs.appliance-registered", "Monday 2025-12-01 09:00", {"kind": "heating"}),
        ("repairs.appliance-serviced", "Wednesday 2026-05-20 09:00"),
        ("repairs.appliance-removed", "Wednesday 2026-04-01 09:00"),
    )
    now = london("Thursday 2026-05-21 09:00")
    assert (kept.state(now), following.state(now)) == ("met", "cancelled")


def test_a_reopened_case_keeps_the_pace_it_was_set_to() -> None:
    """A victim who was to hear weekly hears weekly again; what was not done before closing stays undone."""
    found = fold(
        ("asb.case-opened", "Monday 2025-12-01 09:00", {"priority": 2}),
        ("asb.update-frequency-set", "Tuesday 2025-12-02 09:00", {"every": "weekly"}),
        ("asb.case-closed", "Thursday 2025-12-04 09:00"),
        ("asb.case-reopened", "Monday 2025-12-15 09:00"),
    )
    updates = [deadline for deadline in found if deadline.standard == "asb.progress-update"]
    assert told(updates[-1].due_at) == "Monday 2025-12-22 23:59:59"
    assert only(found, "asb.victim-contact").open


def test_a_recurring_promise_starts_again_each_time_it_is_met() -> None:
    """Cleaned on the day before it is due, a block is due two weeks after that, until the site is retired."""
    site: Happening = ("estates.site-registered", "Monday 2025-12-01 09:00", {"kind": "low_rise"})
    outside_only: Happening = (
        "estates.site-cleaned", "Tuesday 2025-12-02 09:00", {"complete": False},
    )  # fmt: skip
    both: Happening = ("estates.site-cleaned", "Friday 2025-12-12 09:00", {"complete": True})
    retired: Happening = ("estates.site-retired", "Monday 2025-12-15 09:00")
    first, second = (
        deadline
        for deadline in fold(site, outside_only, both, retired)
        if deadline.standard == "estates.low-rise.clean"
    )
    assert (first.started_by, first.met_by, told(first.due_at)) == (1, 3, "Monday 2025-12-15 23:59:59")
    assert (second.started_by, told(second.due_at)) == (3, "Friday 2025-12-26 23:59:59")
    assert second.state(EVENING) == "cancelled"


def test_a_service_before_registration_counts() -> None:
    """A boiler last serviced in May is due in May, though it was registered in December."""
    serviced = {"kind": "heating", "last_serviced_on": "2025-05-20"}
    deadline = only(
        fold(("repairs.appliance-registered", "Monday 2025-12-01 09:00", serviced)),
        "repairs.heating.annual-service",
    )
    assert told(deadline.due_at) == "Wednesday 2026-05-20 23:59:59"
    assert told(deadline.counted_from) == "Tuesday 2025-05-20 00:00:00"
    assert told(deadline.started_at) == "Monday 2025-12-01 09:00:00"


@pytest.mark.parametrize(
    ("kind", "standard"),
    [("heating", "repairs.heating.annual-service"), ("smoke_alarm", "repairs.smoke-alarm.annual-service")],
)
def test_a_service_before_the_first_version_counts_too(kind: str, standard: str) -> None:
    """Last serviced before anything was promised, an appliance is counted from then all the same."""
    registered: Happening = (
        "repairs.appliance-registered",
        "Monday 2025-12-01 09:00",
        {"kind": kind, "last_serviced_on": "1999-12-31"},
    )
    deadline = only(fold(registered), standard)
    assert told(deadline.due_at) == "Sunday 2000-12-31 23:59:59"
    assert f"{deadline.version}" == "2000-01-01"
    assert deadline.state(EVENING) == "breached"
    _, second = fold(registered, ("repairs.appliance-serviced", "Friday 2025-12-05 12:00"))
    assert told(second.due_at) == "Saturday 2026-12-05 23:59:59"


def test_what_was_registered_before_anything_was_promised_is_promised_nothing() -> None:
    """No version was in force on that day, and none reaches back."""
    serviced = {"kind": "heating", "last_serviced_on": "1998-05-20"}
    assert fold(("repairs.appliance-registered", "Friday 1999-12-31 09:00", serviced)) == []


def test_a_reopened_case_is_kept_informed_again() -> None:
    """Closing ends the updates and promises a survey; reopening turns both round."""
    found = fold(
        ("asb.case-opened", "Monday 2026-02-02 09:00", {"priority": 2}),
        ("asb.case-closed", "Thursday 2026-02-05 09:00"),
        ("asb.case-reopened", "Monday 2026-02-09 09:00"),
    )
    now = london("Tuesday 2026-02-10 09:00")
    assert only(found, "asb.satisfaction-survey").state(now) == "cancelled"
    assert [d.state(now) for d in found if d.standard == "asb.progress-update"] == ["cancelled", "running"]


def test_each_closing_has_a_questionnaire_of_its_own() -> None:
    """Within a month of each closing; a dissatisfied answer is owed a review."""
    found = fold(
        ("asb.case-opened", "Monday 2026-02-02 09:00", {"priority": 2}),
        ("asb.case-closed", "Thursday 2026-02-05 09:00"),
        ("asb.survey-sent", "Friday 2026-02-06 09:00"),
        ("asb.survey-answered", "Monday 2026-02-09 09:00", {"satisfied": False}),
        ("asb.closure-reviewed", "Tuesday 2026-02-10 09:00", {"outcome": "reopen"}),
        ("asb.case-reopened", "Tuesday 2026-02-10 09:00"),
        ("asb.case-closed", "Saturday 2026-02-28 09:00"),
    )
    now = london("Monday 2026-03-02 09:00")
    surveys = [(told(d.due_at), d.state(now)) for d in found if d.standard == "asb.satisfaction-survey"]
    assert surveys == [("Thursday 2026-03-05 23:59:59", "met"), ("Saturday 2026-03-28 23:59:59", "running")]
    assert only(found, "asb.dissatisfied.review").state(now) == "met"


@pytest.mark.parametrize(
    ("priority", "reported", "due"),
    [
        (2, "Monday 2026-02-02 00:00", "Monday 2026-02-09"),
        (2, "Monday 2026-02-02 23:59", "Monday 2026-02-09"),
        (2, "Saturday 2026-02-07 12:00", "Friday 2026-02-13"),
        (2, "Thursday 2026-04-02 09:00", "Monday 2026-04-13"),  # Good Friday and Easter Monday are between
        (2, "Thursday 2026-12-24 09:00", "Tuesday 2027-01-05"),  # Christmas, its substitute day, New Year
        (1, "Thursday 2026-12-24 09:00", "Tuesday 2026-12-29"),
        (1, "Saturday 2026-02-07 12:00", "Monday 2026-02-09"),
    ],
)
@pytest.mark.parametrize("type", ["asb.case-opened", "asb.incident-reported"])
def test_a_victim_is_contacted_within_one_or_five_working_days(
    type: str, priority: int, reported: str, due: str
) -> None:
    """Of the report, and of each further incident; an attempt that reached nobody keeps no promise."""
    found = fold((type, reported, {"priority": priority}), ("asb.victim-contact-attempted", reported))
    contact = only(found, "asb.priority-1.victim-contact" if priority == 1 else "asb.victim-contact")
    assert (told(contact.due_at), contact.open) == (f"{due} 23:59:59", True)


def test_one_update_owes_one_next_update() -> None:
    """A case reopened without having been closed has two rounds running; meeting both starts one round."""
    found = fold(
        ("asb.case-opened", "Monday 2026-02-02 09:00", {"priority": 2}),
        ("asb.case-reopened", "Tuesday 2026-02-03 09:00"),
        ("asb.victim-updated", "Wednesday 2026-02-04 09:00"),
    )
    rounds = [(d.started_by, d.met_by) for d in found if d.standard == "asb.progress-update"]
    assert rounds == [(1, 3), (2, 3), (3, None)]


def test_weekly_updates_never_put_off_a_date_already_promised() -> None:
    """Set to weekly on day eight of ten, the running date stays; from then on a week is given."""
    opened: Happening = ("asb.case-opened", "Monday 2026-02-02 09:00", {"priority": 2})
    weekly: Happening = ("asb.update-frequency-set", "Thursday 2026-02-12 09:00", {"every": "weekly"})
    updated: Happening = ("asb.victim-updated", "Friday 2026-02-13 09:00")
    first, second = (d for d in fold(opened, weekly, updated) if d.standard == "asb.progress-update")
    assert told(first.due_at) == "Monday 2026-02-16 23:59:59"
    assert told(second.due_at) == "Friday 2026-02-20 23:59:59"
    early: Happening = ("asb.update-frequency-set", "Tuesday 2026-02-03 09:00", {"every": "weekly"})
    assert told(only(fold(opened, early), "asb.progress-update").due_at) == "Tuesday 2026-02-10 23:59:59"
