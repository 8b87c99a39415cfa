"""Collects what is said about one row while it is read."""

from typing import Any

from outreach.imports.findings import Finding
from outreach.imports.reading import ListFile, RawRow


class Remarks:
    """The faults and warnings of one row; fields are turned into the titles of this file."""

    def __init__(self, row: RawRow, list_file: ListFile) -> None:
        self._row_number = row.row_number
        self._list_file = list_file
        self.faults: list[Finding] = []
        self.warnings: list[Finding] = []

    def refuse(self, key: str, *fields: str, **data: Any) -> None:
        """A reason not to load the row."""
        self.faults.append(self._finding(key, fields, data))

    def warn(self, key: str, *fields: str, **data: Any) -> None:
        """Something to look at; the row is loaded."""
        self.warnings.append(self._finding(key, fields, data))

    def _finding(self, key: str, fields: tuple[str, ...], data: dict[str, Any]) -> Finding:
        return Finding(self._row_number, self._list_file.title(*fields), key, data)
