"""How somebody wants to be reminded, and when they are away: what each person arranges alone."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog import get_logger

from outreach.accounts.actors import Actor
from outreach.accounts.models import Person, Substitution
from outreach.errors import Refused
from outreach.partners.hours import EARLIEST, LATEST, MONDAY_TO_FRIDAY

log = get_logger()


def choose_mail(
    session: Session,
    *,
    person: Person,
    days: Sequence[int],
    only_late: bool,
    hour: int,
    plain: bool,
    praise: bool,
    by: Actor,
) -> None:
    """When and how the day's one mail comes; all five working days is the same as not having chosen.

    Raises Refused for no day at all (`no_mail_day`), a day that is none, or an hour at which nobody works.
    """
    chosen = sorted(set(days))
    if not chosen or not set(chosen) <= set(MONDAY_TO_FRIDAY):
        raise Refused("no_mail_day")
    if not EARLIEST <= hour < LATEST:
        raise Refused("hour_out_of_reach", first=EARLIEST, last=LATEST - 1)
    person.digest_days = None if chosen == list(MONDAY_TO_FRIDAY) else chosen
    person.digest_only_late, person.digest_hour = only_late, hour
    person.plain_mail, person.praise = plain, praise
    session.flush()
    log.info("mail_chosen", person=person.id, by=by.person_id)


def check_away(session: Session, *, person_id: int, substitute: Person, organisation_id: int, days: range) -> None:
    """Raises Refused for a substitute who is away then too (`substitute_away`), or an absence noted already
    (`already_away`).

    `days` are ordinals, first day up to and including the last.
    """
    first, last = date.fromordinal(days[0]), date.fromordinal(days[-1])
    statement = select(Substitution.person_id).where(
        Substitution.person_id.in_((person_id, substitute.id)),
        Substitution.organisation_id == organisation_id,
        Substitution.removed_at.is_(None),
        Substitution.from_on <= last,
        Substitution.until_on >= first,
    )
    away = set(session.scalars(statement))
    if person_id in away:
        raise Refused("already_away")
    if substitute.id in away:
        raise Refused("substitute_away", name=substitute.name)


def absences(session: Session, person_id: int, *, on: date) -> list[Substitution]:
    """When somebody is or will be away, and who stands in."""
    statement = (
        select(Substitution)
        .where(Substitution.person_id == person_id, Substitution.removed_at.is_(None), Substitution.until_on >= on)
        .order_by(Substitution.from_on, Substitution.id)
    )
    return list(session.scalars(statement))
