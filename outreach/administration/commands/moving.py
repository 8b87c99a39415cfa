"""A change that moves dates: what would move is shown, then exactly that moves, or it is shown once more."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from outreach.accounts.actors import Actor
from outreach.administration.commands.noting import Place
from outreach.administration.models import PartnerChange
from outreach.cases.commands.rederiving import Moved, apply_rederivation, preview_rederivation
from outreach.partners.models import Area


@dataclass(frozen=True)
class Preview:
    """What a change does to open dates; `digest` names exactly this, so that a confirmation says what was seen."""

    moved: Sequence[Moved]

    @property
    def digest(self) -> str:
        """The same for the same steps with the same days before and after."""
        told = {each.step.id: _days(each) for each in self.moved}
        return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()[:32]


class ToConfirm(Exception):
    """Nothing is changed yet: somebody has to see this first."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        super().__init__(preview.digest)


def move_dates(session: Session, change: PartnerChange, place: Place, *, seen: str | None, by: Actor) -> int:
    """Derive the open steps of a place again after a change of its days, said in each case; how many moved.

    Raises ToConfirm, before anything moves, unless `seen` is the digest of precisely what is about to happen.
    """
    where = {"area_id": place.id} if isinstance(place, Area) else {"organisation_id": place.id}
    preview = Preview(preview_rederivation(session, **where))
    if seen != preview.digest:
        raise ToConfirm(preview)
    because = change.kind.partition("_")[0]  # closing, window, reports, municipality
    moved = len(apply_rederivation(session, **where, because=because, by=by))
    change.data = {**change.data, "moved": moved}
    session.flush()
    return moved


def _days(each: Moved) -> str:
    before, after = each.before, each.after
    return f"{before.aim_on} {before.too_late_on} {after.aim_on} {after.too_late_on}"
