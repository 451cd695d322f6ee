"""Use cases of the register of appliances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.repairs import events
from services.repairs.appliances import policy, queries
from services.repairs.appliances.models import Appliance, ApplianceService
from services.repairs.appliances.policy import FOLLOWS, LIFECYCLE, Action, ApplianceStatus, Situation, Told
from services.repairs.appliances.schemas import Registration, Removal, Serviced
from services.repairs.case.policy import DEPARTMENT
from services.repairs.events.values import ApplianceKind
from shared.cases import contact
from shared.cases.acts import check
from shared.cases.address_book import spelt_both_ways
from shared.cases.contact import ContactCorrection
from shared.cases.deadlines import deadlines_of
from shared.cases.property import reference_key
from shared.cases.schemas import Channel
from shared.cases.times import act_now, in_order, past_instant
from shared.errors import Forbidden, Invalid, MoveNotAllowed
from shared.references import new_reference
from shared.standards.deadlines import next_deadline
from shared.standards.periods import civil_date, close_of
from shared.work import UnitOfWork

Key = tuple[ApplianceKind, str, str]
"""The identity of an appliance in a file: its kind, home, and place in the home."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An appliance on the register; `is_new` if it has only now come there.

    `was_serviced` if it was there, and was serviced since: its last service is another now.
    """

    appliance: Appliance
    is_new: bool
    was_serviced: bool = False


async def register(work: UnitOfWork, body: Registration) -> Appliance:
    """Put one appliance on the register, whatever else of its kind the home has.

    Raises Forbidden for an officer of another department, and Invalid for a time in the future or a service
    after the registration.
    """
    _must_keep_the_register(work)
    at = check_times(work, body)
    [[key, *_]] = await _keys(work, [body])
    appliance = _put_on(work, body, key, at=at)
    await plan(work, [appliance])
    return appliance


def _must_keep_the_register(work: UnitOfWork) -> None:
    if DEPARTMENT not in work.caller.departments:
        raise Forbidden("Only officers of the repairs department keep the register.")


def check_times(work: UnitOfWork, body: Registration) -> datetime:
    """The instant of a registration; raises Invalid as `register` does."""
    received_at = past_instant(work, body.received_at, "/received_at")
    if body.last_serviced_on is not None and body.last_serviced_on > civil_date(received_at):
        raise Invalid("This day is after the appliance was registered.", "/last_serviced_on")
    return received_at


async def register_all(work: UnitOfWork, registrations: Sequence[Registration]) -> list[Registered]:
    """Put different appliances on the register, in the order given.

    Of what is there already a later day of service is recorded, and nothing else changes. Raises Invalid as
    `register` does, and Forbidden, before anything is written.
    """
    _must_keep_the_register(work)
    received_at = [check_times(work, each) for each in registrations]
    # also where every line of a batch was refused: a transaction that is silent for long is ended
    await queries.lock_register(work)
    if not registrations:
        return []
    keys_of_each = await _keys(work, registrations)
    known = await _registered(work, [key for keys in keys_of_each for key in keys])
    found = []
    for keys, each, at in zip(keys_of_each, registrations, received_at, strict=True):
        there = next((known[key] for key in keys if key in known), None)
        appliance = there or _put_on(work, each, keys[0], at=at)
        known[keys[0]] = appliance  # the next line may spell this home otherwise
        serviced_on = each.last_serviced_on if there is not None else None
        found.append(Registered(appliance, there is None, await _was_serviced(work, appliance, serviced_on)))
    await plan(work, [each.appliance for each in found if each.is_new or each.was_serviced])
    await work.session.flush()
    return found


async def _was_serviced(work: UnitOfWork, appliance: Appliance, day: date | None) -> bool:
    """Record the service of a day that is later than the last on the register; tell whether it is."""
    if not _is_later(day, appliance):
        return False
    await queries.lock(work, appliance)  # somebody may be recording a service of it
    if day is None or not _is_later(day, appliance):
        return False
    body = Serviced(serviced_on=day, certificate=None)
    _add_service(work, appliance, body, _end_of(day, work, appliance))
    return True


def _is_later(day: date | None, appliance: Appliance) -> bool:
    return day is not None and day > (appliance.last_serviced_on or date.min)


def keys_of(body: Registration, home: Mapping[str, Any] | None = None) -> list[Key]:
    """The identities under which an appliance may be on the register, at its home as `home` spells it."""
    home = home or body.property.model_dump()
    reference = home["property_reference"]
    key = reference_key(reference) if reference else None
    identities = policy.homes_of(home["uprn"], key, home["address"], home["postcode"])
    return [(body.kind, identity, policy.place_of(body.location)) for identity in identities]


async def _keys(work: UnitOfWork, registrations: Sequence[Registration]) -> list[list[Key]]:
    """The identities of appliances, whose homes the address book may know by a spelling that they lack."""
    homes = await spelt_both_ways(work, [each.property.model_dump() for each in registrations])
    return [keys_of(each, home) for each, home in zip(registrations, homes, strict=True)]


async def _registered(work: UnitOfWork, keys: Sequence[Key]) -> dict[Key, Appliance]:
    """The appliances at these homes that are on the register; of several with one key the first."""
    known: dict[Key, Appliance] = {}
    for found in await queries.registered(work, {home for _, home, _ in keys}):
        known.setdefault((ApplianceKind(found.kind), found.home, policy.place_of(found.location)), found)
    return known


def _put_on(work: UnitOfWork, body: Registration, key: Key, *, at: datetime) -> Appliance:
    """A new appliance, added to the unit of work; its next date is still to be planned."""
    kind, home, _ = key
    appliance = Appliance(
        reference=new_reference("APP"),
        status=ApplianceStatus.REGISTERED,
        channel=Channel.OFFICER,
        received_at=at,
        imported=False,
        department=DEPARTMENT,
        contact={},  # it belongs to a property, and nobody is written to about it but the department
        reported_by=work.caller.identity,
        kind=kind,
        property=body.property.model_dump(mode="json", exclude_none=True),
        home=home,
        location=body.location,
        last_serviced_on=body.last_serviced_on,
    )
    work.session.add(appliance)
    work.record(appliance, _fact(appliance), at=at)
    return appliance


def _fact(appliance: Appliance) -> events.ApplianceRegistered:
    last = appliance.last_serviced_on
    return events.ApplianceRegistered(
        kind=appliance.kind,
        department=appliance.department,
        last_serviced_on=last.isoformat() if last else None,
    )


async def record_service(work: UnitOfWork, reference: str, body: Serviced) -> Appliance:
    """Record a service, also one from before the registration; the next is due a year after the latest.

    The same day reported again fills in what was missing of its hour, certificate and notes, and is no event.
    Raises Invalid for a time in the future, MoveNotAllowed for what is removed, unless it is word for word
    what is held, and for what contradicts that.
    """
    appliance = await queries.appliance_for_update(work, reference)
    at = await _serviced_at(work, appliance, body)
    told: Told = {
        "occurred_at": at if body.occurred_at else None,
        "certificate": body.certificate,
        "notes": body.notes,
    }
    held = await queries.service_on(work, appliance.reference, civil_date(at))
    if held is not None and held.told == told:
        return appliance
    check(LIFECYCLE, Action.SERVICES, Situation(status=ApplianceStatus(appliance.status)))
    if held is not None:
        _fill_in(held, told)
    else:
        _add_service(work, appliance, body, at)
        await plan(work, [appliance])
    return appliance


def _fill_in(held: ApplianceService, told: Told) -> None:
    if others := policy.contradicted(held.told, told):
        raise MoveNotAllowed(
            f"A service of this day is already recorded, with other words for its {' and '.join(others)}."
        )
    held.occurred_at = told["occurred_at"] or held.occurred_at
    held.certificate = held.certificate or told["certificate"]
    held.notes = held.notes or told["notes"]


def _add_service(work: UnitOfWork, appliance: Appliance, body: Serviced, at: datetime) -> None:
    serviced_on = civil_date(at)
    row = ApplianceService(reference=appliance.reference, serviced_on=serviced_on, occurred_at=at)
    row.certificate, row.notes = body.certificate, body.notes
    row.recorded_at, row.recorded_by = work.now, work.caller.subject
    work.session.add(row)
    appliance.last_serviced_on = max(serviced_on, appliance.last_serviced_on or date.min)
    work.record(appliance, events.ApplianceServiced(), at=at)


async def _serviced_at(work: UnitOfWork, appliance: Appliance, body: Serviced) -> datetime:
    """The instant of a service; raises Invalid for one in the future."""
    if body.serviced_on is not None:
        if body.serviced_on > civil_date(work.now):
            raise Invalid("This day is in the future.", "/serviced_on")
        return _end_of(body.serviced_on, work, appliance)
    if body.occurred_at is None:
        return await act_now(work, appliance)
    at, received_at = past_instant(work, body.occurred_at, "/occurred_at"), appliance.received_at
    # callers tell times to the second, we note a fraction
    return max(at, received_at) if at >= received_at.replace(microsecond=0) else at


def _end_of(day: date, work: UnitOfWork, appliance: Appliance) -> datetime:
    """The instant of a service on a day without an hour: its end, so that one on the day of registration
    is after it.
    """
    at = min(close_of(day), work.now)
    return at if day < civil_date(appliance.received_at) else max(at, appliance.received_at)


async def remove(work: UnitOfWork, reference: str, body: Removal) -> Appliance:
    """Take an appliance off the register; nothing more is due on it.

    Raises Invalid for a time in the future, before the registration or its latest service, MoveNotAllowed if
    it is removed already.
    """
    appliance = await queries.appliance_for_update(work, reference)
    check(LIFECYCLE, Action.REMOVAL, Situation(status=ApplianceStatus(appliance.status)))
    at = await in_order(work, appliance, body, FOLLOWS[Action.REMOVAL])
    appliance.status = ApplianceStatus.REMOVED
    appliance.removed_at, appliance.removed_because = at, body.reason
    work.record(appliance, events.ApplianceRemoved(), at=at)
    await plan(work, [appliance])
    return appliance


async def correct_contact(work: UnitOfWork, reference: str, body: ContactCorrection) -> Appliance:
    """Correct whom to tell about an appliance; at first it is nobody."""
    appliance = await queries.appliance_for_update(work, reference)
    await contact.correct(work, appliance, body, events.ContactCorrected())
    return appliance


async def plan(work: UnitOfWork, appliances: Sequence[Appliance]) -> None:
    """Keep with these appliances, new or with their rows locked, the next dates that their events give."""
    promises = await deadlines_of(work, [appliance.reference for appliance in appliances])
    for appliance in appliances:
        following = next_deadline(promises[appliance.reference])
        appliance.next_due_at = following.due_at if following else None
