"""A council moves off its old system: its requests go in, once, and the promises are counted rightly."""

import csv
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.standards.catalogue import Catalogue
from tests.end_to_end.houses import House, as_deployed
from tests.end_to_end.replaying import (
    NEW_YORK,
    SAMPLE,
    TIME_FORMAT,
    counts_in,
    everything,
    expected_table,
    replay,
    table_in,
    third_of_the_sample,
    whole_table_in,
)


async def test_an_old_systems_requests_go_in_once(
    embedded_house: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The table is that of a sum done by hand; a second replay changes nothing; nobody is written to."""
    file = third_of_the_sample(tmp_path)
    services, expected = expected_table(file)
    assert services == {"repairs": 30, "asb": 46, "estates": 63, "enquiries": 87, "refused": 2}

    assert await replay(file, embedded_house) == 0
    first, told = capsys.readouterr()
    assert "Posting cases: 226 of 226" in told
    assert table_in(first) == expected
    assert whole_table_in(first).keys() == {row.id for row in Catalogue.load().standards}
    assert counts_in(first) == {
        "rows read": 228,
        "are duplicates of others": 0,
        "cannot be right, or were refused": 2,
        "are cases now": 226,
        "of repairs": 30,
        "of asb": 46,
        "of estates": 63,
        "of enquiries": 87,
        "of these are": 226,
        "new": 226,
        "completed since they were last posted": 0,
        "called off since they were last posted": 0,
        "there already, unchanged": 0,
    }
    assert re.findall(r"^Line (\d+): was closed before it was opened", first, re.MULTILINE) == [
        "57",
        "205",
    ]
    before = [await everything(embedded_house, path) for path in SEEN]
    assert [len(cases) for cases in before] == [30, 63, 87]

    assert await replay(file, embedded_house) == 0
    second = capsys.readouterr().out
    assert table_in(second) == expected
    assert counts_in(second)["there already, unchanged"] == 226
    assert [await everything(embedded_house, path) for path in SEEN] == before
    assert await everything(embedded_house, "/v1/notices") == []


SEEN = ("/v1/repairs", "/v1/estates/issues", "/v1/enquiries")


TROUBLED = {
    "Unique Key": "",
    "Created Date": "03/04/2019 09:00:00 AM",
    "Closed Date": "03/04/2019 10:00:00 AM",
    "Status": "Closed",
    "Complaint Type": "WATER LEAK",
    "Descriptor": "HEAVY FLOW",
    "Open Data Channel Type": "PHONE",
    "Incident Zip": "10001",
    "Incident Address": "1 BROADWAY",
    "Street Name": "",
    "Cross Street 1": "",
    "Intersection Street 1": "",
    "Intersection Street 2": "",
}

OPEN = {"Status": "Open", "Closed Date": ""}


def write_file(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, TROUBLED)
        writer.writeheader()
        writer.writerows({**TROUBLED, **row} for row in rows)
    return path


async def test_the_good_rows_of_a_troubled_file_go_in(
    embedded_house: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A row that the API refuses is named by its line; one closed later is completed by the next replay."""
    an_hour_ago = (datetime.now(NEW_YORK) - timedelta(hours=1)).strftime(TIME_FORMAT)
    rows = [
        {"Unique Key": "done"},
        {"Unique Key": "of two\nlines and a ü"},
        {"Unique Key": "far away", "Incident Address": "A LONG WAY " * 20},
        {"Unique Key": "fresh", "Created Date": an_hour_ago, **OPEN, "Descriptor": "DAMP SPOT"},
        {"Unique Key": "still open", **OPEN},
        {"Unique Key": "undated", "Created Date": ""},
    ]
    file = write_file(tmp_path / "requests.csv", rows)
    assert await replay(file, embedded_house) == 0
    output = capsys.readouterr().out
    refusals = re.findall(r"^Line (\d+): (.*?)\s*$", output, re.MULTILINE)
    assert refusals == [
        ("5", "its report was refused: /property/address String should have at most 200 characters"),
        ("8", "has no time at which it was opened"),
    ]
    assert counts_in(output)["new"] == 4
    assert table_in(output)["repairs.priority-1.completed"] == Counter(met=2, breached=1)
    assert table_in(output)["repairs.priority-3.completed"] == Counter(running=1)

    rows[4] |= {"Closed Date": "03/04/2019 03:00:00 PM", "Status": "Closed"}
    assert await replay(write_file(file, rows), embedded_house) == 0
    output = capsys.readouterr().out
    assert counts_in(output)["completed since they were last posted"] == 1
    assert counts_in(output)["there already, unchanged"] == 3
    assert table_in(output)["repairs.priority-1.completed"] == Counter(met=2, late=1)


LOS_ANGELES = """
[file]
source = "los-angeles"
separator = ";"
time_format = "%Y-%m-%dT%H:%M:%S"
time_zone = "America/Los_Angeles"

[columns]
key = "SRNumber"
created = "CreatedDate"
closed = "ClosedDate"
status = "Status"
type = "RequestType"
descriptor = "Detail"
channel = "RequestSource"
postcode = "ZipCode"
address = [["Address"]]

[channels]
Call = "phone"

[statuses]
Closed = "done"
Cancelled = "called_off"
Duplicate = "duplicate"
Open = "open"

[completed]
notes = "Closed in the old system."

[faults."Maintenance"]
"*" = "other"

[estates."Graffiti Removal"]
"*" = { kind = "graffiti", offensive = true }
"""
LOS_ANGELES_COLUMNS = (
    "SRNumber",
    "CreatedDate",
    "Owner",
    "RequestType",
    "Detail",
    "Status",
    "RequestSource",
    "ClosedDate",
    "Address",
    "ZipCode",
)


def of_los_angeles(number: int, kind: str, status: str, closed: str) -> str:
    """A row of the shape of Los Angeles' 311 file, where each row that has ended has a closing time."""
    opened = "2019-03-04T09:00:00"
    cells = (f"1-{number}", opened, "BOS", kind, "Door", status, "Call", closed, "1 Main St", "90012")
    return ";".join(cells)


async def test_a_job_that_was_called_off_counts_as_no_kept_promise(
    embedded_house: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nor does another row for the same job; a share of kept promises would be too high by both."""
    in_time, too_late = "2019-03-05T09:00:00", "2019-05-05T09:00:00"
    kinds = [
        *[("Maintenance", "Closed", in_time)] * 29,
        *[("Maintenance", "Closed", too_late)] * 2,
        *[("Maintenance", "Cancelled", in_time)] * 15,
        *[("Maintenance", "Duplicate", in_time)] * 2,
        *[("Graffiti Removal", "Closed", in_time)] * 15,
        *[("Graffiti Removal", "Cancelled", in_time)] * 3,
    ]
    lines = [of_los_angeles(number, *kind) for number, kind in enumerate(kinds)]
    file, mapping = tmp_path / "la.csv", tmp_path / "la.toml"
    file.write_text("\n".join([";".join(LOS_ANGELES_COLUMNS), *lines]), "utf-8")
    mapping.write_text(LOS_ANGELES, "utf-8")
    for _ in range(2):
        assert await replay(file, embedded_house, "--mapping", str(mapping)) == 0
        output = capsys.readouterr().out
        table = table_in(output)
        assert table == {
            "repairs.priority-3.completed": Counter(met=29, late=2, cancelled=15),
            "estates.offensive-graffiti.removal": Counter(met=15, cancelled=3),
        }
        assert counts_in(output)["are duplicates of others"] == 2
    assert counts_in(output)["there already, unchanged"] == 46 + 18


async def test_a_file_is_explained_before_anything_is_sent(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The columns left out, and each value with its meaning or with none; no gateway is asked."""
    rows = [
        of_los_angeles(1, "Maintenance", "Closed", "2019-03-05T09:00:00"),
        of_los_angeles(2, "Maintenance", "Gone Away", ""),
        of_los_angeles(3, "Bulky Items", "Open", ""),
        of_los_angeles(4, "Bulky Items", "Open", ""),
    ]
    file, mapping = tmp_path / "la.csv", tmp_path / "la.toml"
    file.write_text("\n".join([";".join(LOS_ANGELES_COLUMNS), *rows]), "utf-8")
    mapping.write_text(LOS_ANGELES, "utf-8")
    nowhere = "http://127.0.0.1:9"
    assert await replay(file, nowhere, "--mapping", str(mapping), "--explain") == 0
    said = re.findall(r"^ *(\S.*?) +(\d+) *$", capsys.readouterr().out, re.MULTILINE)
    assert dict(said) == {
        "Owner": "4",
        "Maintenance, Door: other": "2",
        "Bulky Items, Door: enquiry": "2",
        "Call: phone": "4",
        "Open: open": "2",
        "Closed: done": "1",
        "Gone Away: not in the mapping file": "1",
        'has the status "Gone Away", which the mapping file does not have': "1",
    }


async def test_a_row_that_has_changed_is_not_posted_again(
    embedded_house: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A key stands for the row as it was first posted; another row under it is refused, not mixed in."""
    file = write_file(tmp_path / "requests.csv", [{"Unique Key": "moved"}])
    assert await replay(file, embedded_house) == 0
    capsys.readouterr()
    write_file(file, [{"Unique Key": "moved", "Incident Address": "2 BROADWAY"}])
    assert await replay(file, embedded_house) == 0
    assert "Line 2: its report was refused: /idempotency-key" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("client", "sentence"),
    [
        ("demo-asb-officer", "refuses the client demo-asb-officer: Only an officer with the import scope"),
        ("demo-nobody", "does not know the client demo-nobody, or its secret is another"),
    ],
)
async def test_only_an_officer_who_may_import_can_replay(
    embedded_house: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    client: str,
    sentence: str,
) -> None:
    """A client without the right is told so at the first row."""
    monkeypatch.setenv("REPLAY_CLIENT_ID", client)
    assert await replay(SAMPLE, embedded_house) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "more", "sentence"),
    [
        (Path("nowhere.csv"), [], "nowhere.csv cannot be read: No such file or directory."),
        (
            SAMPLE,
            ["--mapping", "nowhere.toml"],
            "nowhere.toml: it cannot be read (No such file or directory)",
        ),
        (SAMPLE, [], "The gateway at http://127.0.0.1:9 cannot be reached: All connection attempts failed."),
    ],
)
async def test_what_cannot_work_is_one_sentence(
    capsys: pytest.CaptureFixture[str], file: Path, more: list[str], sentence: str
) -> None:
    """A mistyped file or address ends it at once, with exit code 1 and no traceback."""
    assert await replay(file, "http://127.0.0.1:9", *more) == 1
    last_line = capsys.readouterr().err.splitlines()[-1]
    assert last_line == f"Cannot replay: {sentence}"


async def test_a_fault_that_this_house_does_not_know_stops_it_before_the_first_row(
    embedded_house: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The guide is asked of the gateway, since another council's may differ."""
    shipped = Path(__file__).parents[2] / "deploy" / "replay" / "service_requests_311.toml"
    ours = tmp_path / "ours.toml"
    ours.write_text(shipped.read_text("utf-8").replace('"loss-of-gas"', '"loss-of-patience"'), "utf-8")
    assert await replay(SAMPLE, embedded_house, "--mapping", str(ours)) == 1
    place = 'ours.toml: faults."GENERAL"."COOKING GAS"'
    assert f'{place}: the repairs guide has no fault "loss-of-patience"' in capsys.readouterr().err


@as_deployed
async def test_the_table_is_the_same_whichever_way_the_house_is_run(
    house: House, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One process or many, the in-process broker or RabbitMQ: the promises are counted alike."""
    file = third_of_the_sample(tmp_path)
    assert await replay(file, str(house.http.base_url)) == 0
    assert table_in(capsys.readouterr().out) == expected_table(file)[1]
