"""Asks asb what no event says: where a damaged home is, and what is broken."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

from services.repairs.asb_damage.models import AsbDamage
from services.repairs.schemas import Property
from shared.app_state import AppState
from shared.http.schemas import Asked, Words

ASB = "asb"


class DamagedHome(Asked):
    """What asb answers; anything more that it may say is left unread."""

    model_config = ConfigDict(extra="ignore")

    property: Property
    description: Words | None = None
    access_needs: Annotated[str, StringConstraints(max_length=1000)] | None = None


async def ask_about(resources: AppState, damage: AsbDamage) -> DamagedHome:
    """Where a damage is; raises httpx.HTTPError when asb is away or refuses, ValueError for other answers."""
    path = f"/internal/damages/{damage.asb_reference}/{damage.damage}"
    answer = await resources.services.get(ASB, path)
    return DamagedHome.model_validate_json(answer.raise_for_status().content)
