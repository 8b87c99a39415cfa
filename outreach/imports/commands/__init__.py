"""What changes when a list comes in: looking at it first, loading it, and taking back a number."""

from outreach.imports.commands.loading import Terms, load_list, look_at_list
from outreach.imports.commands.previewing import load_preview, preview_list

__all__ = ["Terms", "load_list", "load_preview", "look_at_list", "preview_list"]
