"""Whatever stands in a list, every row is accounted for: rows = new + known + double + refused, in the database too."""

from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy.orm import Session

from outreach.cases.models import Case
from outreach.cases.queries.verify import case_checks
from outreach.children.models import Child
from outreach.database import transaction
from outreach.imports.models import Batch, BatchRow
from outreach.imports.queries import import_checks
from tests.ground.field import Field, make_field
from tests.imports.files import row
from tests.imports.loading import load, number_of_rows


def some_rows() -> st.SearchStrategy[list[list[Any]]]:
    """Rows that are often the same child, or nearly, and often wrong."""
    one = st.fixed_dictionaries(
        {
            "INSZ": st.sampled_from(["24030199910", "24030100052", "24.03.01-999.10", "", "onbekend", "24030199911"]),
            "Naam": st.sampled_from(["Safi", "SÁFI", "", "De Vos"]),
            "Voornaam": st.sampled_from(["Ayaan", "Kwame", ""]),
            "Geboortedatum": st.sampled_from(["01/03/2024", "1-3-2024", "2024-03-02", "31/02/2024", "", "01/01/2030"]),
            "Huisnummer": st.sampled_from(["171", "3", ""]),
            "Straat": st.sampled_from(["Sleepstraat", "sleepstr.", ""]),
            "NIS_code": st.sampled_from(["44021", "11002", "", "99999"]),
            "Gemeente": st.sampled_from(["Gent", "Antwerpen", ""]),
            "Referentiepersoon": st.sampled_from(["Grâce Safi", "Iemand Anders", ""]),
        }
    )
    return st.lists(one.map(lambda changes: row(**changes)), min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(lists=st.lists(some_rows(), min_size=1, max_size=3))
def test_every_row_is_accounted_for(session: Session, lists: list[list[list[Any]]]) -> None:
    field = _field(session)
    for rows in lists:
        before = number_of_rows(session, Child, Case, Batch, BatchRow)
        loaded = load(field, *rows)
        counts = loaded.counts
        assert counts["rows"] == len(rows)
        assert counts["rows"] == counts["new"] + counts["known"] + counts["double"] + counts["refused"]
        assert counts["outside"] <= counts["new"] + counts["known"]
        after = number_of_rows(session, Child, Case, Batch, BatchRow)
        if loaded.same_file:
            assert after == before
        else:
            grown = [now - then for now, then in zip(after, before, strict=True)]
            assert grown == [counts["new"], counts["cases_opened"], 1, len(rows)]
            assert counts["cases_opened"] == counts["new"]
    assert [check.key for check in [*case_checks(session), *import_checks(session)] if not check.ok] == []


def _field(session: Session) -> Field:
    with transaction(session):
        return make_field(session)
