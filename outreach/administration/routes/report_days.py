"""Days on which an area has its participation reports: each change after seeing which dates move."""

from flask import abort
from flask_babel import gettext as _

from outreach.administration import policy
from outreach.administration.commands import days as commands
from outreach.administration.forms.days import ReportDayForm
from outreach.administration.forms.organisations import NothingForm
from outreach.administration.routes.blueprint import Page, area_of, blueprint, in_area, see_area
from outreach.administration.routes.changing import Changing, answer
from outreach.extensions import db
from outreach.partners.models import Area, ReportDay
from outreach.web.access import allowed
from outreach.web.filters import day as written


@blueprint.route("/areas/<key>/report-days/add", methods=["GET", "POST"])
@allowed(*policy.OF_AREAS)
def expect_reports(key: str) -> Page:
    """One more day on which reports are there."""
    return answer(lambda: _adding(see_area(key)))


def _adding(area: Area) -> Changing:
    form = ReportDayForm()
    return Changing(
        **in_area(area),
        title=_("Day of participation reports"),
        form=form,
        do=lambda by: commands.expect_reports(db.session, area, **form.days, by=by),
        done=_("The day is noted."),
        submit=_("Add this day"),
        remarks=[
            _(
                "Who follows a child is asked how it goes before the next report is there. Once a school year has a "
                "day of its own, the usual days no longer count in it: note them all."
            )
        ],
    )


@blueprint.route("/report-days/<int:day_id>/remove", methods=["GET", "POST"])
@allowed(*policy.OF_AREAS)
def expect_no_reports(day_id: int) -> Page:
    """There are none on this day after all."""
    return answer(lambda: _removing(day_id))


def _removing(day_id: int) -> Changing:
    found = db.session.get(ReportDay, day_id)
    if found is None:
        abort(404)
    area = area_of(found.area_id)
    return Changing(
        **in_area(area),
        title=_("No reports on %(day)s", day=written(found.on)),
        form=NothingForm(),
        about=f"report_day:{found.id}",
        do=lambda by: commands.expect_no_reports(db.session, area, found, by=by),
        done=_("The day is removed."),
        submit=_("Remove this day"),
        remarks=[_("In a school year without any day of its own the usual days hold again.")],
        tone="danger",
    )
