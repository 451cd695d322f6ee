"""Use cases of the address book: record homes one by one or from a file, and correct how they are spelt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO
from uuid import uuid4

from services.residents import events, queries
from services.residents.models import Home
from services.residents.policy import DEPARTMENT
from services.residents.queries import AddressBook
from services.residents.schemas.properties import NewProperty, PropertiesOut, RefusedLine
from shared.cases import address_book as spellings
from shared.cases.property import Property, reference_key
from shared.cases.registers import Cells, Line, Register, ShownLines
from shared.errors import Conflict, Forbidden, Invalid, Refusal
from shared.http.problems import Problem, problem_of
from shared.work import UnitOfWork

NEEDED = ("address", "postcode")
OPTIONAL = ("uprn", "property_reference", "block", "estate")
HOMES_AT_ONCE = 500  # and in one event
CONTRADICTED = "The UPRN is one home's and the property reference another's; correct those first."


class Outcome(StrEnum):
    """The outcome of a home that was told of."""

    RECORDED = "recorded"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class TwoHomes(Conflict):
    """The UPRN and the reference that were given belong to two different homes."""

    slug = "two-homes"
    title = "The UPRN and the property reference belong to two homes"


async def record(work: UnitOfWork, body: NewProperty) -> Home:
    """Record a home, or correct what is known of it; the same again changes nothing.

    A home is known by either spelling. Raises Forbidden for an officer of another department, TwoHomes where
    the two spellings belong to two homes that contradict each other.
    """
    _must_keep_the_address_book(work)
    await queries.lock_address_book(work)
    known = await queries.address_book(work, [body])
    home, _ = await _recorded(work, known, body)
    await _publish(work, known)
    return home


def _must_keep_the_address_book(work: UnitOfWork) -> None:
    if DEPARTMENT not in work.caller.departments:
        raise Forbidden("Only officers of the residents department keep the address book.")


async def load(work: UnitOfWork, file: IO[bytes]) -> PropertiesOut:
    """Record or correct every home in a CSV file; the same file again changes nothing.

    The columns are address and postcode, uprn or property_reference or both, and if known block and estate.
    Raises Invalid for what is no register at all: another encoding than UTF-8, or other columns.
    """
    _must_keep_the_address_book(work)
    await queries.lock_address_book(work)
    outcomes = dict.fromkeys(Outcome, 0)
    shown = ShownLines[RefusedLine]()
    for batch in Register(NEEDED, OPTIONAL, _read, _keys, _same_as).batches(file, HOMES_AT_ONCE):
        known = await queries.address_book(work, [line.row for line in batch if line.row])
        for line in batch:
            outcome, problem = await _loaded(work, known, line)
            outcomes[outcome] += 1
            if problem is not None:
                shown.add(RefusedLine(line=line.number, problem=problem), is_refused=True)
        await _publish(work, known)
    return PropertiesOut(**{str(outcome): count for outcome, count in outcomes.items()}, lines=shown.lines)


def _read(cells: Cells) -> NewProperty:
    return NewProperty.of_parsed(cells)


def _keys(row: NewProperty) -> Sequence[tuple[str, str]]:
    spelt = {"uprn": row.uprn, "reference": row.property_reference and reference_key(row.property_reference)}
    return [(name, spelling) for name, spelling in spelt.items() if spelling]


def _same_as(first: int) -> Invalid:
    return Invalid(f"Line {first} has a home of the same UPRN or property reference.")


async def _loaded(
    work: UnitOfWork, known: AddressBook, line: Line[NewProperty]
) -> tuple[Outcome, Problem | None]:
    if line.row is None:
        return Outcome.REFUSED, line.problem
    try:
        return (await _recorded(work, known, line.row))[1], None
    except Refusal as refusal:
        return Outcome.REFUSED, problem_of(refusal)


async def _recorded(work: UnitOfWork, known: AddressBook, body: NewProperty) -> tuple[Home, Outcome]:
    """Record or correct a home among those known; raises TwoHomes before anything is changed."""
    by_uprn, by_reference = known.homes(body)
    if by_uprn and by_reference and by_uprn is not by_reference:
        if by_uprn.property_reference or by_reference.uprn:
            raise TwoHomes(CONTRADICTED)
        await _merge(work, known, by_reference, into=by_uprn)
    home = by_uprn or by_reference
    if home is None:
        return _new(work, known, body, body.block, body.estate), Outcome.RECORDED
    told = {name: getattr(body, name) for name in ("address", "postcode", "block", "estate")}
    changes = {name: said for name, said in told.items() if said and said != getattr(home, name)}
    for name, said in changes.items():
        setattr(home, name, said)
    if not _spell(known, home, body) and not changes:
        return home, Outcome.UNCHANGED
    await work.session.flush()  # one by one: the next may get the spelling that this one has lost
    return home, Outcome.CORRECTED


async def _merge(work: UnitOfWork, known: AddressBook, gone: Home, *, into: Home) -> None:
    """Take two homes for one, of which each was known by one spelling alone."""
    await queries.move_tenancies(work, gone, into)
    known.forget(gone)
    await work.session.delete(gone)
    await work.session.flush()


def _new(
    work: UnitOfWork, known: AddressBook, body: Property, block: str | None = None, estate: str | None = None
) -> Home:
    where = {"address": body.address, "postcode": body.postcode, "block": block, "estate": estate}
    home = Home(id=str(uuid4()), **where)
    work.add(home)
    _spell(known, home, body)
    return home


def _spell(known: AddressBook, home: Home, body: Property) -> bool:
    """Give a home the spellings that are told; False if it has them already."""
    before = home.uprn, home.property_reference
    spelt = body.uprn or home.uprn, body.property_reference or home.property_reference
    if spelt == before:
        return False
    home.spell(*spelt)
    known.note(home)
    return True


@dataclass(slots=True)
class TheAddressBook:
    """The address book as something with a history of its own."""

    reference: str
    version: int


async def _publish(work: UnitOfWork, known: AddressBook) -> None:
    """Publish what has changed; this service knows it at once, the others when the event reaches them."""
    await work.session.flush()
    if known.changed:
        await _tell(work, list(known.changed.values()))


async def _tell(work: UnitOfWork, properties: Sequence[Mapping[str, str]]) -> None:
    book = TheAddressBook(queries.ADDRESS_BOOK, await queries.latest_change(work))
    told = work.record(book, events.PropertiesRecorded(properties=properties))
    await spellings.take_in(work, [told])
    await work.store_recorded()


async def announce(work: UnitOfWork) -> int:
    """Publish the spellings of every home again, for a service that came later; returns how many there are.

    Raises Forbidden for an officer of another department.
    """
    _must_keep_the_address_book(work)
    await queries.lock_address_book(work)
    count, after = 0, ""
    while homes := await queries.homes_after(work, after, HOMES_AT_ONCE):
        await _tell(work, [home.spelling for home in homes])
        count, after = count + len(homes), homes[-1].id
    return count


async def find_or_record(work: UnitOfWork, body: Property) -> Home:
    """The home of a new tenancy, recorded if it is in no address book yet.

    What is known of a home is not corrected by the way. Raises TwoHomes where its spellings are two homes'.
    """
    found = _found(await queries.address_book(work, [body]), body)
    if found is not None:
        return found
    await queries.lock_address_book(work)
    known = await queries.address_book(work, [body])
    home = _found(known, body) or _new(work, known, body)
    await _publish(work, known)
    return home


def _found(known: AddressBook, body: Property) -> Home | None:
    by_uprn, by_reference = known.homes(body)
    if by_uprn and by_reference and by_uprn is not by_reference:
        raise TwoHomes(CONTRADICTED)
    return by_uprn or by_reference
