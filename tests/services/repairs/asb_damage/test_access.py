"""Access to the ASB case behind a repair, as far as its events have told repairs of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.repairs.asb_damage.locating import locate_due
from services.repairs.asb_damage.models import AsbDamage
from services.repairs.asb_damage.service import note_access, take_in
from services.repairs.case.models import Repair
from shared.app_state import AppState
from shared.events import Event
from shared.text import digest_of
from shared.work import unit_of_work
from tests.services.callers import Callers
from tests.services.repairs.asb_damage.telling import CASE, Asb, damage_reported
from tests.support.clock import house_clock


def changed(sequence: int, team: list[str], kept_from: list[str]) -> Event:
    facts = {"team": team, "kept_from": [digest_of(subject) for subject in kept_from]}
    told = damage_reported(sequence, occurred_at=house_clock() - timedelta(minutes=1))
    return Event(
        id=told.id,
        type="asb.team-changed",
        reference=CASE,
        sequence=sequence,
        occurred_at=told.occurred_at,
        recorded_at=told.recorded_at,
        facts=facts,
    )


SEEN: Mapping[str, tuple[list[tuple[int, list[str], list[str]]], set[str]]] = {
    "nothing was told": ([], {"alex", "bo", "cy"}),
    "its team": ([(3, ["alex", "bo"], [])], {"alex", "bo"}),
    "kept from one of them": ([(3, ["alex", "bo"], ["bo"])], {"alex"}),
    "without a team": ([(3, [], ["bo"])], {"alex", "cy"}),
    "the later word holds": ([(4, ["cy"], []), (3, ["alex"], ["cy"])], {"cy"}),
    "a mistake is taken back": ([(3, [], ["bo"]), (5, [], [])], {"alex", "bo", "cy"}),
    "older than the damage": ([(1, ["cy"], [])], {"alex", "bo", "cy"}),
}


@pytest.mark.parametrize("told", SEEN)
async def test_which_case_it_is_only_they_learn_who_may_read_it(
    asb: Asb, repairs: httpx.AsyncClient, callers: Callers, told: str
) -> None:
    """By scope, team and those it is kept from, in whatever order the events come."""
    changes, seen = SEEN[told]
    state: AppState = asb.resources
    async with unit_of_work(state) as work:
        await take_in(work, [damage_reported(sequence=2, team=[], kept_from=[])])
    for change in changes:
        async with unit_of_work(state) as work:
            await note_access(work, [changed(*change)])

    async def shown(headers: dict[str, str]) -> Any:
        [repair] = (await repairs.get("/v1/repairs", headers=headers)).json()["items"]
        return repair["asb_damage"]["asb_reference"]

    for subject in ("alex", "bo", "cy"):
        officer = callers.named_officer(subject, "repairs", scopes=["asb"])
        assert (await shown(officer) == CASE) is (subject in seen), subject
        assert await shown(callers.named_officer(subject, "repairs")) is None


@pytest.mark.parametrize("home_is_known", [True, False])
async def test_access_that_was_never_told_is_asked_for(
    asb: Asb, repairs: httpx.AsyncClient, callers: Callers, home_is_known: bool
) -> None:
    """Of a damage from before it was kept, whether its home is known or not; and no more once it is known."""
    alex = callers.named_officer("alex", "repairs", scopes=["asb"])
    async with unit_of_work(asb.resources) as work:
        await take_in(work, [damage_reported(sequence=2)])
        await work.session.flush()
        [damage] = await work.session.scalars(select(AsbDamage))
        damage.access_as_of, damage.team = 0, None
        damage.located_at = work.now if home_is_known else None
    asb.access = {"team": ["bo"], "kept_from": [], "as_of": 7}
    assert await locate_due(asb.resources) == home_is_known
    [repair] = (await repairs.get("/v1/repairs", headers=alex)).json()["items"]
    assert repair["asb_damage"]["asb_reference"] is None
    async with unit_of_work(asb.resources) as work:
        [damage] = await work.session.scalars(select(AsbDamage))
        assert (damage.team, damage.access_as_of) == (["bo"], 7)


async def test_a_resident_who_claims_it_is_told_nothing_of_the_case(
    asb: Asb, repairs: httpx.AsyncClient, callers: Callers
) -> None:
    """Not by a field, nor by the name of a promise: a household may have opened the letter."""
    async with unit_of_work(asb.resources) as work:
        await take_in(work, [damage_reported(sequence=2, team=[], kept_from=[])])
    headers = callers.officer()
    [repair] = (await repairs.get("/v1/repairs", headers=headers)).json()["items"]
    assert "repairs.asb-damage.made-safe" in {each["standard"] for each in repair["deadlines"]}
    sam = callers.resident("sam")
    async with unit_of_work(asb.resources) as work:
        await give_to(work, repair["reference"], "sam")
    [own] = (await repairs.get("/v1/repairs", headers=sam)).json()["items"]
    assert own["asb_damage"] is None
    assert "repairs.job" in {each["standard"] for each in own["deadlines"]}
    said = str({name: said for name, said in own.items() if name != "asb_damage"}).lower()
    assert not [word for word in ("asb", "hate", "victim", "section 9") if word in said]


async def give_to(work: Any, reference: str, resident: str) -> None:
    repair = await work.session.get(Repair, reference)
    repair.resident = resident
