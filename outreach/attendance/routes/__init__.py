"""The pages of attendance: what a school's reports say, to the school itself."""

from flask import Flask

from outreach.attendance.policy import BY_NAME, CONTACT
from outreach.attendance.routes import area, helped, marked, opening, pupil, same_child, school
from outreach.attendance.routes.beside_work import what_waits
from outreach.attendance.routes.blueprint import blueprint
from outreach.web.beside_work import add_to_my_work
from outreach.web.pages import add_to_navigation

PAGES = (school, pupil, marked, opening, helped, area, same_child)
"""Importing them put their pages on the blueprint."""


def register(app: Flask) -> None:
    """Give the application the pages of this room."""
    app.register_blueprint(blueprint)
    add_to_navigation("attendance.school", "Attendance", "school", frozenset({CONTACT}), place=20)
    add_to_navigation("attendance.marked", "Attendance", "school", frozenset({BY_NAME}), place=20)
    add_to_my_work(what_waits)
