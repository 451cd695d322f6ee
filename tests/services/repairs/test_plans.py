"""Every filter of every list of cases is served by its index: among 100,000 cases few rows are read."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.repairs.appliances import queries as appliances
from services.repairs.appliances.policy import ApplianceStatus
from services.repairs.appliances.schemas import ApplianceFilters, ApplianceSort
from services.repairs.case.policy import Status
from services.repairs.case.schemas import RepairFilters
from services.repairs.events.values import ApplianceKind
from services.repairs.views.listing import listed
from shared.app_state import AppState
from shared.caller import CONTRACTOR, OFFICER, RESIDENT, Caller
from shared.cases.filters import Sort
from shared.references import new_reference
from tests.support.lists import NOW, PAGE, Asked, asked, check, filled_database, state_on
from tests.support.postgres import Databases

REFERENCES = [new_reference("REP") for _ in range(100)]

# Nearly all repairs are ended, brought over, and given to a firm and an officer; nearly no appliance is. So
# both sides of each filter are asked for where they are rare, and far from the end that a list begins with.
REPAIRS = """
INSERT INTO repairs (
    reference, version, status, channel, received_at, imported, department, handler_name, handler_subject,
    contact, reported_by, resident, fault, priority, description, property, vulnerable, caused_by_resident,
    handyperson, queue, contractor, contractor_key, firms, given_by_booking, ended_at,
    emergency_hazard
) SELECT
    coalesce(CASE WHEN n % 1000 = 0 THEN ($1::text[])[n / 1000] END, 'REP-' || n), 1,
    CASE WHEN n % 100 = 0 THEN 'reported' ELSE 'completed' END,
    'phone', '2024-01-01Z'::timestamptz + n * interval '10 minutes', n % 1000 <> 0,
    CASE WHEN n % 2000 = 7 THEN 'asb' ELSE 'repairs' END,
    CASE WHEN n % 200 <> 0 THEN 'Pat' END, CASE WHEN n % 200 <> 0 THEN 'officer-' || n % 300 END,
    '{}', 'resident-' || n % 30000, 'resident-' || n % 30000, 'leaking-roof', 1 + n % 3, 'It drips.',
    jsonb_build_object('uprn', (n % 20000)::text, 'postcode', 'RM' || n % 90 || ' 7AA')
        || CASE n % 2 WHEN 1 THEN jsonb_build_object('property_reference', 'HAV-' || n % 20000) ELSE '{}' END,
    false, false, false,
    CASE WHEN n % 50 = 0 THEN 'handyperson' END, CASE WHEN n % 100 <> 0 THEN 'Firm ' || n % 300 END,
    CASE WHEN n % 100 <> 0 THEN 'firm ' || n % 300 END, '{}', false, CASE WHEN n % 100 <> 0 THEN now() END,
    n % 1000 = 501
FROM generate_series(1, 100000) AS n"""
VISITS = """
INSERT INTO appointments (reference, starts_at, ends_at, booked_at, booked_by)
SELECT 'REP-' || n, at, at + interval '2 hours', at, 'officer-1' FROM (
    SELECT n, '2026-01-01 10:00Z'::timestamptz + n / 200 * interval '1 day' AS at
    FROM generate_series(101, 100000, 5) AS n
) AS visits"""
APPLIANCES = """
INSERT INTO appliances (
    reference, version, status, channel, received_at, imported, department, handler_name, handler_subject,
    contact, reported_by, kind, property, home, next_due_at
) SELECT
    'APP-' || n, 1, CASE WHEN n % 100 = 0 THEN 'removed' ELSE 'registered' END,
    'officer', '2024-01-01Z'::timestamptz + n * interval '10 minutes', n % 1000 = 1,
    CASE WHEN n % 2000 = 7 THEN 'asb' ELSE 'repairs' END,
    CASE WHEN n % 200 = 1 THEN 'Pat' END, CASE WHEN n % 200 = 1 THEN 'officer-' || n / 200 % 10 END,
    '{}', 'officer-7', CASE WHEN n % 1000 = 3 THEN 'smoke_alarm' ELSE 'heating' END,
    jsonb_build_object('uprn', (n % 20000)::text, 'postcode', 'RM' || n % 90 || ' 7AA'), 'home',
    CASE WHEN n % 100 <> 0 THEN '2026-06-01Z'::timestamptz + n * interval '5 minutes' END
FROM generate_series(1, 100000) AS n"""
ADA = Caller("officer-7", OFFICER, frozenset(), frozenset({"repairs"}), None)
SEVERAL = Caller("officer-7", OFFICER, frozenset(), frozenset({"asb", "estates", "repairs"}), None)
OF_ASB = Caller("officer-8", OFFICER, frozenset(), frozenset({"asb"}), None)
SAM = Caller("resident-101", RESIDENT, frozenset(), frozenset(), None)
FIRM = Caller("client", CONTRACTOR, frozenset(), frozenset(), "Firm 7")
LONG_AGO = datetime(2024, 6, 1, tzinfo=UTC)
# by the list's order: an officer of one department is served by either
BY_ORDER = "received_at department"


@pytest.fixture(scope="module")
async def filled(_databases: Databases) -> AsyncIterator[str]:
    """The URL of a database with 100,000 repairs, and as many appliances; some changed lately."""
    inserts = (REPAIRS, REFERENCES), (VISITS,), (APPLIANCES,)
    async with filled_database(_databases, "repairs", ("repairs", "appliances"), *inserts) as url:
        yield url


@pytest.fixture
async def state(filled: str, tmp_path: Path) -> AsyncIterator[AppState]:
    """The state of the service on it."""
    async with state_on(filled, "repairs", tmp_path) as opened:
        yield opened


REPAIR_LISTS: Mapping[str, Asked] = {
    "an officer's": asked(ADA, BY_ORDER),
    "of several departments": asked(SEVERAL, "received_at"),
    "of another department": asked(OF_ASB, "department"),
    "a resident's": asked(SAM, "resident"),
    "a firm's": asked(FIRM, "contractor_key"),
    "status": asked(ADA, "status", status=Status.REPORTED),
    "department": asked(SEVERAL, "department", department="asb"),
    "handler": asked(ADA, "handler", handler="officer-9"),
    "handler=me": asked(ADA, "handler", handler="me"),
    "unassigned": asked(ADA, "unassigned", unassigned=True),
    "reference": asked(ADA, "repairs department", rows=100, reference=REFERENCES),
    "contractor": asked(ADA, "contractor_key", contractor="Firm 7"),
    # of each visit its appointment and its repair, and the appointments of the day before
    "visit_on": asked(ADA, "starts_at", rows=3 * 40 + 1, visit_on=date(2026, 6, 3)),
    "uprn": asked(ADA, "uprn", uprn="00017"),
    "property_reference": asked(ADA, "property_reference", property_reference="hav-17"),
    "postcode": asked(ADA, "postcode", postcode="rm17 7aa"),
    "received_from": asked(ADA, BY_ORDER, received_from=LONG_AGO, sort=Sort.EARLIEST),
    "received_to": asked(ADA, BY_ORDER, received_to=LONG_AGO),
    "imported=false": asked(ADA, "imported", imported=False),
    "updated_since": asked(ADA, "changed_in", updated_since=NOW),
    # a third of all: the order's own index finds a page soon enough
    "priority": asked(ADA, BY_ORDER, rows=4 * PAGE, priority=1),
    "queue": asked(ADA, "queue", queue="handyperson"),
}
APPLIANCE_LISTS: Mapping[str, Asked] = {
    "the register": asked(ADA, f"{BY_ORDER} status"),
    "status": asked(ADA, "status", status=ApplianceStatus.REMOVED),
    "department": asked(SEVERAL, "department", department="asb"),
    "handler": asked(ADA, "handler", handler="officer-9"),
    "unassigned=false": asked(ADA, "assigned", unassigned=False),
    "imported": asked(ADA, "imported", imported=True),
    "uprn": asked(ADA, "uprn", uprn="00017"),
    "postcode": asked(ADA, "postcode", postcode="rm17 7aa"),
    "updated_since": asked(ADA, "changed_in", updated_since=NOW),
    "kind": asked(ADA, "kind", kind=ApplianceKind.SMOKE_ALARM),
    "due_before": asked(ADA, "next_due_at", due_before=datetime(2026, 6, 2, tzinfo=UTC)),
    "overdue": asked(ADA, "next_due_at", overdue=True),
    "overdue=false": asked(ADA, "next_due_at", overdue=False),
    "the next due first": asked(ADA, "next_due_at", sort=ApplianceSort.NEXT_DUE),
}


@pytest.mark.parametrize("name", REPAIR_LISTS)
async def test_every_filter_of_repairs_has_its_index(state: AppState, name: str) -> None:
    """And reads hardly more rows than it shows."""
    ask = REPAIR_LISTS[name]
    await check(state, listed, RepairFilters(**ask[1]), ask)


@pytest.mark.parametrize("name", APPLIANCE_LISTS)
async def test_every_filter_of_appliances_has_its_index(state: AppState, name: str) -> None:
    """And reads hardly more rows than it shows."""
    ask = APPLIANCE_LISTS[name]
    await check(state, appliances.listed, ApplianceFilters(**ask[1]), ask)
