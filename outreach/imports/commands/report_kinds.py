"""What schools report: totals of half days, or absences by day; each is read, looked at and loaded in its own way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from outreach.imports.absences import receive_days
from outreach.imports.commands.loading_absences import load_absences, look_at_absences
from outreach.imports.commands.loading_reports import LoadedReports, load_reports, look_at_reports
from outreach.imports.models import ABSENCES, PARTICIPATION
from outreach.imports.participation import ReportFile, receive_files
from outreach.imports.reading import ListFile


class ReadReports(Protocol):
    """Reports of either kind that were read: their files, and their schools by number."""

    @property
    def files(self) -> Sequence[ReportFile]: ...
    @property
    def schools(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class ReportKind:
    """How one kind is read (raises Unreadable), looked at, and loaded."""

    receive: Callable[[Iterable[ListFile], date], Any]
    look: Callable[..., LoadedReports]
    load: Callable[..., LoadedReports]


KINDS: Mapping[str, ReportKind] = {
    PARTICIPATION: ReportKind(receive_files, look_at_reports, load_reports),
    ABSENCES: ReportKind(receive_days, look_at_absences, load_absences),
}
