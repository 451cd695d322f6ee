"""Use cases of what is done at a site: cleans, inspections, and the following up of what those found."""

import hashlib
import json
from datetime import datetime

from services.estates import events
from services.estates.models import Clean, FollowUp, Inspection, Site
from services.estates.policy.site import Action, Part, is_complete
from services.estates.queries import sites as queries
from services.estates.schemas.sites import NEXT, CleanDone, FollowUpDone, InspectionDone
from services.estates.service.sites import begin
from shared.cases.times import no_earlier
from shared.errors import Invalid
from shared.work import UnitOfWork

NO_SUCH_LANDING = "This site has no such landing."
FOUND = "the inspection that found it"


async def clean(work: UnitOfWork, reference: str, body: CleanDone) -> Site:
    """Record a clean; only one of all that the kind of site needs keeps the promise.

    The same clean in the same words, sent again, changes nothing. Raises Invalid for a landing that the site
    has not.
    """
    site, at = await begin(work, reference, Action.CLEAN, body)
    same = _fingerprint(work, body, at)
    if await queries.same_clean(work, site.reference, same) is not None:
        return site
    landings, parts = _landings(site, body), body.parts
    complete = is_complete(site.site_kind, parts)
    cleaned = {str(part): part in parts for part in Part}
    event = work.record(site, events.SiteCleaned(**cleaned, complete=complete), at=at)
    row = Clean(
        reference=site.reference,
        sequence=event.sequence,
        cleaned_at=at,
        parts=sorted(parts),
        landings=landings,
        swept=body.swept,
        complete=complete,
        told_by=work.caller.subject,
        fingerprint=same,
    )
    work.add(row)
    site.note_landings(landings, at)
    if complete and (site.cleaned_at is None or at > site.cleaned_at):
        site.cleaned_at, site.clean = at, event.sequence
    return site


def _fingerprint(work: UnitOfWork, body: CleanDone, at: datetime) -> bytes:
    """Hash all that a clean says, with who says it; without a time it happened when it arrived."""
    told = body.model_dump(mode="json", exclude={"occurred_at"})
    told |= {"occurred_at": (body.occurred_at or at).isoformat(), "by": work.caller.subject}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).digest()


def _landings(site: Site, body: CleanDone) -> list[int]:
    """The numbers of the landings that were cleaned."""
    named = {site.next_landing if number == NEXT else number for number in body.landings or ()}
    if not all(number is not None and number <= site.landings for number in named):
        raise Invalid(NO_SUCH_LANDING, "/landings")
    return sorted(number for number in named if number is not None)


async def inspect(work: UnitOfWork, reference: str, body: InspectionDone) -> Site:
    """Record an inspection; each unsatisfactory element is followed up with the caretaker."""
    site, at = await begin(work, reference, Action.INSPECTION, body)
    number = await queries.next_number(work, FollowUp, site.reference)
    fact = events.SiteInspected(
        cleanliness=body.cleanliness,
        unsatisfactory=len(body.unsatisfactory),
        satisfactory=not body.unsatisfactory,
    )
    event = work.record(site, fact, at=at)
    row = Inspection(
        reference=site.reference,
        sequence=event.sequence,
        inspected_at=at,
        cleanliness=body.cleanliness,
        notes=body.notes,
        inspected_by=work.caller.subject,
    )
    work.add(row)
    for place, element in enumerate(body.unsatisfactory, start=number):
        found = {"inspection": event.sequence, "element": element, "found_at": at}
        work.add(FollowUp(reference=site.reference, number=place, **found))
    if site.inspected_at is None or at > site.inspected_at:
        site.inspected_at, site.inspection, site.cleanliness = at, event.sequence, body.cleanliness
    return site


async def resolve_follow_up(work: UnitOfWork, reference: str, number: int, body: FollowUpDone) -> Site:
    """Record that an unsatisfactory element was put right with the caretaker responsible for the site.

    Raises NotFound for one that is not open, Invalid for a time before the inspection.
    """
    site, at = await begin(work, reference, Action.FOLLOW_UP, body)
    found = await queries.open_follow_up(work, site.reference, number)
    at = no_earlier(at, found.found_at, FOUND)
    found.resolved_at, found.resolved_by, found.notes = at, work.caller.subject, body.notes
    found.caretaker = body.caretaker or site.handler_name
    left = len((await queries.open_follow_ups(work, [site.reference]))[site.reference])
    work.record(site, events.FollowUpResolved(follow_up=number, still_open=left), at=at)
    return site
