"""Bulk import of the register of sites from a CSV file.

The columns are name, kind and address, and if known caretaker, caretaker_subject, walking_order, landings and
received_at, from which the cycles count.
"""

from collections.abc import Sequence
from typing import IO, Any

from services.estates.models import Site
from services.estates.queries import sites as queries
from services.estates.schemas.site_answers import LoadedLine, SitesLoaded
from services.estates.schemas.sites import NewSite
from services.estates.service.sites import check_keeps_register, key_of, register
from shared.cases.registers import Cells, Line, Register, ShownLines
from shared.errors import Invalid, Refusal
from shared.http.problems import problem_of
from shared.text import compared
from shared.work import UnitOfWork

NEEDED = ("name", "kind", "address")
OPTIONAL = ("caretaker", "caretaker_subject", "walking_order", "landings", "received_at")
NUMBERS = ("walking_order", "landings")
KINDS_WRITTEN = str.maketrans(" -", "__")


async def load(work: UnitOfWork, file: IO[bytes]) -> SitesLoaded:
    """Register every site in the file that is not there yet; the same file again registers none.

    Raises Forbidden for an officer of another department, Invalid for what is no register at all: another
    encoding than UTF-8, or other columns.
    """
    check_keeps_register(work)
    await queries.lock_register(work)
    new = 0
    shown = ShownLines[LoadedLine]()
    for batch in Register(NEEDED, OPTIONAL, _read, _keys, _same_as).batches(file):
        known = await queries.registered_as(work, [key_of(line.row) for line in batch if line.row])
        for line in batch:
            loaded = await _loaded(work, line, known)
            shown.add(loaded, is_refused=loaded.problem is not None)
            new += loaded.is_new
        await work.session.flush()
        await work.store_recorded()
    counts = {"registered": new, "known": shown.loaded - new, "refused": shown.refused}
    return SitesLoaded(**counts, lines=shown.lines)


def _read(cells: Cells) -> NewSite:
    told: dict[str, Any] = {name: said for name, said in cells.items() if not name.startswith("caretaker")}
    told["kind"] = compared(cells.get("kind", "")).translate(KINDS_WRITTEN)
    told |= {name: int(told[name]) for name in NUMBERS if told.get(name, "").isdecimal()}
    if "caretaker" in cells or "caretaker_subject" in cells:
        told["caretaker"] = {"name": cells.get("caretaker"), "subject": cells.get("caretaker_subject")}
    return NewSite.of_parsed(told)


def _keys(row: NewSite) -> Sequence[str]:
    return [key_of(row)]


def _same_as(first: int) -> Invalid:
    return Invalid(f"Line {first} has a site of the same name and address.", "/name")


async def _loaded(work: UnitOfWork, line: Line[NewSite], known: dict[str, Site]) -> LoadedLine:
    if line.row is None:
        return LoadedLine(line=line.number, problem=line.problem)
    if (earlier := known.get(key_of(line.row))) is not None:
        return LoadedLine(line=line.number, reference=earlier.reference)
    try:
        site = await register(work, line.row)
    except Refusal as refusal:  # a date in the future
        return LoadedLine(line=line.number, problem=problem_of(refusal))
    return LoadedLine(line=line.number, reference=site.reference, is_new=True)
