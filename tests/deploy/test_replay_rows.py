"""A file's rows are cases, duplicates, or cannot be right; nothing is lost and nothing goes in askew."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.replay.__main__ import THE_311_FILE
from deploy.replay.bodies import ending_of, report_of
from deploy.replay.mapping import Mapping, Outcome, read_mapping
from deploy.replay.meanings import Repair, Service
from deploy.replay.rows import (
    RefusedRow,
    Row,
    UnreadableFile,
    WrongRow,
    instant,
    old_case,
    read_rows,
    sort_rows,
)

NOW = datetime(2020, 1, 1, tzinfo=UTC)
A_TOILET = {
    "Unique Key": "39874139",
    "Created Date": "07/30/2018 08:19:06 AM",
    "Closed Date": "08/01/2018 11:01:05 PM",
    "Status": "Closed",
    "Complaint Type": "PLUMBING",
    "Descriptor": "TOILET",
    "Open Data Channel Type": "PHONE",
    "Incident Zip": "11377",
    "Incident Address": "41-28 55 STREET",
    "Street Name": "55 STREET",
    "Cross Street 1": "ROOSEVELT AVENUE",
    "Intersection Street 1": "",
    "Intersection Street 2": "",
}
HEADER = ",".join(A_TOILET)
TOILET = ",".join(A_TOILET.values())


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return read_mapping(THE_311_FILE)


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a file and gives its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "requests.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_a_row_becomes_a_repair_in_our_words(mapping: Mapping) -> None:
    """Times on New York's clock become UTC, and the complaint becomes a fault of the guide."""
    repair = old_case(Row(2, A_TOILET), mapping, NOW)
    assert repair.received_at == datetime(2018, 7, 30, 12, 19, 6, tzinfo=UTC)
    assert (repair.outcome, repair.ended_at) == (Outcome.DONE, datetime(2018, 8, 2, 3, 1, 5, tzinfo=UTC))
    assert isinstance(repair.meaning, Repair)
    assert (repair.meaning.fault, repair.channel) == ("toilet-not-flushing", "phone")
    assert (repair.address, repair.postcode) == ("41-28 55 STREET", "11377")
    assert (repair.key, repair.description) == ("39874139", "PLUMBING: TOILET")


def test_a_row_that_was_never_closed_is_an_open_repair(mapping: Mapping) -> None:
    """No closing time is no mistake."""
    repair = old_case(Row(2, {**A_TOILET, "Closed Date": "", "Status": "Open"}), mapping, NOW)
    assert (repair.outcome, repair.ended_at) == (Outcome.OPEN, None)


@pytest.mark.parametrize(
    ("what", "service"),
    [
        ({"Complaint Type": "Rodent"}, Service.ENQUIRIES),
        ({"Complaint Type": "", "Descriptor": ""}, Service.ENQUIRIES),
        ({"Complaint Type": "Noise", "Descriptor": ""}, Service.ASB),
        ({"Complaint Type": "Graffiti"}, Service.ESTATES),
    ],
)
def test_a_row_of_another_kind_goes_in_without_a_place(
    mapping: Mapping, what: dict[str, str], service: Service
) -> None:
    """Other offices keep requests that are about no place; a kind that no table lists is an enquiry."""
    nowhere = {"Incident Address": "", "Street Name": "", "Incident Zip": ""}
    case = old_case(Row(2, {**A_TOILET, **nowhere, **what}), mapping, NOW)
    assert (case.meaning.service, case.address, case.postcode) == (service, "", "")
    report = report_of(case)
    assert report["contact"] == {"address": "Not recorded in the old system"}
    assert "property" not in report
    assert ending_of(case, mapping)[1]["occurred_at"] == "2018-08-02T03:01:05Z"


@pytest.mark.parametrize(
    ("known", "address"),
    [
        ({}, "55 STREET and ROOSEVELT AVENUE"),
        (
            {"Cross Street 1": "", "Intersection Street 1": "A ST", "Intersection Street 2": "B ST"},
            "A ST and B ST",
        ),
    ],
)
def test_a_row_without_an_address_uses_what_there_is(
    mapping: Mapping, known: dict[str, str], address: str
) -> None:
    """The street and what crosses it find the place where no house number does."""
    repair = old_case(Row(2, {**A_TOILET, "Incident Address": "", **known}), mapping, NOW)
    assert repair.address == address


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Created Date": ""}, "has no time at which it was opened"),
        ({"Created Date": "2018-07-30"}, 'has a time that cannot be read: "2018-07-30"'),
        ({"Created Date": "02/30/2018 08:00:00 AM"}, "has a time that cannot be read"),
        ({"Closed Date": "tomorrow"}, 'has a time that cannot be read: "tomorrow"'),
        ({"Closed Date": "07/30/2018 08:19:05 AM"}, "was closed before it was opened"),
        (
            {"Created Date": "12/31/1989 09:00:00 AM"},
            "was opened before 1990, the calendar's first year",
        ),
        ({"Closed Date": "12/31/2019 07:00:01 PM"}, "was closed in the future"),
        ({"Created Date": "12/31/2019 07:00:01 PM", "Closed Date": ""}, "was opened in the future"),
        ({"Created Date": "03/11/2018 02:30:00 AM"}, "has a time that no clock showed"),
        ({"Closed Date": "12/31/9999 11:59:59 PM"}, 'has a time that cannot be read: "12/31/9999'),
        ({"Unique Key": ""}, "has no key"),
        ({"Incident Zip": ""}, "has no postcode"),
        ({"Incident Address": "", "Street Name": ""}, "has no address"),
        ({"Open Data Channel Type": "FAX"}, 'came by "FAX", a channel that the mapping file does not have'),
        ({"Closed Date": ""}, "has ended, and has no time at which it did"),
        ({"Status": "Gone"}, 'has the status "Gone", which the mapping file does not have'),
        ({"Complaint Type": "Street Light", "Created Date": ""}, "has no time at which it was opened"),
    ],
)
def test_a_row_that_cannot_be_right_says_why(mapping: Mapping, cells: dict[str, str], reason: str) -> None:
    """Each impossible row has its reason, also one that would be no repair."""
    with pytest.raises(WrongRow) as wrong:
        old_case(Row(2, {**A_TOILET, **cells}), mapping, NOW)
    assert str(wrong.value).startswith(reason)


@pytest.mark.parametrize(
    ("shown", "fold", "known"),
    [
        ("01/15/2019 12:00:00 PM", 0, datetime(2019, 1, 15, 17, tzinfo=UTC)),
        ("07/15/2019 12:00:00 AM", 0, datetime(2019, 7, 15, 4, tzinfo=UTC)),
        ("11/03/2019 01:30:00 AM", 0, datetime(2019, 11, 3, 5, 30, tzinfo=UTC)),
        ("11/03/2019 01:30:00 AM", 1, datetime(2019, 11, 3, 6, 30, tzinfo=UTC)),
        ("07/15/2019 12:00:00 AM", 1, datetime(2019, 7, 15, 4, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_on_the_files_own_clock(
    mapping: Mapping, shown: str, fold: int, known: datetime
) -> None:
    """New York is five hours behind in winter and four in summer; one hour of autumn comes twice."""
    assert instant(shown, mapping, fold) == known


def test_a_job_closed_in_the_hour_that_comes_twice_is_not_closed_before_it_was_opened(
    mapping: Mapping,
) -> None:
    """Opened at 01:50 and closed at 01:10 is possible on Sunday 3 November 2019: twenty minutes."""
    cells = {"Created Date": "11/03/2019 01:50:00 AM", "Closed Date": "11/03/2019 01:10:00 AM"}
    repair = old_case(Row(2, {**A_TOILET, **cells}), mapping, NOW)
    assert repair.ended_at == datetime(2019, 11, 3, 6, 10, tzinfo=UTC)


def test_lines_are_counted_as_an_editor_counts_them(file_of: Callable[[str], Path], mapping: Mapping) -> None:
    """A cell of several lines and an empty line move what comes after; a row is named by its first line."""
    two_lines = TOILET.replace("41-28 55 STREET", '"41-28\n55 STREET"')
    path = file_of("\n".join([HEADER, two_lines, "", "cut,short", TOILET + ",more", TOILET]) + "\n")
    rows, broken = read_rows(path, mapping)
    assert [row.line for row in rows] == [2, 7]
    assert broken == [
        RefusedRow(5, "has 2 cells where the header has 13"),
        RefusedRow(6, "has 14 cells where the header has 13"),
    ]


def test_every_row_is_accounted_for(file_of: Callable[[str], Path], mapping: Mapping) -> None:
    """Cases, duplicates and refused rows together are the file."""
    noise = TOILET.replace("PLUMBING", "Noise").replace("39874139", "8")
    lines = [HEADER, TOILET, noise, noise, TOILET, "cut,short", TOILET.replace("39874139", "7")]
    found = sort_rows(file_of("\n".join(lines)), mapping, NOW)
    assert [case.line for case in found.cases] == [2, 3, 7]
    assert {row.line: row.reason for row in found.refused} == {
        4: "has the key of line 3",
        5: "has the key of line 2",
        6: "has 2 cells where the header has 13",
    }
    assert found.total == 6


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param(TOILET.replace("TOILET", "x" * 140_000), "has a cell of over 131,072", id="a huge cell"),
        pytest.param(f'"{TOILET}', "has a cell of over 131,072", id="a quotation mark without its other"),
        pytest.param(TOILET.replace("TOILET", '"TOI"LET'), "cannot be read as CSV", id="a mark in a cell"),
        pytest.param("\x00", "has 1 cells", id="a null character"),
    ],
)
def test_one_bad_line_stops_no_file(
    file_of: Callable[[str], Path], mapping: Mapping, bad: str, reason: str
) -> None:
    """It is reported with its number, and all that come after it go in."""
    good = [TOILET.replace("39874139", str(number)) for number in range(4)]
    found = sort_rows(file_of("\n".join([HEADER, good[0], bad, *good[1:]])), mapping, NOW)
    assert [repair.line for repair in found.cases] == [2, 4, 5, 6]
    assert [(row.line, row.reason.startswith(reason)) for row in found.refused] == [(3, True)]


def test_a_mark_that_is_never_closed_costs_one_line(file_of: Callable[[str], Path], mapping: Mapping) -> None:
    """It opens a cell that goes on to the end of the file, however long that is."""
    good = [TOILET.replace("39874139", str(number)) for number in range(2000)]
    found = sort_rows(file_of("\n".join([HEADER, f'"{TOILET}', *good])), mapping, NOW)
    assert len(found.cases) == 2000
    assert [row.line for row in found.refused] == [2]


def test_two_marks_that_are_never_closed_cost_two_lines(
    file_of: Callable[[str], Path], mapping: Mapping
) -> None:
    """The second would close the first, and the rows between were one long cell."""
    good = [TOILET.replace("39874139", str(number)) for number in range(3)]
    marked = TOILET.replace("41-28", '"41-28')
    found = sort_rows(file_of("\n".join([HEADER, marked, *good, marked + '"', good[0]])), mapping, NOW)
    assert [repair.line for repair in found.cases] == [3, 4, 5]
    assert [row.line for row in found.refused] == [2, 6, 7]


def test_cells_may_be_separated_by_semicolons(file_of: Callable[[str], Path], mapping: Mapping) -> None:
    """As spreadsheets write them where a comma is the decimal point."""
    semicolons = mapping.model_copy(update={"file": mapping.file.model_copy(update={"separator": ";"})})
    text = f"{HEADER}\n{TOILET}".replace(",", ";")
    assert [repair.line for repair in sort_rows(file_of(text), semicolons, NOW).cases] == [2]


@pytest.mark.parametrize(
    ("status", "closed", "outcome"),
    [
        ("Closed", "08/01/2018 11:01:05 PM", Outcome.DONE),
        ("Cancelled", "08/01/2018 11:01:05 PM", Outcome.CALLED_OFF),
        ("Pending", "08/01/2018 11:01:05 PM", Outcome.OPEN),
        ("Pending", "", Outcome.OPEN),
    ],
)
def test_a_status_says_what_became_of_a_job(
    mapping: Mapping, status: str, closed: str, outcome: Outcome
) -> None:
    """A closing time is there too when a job was called off, or was only put aside."""
    called_off = {**mapping.statuses, "Cancelled": Outcome.CALLED_OFF}
    cells = {**A_TOILET, "Status": status, "Closed Date": closed}
    repair = old_case(Row(2, cells), mapping.model_copy(update={"statuses": called_off}), NOW)
    assert (repair.outcome, repair.ended_at is not None) == (outcome, outcome is not Outcome.OPEN)


def test_a_duplicate_is_no_job(file_of: Callable[[str], Path], mapping: Mapping) -> None:
    """The old system says of it that another row is the job, and it would be counted twice."""
    duplicates = mapping.model_copy(update={"statuses": {**mapping.statuses, "Duplicate": Outcome.DUPLICATE}})
    double = TOILET.replace("39874139", "7").replace("Closed", "Duplicate")
    found = sort_rows(file_of("\n".join([HEADER, TOILET, double])), duplicates, NOW)
    assert ([repair.line for repair in found.cases], found.duplicates, found.refused) == ([2], 1, [])


def test_without_statuses_a_closed_row_is_done(mapping: Mapping) -> None:
    """An old system that had none says no more than that."""
    without = {"columns": mapping.columns.model_copy(update={"status": None}), "statuses": {}}
    for closed, outcome in (("08/01/2018 11:01:05 PM", Outcome.DONE), ("", Outcome.OPEN)):
        cells = {**A_TOILET, "Status": "Cancelled", "Closed Date": closed}
        repair = old_case(Row(2, cells), mapping.model_copy(update=without), NOW)
        assert repair.outcome is outcome


@pytest.mark.parametrize("mark", ["", "\N{BOM}"])
def test_a_header_alone_is_a_file_without_rows(
    file_of: Callable[[str], Path], mapping: Mapping, mark: str
) -> None:
    """An old system with nothing to hand over is no mistake; nor is the mark that Excel puts in front."""
    assert sort_rows(file_of(mark + HEADER), mapping, NOW).total == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"^requests\.csv is empty\.$"),
        ("Unique Key;Created Date\n1;2\n", r"^requests\.csv lacks columns .*: Closed Date, Complaint Type, "),
        (HEADER.replace(",", ";"), r"^The cells of requests\.csv are separated by semicolons; say so by"),
        (HEADER.replace(",", "\t"), r"^The cells of requests\.csv are separated by tabs; say so by"),
        (f"{HEADER}\n{TOILET}é\n".encode("latin-1"), r"^requests\.csv is not encoded in UTF-8\.$"),
        (
            f'"{HEADER}',
            r"^requests\.csv is no CSV file: its first line has .* a quotation mark without its other",
        ),
    ],
)
def test_what_is_no_such_file_is_one_sentence(
    file_of: Callable[[str | bytes], Path], mapping: Mapping, content: str | bytes, sentence: str
) -> None:
    """A file of another kind is refused as a whole, before anything is posted."""
    with pytest.raises(UnreadableFile, match=sentence):
        sort_rows(file_of(content), mapping, NOW)
