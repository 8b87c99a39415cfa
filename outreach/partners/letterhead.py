"""Where parents reach the people of an area: what stands on letters and on the sheet for parents, public to all."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from outreach.database import Model
from outreach.partners.models import Area


class Letterhead(Model):
    """The sender of an area's letters. The name says nothing about why a family gets a letter."""

    __tablename__ = "letterhead"

    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]


def letterhead_of(session: Session, area: Area) -> Letterhead:
    """The sender as it was written down; else only the name of who coordinates the area, not kept."""
    return session.get(Letterhead, area.id) or Letterhead(
        area_id=area.id, name=area.coordinator.name, address="", phone="", email=""
    )


def write_letterhead(session: Session, area: Area, *, name: str, address: str, phone: str, email: str) -> None:
    """Keep the sender of an area's letters."""
    head = session.get(Letterhead, area.id)
    if head is None:
        head = Letterhead(area_id=area.id)
        session.add(head)
    head.name, head.address, head.phone, head.email = name.strip(), address.strip(), phone.strip(), email.strip()
