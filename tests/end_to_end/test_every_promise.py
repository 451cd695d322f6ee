"""Every timed promise of the council's document in one story: made, kept once and missed once."""

from rich.console import Console
from rich.table import Table

from shared.standards.catalogue import Catalogue
from tests.end_to_end.houses import House
from tests.end_to_end.promises import asb, asking, complaints, estates, repairs
from tests.end_to_end.promises.telling import Promise, states

PROMISES = (
    *asking.PROMISES,
    *repairs.PROMISES,
    *estates.PROMISES,
    *asb.PROMISES,
    *complaints.PROMISES,
)


def test_the_story_tells_of_every_row() -> None:
    """A promise that is added to the council's file is told of here, or this fails."""
    rows = {row.id for row in Catalogue.load().standards if row.regime.name == "havering"}
    assert sorted(promise.standard for promise in PROMISES) == sorted(rows)


async def told(house: House, promise: Promise) -> tuple[str, list[str], str, list[str]]:
    """The case that keeps a promise and the one that misses it, each with the states of that promise."""
    kept, missed = await promise.kept(house), await promise.missed(house)
    first = await states(house, promise, kept, "met")
    second = await states(house, promise, missed, "breached")
    return kept, first, missed, second


async def test_every_promise_is_made_kept_and_missed(house: House) -> None:
    """The first that was made to one case is met, and to the other is breached; the table says which."""
    table = Table("standard", "kept", "states", "missed", "states")
    wrong: list[str] = []
    for promise in PROMISES:
        kept, first, missed, second = await told(house, promise)
        table.add_row(promise.standard, kept, " ".join(first), missed, " ".join(second))
        if (first[0], second[0]) != ("met", "breached"):
            wrong.append(promise.standard)
    Console(width=140).print(table)
    assert wrong == []
