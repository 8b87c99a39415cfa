"""A child died: everything about it stops the same minute."""

from datetime import date

from sqlalchemy.orm import Session

from outreach.cases.commands.reporting import report_outcome
from outreach.cases.queries.case_page import case_scene
from outreach.cases.queries.verify import case_checks
from outreach.children.models import Child
from tests.cases.commands.test_one_child import READ, last_step
from tests.ground.field import make_field


def test_every_track_ends_and_the_family_card_no_longer_names_the_child(session: Session) -> None:
    """Lies hears it at intake; the sister's page shows the sister alone."""
    field = make_field(session)
    brother, sister = field.case("Noah", date(2022, 3, 10)), field.case("Nora", date(2023, 6, 10))
    children = [session.get_one(Child, case.child_id, execution_options=READ) for case in (brother, sister)]
    children[0].household_id = children[1].household_id
    session.flush()
    report_outcome(session, brother, last_step(session, brother), outcome="died", facts={}, by=field.coordinator)
    session.flush()
    assert children[0].died_on == date(2026, 12, 15)
    assert brother.ended_at is not None
    scene = case_scene(session, field.coordinator, sister)
    assert [relative.child.first_name for relative in scene.relatives] == ["Nora"]
    assert [each for each in case_checks(session) if not each.ok] == []
