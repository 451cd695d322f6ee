"""Mail that quotes a case: its words are in the diary, and its files are attachments."""

from services.asb.models import DiaryEntry
from shared.cases.mail.mails import Mail
from shared.events import Event
from shared.work import UnitOfWork

MAIL = "mail"
"""The diary's word for it: a mail is an act of nobody's here, so that no rule of the lifecycle judges it."""


async def keep_words(work: UnitOfWork, event: Event, mail: Mail) -> None:
    """Enter the words of a mail, and who wrote them, into the diary under its event."""
    said = {"from": mail.sender, "name": mail.name, "subject": mail.subject, "message": mail.text}
    said["files"] = ", ".join(file.name for file in mail.files) or None
    work.add(
        DiaryEntry(
            reference=event.reference,
            sequence=event.sequence,
            act=MAIL,
            said={name: words for name, words in said.items() if words},
            told_by=work.caller.subject,
            occurred_at=event.occurred_at,
        )
    )
