"""The pages of accounts: signing in and out, and the administration of people."""

from flask import Flask

from outreach.accounts import signed_in
from outreach.accounts.models import ADMINISTRATOR, TEAM_LEAD
from outreach.accounts.routes import feeds, people, reminders, settings, signing, substitutes, walking
from outreach.accounts.signed_in import language_of_request
from outreach.web.pages import add_to_navigation

__all__ = ["language_of_request", "register"]


def register(app: Flask) -> None:
    """Add sign-in and the people pages to the application."""
    signed_in.register(app)
    walking.register(app)
    for page in (signing, settings, reminders, feeds, people, substitutes, walking):
        app.register_blueprint(page.blueprint)
    add_to_navigation("people.index", "People", "people", frozenset({ADMINISTRATOR, TEAM_LEAD}), place=50)
