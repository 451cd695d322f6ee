"""Messages are data: each says something about an event that there is, in words that can be said."""

from pathlib import Path

import pytest

from services.notifications.notices.check import check
from services.notifications.notices.rows import FOLDER, BadMessage, Messages, bundled
from services.notifications.policy import RESIDENT
from shared.directory import DIRECTORY
from shared.standards.catalogue import Catalogue
from shared.standards.vocabulary import Vocabulary

ROW = """
[[message]]
on = "repairs.appointment-cancelled"
kind = "appointment_cancelled"
audiences = ["resident"]
urgency = "soon"
needs = ["starts_at"]
subject = "Nobody comes"
paragraph = "It was on {{ facts.starts_at | spoken }}. {{ lists.why[facts.because or 'asked'] }}"
"""
WHY = (
    'asked = "You asked."\nanother_firm = "Others come."\nhanded_back = "Not they."\nemergency = "At once."\n'
    'repair_ended = "Done."\n'
)


def loaded(folder: Path, row: str = ROW, why: str = WHY) -> Messages:
    """The product's messages about deadlines, and one row in a file of its own."""
    (folder / "visits").mkdir()
    (folder / "visits" / "why.toml").write_text(why)
    (folder / "visits.toml").write_text(row)
    return Messages([FOLDER / "deadlines.toml", folder / "visits.toml"])


def test_a_councils_own_message_is_taken(tmp_path: Path) -> None:
    """A service brings its file, with its lists in a folder of the same name."""
    check(loaded(tmp_path), Catalogue.bundled())


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ("appointment-cancelled", "appointment-canceled", "unknown event"),
        ("starts_at | spoken", "starts | spoken", "no attribute 'starts'"),
        ("facts.because or 'asked'", "facts.because", "no element None"),
        ('needs = ["starts_at"]\n', "", "NoneType"),
        ("{{ lists", "{% if %}{{ lists", "Expected an expression"),
        ("It was on", "{{ lines }} It was on", "'lines' is undefined"),
        ('kind = "appointment_cancelled"\n', "", "has a kind"),
        ('urgency = "soon"', 'urgency = "whenever"', "urgency"),
        ('["resident"]', '["neighbour"]', "audiences"),
        ("subject =", "title =", "title"),
    ],
    ids=["event", "fact", "none", "need", "template", "dates", "kind", "urgency", "audience", "key"],
)
def test_a_message_that_cannot_be_said_keeps_the_service_from_starting(
    tmp_path: Path, right: str, wrong: str, reason: str
) -> None:
    """The file, the row and the reason are named, before anybody waits for the letter."""
    with pytest.raises(BadMessage, match=r"visits\.toml: ") as refused:
        check(loaded(tmp_path, ROW.replace(right, wrong)), Catalogue.bundled())
    assert reason in str(refused.value)


def test_a_list_that_lacks_a_value_is_refused(tmp_path: Path) -> None:
    """Every value that the fact can have is tried."""
    with pytest.raises(BadMessage, match="repair_ended"):
        check(loaded(tmp_path, why=WHY.replace("repair_ended", "ended")), Catalogue.bundled())


def test_every_audience_of_a_ladder_has_words(tmp_path: Path) -> None:
    """Or a rung would be taken, and nobody be told."""
    rows = (FOLDER / "deadlines.toml").read_text()
    lacking = rows.replace(
        '"withdrawal"\naudiences = ["resident"]', '"withdrawal"\naudiences = ["applicant"]'
    )
    (tmp_path / "deadlines.toml").write_text(lacking)
    with pytest.raises(BadMessage, match="withdrawal to resident"):
        check(Messages([tmp_path / "deadlines.toml"]), Catalogue.bundled())


def test_a_right_is_given_by_a_standard_that_there_is(tmp_path: Path) -> None:
    """A misspelt standard would keep a tenant from hearing of their right."""
    row = f'{ROW}[[right]]\ngiven_by = "repairs.right"\nsays = "repairs/right-to-repair.txt"\n'
    with pytest.raises(BadMessage, match=r"repairs\.right: there is no such standard"):
        check(loaded(tmp_path, row), Catalogue.bundled())


def test_whoever_is_owed_an_acknowledgement_gets_one() -> None:
    """Each event that opens a case, of a service that there is, has a message to its resident."""
    acknowledged = Vocabulary.bundled().acknowledged_events
    owed = {type for type in acknowledged if type.partition(".")[0] in DIRECTORY}
    assert owed
    assert owed <= {row.on for row in bundled().rows if RESIDENT in row.audiences}
