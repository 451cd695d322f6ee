"""The lifecycle of an appliance, and the identity of one that a register names twice."""

import pytest

from services.repairs.appliances.policy import (
    ENDED,
    LIFECYCLE,
    Action,
    ApplianceStatus,
    Situation,
    contradicted,
    home_of,
    homes_of,
    place_of,
)

HIGH_STREET = (None, "1 High Street, Romford", "RM1 1AA")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ((None, "1 high street  romford", "rm11aa"), True),
        ((None, "1, High Street,\nRomford", "RM1\u00a01AA"), True),
        ((None, "1 High Street – Romford", "rm1-1aa"), True),
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


@pytest.mark.parametrize(
    ("uprn", "key", "identities"),
    [
        ("10", "a1", ["uprn 10", "reference a1"]),
        ("10", None, ["uprn 10"]),
        (None, "a1", ["reference a1"]),
        (None, None, ["RM1 1AA 1 high street romford"]),
    ],
)
def test_a_home_may_be_on_the_register_by_either_spelling(
    uprn: str | None, key: str | None, identities: list[str]
) -> None:
    """And by its address only where it has neither."""
    assert homes_of(uprn, key, *HIGH_STREET[1:]) == identities


def test_a_home_with_a_uprn_is_known_by_that_alone() -> None:
    """Two flats may share an address, and one home be written in two ways; leading noughts say nothing."""
    assert home_of("0100", "Flat 1", "RM1 1AA") == home_of("100", "Flat A", "RM1 1AB")
    assert home_of("100", *HIGH_STREET[1:]) != home_of("101", *HIGH_STREET[1:])


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("First-floor landing", True),
        (" first-floor  LANDING ", True),
        ("FIRST-FLOOR\nLANDING", True),
        ("first-floorlanding", True),
        ("First–floor\u00a0landing", True),
        ("second-floor landing", False),
        ("", False),
        (None, False),
    ],
)
def test_a_place_is_known_whatever_its_case_and_spaces(other: str | None, same: bool) -> None:
    """No place said is one more, so that homes with a single alarm need not say where it is."""
    assert (place_of("First-floor landing") == place_of(other)) is same
    assert place_of(None) == place_of(" ")


def test_what_was_removed_allows_nothing_more() -> None:
    """Until then an officer may do every act, and nobody else any; a contact is corrected afterwards too."""
    allowed = {status: LIFECYCLE.allowed({"officer"}, Situation(status=status)) for status in ApplianceStatus}
    assert allowed == {ApplianceStatus.REGISTERED: set(Action), ApplianceStatus.REMOVED: {Action.CONTACT}}
    assert LIFECYCLE.ended == ENDED == {ApplianceStatus.REMOVED}
    others = {"resident", "contractor", "frontend", "ops", "service"}
    assert not LIFECYCLE.allowed(others, Situation(status=ApplianceStatus.REGISTERED))


@pytest.mark.parametrize(
    ("told", "others"),
    [
        ({"certificate": "CP12-0042", "notes": "Flue cleaned."}, []),
        ({"certificate": None, "notes": None}, []),
        ({"certificate": "CP12-0042", "notes": ""}, []),
        ({"certificate": "CP12-0043", "notes": "Flue cleaned."}, ["certificate"]),
    ],
)
def test_only_what_both_tellings_say_can_contradict(told: dict[str, str | None], others: list[str]) -> None:
    """Silence, of the first or of the second, is no other word."""
    assert contradicted({"certificate": "CP12-0042", "notes": None}, told) == others
