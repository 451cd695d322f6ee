"""Every filter of the lists of sites and problems is served by its index: of 100,000 few rows are read."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.estates.events import IssueKind, SiteKind
from services.estates.policy.issue import IssueStatus
from services.estates.policy.site import SiteStatus
from services.estates.queries import issues, sites
from services.estates.schemas.issues import IssueFilters, IssueSort
from services.estates.schemas.sites import SiteFilters
from shared.app_state import AppState
from shared.caller import OFFICER, RESIDENT, Caller
from shared.references import new_reference
from tests.support.lists import NOW, Asked, asked, check, filled_database, state_on
from tests.support.postgres import Databases

# Both sides of each filter are asked for where they are rare.
SITES = """
INSERT INTO sites (
    reference, version, status, channel, received_at, imported, department, handler_name, handler_subject,
    contact, reported_by, name, kind, address, key, landings, landings_cleaned
) SELECT
    coalesce(CASE WHEN n % 1000 = 0 THEN ($1::text[])[n / 1000] END, 'SIT-' || n), 1,
    CASE WHEN n % 500 = 0 THEN 'retired' ELSE 'registered' END, 'officer',
    '2024-01-01Z'::timestamptz + n * interval '10 minutes', n % 1000 = 1,
    CASE WHEN n % 2000 = 7 THEN 'asb' ELSE 'estates' END,
    CASE WHEN n % 200 <> 1 THEN 'Kay' END, CASE WHEN n % 200 <> 1 THEN 'kay-' || n % 300 END,
    '{}', 'eve', 'Site ' || n, CASE WHEN n % 500 = 3 THEN 'sheltered' ELSE 'low_rise' END,
    n || ' High Street', 'site ' || n, 0, '{}'
FROM generate_series(1, 100000) AS n"""
ISSUES = """
INSERT INTO issues (
    reference, version, status, channel, received_at, imported, department, handler_name, handler_subject,
    contact, reported_by, resident, property, kind, offensive, urgent, site, location, description,
    by_appointment
) SELECT
    'EST-' || n, 1, CASE WHEN n % 500 = 0 THEN 'reported' ELSE 'resolved' END, 'online',
    '2024-01-01Z'::timestamptz + n * interval '10 minutes', n % 1000 = 1,
    CASE WHEN n % 2000 = 7 THEN 'asb' ELSE 'estates' END,
    CASE WHEN n % 200 <> 0 THEN 'Kay' END, CASE WHEN n % 200 <> 0 THEN 'kay-' || n % 300 END,
    '{}', 'resident-' || n % 30000, 'resident-' || n % 30000,
    CASE WHEN n % 10 <> 7 THEN '{}'
        ELSE jsonb_build_object('uprn', (n % 20000)::text, 'postcode', 'RM' || n % 90 || ' 7AA') END,
    CASE WHEN n % 500 = 4 THEN 'needles' ELSE 'rubbish' END, false, n % 500 = 4,
    CASE WHEN n % 3 = 0 AND n % 1000 <> 0 AND n % 300 <> 1 THEN 'SIT-' || (n % 300 + 1) END,
    'The stairs', 'Rubbish.', false
FROM generate_series(1, 100000) AS n"""

REFERENCES = [new_reference("SIT") for _ in range(100)]
EVE = Caller("eve", OFFICER, frozenset(), frozenset({"estates"}), None)
SEVERAL = Caller("eve", OFFICER, frozenset(), frozenset({"asb", "estates", "repairs"}), None)
OF_ASB = Caller("asa", OFFICER, frozenset(), frozenset({"asb"}), None)
SAM = Caller("resident-101", RESIDENT, frozenset(), frozenset(), None)
LONG_AGO = datetime(2024, 6, 1, tzinfo=UTC)
BY_ORDER = "received_at department"


@pytest.fixture(scope="module")
async def filled(_databases: Databases) -> AsyncIterator[str]:
    """The URL of a database with 100,000 sites, and as many problems; some changed lately."""
    inserts = (SITES, REFERENCES), (ISSUES,)
    async with filled_database(_databases, "estates", ("sites", "issues"), *inserts) as url:
        yield url


@pytest.fixture
async def state(filled: str, tmp_path: Path) -> AsyncIterator[AppState]:
    """The state of the service on it."""
    async with state_on(filled, "estates", tmp_path) as opened:
        yield opened


SITE_LISTS: Mapping[str, Asked] = {
    "an officer's": asked(EVE, BY_ORDER),
    "of several departments": asked(SEVERAL, "received_at"),
    "of another department": asked(OF_ASB, "department"),
    "status": asked(EVE, "status", status=SiteStatus.RETIRED),
    "handler": asked(EVE, "handler", handler="kay-9"),
    "unassigned": asked(EVE, "unassigned", unassigned=True),
    "reference": asked(EVE, "sites department", rows=100, reference=REFERENCES),
    "received_to": asked(EVE, BY_ORDER, received_to=LONG_AGO),
    "imported": asked(EVE, "imported", imported=True),
    "updated_since": asked(EVE, "changed_in", updated_since=NOW),
    "kind": asked(EVE, "kind", kind=SiteKind.SHELTERED),
}
ISSUE_LISTS: Mapping[str, Asked] = {
    "an officer's": asked(EVE, BY_ORDER),
    "a resident's": asked(SAM, "resident"),
    "of another department": asked(OF_ASB, "department"),
    "status": asked(EVE, "status open", status=IssueStatus.REPORTED),
    "handler": asked(EVE, "handler", handler="kay-9"),
    "unassigned": asked(EVE, "unassigned", unassigned=True),
    "imported": asked(EVE, "imported", imported=True),
    "uprn": asked(EVE, "uprn", uprn="00017"),
    "postcode": asked(EVE, "postcode", postcode="rm17 7aa"),
    "updated_since": asked(EVE, "changed_in", updated_since=NOW),
    "kind": asked(EVE, "kind", kind=IssueKind.NEEDLES),
    "urgent": asked(EVE, "is_urgent", urgent=True),
    "urgent=false": asked(EVE, BY_ORDER, urgent=False),
    "the urgent first": asked(EVE, "urgent", sort=IssueSort.URGENT),
    "site": asked(EVE, "site", site="SIT-7"),
}


@pytest.mark.parametrize("name", SITE_LISTS)
async def test_every_filter_of_sites_has_its_index(state: AppState, name: str) -> None:
    """And reads hardly more rows than it shows."""
    ask = SITE_LISTS[name]
    await check(state, sites.listed, SiteFilters(**ask[1]), ask)


@pytest.mark.parametrize("name", ISSUE_LISTS)
async def test_every_filter_of_problems_has_its_index(state: AppState, name: str) -> None:
    """And reads hardly more rows than it shows."""
    ask = ISSUE_LISTS[name]
    await check(state, issues.listed, IssueFilters(**ask[1]), ask)
