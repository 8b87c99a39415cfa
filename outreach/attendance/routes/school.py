"""The page of a school: its kleuters by class and age, what changed since the last report, the area beside it."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from outreach.accounts.models import Person
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.commands.sharing import share_counts
from outreach.attendance.models import SchoolReport
from outreach.attendance.policy import CONTACT, is_school
from outreach.attendance.queries.area import present_sharing
from outreach.attendance.queries.school import (
    Changes,
    Reported,
    Tally,
    area_average,
    changes,
    latest_reports,
    reported,
    tallies,
    tally,
)
from outreach.attendance.routes.blueprint import Page, blueprint
from outreach.attendance.words import standing_label
from outreach.database import transaction
from outreach.extensions import db
from outreach.partners.models import Organisation
from outreach.schoolyear import age_in, school_year_of
from outreach.web.access import allowed
from outreach.web.filters import language, moment

Shown = dict[str, Any]


@blueprint.get("/attendance")
@allowed(CONTACT)
def school() -> Page:
    """The newest report of one's own school."""
    actor = current_actor()
    if not is_school(actor) or actor.organisation_id is None:
        return render_template("attendance/school.html", school=None, report=None)
    log_reading(db.session, actor, f"school:{actor.organisation_id}")
    own = db.session.get_one(Organisation, actor.organisation_id)
    reports = latest_reports(db.session, actor, own.id)
    if not reports:
        return render_template("attendance/school.html", school=own.name, report=None)
    now = reported(db.session, actor, reports[0])
    return render_template(
        "attendance/school.html",
        school=own.name,
        report={"as_of": reports[0].as_of, "until": school_year_of(reports[0].as_of).start + 1},
        tiles=_tiles(tally(now)),
        all=_tally_shown(tally(now)),
        average=area_average(db.session, actor, reports[0]),
        classes=[_tally_shown(each) | {"label": name or _("no class told")} for name, each in _by_class(now)],
        ages=[_tally_shown(each) | {"label": _age(reports[0], year)} for year, each in _by_year(now)],
        changes=_changes_shown(changes(now, reported(db.session, actor, reports[1]))) if reports[1:] else None,
        before=reports[1].as_of if reports[1:] else None,
        sharing=_sharing(own.id),
    )


@blueprint.post("/attendance/sharing")
@allowed(CONTACT)
def share() -> Page:
    """Let who coordinates the area see the counts of one's school, or keep them inside again."""
    actor = current_actor()
    if is_school(actor) and actor.organisation_id is not None:
        shares = request.form.get("shares") == "yes"
        with transaction(db.session):
            share_counts(db.session, actor.organisation_id, shares=shares, by=actor)
        flash(
            _("Your counts are shown to who coordinates the area.") if shares else _("Your counts stay inside."),
            "success",
        )
    return redirect(url_for("attendance.school", _anchor="sharing"))


def _sharing(school_id: int) -> Shown:
    row = present_sharing(db.session, [school_id]).get(school_id)
    by = db.session.get_one(Person, row.by_id).name if row else ""
    return {
        "shares": row is not None and row.shares,
        "said": _("%(who)s, %(when)s", who=by, when=moment(row.at)) if row else "",
    }


def _by_class(now: Sequence[Reported]) -> list[tuple[str, Tally]]:
    return tallies(now, lambda each: each.presence.class_name)


def _by_year(now: Sequence[Reported]) -> list[tuple[int, Tally]]:
    return list(reversed(tallies(now, lambda each: each.pupil.born_year)))


def _age(report: SchoolReport, year: int) -> str:
    age = age_in(school_year_of(report.as_of), year)
    return str(_("born in %(year)s (%(age)s-year-olds)", year=year, age=age))


def _tally_shown(counted: Tally) -> Shown:
    return {
        "children": counted.children,
        "at_risk": counted.at_risk,
        "percent": counted.percent,
        "no_longer": counted.no_longer,
        "never": counted.never,
    }


def _tiles(counted: Tally) -> list[Shown]:
    return [
        {"number": counted.children, "label": _("kleuters in the report"), "icon": "person"},
        {
            "number": counted.at_risk,
            "label": _("at risk"),
            "icon": "late",
            "tone": "soon" if counted.at_risk else "plain",
        },
        {"number": counted.no_longer, "label": _("of these no longer attainable"), "icon": "flag"},
        {"number": counted.never, "label": _("never was attainable"), "icon": "info"},
    ]


def _changes_shown(found: Changes) -> list[Shown]:
    def names(those: Iterable[Reported], *, told: bool = False) -> list[Shown]:
        return [
            {
                "name": f"{one.name} ({standing_label(one.standing, language())})" if told else one.name,
                "url": url_for("attendance.pupil", pupil_id=one.pupil.id),
            }
            for one in those
        ]

    return [
        {"label": _("Better"), "icon": "fine", "tone": "fine", "names": names(found.better, told=True)},
        {"label": _("Worse"), "icon": "late", "tone": "late", "names": names(found.worse, told=True)},
        {"label": _("New in this report"), "icon": "new", "tone": "planned", "names": names(found.new)},
        {"label": _("No longer in it"), "icon": "moved", "tone": "plain", "names": names(found.left)},
    ]
