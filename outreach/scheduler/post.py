"""Putting the post room to work: the installation's mail server, sender and step labels in one place."""

from collections.abc import Callable
from typing import Protocol

from structlog import get_logger

from outreach.cases.queries.still_true import dead_lines
from outreach.cases.workflow.loading import processes
from outreach.errors import Unsound
from outreach.extensions import db
from outreach.notifications.delivery import Tally, deliver
from outreach.notifications.letters import Office
from outreach.notifications.transport import MailServer, ServerDownError, Transport
from outreach.notifications.words import WORDS as POST

log = get_logger()


class PostSettings(Protocol):
    """The part of an installation's settings that the post needs."""

    @property
    def smtp_url(self) -> str | None: ...
    @property
    def mail_strict(self) -> bool: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def training(self) -> bool: ...


def deliver_due(settings: PostSettings, *, stopping: Callable[[], bool] = lambda: False) -> Tally:
    """One pass over the outbox with this installation's settings, in an application context.

    Raises Unsound: `mail_server_missing` when none is set (the queue is left untouched), or a malformed address.
    """
    transport, office = mail_transport(settings), office_of(settings)
    return deliver(db.sessionmaker, transport, office, dead_lines=dead_lines, stopping=stopping)


def office_of(settings: PostSettings) -> Office:
    """What this installation's letters have in common."""
    return Office(settings.mail_from, settings.base_url, _label_in_mail)


def _label_in_mail(process: str, step: str, language: str) -> str:
    """The name of a step; what is asked of a partner beside it (costs, toilet training) tells too much to be mailed."""
    known = processes()
    return POST.text("side_step", language) if known.is_side(step) else known.step_label(process, step, language)


def mail_transport(settings: PostSettings) -> Transport:
    """The way to the mail server of these settings; in training to this machine only. Raises Unsound."""
    if settings.smtp_url is None:
        raise Unsound("mail_server_missing", name="OUTREACH_SMTP_URL")
    server = MailServer.parse(settings.smtp_url, loopback_only=settings.training, strict=settings.mail_strict)
    return Transport(server)


def refuse_unusable_server(settings: PostSettings) -> None:
    """Where OUTREACH_MAIL_STRICT is set, nothing starts without a way to the mail server that can be trusted.

    Raises Unsound when none is set or it cannot be read; ServerDownError when its certificate is not valid or it does
    not want us. A server that is merely away now is only told of.
    """
    if not settings.mail_strict:
        return
    try:
        mail_transport(settings).check()
    except ServerDownError as down:
        if down.error != "server_unreachable":
            raise
        log.warning("mail_server_down", error=down.error, code=down.code, letters=0)
