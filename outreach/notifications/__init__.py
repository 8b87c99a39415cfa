"""The post room: addresses, letters, lines and their delivery; it knows nobody."""

from flask import Flask

from outreach.notifications import models

__all__ = ["models", "register"]


def register(app: Flask) -> None:
    """Bind the room to the application."""
