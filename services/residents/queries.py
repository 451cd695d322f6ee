"""Questions about tenancies, households and the address book."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import ColumnElement, func, or_, select, tuple_, update

from services.residents.models import (
    NOT_ENDED,
    Home,
    Read,
    Referral,
    Tenancy,
    Welfare,
    WelfareRead,
    WelfareReferral,
)
from services.residents.schemas.properties import PropertySearch
from services.residents.schemas.tenancies import TenancyFilters
from services.residents.schemas.welfare import WelfareFilters
from shared.cases import queries as cases
from shared.cases.access import visible_to
from shared.cases.property import reference_key
from shared.cases.reads import REPLAYED, note_reads, reads_of
from shared.cases.registers import one_at_a_time
from shared.db.tables import events
from shared.errors import NotFound
from shared.http.paging import PageRequest
from shared.standards.periods import civil_date
from shared.text import canonical_postcode
from shared.work import UnitOfWork

ADDRESS_BOOK = "address-book"
ADDRESS_BOOK_LOCK = 7_310_441
NO_SUCH_HOME = "There is no such home in the address book."


async def tenancy(work: UnitOfWork, reference: str) -> Tenancy:
    """A tenancy that the caller sees; raises NotFound."""
    return await cases.get(work, Tenancy, reference, visible_to(Tenancy, work.caller))


async def note_replay(work: UnitOfWork, reference: str) -> None:
    """Note that the caller is shown a stored answer about a tenancy again."""
    note_reads(work, Read, [reference], REPLAYED)


async def note_welfare_replay(work: UnitOfWork, reference: str) -> None:
    """Note that the caller is shown a stored answer about a worry again."""
    note_reads(work, WelfareRead, [reference], REPLAYED)


async def tenancy_of_attachments(work: UnitOfWork, reference: str) -> Tenancy:
    """A tenancy whose photos the caller reads, which is noted as every reading is; raises NotFound."""
    found = await tenancy(work, reference)
    note_reads(work, Read, [found.reference], "read its attachments")
    return found


async def tenancy_for_update(work: UnitOfWork, reference: str) -> Tenancy:
    """A tenancy that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Tenancy, reference, visible_to(Tenancy, work.caller))


async def locked(work: UnitOfWork, reference: str) -> Tenancy:
    """A tenancy of our own finding, locked; raises NotFound."""
    return await cases.get_for_update(work, Tenancy, reference)


async def referred(work: UnitOfWork, complaints: Collection[str]) -> set[str]:
    """The complaints of these whose request is known here."""
    query = select(Referral.complaint).where(Referral.complaint.in_(complaints))
    return set(await work.session.scalars(query))


async def tenancies(
    work: UnitOfWork, filters: TenancyFilters, page: PageRequest
) -> tuple[Sequence[Tenancy], str | None]:
    """A page of the tenancies that the caller sees, and the cursor of the next; raises Invalid."""
    return await cases.listed(work, Tenancy, filters, page, *cases.at_property(Tenancy, filters))


async def reads(work: UnitOfWork, reference: str, page: PageRequest) -> tuple[Sequence[Read], str | None]:
    """A page of the reads of a tenancy that the caller sees, the latest first; raises NotFound."""
    return await reads_of(work, Read, (await tenancy(work, reference)).reference, page)


async def lock_address_book(work: UnitOfWork) -> None:
    """Let one change of the address book at a time, so that no home is recorded twice."""
    await one_at_a_time(work, ADDRESS_BOOK_LOCK)


class Spelt(Protocol):
    """Whatever names a home by its UPRN, the council's own reference, or both."""

    @property
    def uprn(self) -> str | None: ...
    @property
    def property_reference(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Some homes, found by either spelling; `changed` are those spelt otherwise now, by id."""

    by_uprn: dict[str | None, Home]
    by_key: dict[str | None, Home]
    changed: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def homes(self, wanted: Spelt) -> tuple[Home | None, Home | None]:
        """The home with that UPRN, and the home with that reference."""
        reference = wanted.property_reference
        by_key = self.by_key.get(reference_key(reference)) if reference else None
        return self.by_uprn.get(wanted.uprn) if wanted.uprn else None, by_key

    def note(self, home: Home) -> None:
        """Find a home by the spellings that it has from now on."""
        for found in (self.by_uprn, self.by_key):
            for spelling in [spelling for spelling, known in found.items() if known is home]:
                del found[spelling]
        self.by_uprn[home.uprn], self.by_key[home.reference_key] = home, home
        self.changed[home.id] = home.spelling

    def forget(self, home: Home) -> None:
        """Note that a home was found to be another one."""
        self.changed[home.id] = {"id": home.id}


async def address_book(work: UnitOfWork, wanted: Sequence[Spelt]) -> AddressBook:
    """The homes that any of these properties may be."""
    return _book((await work.session.scalars(select(Home).where(_is_any_of(wanted)))).all())


async def households(work: UnitOfWork, wanted: Sequence[Spelt]) -> list[list[Tenancy]]:
    """The tenancies of each home that have begun and not ended, the earliest first."""
    query = select(Tenancy, Home).join(Home, Tenancy.home == Home.id).where(_is_any_of(wanted), NOT_ENDED)
    begun = query.where(Tenancy.started_on <= civil_date(work.now))
    rows = (await work.session.execute(begun.order_by(Tenancy.received_at, Tenancy.reference))).all()
    book = _book(home for _, home in rows)
    homes = [book.homes(each) for each in wanted]
    return [[tenancy for tenancy, home in rows if home in either] for either in homes]


async def others_at_home(work: UnitOfWork, tenancy: Tenancy) -> Sequence[Tenancy]:
    """The other tenancies of its home that have not ended."""
    query = select(Tenancy).where(Tenancy.home == tenancy.home, NOT_ENDED)
    return (await work.session.scalars(query.where(Tenancy.reference != tenancy.reference))).all()


def _book(homes: Iterable[Home]) -> AddressBook:
    found = list(homes)
    return AddressBook({home.uprn: home for home in found}, {home.reference_key: home for home in found})


def _is_any_of(wanted: Sequence[Spelt]) -> ColumnElement[bool]:
    uprns = [each.uprn for each in wanted if each.uprn]
    keys = [reference_key(each.property_reference) for each in wanted if each.property_reference]
    return or_(Home.uprn == func.any(uprns), Home.reference_key == func.any(keys))


async def homes_after(work: UnitOfWork, id: str, limit: int) -> Sequence[Home]:
    """Some of all homes, in the order of their ids."""
    return (await work.session.scalars(select(Home).where(Home.id > id).order_by(Home.id).limit(limit))).all()


async def latest_change(work: UnitOfWork) -> int:
    """The sequence of the latest event of the address book, which is locked."""
    query = select(func.max(events.c.sequence)).where(events.c.reference == ADDRESS_BOOK)
    return await work.session.scalar(query) or 0


async def home(work: UnitOfWork, id: str) -> Home:
    """A home in the address book; raises NotFound."""
    found = await work.session.get(Home, id)
    if found is None:
        raise NotFound(NO_SUCH_HOME)
    return found


async def move_tenancies(work: UnitOfWork, gone: Home, stays: Home) -> None:
    """Give the tenancies of a home to the one that it was found to be."""
    await work.session.execute(update(Tenancy).where(Tenancy.home == gone.id).values(home=stays.id))


async def homes(
    work: UnitOfWork, search: PropertySearch, page: PageRequest
) -> tuple[Sequence[Home], str | None]:
    """A page of the address book in order of postcode, and the cursor of the next."""
    query = select(Home).where(*_searched(search))
    if (after := page.after(2)) is not None:
        query = query.where(tuple_(Home.postcode, Home.id) > tuple_(*after))
    ordered = query.order_by(Home.postcode, Home.id).limit(page.limit + 1)
    return page.cut((await work.session.scalars(ordered)).all(), lambda row: (row.postcode, row.id))


def _searched(search: PropertySearch) -> Iterator[ColumnElement[bool]]:
    if search.uprn is not None:
        yield Home.uprn == search.uprn.lstrip("0")
    if search.property_reference is not None:
        yield Home.reference_key == reference_key(search.property_reference)
    if search.postcode is not None:
        yield Home.postcode == (canonical_postcode(search.postcode) or search.postcode)


async def welfare(work: UnitOfWork, reference: str) -> Welfare:
    """A worry that the caller sees; raises NotFound."""
    return await cases.get(work, Welfare, reference, visible_to(Welfare, work.caller))


async def welfare_for_update(work: UnitOfWork, reference: str) -> Welfare:
    """A worry that the caller may act on, locked; raises NotFound and StaleVersion."""
    return await cases.get_for_update(work, Welfare, reference, visible_to(Welfare, work.caller))


async def welfare_cases(
    work: UnitOfWork, filters: WelfareFilters, page: PageRequest
) -> tuple[Sequence[Welfare], str | None]:
    """A page of the worries that the caller sees, and the cursor of the next; raises Invalid."""
    return await cases.listed(work, Welfare, filters, page, *cases.at_property(Welfare, filters))


async def welfare_made_from(work: UnitOfWork, issues: Collection[str]) -> dict[str, Welfare]:
    """The worries that these problems became, by the problem, locked."""
    query = select(WelfareReferral.issue, Welfare).join(
        Welfare, Welfare.reference == WelfareReferral.reference
    )
    query = query.where(WelfareReferral.issue.in_(issues)).order_by(Welfare.reference)
    return {row[0]: row[1] for row in await work.session.execute(query.with_for_update(of=Welfare))}
