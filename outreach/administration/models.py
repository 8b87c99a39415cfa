"""What somebody changed about an organisation or an area: who, when, from what to what."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.accounts.models import Person
from outreach.database import Json, Model
from outreach.partners.models import Organisation


class PartnerChange(Model):
    """One change. `subject` is whose page it stands on (`area:3`), `about` the row that changed (`closing:12`); the
    newest id about a row is that row's version. `data` holds names, keys and days, nothing of a child."""

    __tablename__ = "partner_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    via: Mapped[str]
    subject: Mapped[str]
    about: Mapped[str]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(Json)

    by: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()

    __table_args__ = (Index(None, "subject", "id"), Index(None, "about", "id"))
