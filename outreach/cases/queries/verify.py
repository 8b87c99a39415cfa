"""The promises of a case, checked over the whole database: no child lost, every move owned and dated."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from outreach import clock
from outreach.accounts.models import Membership, Person
from outreach.accounts.queries import active
from outreach.cases.models import Case, ConflictItem, Event, Reminder, Report, SignedLink, Step, Track
from outreach.cases.models.step import IS_LIVING
from outreach.cases.queries.conflicts import OWNING, owner_of
from outreach.cases.queries.links import WAITING
from outreach.children.models import Grant
from outreach.database import seen_by
from outreach.database.checks import Check, check
from outreach.notifications.models import OutboxMessage
from outreach.partners.models import Organisation

_READ = seen_by("verify")


def case_checks(session: Session) -> list[Check]:
    """Every invariant of this room, in a few set-based statements."""
    found = [check(key, _rows(session, statement)) for key, statement in _statements()]
    return [*found, check("steps_belong_to_people_who_are_there", _steps_of_people_gone(session))]


def _rows(session: Session, statement: Select[Any]) -> list[Any]:
    return [row[0] for row in session.execute(statement, execution_options=_READ)]


def _statements() -> Iterator[tuple[str, Select[Any]]]:
    yield "open_case_has_living_step", select(Case.reference).where(Case.ended_at.is_(None), ~_living_move())
    yield "ended_case_has_no_living_step", select(Case.reference).where(Case.ended_at.is_not(None), _living_move())
    yield "open_case_has_open_track", select(Case.reference).where(Case.ended_at.is_(None), ~_open_track())
    yield "ended_case_has_no_open_track", select(Case.reference).where(Case.ended_at.is_not(None), _open_track())
    yield "living_step_has_owner_and_date", _undated()
    yield "living_step_is_due_at_its_earlier_date", _wrongly_due()
    yield "living_step_has_living_owner", _of_ended_organisation()
    yield "one_open_case_per_child", _twice_open()
    yield "events_are_complete", _gaps_in_events()
    yield "reports_left_an_event", _reports_without_event()
    yield "owners_have_their_grant", _owners_without_grant()
    yield "leads_have_their_grant", _leads_without_grant()
    yield "companions_have_their_grant", _companions_without_grant()
    yield "no_grant_outlives_its_reason", _grants_without_reason()
    yield "undecided_reports_have_a_living_owner", _reports_without_owner()
    yield "links_ask_about_steps_that_wait", _links_about_nothing()
    yield "reminders_are_in_a_mail", _reminders_without_mail()


def _links_about_nothing() -> Select[Any]:
    """Signed links that could still be answered, about a step that ended or rests."""
    out = (SignedLink.answered_at.is_(None), SignedLink.withdrawn_at.is_(None), SignedLink.expires_at > clock.now())
    waits = exists().where(Step.id == SignedLink.step_id, Step.state.in_(WAITING))
    return select(Case.reference).join(SignedLink, SignedLink.case_id == Case.id).where(*out, ~waits)


def _reminders_without_mail() -> Select[Any]:
    """Rungs noted as said, without a mail of that day to that address: they would never be said."""
    mail = exists().where(OutboxMessage.address == Reminder.address)
    of_the_day = or_(
        mail.where(OutboxMessage.digest_on == Reminder.on), mail.where(OutboxMessage.urgent_on == Reminder.on)
    )
    return select(Reminder.step_id).where(~of_the_day)


def _reports_without_owner() -> Select[Any]:
    """Late reports that wait for an organisation that ended, or where nobody is left to decide."""
    waiting = exists().where(ConflictItem.case_id == Case.id, ConflictItem.decided_at.is_(None))
    someone = exists().where(
        Membership.organisation_id == owner_of(),
        Membership.person_id == Person.id,
        Membership.role.in_(OWNING),
        active(clock.today()),
    )
    ended = exists().where(Organisation.id == owner_of(), Organisation.ended_on <= clock.today())
    return select(Case.reference).where(waiting, or_(ended, ~someone))


def _living_move() -> ColumnElement[bool]:
    return exists().where(Step.case_id == Case.id, IS_LIVING, Step.side_of_id.is_(None))


def _open_track() -> ColumnElement[bool]:
    return exists().where(Track.case_id == Case.id, Track.ended_at.is_(None))


def _steps(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(Case.reference).join(Step, Step.case_id == Case.id).where(*conditions)


def _undated() -> Select[Any]:
    return _steps(IS_LIVING, or_(Step.due_on.is_(None), Step.organisation_id.is_(None)))


def _wrongly_due() -> Select[Any]:
    earlier = and_(Step.due_on != Step.aim_on, or_(Step.too_late_on.is_(None), Step.due_on != Step.too_late_on))
    after = or_(Step.due_on > Step.aim_on, Step.due_on > Step.too_late_on)
    return _steps(IS_LIVING, or_(earlier, after))


def _of_ended_organisation() -> Select[Any]:
    ended = exists().where(Organisation.id == Step.organisation_id, Organisation.ended_on <= clock.today())
    return _steps(IS_LIVING, ended)


def _twice_open() -> Select[Any]:
    other = aliased(Case)
    return select(Case.reference).where(
        Case.ended_at.is_(None),
        exists().where(other.child_id == Case.child_id, other.ended_at.is_(None), other.id != Case.id),
    )


def _gaps_in_events() -> Select[Any]:
    """The numbers of a case's events run from 1 without a gap; a case without any is broken too."""
    counted = (
        select(Event.case_id, func.count().label("number"), func.max(Event.seq).label("last"))
        .group_by(Event.case_id)
        .subquery()
    )
    return (
        select(Case.reference)
        .outerjoin(counted, counted.c.case_id == Case.id)
        .where(or_(counted.c.number.is_(None), counted.c.number != counted.c.last))
    )


def _reports_without_event() -> Select[Any]:
    told = exists().where(
        Event.case_id == Report.case_id, Event.step_id == Report.step_id, Event.kind == "outcome_reported"
    )
    return select(Case.reference).join(Report, Report.case_id == Case.id).where(~told)


def _granted(subject: ColumnElement[str], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Grant.case_id == Case.id, Grant.subject == subject, Grant.until.is_(None), *conditions)


def _subject(kind: str, number: Any) -> ColumnElement[str]:
    return literal(f"{kind}:") + cast(number, Text)


def _owners_without_grant() -> Select[Any]:
    granted = _granted(
        _subject("step", Step.id), Grant.organisation_id == Step.organisation_id, Grant.scope == Step.scope
    )
    return _steps(IS_LIVING, ~granted)


def _leads_without_grant() -> Select[Any]:
    granted = _granted(_subject("case", Case.id), Grant.organisation_id == Case.lead_id)
    return select(Case.reference).where(Case.ended_at.is_(None), ~granted)


def _companions_without_grant() -> Select[Any]:
    granted = _granted(_subject("companion", Case.id), Grant.person_id == Case.companion_id)
    return select(Case.reference).where(Case.ended_at.is_(None), Case.companion_id.is_not(None), ~granted)


def _grants_without_reason() -> Select[Any]:
    """A grant without an end hangs on a living step, or on an open case; else it should have been given one."""
    its_step = and_(Step.case_id == Grant.case_id, _subject("step", Step.id) == Grant.subject)
    step = exists().where(its_step, IS_LIVING)
    living_case = Case.ended_at.is_(None)
    fine = or_(and_(Grant.subject.like("step:%"), step), and_(~Grant.subject.like("step:%"), living_case))
    return select(Case.reference).join(Grant, Grant.case_id == Case.id).where(Grant.until.is_(None), ~fine)


def _steps_of_people_gone(session: Session) -> list[Any]:
    """No step points to somebody who left the organisation it belongs to."""
    today = clock.today()
    there = exists().where(
        Membership.person_id == Step.person_id,
        Membership.organisation_id == Step.organisation_id,
        Membership.ended_at.is_(None),
        or_(Membership.until_on.is_(None), Membership.until_on >= today),
    )
    gone = exists().where(Person.id == Step.person_id, Person.ended_at.is_not(None))
    statement = _steps(
        IS_LIVING,
        Step.person_id.is_not(None),
        or_(~there, gone),
    )
    return _rows(session, statement)
