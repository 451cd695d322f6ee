"""The repairs guide of section 6: every fault and its priority; how long it takes, the standards say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.repairs.events import RepairReported
from shared.standards.catalogue import Catalogue
from shared.standards.rows import Standard

EMERGENCY, URGENT, ROUTINE = 1, 2, 3
DRAIN = "blocked-or-leaking-drain"


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the repairs guide."""

    code: str
    words: str
    priority: int
    in_summer: int | None = None
    with_another_toilet: int | None = None


GUIDE = {
    fault.code: fault
    for fault in (
        Fault("total-loss-of-water", "No water at all", EMERGENCY),
        Fault("total-loss-of-electricity", "No electricity at all", EMERGENCY),
        Fault(
            "unsafe-electrical-fitting", "A socket, light or electrical fitting that is not safe", EMERGENCY
        ),
        Fault("loss-of-gas", "No gas, or not enough of it", EMERGENCY),
        Fault("blocked-flue", "A blocked flue to an open fire or boiler", EMERGENCY),
        Fault(
            DRAIN,
            "A blocked or leaking foul drain, soil stack or toilet pan",
            EMERGENCY,
            with_another_toilet=ROUTINE,
        ),
        Fault("toilet-not-flushing", "A toilet that will not flush", EMERGENCY, with_another_toilet=ROUTINE),
        Fault("leaking-water-or-heating-pipe", "A leaking water or heating pipe, tank or cistern", EMERGENCY),
        Fault(
            "insecure-window-door-or-lock", "An outside window, door or lock that is not secure", EMERGENCY
        ),
        Fault(
            "loss-of-heating-or-hot-water",
            "No heating or hot water, or too little",
            EMERGENCY,
            in_summer=URGENT,
        ),
        Fault("partial-loss-of-electricity", "Some of the electricity is off", URGENT),
        Fault("partial-loss-of-water", "Some of the water is off", URGENT),
        Fault("blocked-sink-bath-basin-or-shower", "A blocked sink, bath, basin or shower", URGENT),
        Fault("tap-not-turning", "A tap that will not turn", URGENT),
        Fault("loose-banister-or-handrail", "A loose or broken banister or handrail", URGENT),
        Fault("rotten-floor-or-stairs", "Rotten wooden flooring or stairs", URGENT),
        Fault("broken-door-entry-phone", "A broken door-entry phone", URGENT),
        Fault("frames-and-doors", "Inside doors and door frames", ROUTINE),
        Fault("worktops-and-sink-tops", "Worktops and sink tops", ROUTINE),
        Fault("window-frames", "Window frames", ROUTINE),
        Fault("extractor-fan", "A broken kitchen or bathroom extractor fan", ROUTINE),
        Fault("leaking-roof", "A leaking roof", ROUTINE),
        Fault("other", "Any other repair that is the council's to do", ROUTINE),
    )
}

NO_PROMISE = "We have promised no time for this."


def is_summer(day: date) -> bool:
    """Tell whether heating is a three-day matter: 1 May to 31 October, by the London date of the report.

    The guide says "between 31 October and 1 May" and "between 30 April and 1 November"; read
    exclusively, the two meet without a gap or an overlap.
    """
    return (5, 1) <= (day.month, day.day) <= (10, 31)


def priority_of(
    fault: Fault, day: date, other_working_toilet: bool | None, at_toilet_pan: bool | None = None
) -> int:
    """The priority the guide gives a fault reported on that London date.

    Unless the report says that another toilet works, the home is taken to have none. A drain waits for
    another toilet only where it is a toilet's, as one that is said to have another is; foul water from any
    other drain is an emergency in a home with ten toilets.
    """
    is_a_toilets = fault.code != DRAIN or at_toilet_pan is not False
    if other_working_toilet and is_a_toilets and fault.with_another_toilet is not None:
        return fault.with_another_toilet
    if fault.in_summer is not None and is_summer(day):
        return fault.in_summer
    return fault.priority


def council_promises(catalogue: Catalogue, fault: Fault, priority: int, day: date) -> list[Standard]:
    """The council's own promises about a fault reported at that priority, in the versions of that day."""
    facts = {"fault": fault.code, "priority": priority}
    return [
        row
        for row in catalogue.starting(RepairReported.type)
        if row.is_in_force(day) and not (row.regime.statutory or row.regime.for_staff)
        if any(start.event == RepairReported.type and start.fits(facts) for start in row.starts_on)
    ]


def how_long(promises: Iterable[Standard]) -> str:
    """The promises as their file words them."""
    return " ".join(row.said() for row in promises) or NO_PROMISE


def exception_of(catalogue: Catalogue, fault: Fault, day: date) -> str | None:
    """The exception that makes it less urgent than by the guide, in plain words; None if there is none."""
    if fault.with_another_toilet is None:
        return None
    where = "At a toilet pan, where" if fault.code == DRAIN else "Where"
    promises = council_promises(catalogue, fault, fault.with_another_toilet, day)
    return f"{where} another toilet in the home works: {how_long(promises)}"


def guide_on(day: date) -> Iterator[tuple[Fault, int]]:
    """Every fault with its priority on that day, the most urgent first."""
    return iter(
        sorted(((fault, priority_of(fault, day, None)) for fault in GUIDE.values()), key=lambda line: line[1])
    )
