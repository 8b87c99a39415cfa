"""A team with two workers, a lead and somebody at a school, to sign in and to stand in."""

import pytest
from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor, builtin
from outreach.accounts.commands import add_person, set_password
from outreach.accounts.models import Membership
from outreach.accounts.passwords import hash_password
from outreach.partners.commands import add_organisation
from outreach.partners.models import Organisation

PASSWORD = "een goed wachtwoord"


@pytest.fixture
def by(session: Session) -> Actor:
    return builtin(session, "console")


@pytest.fixture
def team(session: Session) -> Organisation:
    organisation = add_organisation(session, key="de-brug", kind="inloopteam", name="De Brug")
    session.commit()
    return organisation


@pytest.fixture
def school(session: Session) -> Organisation:
    organisation = add_organisation(session, key="de-linde", kind="school", name="De Linde", number="012345")
    session.commit()
    return organisation


@pytest.fixture
def amina(session: Session, team: Organisation, by: Actor) -> Membership:
    """A worker who can sign in."""
    membership = add_person(
        session, email="Amina@brug.example", name="Amina El Amrani", role="worker", organisation=team, by=by
    )
    set_password(session, person=membership.person, password_hash=hash_password(PASSWORD), by=by)
    session.commit()
    return membership


@pytest.fixture
def bert(session: Session, team: Organisation, by: Actor) -> Membership:
    """A colleague of Amina."""
    membership = add_person(session, email="bert@brug.example", name="Bert", role="worker", organisation=team, by=by)
    session.commit()
    return membership


@pytest.fixture
def carine(session: Session, team: Organisation, by: Actor) -> Membership:
    """Their team lead."""
    return _with_password(session, team, by, "carine@brug.example", "team-lead")


@pytest.fixture
def dirk(session: Session, school: Organisation, by: Actor) -> Membership:
    """The administrator, who sits in a school."""
    return _with_password(session, school, by, "dirk@school.example", "administrator")


def _with_password(session: Session, organisation: Organisation, by: Actor, email: str, role: str) -> Membership:
    name = email.partition("@")[0].title()
    membership = add_person(session, email=email, name=name, role=role, organisation=organisation, by=by)
    set_password(session, person=membership.person, password_hash=hash_password(PASSWORD), by=by)
    session.commit()
    return membership
