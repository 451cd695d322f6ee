"""Client of asb: where a damaged home is and what is broken, which no event says, and who may learn of it."""

from pydantic import ConfigDict

from services.repairs.asb_damage.models import AsbDamage
from shared.app_state import AppState
from shared.cases.property import Property
from shared.cases.schemas import RequestModel
from shared.cases.words import Words

ASB = "asb"


class DamagedHome(RequestModel):
    """The answer of asb; anything more that it may say is left unread."""

    model_config = ConfigDict(extra="ignore")

    property: Property
    fault: str | None = None
    description: Words | None = None


class Access(RequestModel):
    """The answer of asb to who may learn of a case, as of the sequence of its latest event."""

    model_config = ConfigDict(extra="ignore")

    team: list[str]
    kept_from: list[str]
    as_of: int


async def ask_access(state: AppState, damage: AsbDamage) -> Access:
    """Ask who may learn of the case behind a damage; raises as `ask_about` does."""
    answer = await state.services.get(ASB, f"/internal/access/{damage.asb_reference}")
    return Access.model_validate_json(answer.raise_for_status().content)


async def ask_about(state: AppState, damage: AsbDamage) -> DamagedHome:
    """Ask where a damage is.

    Raises httpx.HTTPError when asb is away or refuses, ValueError for an answer that cannot be read.
    """
    path = f"/internal/damages/{damage.asb_reference}/{damage.damage}"
    answer = await state.services.get(ASB, path)
    return DamagedHome.model_validate_json(answer.raise_for_status().content)
