"""The routing table: the service of each public path, and the only way through the gateway."""

from dataclasses import dataclass

from shared.cases.attachments.policy import MOST_BYTES

ROUTES = {
    "/v1/repairs": "repairs",
    "/v1/slots": "repairs",
    "/v1/appliances": "repairs",
    "/v1/standards": "notifications",
    "/v1/deadlines": "notifications",
    "/v1/cases": "notifications",
    "/v1/notices": "notifications",
    "/v1/performance": "notifications",
    "/v1/calendar": "notifications",
    "/v1/webhooks": "notifications",
    "/v1/reconciliations": "notifications",
    "/v1/dead-letters": "notifications",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table; its path is what metrics and logs call the request by."""

    path: str
    service: str


ATTACHMENTS = "attachments"
"""The last segment of the paths under a case to which photos are sent."""

_BY_PATH = {path: Route(path, service) for path, service in ROUTES.items()}


def route_of(path: str) -> Route | None:
    """The longest row that the path is at or below, counted in whole segments, or None.

    `path` is the decoded one. A path with a dot segment has no route: `/v1/repairs/../../internal`
    begins like a public path, and whoever normalises it further on would leave the public part.
    """
    segments = path.split("/")
    if "." in segments or ".." in segments:
        return None
    for length in range(len(segments), 1, -1):
        route = _BY_PATH.get("/".join(segments[:length]))
        if route is not None:
            return route
    return None


def body_limit(path: str, usual: int) -> int:
    """The most bytes that a body sent to that path may have: `usual`, but for a photo sent to a case."""
    route = route_of(path)
    below = path.removeprefix(route.path).split("/") if route else []
    is_for_photos = len(below) == 3 and below[2] == ATTACHMENTS  # "", the reference, "attachments"
    return MOST_BYTES if is_for_photos else usual
