"""The page of one kleuter: its school year as a picture, presence against each threshold, a sheet for its parents."""

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _

from outreach import labels
from outreach.accounts.reading import log_reading
from outreach.accounts.signed_in import current_actor
from outreach.attendance.models import Pupil
from outreach.attendance.policy import BY_NAME, CONTACT
from outreach.attendance.queries.earlier_year import EarlierYear, earlier_year
from outreach.attendance.queries.pupil import PupilYear, find_pupil, year_of
from outreach.attendance.queries.same_child import recognised
from outreach.attendance.routes.blueprint import Page, blueprint
from outreach.attendance.routes.chart_shown import chart_shown
from outreach.attendance.routes.outlooks_shown import Shown, needs_clb, outlooks_shown, standing_shown
from outreach.attendance.routes.picture_shown import picture_shown
from outreach.attendance.words import SHEET_LANGUAGES, sheet_words
from outreach.extensions import db
from outreach.partners.models import Organisation
from outreach.schoolyear import age_in
from outreach.web.access import allowed
from outreach.web.filters import language


@blueprint.get("/attendance/pupils/<int:pupil_id>")
@allowed(CONTACT, BY_NAME)
def pupil(pupil_id: int) -> Page:
    """One kleuter of one's own school."""
    found, seen = _see(pupil_id)
    return render_template(
        "attendance/pupil.html",
        pupil=_head(found, seen),
        year=seen and {"start": seen.year.start, "end": seen.year.start + 1, "as_of": seen.report.as_of},
        standing=seen and standing_shown(seen, language()),
        clb=needs_clb(seen) if seen else 0,
        earlier=seen and _earlier(found, seen),
        outlooks=outlooks_shown(seen, language()) if seen else [],
        picture=seen and picture_shown(seen, language()),
        chart=seen and chart_shown(seen, language()),
        sheet_url=url_for("attendance.sheet", pupil_id=found.id),
    )


@blueprint.get("/attendance/pupils/<int:pupil_id>/sheet")
@allowed(CONTACT, BY_NAME)
def sheet(pupil_id: int) -> Page:
    """The same for its parents: pictures first, one A4, in a language one chooses."""
    found, seen = _see(pupil_id)
    if seen is None:
        return render_template("attendance/pupil.html", pupil=_head(found, seen), year=None)
    asked = request.args.get("language", "")
    spoken = asked if asked in SHEET_LANGUAGES else language()
    head, standing = _head(found, seen), standing_shown(seen, spoken)
    return render_template(
        "attendance/sheet.html",
        pupil=head,
        back_url=url_for("attendance.pupil", pupil_id=found.id),
        school=db.session.get_one(Organisation, found.school_id).name,
        spoken=spoken,
        words=_words(spoken, str(head["first_name"]), standing, _earlier(found, seen)),
        choices=[(each, url_for("attendance.sheet", pupil_id=found.id, language=each)) for each in SHEET_LANGUAGES],
        standing=standing,
        earlier=_earlier(found, seen),
        picture=picture_shown(seen, spoken, apart=False),
    )


def _earlier(found: Pupil, seen: PupilYear) -> EarlierYear | None:
    """What is sure of the year before."""
    return earlier_year(db.session, current_actor(), found, seen.year)


def _words(spoken: str, name: str, standing: Shown, earlier: EarlierYear | None) -> dict[str, str]:
    outlook = standing["outlook"] or {"needed": 0, "wanted": 0}
    return sheet_words(
        spoken,
        name=name,
        day=labels.day(standing["as_of"], spoken),
        present=standing["present"],
        possible=standing["possible"],
        left=standing["left"],
        count=outlook["needed"],
        wanted=outlook["wanted"],
        before=earlier.counted if earlier else 0,
        before_wanted=earlier.wanted if earlier else 0,
    )


def _see(pupil_id: int) -> tuple[Pupil, PupilYear | None]:
    """The kleuter, whose reading is noted; somebody else's does not exist."""
    actor = current_actor()
    if find_pupil(db.session, actor, pupil_id) is None:
        abort(404)
    log_reading(db.session, actor, f"pupil:{pupil_id}")
    found = find_pupil(db.session, actor, pupil_id)
    if found is None:
        abort(404)
    return found, year_of(db.session, actor, found)


def _head(found: Pupil, seen: PupilYear | None) -> dict[str, object]:
    about = []
    if seen and seen.presence.class_name:
        about.append(_("class %(name)s", name=seen.presence.class_name))
    about.append(_("born in %(year)s", year=found.born_year))
    return {
        "name": f"{found.first_name} {found.last_name}".strip(),
        "first_name": found.first_name or found.last_name,
        "about": about,
        "age": age_in(seen.year, found.born_year) if seen else None,
        "still_there": seen.still_there if seen else False,
        "recognised": any(each.pupil.id == found.id for each in recognised(db.session, current_actor())),
    }
