"""Every event that a standard waits for is published by the service it names."""

from importlib import import_module
from pkgutil import iter_modules

import services
from shared.events import Facts
from shared.standards.catalogue import BUNDLED
from tests.shared.standards.histories import CATALOGUE

# Events of services still to be built. Take each out as its service comes to publish it; the last one
# takes this list with it.
STILL_TO_BE_PUBLISHED = {
    "asb.action-plan-sent",
    "asb.case-closed",
    "asb.case-opened",
    "asb.case-reopened",
    "asb.damage-made-safe",
    "asb.damage-reported",
    "asb.incident-reported",
    "asb.survey-sent",
    "asb.update-frequency-set",
    "asb.victim-contacted",
    "asb.victim-updated",
    "asb.victim-visited",
    "complaints.complaint-acknowledged",
    "complaints.complaint-escalated",
    "complaints.complaint-received",
    "complaints.complaint-responded",
    "complaints.complaint-triaged",
    "complaints.complaint-withdrawn",
    "complaints.reply-extended",
    "enquiries.acknowledgement-delivered",
    "enquiries.call-abandoned",
    "enquiries.call-answered",
    "enquiries.call-queued",
    "enquiries.enquiry-answered",
    "enquiries.enquiry-received",
    "enquiries.holding-reply-sent",
    "estates.issue-reported",
    "estates.issue-resolved",
    "estates.site-cleaned",
    "estates.site-inspected",
    "estates.site-registered",
    "estates.site-retired",
    "residents.settling-in-visit-completed",
    "residents.tenancy-ended",
    "residents.tenancy-started",
}


def published() -> dict[str, type[Facts]]:
    """The events that the services declare, by type."""
    for service in iter_modules(services.__path__, "services."):
        if any(module.name == "events" for module in iter_modules(import_module(service.name).__path__)):
            import_module(f"{service.name}.events")
    return {facts.type: facts for facts in Facts.__subclasses__() if facts.__module__.startswith("services.")}


def named_in_rows() -> set[str]:
    return {condition.event for row in CATALOGUE.standards for condition in row.conditions()}


def test_every_event_named_in_a_row_is_published() -> None:
    """A row that waits for an event nobody publishes would never start, or never be met."""
    assert named_in_rows() - published().keys() - STILL_TO_BE_PUBLISHED == set()


def test_the_list_of_events_to_come_only_shrinks() -> None:
    """What is published by now, or named in no row any more, is taken off the list."""
    assert STILL_TO_BE_PUBLISHED & published().keys() == set()
    assert STILL_TO_BE_PUBLISHED - named_in_rows() == set()


def test_every_fact_a_row_asks_about_is_published_with_its_event() -> None:
    """A condition on a fact that the event does not carry would never hold."""
    declared = published()
    missing = {
        (condition.event, fact)
        for row in CATALOGUE.standards
        for condition in row.conditions()
        if condition.event in declared
        for fact in condition.when
        if fact not in declared[condition.event].__annotations__
    }
    assert missing == set()


def test_no_standards_file_is_left_out() -> None:
    """Every TOML file of the folder but the vocabulary is one of the regimes read at start-up."""
    files = set(BUNDLED[0].parent.glob("*.toml")) - {BUNDLED[0].with_name("vocabulary.toml")}
    assert files == set(BUNDLED)
