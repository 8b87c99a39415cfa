"""A letter as the bytes that travel: headers and parts, each written once (RFC 5322, 2045 to 2047).

Flask-Mail hands it in. It is not built with the email package: that reads each header back, and Flask-Mail looks up the
name of this machine for a Message-ID of its own; together that took longer than everything else about a mail.
"""

from binascii import b2a_qp
from collections.abc import Mapping
from email.base64mime import body_encode
from email.header import Header
from email.utils import formatdate
from functools import lru_cache
from typing import NamedTuple

from flask_mail import Message, sanitize_address


class _Part(NamedTuple):
    """What stands between two boundaries, or after the headers of the mail itself."""

    head: str
    body: bytes

    def written(self) -> bytes:
        """With the empty line between the two."""
        return self.head.encode("ascii") + b"\r\n\r\n" + self.body


class Letter(Message):
    """One mail to one reader, whose text a person can read in its source (quoted-printable).

    `recipient` is a bare address, `message_id` whole but for its angle brackets, `at` in seconds since 1970. Its other
    parts are set afterwards: `html`, `invite`. Raises ValueError for a header of more than one line, and for one that
    is not ASCII, but for the subject and the sender's name.
    """

    def __init__(
        self,
        *,
        subject: str,
        recipient: str,
        sender: str,
        message_id: str,
        text: str,
        at: float,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        # all that Flask-Mail asks of a message; its own __init__ would look up the name of this machine
        self.subject, self.sender, self.recipients = subject, sender, [recipient]
        self.body, self.alts, self.attachments = text, {}, []
        self.date, self.msgId = at, f"<{message_id}>"
        self.extra_headers = dict(extra or {})
        self.reply_to, self.cc, self.bcc = None, [], []
        self.charset, self.mail_options, self.rcpt_options = None, [], []
        self._head = self._headers()

    def invite(self, method: str, calendar: bytes, name: str) -> None:
        """The calendar goes twice: beside the text, where Outlook and Gmail look for it, and as a file to open."""
        kind = f"text/calendar; method={method}; charset=utf-8"
        self.alts[kind] = calendar.decode()
        self.attach(name, kind, calendar)

    def as_bytes(self) -> bytes:
        """The mail from its first header to its last boundary, lines ended as they travel."""
        return self._head + self._content().written()

    def _headers(self) -> bytes:
        said = {
            "From": _mailbox(str(self.sender)),
            "To": str(self.recipients[0]),
            "Date": formatdate(self.date, localtime=True),
            "Message-ID": self.msgId,
            **(self.extra_headers or {}),
            "MIME-Version": "1.0",
        }
        lines = "\n".join(said.values()).splitlines()
        if len(lines) != len(said):
            raise ValueError("a header of more than one line")
        head = f"Subject: {_in_ascii(self.subject)}\r\n" + "".join(f"{name}: {said[name]}\r\n" for name in said)
        return head.encode("ascii")

    def _content(self) -> _Part:
        """The text; beside it, as the same in another form, the HTML and the calendar; after them the files."""
        text = _readable("text/plain", self.body or "")
        others = [
            _readable("text/html", content) if kind == "html" else _packed(kind, content.encode())
            for kind, content in self.alts.items()
        ]
        files = [
            _packed(f'{each.content_type}\r\nContent-Disposition: attachment; filename="{each.filename}"', each.data)
            for each in self.attachments
            if isinstance(each.data, bytes)
        ]
        said = self._together("alternative", text, *others) if others else text
        return self._together("mixed", said, *files) if files else said

    def _together(self, how: str, *parts: _Part) -> _Part:
        boundary = f"=_{how}_{self.msgId.strip('<>').partition('@')[0]}"  # no line of quoted-printable begins with =_
        between = f"--{boundary}\r\n".encode("ascii")
        body = b"".join(between + part.written() + b"\r\n" for part in parts)
        return _Part(f'Content-Type: multipart/{how}; boundary="{boundary}"', body + f"--{boundary}--\r\n".encode())


def _readable(kind: str, text: str) -> _Part:
    head = f'Content-Type: {kind}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable'
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    return _Part(head, b2a_qp(lines).replace(b"\n", b"\r\n"))


def _packed(kind: str, content: bytes) -> _Part:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64"
    return _Part(head, body_encode(content, eol="\r\n").encode("ascii"))


@lru_cache(maxsize=1024)
def _in_ascii(subject: str) -> str:
    """The subject as a header holds it: letters with accents as an encoded word, folded where it is long."""
    if len(subject.splitlines()) > 1:
        raise ValueError("a subject of more than one line")
    return Header(subject, None if subject.isascii() else "utf-8", header_name="Subject").encode(linesep="\r\n")


@lru_cache(maxsize=16)
def _mailbox(sender: str) -> str:
    """`Name <address>` as a header holds it."""
    return sanitize_address(sender)
