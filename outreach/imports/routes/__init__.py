"""Lists over the web: upload, preview, confirm, receipt, and the refused rows as a file."""

from flask import Flask

from outreach.imports.routes import (
    accounting,
    columns,
    deciding,
    differences,
    downloads,
    jobs,
    proposed,
    receipts,
    remembering,
    report_uploads,
    reports,
    running,
    running_receipts,
    running_words,
    taking_back,
    uploads,
)
from outreach.imports.routes.blueprint import ROLE, blueprint
from outreach.web.pages import add_to_navigation

PAGES = (
    uploads,
    columns,
    receipts,
    downloads,
    deciding,
    differences,
    proposed,
    accounting,
    reports,
    report_uploads,
    remembering,
    jobs,
    running,
    running_receipts,
    running_words,
    taking_back,
)
"""Importing them put their pages on the blueprint."""


def register(app: Flask) -> None:
    """Give the application the pages of this room."""
    app.register_blueprint(blueprint)
    add_to_navigation("imports.batches", "Lists", "import", frozenset({ROLE}), place=30)
