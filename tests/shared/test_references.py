"""Case references: readable over the phone, and a slip of one character never names another case."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, strategies as st

from shared.references import ALPHABET, check_character, new_reference, normalised

bodies = st.text(ALPHABET, min_size=7, max_size=7)
prefixes = st.sampled_from(["REP", "CMP", "ASB", "ENQ", "CAL", "EST", "SIT", "TEN", "APP"])


def reference(prefix: str, body: str) -> str:
    """The reference with these seven characters."""
    whole = body + check_character(body)
    return f"{prefix}-{whole[:4]}-{whole[4:]}"


def test_the_alphabet_has_no_letters_that_are_taken_for_others() -> None:
    """Crockford's base 32: no I, L, O, nor U."""
    assert len(set(ALPHABET)) == 32
    assert set("ILOU").isdisjoint(ALPHABET)


def test_new_references_differ_and_are_well_formed() -> None:
    """A thousand of them."""
    made = {new_reference("REP") for _ in range(1000)}
    assert len(made) == 1000
    assert all(normalised(one) == one for one in made)


@given(prefixes, bodies, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(prefix: str, body: str, place: int, wrong: str) -> None:
    """Whichever of the eight it is, and whatever stands there instead."""
    right = reference(prefix, body).replace("-", "")
    at = 3 + place
    assume(right[at] != wrong)
    assert normalised(right[:at] + wrong + right[at + 1 :]) is None


def test_nearly_every_swap_of_neighbours_is_found() -> None:
    """Luhn misses one pair of characters in each base: here 0 beside Z."""
    missed = set()
    for one in ALPHABET:
        for other in ALPHABET:
            body = f"{one}{other}00000"
            swapped = f"{other}{one}00000"
            if one != other and check_character(body) == check_character(swapped):
                missed.add(frozenset((one, other)))
    assert missed == {frozenset("0Z")}


@given(prefixes, bodies)
def test_a_reference_is_found_however_it_was_typed(prefix: str, body: str) -> None:
    """Small letters, any dash or blank or none, wide letters, the letter O for nought, I or L for one."""
    right = reference(prefix, body)
    head, tail = right[:4], right[4:]
    typed = [
        right.lower(),
        right.replace("-", ""),
        right.replace("-", " "),
        f"  {right} ",
        right.replace("-", "–"),
        right.replace("-", "\u00a0\u2011"),
        "\u200b".join(right),
        "".join(chr(ord(each) + 0xFEE0) for each in right),
        head + tail.replace("0", "O"),
        head + tail.replace("0", "o").replace("1", "l"),
        head + tail.replace("1", "I"),
    ]
    assert {normalised(text) for text in typed} == {right}


@pytest.mark.parametrize(
    "text",
    ["", "REP", "REP-0000-000", "REP-0000-00000", "REP-0000-000U", "R3P-0000-0000", "ÄÖÜ-0000-0000", "-"],
)
def test_what_is_no_reference_is_none(text: str) -> None:
    """Too short, too long, a letter that is not used, a prefix that is none."""
    assert normalised(text) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_reference_or_none(text: str) -> None:
    """Never an error; and what it is taken for is taken for itself."""
    taken_for = normalised(text)
    assert taken_for is None or normalised(taken_for) == taken_for


def test_references_do_not_follow_one_another() -> None:
    """Knowing one, nobody can guess the next: neighbours in time share no more than chance would have."""
    made = [new_reference("REP") for _ in range(500)]
    alike = sum(one[4:8] == next_one[4:8] for one, next_one in pairwise(made))
    assert alike <= 2
