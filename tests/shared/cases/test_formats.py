"""The spellings that values may have; the walking test of the services tries those that they may not."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.cases.formats import Day, Instant, PositivePounds, Pounds, Uprn

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("kind", "given", "read"),
    [
        (Instant, "2026-11-23T09:30:00Z", AT),
        (Instant, "2026-11-23T09:30Z", AT),
        (Instant, "2026-11-23T10:30:00+01:00", AT),
        (Instant, "2026-11-23T09:30:00.123456789Z", AT.replace(microsecond=123456)),
        (Instant, "1990-01-01T00:00:00Z", datetime(1990, 1, 1, tzinfo=UTC)),
        (Instant, "2100-12-31T23:59:59Z", datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (Day, "2026-11-23", date(2026, 11, 23)),
        (Day, "2100-12-31", date(2100, 12, 31)),
        (Pounds, "120.00", Decimal("120.00")),
        (Pounds, "0", Decimal(0)),
        (PositivePounds, "0.5", Decimal("0.5")),
        (Uprn, "100023456789", "100023456789"),
    ],
)
def test_a_value_is_read_from_its_text(kind: Any, given: str, read: object) -> None:
    """From JSON in strict mode, and from a query."""
    adapter = TypeAdapter[Any](kind)
    assert adapter.validate_json(f'"{given}"', strict=True) == adapter.validate_python(given) == read


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Instant, "2027-01-04T08:15:00"),
        (Day, "2026-02-30"),
        (Pounds, "1e3"),
        (Pounds, "-1.00"),
        (Pounds, "1000000"),
        (PositivePounds, "0.00"),
        (Uprn, "1000234567890"),
    ],
)
def test_a_refusal_says_nothing_of_what_was_sent(kind: Any, given: str) -> None:
    """Python's own errors would repeat it."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter[Any](kind).validate_python(given)
    assert all(given not in error["msg"] for error in refused.value.errors())


def test_a_schema_has_the_forms_that_generators_know() -> None:
    """Formats for instants and dates, and patterns of ASCII digits for sums and numbers."""
    schemas = [TypeAdapter[Any](kind).json_schema() for kind in (Instant, Day, PositivePounds, Uprn)]
    assert [(schema["type"], schema.get("format"), schema.get("pattern")) for schema in schemas] == [
        ("string", "date-time", None),
        ("string", "date", None),
        ("string", None, r"^[0-9]{1,6}(\.[0-9]{1,2})?$"),
        ("string", None, "^[0-9]{1,12}$"),
    ]
