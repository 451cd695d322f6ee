"""A final response ends with the ombudsman's details that are in force on its day."""

from datetime import date

import pytest

from shared.standards.catalogue import Catalogue
from shared.standards.ombudsmen import NoDetails, Ombudsman
from tests.shared.standards.histories import london


def day(text: str) -> date:
    return london(f"{text} 12:00").date()


def test_the_housing_ombudsman_has_moved_and_takes_no_case_by_email() -> None:
    """A response of 2025 has the details of the council's document, one of 2026 the new ones."""
    before = Catalogue.bundled().ombudsman(Ombudsman.HOUSING, day("Wednesday 2025-12-31"))
    after = Catalogue.bundled().ombudsman(Ombudsman.HOUSING, day("Thursday 2026-01-01"))
    assert (before.address, before.email) == (
        "PO Box 152, Liverpool L33 7WQ",
        "info@housing-ombudsman.org.uk",
    )
    assert (after.address, after.email) == ("PO Box 1484, Unit D, Preston PR2 0ET", None)
    assert after == Catalogue.bundled().ombudsman(Ombudsman.HOUSING, day("Monday 2029-01-01"))
    assert (after.phone, after.web) == (
        "0300 111 3000",
        "www.housing-ombudsman.org.uk/residents/make-a-complaint/",
    )


def test_other_complaints_end_with_the_local_government_ombudsman() -> None:
    """Its Code is followed from April 2026; no details are made up for a day before."""
    found = Catalogue.bundled().ombudsman(Ombudsman.LOCAL_GOVERNMENT, day("Wednesday 2026-04-01"))
    assert (found.web, found.phone) == ("www.lgo.org.uk", "0300 061 0614")
    with pytest.raises(NoDetails, match="2026-03-31"):
        Catalogue.bundled().ombudsman(Ombudsman.LOCAL_GOVERNMENT, day("Tuesday 2026-03-31"))
