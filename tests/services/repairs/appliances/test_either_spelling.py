"""A home on the register is one, by its UPRN or by the council's own reference."""

from shared.cases import address_book
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.clocks import SteppedClock
from tests.services.repairs.appliances.registering import loaded, on_the_register
from tests.shared.cases.spellings import told
from tests.support.in_process import InProcess

HEADING = "kind,address,postcode,uprn,property_reference\n"
BY_REFERENCE = HEADING + "heating,1 High Street,RM1 1AA,,A-1\n"
BY_UPRN = HEADING + "heating,1 High St,RM1 1AA,0010,\n"


async def test_a_boiler_is_registered_once_however_its_home_is_spelt(
    services: InProcess, stepped: SteppedClock, callers: Callers
) -> None:
    """Also where the address book tells of the other spelling only after it was registered."""
    state = await services.state("repairs", stepped)
    repairs, officer = await services.serve(state), callers.officer()
    [first] = (await loaded(repairs, officer, BY_REFERENCE))["lines"]
    async with unit_of_work(state) as work:
        await address_book.take_in(work, [told(1, {"id": "a", "uprn": "10", "property_reference": "a-1"})])
    for file in (BY_UPRN, BY_REFERENCE.replace("A-1", "0a-1")):
        [line] = (await loaded(repairs, officer, file))["lines"]
        assert (line["outcome"], line["reference"]) == ("already_registered", first["reference"])
    both = BY_UPRN.replace("heating", "smoke_alarm") + "smoke_alarm,1 High Street,RM1 1AA,,A-1\n"
    outcomes = [line["outcome"] for line in (await loaded(repairs, officer, both))["lines"]]
    assert outcomes == ["registered", "already_registered"]
    for spelling in ({"uprn": "10"}, {"property_reference": "A-1"}):
        assert len(await on_the_register(repairs, officer, **spelling)) == 2
