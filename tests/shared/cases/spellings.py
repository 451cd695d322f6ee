"""Events of the address book, as residents publishes them."""

from uuid import uuid4

from shared.clock import system_clock
from shared.events import PROPERTIES_RECORDED, Event


def told(sequence: int, *properties: dict[str, str]) -> Event:
    """These homes are spelt so from now on."""
    now = system_clock()
    return Event(
        id=uuid4(),
        type=PROPERTIES_RECORDED,
        reference="address-book",
        sequence=sequence,
        occurred_at=now,
        recorded_at=now,
        facts={"properties": list(properties)},
    )
