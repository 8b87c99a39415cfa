"""Lists over the web: upload, preview, confirm, receipt."""

from flask import Flask


def register(app: Flask) -> None:
    """Give the application the pages of this room."""
