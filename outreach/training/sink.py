"""A mail server for this machine alone: what Outreach sends ends here, as files one can read."""

import json
import socket
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

LEDGER = "ledger.jsonl"
"""One line per mail, in the order they came in: what a list of mails needs."""


class Sink:
    """Takes every mail, for whomever, and keeps it in `folder`; `port` is a free one of the system's choosing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._count = max((int(file.stem) for file in folder.glob("*.eml") if file.stem.isdigit()), default=0)
        self._controller: _OnFreePort | None = None

    @property
    def url(self) -> str:
        """The value for OUTREACH_SMTP_URL, once started."""
        if self._controller is None:
            raise RuntimeError("the sink does not listen yet")
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        """Listen."""
        self._controller = _OnFreePort(self)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening; what came in stays."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)

    def empty(self) -> None:
        """Throw away the mails of a world that is made anew."""
        for file in self._folder.iterdir():
            if file.suffix == ".eml" or file.name == LEDGER:
                file.unlink()
        self._count = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.keep(envelope.original_content or b"", [str(address) for address in envelope.rcpt_tos])
        return "250 OK"

    def keep(self, content: bytes, recipients: list[str]) -> None:
        """Write the mail, then its line in the ledger: a line never points to a mail that is not there."""
        self._count += 1
        name = f"{self._count:06d}"
        (self._folder / f"{name}.eml").write_bytes(content)
        headers = message_from_bytes(content, policy=policy.default)
        line = {
            "id": name,
            "to": recipients,
            "subject": str(headers["subject"] or ""),
            "date": str(headers["date"] or ""),
        }
        with (self._folder / LEDGER).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(line, ensure_ascii=False) + "\n")


class _OnFreePort(Controller):
    """aiosmtpd's server on a socket that listens from the start."""

    def __init__(self, handler: Sink) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self._socket.getsockname()[1])

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket)

    def _trigger_server(self) -> None:
        """The socket listens already: nobody need call on it."""
        self._factory_invoker()
