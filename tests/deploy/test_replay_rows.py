"""A file's rows are repairs, no repairs, or cannot be right; nothing is lost and nothing goes in askew."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.replay.__main__ import THE_311_FILE
from deploy.replay.mapping import Mapping, read_mapping
from deploy.replay.rows import (
    RefusedRow,
    Row,
    UnreadableFile,
    WrongRow,
    instant,
    old_repair,
    read_rows,
    sort_rows,
)

NOW = datetime(2020, 1, 1, tzinfo=UTC)
A_TOILET = {
    "Unique Key": "39874139",
    "Created Date": "07/30/2018 08:19:06 AM",
    "Closed Date": "08/01/2018 11:01:05 PM",
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
    repair = old_repair(Row(2, A_TOILET), mapping, NOW)
    assert repair is not None
    assert repair.received_at == datetime(2018, 7, 30, 12, 19, 6, tzinfo=UTC)
    assert repair.completed_at == datetime(2018, 8, 2, 3, 1, 5, tzinfo=UTC)
    assert (repair.fault, repair.channel) == ("toilet-not-flushing", "phone")
    assert (repair.address, repair.postcode) == ("41-28 55 STREET", "11377")
    assert (repair.key, repair.description) == ("39874139", "PLUMBING: TOILET")


def test_a_row_that_was_never_closed_is_an_open_repair(mapping: Mapping) -> None:
    """No closing time is no mistake."""
    repair = old_repair(Row(2, {**A_TOILET, "Closed Date": ""}), mapping, NOW)
    assert repair is not None
    assert repair.completed_at is None


@pytest.mark.parametrize("what", [{"Complaint Type": "Rodent"}, {"Complaint Type": ""}])
def test_a_row_of_another_kind_is_no_repair(mapping: Mapping, what: dict[str, str]) -> None:
    """A kind that the mapping file does not list is none of ours, however little else the row says."""
    assert old_repair(Row(2, {**A_TOILET, **what, "Incident Address": ""}), mapping, NOW) is None


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
    repair = old_repair(Row(2, {**A_TOILET, "Incident Address": "", **known}), mapping, NOW)
    assert repair is not None
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
        ({"Complaint Type": "Street Light", "Created Date": ""}, "has no time at which it was opened"),
    ],
)
def test_a_row_that_cannot_be_right_says_why(mapping: Mapping, cells: dict[str, str], reason: str) -> None:
    """Each impossible row has its reason, also one that would be no repair."""
    with pytest.raises(WrongRow) as wrong:
        old_repair(Row(2, {**A_TOILET, **cells}), mapping, NOW)
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
    repair = old_repair(Row(2, {**A_TOILET, **cells}), mapping, NOW)
    assert repair is not None
    assert repair.completed_at == datetime(2019, 11, 3, 6, 10, tzinfo=UTC)


def test_lines_are_counted_as_an_editor_counts_them(file_of: Callable[[str], Path], mapping: Mapping) -> None:
    """A cell of several lines and an empty line move what comes after; a row is named by its first line."""
    two_lines = TOILET.replace("41-28 55 STREET", '"41-28\n55 STREET"')
    path = file_of("\n".join([HEADER, two_lines, "", "cut,short", TOILET + ",more", TOILET]) + "\n")
    rows, broken = read_rows(path, mapping.columns.names())
    assert [row.line for row in rows] == [2, 7]
    assert broken == [
        RefusedRow(5, "has 2 cells where the header has 12"),
        RefusedRow(6, "has 13 cells where the header has 12"),
    ]


def test_every_row_is_accounted_for(file_of: Callable[[str], Path], mapping: Mapping) -> None:
    """Repairs, no repairs by type and refused rows together are the file."""
    noise = TOILET.replace("PLUMBING", "Noise")
    lines = [HEADER, TOILET, noise, noise, TOILET, "cut,short", TOILET.replace("39874139", "7")]
    found = sort_rows(file_of("\n".join(lines)), mapping, NOW)
    assert [repair.line for repair in found.repairs] == [2, 7]
    assert found.no_repairs == {"Noise": 2}
    assert {row.line: row.reason for row in found.refused} == {
        5: "has the key of line 2",
        6: "has 2 cells where the header has 12",
    }
    assert found.total == 6


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
        (f"{HEADER}\n{TOILET}é\n".encode("latin-1"), r"^requests\.csv is not encoded in UTF-8\.$"),
        (f'{HEADER}\n"{TOILET}\n', r"^requests\.csv is no CSV file: unexpected end of data\.$"),
    ],
)
def test_what_is_no_such_file_is_one_sentence(
    file_of: Callable[[str | bytes], Path], mapping: Mapping, content: str | bytes, sentence: str
) -> None:
    """A file of another kind is refused as a whole, before anything is posted."""
    with pytest.raises(UnreadableFile, match=sentence):
        sort_rows(file_of(content), mapping, NOW)
