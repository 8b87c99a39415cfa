"""`outreach import --kind participation` and `--kind absences`: reports of schools, who miss their threshold."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

from outreach.accounts.actors import builtin
from outreach.cli import named
from outreach.cli.asked import Asked, OnlyLooked, say_day, say_refused
from outreach.cli.console import LANGUAGE, answer
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.absences import receive_days
from outreach.imports.commands.loading_absences import load_absences
from outreach.imports.commands.loading_reports import LoadedReports, ReportTerms, load_reports
from outreach.imports.models import ABSENCES, PARTICIPATION
from outreach.imports.participation import ReportFile, receive_files
from outreach.imports.words import word


def import_reports(asked: Asked) -> bool:
    """Load all files of reports together: whether an agreement covers them. The counts are the importer's receipt."""
    reports = receive_files(asked.lists(PARTICIPATION), asked.as_of)
    return _import(asked, PARTICIPATION, reports.files, partial(load_reports, reports=reports))


def import_absences(asked: Asked) -> bool:
    """The same for absences by day."""
    days = receive_days(asked.lists(ABSENCES), asked.as_of)
    return _import(asked, ABSENCES, days.files, partial(load_absences, days=days))


def _import(asked: Asked, kind: str, files: Sequence[ReportFile], load: Callable[..., LoadedReports]) -> bool:
    say_day(asked.as_of)
    with suppress(OnlyLooked), transaction(db.session) as session:
        area = named.area(session, asked.area_key)
        agreement = asked.agreement(session, area, kind)
        terms = ReportTerms(area, asked.as_of, area.coordinator_id, agreement)
        loaded = load(session, terms=terms, by=builtin(session, "console"))
        if asked.dry_run:
            raise OnlyLooked
    for file in files:
        say_refused(file.refused)
    data = loaded.answer() | ({"loaded": False} if asked.dry_run else {})
    answer(asked.as_json, data, _in_words(loaded, kept=bool(data["loaded"])))
    return agreement is not None


def _in_words(loaded: LoadedReports, *, kept: bool) -> Iterable[str]:
    data = loaded.answer()
    yield word("console.reports", LANGUAGE, **data)
    for school in data["schools"]:
        yield word("console.school", LANGUAGE, **school)
    if loaded.same_file:
        yield word("console.same_file", LANGUAGE, batch=loaded.batches[0])
    else:
        yield word("console.reports_loaded" if kept else "console.dry_run", LANGUAGE)
