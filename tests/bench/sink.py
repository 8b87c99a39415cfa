"""A mail server in a process of its own that takes everything and keeps nothing, and the barest way to feed it."""

import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.training.test_run import free_port


@dataclass(frozen=True)
class Mail:
    """One mail as it goes out."""

    id: int
    address: str
    source: bytes


@contextmanager
def sink() -> Iterator[int]:
    """The port of aiosmtpd's own command, running."""
    port = free_port()
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def send_barely(port: int, mails: Sequence[Mail], mark: Callable[[int], None]) -> None:
    """One connection, mails that are written already, `mark` after each."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        for mail in mails:
            server.sendmail("outreach@example.test", [mail.address], mail.source)
            mark(mail.id)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=30).quit()
        except ConnectionRefusedError:
            continue
        return
    raise AssertionError("the mail server ended")
