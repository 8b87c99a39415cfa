"""Whom the names in a list of running cases stand for: people and organisations of the area, and words said before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import clock, crypto
from outreach.accounts.queries import all_members
from outreach.imports.likely_names import Candidate, exactly, word_key
from outreach.imports.models import WordTie
from outreach.imports.targets import Follower, Place, follower_of, place_of
from outreach.partners.models import Area, Organisation
from outreach.partners.queries import organisations

STATUS, WHO = "status", "who"

_WORKING = frozenset({"coordinator", "team-lead", "worker", "school-contact", "bridge-person", "clb"})


@dataclass(frozen=True)
class Words:
    """What the words of the list of one area mean: those that were said, by their key; None for "nothing"."""

    places: Mapping[str, Place | None] = field(default_factory=dict)
    followers: Mapping[str, Follower | None] = field(default_factory=dict)


def word_index(text: str) -> str:
    """How a word is found again, without its being readable."""
    return crypto.keys().blind_index(word_key(text), "word-tie")


def words_said(
    session: Session, organisation_id: int, area: Area, statuses: Iterable[str], who: Iterable[str]
) -> Words:
    """What was said of these words by this organisation for this area; a name nobody said anything of, or of somebody
    who is not there any more, stands for the only one whose name it is."""
    statement = select(WordTie.about, WordTie.word_index, WordTie.target).where(
        WordTie.organisation_id == organisation_id, WordTie.area_id == area.id
    )
    said = {(row[0], row[1]): row[2] for row in session.execute(statement)}
    places = {word_key(one): place_of(said[tie]) for one in statuses if (tie := (STATUS, word_index(one))) in said}
    there = candidates(session, area)
    present = {None, *(one.follower for one in there)}
    followers: dict[str, Follower | None] = {}
    for one in who:
        tie, key = (WHO, word_index(one)), word_key(one)
        if tie in said and follower_of(said[tie]) in present:
            followers[key] = follower_of(said[tie])
        elif (exact := exactly(key, there)) is not None:
            followers[key] = exact
    return Words(places, followers)


def candidates(session: Session, area: Area) -> list[Candidate]:
    """Everybody who can follow a child of this area today: the people by name, then the organisations."""
    today = clock.today()
    serving = {one.id: one for one in organisations(session, area_id=area.id, on=today)}
    serving[area.coordinator_id] = session.get_one(Organisation, area.coordinator_id)
    people = [
        Candidate(Follower(one.organisation_id, one.person_id), one.person.name, serving[one.organisation_id].name)
        for one in all_members(session, today)
        if one.organisation_id in serving and one.role in _WORKING
    ]
    teams = [Candidate(Follower(one.id), one.name, one.name) for one in serving.values()]
    return list({one.follower: one for one in (*people, *sorted(teams, key=lambda one: one.name))}.values())
