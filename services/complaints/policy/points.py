"""The points of a complaint, which are answered one by one, each under its own Code."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from services.complaints.events import About
from services.complaints.policy import OMBUDSMAN_FOR
from shared.standards.ombudsmen import Ombudsman


class PointOf(Protocol):
    """A point as it is given, with the service that it alone is about."""

    text: str
    about: About | None


def kept_points(points: Iterable[PointOf], about: About) -> list[dict[str, Any]]:
    """The points of a complaint about that service as they are kept, each under its own Code."""
    services = [point.about or about for point in points]
    return [
        {"text": point.text, "about": of, "ours": True, "reason": None, "ombudsman": OMBUDSMAN_FOR[of]}
        for point, of in zip(points, services, strict=True)
    ]


def whole_point(point: Mapping[str, Any], about: About) -> dict[str, Any]:
    """A point as it is kept now; one from before it kept its service, or its Code, has the complaint's.

    Unless its Code tells that it is about other work than the landlord's.
    """
    code = point.get("ombudsman") or OMBUDSMAN_FOR[about]
    service = about if code == OMBUDSMAN_FOR[about] else None
    if service is None and code == Ombudsman.LOCAL_GOVERNMENT:
        service = About.OTHER_SERVICE
    return {"about": service, **point, "ombudsman": code}


def undecided(points: Sequence[Mapping[str, Any]], decided: Collection[int]) -> list[int]:
    """The numbers of the points that are ours to answer and have no decision."""
    return [number for number, point in enumerate(points, 1) if point["ours"] and number not in decided]


def unknown_points(points: Sequence[Any], named: Iterable[int]) -> list[int]:
    """The numbers that name no point of the complaint."""
    return sorted({number for number in named if not 1 <= number <= len(points)})
