"""What officers do with the register of appliances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.repairs import events
from services.repairs.appliances import policy, queries
from services.repairs.appliances.models import Appliance, ApplianceService
from services.repairs.appliances.policy import ApplianceKind, Status, Told
from services.repairs.appliances.schemas import Registration, Removal, Serviced
from services.repairs.policy import DEPARTMENT
from shared.app_state import AppState
from shared.caller import Caller
from shared.casework import instant_of_act, no_earlier, past_instant, promised
from shared.errors import Forbidden, Invalid, MoveNotAllowed
from shared.http.schemas import Channel
from shared.messaging.outbox import record
from shared.references import new_reference
from shared.standards.deadlines import Deadline, deadlines, next_deadline
from shared.standards.periods import civil_date, close_of

# kind, home, and place in the home
Key = tuple[ApplianceKind, str, str]


@dataclass(frozen=True, slots=True)
class Registered:
    """An appliance on the register, and whether it has only now come there."""

    appliance: Appliance
    is_new: bool


async def register(
    session: AsyncSession, resources: AppState, words: Registration, *, by: Caller, now: datetime
) -> Appliance:
    """Put one appliance on the register, whatever else of its kind the home has.

    Raises Forbidden for an officer of another department, and Invalid for a time in the future or a service
    after the registration.
    """
    _must_keep_the_register(by)
    return _put_on(session, resources, words, at=check_times(words, now), by=by, now=now)


def _must_keep_the_register(by: Caller) -> None:
    if DEPARTMENT not in by.departments:
        raise Forbidden("Only officers of the repairs department keep the register.")


def check_times(words: Registration, now: datetime) -> datetime:
    """When the appliance was registered; raises Invalid as `register` does."""
    received_at = past_instant(words.received_at, now, "/received_at")
    if words.last_serviced_on is not None and words.last_serviced_on > civil_date(received_at):
        raise Invalid("This day is after the appliance was registered.", "/last_serviced_on")
    return received_at


async def register_all(
    session: AsyncSession, resources: AppState, lines: Sequence[Registration], *, by: Caller, now: datetime
) -> list[Registered]:
    """Put different appliances on the register, in the order given; what is there already stays as it is.

    Raises Invalid as `register` does, and Forbidden, before anything is written.
    """
    _must_keep_the_register(by)
    received_at = [check_times(words, now) for words in lines]
    await queries.lock_register(session)
    keys = [key_of(words) for words in lines]
    known = await _registered(session, keys)
    found = []
    for key, words, at in zip(keys, lines, received_at, strict=True):
        appliance = known.get(key) or _put_on(session, resources, words, at=at, by=by, now=now)
        found.append(Registered(appliance, is_new=key not in known))
    await session.flush()
    return found


def key_of(words: Registration) -> Key:
    """By what one appliance is told from another when a file is loaded."""
    home = words.property
    place = policy.place_of(words.location)
    return words.kind, policy.home_of(home.uprn, home.address, home.postcode), place


async def _registered(session: AsyncSession, keys: Sequence[Key]) -> dict[Key, Appliance]:
    """What the register has of these; of several with one key the first, which is as good as any."""
    known: dict[Key, Appliance] = {}
    for found in await queries.registered(session, {(kind, home) for kind, home, _ in keys}):
        known.setdefault((ApplianceKind(found.kind), found.home, policy.place_of(found.location)), found)
    return known


def _put_on(
    session: AsyncSession,
    resources: AppState,
    words: Registration,
    *,
    at: datetime,
    by: Caller,
    now: datetime,
) -> Appliance:
    appliance = _new(words, at, by)
    session.add(appliance)
    event = record(session, appliance, _fact(appliance), occurred_at=at, now=now)
    appliance.next_due_at = _next_due(deadlines([event], resources.catalogue, resources.calendar))
    return appliance


def _new(words: Registration, received_at: datetime, by: Caller) -> Appliance:
    kind, home, _ = key_of(words)
    return Appliance(
        reference=new_reference("APP"),
        status=Status.REGISTERED,
        channel=Channel.OFFICER,
        received_at=received_at,
        imported=False,
        department=DEPARTMENT,
        contact={},  # it belongs to a property, and nobody is written to about it but the department
        reported_by=by.subject,
        kind=kind,
        property=words.property.model_dump(mode="json", exclude_none=True),
        home=home,
        location=words.location,
        last_serviced_on=words.last_serviced_on,
    )


def _fact(appliance: Appliance) -> events.ApplianceRegistered:
    last = appliance.last_serviced_on
    return events.ApplianceRegistered(
        kind=appliance.kind,
        department=appliance.department,
        last_serviced_on=last.isoformat() if last else None,
    )


def _next_due(promises: Sequence[Deadline]) -> datetime | None:
    following = next_deadline(promises)
    return following.due_at if following else None


async def record_service(
    session: AsyncSession, resources: AppState, reference: str, words: Serviced, *, by: Caller, now: datetime
) -> Appliance:
    """Record a service; the next is due a year after it.

    The same day told again fills in what was missing of its hour, certificate and notes, and is no event.
    Raises Invalid for a time in the future or before the registration, MoveNotAllowed for what is removed,
    unless it is word for word what is held, and for what contradicts that.
    """
    appliance = await queries.appliance_for_update(session, reference, by)
    at = await _serviced_at(session, appliance, words, now)
    serviced_on = civil_date(at)
    told: Told = {
        "occurred_at": at if words.occurred_at else None,
        "certificate": words.certificate,
        "notes": words.notes,
    }
    held = await queries.service_on(session, appliance.reference, serviced_on)
    if held is not None and held.told == told:
        return appliance
    appliance.check_allows(policy.SERVICES)
    if held is not None:
        _fill_in(appliance, held, told)
        return appliance
    row = ApplianceService(reference=appliance.reference, serviced_on=serviced_on, occurred_at=at)
    row.certificate, row.notes = words.certificate, words.notes
    row.recorded_at, row.recorded_by = now, by.subject
    session.add(row)
    appliance.last_serviced_on = max(serviced_on, appliance.last_serviced_on or date.min)
    record(session, appliance, events.ApplianceServiced(), occurred_at=at, now=now)
    await plan(session, resources, [appliance])
    return appliance


def _fill_in(appliance: Appliance, held: ApplianceService, told: Told) -> None:
    if others := policy.contradicted(held.told, told):
        why = f"A service of this day is already recorded, with other words for its {' and '.join(others)}."
        raise MoveNotAllowed(why, policy.ACTS_ALLOWED[Status(appliance.status)])
    held.occurred_at = told["occurred_at"] or held.occurred_at
    held.certificate = held.certificate or told["certificate"]
    held.notes = held.notes or told["notes"]


async def _serviced_at(
    session: AsyncSession, appliance: Appliance, words: Serviced, now: datetime
) -> datetime:
    """A day without an hour is taken to its end, so that a service on the day of registration is after it."""
    if words.serviced_on is None:
        return await instant_of_act(session, appliance, words.occurred_at, now)
    if words.serviced_on > civil_date(now):
        raise Invalid("This day is in the future.", "/serviced_on")
    end_of_day, received_at = close_of(words.serviced_on), appliance.received_at
    no_earlier(end_of_day, received_at, "the case was received", "/serviced_on")
    return max(min(end_of_day, now), received_at)


async def remove(
    session: AsyncSession, resources: AppState, reference: str, words: Removal, *, by: Caller, now: datetime
) -> Appliance:
    """Take an appliance off the register; nothing more is due on it. Raises as `record_service`."""
    appliance = await queries.appliance_for_update(session, reference, by)
    appliance.check_allows(policy.REMOVAL)
    at = await instant_of_act(session, appliance, words.occurred_at, now)
    appliance.status = Status.REMOVED
    appliance.removed_at, appliance.removed_because = at, words.reason
    record(session, appliance, events.ApplianceRemoved(), occurred_at=at, now=now)
    await plan(session, resources, [appliance])
    return appliance


async def plan(session: AsyncSession, resources: AppState, appliances: Sequence[Appliance]) -> None:
    """Keep with these appliances, whose rows are locked, the dates that the fold of their events gives."""
    promises = await promised(session, resources, [appliance.reference for appliance in appliances])
    for appliance in appliances:
        appliance.next_due_at = _next_due(promises[appliance.reference])
