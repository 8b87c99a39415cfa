"""Mail as one wants it, and being away: two pages everybody has for themselves."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from outreach import clock, labels
from outreach.accounts import commands, mail_choices, queries
from outreach.accounts.forms import AwayForm, MailForm, away_form, mail_form
from outreach.accounts.models import ADMINISTRATOR, Person, Substitution
from outreach.accounts.signed_in import current_actor
from outreach.accounts.words import refusal
from outreach.database import transaction
from outreach.errors import Refused
from outreach.extensions import db
from outreach.notifications.queries import last_mails
from outreach.notifications.words import WORDS as POST
from outreach.partners.hours import MONDAY_TO_FRIDAY, Hours, hours_on
from outreach.partners.models import Organisation
from outreach.schoolyear import Counter, SchoolCalendar
from outreach.web.access import allowed
from outreach.web.filters import language, moment

blueprint = Blueprint("reminders", __name__)

Page = str | Response | tuple[str, int]

_OF_AREAS = ("coordinator", ADMINISTRATOR)
"""Who sees when the reminders of an area go."""


@blueprint.get("/settings/reminders")
@allowed()
def index() -> Page:
    """What is chosen now, in words, and the last mails that came of it."""
    return _page(_person(), mail_form(_person(), _hours()))


@blueprint.post("/settings/reminders")
@allowed()
def change() -> Page:
    """Keep the choice."""
    form = mail_form(_person(), _hours())
    if form.validate():
        try:
            _choose(form)
            return redirect(url_for("reminders.index"))
        except Refused as error:
            form.form_errors.append(refusal(error, language()) or error.key)
    return _page(_person(), form), 400


def _choose(form: MailForm) -> None:
    with transaction(db.session):
        mail_choices.choose_mail(
            db.session,
            person=_person(),
            days=form.chosen_days,
            only_late=form.rhythm.data == "late",
            hour=int(form.hour.data),
            plain=form.plain.data,
            praise=form.praise.data,
            by=current_actor(),
        )
    flash(_("Saved."), "success")


@blueprint.get("/settings/away")
@allowed()
def away() -> Page:
    """When one is away, who stands in, and the form for another time."""
    return _away_page(away_form(_colleagues()))


@blueprint.post("/settings/away")
@allowed()
def add_away() -> Page:
    """Be away, with somebody who sees the work and gets the mail."""
    form = away_form(_colleagues())
    if form.validate():
        try:
            _leave(form)
            return redirect(url_for("reminders.away"))
        except Refused as error:
            form.form_errors.append(refusal(error, language()) or error.key)
    return _away_page(form), 400


def _leave(form: AwayForm) -> None:
    actor = current_actor()
    if form.from_on.data is None or form.until_on.data is None or actor.organisation_id is None:
        abort(400)
    with transaction(db.session):
        commands.add_substitution(
            db.session,
            person=_person(),
            substitute=db.session.get_one(Person, form.substitute.data),
            organisation=db.session.get_one(Organisation, actor.organisation_id),
            from_on=form.from_on.data,
            until_on=form.until_on.data,
            by=actor,
        )
    flash(_("Your absence is noted. Enjoy it."), "success")


@blueprint.post("/settings/away/<int:substitution_id>/remove")
@allowed()
def back(substitution_id: int) -> Page:
    """Back again, or not away after all."""
    with transaction(db.session):
        found = db.session.get(Substitution, substitution_id)
        if found is None or found.person_id != current_actor().person_id:
            abort(404)
        commands.remove_substitution(db.session, substitution=found, by=current_actor())
    flash(_("Welcome back. Your work and your mail come to you again."), "success")
    return redirect(url_for("reminders.away"))


def _person() -> Person:
    return db.session.get_one(Person, current_actor().person_id)


def _hours() -> Hours:
    organisation_id = current_actor().organisation_id
    return hours_on(db.session, clock.today()).get(organisation_id or 0, Hours())


def _colleagues() -> list[tuple[int, str]]:
    """Who could stand in, in the organisation one works for now."""
    actor = current_actor()
    if actor.organisation_id is None:
        return []
    team = queries.members(db.session, actor.organisation_id, on=clock.today())
    return sorted({row.person_id: row.person.name for row in team if row.person_id != actor.person_id}.items())


def _page(person: Person, form: MailForm) -> str:
    return render_template(
        "accounts/reminders.html",
        form=form,
        says=_says(person),
        ladders_url=url_for("cases.ladders") if current_actor().role in _OF_AREAS else None,
        mails=[_shown(row) for row in last_mails(db.session, person.email or "", count=5)],
    )


def _shown(row: Any) -> dict[str, str]:
    at = row.sent_at or row.failed_at or row.queued_at
    return {
        "kind": POST.text(f"kind_of_mail.{row.kind}", language()),
        "state": POST.text(f"state.{row.state}", language()),
        "at": moment(at),
    }


def _says(person: Person) -> str:
    """The present choice as a sentence."""
    hours = _hours()
    hour = min(
        max(person.digest_hour if person.digest_hour is not None else hours.opens, hours.opens), hours.closes - 1
    )
    days = _("every working day") if person.digest_days is None else _day_names(person.digest_days)
    said = {"hour": hour, "days": days, "next": labels.day(_next_day(person), language())}
    if person.digest_only_late:
        late: str = _(
            "At most one mail a day, at %(hour)s o'clock on %(days)s, and only when something is late.", **said
        )
        return late
    new: str = _(
        "At most one mail a day, at %(hour)s o'clock on %(days)s, and only when there is something new."
        " The next one can come on %(next)s.",
        **said,
    )
    return new


def _day_names(days: Sequence[int]) -> str:
    names = [labels.weekday(day, language()) for day in days]
    if len(names) == 1:
        return names[0]
    both: str = _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])
    return both


def _next_day(person: Person) -> Any:
    calendar, day = SchoolCalendar(), clock.today() + timedelta(days=1)
    while not calendar.counts(day, Counter.WORKING_DAYS) or day.weekday() not in (
        person.digest_days or MONDAY_TO_FRIDAY
    ):
        day += timedelta(days=1)
    return day


def _away_page(form: AwayForm) -> str:
    today = clock.today()
    rows = [
        {
            "substitute": row.substitute.name,
            "organisation": row.organisation.name,
            "from_on": row.from_on,
            "until_on": row.until_on,
            "now": row.from_on <= today,
            "end_url": url_for("reminders.back", substitution_id=row.id),
        }
        for row in mail_choices.absences(db.session, current_actor().person_id, on=today)
    ]
    return render_template("accounts/away.html", absences=rows, form=form)
