"""Handing over to other services: a complaint's words to complaints, a mail or text to its case's owner."""

from dataclasses import dataclass

import httpx

from services.enquiries.models import Enquiry, Feedback
from shared.app_state import AppState
from shared.cases.handover import Handover
from shared.cases.mail.joining import MEDIA_TYPES, TextBrought
from shared.cases.mail.mails import Mail, references_in
from shared.errors import Unavailable
from shared.http.bodies import Upload
from shared.references import prefix_of

NOT_REACHED = "A message about this case is taken in by the service that has it, which cannot be reached now."
ASK_AGAIN_SECONDS = 60
JSON = "application/json"
ONLY_A_SCORE = "A score of {score}, without a word."


def handover(case: Enquiry | Feedback) -> Handover:
    """The case in the words of whoever brought it."""
    if isinstance(case, Enquiry):
        return Handover.of(case, case.message)
    return Handover.of(case, case.comment or ONLY_A_SCORE.format(score=case.score))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail or text message as the owner of its case is handed it, once by its key."""

    path: str
    content: bytes
    media_type: str
    key: str

    @classmethod
    def of_mail(cls, upload: Upload, digest: bytes) -> "Parcel":
        """A mail, as it came."""
        return cls("/internal/mail", upload.content, MEDIA_TYPES[0], f"mail-{digest.hex()}")

    @classmethod
    def of_text(cls, text: Mail, digest: bytes) -> "Parcel":
        """A text message."""
        brought = TextBrought.model_construct(sender=text.sender or "", message=text.text)
        return cls("/internal/texts", brought.model_dump_json().encode(), JSON, f"text-{digest.hex()}")


async def hand_over(state: AppState, mail: Mail, parcel: Parcel) -> str | None:
    """Hand a mail to the service whose case it quotes, and return the case's reference.

    None for a mail that quotes no other service's case, or one that nobody has. A case that a scope guards
    comes first, wherever it is quoted; then the first reference decides. Call it while no transaction is
    open. Raises Unavailable when the owner does not take the mail: nothing of it is kept anywhere then.
    """
    owners = {prefix: row.name for row in state.settings.directory.owner_rows for prefix in row.prefixes}
    guarded = state.catalogue.vocabulary.guarded_services
    quoted = list(dict.fromkeys(references_in(mail, owners)))
    quoted.sort(key=lambda reference: owners[prefix_of(reference)] not in guarded)
    for reference in quoted:
        owner = owners[prefix_of(reference)]
        if owner == state.service:
            return None
        if await _is_taken_in(state, owner, reference, parcel):
            return reference
    return None


async def _is_taken_in(state: AppState, owner: str, reference: str, parcel: Parcel) -> bool:
    """Tell whether the owner has such a case and keeps the mail with it; the same mail is kept once."""
    path = f"{parcel.path}/{reference}"
    try:
        answer = await state.services.hand(owner, path, parcel.content, parcel.media_type, key=parcel.key)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return False
        answer.raise_for_status()
    except httpx.HTTPError as away:
        raise Unavailable(NOT_REACHED, retry_after=ASK_AGAIN_SECONDS) from away
    return True
