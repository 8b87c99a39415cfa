"""Closing days and windows on the page: first which open dates move, then exactly those, said in each case."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.administration.commands import days as commands
from outreach.administration.commands.moving import Preview, ToConfirm, move_dates
from outreach.administration.models import PartnerChange
from outreach.cases.models import Event, Step
from outreach.cases.queries.verify import case_checks
from outreach.database import seen_by
from outreach.partners.models import Closing, RegistrationWindow
from tests.administration.conftest import CLOSED, Enter, confirm, days, moves
from tests.cases.routes.conftest import Filled, Visitor, at_school_choice
from tests.ground.field import Field

READ = seen_by("test")
ADD = "/administration/areas/gent/closings/add"

Dates = dict[int, tuple[date | None, date | None]]


def dates(session: Session) -> Dates:
    """Both dates of every step, as the database has them now."""
    session.rollback()
    rows = session.execute(select(Step.id, Step.aim_on, Step.too_late_on), execution_options=READ).all()
    session.rollback()
    return {row[0]: (row[1], row[2]) for row in rows}


def changed(before: Dates, after: Dates) -> Dates:
    """The steps whose dates moved, with the new ones."""
    return {key: value for key, value in after.items() if before.get(key) != value}


def test_nothing_changes_before_it_is_confirmed(lies: Visitor, session: Session) -> None:
    before = dates(session)
    shown = lies.fill(ADD, **days(*CLOSED))
    assert shown.status_code == 200
    assert "Er is nog niets veranderd" in shown.text
    assert dates(session) == before
    assert session.scalars(select(Closing)).all() == []
    assert session.scalars(select(PartnerChange)).all() == []


def test_confirmed_the_dates_move_and_the_case_says_why(lies: Visitor, session: Session) -> None:
    before = dates(session)
    shown = lies.fill(ADD, **days(*CLOSED))
    (reference, step), *others = moves(shown.text)
    assert (step, others) == ("Contact en huisbezoek", [])
    assert confirm(lies, ADD, shown).status_code == 302
    moved = changed(before, dates(session))
    assert [aim for aim, _too_late in moved.values()] == [date(2027, 1, 20)]
    event = session.scalars(select(Event).order_by(Event.id.desc()).limit(1), execution_options=READ).one()
    assert (event.kind, event.data["because"]) == ("dates_rederived", "closing")
    assert [each for each in case_checks(session) if not each.ok] == []
    session.rollback()
    story = lies.read(f"/cases/{reference}")
    assert "Streefdatum van ma 18 jan 2027 naar wo 20 jan 2027" in story
    assert "Omdat de sluitingsdagen veranderden" in story
    page = lies.read("/administration/areas/gent")
    assert "1 open datum verschoof" in page
    assert "Lies, LOP Gent" in page


def test_the_days_of_a_team_move_its_own_steps(tine: Visitor, field: Field, session: Session) -> None:
    """Tine leads De Brug: she sees and closes her own team, and her visit moves."""
    brug = field.organisations["de-brug"].id
    before, url = dates(session), f"/administration/organisations/{brug}/closings/add"
    assert confirm(tine, url, tine.fill(url, **days(*CLOSED, "teamdagen"))).status_code == 302
    assert len(changed(before, dates(session))) == 1
    assert "teamdagen" in tine.read(f"/administration/organisations/{brug}")


def test_an_administrator_sees_how_many_and_not_which(dirk: Visitor, session: Session) -> None:
    shown = dirk.fill(ADD, **days(*CLOSED))
    assert moves(shown.text) == []
    assert "/cases/" not in shown.text
    assert "Contact en huisbezoek: 1" in shown.text
    before = dates(session)
    assert confirm(dirk, ADD, shown).status_code == 302
    assert len(changed(before, dates(session))) == 1


def test_days_that_are_taken_back_move_the_dates_back(lies: Visitor, session: Session) -> None:
    before = dates(session)
    confirm(lies, ADD, lies.fill(ADD, **days(*CLOSED)))
    closing = session.scalars(select(Closing)).one()
    url = f"/administration/closings/{closing.id}"
    longer = lies.fill(url, until_on="2027-01-13")
    assert moves(longer.text) != []
    assert confirm(lies, url, longer).status_code == 302
    assert [aim for aim, _last in changed(before, dates(session)).values()] == [date(2027, 1, 21)]
    gone = lies.fill(f"{url}/remove")
    assert confirm(lies, f"{url}/remove", gone).status_code == 302
    assert dates(session) == before
    assert session.scalars(select(Closing)).all() == []
    assert "verwijderd" in lies.read("/administration/areas/gent")


def test_what_moves_meanwhile_is_shown_once_more(lies: Visitor, field: Field, session: Session) -> None:
    """Between looking and confirming a family is found, whose date would move too."""
    shown = lies.fill(ADD, **days(*CLOSED))
    at_school_choice(field, first_name="Ayla")
    before = dates(session)
    again = confirm(lies, ADD, shown)
    assert again.status_code == 200
    assert "Intussen is er iets anders veranderd" in again.text
    assert dates(session) == before
    assert confirm(lies, ADD, again).status_code == 302
    assert len(changed(before, dates(session))) == len(moves(again.text)) == 2


def test_two_taps_close_once(lies: Visitor, session: Session) -> None:
    fields = {"kept": lies.fill(ADD, **days(*CLOSED))}
    answers = [confirm(lies, ADD, fields["kept"]) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(302, "/administration/areas/gent")] * 2
    assert len(session.scalars(select(Closing)).all()) == 1
    assert len(session.scalars(select(PartnerChange)).all()) == 1


def test_back_to_the_form_keeps_what_was_typed(lies: Visitor, session: Session) -> None:
    shown = lies.fill(ADD, **days(*CLOSED, "staking"))
    form = confirm(lies, ADD, shown, back="yes")
    assert form.status_code == 200
    assert 'value="staking"' in form.text
    assert session.scalars(select(Closing)).all() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (days(CLOSED[1], CLOSED[0]), "ligt voor de eerste dag"),
        (days(CLOSED[0], date(2028, 1, 12)), "klopt het jaartal"),
        (days(date(2072, 1, 4), date(2072, 1, 4)), "klopt het jaartal"),
        ({"from_on": "", "until_on": "", "reason": ""}, "field-wrong"),
    ],
)
def test_impossible_days_are_refused_in_words(lies: Visitor, typed: dict[str, str], said: str) -> None:
    answer = lies.fill(ADD, **typed)
    assert answer.status_code == 422
    assert said in answer.text


def test_days_that_are_closed_already_are_named(lies: Visitor) -> None:
    confirm(lies, ADD, lies.fill(ADD, **days(*CLOSED, "studiedag")))
    answer = lies.fill(ADD, **days(CLOSED[1], CLOSED[1]))
    assert answer.status_code == 422
    assert "studiedag" in answer.text


def test_two_people_change_the_same_days(lies: Visitor, dirk: Visitor, session: Session) -> None:
    """Lies had the form open while Dirk saved: both versions stand side by side, hers is kept on her word."""
    confirm(lies, ADD, lies.fill(ADD, **days(*CLOSED)))
    url = f"/administration/closings/{session.scalars(select(Closing.id)).one()}"
    session.rollback()
    open_form = lies.open_form(url)
    confirm(dirk, url, dirk.fill(url, reason="ijzel"))
    both = lies.send(url, {**open_form, "reason": "sneeuw"})
    assert both.status_code == 409
    assert "ijzel" in both.text
    assert "sneeuw" in both.text
    assert "Dirk" in both.text
    kept = confirm(lies, url, lies.send(url, {**Filled(both.text).fields, "keep": "mine"}))
    assert kept.status_code == 302
    assert session.scalars(select(Closing.reason)).one() == "sneeuw"


@pytest.mark.parametrize(("name", "expected"), [("Wim", 403), ("An", 404), ("Tine", 403)])
def test_days_of_an_area_are_kept_by_who_coordinates_it(
    field: Field, session: Session, enter: Enter, name: str, expected: int
) -> None:
    """Wim visits, Tine leads a team, An coordinates elsewhere."""
    field.person("An", "hvhk-gent", "coordinator")
    session.commit()
    visitor = enter(field.people[name])
    assert visitor.get(ADD).status_code == expected
    assert visitor.get("/administration/areas/gent").status_code == expected


def test_who_coordinates_keeps_the_days_of_schools_and_not_of_teams(lies: Visitor, field: Field) -> None:
    """A school often has nobody who could; a team has."""
    linde, brug = (f"/administration/organisations/{field.organisations[key].id}" for key in ("de-linde", "de-brug"))
    assert lies.get(f"{linde}/closings/add").status_code == 200
    assert lies.get(brug).status_code == 200
    assert lies.get(f"{brug}/closings/add").status_code == 403


def test_a_window_that_becomes_known_is_the_last_day_of_an_open_school_choice(
    lies: Visitor, field: Field, session: Session
) -> None:
    """Nobody knew when registration would close when Ayla's choice was opened; moved, her day moves with it."""
    at_school_choice(field, first_name="Ayla")
    before, url = dates(session), "/administration/areas/gent/windows/add"
    typed = {"birth_year": "2022", "closes_on": "2027-01-20"}
    shown = lies.fill(url, **typed)
    assert [step for _reference, step in moves(shown.text)] == ["Schoolkeuze"]
    assert confirm(lies, url, shown).status_code == 302
    assert [last for _aim, last in changed(before, dates(session)).values()] == [date(2027, 1, 20)]
    assert lies.fill(url, **typed).status_code == 422
    known = dates(session)
    window = f"/administration/windows/{session.scalars(select(RegistrationWindow.id)).one()}"
    session.rollback()
    assert confirm(lies, window, lies.fill(window, closes_on="2027-01-27")).status_code == 302
    assert [last for _aim, last in changed(known, dates(session)).values()] == [date(2027, 1, 27)]
    gone = lies.fill(f"{window}/remove")
    assert "Er verschuift geen enkele open datum" in gone.text
    assert confirm(lies, f"{window}/remove", gone).status_code == 302


TYPED = st.tuples(st.integers(0, 90), st.integers(0, 8), st.sampled_from(["area", "de-brug", "lop-gent", "2022"]))


@given(st.lists(TYPED, min_size=1, max_size=4))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_changed_the_preview_is_what_happens(
    field: Field, session: Session, said: list[tuple[int, int, str]]
) -> None:
    """Areas, teams and a window, opened, closed again, in any order: what was shown is what then moves, to the day."""
    for change, place in _changes(field, session, said):
        before = dates_here(session)
        preview = _preview(session, change, place, field)
        expected = {each.step.id: (each.after.aim_on, each.after.too_late_on) for each in preview.moved}
        count = move_dates(session, change, place, seen=preview.digest, by=field.coordinator)
        assert count == len(expected)
        assert changed(before, dates_here(session)) == expected
        assert _preview(session, change, place, field).moved == []
    session.rollback()


def dates_here(session: Session) -> Dates:
    """The same, within this transaction."""
    session.flush()
    rows = session.execute(select(Step.id, Step.aim_on, Step.too_late_on), execution_options=READ)
    return {row[0]: (row[1], row[2]) for row in rows}


def _preview(session: Session, change: PartnerChange, place: object, field: Field) -> Preview:
    with pytest.raises(ToConfirm) as asked:
        move_dates(session, change, place, seen="something else", by=field.coordinator)  # type: ignore[arg-type]
    return asked.value.preview


def _changes(
    field: Field, session: Session, said: list[tuple[int, int, str]]
) -> Iterator[tuple[PartnerChange, object]]:
    by = field.coordinator
    for start, length, where in said:
        first = date(2026, 12, 16) + timedelta(days=start)
        last = first + timedelta(days=length)
        if where == "2022":
            open_days = {"closes_on": last, "result_on": None, "ticket_expires_on": None}
            window = session.scalar(select(RegistrationWindow))
            if window is None:
                yield commands.open_window(session, field.area, birth_year=2022, **open_days, by=by), field.area
            else:
                yield commands.change_window(session, field.area, window, **open_days, by=by), field.area
            continue
        place = field.area if where == "area" else field.organisations[where]
        known = session.scalar(select(Closing).where(Closing.area_id == field.area.id)) if where == "area" else None
        if known is not None:
            yield commands.remove_closing(session, place, known, by=by), place
        elif not session.scalars(select(Closing).where(Closing.organisation_id == place.id)).all() or where == "area":
            yield commands.close(session, place, from_on=first, until_on=last, reason="storm", by=by), place
