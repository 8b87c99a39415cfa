"""The post room: addresses, letters, lines and their delivery; it knows nobody."""

from flask import Flask
from flask_mail import Mail

from outreach.notifications import models, routes
from outreach.web.pages import add_to_navigation

__all__ = ["models", "register"]


def register(app: Flask) -> None:
    """Bind the room to the application: the outbox page, and Flask-Mail for writing letters."""
    Mail(app)
    app.register_blueprint(routes.blueprint)
    add_to_navigation("notifications.outbox", "Outbox", "outbox", frozenset(routes.ROLES))
