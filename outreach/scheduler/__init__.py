"""The clock: which job has its turn when, and that each turn is taken once."""

from flask import Flask

from outreach.scheduler import models

__all__ = ["models", "register"]


def register(_app: Flask) -> None:
    """The clock has a table and no pages; `outreach scheduler` makes it tick."""
