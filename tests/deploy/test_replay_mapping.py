"""The mapping file says what an old system's words mean; a wrong one is refused before anything is posted."""

from pathlib import Path

import pytest

from deploy.replay.__main__ import THE_311_FILE
from deploy.replay.mapping import BadMapping, check_faults, read_mapping
from services.repairs.case.guide import GUIDE


def test_the_mapping_that_comes_with_it_names_faults_of_the_guide() -> None:
    """Every complaint of the 311 file that is a repair is one that the repairs guide knows."""
    check_faults(read_mapping(THE_311_FILE), GUIDE, THE_311_FILE.name)


@pytest.mark.parametrize(
    ("kind", "descriptor", "meaning"),
    [
        ("HEAT/HOT WATER", "ENTIRE BUILDING", "loss-of-heating-or-hot-water"),
        ("HEAT/HOT WATER", "", "loss-of-heating-or-hot-water"),
        ("PLUMBING", "TOILET", "toilet-not-flushing"),
        ("PLUMBING", "RADIATOR", "other"),
        ("UNSANITARY CONDITION", "PESTS", "enquiry"),
        ("Water System", "Hydrant Running Full (WA4)", "enquiry"),
        ("General Construction/Plumbing", "Building - Vacant, Open And Unguarded", "enquiry"),
        ("Noise - Residential", "Loud Music/Party", "noise"),
        ("Illegal Parking", "Blocked Hydrant", "badly_parked_vehicle"),
        ("Request Large Bulky Item Collection", "", "bulky_items"),
    ],
)
def test_a_complaint_is_a_case_of_one_service(kind: str, descriptor: str, meaning: str) -> None:
    """The descriptor decides, `*` stands for those not named, and what is not listed is an enquiry."""
    assert read_mapping(THE_311_FILE).meaning_of(kind, descriptor).in_words() == meaning


def test_mould_is_a_hazard() -> None:
    """Its clocks are the law's, whatever fault it is filed under."""
    meaning = read_mapping(THE_311_FILE).meaning_of("UNSANITARY CONDITION", "MOLD")
    assert meaning.in_words() == "other, significant hazard of damp-and-mould"


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ('key = "Unique Key"', 'kee = "Unique Key"', "columns.key: Field required"),
        ('source = "nyc-311"', 'source = "nyc-311"\nsize = 3', "file.size: Extra inputs are not permitted"),
        ('source = "nyc-311"', 'source = "New York"', "file.source: String should match pattern"),
        ('PHONE = "phone"', 'PHONE = "telegraph"', "channels.PHONE: Input should be 'online', 'email'"),
        ("America/New_York", "America/Gotham", "file.time_zone: .*timezone"),
        ("%m/%d/%Y %I", "%d %I", "file.time_format: .* no day, month and year"),
        ("%m/%d/%Y %I", "%m/%d/%Q %I", "file.time_format: .*bad directive"),
        (
            'notes = "Closed',
            'clean_and_tidy = "no"\nnotes = "Closed',
            "completed.clean_and_tidy: Input should be a valid",
        ),
        ('["Incident Address"],', "[],", "columns.address.0: List should have at least 1 item"),
        ('status = "Status"\n', "", "columns.status and statuses go together"),
        (
            'Open = "open"',
            'Open = "maybe"',
            "statuses.Open: Input should be 'done', 'called_off', 'duplicate'",
        ),
        (', severity = "significant" }', " }", "faults.*: a hazard and its severity go together"),
        ('"*" = "noise"', '"*" = "din"', "asb.Noise.\\*.category: Input should be 'violence'"),
        ('"*" = "graffiti"', '"*" = "scrawl"', "estates.Graffiti.\\*.kind: Input should be 'graffiti'"),
        ('[asb."Noise"]', '[asb."PLUMBING"]', '"PLUMBING" is a case of more than one service'),
        ("[channels]", "[channels", r"Expected ']' at the end of a table declaration \(at line 27"),
    ],
)
def test_a_bad_mapping_is_refused(tmp_path: Path, good: str, bad: str, reason: str) -> None:
    """A mistake is named with its place in the file and the reason."""
    text = THE_311_FILE.read_text("utf-8")
    assert good in text
    path = tmp_path / "ours.toml"
    path.write_text(text.replace(good, bad), "utf-8")
    with pytest.raises(BadMapping, match=f"^ours.toml: {reason}"):
        read_mapping(path)


def test_a_fault_that_the_guide_does_not_have_is_refused(tmp_path: Path) -> None:
    """A misspelt fault is found before the first row is posted, not at each row."""
    path = tmp_path / "ours.toml"
    text = THE_311_FILE.read_text("utf-8")
    path.write_text(text.replace('"TOILET" = "toilet-not-flushing"', '"TOILET" = "toilet"'), "utf-8")
    place = 'ours.toml: faults."PLUMBING"."TOILET": the repairs guide has no fault "toilet"'
    with pytest.raises(BadMapping, match=f"^{place}$"):
        check_faults(read_mapping(path), GUIDE, path.name)


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A path mistyped is said as such."""
    with pytest.raises(BadMapping, match=r"nowhere\.toml: it cannot be read \(No such file or directory\)$"):
        read_mapping(tmp_path / "nowhere.toml")
