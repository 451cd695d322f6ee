"""The vocabulary is what the services' events say, and the committed file is not older than they are."""

import sys
from enum import IntEnum, StrEnum
from pathlib import Path
from types import ModuleType
from typing import Annotated, ClassVar, Literal

import pytest

from deploy.vocabulary import packages, render
from shared.cases.events import OF_EVERY_SERVICE
from shared.directory import DIRECTORY
from shared.events import Date, Facts, NeedsScope
from shared.standards.vocabulary import Vocabulary
from tests.shared.example.directory import ALONE, ROW

HINT = "it is older than the events: run `make docs`"


class Colour(StrEnum):
    """Closed values."""

    RED = "red"
    BLUE = "blue"


class Size(IntEnum):
    """Closed numbers."""

    SMALL = 1
    LARGE = 2


class BoatHired(Facts):
    """A boat was hired."""

    type: ClassVar[str] = "boats.boat-hired"
    plainly: ClassVar[str] = 'You hired the "Ark"'
    acknowledged: ClassVar[bool] = True
    name: str
    oars: int
    has_sail: bool | None
    back_at: Date | None = None
    colour: Colour
    keel: Annotated[str, Colour] | None = None
    size: Size
    deck: Annotated[int, Literal[1, 2]]
    captain: Annotated[str, NeedsScope("crew")] | None = None


class TideChanged(Facts):
    """An event that is about no case, and told to nobody."""

    type: ClassVar[str] = "boats.tide-changed"
    heights: dict[str, int]


class Sunk(Facts):
    """An event with a fact of a kind that no standard could name."""

    type: ClassVar[str] = "boats.sunk"
    plainly: ClassVar[str] = "It sank"
    depth: float


def vocabulary_of(folder: Path, monkeypatch: pytest.MonkeyPatch, *events: type[Facts]) -> Vocabulary:
    """The vocabulary that is read from what is generated from these events."""
    module = ModuleType("boats.events")
    vars(module).update({event.__name__: event for event in events})
    monkeypatch.setitem(sys.modules, "boats.events", module)
    (folder / "boats.toml").write_text(render(["boats"]))
    return Vocabulary.load(folder / "boats.toml")


def test_the_products_vocabulary_is_not_stale() -> None:
    """It is that of every service, and of those to come, whose events the standards name already."""
    [file] = DIRECTORY.vocabulary
    assert file.read_text() == render(packages()), HINT


def test_the_examples_vocabulary_is_not_stale() -> None:
    """It is written by `python -m deploy.vocabulary tests.shared.example`."""
    [file] = ALONE.vocabulary
    assert file.read_text() == render([ROW.package]), HINT


def test_the_kind_of_a_fact_is_its_annotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same if the fact may be missing; the most precise that is said of it counts."""
    vocabulary = vocabulary_of(tmp_path, monkeypatch, BoatHired, TideChanged)
    assert vocabulary.facts_of("boats.boat-hired") == {
        "name": "text",
        "oars": "number",
        "has_sail": "yes or no",
        "back_at": "date",
        "colour": ("red", "blue"),
        "keel": ("red", "blue"),
        "size": (1, 2),
        "deck": (1, 2),
        "captain": "text",
    }
    assert vocabulary.plainly("boats.boat-hired") == 'You hired the "Ark"'
    of_every_service = {f"boats.{event.type}" for event in OF_EVERY_SERVICE}
    assert set(vocabulary.events) == {"boats.boat-hired", *of_every_service}


def test_a_fact_that_needs_a_scope_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that whoever shows facts need know of no service."""
    vocabulary = vocabulary_of(tmp_path, monkeypatch, BoatHired)
    assert vocabulary.scope_of("boats.boat-hired", "captain") == "crew"
    assert vocabulary.scope_of("boats.boat-hired", "name") is None
    assert vocabulary.scope_of("boats.boat-hired", "unknown") is None
    assert vocabulary.scope_of("unknown.event", "captain") is None
    assert vocabulary.acknowledged_events == {"boats.boat-hired"}


def test_a_kind_that_no_standard_could_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused when the vocabulary is written, and not when a council's file names it."""
    with pytest.raises(KeyError):
        vocabulary_of(tmp_path, monkeypatch, Sunk)


def test_the_reference_of_an_asb_case_needs_the_asb_scope() -> None:
    """Repairs' events carry it, so that asb knows its own; nobody else is shown it."""
    vocabulary = Vocabulary.bundled()
    for event in ("repairs.asb-damage-repair-raised", "repairs.asb-damage-made-safe"):
        assert vocabulary.scope_of(event, "asb_reference") == "asb"


def test_events_that_open_a_case_are_acknowledged() -> None:
    """An appliance and a site are on a register: nobody waits to hear of them."""
    acknowledged = Vocabulary.bundled().acknowledged_events
    assert acknowledged >= {"repairs.repair-reported", "complaints.complaint-received", "asb.case-opened"}
    assert not acknowledged & {"repairs.appliance-registered", "estates.site-registered"}
