"""Files into rows: whatever program wrote the list, in whatever order its columns stand."""

from outreach.imports.reading.lists import ListFile, read_list
from outreach.imports.reading.rows import Cell, CellError, RawRow

__all__ = ["Cell", "CellError", "ListFile", "RawRow", "read_list"]
