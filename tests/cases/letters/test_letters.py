"""Letters to families: who gets one, what stands on it and on the envelope, and that each counts once."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.accounts.actors import Actor
from outreach.cases.letter_words import (
    ANNOUNCE,
    FIELDS,
    KINDS,
    LONGEST,
    MISSED,
    check_text,
    languages,
    paragraphs,
    shipped,
)
from outreach.cases.models import Attempt, Case
from outreach.cases.words import choices
from outreach.children.models import Child, Household, Residence
from outreach.database import seen_by
from outreach.errors import Refused
from tests.cases.routes.conftest import Visitor, at_home_visit, newest
from tests.ground.field import Field

READ = seen_by("test")
Enter = Callable[[Actor | None], Visitor]


def child_of(session: Session, case: Case) -> Child:
    return session.get_one(
        Child, session.get_one(Case, case.id, execution_options=READ).child_id, execution_options=READ
    )


def ticked(session: Session, *cases: Case) -> list[int]:
    return [child_of(session, case).household_id for case in cases]


def attempts(session: Session, case: Case) -> list[Attempt]:
    session.rollback()
    found = session.scalars(select(Attempt).where(Attempt.case_id == case.id), execution_options=READ).all()
    for one in found:
        session.expunge(one)
    session.rollback()
    return list(found)


def preview(visitor: Visitor, households: list[int], **more: object) -> str:
    fields = {**visitor.open_form("/areas/gent"), "household": households, **more}
    answer = visitor.send("/areas/gent/letters/preview", fields)
    assert answer.status_code == 200
    return answer.text


def send(visitor: Visitor, households: list[int], **more: object) -> None:
    fields = {**visitor.open_form("/areas/gent"), "household": households, **more}
    for _time in range(2):  # a double click
        answer = visitor.send("/areas/gent/letters/send", fields)
        assert answer.status_code == 302, answer.text


def turn(session: Session, child: Child, **given: object) -> None:
    for name, value in given.items():
        setattr(child, name, value)
    session.commit()


def test_a_turkish_family_reads_dutch_and_turkish_side_by_side(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    turn(session, child_of(session, case), language="tr")
    page = preview(enter(field.coordinator), ticked(session, case))
    assert 'lang="nl" dir="ltr"' in page
    assert 'lang="tr" dir="ltr"' in page
    assert "dinsdag 22 december 2026" in page
    assert "22 Aralık 2026 Salı" in page
    assert attempts(session, case) == []


def test_arabic_is_written_from_the_right(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    turn(session, child_of(session, case), language="ar")
    assert 'lang="ar" dir="rtl"' in preview(enter(field.coordinator), ticked(session, case), kind=MISSED)


def test_in_a_language_without_a_text_there_is_dutch_alone(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    turn(session, child_of(session, case), language="so")
    assert preview(enter(field.coordinator), ticked(session, case)).count('dir="ltr"') == 1


def test_the_window_shows_a_name_and_an_address_and_nothing_else(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    page = preview(enter(field.coordinator), ticked(session, case))
    window = re.search(r'<p class="letter-address">(.*?)</p>', page, re.DOTALL)
    assert window
    lines = [re.sub("<[^>]*>", "", line).strip() for line in window[1].split("<br>")]
    household = session.get_one(Household, child_of(session, case).household_id, execution_options=READ)
    home = session.scalars(select(Residence).where(Residence.until_at.is_(None)), execution_options=READ).first()
    assert home
    assert lines == [
        household.reference_person or child_of(session, case).last_name,
        home.line,
        f"{home.postcode} {home.municipality}",
    ]
    letter = page[page.index('<article class="letter"') :]
    assert child_of(session, case).first_name not in letter


def test_each_letter_is_one_attempt_however_often_the_button_is_pressed(
    field: Field, enter: Enter, session: Session
) -> None:
    case = at_home_visit(field)
    send(enter(field.coordinator), ticked(session, case), kind=MISSED, visit_on="2026-12-22")
    (attempt,) = attempts(session, case)
    assert (attempt.channel, attempt.reached, attempt.details["letter"]) == ("letter", False, MISSED)
    assert newest(session, case).state == "open"


def test_an_announced_visit_becomes_the_agreed_day(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    on = clock.today() + timedelta(days=2)
    send(enter(field.coordinator), ticked(session, case), kind=ANNOUNCE, visit_on=on.isoformat())
    assert newest(session, case).planned_on == on


def test_one_letter_for_two_children_of_a_family(field: Field, enter: Enter, session: Session) -> None:
    older, younger = at_home_visit(field), at_home_visit(field, "Elif", date(2024, 3, 10))
    turn(session, child_of(session, younger), household_id=child_of(session, older).household_id)
    coordinator = enter(field.coordinator)
    assert preview(coordinator, ticked(session, older)).count('<article class="letter"') == 1
    send(coordinator, ticked(session, older), kind=MISSED)
    (first,), (second,) = attempts(session, older), attempts(session, younger)
    assert first.occasion == second.occasion


@pytest.mark.parametrize("secrecy", ["shelter", "other_parent"])
def test_a_guarded_family_gets_no_letter_nor_does_its_other_child(
    field: Field, enter: Enter, session: Session, secrecy: str
) -> None:
    guarded, beside = at_home_visit(field), at_home_visit(field, "Elif", date(2024, 3, 10))
    turn(session, child_of(session, beside), household_id=child_of(session, guarded).household_id)
    session.get_one(Case, guarded.id, execution_options=READ).secrecy = secrecy
    session.commit()
    coordinator = enter(field.coordinator)
    page = preview(coordinator, ticked(session, beside))
    assert '<article class="letter"' not in page
    assert "dit gezin moet veilig blijven" in page
    send(coordinator, ticked(session, beside), kind=MISSED)
    assert attempts(session, beside) == attempts(session, guarded) == []


def test_no_letter_where_there_is_no_visit_to_make(field: Field, enter: Enter, session: Session) -> None:
    case = field.case("Milan", date(2022, 3, 10))
    session.commit()
    page = preview(enter(field.coordinator), ticked(session, case))
    assert "er is nu geen bezoek te doen" in page


def test_a_family_of_elsewhere_cannot_be_written_to(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    page = preview(enter(field.coordinator), [*ticked(session, case), 987654])
    assert page.count('<article class="letter"') == 1


def test_a_day_that_is_past_is_not_announced(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    page = preview(enter(field.coordinator), ticked(session, case), kind=ANNOUNCE, visit_on="2026-12-01")
    assert "Kies een dag vanaf morgen" in page
    assert '<article class="letter"' not in page


def test_the_area_writes_its_own_words_and_sender(field: Field, enter: Enter, session: Session) -> None:
    case = at_home_visit(field)
    coordinator = enter(field.coordinator)
    own = {"name": "Stad Gent", "phone": "09 000 00 00", "announce": "Dag! Tot {day}. {contact} {sender}"}
    assert coordinator.fill("/areas/gent/letters", **own).status_code == 302
    page = preview(coordinator, ticked(session, case))
    assert "Dag! Tot dinsdag 22 december 2026. 09 000 00 00 Stad Gent" in page
    assert coordinator.fill("/areas/gent/letters", announce="").status_code == 302
    assert "Beste ouders" in preview(coordinator, ticked(session, case))


@pytest.mark.parametrize("wrong", ["Dag {naam}", "Dag {", "{sender.__class__}", "{}", "{day:{contact}}"])
def test_a_field_nobody_fills_in_is_refused(field: Field, enter: Enter, wrong: str) -> None:
    answer = enter(field.coordinator).fill("/areas/gent/letters", missed=wrong)
    assert answer.status_code == 400
    assert wrong.replace('"', "&#34;") in answer.text


def test_who_does_not_coordinate_the_area_cannot_write_its_words(field: Field, enter: Enter) -> None:
    assert enter(field.worker).get("/areas/gent/letters").status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_the_texts_that_come_with_outreach_are_whole(kind: str) -> None:
    known = {key for key, _label in choices("language", "nl")}
    for language in languages():
        text = shipped()[kind][language]
        assert language in known
        check_text(text)
        assert len(text) < LONGEST / 2
        assert {"{sender}", "{contact}"} <= set(re.findall(r"\{\w+\}", text))
        assert ("{day}" in text) == (kind == ANNOUNCE)
        parts = paragraphs(text, language, on=date(2027, 1, 12), sender="Stad Gent", contact="09 000 00 00")
        assert len(parts) == 4
    assert len({shipped()[kind][language] for language in languages()}) == len(languages())
    assert set(FIELDS) == {"day", "sender", "contact"}


def test_no_shipped_letter_names_the_reason() -> None:
    for texts in shipped().values():
        for text in texts.values():
            for word in ("kleuterparticipatie", "ingeschreven", "aanwezig", "leerplicht", "inscrit", "enrolled"):
                assert word not in text.lower()


def test_a_text_that_would_not_fit_is_refused() -> None:
    with pytest.raises(Refused):
        check_text("a" * (LONGEST + 1))
