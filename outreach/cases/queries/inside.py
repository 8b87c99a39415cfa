"""The reads a command does on the case it was handed, which somebody fetched as visible or opened just now."""

from outreach.database import seen_by

INSIDE = seen_by("command: the case was fetched as visible, or opened, in this transaction")
"""Execution options of such a read."""
