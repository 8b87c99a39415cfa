"""My work: what is mine to do, in which section, and as cheap for three hundred steps as for three."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.commands.planning import pause_step, plan_visit
from outreach.cases.models import Attempt, Case, Step
from outreach.children.models import Child, Residence
from outreach.extensions import db
from tests.ground.field import Field
from tests.ground.pages import without_tokens

from .conftest import READ, Visitor, at_home_visit, at_school_choice, newest

Enter = Callable[[Actor | None], Visitor]


def test_a_stranger_signs_in_first(enter: Enter) -> None:
    assert enter(None).get("/my-work").status_code == 302


def test_home_is_my_work_for_who_works_with_cases(field: Field, enter: Enter) -> None:
    assert enter(field.worker).get("/").location == "/my-work"


def test_home_of_the_flemish_level_says_what_it_sees(field: Field, enter: Enter, session: Session) -> None:
    veerle = field.person("Veerle", "lop-gent", "agodi")
    session.commit()
    visitor = enter(veerle)
    assert "nooit een kind" in visitor.read("/")
    assert visitor.get("/my-work").status_code == 403


def test_a_visit_agreed_for_today_stands_under_today_and_a_late_one_under_late(
    field: Field, enter: Enter, session: Session
) -> None:
    today, late = at_home_visit(field, "Milan"), at_home_visit(field, "Aya", date(2022, 5, 1))
    with clock.at(clock.now() + timedelta(days=60)):
        plan_visit(session, today, newest_in(session, today), on=clock.today(), by=field.worker)
        session.commit()
        page = enter(field.worker).read("/my-work")
    assert page.index("Vandaag</h2>") < page.index("Milan Peeters") < page.index("Te laat</h2>")
    assert page.index("Te laat</h2>") < page.index("Aya Peeters")
    assert "dagen te laat" in page
    assert late.reference in page


def test_a_paused_visit_is_for_later_and_never_late(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    pause_step(
        session,
        case,
        newest_in(session, case),
        reason="illness",
        until_on=date(2027, 3, 1),
        remark=None,
        by=field.worker,
    )
    session.commit()
    page = enter(field.worker).read("/my-work")
    assert "in pauze tot ma 1 mrt 2027" in page
    assert "te laat" not in page.lower()


def test_who_has_no_part_in_a_case_does_not_find_it(field: Field, enter: Enter) -> None:
    at_home_visit(field)
    assert "Milan" not in enter(field.guide).read("/my-work")
    assert "Milan" not in enter(field.school).read("/my-work")


def test_without_the_parents_word_the_card_shows_no_name(field: Field, enter: Enter) -> None:
    case = at_school_choice(field, know="not_asked", agree="not_asked")
    page = enter(field.guide).read("/my-work")
    assert case.reference in page
    assert "Milan" not in page
    assert "Sleepstraat" not in page


def test_the_lead_sees_what_waits_for_others(field: Field, enter: Enter) -> None:
    at_home_visit(field)
    page = enter(field.coordinator).read("/my-work")
    assert page.index("Wacht op anderen</h2>") < page.index("Milan Peeters")


def test_a_team_lead_sees_the_load_of_the_team(field: Field, enter: Enter, session: Session) -> None:
    at_home_visit(field)
    marleen = field.person("Marleen", "de-brug", "team-lead")
    session.commit()
    page = enter(marleen).read("/my-work?whose=team")
    assert "Wim" in page[page.index("team-title") :]
    assert "Milan Peeters" in page


def test_a_filter_is_remembered_on_every_device_until_one_tap_resets_it(
    field: Field, enter: Enter, session: Session
) -> None:
    at_home_visit(field)
    bert = field.person("Bert", "de-brug", "worker")
    session.commit()
    phone = enter(bert)
    assert "Milan" not in phone.read("/my-work")
    keep(phone, whose="team")
    assert "Milan" in phone.read("/my-work")
    desk = enter(bert)
    assert "Milan" in desk.read("/my-work")
    keep(desk, reset="1")
    assert "Milan" not in phone.read("/my-work")


def test_a_link_shows_the_team_once_and_changes_nothing_kept(field: Field, enter: Enter, session: Session) -> None:
    at_home_visit(field)
    bert = field.person("Bert", "de-brug", "worker")
    session.commit()
    visitor = enter(bert)
    assert "Milan" in visitor.read("/my-work?whose=team")
    assert "Milan" not in visitor.read("/my-work")


def test_a_filter_narrows_to_a_neighbourhood_and_a_language(field: Field, enter: Enter, session: Session) -> None:
    turkish, other = at_home_visit(field, "Milan"), at_home_visit(field, "Aya", date(2022, 5, 1))
    lives(session, turkish, street="Sleepstraat", number="2", postcode="9000", language="tr")
    lives(session, other, street="Dampoort", number="1", postcode="9040", language="ar")
    visitor = enter(field.worker)
    assert "9040" in visitor.read("/my-work")
    keep(visitor, place="9000")
    page = without_tokens(visitor.read("/my-work"))
    assert "Milan" in page
    assert "Aya" not in page
    assert "Toon al mijn werk" in page
    keep(visitor, language="ar")
    page = visitor.read("/my-work")
    assert "Aya" in page
    assert "Milan" not in page


def test_a_guarded_address_is_not_found_by_its_postcode(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    lives(session, case, street="Stilstraat", number="9", postcode="9050", language="tr")
    session.get_one(Case, case.id, execution_options=READ).secrecy = "shelter"
    session.commit()
    page = enter(field.worker).read("/my-work?place=9050")
    assert "Milan" not in page
    assert 'value="9050"' not in enter(field.worker).read("/my-work")


def test_doors_stand_in_walking_order(field: Field, enter: Enter, session: Session) -> None:
    for name, street, number in (
        ("Vier", "Zandstraat", "1"),
        ("Drie", "Sleepstraat", "10A"),
        ("Een", "Sleepstraat", "2"),
        ("Twee", "Sleepstraat", "10"),
    ):
        lives(session, at_home_visit(field, name), street=street, number=number, postcode="9000", language="nl")
    page = enter(field.worker).read("/my-work")
    assert [page.index(f"{name} Peeters") for name in ("Een", "Twee", "Drie", "Vier")] == sorted(
        page.index(f"{name} Peeters") for name in ("Een", "Twee", "Drie", "Vier")
    )


def test_nobody_home_is_two_taps_from_my_work(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    plan_visit(session, case, newest_in(session, case), on=clock.today(), by=field.worker)
    session.commit()
    visitor = enter(field.worker)
    door = re.search(r'href="([^"]*outcome=nobody_reached)"', visitor.read("/my-work"))
    assert door is not None
    url = door[1]
    assert visitor.open_form(url)["outcome"] == "nobody_reached"
    assert visitor.fill(url).status_code == 302
    assert newest(session, case).key == "home_visit"
    session.rollback()
    said = session.scalars(select(Attempt.reached), execution_options=READ).all()
    assert said == [False]


def keep(visitor: Visitor, **chosen: str) -> None:
    """Fill in the filter of My work."""
    token = visitor.open_form("/my-work")["csrf_token"]
    assert visitor.send("/my-work/filter", {**chosen, "csrf_token": token}).status_code == 302


def lives(session: Session, case: Case, *, language: str, **address: str) -> None:
    """Where the child of this case lives, and what is spoken there."""
    session.rollback()
    child = session.get_one(Child, case.child_id, execution_options=READ)
    child.language = language
    home = session.scalars(select(Residence).filter_by(child_id=child.id, until_at=None), execution_options=READ).one()
    for name, value in address.items():
        setattr(home, name, value)
    session.commit()


def test_three_hundred_steps_cost_as_many_statements_as_three(
    field: Field, enter: Enter, session: Session, app: Flask
) -> None:
    for number in range(3):
        at_home_visit(field, f"Kind {number}")
    visitor = enter(field.worker)
    visitor.read("/my-work")
    few = statements(app, lambda: visitor.read("/my-work"))
    copy_steps(session, 300)
    many = statements(app, lambda: visitor.read("/my-work"))
    assert len(few) == len(many), many


def statements(app: Flask, work: Callable[[], object]) -> list[str]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return seen


def copy_steps(session: Session, count: int) -> None:
    """Many more visits of the same case; the list does not care that they are of one child."""
    session.rollback()
    step = session.scalars(select(Step).where(Step.key == "home_visit"), execution_options=READ).first()
    assert step is not None
    columns = {c.name: getattr(step, c.name) for c in Step.__table__.columns if c.name not in ("id", "number")}
    session.add_all(Step(**columns, number=100 + n) for n in range(count))
    session.commit()
    assert session.scalars(select(Child.id), execution_options=READ).first()


def newest_in(session: Session, case: Case) -> Step:
    """The newest step, still in this session, to be changed."""
    return session.get_one(Step, newest(session, case).id, execution_options=READ)
