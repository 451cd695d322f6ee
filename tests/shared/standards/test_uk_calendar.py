"""A regime's file names its calendar, and a row may move a last day that is no working day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.standards.__main__ import markdown
from shared.standards.calendar import Calendar
from shared.standards.catalogue import BadStandard
from tests.shared.standards.histories import CALENDAR, fold, told
from tests.shared.standards.riverton import FILE, ROW, load

# Freedom of Information Act 2000, section 10: the 20th working day following receipt, where the bank
# holidays of any part of the United Kingdom do not count.
FREEDOM_OF_INFORMATION = (
    FILE.replace("[]", '[]\nstatutory = true\ncalendar = "united-kingdom"')
    + ROW.replace("5 days", "20 working days")
)  # fmt: skip
# Subject access: one month, and a last day that is no working day moves on to the next.
SUBJECT_ACCESS = f"{FILE}statutory = true\n{ROW.replace('5 days', '1 month')}rolls = true\n"


@pytest.mark.parametrize(
    ("received", "england", "due"),
    [
        ("Friday 2025-12-05 10:00", "Wednesday 2026-01-07", "Thursday 2026-01-08"),  # 2 January, Scotland
        ("Monday 2026-03-02 10:00", "Monday 2026-03-30", "Tuesday 2026-03-31"),  # St Patrick's Day
        ("Monday 2026-06-15 10:00", "Monday 2026-07-13", "Tuesday 2026-07-14"),  # 12 July, on Monday the 13th
        ("Monday 2026-07-20 10:00", "Monday 2026-08-17", "Tuesday 2026-08-18"),  # summer, Scotland
        ("Monday 2026-11-02 10:00", "Monday 2026-11-30", "Tuesday 2026-12-01"),  # St Andrew's Day
        ("Monday 2033-06-20 10:00", "Monday 2033-07-18", "Tuesday 2033-07-19"),  # a year that is computed
        ("Monday 2026-09-07 10:00", "Monday 2026-10-05", "Monday 2026-10-05"),  # none anywhere
    ],
)
def test_freedom_of_information_leaves_out_the_holidays_of_every_part(
    tmp_path: Path, received: str, england: str, due: str
) -> None:
    """A Scottish or Northern Irish holiday within the 20 working days makes them end a day later."""
    for text, expected in (
        (FREEDOM_OF_INFORMATION, due),
        (FREEDOM_OF_INFORMATION.replace("united-kingdom", "england-and-wales"), england),
    ):
        (deadline,) = fold(("repairs.repair-reported", received), catalogue=load(tmp_path, text))
        assert told(deadline.due_at) == f"{expected} 23:59:59"


def test_136_receipt_days_of_2026_get_another_date_than_by_englands_list() -> None:
    """The number that others have counted."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    other = [
        day
        for day in days
        if CALENDAR.add_working_days(day, 20) != CALENDAR.united_kingdom.add_working_days(day, 20)
    ]
    assert len(other) == 136


def test_a_holiday_elsewhere_is_named_with_its_nation(tmp_path: Path) -> None:
    """A Londoner is told where there was a bank holiday; the council's closures do not count for the law."""
    closed = CALENDAR.with_closures({date(2026, 11, 27): "stocktaking"})
    (deadline,) = fold(
        ("repairs.repair-reported", "Monday 2026-11-02 10:00"),
        catalogue=load(tmp_path, FREEDOM_OF_INFORMATION),
        calendar=closed,
    )
    assert "St Andrew's Day bank holiday in Scotland (Monday 30 November)" in deadline.because
    assert "stocktaking" not in deadline.because
    assert closed.united_kingdom.why_not_working(date(2026, 11, 27)) == "council closure: stocktaking"
    assert closed.is_working(date(2026, 11, 30))


def test_a_calendar_nobody_knows_is_refused(tmp_path: Path) -> None:
    """The refusal names the key."""
    with pytest.raises(BadStandard, match=r"riverton.toml: calendar: "):
        load(tmp_path, FREEDOM_OF_INFORMATION.replace("united-kingdom", "scotland"))


@pytest.mark.parametrize(
    ("received", "due", "moved"),
    [
        ("Monday 2026-02-02 10:00", "Monday 2026-03-02", ""),
        ("Wednesday 2026-01-28 10:00", "Monday 2026-03-02",
         "is the end of Saturday 28 February 2026. That is no working day (Saturday), so it moves to the end "
         "of Monday 2 March 2026."),
        ("Tuesday 2026-03-03 10:00", "Tuesday 2026-04-07",
         "is the end of Friday 3 April 2026. That is no working day (Good Friday bank holiday), so it moves "
         "to the end of Tuesday 7 April 2026."),
    ],
)  # fmt: skip
def test_a_last_day_that_is_no_working_day_moves_on(
    tmp_path: Path, received: str, due: str, moved: str
) -> None:
    """Subject access ends on the next working day, and says why."""
    (deadline,) = fold(("repairs.repair-reported", received), catalogue=load(tmp_path, SUBJECT_ACCESS))
    assert told(deadline.due_at) == f"{due} 23:59:59"
    assert moved in deadline.because
    assert bool(moved) == ("it moves to" in deadline.because)


@pytest.mark.parametrize(
    ("period", "due"), [("5 days", "Monday 2026-02-09"), ("2 weeks", "Monday 2026-02-16")]
)
def test_days_and_weeks_roll_as_months_do(tmp_path: Path, period: str, due: str) -> None:
    """Five days from Monday end on a Saturday; two weeks end on a working day and stay."""
    catalogue = load(tmp_path, SUBJECT_ACCESS.replace("1 month", period))
    (deadline,) = fold(("repairs.repair-reported", "Monday 2026-02-02 10:00"), catalogue=catalogue)
    assert told(deadline.due_at) == f"{due} 23:59:59"


def test_an_extended_last_day_rolls_too(tmp_path: Path) -> None:
    """Put off by five days to a Saturday, it is Monday's end."""
    extension = 'extension = { event = "complaints.reply-extended", by = "working_days", unit = "days" }'
    catalogue = load(tmp_path, f"{SUBJECT_ACCESS.replace('1 month', '2 weeks')}{extension}")
    (deadline,) = fold(
        ("repairs.repair-reported", "Monday 2026-02-02 10:00"),
        ("complaints.reply-extended", "Tuesday 2026-02-03 10:00", {"working_days": 5}),
        catalogue=catalogue,
    )
    assert told(deadline.due_at) == "Monday 2026-02-23 23:59:59"


def test_only_the_end_of_a_period_of_days_can_roll(tmp_path: Path) -> None:
    """Hours run day and night, and a date that was given is kept."""
    hours = SUBJECT_ACCESS.replace("1 month", "24 hours")
    given = SUBJECT_ACCESS.replace('period = "1 month"', 'until = "expected_answer_on"')
    for text in (hours, given.replace("repairs.repair-reported", "enquiries.enquiry-received")):
        with pytest.raises(BadStandard, match="only the end of a period of days can roll"):
            load(tmp_path, text)


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        ('version_by = "priority"', 'the fact "priority" of repairs.repair-reported is no date'),
        ('starts_on = [{ event = "repairs.repair-reported", no_later_than = { period = "2 days", '
         'counted_from = "aware_at" } }]', 'repairs.repair-reported has no fact "aware_at"'),
    ],
)  # fmt: skip
def test_what_decides_or_caps_a_date_must_be_a_date_of_every_start(
    tmp_path: Path, key: str, fact: str
) -> None:
    """A misspelt fact would be missing from every event, and so decide nothing."""
    plain = ROW.replace('starts_on = ["repairs.repair-reported"]\n', "") if "starts_on" in key else ROW
    with pytest.raises(BadStandard, match=fact):
        load(tmp_path, f"{FILE}{plain}{key}")


def test_the_page_says_whose_holidays_count_and_what_rolls(tmp_path: Path) -> None:
    """A reader of the generated page need not know the file."""
    page = markdown(load(tmp_path, FREEDOM_OF_INFORMATION))
    assert "A bank holiday in any part of the United Kingdom is left out." in page
    assert "a last day that is no working day moves on to the next" in markdown(
        load(tmp_path, SUBJECT_ACCESS)
    )


def test_a_newer_list_of_other_parts_wins_in_its_own_years() -> None:
    """A holiday taken from Scotland in 2026 counts there; 2027 stays, and so does England."""
    newer = CALENDAR.with_official({}, {date(2026, 1, 2): "2nd January bank holiday in Scotland"})
    assert newer.united_kingdom.is_working(date(2026, 11, 30))
    assert not newer.united_kingdom.is_working(date(2027, 11, 30))
    assert newer.holidays == CALENDAR.holidays
    assert newer != Calendar.bundled()
