"""How a case goes, as everybody may read it."""

from collections.abc import Callable

from outreach.accounts.actors import Actor
from tests.ground.field import Field

from .conftest import Visitor, at_home_visit

Enter = Callable[[Actor | None], Visitor]


def test_the_picture_and_the_words_say_whose_move_it_is(field: Field, enter: Enter) -> None:
    page = enter(field.worker).read("/processes/enrolment/1")
    for part in ('<svg class="process"', "Contact en huisbezoek", "Inloopteam of Kind en Gezin", "Traject stopt"):
        assert part in page


def test_from_a_case_one_sees_where_it_is(field: Field, enter: Enter) -> None:
    case = at_home_visit(field)
    worker = enter(field.worker)
    assert "/processes/enrolment/1?at=home_visit" in worker.read(f"/cases/{case.reference}")
    assert "het dossier staat hier" in worker.read("/processes/enrolment/1?at=home_visit")
    assert "het dossier staat hier" not in worker.read("/processes/enrolment/1?at=nowhere")


def test_a_version_that_was_never_published_is_not_there(field: Field, enter: Enter) -> None:
    assert enter(field.worker).get("/processes/enrolment/99").status_code == 404
    assert enter(field.worker).get("/processes/nothing/1").status_code == 404
