"""The pages of administration: organisations and areas."""

from flask import Flask

from outreach.accounts.models import ADMINISTRATOR
from outreach.administration import policy
from outreach.administration.routes import agreements, areas, closings, organisations, report_days, windows
from outreach.administration.routes.blueprint import blueprint
from outreach.web.pages import add_to_navigation

PAGES = (organisations, areas, closings, windows, report_days, agreements)
"""Importing them put their pages on the blueprint."""


def register(app: Flask) -> None:
    """Give the application the pages of this room."""
    app.register_blueprint(blueprint)
    keepers = frozenset(policy.OF_ORGANISATIONS) - {policy.COORDINATOR}  # who finds all of it behind the area
    add_to_navigation("administration.organisations", "Organisations", "building", keepers, place=60)
    add_to_navigation("administration.areas", "Areas", "area", frozenset({ADMINISTRATOR}), place=62)
