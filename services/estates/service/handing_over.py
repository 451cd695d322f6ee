"""Telling another service what a problem is that it takes up: the words, the place and whom to tell."""

from typing import Any

from services.estates.models import Issue
from services.estates.queries import issues as queries
from services.estates.schemas.issues import HandedOver
from shared.cases.handover import Handover
from shared.text import postcode_in
from shared.work import UnitOfWork

NOT_A_POSTCODE = "unknown"
"""In lower case, so that no postcode that anybody gives, compared in upper case, is ever the same."""


async def hand_over(work: UnitOfWork, reference: str) -> HandedOver:
    """A problem that was passed on, in the words of whoever reported it; raises NotFound."""
    issue = await queries.referred(work, reference)
    told = Handover.of(issue, f"{issue.description}\n\nPlace: {issue.location}")
    return HandedOver(
        description=told.description,
        contact=told.contact if issue.tell_reporter else None,
        property=told.property,
        place=await _place(work, issue),
    )


async def _place(work: UnitOfWork, issue: Issue) -> dict[str, Any]:
    """The place of a problem that is about no home, as a home is written."""
    site = (await queries.sites_of(work, [issue])).get(issue.site or "")
    parts = [issue.location, site.name, site.address] if site else [issue.location]
    address = ", ".join(parts)
    return {"address": address[:200].strip(), "postcode": postcode_in(address) or NOT_A_POSTCODE}
