"""A real mail server on this machine for tests: it keeps what it gets, and can refuse, greylist, drop or speak TLS."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Received:
    """One mail as it arrived: `recipient` from the envelope, `source` byte for byte."""

    recipient: str
    source: bytes

    @cached_property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        return cast(EmailMessage, message_from_bytes(self.source, policy=policy.default))

    def body(self, kind: str = "plain") -> str:
        """Its text (`plain`) or HTML (`html`), decoded."""
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


@dataclass
class SmtpServer:
    """A mail server whose answers a test chooses, per address or for all."""

    protocol: ClassVar[type[SMTP]] = SMTP
    received: list[Received] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """What RCPT TO answers for an address: `550 unknown`, `451 greylisted`."""
    answer: str = "250 OK"
    """What every mail is answered after its data."""
    drops: int = 0
    """How many mails it keeps but hangs up on without answering."""
    sender: str = "250 OK"
    """What MAIL FROM is answered."""
    per_connection: int = 0
    """After so many mails on a connection it hangs up when the next one comes, without a word; 0: never."""
    stalls: set[str] = field(default_factory=set)
    """Addresses (or parts after the @) for which RCPT TO is never answered."""
    password: str = ""
    """Whoever does not sign in with it is refused; empty: nobody need sign in."""
    connections: int = 0
    security: str = "plain"
    folder: Path | None = None
    host: str = "127.0.0.1"
    """Whom its certificate is for."""
    expired: bool = False
    _listens: bool = False

    def start(self) -> "SmtpServer":
        """Listen on a port of the system's choosing."""
        context = _server_context(self) if self.folder and self.security != "plain" else None
        self._controller = _OnFreePort(
            self,
            hostname="127.0.0.1",
            server_hostname="mail.test",
            ssl_context=context if self.security == "tls" else None,
            tls_context=context if self.security == "starttls" else None,
            authenticator=self._knows if self.password else None,
            auth_required=bool(self.password),
        )
        self._controller.start()
        self._listens = True
        return self

    def stop(self) -> None:
        """Stop listening; the port then refuses connections."""
        if self._listens:
            self._listens = False
            self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    @property
    def url(self) -> str:
        """The value for OUTREACH_SMTP_URL."""
        return f"{'smtps' if self.security == 'tls' else 'smtp'}://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Received]:
        """The mails for one address."""
        return [mail for mail in self.received if mail.recipient == address]

    async def handle_EHLO(  # noqa: N802 - the name aiosmtpd calls
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        session.mails = 0
        return responses

    def _knows(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == self.password.encode(), handled=False)

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.per_connection and session.mails >= self.per_connection:
            server.transport.abort()
        session.mails += 1
        if self.sender.startswith("2"):
            envelope.mail_from = address
        return self.sender

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if {address, address.rpartition("@")[2]} & self.stalls:
            await asyncio.sleep(3600)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.drops or self.answer.startswith("2"):
            self.received.extend(Received(address, envelope.content) for address in envelope.rcpt_tos)
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return self.answer


class _OnFreePort(Controller):
    """aiosmtpd's server on a port of the system's choosing."""

    def factory(self) -> SMTP:
        return self.handler.protocol(self.handler, **self.SMTP_kwargs)

    def __init__(self, handler: SmtpServer, **settings: Any) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, port=self._socket.getsockname()[1], **settings)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket, ssl=self.ssl_context)

    def _trigger_server(self) -> None:
        """The socket already listens: no need to call on it."""
        self._factory_invoker()


def certificate(folder: Path, *, host: str = "127.0.0.1", expired: bool = False) -> Path:
    """A self-signed certificate with its key for this address, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC) - timedelta(days=30 if expired else 0)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def _server_context(server: SmtpServer) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    assert server.folder is not None
    context.load_cert_chain(certificate(server.folder, host=server.host, expired=server.expired))
    return context


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A plain mail server on loopback, running."""
    server = SmtpServer().start()
    yield server
    server.stop()
