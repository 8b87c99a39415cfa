"""Files into rows: whatever program wrote the list, in whatever order its columns stand."""

from outreach.imports.reading.headers import AS_FOUND, Choice
from outreach.imports.reading.lists import ListFile, guess_list, read_list
from outreach.imports.reading.rows import Cell, CellError, RawRow

__all__ = ["AS_FOUND", "Cell", "CellError", "Choice", "ListFile", "RawRow", "guess_list", "read_list"]
