"""A real mail server on this machine for tests: it keeps what it gets, and can refuse, greylist, drop or speak TLS."""

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
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
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

    received: list[Received] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    """What RCPT TO answers for an address: `550 unknown`, `451 greylisted`."""
    answer: str = "250 OK"
    """What every mail is answered after its data."""
    drops: int = 0
    """How many mails it keeps but hangs up on without answering."""
    connections: int = 0
    security: str = "plain"
    folder: Path | None = None
    _listens: bool = False

    def start(self) -> "SmtpServer":
        """Listen on a port of the system's choosing."""
        context = _server_context(self.folder) if self.folder and self.security != "plain" else None
        self._controller = _OnFreePort(
            self,
            hostname="127.0.0.1",
            server_hostname="mail.test",
            ssl_context=context if self.security == "tls" else None,
            tls_context=context if self.security == "starttls" else None,
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
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
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

    def __init__(self, handler: SmtpServer, **settings: Any) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, port=self._socket.getsockname()[1], **settings)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket, ssl=self.ssl_context)

    def _trigger_server(self) -> None:
        """The socket already listens: no need to call on it."""
        self._factory_invoker()


def certificate(folder: Path) -> Path:
    """A self-signed certificate with its key for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


def _server_context(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    return context


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A plain mail server on loopback, running."""
    server = SmtpServer().start()
    yield server
    server.stop()
