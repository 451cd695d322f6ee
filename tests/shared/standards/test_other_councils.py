"""Regimes in a council's own file: other hours, other events, new versions, pauses."""

from pathlib import Path

import pytest

from shared.standards.catalogue import BadStandard, Catalogue
from shared.standards.deadlines import next_deadline
from shared.standards.vocabulary import Vocabulary
from tests.shared.standards.histories import fold, london, only, told
from tests.shared.standards.riverton import FILE, ROW, load


def test_another_council_keeps_its_own_promises(tmp_path: Path) -> None:
    """Riverton closes at five, reminds at eight, and repairs in five days: all of it in its own file."""
    file = FILE.replace("[]", '[{ name = "nudge", at = "1 day before", tell = ["handler"] }]')
    catalogue = load(tmp_path, f'{file}closing = "17:00"\nopening = "08:00"\n{ROW}source = "page 3"')
    (deadline,) = fold(("repairs.repair-reported", "Monday 2026-02-02 10:00"), catalogue=catalogue)
    assert told(deadline.due_at) == "Saturday 2026-02-07 17:00:00"
    assert (deadline.regime, deadline.source) == ("riverton", "Riverton charter, page 3")
    assert [(rung.name, told(rung.at), rung.tell) for rung in deadline.rungs] == [
        ("nudge", "Friday 2026-02-06 08:00:00", ("handler",))
    ]
    assert deadline.because == (
        "Riverton promised to repair it. Your repair was reported to us on Monday 2 February 2026 at 10:00. "
        "5 days after that is 17:00 on Saturday 7 February 2026."
    )


def test_another_council_may_name_further_events_in_the_vocabulary(tmp_path: Path) -> None:
    """An event of its own is refused in a row until the vocabulary has it."""
    words, file = tmp_path / "vocabulary.toml", tmp_path / "riverton.toml"
    words.write_text(
        '[ferries.crossing-booked]\nplainly = "Your crossing was booked"\n'
        '[ferries.crossing-made]\nplainly = "You crossed the river"\n'
    )
    file.write_text(
        FILE + ROW.replace("repairs.repair-reported", "ferries.crossing-booked")
        .replace("repairs.repair-completed", "ferries.crossing-made")
    )  # fmt: skip
    with pytest.raises(BadStandard, match=r"unknown event .*crossing-booked"):
        Catalogue.load([file])
    assert Catalogue.load([file], Vocabulary.load(words)).named("repairs.done").service == "ferries"


def test_a_case_keeps_the_row_it_started_under(tmp_path: Path) -> None:
    """Five days until the end of 2025, two days from 2026: a case of 31 December still has five."""
    catalogue = load(
        tmp_path,
        f"{FILE}{ROW}in_force_until = 2025-12-31\n"
        f"{ROW.replace('5 days', '2 days')}in_force_from = 2026-01-01",
    )
    old = fold(("repairs.repair-reported", "Wednesday 2025-12-31 23:59"), catalogue=catalogue)
    new = fold(("repairs.repair-reported", "Thursday 2026-01-01 00:00"), catalogue=catalogue)
    assert [(told(d.due_at), f"{d.version}") for d in old] == [("Monday 2026-01-05 23:59:59", "2020-01-01")]
    assert [(told(d.due_at), f"{d.version}") for d in new] == [("Saturday 2026-01-03 23:59:59", "2026-01-01")]
    assert f"{catalogue.named('repairs.done').period}" == "2 days"


def test_a_recurring_promise_takes_up_the_row_then_in_force(tmp_path: Path) -> None:
    """The round that runs keeps its period; the next has the new one; out of force, there is none."""
    recurring = f'{ROW}recurring_until = ["repairs.repair-cancelled"]\n'
    catalogue = load(
        tmp_path,
        f"{FILE}{recurring}in_force_until = 2025-12-31\n"
        f"{recurring.replace('5 days', '2 days')}in_force_from = 2026-01-01\nin_force_until = 2026-01-05",
    )
    found = fold(
        ("repairs.repair-reported", "Wednesday 2025-12-31 10:00"),
        ("repairs.repair-completed", "Friday 2026-01-02 10:00"),
        ("repairs.repair-completed", "Tuesday 2026-01-06 10:00"),
        catalogue=catalogue,
    )
    assert [told(deadline.due_at) for deadline in found] == [
        "Monday 2026-01-05 23:59:59",
        "Sunday 2026-01-04 23:59:59",
    ]


@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("5 hours", "Tuesday 2026-02-10 12:00:00"),
        ("5 days", "Sunday 2026-02-15 23:59:59"),
        ("5 working days", "Tuesday 2026-02-17 23:59:59"),
    ],
)
def test_where_a_regime_pauses_the_paused_time_is_given_back(tmp_path: Path, period: str, due: str) -> None:
    """Reported on Monday, no access from Monday until the Tuesday of the next week."""
    pausing = 'pausing = { begins_on = ["repairs.access-refused"], ends_on = ["repairs.repair-attended"] }'
    catalogue = load(tmp_path, f"{FILE}{ROW.replace('5 days', period)}{pausing}")
    report = ("repairs.repair-reported", "Monday 2026-02-02 10:00")
    refused = ("repairs.access-refused", "Monday 2026-02-02 12:00")
    attended = ("repairs.repair-attended", "Tuesday 2026-02-10 09:00")
    (paused,) = fold(report, refused, catalogue=catalogue)
    assert paused.state(london("Monday 2026-03-02 12:00")) == "running"
    assert paused.rungs == ()
    (resumed,) = fold(report, refused, attended, catalogue=catalogue)
    assert told(resumed.due_at) == due
    assert [move.kind for move in resumed.working.moves] == ["paused"]
    (met,) = fold(
        report, refused, ("repairs.repair-completed", "Tuesday 2026-02-10 09:00"), catalogue=catalogue
    )
    assert met.state(london("Monday 2026-03-02 12:00")) == "met"


def test_a_paused_promise_comes_next_only_where_no_other_is_open(tmp_path: Path) -> None:
    """Due first and then paused, it must not hide the one that can be missed."""
    pausing = 'pausing = { begins_on = ["repairs.access-refused"], ends_on = ["repairs.repair-attended"] }\n'
    other = ROW.replace("repairs.done", "repairs.other").replace("5 days", "9 days")
    catalogue = load(tmp_path, f"{FILE}{ROW}{pausing}{other}")
    found = fold(
        ("repairs.repair-reported", "Monday 2026-02-02 10:00"),
        ("repairs.access-refused", "Monday 2026-02-02 12:00"),
        catalogue=catalogue,
    )
    paused, running = only(found, "repairs.done"), only(found, "repairs.other")
    assert paused.due_at < running.due_at
    assert next_deadline(found) is running
    assert next_deadline([paused]) is paused
