"""Derive open cases again when the council's standards have changed since the service last ran."""

from hashlib import sha256

from services.notifications.deadlines import queries
from services.notifications.deadlines.recalculate import recalculate
from shared import calendar_sync
from shared.app_state import AppState
from shared.settings import Settings
from shared.telemetry import get_logger
from shared.work import unit_of_work

log = get_logger(__name__)

BATCH = 200


def digest_of(settings: Settings) -> str:
    """The digest of all files of standards, and of the words that they are written in."""
    whole = sha256()
    for path in (*settings.standards_paths(), *settings.directory.vocabulary):
        whole.update(sha256(path.read_bytes()).digest())
    return whole.hexdigest()


async def derive_again(state: AppState, batch: int = BATCH) -> int:
    """Derive every open case by the standards in use, if the last ones were others; returns how many.

    Case by case in small transactions: if it ends half-way, the next start goes over all of it again.
    """
    digest = digest_of(state.settings)
    async with unit_of_work(state) as work:
        if await queries.latest_standards(work) == digest:
            return 0
    derived, after = 0, ""
    while True:
        async with unit_of_work(state) as work:
            references = await queries.lock_open(work, after, batch)
            if not references:
                queries.note_standards(work, digest)
                break
            await calendar_sync.follow(state, work.session)
            await recalculate(work, references, standards=digest)
        derived, after = derived + len(references), references[-1]
    log.info("cases derived by changed standards", extra={"count": derived})
    return derived
