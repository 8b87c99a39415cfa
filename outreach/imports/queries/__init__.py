"""What one can ask about lists: what a list would bring, what came of it, and whether every account adds up."""

from outreach.imports.queries.adding_up import import_checks

__all__ = ["import_checks"]
