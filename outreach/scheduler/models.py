"""Which tick of which job was run, by whom, and how it ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.database import Model


class JobRun(Model):
    """One slot of a job: whoever makes the row runs it; a run whose lease is over may be taken over."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str]
    slot_at: Mapped[datetime]
    owner: Mapped[str]
    started_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]

    __table_args__ = (UniqueConstraint("job", "slot_at"), Index("ix_job_run_slot_at", "slot_at"))
