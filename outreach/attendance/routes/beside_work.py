"""What waits at a school without a case, as quiet counts on My work."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from outreach.accounts.actors import Actor
from outreach.attendance.queries.same_child import questions
from outreach.attendance.queries.waiting import waiting
from outreach.extensions import db
from outreach.web.beside_work import QuietCount
from outreach.web.filters import day


def what_waits(actor: Actor) -> Iterator[QuietCount]:
    """Who may be a child of a case, reasons to find, and kleuters the school follows itself who are still at risk."""
    asked = len(questions(db.session, actor))
    if asked:
        text = (
            _("1 kleuter of your report may be a child you follow in a case.")
            if asked == 1
            else _("%(count)s kleuters of your report may be children you follow in a case.", count=asked)
        )
        yield QuietCount(str(text), url_for("attendance.same_child"), str(_("The same child?")), "known")
    found, url = waiting(db.session, actor), url_for("attendance.marked")
    if found.to_find:
        text = (
            _("Of 1 kleuter at risk nobody knows yet why it is rarely there.")
            if found.to_find == 1
            else _("Of %(count)s kleuters at risk nobody knows yet why they are rarely there.", count=found.to_find)
        )
        yield QuietCount(str(text), url, str(_("Find out")), "question")
    if found.followed:
        on = day(found.as_of)
        text = (
            _("1 kleuter you follow without a case is still at risk in the report of %(day)s.", day=on)
            if found.followed == 1
            else _(
                "%(count)s kleuters you follow without a case are still at risk in the report of %(day)s.",
                count=found.followed,
                day=on,
            )
        )
        yield QuietCount(str(text), url, str(_("Look at them")), "care")
