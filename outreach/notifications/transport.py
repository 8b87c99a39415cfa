"""The way to the mail server: one checked, timed connection per pass, over Flask-Mail."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_mail import Connection, Mail, Message

from outreach.errors import Unsound

TIMEOUT_SECONDS = 15
"""For every single answer of the server; a lease lasts many times longer (`delivery.LEASE`)."""

ACCEPTING_SECONDS = 60
"""For its answer after the text (RFC 5321 asks for patience there): who hangs up too early causes a second copy."""

_NO_SUCH_ADDRESS = (550, 551, 553)
_SENDER_REFUSED = (530, 535, 550, 551, 553, 554)
"""Answers to MAIL FROM that are about who we are: the next mail would fare no better, and may once it is set right."""

_STATUS = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})")

_MAILS_PER_CONNECTION = 100
_PLAIN, _STARTTLS, _TLS = "plain", "starttls", "tls"


class UndeliveredError(Exception):
    """One mail was not accepted: `error` is a key; `permanent` means that trying again is useless.

    `unknown`: the server says that there is no such address, so that no other mail will arrive there either. `lost`: it
    hung up; `unheard`: before it had any of the text, on a connection that had worked before.
    """

    def __init__(
        self,
        error: str,
        code: int | None = None,
        *,
        permanent: bool = False,
        lost: bool = False,
        unknown: bool = False,
        unheard: bool = False,
    ) -> None:
        self.unheard = unheard
        self.unknown = unknown
        self.error = error
        self.code = code
        self.permanent = permanent
        self.lost = lost
        super().__init__(error if code is None else f"{error} {code}")


class ServerDownError(UndeliveredError):
    """No mail at all can leave now: unreachable, wrong certificate, sign-in or sender refused."""


@dataclass(frozen=True, repr=False)
class MailServer:
    """Where mail is handed in, and how the conversation is protected."""

    host: str
    port: int
    security: str
    username: str | None = None
    password: str | None = None
    context: ssl.SSLContext | None = None

    @classmethod
    def parse(cls, url: str, *, loopback_only: bool = False, strict: bool = False) -> "MailServer":
        """Read `smtps://user:pass@host:465` or `smtp://host:587` (STARTTLS; plain to this machine only).

        `strict` asks STARTTLS of this machine too. Raises Unsound: `mail_url_malformed`, or `mail_not_loopback` when
        only this machine is allowed.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise Unsound("mail_url_malformed") from None
        if parts.scheme not in ("smtp", "smtps") or not host or bool(parts.username) != bool(parts.password):
            raise Unsound("mail_url_malformed")
        local = _is_loopback(host)
        if loopback_only and not local:
            raise Unsound("mail_not_loopback", host=host)
        if parts.scheme == "smtps":
            security, usual = _TLS, 465
        else:
            security, usual = (_PLAIN, 25) if local and not strict else (_STARTTLS, 587)
        return cls(host, port or usual, security, _decoded(parts.username), _decoded(parts.password))


def _decoded(text: str | None) -> str | None:
    return unquote(text) if text else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _nothing() -> None:
    """There is nothing to do meanwhile."""


class _Line(smtplib.SMTP):
    """A conversation that remembers whether the text of the last mail was begun, and is patient after it; what there is
    to do meanwhile is done while the server takes it in."""

    text_begun = False
    meanwhile: Callable[[], None] = staticmethod(_nothing)

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes):  # a command is a str: this was the text
            self.meanwhile()

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.text_begun = True
        assert self.sock is not None
        self.sock.settimeout(ACCEPTING_SECONDS)
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(TIMEOUT_SECONDS)


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same, under TLS from the first byte."""


class CheckedConnection(Connection):
    """Flask-Mail's connection with what it lacks: a certificate check and a time-out."""

    host: _Line | None

    def __init__(self, mail: Mail, server: MailServer) -> None:
        super().__init__(mail)
        self.server = server

    def configure_host(self) -> _Line:
        server = self.server
        context = None if server.security == _PLAIN else server.context or ssl.create_default_context()
        host: _Line
        if server.security == _TLS:
            host = _TlsLine(server.host, server.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            host = _Line(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.security == _STARTTLS:
                host.starttls(context=context)
            if server.username and server.password:
                host.login(server.username, server.password)
        except BaseException:
            host.close()
            raise
        return host

    def send(self, message: Message, envelope_from: Any = None) -> None:
        """The same without reading the addresses over and over: ours are bare, and were looked at when queued."""
        host = self.host
        assert host is not None
        to = [str(recipient) for recipient in message.recipients]
        host.sendmail(envelope_from or _bare(str(message.sender)), to, message.as_bytes())
        self.num_emails += 1


@lru_cache(maxsize=16)
def _bare(sender: str) -> str:
    """The address alone."""
    return parseaddr(sender)[1]


class Transport:
    """Sends mails one by one; connects when the first one comes, and again after a connection was lost."""

    def __init__(self, server: MailServer) -> None:
        state = Mail().init_mail({"MAIL_SUPPRESS_SEND": False})
        self._connection = CheckedConnection(state, server)  # type: ignore[arg-type]  # the state Mail itself passes on

    @contextmanager
    def session(self) -> Iterator["Transport"]:
        """Enclose a pass: the connection is closed politely at its end, if the server still listens."""
        try:
            yield self
        finally:
            self._close()

    def send(self, message: Message, *, meanwhile: Callable[[], None] = _nothing) -> None:
        """Hand in one mail; `meanwhile` is called while the server takes its text in, and must raise nothing.

        Raises UndeliveredError; ServerDownError when the next one would fare no better.
        """
        if self._connection.num_emails >= _MAILS_PER_CONNECTION:
            self._close()
        try:
            self._hand_in(message, meanwhile)
        except UndeliveredError as error:
            if not error.unheard:
                raise
            self._hand_in(message, meanwhile)  # the server had enough of the old connection, not of this mail

    def check(self) -> None:
        """Connect and sign in, and hand in nothing. Raises ServerDownError."""
        with self.session():
            self._open()

    def _hand_in(self, message: Message, meanwhile: Callable[[], None]) -> None:
        self._open()
        host = self._connection.host
        assert host is not None
        host.text_begun, host.meanwhile = False, meanwhile
        try:
            self._connection.send(message)
        except OSError as error:  # all of smtplib's errors are
            unheard = self._connection.num_emails > 0 and not host.text_begun
            raise self._meaning(error, unheard=unheard) from error

    def _open(self) -> None:
        if self._connection.host is not None:
            return
        try:
            self._connection.__enter__()
        except ssl.SSLError as error:
            raise ServerDownError("certificate_refused") from error
        except smtplib.SMTPNotSupportedError as error:  # no STARTTLS: nothing is said in the clear
            starttls = self._connection.server.security == _STARTTLS
            raise ServerDownError("certificate_refused" if starttls else "sign_in_refused") from error
        except smtplib.SMTPAuthenticationError as error:
            raise ServerDownError("sign_in_refused", error.smtp_code) from error
        except smtplib.SMTPResponseException as error:
            raise ServerDownError("server_unreachable", error.smtp_code) from error
        except OSError as error:
            raise ServerDownError("server_unreachable") from error

    def _meaning(self, error: OSError, *, unheard: bool) -> UndeliveredError:
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            code, text = next(iter(error.recipients.values()))
            return self._refusal("address_refused", code, text, unheard=unheard)
        if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code in _SENDER_REFUSED:
            return ServerDownError("sender_refused", error.smtp_code)
        if isinstance(error, smtplib.SMTPResponseException):
            return self._refusal("letter_refused", error.smtp_code, unheard=unheard)
        self._forget()
        waited = isinstance(error.__context__, TimeoutError)
        return UndeliveredError("connection_lost", lost=True, unheard=unheard and not waited)

    def _refusal(self, error: str, code: int, text: bytes = b"", *, unheard: bool) -> UndeliveredError:
        """5xx is for good, 4xx for now; after 421 the server hangs up."""
        if code == 421:
            self._forget()
            return UndeliveredError("try_later", code, lost=True, unheard=unheard)
        if code < 500:
            return UndeliveredError("try_later", code)
        unknown = error == "address_refused" and _is_unknown(code, text)
        return UndeliveredError(error, code, permanent=True, unknown=unknown)

    def _forget(self) -> None:
        host, self._connection.host = self._connection.host, None
        if host is not None:
            host.close()

    def _close(self) -> None:
        with suppress(OSError):
            self._connection.__exit__(None, None, None)  # type: ignore[arg-type]  # no error on a normal end
        self._forget()


def _is_unknown(code: int, text: bytes) -> bool:
    """Whether a refusal is about the address (RFC 3463: 5.1.x) and not about us, as when nothing is relayed."""
    status = _STATUS.match(text)
    if status is not None:
        return status[1].startswith(b"5.1.")
    return code in _NO_SUCH_ADDRESS and b"relay" not in text.lower()
