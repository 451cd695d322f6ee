"""The standards files: all promises are there, and a file that cannot be right is refused."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.standards.catalogue import BUNDLED, BadStandard, Catalogue, UnknownStandard
from tests.shared.standards.histories import CATALOGUE, london
from tests.shared.standards.riverton import FILE, PROMISE, ROW, load

RUNG = '{ name = "breach", at = "at once", tell = [] }'


@pytest.mark.parametrize(
    ("id", "regime", "period"),
    [
        ("enquiries.email.acknowledgement", "havering", "2 working days"),
        ("enquiries.response", "havering", "10 working days"),
        ("enquiries.promised-answer", "havering", "None"),
        ("calls.answered", "havering", "60 seconds"),
        ("repairs.emergency.made-safe", "havering", "4 hours"),
        ("repairs.priority-1.completed", "havering", "4 hours"),
        ("repairs.priority-2.completed", "havering", "3 working days"),
        ("repairs.priority-3.completed", "havering", "28 working days"),
        ("repairs.heating.annual-service", "havering", "12 months"),
        ("repairs.smoke-alarm.annual-service", "havering", "12 months"),
        ("repairs.asb-damage.made-safe", "havering", "24 hours"),
        ("estates.offensive-graffiti.removal", "havering", "24 hours"),
        ("estates.low-rise.clean", "havering", "2 weeks"),
        ("estates.tower-block.clean", "havering", "1 day"),
        ("estates.inspection", "havering", "6 weeks"),
        ("residents.settling-in-visit", "havering", "3 weeks"),
        ("asb.priority-1.victim-contact", "havering", "1 working day"),
        ("asb.victim-contact", "havering", "5 working days"),
        ("asb.action-plan", "havering", "5 working days"),
        ("asb.progress-update", "havering", "10 working days"),
        ("asb.make-safe", "havering", "24 hours"),
        ("asb.satisfaction-survey", "havering", "1 month"),
        ("complaints.stage-1.contact", "havering", "5 working days"),
        ("complaints.stage-1.response", "havering", "10 working days"),
        ("complaints.stage-2.response", "havering", "20 working days"),
        ("repairs.right-to-repair", "right_to_repair", "None"),
        ("repairs.right-to-repair.second-contractor", "right_to_repair", "None"),
        ("complaints.code.stage-1.acknowledgement", "complaint_handling_code", "5 working days"),
        ("complaints.code.stage-1.response", "complaint_handling_code", "10 working days"),
        ("complaints.code.stage-2.acknowledgement", "complaint_handling_code", "5 working days"),
        ("complaints.code.stage-2.response", "complaint_handling_code", "20 working days"),
        ("complaints.code.stage-1.update", "complaint_handling_code", "10 working days"),
        ("complaints.code.stage-2.update", "complaint_handling_code", "10 working days"),
        ("complaints.code.remedy-update", "complaint_handling_code", "10 working days"),
        ("complaints.lgsco-code.stage-1.acknowledgement", "lgsco_complaint_handling_code", "5 working days"),
        ("complaints.lgsco-code.stage-1.response", "lgsco_complaint_handling_code", "10 working days"),
        ("complaints.lgsco-code.stage-2.acknowledgement", "lgsco_complaint_handling_code", "5 working days"),
        ("complaints.lgsco-code.stage-2.response", "lgsco_complaint_handling_code", "20 working days"),
        ("enquiries.freedom-of-information", "information_rights", "20 working days"),
        ("enquiries.environmental-information", "information_rights", "20 working days"),
        ("enquiries.subject-access", "information_rights", "1 month"),
        ("enquiries.data-protection-complaint.acknowledgement", "information_rights", "30 days"),
        ("repairs.hazard.emergency.investigated", "awaabs_law", "24 hours"),
        ("repairs.hazard.emergency.made-safe", "awaabs_law", "24 hours"),
        ("repairs.hazard.significant.investigated", "awaabs_law", "10 working days"),
        ("repairs.hazard.summary", "awaabs_law", "3 working days"),
        ("repairs.hazard.significant.made-safe", "awaabs_law", "5 working days"),
        ("repairs.hazard.in-person-investigated", "awaabs_law", "10 working days"),
        ("repairs.hazard.preventive-work.steps-taken", "awaabs_law", "5 working days"),
        ("repairs.hazard.preventive-work.begun", "awaabs_law", "12 weeks"),
    ],
)
def test_every_promise_is_in_the_bundled_files(id: str, regime: str, period: str) -> None:
    """Each timed promise of the regimes has its row, with the period it was published with."""
    row = CATALOGUE.named(id)
    assert (row.regime.name, str(row.period)) == (regime, period)


@pytest.mark.parametrize(
    ("id", "within"),
    [
        ("repairs.priority-2.completed", "3 working days"),
        ("residents.settling-in-visit", "2 weeks or 3 weeks"),
        ("repairs.right-to-repair", "1 working day or 3 working days or 7 working days"),
        ("enquiries.promised-answer", ""),
    ],
)
def test_a_row_says_how_long_it_gives(id: str, within: str) -> None:
    """Each of its periods, if that depends on what started it; none where somebody gave a date."""
    assert CATALOGUE.named(id).within == within


def test_a_promise_stands_under_the_version_of_its_day(tmp_path: Path) -> None:
    """Neither a version of later years nor one the files have lost since puts words in its place."""
    slower = ROW.replace("We will repair it", "We will repair it slowly")
    found = load(tmp_path, f"{FILE}{slower}in_force_until = 2030-12-31\n{ROW}in_force_from = 2031-01-01")
    assert found.stands_under("repairs.done", london("Monday 2026-02-02 10:00").date()).promise.endswith(
        "slowly."
    )
    assert found.stands_under("repairs.done", london("Friday 2010-01-01 10:00").date()) == found.named(
        "repairs.done"
    )


def test_laws_and_codes_are_statutory_and_the_councils_own_word_is_not() -> None:
    """Only Havering's own standards know council closures and pauses."""
    assert {regime.name: regime.statutory for regime in CATALOGUE.regimes} == {
        "havering": False,
        "right_to_repair": True,
        "complaint_handling_code": True,
        "lgsco_complaint_handling_code": True,
        "awaabs_law": True,
        "internal": False,
        "information_rights": True,
    }


def test_a_standard_nobody_wrote_is_unknown() -> None:
    """Asking for a row that is not there, or not yet in force, names it."""
    with pytest.raises(UnknownStandard, match="yesterday"):
        CATALOGUE.named("repairs.yesterday")
    before_the_law = london("Sunday 2025-10-26 10:00").date()
    with pytest.raises(UnknownStandard, match="summary"):
        CATALOGUE.named("repairs.hazard.summary", before_the_law)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("id = 'repairs.done'", '"promise" is missing'),
        (PROMISE.replace("5 days", "5 sols"), '"5 sols" is no period'),
        (PROMISE.replace("repair-reported", "repair-reportd"), 'unknown event "repairs.repair-reportd"'),
        (PROMISE.replace('"We will', '"Somebody may'), 'must begin with "We will "'),
        (PROMISE.replace('["repairs.repair-reported"]', "[]"), "nothing starts it"),
        (PROMISE.replace('["repairs.repair-completed"]', "[]"), "nothing meets it"),
        (PROMISE.replace('period = "5 days"', ""), "needs either a period or a date"),
        (f'{PROMISE}until = "priority"', "needs either a period or a date"),
        (PROMISE.replace('period = "5 days"', 'until = "priority"'), 'the fact "priority" of'),
        (f"{PROMISE}deadline = 3", '"deadline" is no key'),
        (f'{PROMISE}ladder = "steep"', 'there is no ladder "steep"'),
        (f'{PROMISE}cancelled_by = [{{ event = "repairs.repair-reported", when = {{ colour = "red" }} }}]',
         'repairs.repair-reported has no fact "colour"'),
        (f'{PROMISE}cancelled_by = [{{ event = "repairs.repair-reported", when = {{ priority = 4 }} }}]',
         'is never "4"; it is: 1, 2, 3'),
        (f'{PROMISE}cancelled_by = [{{ event = "repairs.repair-reported", when = {{ imported = 1 }} }}]',
         'is never "1"; it is: yes or no'),
        (f"{PROMISE}in_force_until = 2019-12-31", "goes out of force before it comes into force"),
        (f'{PROMISE}extension = {{ event = "enquiries.holding-reply-sent" }}', "its extension needs either"),
        (f'{PROMISE}extension = {{ event = "enquiries.holding-reply-sent", by = "respond_by" }}',
         'the fact "respond_by" of enquiries.holding-reply-sent is no number'),
        (f'{PROMISE}extension = {{ event = "enquiries.holding-reply-sent", to = "respond_by", times = 0 }}',
         "less than once"),
        (f'{PROMISE}period_changes = [{{ event = "asb.update-frequency-set", period = "1 week" }}]',
         "only a recurring promise changes its period"),
        (f'{PROMISE}matched_on = "damage"', 'has no fact "damage"'),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused(tmp_path: Path, row: str, reason: str) -> None:
    """A row that cannot be right names its file, its id and what is wrong with it."""
    with pytest.raises(BadStandard) as refused:
        load(tmp_path, f"{FILE}[[standard]]\n{row}")
    assert (refused.value.file, refused.value.row) == ("riverton.toml", "repairs.done")
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("regime = ", "is no TOML file"),
        (FILE.replace("source", "sauce") + ROW, '"source" is missing'),
        (f"{FILE}standard = []", "has no standard"),
        (f"{FILE}opening = 'noon'\n{ROW}", "opening"),
        (f"{FILE}office_closing = 08:00:00\n{ROW}", "not after its opening"),
        (FILE.replace("[]", '[{ name = "a", at = "soon", tell = [] }]') + ROW, '"soon" is no period'),
        (FILE.replace("[]", '[{ name = "a", at = "at once", tell = ["mayor"] }]') + ROW, "department"),
        (FILE.replace("[]", f"[{RUNG}, {RUNG}]") + ROW, 'has 2 rungs called "breach"'),
        (FILE.replace("[]", '[{ name = "missed", at = "at once", tell = [] }]') + ROW,
         'has "missed" at once: only "breach" is at once'),
        (FILE.replace("[]", '[{ name = "breach", at = "1 day before", tell = [] }]') + ROW,
         'has "breach" 1 day before: only "breach" is at once'),
        (f"{FILE}{ROW}{ROW}", "two rows with this id are in force on 2020-01-01"),
        (f"{FILE}{ROW}in_force_until = 2024-12-31\n{ROW}in_force_from = 2024-12-31",
         "two rows with this id are in force on 2024-12-31"),
        (f"{FILE}{ROW}in_force_until = 2024-12-31\n{ROW}in_force_from = 2025-01-02",
         "nothing is in force between 2024-12-31 and 2025-01-02"),
        (FILE.replace("[]", '[{ name = "a", at = "1 day after", tell = [] }]')
         + f'{ROW}recurring_until = ["repairs.repair-cancelled"]',
         'its rung "a" comes after the breach of a recurring promise'),
        (f'{FILE}statutory = true\n{ROW}pausing = {{ begins_on = ["repairs.access-refused"], ends_on = [] }}',
         "a statutory clock never pauses unless its file says that it may"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    """A mistake in a file as a whole, or between its rows, is refused too."""
    with pytest.raises(BadStandard, match=r"^riverton\.toml: ") as refused:
        load(tmp_path, text)
    assert reason in refused.value.reason


def test_files_that_are_missing_or_clash_are_refused(tmp_path: Path) -> None:
    """No file, a file that is not there, and one regime or row twice, are refused at start-up."""
    with pytest.raises(BadStandard, match="names no file"):
        Catalogue.load([])
    with pytest.raises(BadStandard, match=r"nowhere.toml: cannot be read \(No such file"):
        Catalogue.load([tmp_path / "nowhere.toml"])
    with pytest.raises(BadStandard, match=r'"havering" is already in havering.toml'):
        Catalogue.load([BUNDLED[0], BUNDLED[0]])
    other = tmp_path / "other.toml"
    other.write_text(FILE + ROW.replace("repairs.done", "repairs.priority-1.completed"))
    with pytest.raises(
        BadStandard, match=r"other.toml: repairs.priority-1.completed: .* already in havering"
    ):
        Catalogue.load([BUNDLED[0], other])


def test_a_promise_made_under_a_row_since_dropped_can_still_be_spoken_of() -> None:
    """A council that changes its files still owes what it promised under the old ones."""
    promise, source, _ = Catalogue.load().words_of("riverton.long-gone", date(2025, 12, 5))
    assert "riverton.long-gone" in promise
    assert "no longer" in source


def test_no_standards_file_is_left_out() -> None:
    """Every TOML file of the folder but the vocabulary is one of the regimes read at start-up."""
    files = set(BUNDLED[0].parent.glob("*.toml")) - {BUNDLED[0].with_name("vocabulary.toml")}
    assert files == set(BUNDLED)


def test_how_to_reach_a_service_is_dated(tmp_path: Path) -> None:
    """A number that changes is added beneath; a letter names the one of its day."""
    points = "".join(
        f'\n[[contact_point]]\nservices = ["repairs"]\nin_force_from = {day}\nphone = "{phone}"\n'
        for day, phone in (("2020-01-01", "01708 434000"), ("2026-12-01", "01708 434999"))
    )
    found = load(tmp_path, f"{FILE}{points}{ROW}")
    for day, phone in ((30, "01708 434000"), (31, "01708 434999")):
        point = found.contact_point("repairs", date(2026, 11, 1) + timedelta(days=day - 1))
        assert point is not None
        assert point.ring == phone
    assert found.contact_point("repairs", date(2019, 12, 31)) is None
    assert found.contact_point("complaints", date(2026, 12, 1)) is None


def test_a_promise_names_the_period_of_the_one_made(tmp_path: Path) -> None:
    """One row with several periods quotes to each resident theirs; the table lists them all."""
    words = PROMISE.replace("We will repair it.", "We will repair it within {period}.")
    row = load(tmp_path, f"{FILE}[[standard]]\n{words}").named("repairs.done")
    assert (row.said("3 days"), row.said()) == (
        "We will repair it within 3 days.",
        "We will repair it within 5 days.",
    )
