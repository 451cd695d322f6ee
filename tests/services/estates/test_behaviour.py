"""Behaviour that is seen on an estate becomes a case of the ASB team, and estates hears of its end."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from services.asb.consumer import take_in as asb_hears
from services.asb.models import EstateIssue
from services.asb.service.estate_issues import ask_about
from services.estates.service.following import follow
from shared.app_state import AppState
from shared.cases.asking import ask_due
from shared.clock import Clock
from shared.directory import DIRECTORY, Directory
from tests.services.callers import Headers
from tests.services.estates.caring import SAM, Estate
from tests.services.estates.test_referring import hear, history, only_case
from tests.services.lines import Line
from tests.services.residents.moving_in import done
from tests.support.in_process import InProcess


@pytest.fixture
def directory() -> Directory:
    """Every service."""
    return DIRECTORY


@pytest.fixture
async def asb_state(services: InProcess, clock: Clock) -> AppState:
    return await services.state("asb", clock)


@pytest.fixture
async def asb(services: InProcess, asb_state: AppState) -> httpx.AsyncClient:
    return await services.serve(asb_state)


@pytest.fixture
def asa(estate: Estate) -> Headers:
    """An officer of the ASB team."""
    return estate.callers.officer_named("asa", "asb", scopes=["asb"])


@pytest.mark.parametrize(
    ("changes", "priority", "contacts"),
    [
        ({"kind": "other", "description": "People deal on the stairs."}, 2, ["asb.victim-contact"]),
        ({"kind": "graffiti", "offensive": True}, 1, ["asb.priority-1.victim-contact"]),
    ],
)
async def test_behaviour_becomes_a_case_and_comes_to_its_end(
    estate: Estate,
    estates_state: AppState,
    asb: httpx.AsyncClient,
    asb_state: AppState,
    asa: Headers,
    owner: Line,
    changes: dict[str, Any],
    priority: int,
    contacts: Sequence[str],
) -> None:
    """Racist or sexist graffiti is hate until the team finds otherwise; its removal stays with estates."""
    issue = await estate.issue(contact=SAM, location="The back stairs", **changes)
    await estate.done(f"issues/{issue}/referral", to="asb")
    referred = await history(estate.client, estate.callers, issue)
    await hear(asb_state, asb_hears, referred, "issue-referred")
    assert await ask_due(asb_state, EstateIssue, ask_about) == 1
    case = await only_case(asb, "/v1/asb", asa)
    assert (case["priority"], case["contact"]["email"]) == (priority, "sam@example.org")
    assert case["description"].endswith("Place: The back stairs")
    promised = [row["standard"] for row in case["deadlines"] if row["standard"].endswith("victim-contact")]
    assert promised == contacts
    path = f"/v1/asb/{case['reference']}"
    await done(asb, asa, f"{path}/victim-contact", method="phone", reached=True)
    await done(asb, asa, f"{path}/closure", reason="Nobody was found.", agreed_with_victim=True)
    told = await history(asb, estate.callers, case["reference"])
    await hear(estates_state, follow, told, "issue-taken-up", "issue-ended")
    ended = await estate.read(f"issues/{issue}", estate.officer("eve", "asb"))
    [referral] = ended["referrals"]
    assert (referral["taken_up_as"], referral["dealt_with"]) == (case["reference"], True)
    assert ended["status"] == ("reported" if "offensive" in changes else "resolved")
