"""Cases as the services that own them show them to the gateway."""

from typing import Any

import httpx

WORDS = {"standard": "s", "regime": "r", "promise": "p", "source": "c"}
DEADLINE = {**WORDS, "state": "running", "met_at": None, "reopened_at": None}


def case(reference: str, received: str, *promised: str) -> dict[str, Any]:
    """A case as its owner shows it, with promises made at these instants; each is of November 2026."""
    deadlines = [
        {**DEADLINE, "due_at": "2026-12-01T09:00:00Z", "started_at": f"2026-11-{at}:00Z"} for at in promised
    ]
    return {
        "reference": reference,
        "status": "reported",
        "summary": "Leaking roof. With us since 24 November 2026. It is now: reported.",
        "channel": "phone",
        "received_at": f"2026-11-{received}:00Z",
        "handler": None,
        "deadlines": deadlines,
        "next_deadline": deadlines[0] if deadlines else None,
        "imported": False,
        "allowed": ["contact"],
        "version": 3,
        "updated_at": "2026-11-25T09:00:00Z",
        "fault": "leaking-roof",
    }


def references(answer: httpx.Response) -> list[str]:
    return [each["reference"] for each in answer.json()["items"]]
