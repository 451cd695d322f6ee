"""When two appliances are the same one."""

import pytest

from services.repairs.appliances.policy import ACTS_ALLOWED, ENDED, Status, home_of

HIGH_STREET = (None, "1 High Street, Romford", "RM1 1AA")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ((None, "1 high street  romford", "rm11aa"), True),
        ((None, "1, High Street,\nRomford", "RM1 1AA"), True),
        ((None, "11 High Street, Romford", "RM1 1AA"), False),
        ((None, "1 High Street, Romford", "RM1 1AB"), False),
        (("100", "1 High Street, Romford", "RM1 1AA"), False),
    ],
)
def test_a_home_without_a_uprn_is_known_by_its_address(
    other: tuple[str | None, str, str], same: bool
) -> None:
    """However it is punctuated, and whatever its case."""
    assert (home_of(*HIGH_STREET) == home_of(*other)) is same


def test_a_home_with_a_uprn_is_known_by_that_alone() -> None:
    """Two flats may share an address, and one home be written in two ways; leading noughts say nothing."""
    assert home_of("0100", "Flat 1", "RM1 1AA") == home_of("100", "Flat A", "RM1 1AB")
    assert home_of("100", *HIGH_STREET[1:]) != home_of("101", *HIGH_STREET[1:])


def test_what_was_removed_allows_nothing_more() -> None:
    """The table says of each status what may be done, and an ended one is done with."""
    assert set(ACTS_ALLOWED) == set(Status)
    assert all(not ACTS_ALLOWED[status] for status in ENDED)
