"""Presenting sites: each with its promises, what is to be put right there, and the acts allowed now."""

from collections.abc import Sequence
from itertools import pairwise

from services.estates.models import Site
from services.estates.policy.site import LIFECYCLE
from services.estates.queries import sites as queries
from services.estates.schemas.site_answers import KINDS, InspectionOut, SiteOut
from shared.caller import Role
from shared.cases.deadlines import fold
from shared.cases.schemas import common_fields
from shared.cases.summaries import in_words
from shared.events import Event
from shared.http.paging import Page, PageRequest
from shared.standards.deadlines import Deadline
from shared.work import UnitOfWork


async def present(work: UnitOfWork, site: Site) -> SiteOut:
    """One site that the caller sees."""
    [shown] = await present_all(work, [site])
    return shown


async def present_all(work: UnitOfWork, sites: Sequence[Site]) -> list[SiteOut]:
    """Sites that the caller sees, in the order given."""
    references = [site.reference for site in sites]
    promised = await promises_of(work, references)
    follow_ups = await queries.open_follow_ups(work, references)
    clearances = await queries.planned_clearances(work, references)
    to_officer = work.caller.is_a(Role.OFFICER)
    return [
        SiteOut(
            **common_fields(
                site,
                promised[site.reference],
                work.now,
                _allowed(work, site, len(follow_ups[site.reference]), len(clearances[site.reference])),
                summary=in_words(f"{KINDS[site.site_kind]} {site.name}, {site.address}", site),
                to_officer=to_officer,
            ),
            **SiteOut.own_fields(site, follow_ups[site.reference], clearances[site.reference]),
        )
        for site in sites
    ]


async def promises_of(work: UnitOfWork, references: Sequence[str]) -> dict[str, list[Deadline]]:
    """The deadlines of each of these sites, by its latest events alone.

    Those that began before these events, and are not open, are left out: by these they would look late.
    """
    histories = await queries.recent_histories(work, references)
    found = fold(work, histories)
    return {
        reference: [promise for promise in promises if _is_whole(promise, histories[reference])]
        for reference, promises in found.items()
    }


def _is_whole(promise: Deadline, history: Sequence[Event]) -> bool:
    """Tell a deadline of which everything that decides on it is known: open, or begun after the last gap."""
    gaps = [first.sequence for first, then in pairwise(history) if then.sequence > first.sequence + 1]
    return promise.open or promise.started_by > max(gaps, default=0)


async def allowed(work: UnitOfWork, reference: str) -> list[str]:
    """The acts that a site allows the caller now; asked after an act on it was refused."""
    site = await queries.site(work, reference)
    follow_ups = await queries.open_follow_ups(work, [site.reference])
    clearances = await queries.planned_clearances(work, [site.reference])
    return _allowed(work, site, len(follow_ups[site.reference]), len(clearances[site.reference]))


def _allowed(work: UnitOfWork, site: Site, follow_ups: int, clearances: int) -> list[str]:
    situation = site.situation(open_follow_ups=follow_ups, planned_clearances=clearances)
    return sorted(LIFECYCLE.allowed(work.caller.roles, situation))


async def present_inspections(work: UnitOfWork, reference: str, page: PageRequest) -> Page[InspectionOut]:
    """A page of the inspections of a site, each with what it found; raises NotFound."""
    rows, following = await queries.inspections(work, reference, page)
    found = await queries.found_by(work, rows)
    return Page(items=[InspectionOut.of(row, found[row.sequence]) for row in rows], next=following)
