"""Every event that a standard names is published by somebody's code, and none is only declared."""

import inspect
import re
from importlib import import_module
from pathlib import Path

from shared.cases.events import OF_EVERY_SERVICE
from shared.events import Facts
from shared.standards.catalogue import Catalogue

ROOT = Path(__file__).parents[2]


def class_of(event: str) -> str:
    """The name of the class of an event, by the service that its type begins with."""
    module = import_module(f"services.{event.partition('.')[0]}.events")
    facts = [each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, Facts)]
    [found] = [each.__name__ for each in facts if each is not Facts and each.type == event]
    return found


def is_published(event: str) -> bool:
    """Tell whether the service's own code makes such an event, outside of where it is declared.

    What every service publishes alike is made by code that they share.
    """
    alike = [each.__name__ for each in OF_EVERY_SERVICE if event.endswith(f".{each.type}")]
    folder = ROOT / "shared" / "cases" if alike else ROOT / "services" / event.partition(".")[0]
    makes = re.compile(rf"\b{alike[0] if alike else class_of(event)}\b")
    sources = [path for path in folder.rglob("*.py") if "events" not in path.relative_to(folder).parts[0]]
    return any(makes.search(path.read_text(encoding="utf-8")) for path in sources)


def test_no_event_that_a_standard_names_is_published_by_nobody() -> None:
    """A promise whose clock nobody starts or stops would be kept on paper alone."""
    assert sorted(event for event in Catalogue.load().event_types if not is_published(event)) == []
