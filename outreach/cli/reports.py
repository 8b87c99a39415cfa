"""`outreach import --kind participation`: the reports of schools, and how many kleuters miss their threshold."""

from collections.abc import Iterable
from contextlib import suppress

from outreach.accounts.actors import builtin
from outreach.cli import named
from outreach.cli.asked import Asked, OnlyLooked, say_day, say_refused
from outreach.cli.console import LANGUAGE, answer
from outreach.database import transaction
from outreach.extensions import db
from outreach.imports.commands.loading_reports import LoadedReports, ReportTerms, load_reports
from outreach.imports.models import PARTICIPATION
from outreach.imports.participation import receive_files
from outreach.imports.reading import read_list
from outreach.imports.reading.vocabulary import PARTICIPATION as TITLES
from outreach.imports.words import word


def import_reports(asked: Asked) -> bool:
    """Load all files together: whether an agreement covers them. The counts are the importer's receipt."""
    reports = receive_files([read_list(file, vocabulary=TITLES) for file in asked.files], asked.as_of)
    say_day(asked.as_of)
    with suppress(OnlyLooked), transaction(db.session) as session:
        area = named.area(session, asked.area_key)
        agreement = asked.agreement(session, area, PARTICIPATION)
        terms = ReportTerms(area, asked.as_of, area.coordinator_id, agreement)
        loaded = load_reports(session, reports, terms, by=builtin(session, "console"))
        if asked.dry_run:
            raise OnlyLooked
    for file in reports.files:
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
