"""The routing table: the service of each public path, and the only way through the gateway."""

from dataclasses import dataclass

from shared.cases.attachments.policy import MOST_BYTES as OF_A_PHOTO
from shared.cases.registers import MOST_BYTES as OF_A_REGISTER
from shared.directory import Directory


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table; its path is what metrics and logs call the request by."""

    path: str
    service: str
    is_front_end: bool = False


ATTACHMENTS = "attachments"
"""The last segment of the paths under a case to which photos are sent."""

PHOTOS = "photos"
"""The last segment of a front end's paths to which forms with a photo are sent."""

OF_A_FORM = 8 * OF_A_PHOTO
"""Larger than what phones make: the front end cuts off what is too much, and says so beside the field."""

MAIL = "/v1/mail"
"""The path to which whole mails are sent, with all that is attached to them."""

REGISTER = "register"
"""The segment below a kind of case to which a CSV file of many is sent."""


class RoutingTable:
    """The public paths of a directory's services and front ends."""

    def __init__(self, directory: Directory) -> None:
        front_ends = {row.name for row in directory.front_ends}
        self._by_path = {
            path: Route(path, row.name, is_front_end=row.name in front_ends)
            for row in directory.served
            for path in row.paths
        }

    def route_of(self, path: str) -> Route | None:
        """The longest row that the path is at or below, counted in whole segments, or None.

        `path` is the decoded one. A path with a dot segment has no route: `/v1/repairs/../../internal`
        begins like a public path, and whoever normalises it further on would leave the public part.
        """
        segments = path.split("/")
        if "." in segments or ".." in segments:
            return None
        for length in range(len(segments), 1, -1):
            route = self._by_path.get("/".join(segments[:length]))
            if route is not None:
                return route
        return None


def body_limit(route: Route | None, path: str, usual: int) -> int:
    """The most bytes that a body sent to that path may have: `usual`, or what its kind of file may."""
    if route is not None and route.is_front_end:
        return OF_A_FORM if path.endswith(f"/{PHOTOS}") else usual
    match path.removeprefix(route.path).split("/") if route else []:
        case ["", _, last] if last == ATTACHMENTS:
            return OF_A_PHOTO
        case ["", only] if only == REGISTER:
            return OF_A_REGISTER
        case [""] if path == MAIL:
            return OF_A_REGISTER
    return usual
