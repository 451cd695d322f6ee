"""Bulk import of the register of appliances from a CSV file.

The columns are kind, address and postcode, and if known uprn, property_reference, location and
last_serviced_on.
"""

from collections.abc import Iterator
from typing import IO

from services.repairs.appliances import service
from services.repairs.appliances.schemas import LineOut, Outcome, RegisterOut, Registration
from services.repairs.appliances.service import Registered
from shared.cases.registers import Cells, Line, Register, iso_day
from shared.errors import Invalid
from shared.text import compared
from shared.work import UnitOfWork

NEEDED = ("kind", "address", "postcode")
HOME = ("uprn", "property_reference", "address", "postcode")


async def load(work: UnitOfWork, file: IO[bytes]) -> RegisterOut:
    """Register every appliance in the file that is not there yet; the same file again registers none.

    Raises Invalid for what is no register at all: another encoding than UTF-8, or other columns.
    """

    def read(cells: Cells) -> Registration:
        registration = _registration(cells)
        service.check_times(work, registration)
        return registration

    columns = ("uprn", "property_reference", "location", "last_serviced_on")
    register = Register(NEEDED, columns, read, service.keys_of, _same_as)
    answers: list[LineOut] = []
    for batch in register.batches(file):
        registered = iter(await service.register_all(work, [line.row for line in batch if line.row]))
        answers += [_answer(line, registered) for line in batch]
    return RegisterOut.of(answers)


def _registration(cells: Cells) -> Registration:
    home = {name: cells[name] for name in HOME if name in cells}
    told = {"kind": compared(cells.get("kind", "")), "location": cells.get("location")}
    day = iso_day(cells.get("last_serviced_on"))
    return Registration.of_parsed({**told, "property": home, "last_serviced_on": day})


def _same_as(first: int) -> Invalid:
    """Refuse a line if nothing tells its appliance from that of an earlier line."""
    return Invalid(
        f"Line {first} has the same kind at the same home and place; if there are two, "
        "a `location` for each would tell them apart.",
        "/location",
    )


def _answer(line: Line[Registration], registered: Iterator[Registered]) -> LineOut:
    if line.row is None:
        return LineOut(line=line.number, outcome=Outcome.REFUSED, problem=line.problem)
    found = next(registered)
    outcome = Outcome.REGISTERED if found.is_new else Outcome.ALREADY_REGISTERED
    note = _note(line.row, found)
    return LineOut(line=line.number, outcome=outcome, reference=found.appliance.reference, note=note)


def _note(registration: Registration, found: Registered) -> str | None:
    """A note of the day that the line gives and the register does not, so that it is not lost in silence."""
    held = found.appliance.last_serviced_on
    if registration.last_serviced_on in (None, held):
        return None
    return f"The register has {held or 'no day'} as its last service; record a later one as a service."
