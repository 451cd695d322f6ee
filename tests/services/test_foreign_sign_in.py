"""An officer whom the council's own sign-in lets in works the cases of their department, and no others."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.main import create_gateway
from shared.clock import Clock
from shared.settings import Settings
from tests.gateway.serving import calling
from tests.services.callers import Callers
from tests.services.complaints.complaining import COMPLAINT
from tests.services.lines import Line
from tests.services.repairs.reporting import reported
from tests.support.apps import app_of
from tests.support.in_process import InProcess
from tests.support.sign_in import OpenIDProvider

KEYCLOAK = Path("deploy/sign_in/keycloak.toml")
SERVICES = ("repairs", "complaints")


@pytest.fixture
def settings(settings: Settings, provider: OpenIDProvider) -> Settings:
    """Services that let in whom the provider lets in, as the example for Keycloak says."""
    sign_in = {
        "oidc_issuer": provider.issuer,
        "oidc_audience": "api://housing",
        "oidc_claims_file": KEYCLOAK,
    }
    return settings.model_copy(update=sign_in)


@pytest.fixture
async def front_door(
    services: InProcess, settings: Settings, inside: dict[str, Line], clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway before repairs and complaints, each of which verifies tokens as its process does."""
    gateway = create_gateway(settings, {name: app_of(name) for name in SERVICES})
    inside[settings.gateway_url].lead_to(gateway)
    async with calling(gateway) as front_door:
        for name in SERVICES:
            state = await services.state(name, clock)
            state.verifier = state.services.verifier()
            await services.serve(state)
        yield front_door


async def shown(front_door: httpx.AsyncClient, path: str, token: str) -> list[str]:
    """The references that a bearer of this token is shown in a list."""
    answer = await front_door.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return [case["reference"] for case in answer.json()["items"]]


async def test_an_officer_sees_their_department_and_no_other(
    front_door: httpx.AsyncClient, provider: OpenIDProvider, callers: Callers
) -> None:
    """By the authorization code flow with PKCE at the provider, and roles of its realm."""
    repair = (await reported(front_door, callers.resident()))["reference"]
    complained = await front_door.post("/v1/complaints", json=COMPLAINT, headers=callers.resident())
    assert complained.status_code == 201, complained.text
    await provider.know("ola", realm_access={"roles": ["officer.repairs", "offline_access"]})
    await provider.know("eve", realm_access={"roles": ["offline_access"]}, roles=["officer"])
    ola, eve = [await provider.access_token(name) for name in ("ola", "eve")]
    assert await shown(front_door, "/v1/repairs", ola) == [repair]
    assert await shown(front_door, "/v1/complaints", ola) == []
    refused = await front_door.get("/v1/repairs", headers={"Authorization": f"Bearer {eve}"})
    assert refused.status_code == 403


async def test_a_resident_finds_the_cases_that_are_theirs_by_the_sign_in(
    front_door: httpx.AsyncClient, provider: OpenIDProvider, callers: Callers
) -> None:
    """A namesake among our own clients is somebody else."""
    await provider.know("sam", realm_access={"roles": ["resident"]})
    token = await provider.access_token("sam")
    mine = (await reported(front_door, {"Authorization": f"Bearer {token}"}))["reference"]
    await reported(front_door, callers.resident("sam"))
    assert await shown(front_door, "/v1/repairs", token) == [mine]
