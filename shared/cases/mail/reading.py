"""Reading a mail as it came over the wire; whatever is wrong with it, all that can be read is."""

import re
from email import policy as policies
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from html.parser import HTMLParser

from shared.cases.mail.mails import File, Mail
from shared.text import kept, kept_lines

OUR_LETTER = re.compile(
    rb"Message-ID:\s*<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@housing>", re.IGNORECASE
)
FAILED = re.compile(rb"^Action:\s*failed", re.IGNORECASE | re.MULTILINE)
HEADERS = (
    *("auto-submitted", "precedence", "return-path", "list-id", "list-unsubscribe"),
    *("x-autoreply", "x-autorespond", "x-auto-response-suppress"),
)
BLOCKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})
UNSEEN = frozenset({"style", "script", "head", "title"})
UNNAMED, NO_SUBJECT = "attachment", "(no subject)"


def read_mail(raw: bytes) -> Mail:
    """The mail in these bytes (RFC 5322, MIME); takes a moment for a long one."""
    message = BytesParser(policy=policies.default).parsebytes(raw)
    name, sender = _sender(message)
    is_report = message.get_content_type() == "multipart/report"
    return Mail(
        sender=sender,
        name=name,
        subject=kept(_header(message, "subject"))[:200] or NO_SUBJECT,
        text=kept_lines(_text(message)),
        headers={each: _header(message, each).strip().lower() for each in HEADERS if each in message},
        files=tuple(_files(message)),
        is_report=is_report,
        has_failed=is_report and FAILED.search(raw) is not None,
        letters=tuple(dict.fromkeys(found.decode().lower() for found in OUR_LETTER.findall(raw)))
        if is_report
        else (),
    )


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except (
        ValueError,
        LookupError,
        AttributeError,
        IndexError,
    ):  # the library falls over some broken headers
        return ""


def _sender(message: EmailMessage) -> tuple[str | None, str | None]:
    """The display name and the address to answer to."""
    for name in ("reply-to", "from"):
        try:
            for address in message[name].addresses if name in message else ():
                if address.username and address.domain:
                    return kept(address.display_name)[:200] or None, address.addr_spec
        except (ValueError, LookupError, AttributeError):
            continue
    return None, None


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _content(body)
    return _as_text(text) if body.get_content_type() == "text/html" else text


def _content(part: MIMEPart) -> str:
    """The text of a part; an unknown or wrong character set is read as far as it goes."""
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


def _files(message: EmailMessage) -> list[File]:
    """All files, what an inner mail has included; an inner mail itself is kept as it is."""
    if not message.is_multipart():
        return []
    found: list[File] = []
    for part in message.iter_attachments():
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else part.as_bytes()
        name = kept(part.get_filename() or "")[:200] or UNNAMED
        found.append(File(name, part.get_content_type(), content))
    return found


class _TextOfHtml(HTMLParser):
    """Collects the text that a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)


def _as_text(html: str) -> str:
    reader = _TextOfHtml()
    reader.feed(html)
    return "".join(reader.pieces)
