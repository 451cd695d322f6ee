"""A real mail server in this process, with TLS and sign-in, that takes, refuses, greylists and breaks off."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "housing", "a pass/word"
TAKEN, NO_SUCH_MAILBOX, COME_AGAIN = "250 OK", "550 5.1.1 No such mailbox", "451 4.7.1 Come again later"


@dataclass
class MailServer:
    """The server as its tests see it: where it is, what it has taken, and how it behaves from now on."""

    certificate: Path
    port: int = 0
    refuses: dict[str, str] = field(default_factory=dict)
    after_data: str = TAKEN
    breaks_off: bool = False
    takes_seconds: float = 0.0
    letters: list[EmailMessage] = field(default_factory=list)

    def url(self, *, scheme: str = "smtp", password: str = "a%20pass%2Fword") -> str:
        return f"{scheme}://{USER}:{password}@{HOST}:{self.port}"

    async def recipient(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def data(self, server: SMTP, _: Session, envelope: Envelope) -> str:
        if self.breaks_off:
            assert server.transport is not None
            server.transport.close()
            return TAKEN
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        await asyncio.sleep(self.takes_seconds)
        return self.after_data


@asynccontextmanager
async def mail_server(folder: Path, *, implicit_tls: bool = False) -> AsyncIterator[MailServer]:
    """Run the server on a port of its own; without implicit TLS it insists on STARTTLS before the sign-in."""
    certificate, key = folder / "server.pem", folder / "server.key"
    _certify(certificate, key)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    shown = MailServer(certificate)
    loop = asyncio.get_running_loop()

    def connection() -> SMTP:
        return SMTP(
            SimpleNamespace(handle_RCPT=shown.recipient, handle_DATA=shown.data),
            loop=loop,
            hostname="mail.example",
            tls_context=None if implicit_tls else tls,
            require_starttls=not implicit_tls,
            auth_required=True,
            auth_require_tls=not implicit_tls,
            authenticator=_sign_in,
            enable_SMTPUTF8=True,
        )

    server = await loop.create_server(connection, HOST, 0, ssl=tls if implicit_tls else None)
    shown.port = server.sockets[0].getsockname()[1]
    async with server:
        yield shown


def _sign_in(_: SMTP, __: Session, ___: Envelope, ____: str, given: LoginPassword) -> AuthResult:
    known = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def _certify(certificate: Path, key: Path) -> None:
    """Write a certificate that its own key has signed."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
