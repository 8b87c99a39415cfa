"""A child on a list again whose case was closed: decided in bulk, seen first, taken back."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.cases.commands.closing import close_track
from outreach.cases.models import Event, Proposal, Track
from outreach.database import transaction
from outreach.imports.models import DifferenceKind
from tests.cases.conftest import SignIn, sign_in
from tests.cases.undo.test_taking_back import all_facts
from tests.ground.field import Field
from tests.imports.deciding import AYAAN, LOU, NOOR, NOW, THEN, case_of, decide, field, ids_of, look, sound, undo
from tests.imports.files import row
from tests.imports.loading import READ, load

__all__ = ["field", "sign_in"]


def closed(session: Session, field: Field, names: tuple[str, ...], *, peace_until: date | None = None) -> None:
    """The cases of these children are closed in January: nobody was reached."""
    with clock.at(clock.moment_of(date(2027, 1, 12), 10)), transaction(session):
        for name in names:
            case = case_of(session, name)
            (track,) = session.scalars(select(Track).where(Track.case_id == case.id), execution_options=READ)
            close_track(session, case, track, key="not_reached", leave_in_peace_until=peace_until, by=field.coordinator)


def test_closed_cases_of_children_on_the_list_again_are_decided_at_once_and_taken_back(
    sign_in: SignIn, field: Field, session: Session
) -> None:
    """Two months after the end nobody opens the case any more; the list asks all the same."""
    load(field, row(**AYAAN), row(**NOOR), as_of=THEN)
    closed(session, field, ("Ayaan", "Noor"))
    with clock.at(clock.moment_of(date(2027, 3, 16), 10)):
        lies = sign_in(field.coordinator)
        batch_id = load(field, row(**AYAAN), row(**NOOR), row(**LOU), as_of=NOW).batch_id
        before = all_facts(session)
        session.rollback()
        decide(lies, session, batch_id, DifferenceKind.AGAIN, "reopen")
        session.rollback()
        assert {case_of(session, name).ended_at for name in ("Ayaan", "Noor")} == {None}
        sound(session)
        undo(lies, session, batch_id)
        session.expire_all()
        assert all_facts(session) == before
        decide(lies, session, batch_id, DifferenceKind.AGAIN, "keep")
        session.rollback()
        decided = select(Event.case_id).where(Event.kind == "proposal_decided")
        assert {case_of(session, name).id for name in ("Ayaan", "Noor")} <= set(
            session.scalars(decided, execution_options=READ)
        )
        answers = session.scalars(select(Proposal.answer), execution_options=READ)
        assert list(answers) == ["keep_closed", "keep_closed"]


def test_who_asked_to_be_left_in_peace_is_named_and_left(sign_in: SignIn, field: Field, session: Session) -> None:
    load(field, row(**AYAAN), row(**NOOR), as_of=THEN)
    closed(session, field, ("Ayaan",), peace_until=date(2027, 5, 1))
    closed(session, field, ("Noor",))
    with clock.at(clock.moment_of(date(2027, 3, 16), 10)):
        lies = sign_in(field.coordinator)
        batch_id = load(field, row(**AYAAN), row(**NOOR), row(**LOU), as_of=NOW).batch_id
        session.commit()
        said, kept = look(
            lies, batch_id, DifferenceKind.AGAIN, "reopen", ids_of(session, batch_id, DifferenceKind.AGAIN)
        )
        assert "1 dossier gaat weer open" in said
        assert "met rust" in said
        assert len(kept) == 1


def test_the_newest_list_asks_about_a_closed_case_and_the_one_before_no_longer(field: Field, session: Session) -> None:
    load(field, row(**AYAAN), as_of=THEN)
    closed(session, field, ("Ayaan",))
    with clock.at(clock.moment_of(date(2027, 3, 16), 10)):
        before = load(field, row(**AYAAN), row(**NOOR), as_of=NOW).batch_id
        assert len(ids_of(session, before, DifferenceKind.AGAIN)) == 1
        newest = load(field, row(**AYAAN), row(**NOOR), row(**LOU), as_of=NOW + timedelta(days=1)).batch_id
        assert len(ids_of(session, newest, DifferenceKind.AGAIN)) == 1
        assert ids_of(session, before, DifferenceKind.AGAIN) == []
