"""Sums of money as callers send and receive them: exact pounds and pence, as in "120.00"."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer


def _with_pence(pounds: Decimal) -> str:
    return f"{pounds:.2f}"


Pounds = Annotated[
    Decimal,
    PlainSerializer(_with_pence, return_type=str),
    Field(max_digits=8, decimal_places=2, examples=["120.00"]),
]
