"""Bulk import of the register of appliances from a CSV file.

The columns are kind, address and postcode, and if known uprn, property_reference, location and
last_serviced_on.
"""

from collections import Counter
from collections.abc import Iterator
from typing import IO

from services.repairs.appliances import service
from services.repairs.appliances.schemas import LineOut, Outcome, RegisterOut, Registration
from services.repairs.appliances.service import Registered
from shared.cases.registers import Cells, Line, Register, ShownLines, iso_day
from shared.errors import Invalid
from shared.text import compared
from shared.work import UnitOfWork

NEEDED = ("kind", "address", "postcode")
HOME = ("uprn", "property_reference", "address", "postcode")


async def load(work: UnitOfWork, file: IO[bytes]) -> RegisterOut:
    """Register every appliance in the file that is not there yet, and record later services of the others.

    The same file again changes nothing.

    Raises Invalid for what is no register at all: another encoding than UTF-8, or other columns.
    """

    def read(cells: Cells) -> Registration:
        registration = _registration(cells)
        service.check_times(work, registration)
        return registration

    columns = ("uprn", "property_reference", "location", "last_serviced_on")
    register = Register(NEEDED, columns, read, service.keys_of, _same_as)
    shown, outcomes = ShownLines[LineOut](), Counter[Outcome]()
    for batch in register.batches(file):
        rows = [line.row for line in batch if line.row]
        registered = iter(await service.register_all(work, rows))
        for answer in (_answer(line, registered) for line in batch):
            outcomes[answer.outcome] += 1
            shown.add(answer, is_refused=answer.outcome is Outcome.REFUSED)
    return RegisterOut.of(outcomes, shown.lines)


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
    """A note of what became of the day that the line gives, so that it is not lost in silence."""
    told, held = registration.last_serviced_on, found.appliance.last_serviced_on
    if found.was_serviced:
        return f"Its service on {told} is recorded; the next is due a year after it."
    if told in (None, held):
        return None
    return f"The register has a later service, on {held}: that of {told} changes nothing."
