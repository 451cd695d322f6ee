"""Use cases of damage done by anti-social behaviour."""

from collections.abc import Sequence
from datetime import datetime

from services.repairs.asb_damage import policy, queries
from services.repairs.asb_damage.asking import Access, DamagedHome
from services.repairs.asb_damage.models import AsbDamage
from services.repairs.asb_damage.queries import Key
from services.repairs.case.guide import GUIDE, Fault, priority_of
from services.repairs.case.households import note_household
from services.repairs.case.models import Repair
from services.repairs.case.policy import Update
from services.repairs.case.raising import Raised, raise_repair
from services.repairs.events import (
    AsbDamageLocated,
    AsbDamageMadeSafe,
    AsbDamageRepairCancelled,
    AsbDamageRepairRaised,
    PriorityRaised,
)
from shared.cases.households import Household
from shared.cases.queries import get_for_update
from shared.events import Event
from shared.standards.periods import civil_date
from shared.work import UnitOfWork

# A firm reads these words, so none says whose case it is. A letter that somebody else in the home opens can
# endanger the victim, so nobody is written to. Being made safe within 24 hours has a clock of its own.
RAISED = Raised(
    by="the asb service",
    description="Not described yet; the team that reported it knows what is broken.",
    address="Not known yet; the team that reported it has been asked",
)


async def take_in(work: UnitOfWork, events: Sequence[Event]) -> None:
    """Raise a repair for each damage that is ours and has none yet, however often we are told of it."""
    told = {_key(event): event for event in events if policy.is_to_be_raised(event.facts)}
    if not told:
        return
    missing = sorted(told.keys() - await queries.known(work, told.keys()))
    damages = [_raise_repair(work, key, told[key]) for key in missing]
    await work.session.flush()  # the repairs, to which the damages refer
    work.session.add_all(damages)


def _key(event: Event) -> Key:
    return event.reference, int(event.facts["damage"])


def _raise_repair(work: UnitOfWork, key: Key, told: Event) -> AsbDamage:
    """Raise a repair, and return the row that ties it to its damage."""
    repair = raise_repair(work, RAISED, min(told.occurred_at, work.now))
    reference, damage = key
    since = repair.received_at.isoformat()
    raised = AsbDamageRepairRaised(asb_reference=reference, damage=damage, damage_reported_at=since)
    work.record(repair, raised, at=repair.received_at)
    return AsbDamage(
        asb_reference=reference,
        damage=damage,
        repair=repair.reference,
        ask_again_at=work.now,
        team=told.facts.get("team"),
        kept_from=told.facts.get("kept_from"),
        access_as_of=told.sequence,
    )


async def note_access(work: UnitOfWork, changed: Sequence[Event]) -> None:
    """Note who may learn of the ASB cases behind repairs, now that others may than before."""
    in_order = sorted(changed, key=lambda event: event.sequence)
    damages = await queries.of_cases(work, {event.reference for event in in_order})
    for event in in_order:
        for damage in damages.get(event.reference, ()):
            damage.note_access(event.facts, event.sequence)


async def learn_access(work: UnitOfWork, damage: AsbDamage, access: Access) -> None:
    """Note who may learn of the ASB case behind a repair, as asb has answered."""
    key = damage.asb_reference, damage.damage
    locked = await work.session.get_one(AsbDamage, key, with_for_update=True)
    locked.note_access(access.model_dump(), access.as_of)


async def tell_asb(work: UnitOfWork, repair: Repair, update: Update, *, at: datetime) -> None:
    """Tell asb that a damage is safe, if the repair answers for one and this update of it says so."""
    if repair.reported_by != RAISED.by or update not in policy.MAKES_SAFE:
        return
    damage = (await queries.of_repairs(work, [repair.reference])).get(repair.reference)
    if damage is None or not policy.is_news(at, damage.made_safe_at):
        return
    damage.made_safe_at = at
    safe = AsbDamageMadeSafe(asb_reference=damage.asb_reference, damage=damage.damage)
    work.record(repair, safe, at=at)


async def tell_asb_of_cancellation(work: UnitOfWork, repair: Repair, *, at: datetime) -> None:
    """Tell asb that nobody will make a damage safe by this repair, if it answers for one that is not."""
    if repair.reported_by != RAISED.by:
        return
    damage = (await queries.of_repairs(work, [repair.reference])).get(repair.reference)
    if damage is not None and damage.made_safe_at is None:
        cancelled = AsbDamageRepairCancelled(asb_reference=damage.asb_reference, damage=damage.damage)
        work.record(repair, cancelled, at=at)


async def ask_again(work: UnitOfWork, given: Sequence[Event]) -> None:
    """Have asb asked once more where damages are whose home it has given or corrected, while work is owed."""
    for damage in await queries.located_and_open(work, {event.reference for event in given}):
        damage.located_at, damage.times_asked, damage.ask_again_at = None, 0, work.now


async def lease_damages(work: UnitOfWork) -> Sequence[AsbDamage]:
    """Lease the damages to ask asb about now; noted before it is asked, whatever may become of that."""
    damages = await queries.to_be_asked_about(work)
    for damage in damages:
        damage.ask(work.now)
    return damages


async def locate(work: UnitOfWork, reference: str, home: DamagedHome, household: Household) -> None:
    """Keep with the repair where the home is and what is broken; nothing else is told of the case.

    Told again, it is a correction. What the household needs is residents' word, whoever lives there.
    """
    repair = await get_for_update(work, Repair, reference)
    repair.property = home.property.model_dump(mode="json", exclude_none=True)
    repair.description = home.description or repair.description
    note_household(work, repair, household)
    if home.fault in GUIDE:
        _take_fault(work, repair, GUIDE[home.fault])
    work.record(repair, AsbDamageLocated())
    # read anew: while asb was asked, a contractor may have made it safe
    (await queries.of_repairs(work, [reference]))[reference].located_at = work.now


def _take_fault(work: UnitOfWork, repair: Repair, fault: Fault) -> None:
    """Give a repair the fault that it turned out to be: a stricter clock of the guide counts from here."""
    repair.fault = fault.code
    priority = priority_of(fault, civil_date(repair.received_at), None)
    if priority < repair.priority and repair.is_open():
        repair.set_priority(priority, repair.queue)
        work.record(repair, PriorityRaised(priority=priority))
