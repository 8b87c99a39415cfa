"""More than a hundred bad spreadsheets of both kinds: row and column named, good rows usable, never an accident."""

import html
import io
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from outreach.errors import Unreadable
from outreach.imports.checking import RefusedRow
from outreach.imports.judging import receive
from outreach.imports.participation import receive_files
from outreach.imports.reading import ListFile, read_list
from outreach.imports.reading.vocabulary import NOT_ENROLLED as LISTS, PARTICIPATION as REPORTS
from outreach.imports.words import refusal
from outreach.labels import LANGUAGES
from tests.cases.conftest import SignIn, Visitor, sign_in
from tests.ground.field import make_field
from tests.imports.bad import NOT_ENROLLED, Bad, bad_files
from tests.imports.files import AS_OF
from tests.imports.loading import agree
from tests.imports.test_pages import upload

__all__ = ["sign_in"]

FILES = bad_files()


def opened(bad: Bad) -> ListFile:
    return read_list(io.BytesIO(bad.content), "lijst.xlsx", LISTS if bad.kind == NOT_ENROLLED else REPORTS)


def judged(bad: Bad) -> tuple[int, int, list[RefusedRow]]:
    """Rows, good ones, and those refused."""
    if bad.kind == NOT_ENROLLED:
        found = receive(opened(bad), AS_OF).judged
        return found.rows, len(found.children) + len(found.doubles), found.refused
    (file,) = receive_files([opened(bad)], AS_OF).files
    return file.rows, file.taken, file.refused


def test_there_are_at_least_a_hundred_distinct_ones_of_both_kinds() -> None:
    distinct = {(bad.kind, bad.content) for bad in FILES.values()}
    assert len(distinct) >= 100
    assert min(sum(kind == one for kind, _ in distinct) for one in ("not-enrolled", "participation")) >= 50


@pytest.mark.parametrize("name", [name for name, bad in FILES.items() if not bad.unreadable])
def test_row_and_column_are_named_and_good_rows_are_read(name: str) -> None:
    rows, good, refused = judged(FILES[name])
    faults = {(one.row_number, fault.column, fault.key) for one in refused for fault in one.faults}
    assert faults == set(FILES[name].refused)
    assert good == FILES[name].good
    assert rows == good + len(refused)
    for one in refused:
        for fault in one.faults:
            for language in LANGUAGES:
                assert fault.wrong(language).strip()
                assert "{" not in fault.wrong(language) + fault.todo(language)


@pytest.mark.parametrize("name", [name for name, bad in FILES.items() if bad.unreadable])
def test_what_is_no_list_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Unreadable) as error:
        judged(FILES[name])
    assert error.value.key == FILES[name].unreadable
    for language in LANGUAGES:
        assert "lijst.xlsx" in str(refusal(error.value, language))


def test_every_bad_list_is_answered_with_a_page(sign_in: SignIn, session: Session, tmp_path: Path) -> None:
    field = make_field(session, nis=("44021",))
    agree(field)
    lies: Visitor = sign_in(field.coordinator)
    for name, bad in FILES.items():
        if bad.kind != NOT_ENROLLED:
            continue
        answer = upload(lies, bad.content)
        assert answer.status_code in (302, 422), name
        if answer.status_code == 302:
            page = lies.open(answer.location)
            assert page.status_code == 200, name
            said = html.unescape(page.text)
            asked = answer.location.endswith("/columns")
            assert asked or all(column in said for _, column, _ in bad.refused), name
