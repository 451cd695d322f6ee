"""What repairs does about damage done by anti-social behaviour."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events, policy as repairs_policy
from services.repairs.asb_damage import policy, queries
from services.repairs.asb_damage.asking import DamagedHome
from services.repairs.asb_damage.models import AsbDamage
from services.repairs.models import Repair
from services.repairs.policy import Status, Update
from shared.app_state import AppState
from shared.events import Event
from shared.http.schemas import Channel
from shared.messaging.outbox import record
from shared.references import new_reference

BY_ASB = "the asb service"


async def take_in(resources: AppState, session: AsyncSession, heard: Sequence[Event]) -> None:
    """Raise a repair for each damage that is ours and has none yet, however often we are told of it."""
    told = {_key(event): event for event in heard if policy.is_to_be_raised(event.facts)}
    if not told:
        return
    for key in sorted(told.keys() - await queries.known(session, told.keys())):
        await _raise_repair(session, key, told[key], resources.clock())


def _key(event: Event) -> tuple[str, int]:
    return event.reference, int(event.facts["damage"])


async def _raise_repair(session: AsyncSession, key: tuple[str, int], told: Event, now: datetime) -> None:
    reported_at = min(told.occurred_at, now)
    repair = Repair(
        reference=new_reference("REP"),
        status=Status.REPORTED,
        channel=Channel.OFFICER,
        received_at=reported_at,
        imported=False,
        department=repairs_policy.DEPARTMENT,
        contact=dict(policy.CONTACT),
        reported_by=BY_ASB,
        fault=policy.FAULT,
        priority=policy.PRIORITY,
        description=policy.NOT_DESCRIBED_YET,
        property=dict(policy.HOME_NOT_KNOWN_YET),
        vulnerable=False,
        caused_by_resident=False,
        handyperson=False,
    )
    session.add(repair)
    reference, damage = key
    reported, raised = _facts(repair, reference, damage)
    record(session, repair, reported, occurred_at=reported_at, now=now)
    record(session, repair, raised, occurred_at=reported_at, now=now)
    await session.flush()
    session.add(AsbDamage(asb_reference=reference, damage=damage, repair=repair.reference, ask_again_at=now))
    await session.flush()


def _facts(
    repair: Repair, asb_reference: str, damage: int
) -> tuple[events.RepairReported, events.AsbDamageRepairRaised]:
    reported = events.RepairReported(
        priority=repair.priority,
        fault=repair.fault,
        department=repair.department,
        channel=repair.channel,
        imported=repair.imported,
    )
    raised = events.AsbDamageRepairRaised(
        asb_reference=asb_reference, damage=damage, damage_reported_at=repair.received_at.isoformat()
    )
    return reported, raised


async def tell_asb(
    session: AsyncSession, repair: Repair, update: Update, *, at: datetime, now: datetime
) -> None:
    """Say that a damage is safe, if the repair answers for one and this update of it says so."""
    if repair.reported_by != BY_ASB or update not in policy.MAKES_SAFE:
        return
    damage = (await queries.of_repairs(session, [repair.reference])).get(repair.reference)
    if damage is None or not policy.is_news(at, damage.made_safe_at):
        return
    damage.made_safe_at = at
    safe = events.AsbDamageMadeSafe(asb_reference=damage.asb_reference, damage=damage.damage)
    record(session, repair, safe, occurred_at=at, now=now)


async def take_turns(session: AsyncSession, now: datetime) -> Sequence[AsbDamage]:
    """The damages to ask asb about now; noted before it is asked, whatever may become of that."""
    damages = await queries.to_be_asked_about(session, now)
    for damage in damages:
        damage.ask(now)
    return damages


async def locate(session: AsyncSession, reference: str, home: DamagedHome, now: datetime) -> None:
    """Keep with the repair where the home is and what is broken."""
    repair = await queries.repair_for_update(session, reference)
    repair.property = home.property.model_dump(mode="json", exclude_none=True)
    repair.description = home.description or repair.description
    if home.access_needs:
        repair.contact = {**repair.contact, "access_needs": home.access_needs}
    # read anew: while asb was asked, a contractor may have made it safe
    (await queries.of_repairs(session, [reference]))[reference].located_at = now
