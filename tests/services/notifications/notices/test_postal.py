"""Addresses on envelopes: three to seven lines, and a real postcode last."""

import pytest

from services.notifications.notices.postal import MOST_LINES, postal_lines

EIGHT = "\n".join(
    ["Room 4", "Flat 2", "Block C", "Mercury House", "1 Mercury Gardens", "Gidea Park", "Romford", "RM1 3SL"]
)


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("1 Mercury Gardens, Romford RM1 3SL", ["1 Mercury Gardens", "Romford", "RM1 3SL"]),
        ("1 Mercury Gardens\nRomford\nrm13sl", ["1 Mercury Gardens", "Romford", "RM1 3SL"]),
        ("<b>Flat 2</b>\n1 High St\nRM1 1AA", ["Flat 2", "1 High St", "RM1 1AA"]),
        ("(Flat 2), [1 High St], RM1 1AA", ["Flat 2)", "1 High St]", "RM1 1AA"]),
        ("1 High St, Romford, RM1 1AA.", ["1 High St", "Romford", "RM1 1AA"]),
        ("1 High St, Romford, RM1 1AA, United Kingdom", ["1 High St", "Romford", "RM1 1AA"]),
        ("1 High St, Romford, RM1 1AA, England, UK", ["1 High St", "Romford", "RM1 1AA"]),
    ],
    ids=["commas", "lines", "markup", "brackets", "full stop", "country", "countries"],
)
def test_an_address_becomes_lines_that_end_in_its_postcode(address: str, lines: list[str]) -> None:
    """Without markup, without a country, and with no line that begins with a bracket."""
    assert postal_lines(address) == lines


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "NFA",
        "RM1 3SL",
        "No fixed abode, Romford RM1 3SL",
        "N/A, Romford, RM1 3SL",
        "Homeless, Romford RM1 3SL",
        "of no fixed address, Romford, RM1 3SL",
        "14 Harrow Drive\nRomford",
        "1 High Street, Nowhere, QQ1 1AA",
        "United Kingdom",
    ],
)
def test_what_nobody_can_be_posted_to_is_no_address(address: str | None) -> None:
    """The letter then goes by another way, and is not thought to be on its own."""
    assert postal_lines(address) is None
    assert postal_lines(address, "Sam Jones") is None


def test_two_lines_are_enough_with_a_name() -> None:
    """Three are needed, and the name is one."""
    assert postal_lines("1 High Street RM1 1AA") is None
    assert postal_lines("1 High Street RM1 1AA", "Sam Jones") == ["Sam Jones", "1 High Street", "RM1 1AA"]


def test_a_long_address_is_joined_to_seven_lines() -> None:
    """Nothing of it is lost, and the postcode stays last."""
    alone, named = postal_lines(EIGHT), postal_lines(EIGHT, "Sam Jones")
    assert alone is not None
    assert named is not None
    assert len(alone) == len(named) == MOST_LINES
    assert (alone[0], alone[-1]) == ("Room 4, Flat 2", "RM1 3SL")
    assert (named[0], named[1]) == ("Sam Jones", "Room 4, Flat 2, Block C")
    assert ", ".join(alone) == ", ".join(named[1:]) == EIGHT.replace("\n", ", ")
