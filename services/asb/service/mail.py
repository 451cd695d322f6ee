"""Mail that quotes a case, texts too: its words are in the diary, and its files are attachments."""

from services.asb.service.acting import enter
from shared.cases.mail.mails import Mail
from shared.events import Event
from shared.work import UnitOfWork

MAIL, TEXT = "mail", "text"
"""The diary's words for them: acts of nobody's here, so that no rule of the lifecycle judges them."""


async def keep_words(work: UnitOfWork, event: Event, mail: Mail) -> None:
    """Enter the words of a mail, and who wrote them, into the diary under its event."""
    act = TEXT if mail.is_text_message else MAIL
    files = ", ".join(file.name for file in mail.files)
    said = {"from": mail.sender, "name": mail.name, "subject": mail.subject, "message": mail.text}
    enter(work, event, act, {name: words for name, words in {**said, "files": files}.items() if words})
