"""Client of residents for the needs of the household in a home, asked before a case is written.

It is asked in a creation, which holds no connection and no lock, or by a worker. A case waits for it 300 ms
at most: where residents does not answer, the case goes in, and the department is told to look itself.
Whoever asks while a request is in flight shares the next one; each has its own limit and its own answer.
"""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any

import httpx
from pydantic import TypeAdapter

from shared.app_state import RESIDENTS, AppState
from shared.cases.property import Property
from shared.telemetry import get_logger, request_id

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """The needs of a household; `is_known` is false where residents could not be asked.

    `visit_in_pairs`: nobody goes there alone.
    """

    vulnerable: bool = False
    access_needs: str | None = None
    safe_to_contact: bool = True
    visit_in_pairs: bool = False
    is_known: bool = True

    def kept(self) -> dict[str, Any] | None:
        """The needs as a case keeps them; None where there are none, or none are known."""
        if self in (NOBODY, NOT_KNOWN):
            return None
        return {name: said for name, said in asdict(self).items() if name != "is_known"}


NOBODY = Household()
NOT_KNOWN = Household(is_known=False)
_ANSWER = TypeAdapter(Household)


async def household_at(state: AppState, home: Property, purpose: str) -> Household:
    """The household in a home; nobody's needs where the home has no spelling, or no residents service is run.

    The answer is for officers and for whoever goes there: whoever reports a case, at any home, must not read
    in its answer who is vulnerable.
    """
    spellings = home.model_dump(include={"uprn", "property_reference"}, exclude_none=True)
    if not spellings or RESIDENTS not in state.settings.directory:
        return NOBODY
    question = {**spellings, "purpose": purpose, "request_id": request_id.get()}
    try:
        async with asyncio.timeout(state.settings.household_timeout):
            return _ANSWER.validate_python(await state.households.ask(question))
    except (httpx.HTTPError, TimeoutError, ValueError) as unanswered:
        error = type(unanswered).__name__
        log.warning("a household could not be asked about", extra={"upstream": RESIDENTS, "error": error})
        return NOT_KNOWN
