"""Which service a path belongs to, and which paths lead nowhere."""

import pytest

from gateway.routes import OF_A_FORM, RoutingTable, body_limit
from shared.cases.attachments.policy import MOST_BYTES
from shared.cases.registers import MOST_BYTES as REGISTER_BYTES
from shared.directory import DIRECTORY

TABLE = RoutingTable(DIRECTORY)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/repairs", "repairs"),
        ("/v1/repairs/", "repairs"),
        ("/v1/repairs/REP-7K3M-Q9TX/updates", "repairs"),
        ("/v1/cases/REP-7K3M-Q9TX/deadlines", "notifications"),
        ("/board", "board"),
        ("/board/cases/REP-7K3M-Q9TX", "board"),
        ("/boards", None),
        ("/board/../internal/metrics", None),
        ("/v1/repairsman", None),
        ("/v1/Repairs", None),
        ("/v1", None),
        ("/", None),
        ("", None),
        ("repairs", None),
        ("//v1/repairs", None),
        ("/v1//repairs", None),
        ("/internal/status", None),
        ("/v1/repairs/../../internal/status", None),
        ("/v1/repairs/./x", None),
        ("http://elsewhere/v1/repairs", None),
    ],
)
def test_a_path_belongs_to_the_service_whose_prefix_it_is_below(path: str, service: str | None) -> None:
    """Prefixes end at a segment's end, and a path with dot segments leads nowhere."""
    route = TABLE.route_of(path)
    assert (route.service if route else None) == service


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/v1/repairs/REP-7K3M-Q9TX/attachments", MOST_BYTES),
        ("/v1/appliances/register", REGISTER_BYTES),
        ("/v1/appliances/register/", 1000),
        ("/v1/appliances/APP-7K3M-Q9TX/register", 1000),
        ("/v1/repairs/REP-7K3M-Q9TX/attachments/", 1000),
        ("/v1/repairs/REP-7K3M-Q9TX/attachments/1", 1000),
        ("/v1/repairs/REP-7K3M-Q9TX/updates", 1000),
        ("/v1/repairs/attachments", 1000),
        ("/v1/repairs/REP-7K3M-Q9TX/more/attachments", 1000),
        ("/v1/repairs/../attachments", 1000),
        ("/v1/repairsman/REP-7K3M-Q9TX/attachments", 1000),
        ("/attachments", 1000),
        ("/board/report/photos", OF_A_FORM),
        ("/board/day/REP-7K3M-Q9TX/photos", OF_A_FORM),
        ("/board/report/send", 1000),
        ("/board/day/REP-7K3M-Q9TX/attachments", 1000),
        ("/v1/repairs/REP-7K3M-Q9TX/photos", 1000),
        ("", 1000),
    ],
)
def test_only_photos_sent_to_a_case_and_registers_may_be_larger(path: str, limit: int) -> None:
    """As much of anything else would only keep a service busy."""
    assert body_limit(TABLE.route_of(path), path, 1000) == limit
