"""The committed bank holidays are what the libraries that know them say."""

from deploy.bank_holidays import render
from shared.standards.bank_holidays import FILE


def test_the_committed_bank_holidays_are_those_of_the_libraries() -> None:
    """A newer version of a library may know more; the file is then written again."""
    assert FILE.read_text(encoding="utf-8") == render(), "it is older than they are: run `make docs`"
