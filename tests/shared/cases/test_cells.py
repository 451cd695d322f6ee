"""Cells of a CSV file are what they were, in a spreadsheet too."""

import pytest

from shared.cases.cells import cell, written


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('=HYPERLINK("http://x.example","y")', '\'=HYPERLINK("http://x.example","y")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("+447700900123", "+447700900123"),
        ("-12.50", "-12.50"),
        ("CMP-7K3M-Q9TX", "CMP-7K3M-Q9TX"),
        (None, ""),
        (3, "3"),
    ],
)
def test_text_is_no_formula(value: object, shown: str) -> None:
    """Telephone numbers and negative numbers stay as they are."""
    assert cell(value) == shown


def test_rows_are_quoted_where_they_must_be() -> None:
    assert written([("a", 'says "no"'), ("b, c", 1)]) == 'a,"says ""no"""\r\n"b, c",1\r\n'
