"""The page behind a signed link: two taps, for one reference and step, nothing about a child. Without cookie or script.

Looking (GET, HEAD) looks nothing up, so a mail scanner that opens every link learns and changes nothing. The first tap
shows the question, the second gives the answer. Each form carries a key made for this link and this tap: who has the
link may answer, so there is no cookie for others to ride on.
"""

import logging
import re
from datetime import date
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from itsdangerous import BadSignature, URLSafeSerializer
from structlog import get_logger

from outreach.accounts import brakes
from outreach.cases.commands.answering import LONGEST, Answer, answer_link, open_link, possible_answers
from outreach.cases.queries.links import Asked, digest_of, find_asked, last_day
from outreach.cases.routes.blueprint import blueprint
from outreach.cases.words import label, outcome_label, refusal, step_label
from outreach.cases.workflow import General
from outreach.clock import today
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import csrf, db
from outreach.web.access import public
from outreach.web.filters import language

log = get_logger()

FIRST, SECOND = "first", "second"


@blueprint.get("/answer/<token>")
@public
def link(token: str) -> Response:
    """A page with one button, the same for every link there is or is not."""
    return _page("start", token, key=_key(token, FIRST))


@blueprint.post("/answer/<token>")
@public
def send_link_answer(token: str) -> Response:
    """The first tap shows the question, the second takes the answer; 429 for who tries many links that are none."""
    tap = _tap(token)
    if tap is None:
        return _page("start", token, 400, key=_key(token, FIRST))
    with transaction(db.session):
        wait, asked = _look_up(token)
    if wait:
        response = _page("wait", token, 429, seconds=wait)
        response.headers["Retry-After"] = str(wait)
        return response
    if asked is None or not asked.open:
        return _closed(token, asked)
    if tap == FIRST:
        return _opened(token, asked)
    return _answered(token, asked)


def _look_up(token: str) -> tuple[int, Asked | None]:
    """What the token asks; tries at links we never sent are counted by address, for all machines together."""
    address = request.remote_addr or ""
    who = brakes.caller(f"link {address}", address)
    wait = brakes.seconds_to_wait(db.session, who)
    if wait:
        return wait, None
    asked = find_asked(db.session, token)
    if asked is None:
        brakes.begin_attempt(db.session, who)
        log.warning("link_unknown")
    return 0, asked


def _opened(token: str, asked: Asked) -> Response:
    with transaction(db.session):
        open_link(db.session, asked)
    log.info("link_opened", link=asked.link_id)
    return _question(token, asked)


def _answered(token: str, asked: Asked) -> Response:
    chosen = request.form.get("answer", "")
    try:
        with transaction(db.session):
            answer_link(db.session, asked, Answer(chosen, _day(request.form.get("on", ""))))
    except Refused as error:
        if error.key == "link_gone":
            return _closed(token, find_asked(db.session, token))
        return _question(token, asked, refusal(error, language()), 422)
    log.info("link_answered", link=asked.link_id, answer=chosen)
    return _page("thanks", token, answer=_words(asked, chosen))


def _closed(token: str, asked: Asked | None) -> Response:
    """Answered, with the moment; taken back, expired or never sent look the same."""
    if asked is not None and asked.answered_at is not None:
        return _page("answered", token, at=asked.answered_at)
    return _page("gone", token, 410)


def _question(token: str, asked: Asked, fault: str = "", status: int = 200) -> Response:
    return _page(
        "question",
        token,
        status,
        key=_key(token, SECOND),
        reference=asked.reference,
        step=step_label(asked.process, asked.step, language()),
        asker=asked.asker,
        until=last_day(asked.expires_at),
        answers=[(each, _words(asked, each)) for each in possible_answers(asked)],
        not_yet=General.NOT_YET.value,
        chosen=request.form.get("answer"),
        on=request.form.get("on"),
        first=today(),
        last=today() + LONGEST,
        fault=fault,
    )


def _words(asked: Asked, answer: str) -> str:
    if answer in set(General):
        return label("link_answer", answer, language())
    return outcome_label(asked.process, asked.version, asked.step, answer, language())


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _page(name: str, token: str, status: int = 200, **shown: Any) -> Response:
    response = make_response(render_template(f"links/{name}.html", token=token, **shown), status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="signed-link")


def _key(token: str, tap: str) -> str:
    return str(_signer().dumps([tap, digest_of(token)]))


def _tap(token: str) -> str | None:
    """Which of the two forms was sent; None for one that this page did not make."""
    try:
        tap, digest = _signer().loads(request.form.get("form_key", ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(tap) if digest == digest_of(token) else None


_ADDRESS = re.compile(r"(/(?:answer|calendar)/)[A-Za-z0-9_-]+")


class WithoutTokens(logging.Filter):
    """No log of ours writes a token: the address of an answer, or of a calendar, ends at its slash."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, shortened."""
        record.msg = _shortened(record.msg)
        if isinstance(record.args, dict):
            record.args = {name: _shortened(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(_shortened(value) for value in record.args)
        return True


def _shortened(value: Any) -> Any:
    return _ADDRESS.sub(r"\1...", value) if isinstance(value, str) else value


def register(app: Flask) -> None:
    """Each form brings its own key, not the cookie's; and no token comes into the logs, the servers' included."""
    csrf.exempt(send_link_answer)
    for logger in (app.logger, *map(logging.getLogger, ("gunicorn.access", "gunicorn.error", "werkzeug"))):
        if not any(isinstance(each, WithoutTokens) for each in logger.filters):
            logger.addFilter(WithoutTokens())
