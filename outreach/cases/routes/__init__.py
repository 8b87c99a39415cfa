"""The pages of cases: My work, a case, its reports, and everything else one can say about it."""

from flask import Flask

from outreach.cases.queries.mail_near import addresses_near
from outreach.cases.routes import (
    agreeing,
    answers,
    area,
    calendars,
    case,
    conflict_inbox,
    entering,
    family,
    home,
    households,
    ladders,
    leaving,
    letters,
    links,
    merging,
    offline,
    parents,
    processes,
    reports,
    school_contacts,
    search,
    steps,
    transfers,
    visit_kept,
    visits,
    waves,
    year_end,
)
from outreach.cases.routes.blueprint import WORKING, blueprint
from outreach.cases.workflow import processes as all_processes
from outreach.web.pages import add_to_navigation

PAGES = (
    home,
    case,
    visits,
    visit_kept,
    reports,
    steps,
    agreeing,
    family,
    area,
    entering,
    waves,
    households,
    merging,
    ladders,
    leaving,
    transfers,
    offline,
    conflict_inbox,
    processes,
    parents,
    letters,
    links,
    answers,
    calendars,
    search,
    school_contacts,
    year_end,
)
"""Importing them put their pages on the blueprint."""


def register(app: Flask) -> None:
    """Give the application the pages of this room."""
    app.register_blueprint(blueprint)
    app.extensions["step_label"] = all_processes().step_label  # for rooms below, which show a mail but know no steps
    app.extensions["mail_near"] = addresses_near  # nor who looks after whose mail
    search.register(app)
    answers.register(app)
    add_to_navigation("cases.my_work", "My work", "work", frozenset(WORKING), place=10)
    add_to_navigation("cases.areas", "Area", "area", frozenset(area.ROLES), place=20)
