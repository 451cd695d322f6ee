"""Valid requests to notifications."""

from collections.abc import Mapping

from tests.services.strict.valid.common import AT, ON, PAGE, REFERENCE, UUID, Valid

NOTIFICATIONS: Mapping[tuple[str, str], Valid] = {
    ("get", "/v1/standards"): Valid(),
    ("get", "/v1/deadlines"): Valid(
        query={
            "state": "running",
            "service": "repairs",
            "standard": "repairs.priority-1",
            "department": "repairs",
            "reference": REFERENCE,
            "due_before": AT,
            "from": "2026-11-01",
            "to": "2026-11-30",
            **PAGE,
        }
    ),
    ("get", "/v1/cases/{reference}/deadlines"): Valid(path=ON),
    ("get", "/v1/cases/{reference}/timeline"): Valid(path=ON),
    ("get", "/v1/cases/{reference}/effects"): Valid(path=ON, query={"event": "repairs.repair-completed"}),
    ("get", "/v1/worklist"): Valid(
        query={"department": "repairs", "handler": "me", "unassigned": "false", "due": "late", **PAGE}
    ),
    ("post", "/v1/worklist/{reference}/told"): Valid(path=ON),
    ("get", "/v1/notices"): Valid(query={"reference": REFERENCE, "status": "sent", **PAGE}),
    ("get", "/v1/notices/{id}/words"): Valid(path={"id": UUID}),
    ("get", "/v1/messages"): Valid(),
    ("get", "/v1/messages/{id}/preview"): Valid(
        query={"reference": REFERENCE}, path={"id": "reminder.resident"}
    ),
    ("get", "/v1/me/notices"): Valid(query=PAGE),
    ("post", "/v1/me/notices/{id}/reading"): Valid(path={"id": "0f3c8e0e-7a5e-4a39-9b6a-0c1de7a5f2b1"}),
    ("get", "/v1/performance"): Valid(query={"from": "2026-11-01", "to": "2026-11-23", "by": "channel"}),
    ("get", "/v1/performance/measures"): Valid(query={"year": "2026"}),
    ("get", "/v1/calendar"): Valid(query={"year": "2026"}),
    ("post", "/v1/calendar/closures"): Valid(
        ({"date": "2100-11-30", "reason": "Burst main"},), query={"dry_run": "true"}
    ),
    ("post", "/v1/calendar/closures/{day}/withdrawal"): Valid(
        ({"reason": "Mended."},), query={"dry_run": "false"}, path={"day": "2100-11-29"}
    ),
    ("post", "/v1/callbacks/notify/receipts"): Valid(
        (
            {
                "id": UUID,
                "reference": UUID,
                "to": "sam@example.org",
                "status": "delivered",
                "created_at": AT,
                "completed_at": AT,
                "sent_at": AT,
                "notification_type": "email",
                "template_id": UUID,
                "template_version": 1,
            },
        ),
        role="provider",
    ),
    ("post", "/v1/reconciliations"): Valid(role="ops"),
    ("get", "/v1/reconciliations"): Valid(role="ops"),
    ("get", "/v1/dead-letters"): Valid(query={"queue": "repairs"}, role="ops"),
    ("post", "/v1/dead-letters/replay"): Valid(
        ({"queue": "repairs", "limit": 5, "ids": ["0123456789abcdef"]},), role="ops"
    ),
    ("post", "/v1/dead-letters/discard"): Valid(
        ({"queue": "repairs", "ids": ["0123456789abcdef"], "reason": "A copy of one"},), role="ops"
    ),
    ("get", "/internal/status"): Valid(),
    ("get", "/internal/metrics"): Valid(),
}
